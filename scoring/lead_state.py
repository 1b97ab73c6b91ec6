"""Whether one lead is scored at a moment, and if not, why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from scoring.model import Model


class LeadState(Enum):
    """Why a lead is scored at a moment, or is not."""

    OPEN = "open"
    EXCLUDED = "excluded"
    NOT_CREATED = "not created yet"
    TOO_OLD = "too old"
    CLOSED = "closed"
    CONVERTED = "converted"


@dataclass(frozen=True)
class Outcome:
    """One outcome of a lead; `occurred_at` is UTC without a zone."""

    occurred_at: datetime
    stage: str


def lead_state(
    model: Model, created_at: datetime, outcomes: Sequence[Outcome], moment: datetime, *, excluded: bool
) -> LeadState:
    """Whether a lead is scored at a moment.

    Parameters
    ----------
    model : Model
    created_at : datetime
    outcomes : sequence of Outcome
        Of this lead, in any order; those at or after the moment are not looked at.
    moment : datetime
    excluded : bool
        Whether one of the model's exclusions holds for the lead.
    """
    max_age_days = model.observation.max_age_days
    if excluded:
        return LeadState.EXCLUDED
    if created_at >= moment:
        return LeadState.NOT_CREATED
    if max_age_days is not None and created_at < moment - timedelta(days=max_age_days):
        return LeadState.TOO_OLD
    before = [outcome for outcome in outcomes if outcome.occurred_at < moment]
    if not model.conversion.repeatable and _last(before, model.conversion.stages):
        return LeadState.CONVERTED
    closed = _last(before, model.conversion.closing_stages)
    reopened = _last(before, model.conversion.reopening_stages)
    if closed is not None and (reopened is None or closed >= reopened):
        return LeadState.CLOSED
    return LeadState.OPEN


def _last(outcomes: Sequence[Outcome], stages: Sequence[str]) -> datetime | None:
    named = {stage.lower() for stage in stages}
    return max((one.occurred_at for one in outcomes if one.stage.lower() in named), default=None)
