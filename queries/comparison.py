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
from sqlglot import exp

from queries.counting import counting_key, scoring_key
from queries.flow import Flow, Observed, Progress, code_patterns, side_by_side, silent
from queries.moments import moments_key
from queries.points import PLACE, scored_statement
from queries.statements import Item, load_statement
from queries.structures import structure_key
from queries.tier_bands import named_tier_bands
from scoring.cells import MERGED_SEGMENT
from scoring.joint_cells import JointCells, LeadRows
from scoring.model import Model
from scoring.patterns import Patterns

PLACE_A = "place_a"
"""The column with the places in the grid of the model in use."""

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

    Costs two scans of the counts of all lead-moments and 17 bytes for each of them; the scores of the model
    in use are kept, so that another draft costs one scan. Ask for it when a value rests, not while it moves.
    """
    pair = _Pair.of(flow, champion, challenger, observed_until)
    places = [PLACE_A] if champion.grid is not None else []
    places += [PLACE] if challenger.grid is not None else []
    statement, parameters = scored_statement("lead_rows", challenger, places=places)
    table = flow.engine.fetch(statement, parameters, {"counted": pair.scored_by_champion().second})
    labels, period = pair.label(table.column("period").to_numpy())
    return LeadRows(
        periods=labels,
        lead=table.column("lead_number").to_numpy(),
        period=period,
        score_a=table.column("score_a").to_numpy(),
        score_b=table.column("score_b").to_numpy(),
        converted=table.column("converted").to_numpy(),
        place_a=_places(table, PLACE_A),
        place_b=_places(table, PLACE),
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
    labels = [period.label for period in pair.first.moments.periods]
    judged = [number for number, label in enumerate(labels) if label not in left_out]
    tables = {
        "counted": pair.scored_by_champion().second,
        "judged_periods": pa.table(
            {
                "period": pa.array(judged, pa.int16()),
                "label": pa.array([labels[number] for number in judged], pa.string()),
            }
        ),
        "tiers_a": named_tier_bands(champion),
        "tiers_b": named_tier_bands(challenger),
    }
    standing = "score_a" if champion.grid is None else PLACE_A
    statement, parameters = scored_statement("swap_list", challenger, earlier=standing)
    return flow.engine.fetch(statement, parameters, tables)


@dataclass(frozen=True)
class _PairRows:
    """The same rows with the counts of either model's rules, as ``scored.sql`` names them."""

    first: pa.Table
    second: pa.Table


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
            return self.flow.patterns(self.first, None, MERGED_SEGMENT, progress)

        def compute() -> pa.Table:
            progress(0.3, "Counting what each rule sees")
            columns = self._labels() | {
                "segment": pa.array(np.zeros(len(self.first.rows), dtype=np.int16)),
                "period": self.first.rows.table.column("period"),
            }
            items = [Item(f"count_{i}", {"FREQUENCY": exp.column(f"count_{i}")}) for i in range(len(names))]
            statement = load_statement("patterns", {"rules": items})
            counted = side_by_side(columns, self._counts())
            progress(0.85, "Grouping leads")
            return self.flow.engine.fetch(statement, None, {"counted_moments": counted})

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

    def scored_by_champion(self) -> _PairRows:
        """All lead-moments with both models' counts and ``score_a``, the model in use's score.

        Where that has a grid, with `PLACE_A`, its places, too.
        """
        source = self.first.rows.table
        counts = pa.table({f"count_{i}": column for i, column in enumerate(self._counts())})
        numbered = self.rows_of({"row_number": source.column("row_number")}, counts)
        champion = self.first.model
        kept = self.flow.store.get(
            structure_key("scores", [self.first.key, scoring_key(champion), *_grid_key(champion)]),
            lambda: _aligned_scores(self.flow, champion, numbered.first),
        )
        labels = self._labels()
        columns = {name: source.column(name) for name in ("lead_number", "moment", "period")}
        columns |= {"mature": labels["mature"], "converted": labels["converted"]}
        columns |= {"score_a": kept.column("score")}
        columns |= {} if champion.grid is None else {PLACE_A: kept.column(PLACE)}
        return self.rows_of(columns, counts)

    def rows_of(self, columns: dict[str, Any], counts: pa.Table) -> _PairRows:
        """The columns beside each model's counts; both tables share the memory of their columns."""
        ours, theirs = ([counts.column(f"count_{place}") for place in places] for places in self.columns())
        return _PairRows(side_by_side(columns, ours), side_by_side(columns, theirs))

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

    def _labels(self) -> dict[str, pa.ChunkedArray]:
        labels = self.flow.labels(self.first)
        return {name: labels.column(name) for name in labels.column_names}


def _count_names(observed: Observed) -> list[str]:
    key = moments_key(observed.model, observed.moments)
    return [structure_key("counts", [key, counting_key(rule)]) for rule in observed.model.enabled_rules]


def _aligned_scores(flow: Flow, model: Model, counted: pa.Table) -> pa.Table:
    """score, and `PLACE` of a model with a grid."""
    places = () if model.grid is None else (PLACE,)
    statement, parameters = scored_statement("aligned_scores", model, places=places)
    return flow.engine.fetch(statement, parameters, {"counted": counted})


def _grid_key(model: Model) -> list[Any]:
    """What places depend on, nothing without a grid; which tier a cell has changes no place."""
    return [] if model.grid is None else [model.grid.rows.model_dump(), model.grid.columns.model_dump()]


def _places(table: pa.Table, name: str) -> npt.NDArray[Any] | None:
    return table.column(name).to_numpy() if name in table.column_names else None
