"""The workspaces of the rail; so far there is one, Train."""
