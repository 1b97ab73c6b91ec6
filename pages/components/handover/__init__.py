"""Lists of leads to hand over, as downloads."""
