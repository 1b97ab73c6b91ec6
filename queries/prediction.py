"""From a workspace's data to a model that is learned from them."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from queries.flow import Flow, Progress, silent
from queries.observed import Observed
from queries.pattern_table import code_patterns
from queries.score_table import PLACE, score_table
from scoring.logistic import Logistic
from scoring.model import Model
from scoring.prediction import History, features_of
from scoring.tiers import tier_names


def history_of(
    flow: Flow, model: Model, progress: Progress = silent, observed_until: datetime | None = None
) -> History:
    """Everything that was scored, as a regression wants it.

    Parameters
    ----------
    flow : Flow
    model : Model
    progress : callable, optional
    observed_until : datetime, optional
        Pretend that the data end here.

    Raises
    ------
    QueryError
        The model names a column that the data do not have; nothing was observed yet.
    """
    observed = flow.observed(model, observed_until)
    patterns = flow.patterns(observed, progress)
    rules = model.enabled_rules
    columns = {name: patterns.column(name).to_numpy() for name in patterns.column_names}
    used, period = np.unique(columns["period"], return_inverse=True)
    spans = _moments_of_periods(observed, used)
    return History(
        periods=tuple(observed.moments.periods[number].label for number in used),
        first_moments=tuple(first for first, _ in spans),
        last_moments=tuple(last for _, last in spans),
        horizon=timedelta(days=model.conversion.horizon_days),
        period=period,
        converted=columns["converted"],
        mature=columns["mature"],
        leads=columns["leads"],
        features=features_of(rules, [columns[f"count_{i}"] for i in range(len(rules))]),
        score=code_patterns(patterns, [rule.category for rule in rules]).scores(model),
    )


def lead_probabilities(flow: Flow, model: Model, fit: Logistic, at: datetime | None = None) -> pa.Table:
    """The chance of every open lead to convert within the horizon, highest first.

    Returns
    -------
    Arrow table
        lead_id, moment, probability (0 to 1), and the points model's score and tier.
    """
    observed = flow.open_leads(model, at)
    rules = model.enabled_rules
    counts = [column.to_numpy() for column in flow.counts(observed, rules)]
    chance = fit.probability(features_of(rules, counts))
    scores = score_table(flow, model, at)
    places = scores.column(PLACE).to_numpy() if PLACE in scores.column_names else None
    tiers = tier_names(scores.column("score").to_numpy(), model, places)
    table = scores.select(["lead_id", "moment", "score"]).append_column("tier", pa.array(tiers, pa.string()))
    return table.add_column(2, "probability", pa.array(chance)).sort_by(
        [("probability", "descending"), ("lead_id", "ascending")]
    )


def _moments_of_periods(observed: Observed, used: npt.NDArray[np.int64]) -> list[tuple[datetime, datetime]]:
    """The first and the last moment of each period."""
    period = observed.rows.table.column("period").to_numpy()
    moments = observed.rows.table.column("moment").to_numpy().astype("datetime64[us]")
    spans = []
    for number in used:
        own = moments[period == number]
        spans.append((own.min().item(), own.max().item()))
    return spans
