"""The views of the stage."""
