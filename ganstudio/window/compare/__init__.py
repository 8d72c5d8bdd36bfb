"""The Compare workspace: the table of all runs, what the chosen ones have in common and not, sweeps and their queue."""
