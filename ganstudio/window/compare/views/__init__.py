"""Chosen runs beside each other: curves, settings, samples, and a scatter of any two columns."""
