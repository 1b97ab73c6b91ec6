"""One account as of an instant: its buying committee, where its points come from, its score over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

import numpy as np
import pyarrow as pa
from sqlglot import exp

from queries.account_index import AccountIndex, account_index
from queries.account_list import account_attributes
from queries.account_members import department_column, rule_matches, rule_points
from queries.account_moments import at_period_starts
from queries.account_people import Person, ScoredPeople, account_people, score_people
from queries.account_wins import account_wins
from queries.catalogue import frequent_values
from queries.errors import QueryError
from queries.flow import Flow
from queries.lead_filter import attribute_column
from queries.one_lead import instant
from queries.statements import Item, load_statement
from scoring.account_points import AccountPoints, Members, account_points
from scoring.account_scoring import account_model, account_score_of
from scoring.account_waterfall import account_waterfall
from scoring.model import Model
from scoring.tiers import tier_names
from scoring.waterfall import Waterfall

MOST_DEPARTMENTS = 20
"""Of the data's departments, the most frequent ones, that a buying committee is compared with."""


class AccountState(Enum):
    """Whether an account is scored at an instant, and if not, why."""

    SCORED = "scored"
    WON = "won before"
    NOBODY = "none of its leads is scored"


@dataclass(frozen=True)
class Seat:
    """A department of the buying committee: how many leads are known, scored and engaged.

    A department of which nobody is known is missing.
    """

    department: str
    known: int
    scored: int
    engaged: int


@dataclass(frozen=True)
class AccountHistory:
    """The score at the first instant of each period at which the account was scored, and now if it is."""

    moments: tuple[datetime, ...]
    scores: tuple[int, ...]
    tiers: tuple[str, ...]
    people: tuple[int, ...]
    engaged: tuple[int, ...]


@dataclass(frozen=True)
class AccountExplanation:
    """Everything that explains one account's score; only attributes are as known today.

    Attributes
    ----------
    account_id : str
    at : datetime
    state : AccountState
    tier : str or None
        None where the account is not scored; its people and history are there all the same.
    waterfall : Waterfall or None
    points : AccountPoints or None
        Of this one account: arrays of length 1.
    people : tuple of Person
        Everybody known before the instant, the highest score first, those that are not scored last.
    seats : tuple of Seat
        Departments of its people, then those that other accounts' people have, the most frequent first.
        None where the leads have no department.
    holds : mapping of str to bool
        By the id of each enabled rule on accounts.
    attributes : mapping of str to str or None
        Columns of ``accounts``; empty when the account does not stand there.
    won_at : tuple of datetime
        Conversions of its people before the instant.
    history : AccountHistory
    """

    account_id: str
    at: datetime
    state: AccountState
    tier: str | None
    waterfall: Waterfall | None
    points: AccountPoints | None
    people: tuple[Person, ...]
    seats: tuple[Seat, ...]
    holds: Mapping[str, bool]
    attributes: Mapping[str, str | None]
    won_at: tuple[datetime, ...]
    history: AccountHistory

    @property
    def score(self) -> int | None:
        """What the account scores; None where it is not scored."""
        return None if self.waterfall is None else self.waterfall.score

    @property
    def missing(self) -> tuple[str, ...]:
        """Departments of which nobody is known."""
        return tuple(seat.department for seat in self.seats if not seat.known)


def explain_account(
    flow: Flow, model: Model, account_id: str, at: datetime | None = None
) -> AccountExplanation:
    """Explain the score of one account.

    Parameters
    ----------
    flow : Flow
    model : Model
        With `account_score`, or what holds without it.
    account_id : str
    at : datetime, optional
        UTC, without a zone; the end of the data when not given.

    Raises
    ------
    QueryError
        No lead belongs to such an account; nothing was observed yet and no instant is given; the model names
        a column that the data do not have.
    """
    moment = instant(flow, at)
    known_as = account_index(flow).place(account_id)
    if known_as is None:
        raise QueryError(
            f"an account must be one that a lead belongs to, got {account_id!r}; ids are compared exactly"
        )
    scorer = _OneAccount.of(flow, model, account_id, known_as)
    now = scorer.scored_at(moment)
    people = account_people(flow, model, account_id, moment, now)
    won_at = scorer.won_before(moment)
    is_won = bool(won_at) and not model.conversion.repeatable
    shown = points = tier = None
    if not is_won and len(now):
        points = scorer.points(now)
        shown = scorer.waterfall(people, points)
        tier = str(tier_names(points.score, account_model(model))[0])
    return AccountExplanation(
        account_id=account_id,
        at=moment,
        state=AccountState.WON if is_won else AccountState.SCORED if points else AccountState.NOBODY,
        tier=tier,
        waterfall=shown,
        points=points,
        people=people,
        seats=_seats(flow, model, people),
        holds=scorer.holds,
        attributes=_attributes(flow, account_id),
        won_at=won_at,
        history=scorer.history(moment, points),
    )


