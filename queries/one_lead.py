"""One lead as of an instant: what it scores and why, what it did, and how the score came about over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
from sqlglot import exp

from queries.conditions import ParameterBag, rule_test
from queries.counting import LeadMoments, count_rules
from queries.engine import Engine
from queries.errors import QueryError
from queries.flow import Flow
from queries.moments import excluded_test, find_streak_ends
from queries.part_engine import PartEngine
from queries.statements import Item, load_statement
from scoring.activity_worth import FreshStart, Seen, fresh_start, seen_activities
from scoring.lead_scores import score_rows
from scoring.lead_state import LeadState, Outcome, lead_state
from scoring.model import ACTIVITY_SOURCES, Model, Rule
from scoring.tiers import names_of_tiers
from scoring.waterfall import Waterfall, compute_waterfall

TICK = timedelta(microseconds=1)
"""A score this much after an activity sees it."""

MOST_MOMENTS = 400
"""Of the score over time; of more activities the oldest are left out."""

OWN_COLUMNS = {"lead_id", "created_at", "occurred_at"}


@dataclass(frozen=True)
class Activity:
    """What a lead, or a colleague of the same account, did.

    Attributes
    ----------
    lead_id : str
    occurred_at : datetime
    properties : mapping of str to str
        Its columns, the type first; only those that hold a value.
    """

    lead_id: str
    occurred_at: datetime
    properties: Mapping[str, str]


@dataclass(frozen=True)
class Fact:
    """A rule on attributes: whether it holds, and the values that decide it."""

    rule_id: str
    holds: bool
    values: Mapping[str, str | None]


@dataclass(frozen=True)
class LeadOutcome:
    """What happened to the lead in sales."""

    occurred_at: datetime
    stage: str
    amount: str | None
    owner: str | None
    reason: str | None


@dataclass(frozen=True)
class History:
    """The score over time: at the first of each month, right after each own activity, and at the end."""

    moments: tuple[datetime, ...]
    scores: tuple[int, ...]


@dataclass(frozen=True)
class LeadExplanation:
    """Everything that explains one lead's score as of an instant; nothing in it is from the instant or later.

    Attributes
    ----------
    lead_id : str
    at, created_at : datetime
        UTC, without a zone.
    state : LeadState
        Whether the lead is scored then; where it is not, the score is what it would be.
    tier : str
        The name of the tier.
    waterfall : Waterfall
    activities : tuple of Activity
        Own ones and, where a rule counts them, colleagues', newest first.
    seen : tuple of Seen
        Which of them which rule sees; `Seen.activity` is a place in `activities`.
    fresh_start : FreshStart or None
        The silence that wiped out what the lead did before, where the model knows one.
    facts : tuple of Fact
        One for each enabled rule on lead or account.
    attributes : mapping of str to str or None
        ``leads.x`` and ``accounts.x``, as known today.
    outcomes : tuple of LeadOutcome
        By time.
    history : History
    """

    lead_id: str
    at: datetime
    created_at: datetime
    state: LeadState
    tier: str
    waterfall: Waterfall
    activities: tuple[Activity, ...]
    seen: tuple[Seen, ...]
    fresh_start: FreshStart | None
    facts: tuple[Fact, ...]
    attributes: Mapping[str, str | None]
    outcomes: tuple[LeadOutcome, ...]
    history: History

    @property
    def score(self) -> int:
        """What the lead scores."""
        return self.waterfall.score


def explain_lead(flow: Flow, model: Model, lead_id: str, at: datetime | None = None) -> LeadExplanation:
    """Explain the score of one lead.

    Parameters
    ----------
    flow : Flow
    model : Model
    lead_id : str
    at : datetime, optional
        UTC, without a zone; the end of the data when not given.

    Raises
    ------
    QueryError
        There is no such lead; nothing was observed yet and no instant is given; the model names a column that
        the data do not have.
    """
    moment = instant(flow, at)
    lead = _find(flow, model, lead_id)
    number, created_at = lead["lead_number"], lead["created_at"]
    rules = [rule for rule in model.enabled_rules if rule.source in ACTIVITY_SOURCES]
    people = _people(flow, rules, number, lead_id, lead["account_id"])
    part = PartEngine(flow.engine, list(people))
    table = _activities(part, rules, moment)
    who = table.column("lead_number").to_pylist()
    times = table.column("occurred_at").to_pylist()
    own = [time for person, time in zip(who, times, strict=True) if person == number]
    moments = _moments(created_at, moment, own)
    counts = _counts(part, model, number, moments)
    scored = score_rows(model, counts, len(moments))
    at_moment = {rule.id: int(column[-1]) for rule, column in zip(model.enabled_rules, counts, strict=True)}
    attributes = _attributes(part, number)
    outcomes = _outcomes(flow, number, moment)
    matches = {rule.id: table.column(f"match_{i}").to_pylist() for i, rule in enumerate(rules)}
    return LeadExplanation(
        lead_id=lead_id,
        at=moment,
        created_at=created_at,
        state=lead_state(
            model,
            created_at,
            [Outcome(one.occurred_at, one.stage) for one in outcomes],
            moment,
            excluded=lead["excluded"],
        ),
        tier=str(names_of_tiers(scored.tiers(model)[-1:], model)[0]),
        waterfall=compute_waterfall(model, at_moment),
        activities=_activity_list(table, _shown_columns(part), people),
        seen=tuple(seen_activities(rules, who, times, matches, number, moment, model.inactivity_reset_days)),
        fresh_start=fresh_start(own, moment, model.inactivity_reset_days),
        facts=_facts(model, at_moment, attributes),
        attributes=attributes,
        outcomes=outcomes,
        history=History(tuple(moments), tuple(scored.score.tolist())),
    )


def instant(flow: Flow, at: datetime | None) -> datetime:
    """The instant that is asked for, else the end of the data; QueryError when there is none."""
    moment = at or flow.observed_until
    if moment is None:
        raise QueryError("the data must hold activities or outcomes of known leads, got none; load some")
    return moment


def _find(flow: Flow, model: Model, lead_id: str) -> dict[str, Any]:
    bag = ParameterBag()
    statement = load_statement("lead_by_id", bindings={"EXCLUDED": excluded_test(flow.engine, model, bag)})
    rows = flow.engine.fetch(statement, bag.values | {"lead_id": lead_id}).to_pylist()
    if not rows:
        raise QueryError(f"a lead must be one of the data's, got {lead_id!r}; ids are compared exactly")
    found: dict[str, Any] = rows[0]
    return found


def _people(
    flow: Flow, rules: Sequence[Rule], number: int, lead_id: str, account_id: str | None
) -> dict[int, str]:
    """The lead and, where a rule looks at them, its colleagues: ids by lead number."""
    found = {number: lead_id}
    if account_id is not None and any(rule.source == "account_activity" for rule in rules):
        table = flow.engine.fetch(load_statement("colleagues"), {"account_id": account_id})
        columns = (table.column(name).to_pylist() for name in ("lead_number", "lead_id"))
        found |= dict(zip(*columns, strict=True))
    return found


def _activities(engine: Engine, rules: Sequence[Rule], moment: datetime) -> pa.Table:
    bag = ParameterBag()
    columns = engine.columns("activities")
    tests = [Item(f"match_{i}", {"TEST": rule_test(rule, columns, bag)}) for i, rule in enumerate(rules)]
    shown = [_column(f"column_{i}", "activities", name) for i, name in enumerate(_shown_columns(engine))]
    statement = load_statement("matched_activities", {"rules": tests, "columns": shown})
    return engine.fetch(statement, bag.values | {"moment": moment})


def _shown_columns(engine: Engine) -> list[str]:
    return [name for name in engine.columns("activities") if name not in OWN_COLUMNS]


def _column(name: str, table: str, column: str) -> Item:
    return Item(name, {"ATTRIBUTE": exp.column(exp.to_identifier(column, quoted=True), table)})


def _activity_list(table: pa.Table, names: Sequence[str], people: Mapping[int, str]) -> tuple[Activity, ...]:
    columns = [table.column(f"column_{i}").to_pylist() for i in range(len(names))]
    who = table.column("lead_number").to_pylist()
    times = table.column("occurred_at").to_pylist()
    return tuple(
        Activity(
            people[who[row]],
            times[row],
            {
                name: column[row]
                for name, column in zip(names, columns, strict=True)
                if column[row] is not None
            },
        )
        for row in range(len(who))
    )


def _moments(created_at: datetime, moment: datetime, own: Sequence[datetime]) -> list[datetime]:
    """From the lead's creation to the moment, in order; the moment is the last one."""
    first = datetime(created_at.year, created_at.month, 1)
    months = {
        month
        for index in range((moment.year - first.year) * 12 + moment.month - first.month + 1)
        if created_at < (month := _add_months(first, index)) < moment
    }
    after = {time + TICK for time in own if created_at <= time and time + TICK < moment}
    created = {created_at + TICK} if created_at + TICK < moment else set()
    return [*sorted(months | after | created)[-MOST_MOMENTS:], moment]


