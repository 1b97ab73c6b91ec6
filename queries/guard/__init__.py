"""The guard against rules and attributes that know the outcome."""
