"""Measuring in the window: the thread and its child, what is measured now and next, and where a person asks for it."""
