"""From files to a data version: read, map onto the contract, judge rows, write whole or not at all."""
