"""What the Accounts page is made of: the ranking, one account explained, and what accounts converted."""
