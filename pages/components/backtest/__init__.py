"""The Back-test page."""
