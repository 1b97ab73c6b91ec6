"""How many different leads stand behind lead-moments: a lead is scored again in every period."""

from __future__ import annotations

import numpy as np

from queries.flow import Flow
from scoring.model import Model


def unique_leads(flow: Flow, model: Model) -> dict[str | None, tuple[int, int]]:
    """Distinct leads, and distinct converted leads, behind the lead-moments that are mature.

    Returns
    -------
    dict
        By the name of the tier, every tier of the model; None is all tiers together. A lead that was in
        two tiers at different moments counts in both.
    """
    observed = flow.observed(model, None)
    labels = flow.labels(observed)
    leads = observed.rows.table.column("lead_number").to_numpy()
    tiers = flow.scored(observed).tiers(model)
    mature, converted = (
        np.asarray(labels.column(name).to_numpy(), dtype=np.bool_) for name in ("mature", "converted")
    )
    chosen = {tier.name: mature & (tiers == place) for place, tier in enumerate(model.tiers)} | {None: mature}
    return {
        name: (len(np.unique(leads[rows])), len(np.unique(leads[rows & converted])))
        for name, rows in chosen.items()
    }
