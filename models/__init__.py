"""Ready-made models, as TOML files."""