def _add_months(first: datetime, months: int) -> datetime:
    index = first.year * 12 + first.month - 1 + months
    return first.replace(year=index // 12, month=index % 12 + 1)


def _counts(engine: Engine, model: Model, number: int, moments: Sequence[datetime]) -> list[Any]:
    table = pa.table(
        {
            "lead_number": pa.array([number] * len(moments), pa.int32()),
            "moment": pa.array(moments, pa.timestamp("us")),
        }
    )
    rows = LeadMoments(table, find_streak_ends(engine, model), model.inactivity_reset_days)
    return [column.to_numpy() for column in count_rules(engine, rows, model.enabled_rules)]


def _attributes(engine: Engine, number: int) -> dict[str, str | None]:
    places = [
        (table, name)
        for table in ("leads", "accounts")
        for name in engine.columns(table)
        if name not in OWN_COLUMNS and (table, name) != ("accounts", "account_id")
    ]
    items = [_column(f"column_{i}", table, name) for i, (table, name) in enumerate(places)]
    wanted = pa.table({"place": pa.array([0], pa.int32()), "lead_number": pa.array([number], pa.int32())})
    statement = load_statement("lead_attributes", {"columns": items})
    row = engine.fetch(statement, None, {"wanted": wanted}).to_pylist()[0]
    return {f"{table}.{name}": row[f"column_{i}"] for i, (table, name) in enumerate(places)}


def _outcomes(flow: Flow, number: int, moment: datetime) -> tuple[LeadOutcome, ...]:
    parameters = {
        "lead_number": number,
        "moment": moment,
        # What was never observed happened to nobody, not even before a later instant.
        "observed_until": flow.observed_until or datetime.min,
    }
    rows = flow.engine.fetch(load_statement("lead_outcomes"), parameters).to_pylist()
    return tuple(LeadOutcome(**row) for row in rows)


def _facts(model: Model, counts: Mapping[str, int], attributes: Mapping[str, str | None]) -> tuple[Fact, ...]:
    found = []
    for rule in model.enabled_rules:
        if rule.source in ("lead", "account"):
            fields = dict.fromkeys(condition.field for condition in rule.where)
            values = {field: attributes.get(f"{rule.source}s.{field}") for field in fields}
            found.append(Fact(rule.id, counts[rule.id] > 0, values))
    return tuple(found)
