"""The screen on which files of any shape are mapped onto the tables."""
