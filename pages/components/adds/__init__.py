"""What a group of rules adds to the rest of a model."""