@dataclass(frozen=True, eq=False)
class _OneAccount:
    """What scoring one account needs at whatever instant."""

    flow: Flow
    model: Model
    numbers: tuple[int, ...]
    holds: Mapping[str, bool]
    wins: tuple[int, ...]

    @classmethod
    def of(cls, flow: Flow, model: Model, account_id: str, place: int) -> _OneAccount:
        index = account_index(flow)
        alone = AccountIndex(pa.array([account_id]), np.zeros(0, dtype=np.int32))
        matches = rule_matches(flow, account_score_of(model), alone)
        wins = account_wins(flow, model, flow.observed(at_period_starts(model), None), index).times
        return cls(
            flow=flow,
            model=model,
            numbers=tuple(np.flatnonzero(index.of_lead == place).tolist()),
            holds={name: bool(flags[0]) for name, flags in matches.items()},
            wins=tuple(wins.instants[wins.starts[place] : wins.starts[place + 1]].tolist()),
        )

    def scored_at(self, moment: datetime) -> ScoredPeople:
        return score_people(self.flow, self.model, self.flow.open_leads(self.model, moment), self.numbers)

    def won_before(self, moment: datetime) -> tuple[datetime, ...]:
        until = np.datetime64(moment, "us").astype(np.int64)
        return tuple(np.datetime64(win, "us").item() for win in self.wins if win < until)

    def points(self, scored: ScoredPeople) -> AccountPoints:
        """Of every instant at which somebody is scored."""
        _, group = np.unique(scored.moments, return_inverse=True)
        count = int(group.max(initial=-1)) + 1
        members = Members(group, scored.scores, scored.engaged, scored.departments, count)
        flags = {name: np.array([holds]) for name, holds in self.holds.items()}
        block = account_score_of(self.model)
        return account_points(block, members, np.repeat(rule_points(block, flags, 1), count))

    def waterfall(self, people: Sequence[Person], points: AccountPoints) -> Waterfall:
        scored = [(person.shown, person.score) for person in people if person.score is not None]
        engaged, departments = int(points.engaged[0]), int(points.departments[0])
        return account_waterfall(account_score_of(self.model), scored, engaged, departments, self.holds)

    def history(self, moment: datetime, now: AccountPoints | None) -> AccountHistory:
        observed = self.flow.observed(at_period_starts(self.model), None)
        past = score_people(self.flow, self.model, observed, self.numbers)
        kept = past.moments < np.datetime64(moment, "us").astype(np.int64)
        if self.wins and not self.model.conversion.repeatable:
            kept &= past.moments <= self.wins[0]
        past = past.some(kept)
        points = self.points(past)
        instants = np.unique(past.moments).astype("datetime64[us]").tolist()
        columns = [getattr(points, name).tolist() for name in ("score", "people", "engaged")]
        if now is not None:
            instants.append(moment)
            columns = [
                [*column, int(getattr(now, name)[0])]
                for column, name in zip(columns, ("score", "people", "engaged"), strict=True)
            ]
        scores, people, engaged = map(tuple, columns)
        tiers = tier_names(np.array(scores, dtype=np.int64), account_model(self.model))
        return AccountHistory(tuple(instants), scores, tuple(tiers.tolist()), people, engaged)


def _seats(flow: Flow, model: Model, people: Sequence[Person]) -> tuple[Seat, ...]:
    column = department_column(flow.engine, account_score_of(model))
    if column is None:
        return ()
    common = [name for name, _ in frequent_values(flow.engine, "leads", column, MOST_DEPARTMENTS)]
    # Written in whatever case, a department is one.
    names = {name.lower(): name for name in reversed([*common, *_departments(people)])}
    found = {name.lower(): Seat(name, 0, 0, 0) for name in names.values()}
    for person in people:
        if person.department is not None:
            key = person.department.lower()
            seat = found[key]
            found[key] = Seat(
                seat.department,
                seat.known + 1,
                seat.scored + (person.score is not None),
                seat.engaged + person.engaged,
            )
    order = {name.lower(): place for place, name in enumerate(common)}
    seats = sorted(found.values(), key=lambda seat: order.get(seat.department.lower(), len(order)))
    return tuple(sorted(seats, key=lambda seat: (not seat.engaged, not seat.scored, not seat.known)))


def _departments(people: Sequence[Person]) -> list[str]:
    return [person.department for person in people if person.department is not None]


def _attributes(flow: Flow, account_id: str) -> dict[str, str | None]:
    names = account_attributes(flow)
    known = exp.column("account_id", "accounts").is_(exp.null()).not_()
    items = [Item("known", {"ATTRIBUTE": known})]
    items += [
        Item(f"column_{i}", {"ATTRIBUTE": attribute_column(flow, name)}) for i, name in enumerate(names)
    ]
    wanted = pa.table({"place": pa.array([0], pa.int32()), "account_id": pa.array([account_id])})
    statement = load_statement("account_rows", {"columns": items})
    row: dict[str, Any] = flow.engine.fetch(statement, None, {"wanted": wanted}).to_pylist()[0]
    if not row["known"]:
        return {}
    return {name.partition(".")[2]: row[f"column_{i}"] for i, name in enumerate(names)}
