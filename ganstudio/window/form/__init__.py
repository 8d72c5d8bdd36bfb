"""The setup form: generated from the config's schema, with undo, marks for what was changed, and live edits."""
