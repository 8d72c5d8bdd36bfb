"""The Compare workspace's parts: the table of all runs, what can be done with them, and views of the selected ones."""
