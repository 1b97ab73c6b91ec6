"""Build sheets: a model written in the words of the product that shall run it."""
