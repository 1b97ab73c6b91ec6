"""Movers: which leads' scores rose or fell most between two instants, and which rules did it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from queries.flow import Flow
from queries.lead_list import Places, list_leads
from queries.one_lead import instant
from queries.scored_leads import ScoredLeads, scored_leads
from scoring.model import Model
from scoring.tier_moves import silence_reaches
from scoring.tiers import names_of_tiers
from scoring.waterfall import Waterfall, compute_waterfall

LIMITS = "limits"
"""Stands for what caps on categories and on the score took away or gave back."""


@dataclass(frozen=True)
class Mover:
    """A lead whose score changed.

    Attributes
    ----------
    lead_id : str
    score_before, score : int
    tier_before, tier : str
        Names.
    owner : str or None
    reasons : mapping of str to int
        By rule id, and `LIMITS`, what each added or took away; together the change of the score. Largest
        first.
    started_anew : bool
        Whether a silence as long as the model's reset was completed in between and took something from a
        rule.
    """

    lead_id: str
    score_before: int
    score: int
    tier_before: str
    tier: str
    owner: str | None
    reasons: Mapping[str, int]
    started_anew: bool = False

    @property
    def change(self) -> int:
        """How far the score moved."""
        return self.score - self.score_before


@dataclass(frozen=True)
class Movers:
    """Leads that were scored at both instants.

    Attributes
    ----------
    before, at : datetime
    risen, fallen : tuple of Mover
        Those that moved most, first ones first.
    risen_count, fallen_count, compared : int
        How many moved at all, and of how many.
    """

    before: datetime
    at: datetime
    risen: tuple[Mover, ...]
    fallen: tuple[Mover, ...]
    risen_count: int
    fallen_count: int
    compared: int


def find_movers(
    flow: Flow, model: Model, days: int = 7, at: datetime | None = None, limit: int | None = 50
) -> Movers:
    """Who rose or fell most within the last days.

    Parameters
    ----------
    flow : Flow
    model : Model
    days : int, default 7
    at : datetime, optional
        The later instant; the end of the data when not given.
    limit : int or None
        At most so many risen, and so many fallen leads; all of them when None.

    Returns
    -------
    Movers
        Only leads that were open at both instants; new ones have not moved, they have come.
    """
    moment = instant(flow, at)
    now, then = scored_leads(flow, model, moment), scored_leads(flow, model, moment - timedelta(days=days))
    _, places, places_then = np.intersect1d(
        now.lead_numbers, then.lead_numbers, assume_unique=True, return_indices=True
    )
    change = now.scores[places] - then.scores[places_then]
    up, down = np.flatnonzero(change > 0), np.flatnonzero(change < 0)
    up = up[np.argsort(-change[up], kind="stable")][:limit]
    down = down[np.argsort(change[down], kind="stable")][:limit]
    chosen = np.concatenate([up, down])
    movers = _movers(flow, model, now, then, places[chosen], places_then[chosen])
    return Movers(
        before=then.at,
        at=now.at,
        risen=tuple(movers[: len(up)]),
        fallen=tuple(movers[len(up) :]),
        risen_count=int((change > 0).sum()),
        fallen_count=int((change < 0).sum()),
        compared=len(places),
    )


def _movers(
    flow: Flow,
    model: Model,
    now: ScoredLeads,
    then: ScoredLeads,
    places: Places,
    places_then: Places,
) -> list[Mover]:
    listed: pa.Table = list_leads(flow, model, now, places)
    after, before = _waterfalls(flow, model, now, places), _waterfalls(flow, model, then, places_then)
    tiers_before = names_of_tiers(then.tiers[places_then], model)
    silent = _fell_silent(flow, model, now.lead_numbers[places], then.at, now.at).tolist()
    rows = zip(listed.to_pylist(), before, after, tiers_before, silent, strict=True)
    return [
        Mover(
            lead_id=row["lead_id"],
            score_before=old.score,
            score=new.score,
            tier_before=str(tier_before),
            tier=row["tier"],
            owner=row["owner"],
            reasons=_reasons(old, new),
            started_anew=fell_silent and _is_taken(model, old, new),
        )
        for row, old, new, tier_before, fell_silent in rows
    ]


def _fell_silent(
    flow: Flow, model: Model, numbers: NDArray[np.integer[Any]], before: datetime, at: datetime
) -> NDArray[np.bool_]:
    """Of each lead, whether a silence as long as the model's reset was completed between the instants."""
    if model.inactivity_reset_days is None:
        return np.zeros(len(numbers), dtype=np.bool_)
    ends = flow.streak_ends(model)
    reset = timedelta(days=model.inactivity_reset_days)
    last_at = ends.column("last_at").to_numpy()
    is_completed = (np.datetime64(before - reset) < last_at) & (last_at <= np.datetime64(at - reset))
    silent: NDArray[np.bool_] = np.isin(numbers, ends.column("lead_number").to_numpy()[is_completed])
    return silent


def _is_taken(model: Model, before: Waterfall, after: Waterfall) -> bool:
    """Whether a rule that a silence reaches counts less than before."""
    old, new = before.rules, after.rules
    return any(
        (new[rule.id].count or 0) < (old[rule.id].count or 0)
        for rule in model.enabled_rules
        if silence_reaches(rule, model.inactivity_reset_days)
    )


def _waterfalls(flow: Flow, model: Model, leads: ScoredLeads, places: Places) -> list[Waterfall]:
    rules = model.enabled_rules
    columns = [
        column.to_numpy()[places].tolist() for column in flow.counts(flow.open_leads(model, leads.at), rules)
    ]
    return [
        compute_waterfall(model, {rule.id: column[row] for rule, column in zip(rules, columns, strict=True)})
        for row in range(len(places))
    ]


def _reasons(before: Waterfall, after: Waterfall) -> dict[str, int]:
    old, new = before.rules, after.rules
    moved = {rule_id: new[rule_id].points - old[rule_id].points for rule_id in new}
    moved[LIMITS] = after.score - before.score - sum(moved.values())
    changed = {name: points for name, points in moved.items() if points}
    return dict(sorted(changed.items(), key=lambda item: -abs(item[1])))
