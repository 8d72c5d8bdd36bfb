"""The Explore workspace: a recipe that a person edits, a child that renders it, and the views of what comes back."""
