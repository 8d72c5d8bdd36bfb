"""What the widgets show, without Qt."""
