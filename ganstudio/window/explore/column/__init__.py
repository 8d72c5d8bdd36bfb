"""The column at the left: a section for each kind of knob."""
