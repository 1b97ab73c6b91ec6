"""The parts of the Models page, and of saving a version anywhere."""
