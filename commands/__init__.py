"""The command line: thin, like a page."""
