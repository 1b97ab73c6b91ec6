"""What every open lead scores at any instant, kept as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from queries.counting import scoring_key
from queries.errors import QueryError
from queries.flow import Flow, Observed
from queries.one_lead import instant
from queries.statements import load_statement
from queries.structures import structure_key
from scoring.lead_scores import RowScores, score_rows
from scoring.model import Model
from scoring.tiers import tier_indices

OWNER, LAST_ACTIVITY = "owner", "last_activity_at"

Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ScoredLeads:
    """Every lead that is scored at an instant, by lead number.

    Attributes
    ----------
    key : str
        Equal exactly for the same leads and scores.
    at : datetime
    observed : Observed
        The lead-moments behind it.
    lead_numbers, scores, tiers : int arrays of shape (leads,)
        `tiers` are places in the model's.
    categories : mapping of str to int array
        Points of each category that has an enabled rule.
    last_activity : datetime64 array of shape (leads,)
        NaT where a lead never did anything before the instant.
    owner : Arrow column of shape (leads,)
        Of the latest outcome before the instant that names one.
    """

    key: str
    at: datetime
    observed: Observed
    lead_numbers: NDArray[np.integer[Any]]
    scores: Integers
    tiers: Integers
    categories: Mapping[str, Integers]
    last_activity: NDArray[np.datetime64]
    owner: pa.ChunkedArray

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        arrays = (self.lead_numbers, self.scores, self.tiers, self.last_activity)
        arrays_bytes = sum(array.nbytes for array in (*arrays, *self.categories.values()))
        return arrays_bytes + int(self.owner.nbytes)

    def points_in(self, category: str) -> Integers:
        """The points of a category; QueryError when no enabled rule is in it."""
        if category not in self.categories:
            known = ", ".join(self.categories) or "none"
            raise QueryError(f"category must be one of {known}, got {category!r}")
        return self.categories[category]


def scored_leads(flow: Flow, model: Model, at: datetime | None = None) -> ScoredLeads:
    """Score every lead that is open at an instant; kept, so that asking again costs nothing.

    Raises
    ------
    QueryError
        The model names a column that the data do not have; nothing was observed yet and no instant is given.
    """
    moment = instant(flow, at)
    observed = flow.open_leads(model, moment)
    depends_on = [observed.key, scoring_key(model), [tier.threshold for tier in model.tiers]]
    key = structure_key("scored_leads", depends_on)
    return flow.store.derive(key, lambda: _score(flow, model, moment, observed, key))


def _score(flow: Flow, model: Model, moment: datetime, observed: Observed, key: str) -> ScoredLeads:
    counts = [column.to_numpy() for column in flow.counts(observed, model.enabled_rules)]
    rows: RowScores = score_rows(model, counts, len(observed.rows))
    numbers = observed.rows.table.column("lead_number").to_numpy()
    facts = flow.engine.fetch(
        load_statement("lead_facts"),
        {"moment": moment, "observed_until": flow.observed_until or datetime.min},
        {"wanted": _numbered(numbers)},
    )
    return ScoredLeads(
        key=key,
        at=moment,
        observed=observed,
        lead_numbers=numbers,
        scores=rows.score,
        tiers=tier_indices(rows.score, model),
        categories=rows.categories,
        last_activity=facts.column("last_activity_at").to_numpy(),
        owner=facts.column(OWNER).dictionary_encode(),
    )


def _numbered(lead_numbers: NDArray[np.integer[Any]]) -> pa.Table:
    return pa.table(
        {
            "place": pa.array(np.arange(len(lead_numbers)), pa.int32()),
            "lead_number": pa.array(lead_numbers, pa.int32()),
        }
    )
