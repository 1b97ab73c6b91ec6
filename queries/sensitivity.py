"""Which rule matters, over one data version: a response table at a time, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from typing import Any

from queries.errors import QueryError
from queries.flow import Flow, Progress, silent
from queries.structures import structure_key
from scoring.cells import Cells
from scoring.evidence import kept_back
from scoring.model import Model
from scoring.rule_turns import gather_sensitivity, measure_room, turn_rule
from scoring.sensitivity import Knob, Question, Sensitivity

COUNTED = 0.3
"""Share of the progress that is told while cells and rule counts are made ready."""

MOST_PARTS = 50
"""Each value costs as much as the whole, but for the response tables."""


def rule_sensitivity(
    flow: Flow,
    model: Model,
    question: Question | None = None,
    *,
    segment: str | None = None,
    values: Collection[str] = (),
    observed_until: datetime | None = None,
    progress: Progress = silent,
) -> Sensitivity:
    """What a few points more or fewer of each enabled rule would do.

    The newest complete period is left out, as in every verdict on a draft: who turns a knob because of it
    could not be checked on that period any more. One response table is in memory at a time. Equal requests
    are computed once.

    Parameters
    ----------
    flow : Flow
    model : Model
    question : Question, optional
        Five points and no capacity when not given.
    segment : str, optional
        A column of leads or accounts to choose a part of the leads by.
    values : collection of str, optional
        The values of the column that are looked at; all of them when empty. Those that no lead has are
        passed over.
    observed_until : datetime, optional
        Pretend that the data ended here.
    progress : callable, optional
        Is told the share done and what is being done. What it raises ends the work, and nothing is kept.

    Raises
    ------
    QueryError
        The model or the segment names a column that the data do not have; nothing was observed yet.
    """
    asked = question or Question()
    column = segment if values else None
    wanted = tuple(sorted(values))

    def compute() -> Sensitivity:
        cells = flow.cells(model, column, observed_until, partial(_tell_before, progress))
        left_out = kept_back(cells, model)
        kept = [label for label in cells.periods if label not in left_out]
        looked_at = partial(_look_at, values=wanted if column else (), periods=kept)
        before = looked_at(cells)
        room = measure_room(before, model, asked)
        rules, knobs = model.enabled_rules, []
        for number, rule in enumerate(rules):
            progress(COUNTED + (1 - COUNTED) * number / len(rules), "Trying other points")
            table = flow.response_table(model, rule.id, column, observed_until)
            knobs.append(turn_rule(table, model, rule, asked, room, looked_at))
        progress(1.0, "Done")
        return gather_sensitivity(before, model, asked, room, knobs, left_out)

    until = observed_until or flow.observed_until
    key = [_content(model), asked.step, asked.leads_per_week, column, wanted if column else (), until]
    return flow.store.derive(structure_key("sensitivity", key), compute)


def sensitivity_by_segment(
    flow: Flow,
    model: Model,
    segment: str,
    question: Question | None = None,
    *,
    progress: Progress = silent,
) -> dict[str, Sensitivity]:
    """The same for every value of a column of leads or accounts; each response table serves all of them.

    Parameters
    ----------
    flow : Flow
    model : Model
    segment : str
        A column with at most `MOST_PARTS` values.
    question : Question, optional
    progress : callable, optional

    Raises
    ------
    QueryError
        The data lack the column or one that the model names; it has too many values.
    """
    asked = question or Question()
    cells = flow.cells(model, segment, None, partial(_tell_before, progress))
    if len(cells.segments) > MOST_PARTS:
        raise QueryError(
            f"segment must be a column with at most {MOST_PARTS} values, got {len(cells.segments):,} in "
            f"{segment!r}; name one that splits the leads into a handful of parts, such as a region"
        )
    left_out = kept_back(cells, model)
    kept = [label for label in cells.periods if label not in left_out]
    parts = {
        value: _Part(partial(_look_at, values=(value,), periods=kept), cells, model, asked)
        for value in cells.segments
    }
    rules = model.enabled_rules
    for number, rule in enumerate(rules):
        progress(COUNTED + (1 - COUNTED) * number / len(rules), "Trying other points")
        table = flow.response_table(model, rule.id, segment)
        for part in parts.values():
            part.knobs.append(turn_rule(table, model, rule, asked, part.room, part.looked_at))
    progress(1.0, "Done")
    return {
        value: gather_sensitivity(part.before, model, asked, part.room, part.knobs, left_out)
        for value, part in parts.items()
    }


class _Part:
    """The leads with one value: how to look at them, and what came of the rules so far."""

    def __init__(
        self, looked_at: Callable[[Cells], Cells], cells: Cells, model: Model, asked: Question
    ) -> None:
        self.looked_at = looked_at
        self.before = looked_at(cells)
        self.room = measure_room(self.before, model, asked)
        self.knobs: list[Knob] = []


def _look_at(cells: Cells, values: Collection[str], periods: Collection[str]) -> Cells:
    """The cells of some segment values and periods."""
    if values:
        cells = cells.filter([value for value in cells.segments if value in values])
    return cells.only(periods)


def _tell_before(progress: Progress, share: float, text: str) -> None:
    progress(COUNTED * share, text)


def _content(model: Model) -> dict[str, Any]:
    """What the result depends on; the names of the model and its tiers are part of it."""
    return model.model_dump(mode="json", exclude={"schema_version": True, "rules": {"__all__": {"label"}}})
