"""The leaderboard: every open lead with its current and lifetime points, level and badges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from queries.counting import Tell, scoring_key
from queries.errors import QueryError
from queries.flow import COUNTING, Flow, Progress, silent
from queries.lead_filter import LeadFilter
from queries.lead_list import Places, find_leads, list_leads
from queries.scored_leads import ScoredLeads, scored_leads
from queries.structures import structure_key
from scoring.levels import QuestProgress, missing_points
from scoring.model import Model
from scoring.quests import completed_quests, is_quest, lifetime_model, lifetime_points, quests_of

Board = Literal["current", "lifetime"]
LIFETIME, PLACE, MISSING, BADGES, BADGE_NAMES = (
    "lifetime_points",
    "place",
    "points_to_next_level",
    "badges",
    "badge_names",
)

Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Players:
    """Every lead that is open at an instant, with what it has earned; aligned with `leads`.

    Attributes
    ----------
    key : str
        Equal exactly for the same leads, points and badges.
    leads : ScoredLeads
    lifetime : int array of shape (leads,)
        Lifetime points.
    completed : bool array of shape (quests, leads)
        In the order of `scoring.quests.quests_of`.
    begun : int array of shape (quests,)
        Leads that have done a part of the quest and not all of it.
    """

    key: str
    leads: ScoredLeads
    lifetime: Integers
    completed: NDArray[np.bool_]
    begun: Integers

    @property
    def nbytes(self) -> int:
        """Bytes of memory beside those of the scored leads."""
        return int(self.lifetime.nbytes + self.completed.nbytes + self.begun.nbytes)

    def points(self, board: Board) -> Integers:
        """The points that a leaderboard goes by."""
        return self.leads.scores if board == "current" else self.lifetime

    @cached_property
    def badges(self) -> Integers:
        """How many quests each lead has completed."""
        counted: Integers = self.completed.sum(axis=0, dtype=np.int64)
        return counted

    @property
    def progress(self) -> list[QuestProgress]:
        """How far the leads are with each quest."""
        leads = len(self.lifetime)
        done = self.completed.sum(axis=1)
        return [QuestProgress(int(a), int(b), leads) for a, b in zip(done, self.begun, strict=True)]


def find_players(
    flow: Flow, model: Model, at: datetime | None = None, progress: Progress = silent
) -> Players:
    """Score every open lead and look at all that it ever did; kept, so that asking again costs nothing.

    Parameters
    ----------
    at : datetime, optional
        The end of the data when not given.
    progress : callable, optional
        Is told the share done, 0 to 1, and what is being done. What it raises ends the work.

    Raises
    ------
    QueryError
        The model names a column that the data do not have; nothing was observed yet and no instant is given.
    """
    leads = scored_leads(flow, model, at, lambda share, text: progress(0.6 * share, text))
    life = lifetime_model(model)
    key = structure_key("players", [leads.key, scoring_key(life), [rule.id for rule in quests_of(model)]])

    def compute() -> Players:
        observed = flow.open_leads(life, leads.at)
        tell = _part_of(progress, 0.6, 1.0)
        counts = [column.to_numpy() for column in flow.counts(observed, life.rules, tell)]
        rows = len(leads.scores)
        done = completed_quests(model, counts, rows)
        of_quests = [column for rule, column in zip(life.rules, counts, strict=True) if is_quest(model, rule)]
        begun = [np.count_nonzero(column) for column in of_quests]
        return Players(
            key=key,
            leads=leads,
            lifetime=lifetime_points(model, counts, rows),
            completed=done,
            begun=np.array(begun, dtype=np.int64) - done.sum(axis=1),
        )

    return flow.store.derive(key, compute)


def rank_players(
    flow: Flow,
    model: Model,
    players: Players,
    wanted: LeadFilter,
    board: Board = "current",
) -> Places:
    """The leads that a filter leaves, best first; kept, so that turning pages costs nothing.

    Parameters
    ----------
    board : {"current", "lifetime"}
        By which points; equal ones by the other points, then by the order of the lead numbers.

    Raises
    ------
    QueryError
        The filter names what data or model do not have.
    """
    if board not in ("current", "lifetime"):
        raise QueryError(f"a leaderboard must go by current or lifetime points, got {board!r}")
    found = find_leads(flow, model, players.leads, wanted)

    def compute() -> Places:
        inside = np.sort(found)
        other: Board = "lifetime" if board == "current" else "current"
        first, second = players.points(board)[inside], players.points(other)[inside]
        ranked: Places = inside[np.lexsort((-second, -first))]
        return ranked

    depends_on = [players.key, board, str(wanted)]
    return flow.store.derive(structure_key("leaderboard", depends_on), compute)


def list_players(
    flow: Flow, model: Model, players: Players, places: Places, board: Board = "current"
) -> pa.Table:
    """Look up some of the leads.

    Parameters
    ----------
    places : int array
        As `rank_players` returns them; one page of it, or all of it for a download.
    board : {"current", "lifetime"}

    Returns
    -------
    Arrow table
        place (1 for most points, equal points share one, among all open leads), lead_id, score,
        lifetime_points, tier, points_to_next_level (null in the highest level, and where a grid decides),
        badges, badge_names and owner, in the order of `places`.
    """
    leads = players.leads
    known = list_leads(flow, model, leads, places)
    points = players.points(board)
    above = np.searchsorted(np.sort(points), points[places], side="right")
    columns: dict[str, Any] = {
        PLACE: pa.array(len(points) - above + 1),
        "lead_id": known.column("lead_id"),
        "score": known.column("score"),
        LIFETIME: pa.array(players.lifetime[places]),
        "tier": known.column("tier"),
        MISSING: _missing(model, leads, places),
        BADGES: pa.array(players.badges[places]),
        BADGE_NAMES: _badge_names(model, players.completed[:, places]),
        "owner": known.column("owner"),
    }
    return pa.table(columns)


def _missing(model: Model, leads: ScoredLeads, places: Places) -> pa.Array:
    if model.grid is not None:
        return pa.nulls(len(places), pa.int64())
    tiers = leads.tiers[places]
    missing = missing_points(model, leads.scores[places], tiers)
    return pa.array(missing, mask=tiers == len(model.tiers) - 1)


def _badge_names(model: Model, completed: NDArray[np.bool_]) -> pa.Array:
    """The labels of the completed quests of each lead, put together once for each set that occurs."""
    labels = [rule.shown_label for rule in quests_of(model)]
    if not labels:
        return pa.array([""] * completed.shape[1], pa.string())
    bits = np.packbits(completed, axis=0)
    sets, which = np.unique(bits, axis=1, return_inverse=True)
    masks = np.unpackbits(sets, axis=0, count=len(labels)).astype(np.bool_)
    texts = [", ".join(label for label, has in zip(labels, mask, strict=True) if has) for mask in masks.T]
    return pa.array(texts, pa.string()).take(pa.array(which.reshape(-1)))


def _part_of(progress: Progress, start: float, end: float) -> Tell:
    return lambda share: progress(start + (end - start) * share, COUNTING)
