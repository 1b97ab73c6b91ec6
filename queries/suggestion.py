"""Suggested points over one data version: the leads under every model that a search looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from queries.comparison import joint_cells
from queries.flow import Flow, Progress, silent
from queries.prediction import history_of
from queries.structures import structure_key
from scoring.cells import Cells
from scoring.goal import Offer
from scoring.joint_cells import JointCells
from scoring.model import Model
from scoring.prediction import History
from scoring.response import ResponseTable
from scoring.suggest import suggest_points
from scoring.suggestion import Aim, Suggestions, take, with_points
from scoring.top_tier_size import balancing_base_points, top_leads, without_ends

READY = 0.2
"""Share of the progress that is told while rule counts are made ready."""

MOST_TABLES = 40
"""Response tables kept during a search: those of every rule in the model itself are asked for again by every
period."""


def suggest(flow: Flow, model: Model, aim: Aim | None = None, progress: Progress = silent) -> Suggestions:
    """Better points for a model, or the reason why there are none; see `scoring.suggest`.

    Equal requests are computed once.

    Parameters
    ----------
    flow : Flow
    model : Model
    aim : Aim, optional
        Wins caught by as many leads as the top tier holds, with at most five changes, when not given.
    progress : callable, optional
        Is told the share done and what is being done. What it raises ends the work, and nothing is kept.

    Raises
    ------
    QueryError
        The model names a column that the data do not have; nothing was observed yet.
    ScoringError
        A limit is about a rule that the model does not have or that is switched off.
    """
    asked = aim or Aim()

    def compute() -> Suggestions:
        def tell(share: float, text: str) -> None:
            progress(READY + (1 - READY) * share, text)

        flow.cells(model, progress=lambda share, text: progress(READY * share, text))
        found = suggest_points(model, asked, _Scored(flow, model), tell)
        progress(1.0, "Done")
        return found

    return flow.store.derive(structure_key("suggestions", [_content(model), _asked(asked)]), compute)


def take_points(flow: Flow, model: Model, found: Suggestions, points: Mapping[str, int]) -> Model:
    """The model with some of what was suggested, and starting points that leave its top tier as large.

    Parameters
    ----------
    found : Suggestions
        For this model; the top tier keeps its size over the periods that were searched.
    points : mapping of rule id to int
        Rules that are to give 0 are switched off.
    """
    offer = Offer(found.searched, np.zeros(len(found.searched)))
    target = top_leads(flow.cells(model), offer, model)
    # Rules with 0 points, and not those switched off, so that the counts that are kept serve.
    changed = with_points(model, points)
    base_points = balancing_base_points(flow.cells(without_ends(changed)), offer, changed, target)
    return take(model, points).model_copy(update={"base_points": base_points})


@dataclass
class _Scored:
    """The leads under models that differ from one in points: the counts of its rules serve all of them."""

    flow: Flow
    model: Model
    _tables: dict[tuple[Model, str], ResponseTable] = field(default_factory=dict)

    @cached_property
    def history(self) -> History:
        return history_of(self.flow, self.model)

    @cached_property
    def _own_cells(self) -> Cells:
        return self.flow.cells(self.model)

    def cells(self, model: Model) -> Cells:
        return self._own_cells if model == self.model else self.flow.cells(model)

    def table(self, model: Model, rule_id: str) -> ResponseTable:
        key = (model, rule_id)
        if key not in self._tables:
            table = self.flow.response_table(model, rule_id)
            if len(self._tables) >= MOST_TABLES:
                return table
            self._tables[key] = table
        return self._tables[key]

    def joint(self, model: Model, changed: Model) -> JointCells:
        return joint_cells(self.flow, model, changed)


def _asked(aim: Aim) -> dict[str, Any]:
    limits = {rule: [one.low, one.high] for rule, one in aim.limits.items()}
    return {
        "goal": aim.goal,
        "most_changes": aim.most_changes,
        "limits": limits,
        "leads_per_week": aim.leads_per_week,
        "least_gain": aim.smallest_gain,
    }


def _content(model: Model) -> dict[str, Any]:
    return model.model_dump(mode="json", exclude={"schema_version": True, "rules": {"__all__": {"label"}}})
