"""How soon after being scored leads were won."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from queries.conversions import days_to_wins
from queries.flow import Flow
from queries.structures import structure_key
from scoring.model import Model


def wins_by_days(flow: Flow, model: Model) -> tuple[npt.NDArray[np.int64], int]:
    """How soon after being scored leads were won.

    Returns
    -------
    wins : int array
        Index: whole days from the lead's last scored moment to its first conversion; value: leads.
    total : int
        All leads that converted, those never scored before included; ``wins[:n].sum() / total`` is the
        share of wins that a horizon of n days can catch.
    """
    observed = flow.observed(model, None)
    table = flow.store.get(
        structure_key("wins", [observed.key, model.conversion.stages]),
        lambda: days_to_wins(flow.engine, observed.rows.table, flow.conversions(observed)),
    )
    known = table.filter(pc.is_valid(table.column("days")))
    days = known.column("days").to_numpy()
    wins = np.zeros(int(days.max()) + 1 if len(days) else 0, dtype=np.int64)
    wins[days] = known.column("wins").to_numpy()
    return wins, int(pc.sum(table.column("wins")).as_py() or 0)
