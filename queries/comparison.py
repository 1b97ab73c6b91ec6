"""Two models on the same leads at the same moments: joint cells, one row a lead, and who changes tier.

Both models are asked the same question: which leads are looked at, when, and what counts as a conversion are
the settings of the model in use (its conversion, observation and exclude), whatever the draft's are. The
draft's own would make two answers to two questions, whose difference means nothing; `unshared_settings` says
which of them were set aside. Each model keeps its own reset after silence, which belongs to how a score is
made: it changes neither the leads nor the moments.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from queries.counting import counting_key, scoring_key
from queries.flow import COUNTING, Flow, Progress, silent
from queries.lead_ids import lead_ids
from queries.moments import moments_key
from queries.observed import Observed
from queries.pattern_table import code_patterns, find_patterns
from queries.structures import structure_key
from scoring.joint_cells import JointCells, LeadRows
from scoring.model import Model
from scoring.patterns import Patterns
from scoring.tiers import tier_indices

SHARED_SETTINGS = {
    "conversion": "what counts as a conversion, and within how many days",
    "observation": "when leads are scored",
    "exclude": "which leads are left out",
}


def unshared_settings(champion: Model, challenger: Model) -> tuple[str, ...]:
    """A sentence for each setting of the draft that a comparison does not use; empty when all are shared."""
    return tuple(
        f"Your draft changes {meaning} ({name}); both models are compared by the model in use's."
        for name, meaning in SHARED_SETTINGS.items()
        if getattr(champion, name) != getattr(challenger, name)
    )


def on_shared_moments(champion: Model, challenger: Model) -> Model:
    """The draft asked the question of the model in use: its rules, tiers and reset, nothing else."""
    return challenger.model_copy(update={name: getattr(champion, name) for name in SHARED_SETTINGS})


def joint_cells(
    flow: Flow,
    champion: Model,
    challenger: Model,
    observed_until: datetime | None = None,
    progress: Progress = silent,
) -> JointCells:
    """Mature leads by period, both scores and outcome.

    Costs two scans of the patterns of both models' rules together; while only points, caps, limits and
    thresholds of the draft change, these patterns are those of the model in use and already there.

    Raises
    ------
    QueryError
        One of the models names a column that the data do not have; nothing was observed yet.
    """
    pair = _Pair.of(flow, champion, challenger, observed_until)
    columns_a, columns_b = pair.columns()
    joint = pair.coded_patterns(progress).joint(champion, columns_a, challenger, columns_b)
    rows = joint["mature"]
    labels, period = pair.label(joint["period"][rows])
    known = ("score_a", "score_b", "converted", "leads", "place_a", "place_b")
    columns = {name: joint[name][rows] for name in known if name in joint}
    return JointCells(periods=labels, period=period, **columns)


def lead_rows(
    flow: Flow, champion: Model, challenger: Model, observed_until: datetime | None = None
) -> LeadRows:
    """One row for each mature lead and moment, for intervals that know which leads return.

    Costs a pass over the counts of all lead-moments for each model; the scores of the model in use are kept,
    so that another draft costs one. Ask for it when a value rests, not while it moves.
    """
    pair = _Pair.of(flow, champion, challenger, observed_until)
    first, second = pair.scored()
    rows, table = pair.mature, pair.first.rows.table
    labels, period = pair.label(table.column("period").to_numpy()[rows])
    return LeadRows(
        periods=labels,
        lead=table.column("lead_number").to_numpy()[rows],
        period=period,
        score_a=first.score[rows],
        score_b=second.score[rows],
        converted=pair.converted[rows],
        place_a=None if first.place is None else first.place[rows],
        place_b=None if second.place is None else second.place[rows],
    )


def swap_list(
    flow: Flow,
    champion: Model,
    challenger: Model,
    observed_until: datetime | None = None,
    left_out: Collection[str] = (),
) -> pa.Table:
    """The leads that change tier, to download.

    Parameters
    ----------
    left_out : collection of str
        Periods kept back for the final check.

    Returns
    -------
    Arrow table
        lead_id, period, moment, tier_in_use, tier_in_draft, score_in_use, score_in_draft, converted; one row
        for each mature lead and moment at which the tiers' names differ, by moment and lead_id.
    """
    pair = _Pair.of(flow, champion, challenger, observed_until)
    first, second = pair.scored()
    tier_a, tier_b = first.tiers(champion), second.tiers(challenger)
    table = pair.first.rows.table
    period, lead, moment = (table.column(name).to_numpy() for name in ("period", "lead_number", "moment"))
    labels = [one.label for one in pair.first.moments.periods]
    names_a, names_b = ([tier.name for tier in model.tiers] for model in (champion, challenger))
    differ = np.array([[a != b for b in names_b] for a in names_a])
    judged = np.array([label not in left_out for label in labels], dtype=np.bool_)
    rows = np.flatnonzero(pair.mature & judged[period] & differ[tier_a, tier_b])
    rows = rows[np.lexsort((lead[rows], moment[rows]))]
    return pa.table(
        {
            "lead_id": lead_ids(flow.engine, lead[rows]),
            "period": pa.array([labels[number] for number in period[rows]], pa.string()),
            "moment": table.column("moment").take(pa.array(rows)),
            "tier_in_use": pa.array([names_a[number] for number in tier_a[rows]], pa.string()),
            "tier_in_draft": pa.array([names_b[number] for number in tier_b[rows]], pa.string()),
            "score_in_use": pa.array(first.score[rows]),
            "score_in_draft": pa.array(second.score[rows]),
            "converted": pa.array(pair.converted[rows]),
        }
    )


@dataclass(frozen=True, eq=False)
class _Scores:
    """The score of every lead-moment in four bytes, and its place in the grid of a model that has one."""

    score: npt.NDArray[np.int32]
    place: npt.NDArray[np.int8] | None

    @classmethod
    def of(cls, flow: Flow, observed: Observed) -> _Scores:
        scored = flow.scored(observed)
        return cls(scored.score.astype(np.int32), scored.place)

    @property
    def nbytes(self) -> int:
        return self.score.nbytes + (0 if self.place is None else self.place.nbytes)

    def tiers(self, model: Model) -> npt.NDArray[np.int64]:
        return tier_indices(self.score, model, self.place)


@dataclass(frozen=True)
class _Pair:
    """Both models on the lead-moments of the model in use.

    Every count that either needs stands once: those of the model in use, then what only the draft counts.
    """

    flow: Flow
    first: Observed
    second: Observed

    @classmethod
    def of(cls, flow: Flow, champion: Model, challenger: Model, observed_until: datetime | None) -> _Pair:
        first = flow.observed(champion, observed_until)
        second = flow.observed(on_shared_moments(champion, challenger), observed_until)
        return cls(flow, first, second)

    def patterns(self, progress: Progress) -> pa.Table:
        """Distinct (period, mature, converted, counts of both) with the number of leads."""
        names = self._all_names
        if not self._extra:
            # The draft counts nothing that the model in use does not: its patterns tell the two apart, too.
            return self.flow.patterns(self.first, progress)

        def compute() -> pa.Table:
            progress(0.3, COUNTING)
            columns = self._labels() | {
                "segment": pa.array(np.zeros(len(self.first.rows), dtype=np.int16)),
                "period": self.first.rows.table.column("period"),
            }
            counts = self._counts()
            progress(0.85, "Grouping leads")
            return find_patterns(self.flow.engine, columns, counts)

        return self.flow.store.get(structure_key("joint_patterns", [self.first.labels_key, names]), compute)

    def coded_patterns(self, progress: Progress) -> Patterns:
        """The same, ready to be scored under either model; see `columns`."""
        names = self._all_names
        categories: list[tuple[str, ...]] = [() for _ in names]
        for observed, columns in zip((self.first, self.second), self.columns(), strict=True):
            for rule, column in zip(observed.model.enabled_rules, columns, strict=True):
                categories[column] += (rule.category,)
        return self.flow.store.derive(
            structure_key("joint_coded", [self.first.labels_key, names, categories]),
            lambda: code_patterns(self.patterns(progress), categories).clustered(),
        )

    def columns(self) -> tuple[list[int], list[int]]:
        """Of each model the columns of its enabled rules among all counts."""
        ours, theirs = ([self._all_names.index(name) for name in names] for names in self._names)
        return ours, theirs

    def scored(self) -> tuple[_Scores, _Scores]:
        """What all lead-moments score under the model in use, which is kept, and under the draft."""
        champion = self.first.model
        depends_on = [self.first.key, scoring_key(champion), *_grid_key(champion)]
        ours = self.flow.store.derive(
            structure_key("scores", depends_on), lambda: _Scores.of(self.flow, self.first)
        )
        return ours, _Scores.of(self.flow, self.second)

    @cached_property
    def mature(self) -> npt.NDArray[np.bool_]:
        """Which lead-moments are mature."""
        return self._flags("mature")

    @cached_property
    def converted(self) -> npt.NDArray[np.bool_]:
        """Which lead-moments converted."""
        return self._flags("converted")

    def label(self, period: npt.NDArray[Any]) -> tuple[tuple[str, ...], npt.NDArray[np.int32]]:
        """The labels of the periods that have a row, in time order, and each row's index into them."""
        used, period = np.unique(period, return_inverse=True)
        periods = self.first.moments.periods
        return tuple(periods[number].label for number in used), period.astype(np.int32)

    @cached_property
    def _names(self) -> tuple[list[str], list[str]]:
        """A name for the counts of each enabled rule of either model; equal names are equal columns."""
        ours, theirs = (_count_names(observed) for observed in (self.first, self.second))
        return ours, theirs

    @cached_property
    def _extra(self) -> list[str]:
        """Names of the counts that only the draft has."""
        ours, theirs = self._names
        return [name for name in dict.fromkeys(theirs) if name not in ours]

    @property
    def _all_names(self) -> list[str]:
        return self._names[0] + self._extra

    def _counts(self) -> list[pa.ChunkedArray]:
        ours = self.flow.counts(self.first, self.first.model.enabled_rules)
        rules = dict(zip(self._names[1], self.second.model.enabled_rules, strict=True))
        return ours + self.flow.counts(self.second, [rules[name] for name in self._extra])

    def _flags(self, name: str) -> npt.NDArray[np.bool_]:
        return np.asarray(self.flow.labels(self.first).column(name).to_numpy(), dtype=np.bool_)

    def _labels(self) -> dict[str, pa.ChunkedArray]:
        labels = self.flow.labels(self.first)
        return {name: labels.column(name) for name in labels.column_names}


def _count_names(observed: Observed) -> list[str]:
    key = moments_key(observed.model, observed.moments)
    return [structure_key("counts", [key, counting_key(rule)]) for rule in observed.model.enabled_rules]


def _grid_key(model: Model) -> list[Any]:
    """What places depend on, nothing without a grid; which tier a cell has changes no place."""
    return [] if model.grid is None else [model.grid.rows.model_dump(), model.grid.columns.model_dump()]
