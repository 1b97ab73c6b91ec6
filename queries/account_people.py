"""The people of one account: who they are, and what they score at given instants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
from sqlglot import exp

from queries.account_members import anything_within, department_column
from queries.conditions import ParameterBag
from queries.counting import LeadMoments, count_rules
from queries.flow import Flow
from queries.hits import microseconds
from queries.moments import excluded_test, find_streak_ends
from queries.observed import Observed
from queries.part_engine import PartEngine
from queries.statements import load_statement
from scoring.account_scoring import Flags, Integers, account_score_of, is_engaged
from scoring.lead_scores import score_rows
from scoring.lead_state import LeadState, Outcome, lead_state
from scoring.model import Model

USUAL_TITLE = "job_title"


@dataclass(frozen=True)
class Person:
    """One lead of an account as of an instant.

    `score` and `tier` are None, and `engaged` is false, where the lead is not scored; `state` says why.
    """

    lead_id: str
    title: str | None
    department: str | None
    state: LeadState
    score: int | None
    tier: str | None
    engaged: bool
    last_activity: datetime | None

    @property
    def shown(self) -> str:
        """The id, with the title where the data have one."""
        return self.lead_id if self.title is None else f"{self.lead_id}, {self.title}"


@dataclass(frozen=True, eq=False)
class ScoredPeople:
    """Leads of one account at instants at which they are scored; arrays of shape (rows,).

    `moments` are microseconds since 1970, `tiers` places in the model's, `departments` -1 for none.
    """

    lead_numbers: Integers
    moments: Integers
    scores: Integers
    tiers: Integers
    engaged: Flags
    departments: Integers

    def __len__(self) -> int:
        return len(self.scores)

    def some(self, kept: Flags) -> ScoredPeople:
        """Only some of the rows."""
        return ScoredPeople(
            self.lead_numbers[kept],
            self.moments[kept],
            self.scores[kept],
            self.tiers[kept],
            self.engaged[kept],
            self.departments[kept],
        )


def score_people(flow: Flow, model: Model, observed: Observed, numbers: Sequence[int]) -> ScoredPeople:
    """Score some leads at their moments, from their own rows alone.

    Parameters
    ----------
    flow : Flow
    model : Model
    observed : Observed
        The moments of all leads.
    numbers : sequence of int
        Lead numbers of a whole account: rules on colleagues see nobody else.
    """
    everybody = observed.rows.table
    theirs = np.isin(everybody.column("lead_number").to_numpy(), np.array(numbers, dtype=np.int64))
    table = everybody.filter(pa.array(theirs))
    part, block = PartEngine(flow.engine, list(numbers)), account_score_of(model)
    rows = LeadMoments(table, find_streak_ends(part, model), model.inactivity_reset_days)
    days = block.engaged_within_days
    asked = [*model.enabled_rules, *([] if days is None else [anything_within(days)])]
    counts = [column.to_numpy() for column in count_rules(part, rows, asked)]
    active = None if days is None else counts.pop() > 0
    scored = score_rows(model, counts, len(rows))
    tiers = scored.tiers(model)
    lead_numbers = table.column("lead_number").to_numpy().astype(np.int64)
    return ScoredPeople(
        lead_numbers=lead_numbers,
        moments=microseconds(table.column("moment")),
        scores=scored.score,
        tiers=tiers,
        engaged=is_engaged(model, scored.score, tiers, active),
        departments=_department_codes(flow, model, numbers, lead_numbers),
    )


def _department_codes(flow: Flow, model: Model, numbers: Sequence[int], lead_numbers: Integers) -> Integers:
    column = department_column(flow.engine, account_score_of(model))
    if column is None:
        return np.full(len(lead_numbers), -1, dtype=np.int64)
    statement = load_statement("people_values", bindings={"ATTRIBUTE": _text(column)})
    people = pa.table({"lead_number": pa.array(numbers, pa.int32())})
    rows = flow.engine.fetch(statement, None, {"people": people}).to_pylist()
    names = {row["lead_number"]: row["value"].lower() for row in rows if row["value"] is not None}
    codes = {name: code for code, name in enumerate(sorted(set(names.values())))}
    of_lead = [codes[names[number]] if number in names else -1 for number in lead_numbers.tolist()]
    return np.array(of_lead, dtype=np.int64)


def account_people(
    flow: Flow, model: Model, account_id: str, moment: datetime, scored: ScoredPeople
) -> tuple[Person, ...]:
    """Everybody of an account who was known before an instant, the highest score first."""
    bag = ParameterBag()
    department = department_column(flow.engine, account_score_of(model))
    title = USUAL_TITLE if USUAL_TITLE in flow.engine.columns("leads") else None
    bindings = {
        "EXCLUDED": excluded_test(flow.engine, model, bag),
        "DEPARTMENT": _text(department),
        "TITLE": _text(title),
    }
    rows = flow.engine.fetch(
        load_statement("account_people", bindings=bindings),
        bag.values | {"account_id": account_id, "moment": moment},
    ).to_pylist()
    outcomes = _outcomes(flow, [row["lead_number"] for row in rows])
    place = {number: at for at, number in enumerate(scored.lead_numbers.tolist())}
    found = []
    for row in rows:
        number, at = row["lead_number"], place.get(row["lead_number"])
        state = lead_state(
            model, row["created_at"], outcomes.get(number, []), moment, excluded=row["excluded"]
        )
        person = Person(
            lead_id=row["lead_id"],
            title=row["title"],
            department=row["department"],
            state=state,
            score=None if at is None else int(scored.scores[at]),
            tier=None if at is None else model.tiers[int(scored.tiers[at])].name,
            engaged=at is not None and bool(scored.engaged[at]),
            last_activity=row["last_activity_at"],
        )
        if state is not LeadState.NOT_CREATED:
            found.append(person)
    # Of equal scores the lower id counts first, as it does where all accounts are scored.
    return tuple(sorted(found, key=lambda one: -np.inf if one.score is None else one.score, reverse=True))


def _text(column: str | None) -> exp.Expr:
    if column is None:
        return exp.cast(exp.null(), "text")
    return exp.column(exp.to_identifier(column, quoted=True), "leads")


def _outcomes(flow: Flow, numbers: Sequence[int]) -> dict[int, list[Outcome]]:
    rows = flow.engine.fetch(
        load_statement("outcomes_of_people"),
        # What was never observed happened to nobody.
        {"observed_until": flow.observed_until or datetime.min},
        {"people": pa.table({"lead_number": pa.array(numbers, pa.int32())})},
    ).to_pylist()
    found: dict[int, list[Outcome]] = {}
    for row in rows:
        found.setdefault(row["lead_number"], []).append(Outcome(row["occurred_at"], row["stage"]))
    return found
