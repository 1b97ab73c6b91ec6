"""The lead-moments as arrays, with what every way of counting needs to know besides."""

from __future__ import annotations

from functools import cache, cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from queries.engine import Engine
from queries.hits import Silences, microseconds
from queries.statements import load_statement
from scoring.decay import decay_factors
from scoring.model import Decay
from scoring.rule_counts import DAY
from scoring.timelines import Integers

Counts = npt.NDArray[Any]
"""Counts of one rule, in twentieths, shape (rows,): 16 bits, for people 32."""


class ScoredRows:
    """Lead-moments in their order.

    Parameters
    ----------
    engine : Engine
    table : Arrow table
        Columns lead_number and moment, sorted by both.
    streak_ends : Arrow table
        Columns of ``streak_ends.sql``.
    reset_days : int or None
        The model's ``inactivity_reset_days``.
    """

    def __init__(
        self, engine: Engine, table: pa.Table, streak_ends: pa.Table, reset_days: int | None
    ) -> None:
        self.engine = engine
        self.lead_numbers: Integers = table.column("lead_number").to_numpy()
        self.moments: Integers = microseconds(table.column("moment"))
        self._last_moment = int(self.moments.max(initial=0))
        self.silences = Silences(streak_ends, reset_days, self._last_moment)
        self.factors = cache(self._factors)

    def __len__(self) -> int:
        return len(self.moments)

    def ages(self, part: slice) -> Integers:
        """How old the leads of some rows are at their moment, in microseconds."""
        return self.moments[part] - self._created_at[self.lead_numbers[part]]

    @cached_property
    def _created_at(self) -> Integers:
        """By lead number."""
        leads = self.engine.fetch(load_statement("lead_creations"))
        lead_numbers = leads.column("lead_number").to_numpy()
        created_at = np.zeros(lead_numbers.max(initial=-1) + 1, dtype=np.int64)
        created_at[lead_numbers] = microseconds(leads.column("created_at"))
        return created_at

    def _factors(self, decay: Decay) -> npt.NDArray[np.int16]:
        """The decay factor by age in days, up to the oldest activity at the last moment."""
        first = self.engine.first_activity_at
        if first is None:
            return decay_factors(decay, 0)
        age = self._last_moment - int(np.datetime64(first, "us").astype(np.int64))
        return decay_factors(decay, max(age // DAY, 0))
