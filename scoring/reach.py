"""Which tiers no lead can ever be in, because they begin above the highest score."""

from __future__ import annotations

from scoring.model import Model


def out_of_reach(model: Model) -> list[str]:
    """A sentence for each tier that begins above `Model.max_score`, in the order of tiers.

    Empty where a grid decides the tiers: their thresholds play no part there.
    """
    if model.grid is not None:
        return []
    return [
        f"{tier.shown_label} begins at {tier.threshold:,} points, above the highest score, "
        f"{model.max_score:,}: no lead can ever be in it. Lower its threshold, or raise the highest score."
        for tier in model.tiers
        if tier.threshold > model.max_score
    ]
