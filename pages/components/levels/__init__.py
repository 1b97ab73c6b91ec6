"""What the Levels page is made of."""
