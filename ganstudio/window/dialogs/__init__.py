"""The small windows: errors, closing, preferences, shortcuts, about, and the command palette."""
