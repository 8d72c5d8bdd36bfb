"""The report of a run, or of several: read from the disk, told in plain words, written in many formats. No torch."""
