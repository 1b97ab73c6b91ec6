"""From a data version and a model to cells: lead-moments, labels, rule counts, patterns, cells.

Every step is kept by what it depends on, so that a change costs what it changed: points, caps and thresholds
never touch activities again; a condition recounts its own rule; a horizon only dates the labels anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from queries.cell_table import to_cells
from queries.conversions import (
    conversions_key,
    count_unscored,
    date_labels,
    find_conversions,
    find_never_scored,
)
from queries.counting import LeadMoments, Tell, count_rules, counted_alike, counting_key, tell_nobody
from queries.engine import Engine
from queries.errors import QueryError
from queries.moments import (
    Moments,
    find_lead_moments,
    find_streak_ends,
    moments_key,
    rows_key,
)
from queries.observed import Observed
from queries.pattern_table import code_patterns, find_patterns
from queries.segments import (
    NO_TOUCHES,
    UNSPLIT,
    Split,
    first_touches,
    segment_values,
    segments_of_moments,
    touched_property,
)
from queries.structures import StructureStore, structure_key
from scoring.cells import Cells
from scoring.lead_scores import RowScores, score_rows
from scoring.model import Model, Rule
from scoring.patterns import Columns, Patterns
from scoring.response import ResponseTable

Progress = Callable[[float, str], None]

COUNTING = "Counting what each rule sees"


def silent(_share: float, _text: str) -> None:
    """Progress that nobody watches."""


def part_of(progress: Progress, start: float, end: float) -> Progress:
    """Progress of a part of the work, told as a share of the whole."""
    return lambda share, text: progress(start + (end - start) * share, text)


@dataclass(frozen=True)
class Flow:
    """The computation over one data version, shared by everybody who looks at it.

    Parameters
    ----------
    engine : Engine
        The data version.
    store : StructureStore
        What was computed from this data version.
    observed_until : datetime or None
        The latest time in the data (UTC, without a zone); None when there is none.
    """

    engine: Engine
    store: StructureStore
    observed_until: datetime | None

    def cells(
        self,
        model: Model,
        segment: str | None = None,
        observed_until: datetime | None = None,
        progress: Progress = silent,
    ) -> Cells:
        """The cells of a model over every period, split by one column if asked for.

        Parameters
        ----------
        model : Model
        segment : str, optional
            An attribute of the lead, else of its account; ``leads.x`` or ``accounts.x`` names one of the two,
            ``activities.x`` a property of the lead's first touch.
        observed_until : datetime, optional
            Pretend that the data ended here; their own end when not given.
        progress : callable, optional
            Is told the share done, 0 to 1, and what is being done.

        Raises
        ------
        QueryError
            The model or the segment names a column that the data do not have; nothing was observed yet.
        """
        progress(0.05, "Finding the leads to score")
        observed = self.observed(model, observed_until)
        split = self.split(segment)
        patterns = self.coded_patterns(observed, progress, split)
        progress(0.95, "Adding up scores")
        return self._to_cells(observed, patterns.cells(model), patterns.keys, split)

    def response_table(
        self,
        model: Model,
        rule_id: str,
        segment: str | None = None,
        observed_until: datetime | None = None,
        progress: Progress = silent,
    ) -> ResponseTable:
        """Leads grouped by everything but the points of one enabled rule; see `ResponseTable`.

        Raises
        ------
        KeyError
            When the rule is not an enabled rule of the model.
        """
        observed = self.observed(model, observed_until)
        split = self.split(segment)
        patterns = self.coded_patterns(observed, progress, split)
        columns = patterns.response(model, rule_id)
        return ResponseTable(
            cells=self._to_cells(observed, columns | {"score": columns["rest"]}, patterns.keys, split),
            rest_of_category=columns["rest_of_category"],
            rest=columns["rest"],
            count=columns["count"],
            category=model.category(model.rule(rule_id).category),
            min_score=model.min_score,
            max_score=model.max_score,
            grid=model.grid,
            other_place=columns.get("other_place"),
        )

    def open_leads(self, model: Model, at: datetime | None = None) -> Observed:
        """The leads that are open at an instant, the end of the data when not given, by lead_id."""
        # What was never observed closes no lead, not even before a later instant.
        moments = Moments.single(at or self._until(None), self.observed_until or datetime.min)
        return self._at(model, moments)

    def _until(self, observed_until: datetime | None) -> datetime:
        until = observed_until or self.observed_until
        if until is None:
            raise QueryError("the data must hold activities or outcomes of known leads, got none; load some")
        return until

    def observed(self, model: Model, observed_until: datetime | None) -> Observed:
        """The lead-moments of the model's back-test."""
        return self._at(model, Moments.observed(self.engine, model, self._until(observed_until)))

    def _at(self, model: Model, moments: Moments) -> Observed:
        return Observed(model, moments, moments_key(model, moments), partial(self._find_rows, model, moments))

    def _find_rows(self, model: Model, moments: Moments) -> LeadMoments:
        table = self.store.get(
            structure_key("moments", rows_key(model, moments)),
            lambda: find_lead_moments(self.engine, model, moments),
        )
        return LeadMoments(table, self.streak_ends(model), model.inactivity_reset_days)

    def streak_ends(self, model: Model) -> pa.Table:
        """Where each lead fell silent for the model's reset; columns of ``streak_ends.sql``."""
        return self.store.get(
            structure_key("streaks", model.inactivity_reset_days),
            lambda: find_streak_ends(self.engine, model),
        )

    def labels(self, observed: Observed) -> pa.Table:
        """Whether mature, whether converted, and the amount of every lead-moment; see ``labels.sql``."""
        until = observed.moments.observed_until
        return self.store.get(
            structure_key("labels", observed.labels_key),
            lambda: date_labels(
                self.engine, observed.model, observed.rows.table, self.conversions(observed), until
            ),
        )

    def conversions(self, observed: Observed) -> pa.Table:
        """Every conversion that counts, with its amount; columns of ``lead_conversions.sql``."""
        model, until = observed.model, observed.moments.observed_until
        return self.store.get(
            structure_key("conversions", conversions_key(model, until)),
            lambda: find_conversions(self.engine, model, until),
        )

    def never_scored(self, observed: Observed) -> pa.Table:
        """Leads that converted before they were ever scored; columns of ``conversions_never_scored.sql``."""
        return self.store.get(
            structure_key("never_scored", [observed.key, observed.model.conversion.stages]),
            lambda: find_never_scored(
                self.engine, observed.moments, observed.rows.table, self.conversions(observed)
            ),
        )

    def counts(
        self, observed: Observed, rules: Sequence[Rule], tell: Tell = tell_nobody
    ) -> list[pa.ChunkedArray]:
        """The counts of every rule; only those that are not kept yet are counted, all of them in one go.

        `tell` hears the share done; what it raises ends the counting, and nothing of it is kept.
        """
        names = [structure_key("counts", [observed.key, counting_key(rule)]) for rule in rules]
        kept = {name: table for name in names if (table := self.store.find(name)) is not None}
        missing = {name: rule for name, rule in zip(names, rules, strict=True) if name not in kept}
        columns = count_rules(self.engine, observed.rows, list(missing.values()), tell)
        for name, column in zip(missing, columns, strict=True):
            kept[name] = pa.table({"count": column})
            self.store.put(name, kept[name])
        return [kept[name].column("count") for name in names]

    def scored(self, observed: Observed, tell: Tell = tell_nobody) -> RowScores:
        """What every lead-moment scores, in their order; `tell` as in `counts`."""
        columns = self.counts(observed, observed.model.enabled_rules, tell)
        return score_rows(observed.model, [column.to_numpy() for column in columns], len(observed.rows))

    def patterns(self, observed: Observed, progress: Progress = silent, split: Split = UNSPLIT) -> pa.Table:
        """The distinct rows of rule counts with leads and amount; see ``patterns.sql``."""
        rules = observed.model.enabled_rules

        def compute() -> pa.Table:
            progress(0.2, "Dating conversions")
            labels = self.labels(observed)
            tell = partial(_tell_counting, progress)
            tell(0)
            counts = self.counts(observed, rules, tell)
            progress(0.85, "Grouping leads")
            columns = {name: labels.column(name) for name in labels.column_names}
            columns |= {
                "segment": self._split_codes(observed, split),
                "period": observed.rows.table.column("period"),
            }
            return find_patterns(self.engine, columns, counts)

        return self.store.get(structure_key("patterns", _patterns_key(observed, split)), compute)

    def coded_patterns(
        self, observed: Observed, progress: Progress = silent, split: Split = UNSPLIT
    ) -> Patterns:
        """The same, ready to be scored for any points, caps and limits of the model's categories."""
        rules = observed.model.enabled_rules
        categories = tuple([rule.category for rule in rules])

        def compute() -> Patterns:
            return code_patterns(self.patterns(observed, progress, split), categories).clustered()

        # Asked for at every change, and only kept in memory: no text is made of all the rules.
        of_rows = structure_key("coded", [observed.labels_key, split.segment])
        return self.store.derive((of_rows, tuple(map(counted_alike, rules)), categories), compute)

    def touches(self, segment: str | None) -> pa.Table:
        """What `queries.segments.first_touches` finds, kept; no rows for an attribute."""
        if segment is None or touched_property(self.engine, segment) is None:
            return NO_TOUCHES
        return self.store.get(
            structure_key("first_touches", segment), lambda: first_touches(self.engine, segment)
        )

    def split(self, segment: str | None) -> Split:
        """The split of all leads by a column, with the values that it has; see `segment_values`."""
        if segment is None:
            return UNSPLIT
        table = self.store.derive(
            structure_key("segments", segment),
            lambda: pa.table(
                {
                    "segment": pa.array(
                        segment_values(self.engine, segment, self.touches(segment)), pa.string()
                    )
                }
            ),
        )
        return Split(segment, tuple(table.column("segment").to_pylist()))

    def _to_cells(self, observed: Observed, columns: Columns, keys: Columns, split: Split) -> Cells:
        model, segment = observed.model, split.segment
        unscored = self.store.get(
            structure_key("unscored", [observed.key, model.conversion.stages, segment]),
            lambda: count_unscored(self.engine, self.never_scored(observed), segment, self.touches(segment)),
        )
        horizon_days = model.conversion.horizon_days
        return to_cells(columns, keys, unscored, split.values, observed.moments, horizon_days)

    def _split_codes(self, observed: Observed, split: Split) -> pa.Array | pa.ChunkedArray:
        if split.segment is None:
            return pa.array(np.zeros(len(observed.rows), dtype=np.int16))
        touches, moments = self.touches(split.segment), observed.rows.table
        values = segments_of_moments(self.engine, moments, split.segment, touches).column("segment")
        return pc.index_in(values, pa.array(split.values, pa.string())).cast(pa.int16())


def _tell_counting(progress: Progress, share: float) -> None:
    progress(0.3 + 0.55 * share, COUNTING)


def _patterns_key(observed: Observed, split: Split) -> list[Any]:
    counting = [counting_key(rule) for rule in observed.model.enabled_rules]
    return [observed.labels_key, split.segment, counting]
