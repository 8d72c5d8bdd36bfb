"""Sweeps: the dialog that plans them, the queue that trains them, and what came of them."""
