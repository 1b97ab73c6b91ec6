"""The parts of the Alignment page: what sales and marketing look at together, and what they sign."""
