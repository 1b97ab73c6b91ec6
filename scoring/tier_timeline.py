"""Tiers over time: how many leads each held at each instant, who came, who left, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from scoring.model import Model
from scoring.plain_json import to_plain
from scoring.tier_moves import CAUSES, NOWHERE, Cause

Integers = npt.NDArray[np.int64]
TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Move:
    """Leads that went from one tier to another between two instants, for one reason.

    Attributes
    ----------
    week : int
        The place of the later instant.
    source, target : str or None
        Names of tiers; None where the leads were not scored.
    cause : Cause
    rule : str or None
        The id of the rule that drove a step from tier to tier.
    leads : int
    """

    week: int
    source: str | None
    target: str | None
    cause: Cause
    rule: str | None
    leads: int


@dataclass(frozen=True, eq=False)
class TierTimeline:
    """Tiers at rising instants.

    Attributes
    ----------
    instants : tuple of datetime
    tiers : tuple of str
        In the model's order.
    leads, entries, exits : int arrays of shape (instants, tiers)
        How many are in the tier, and how many came and left since the instant before; of the first instant
        nobody knows who came. From one instant to the next: leads + entries - exits = leads.
    moves : tuple of Move
        By instant; most leads first.
    """

    instants: tuple[datetime, ...]
    tiers: tuple[str, ...]
    leads: Integers
    entries: Integers
    exits: Integers
    moves: tuple[Move, ...]

    @classmethod
    def of(cls, instants: tuple[datetime, ...], model: Model, columns: Mapping[str, Any]) -> TierTimeline:
        """From rows (week, source, target, cause, rule, leads); those of week 0 are there already."""
        tiers = tuple(tier.name for tier in model.tiers)
        shape = (len(instants), len(tiers))
        entries, exits, first = (np.zeros(shape, dtype=np.int64) for _ in range(3))
        week, source, target, leads = (columns[name] for name in ("week", "source", "target", "leads"))
        later = week > 0
        for places, table in ((target, entries), (source, exits)):
            known = later & (places != NOWHERE)
            np.add.at(table, (week[known], places[known]), leads[known])
        np.add.at(first, (week[~later], target[~later]), leads[~later])
        rules = [rule.id for rule in model.enabled_rules]
        order = np.lexsort((-leads, week))
        moves = tuple(
            Move(
                week=int(week[row]),
                source=None if source[row] == NOWHERE else tiers[source[row]],
                target=None if target[row] == NOWHERE else tiers[target[row]],
                cause=CAUSES[columns["cause"][row]],
                rule=None if columns["rule"][row] == NOWHERE else rules[columns["rule"][row]],
                leads=int(leads[row]),
            )
            for row in order[later[order]]
        )
        return cls(instants, tiers, np.cumsum(first + entries - exits, axis=0), entries, exits, moves)

    def entering(self, tier: str) -> Iterator[Move]:
        """What brought leads into a tier."""
        return (move for move in self.moves if move.target == tier)

    def leaving(self, tier: str) -> Iterator[Move]:
        """What took leads out of a tier."""
        return (move for move in self.moves if move.source == tier)

    def to_json(self) -> dict[str, Any]:
        """As the command prints it."""
        weeks = [
            {
                "at": at.strftime(TIME_FORMAT),
                "tiers": [
                    {
                        "tier": tier,
                        "leads": int(self.leads[week, place]),
                        "entries": int(self.entries[week, place]) if week else None,
                        "exits": int(self.exits[week, place]) if week else None,
                    }
                    for place, tier in enumerate(self.tiers)
                ],
                "moves": [
                    {key: value for key, value in to_plain(move).items() if key != "week"}
                    for move in self.moves
                    if move.week == week
                ],
            }
            for week, at in enumerate(self.instants)
        ]
        return {"weeks": weeks}


def summed(moves: Iterator[Move]) -> list[tuple[Cause, str | None, str | None, str | None, int]]:
    """The same moves of all weeks together: cause, rule, source, target and leads, most leads first."""
    totals: dict[tuple[Cause, str | None, str | None, str | None], int] = {}
    for move in moves:
        key = (move.cause, move.rule, move.source, move.target)
        totals[key] = totals.get(key, 0) + move.leads
    return sorted(((*key, leads) for key, leads in totals.items()), key=lambda line: -line[-1])
