"""The lead-moments of one model, and what tells them and their outcomes from those of another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from queries.counting import LeadMoments
from queries.moments import Moments
from scoring.model import Model


@dataclass(frozen=True)
class Observed:
    """The lead-moments of one model and what they depend on.

    Attributes
    ----------
    model : Model
    moments : Moments
    key : dict
        Equal exactly for the same lead-moments.
    find_rows : callable
        Finds them, or takes them from what is kept.
    """

    model: Model
    moments: Moments
    key: dict[str, Any]
    find_rows: Callable[[], LeadMoments] = field(repr=False, compare=False)

    @cached_property
    def rows(self) -> LeadMoments:
        """The lead-moments, read when somebody needs them: a list that is kept is known by the key alone."""
        return self.find_rows()

    @property
    def labels_key(self) -> dict[str, Any]:
        """What the outcomes of the lead-moments depend on."""
        conversion = self.model.conversion
        return self.key | {"stages": conversion.stages, "horizon_days": conversion.horizon_days}
