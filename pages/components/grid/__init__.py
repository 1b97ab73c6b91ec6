"""The grid on the Tune page: each cell with its figures, assigned to tiers by clicking."""
