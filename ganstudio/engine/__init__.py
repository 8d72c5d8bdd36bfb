"""The engine: sessions that serve commands, and the child process they live in beside a window."""
