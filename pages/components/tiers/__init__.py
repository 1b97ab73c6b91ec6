"""Tiers of leads and of accounts, to be added, named, moved and removed on the pages."""
