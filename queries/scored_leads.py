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
from queries.flow import COUNTING, Flow, Progress, silent
from queries.lead_ids import numbered
from queries.observed import Observed
from queries.one_lead import instant
from queries.statements import load_statement
from queries.structures import structure_key
from scoring.model import Model
from scoring.tiers import tiers_key

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


def scored_leads(
    flow: Flow, model: Model, at: datetime | None = None, progress: Progress = silent
) -> ScoredLeads:
    """Score every lead that is open at an instant; kept, so that asking again costs nothing.

    What takes long, the counts and the facts about each lead, is kept on disk too: the next start, and a
    model with other points, only add them up.

    Parameters
    ----------
    flow : Flow
    model : Model
    at : datetime, optional
        The end of the data when not given.
    progress : callable, optional
        Is told the share done, 0 to 1, and what is being done. What it raises ends the scoring.

    Raises
    ------
    QueryError
        The model names a column that the data do not have; nothing was observed yet and no instant is given.
    """
    moment = instant(flow, at)
    observed = flow.open_leads(model, moment)
    key = _key(observed)
    return flow.store.derive(key, lambda: _score(flow, moment, observed, key, progress))


def _key(observed: Observed) -> str:
    model = observed.model
    return structure_key("scored_leads", [observed.key, scoring_key(model), tiers_key(model)])


def _score(flow: Flow, moment: datetime, observed: Observed, key: str, progress: Progress) -> ScoredLeads:
    model = observed.model
    progress(0.0, "Finding the leads that are open")
    numbers = observed.rows.table.column("lead_number").to_numpy()
    progress(0.2, COUNTING)
    rows = flow.scored(observed, lambda share: progress(0.2 + 0.65 * share, COUNTING))
    progress(0.85, "Looking up owners and last activities")
    facts = flow.store.get(
        structure_key("lead_facts", observed.key), lambda: _find_facts(flow, moment, numbers)
    )
    return ScoredLeads(
        key=key,
        at=moment,
        lead_numbers=numbers,
        scores=rows.score,
        tiers=rows.tiers(model),
        categories=rows.categories,
        last_activity=facts.column("last_activity_at").to_numpy(),
        owner=facts.column(OWNER).dictionary_encode(),
    )


def _find_facts(flow: Flow, moment: datetime, lead_numbers: NDArray[np.integer[Any]]) -> pa.Table:
    parameters = {"moment": moment, "observed_until": flow.observed_until or datetime.min}
    return flow.engine.fetch(load_statement("lead_facts"), parameters, {"wanted": numbered(lead_numbers)})
