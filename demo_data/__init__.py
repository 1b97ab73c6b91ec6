"""The demo data: a believable company whose effects are known."""
