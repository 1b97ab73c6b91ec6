"""From a data version and a model to cells: lead-moments, labels, rule counts, patterns, cells.

Every step is kept by what it depends on, so that a change costs what it changed: points, caps and thresholds
never touch activities again; a condition recounts its own rule; a horizon only dates the labels anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from queries.conditions import ParameterBag, condition_test
from queries.counting import ALWAYS, DAY, LeadMoments, count_rules, counting_key, reset_interval
from queries.engine import Engine
from queries.errors import QueryError
from queries.points import scored_statement
from queries.statements import Item, load_statement
from queries.structures import StructureStore, structure_key
from scoring.cells import MERGED_SEGMENT, Cells
from scoring.model import Model, Rule
from scoring.periods import Period, periods_between

MAX_SEGMENTS = 1000
MISSING = "(missing)"

Progress = Callable[[float, str], None]


def _silent(_share: float, _text: str) -> None:
    """Progress that nobody watches."""


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
        progress: Progress = _silent,
    ) -> Cells:
        """The cells of a model over every period, split by one column if asked for.

        Parameters
        ----------
        model : Model
        segment : str, optional
            An attribute of the lead, else of its account; ``leads.x`` or ``accounts.x`` names one of the two.
        observed_until : datetime, optional
            Pretend that the data ended here; their own end when not given.
        progress : callable, optional
            Is told the share done, 0 to 1, and what is being done.

        Raises
        ------
        QueryError
            The model or the segment names a column that the data do not have; nothing was observed yet.
        """
        until = self._until(observed_until)
        periods = self._periods(model, until)
        patterns, segments = self._patterns(model, segment, until, progress)
        progress(0.95, "Adding up scores")
        statement, parameters = scored_statement(model, load_statement("cells"))
        table = self.engine.fetch(statement, parameters, {"counted": patterns})
        unscored = self._unscored(model, segment, until)
        return _to_cells(table, unscored, segments, periods, model.conversion.horizon_days, until)

    def scores(self, model: Model, at: datetime | None = None) -> pa.Table:
        """The score of every lead that is open at an instant, by lead_id.

        Returns
        -------
        Arrow table
            lead_id, moment, score and points_<rule id> for each enabled rule. No rows when no lead is open.
        """
        moment = at or self._until(None)
        key = {"at": moment}
        # What was never observed closes no lead, not even before a later instant.
        until = self.observed_until or datetime.min
        moments = self._lead_moments(model, [Period("", moment, datetime.max)], True, until, key)
        rules = model.enabled_rules
        counts = self._counts(moments, key | self._moments_key(model, until), rules)
        counted = _side_by_side({"row_number": moments.table.column("row_number")}, counts)
        columns = [
            Item(f"points_{rule.id}", {"RESULT": exp.column(f"points_{i}", "scored")})
            for i, rule in enumerate(rules)
        ]
        statement, parameters = scored_statement(model, load_statement("scores", {"rules": columns}))
        return self.engine.fetch(statement, parameters, {"counted": counted, "lead_moments": moments.table})

    def matched_leads(self, model: Model, observed_until: datetime | None = None) -> dict[str, int]:
        """For each enabled rule, how many lead-moments of the back-test it gives anything to."""
        until = self._until(observed_until)
        moments, key = self._observed_moments(model, until)
        counts = self._counts(moments, key, model.enabled_rules)
        return {
            rule.id: int(pc.sum(pc.greater(column, 0)).as_py() or 0)
            for rule, column in zip(model.enabled_rules, counts, strict=True)
        }

    def segment_values(self, column: str) -> tuple[str, ...]:
        """The values of a segment column, sorted, without computing any figure."""
        statement = load_statement("segment_values", bindings={"SEGMENT": self._segment_column(column)})
        table = self.engine.fetch(statement, {"limit": MAX_SEGMENTS + 1})
        return tuple(table.column("segment").to_pylist())

    def _until(self, observed_until: datetime | None) -> datetime:
        until = observed_until or self.observed_until
        if until is None:
            raise QueryError("the data must hold activities or outcomes of known leads, got none; load some")
        return until

    def _periods(self, model: Model, until: datetime) -> tuple[Period, ...]:
        first = self.engine.first_created_at
        return periods_between(first, until, model.observation) if first is not None else ()

    def _patterns(
        self, model: Model, segment: str | None, until: datetime, progress: Progress
    ) -> tuple[pa.Table, tuple[str, ...]]:
        rules = model.enabled_rules
        keys = [counting_key(rule) for rule in rules]
        moments, key = self._observed_moments(model, until, progress)
        conversion = model.conversion
        labels_key = key | {"stages": conversion.stages, "horizon_days": conversion.horizon_days}
        segment_codes, segments = self._segments(moments, key, segment)

        def compute() -> pa.Table:
            progress(0.2, "Dating conversions")
            labels = self.store.get(
                structure_key("labels", labels_key), lambda: self._labels(model, moments, until)
            )
            progress(0.3, "Counting rules")
            counts = self._counts(moments, key, rules)
            progress(0.85, "Grouping leads")
            columns = {name: labels.column(name) for name in labels.column_names}
            columns |= {"segment": segment_codes, "period": moments.table.column("period")}
            items = [Item(f"count_{i}", {"FREQUENCY": exp.column(f"count_{i}")}) for i in range(len(rules))]
            statement = load_statement("patterns", {"rules": items})
            return self.engine.fetch(statement, None, {"counted_moments": _side_by_side(columns, counts)})

        patterns_key = structure_key("patterns", [labels_key, segment, keys])
        return self.store.get(patterns_key, compute), segments

    def _observed_moments(
        self, model: Model, until: datetime, progress: Progress = _silent
    ) -> tuple[LeadMoments, dict[str, Any]]:
        key = self._moments_key(model, until)
        at_period_start = model.observation.moment == "period_start"
        progress(0.05, "Finding leads to score")
        return self._lead_moments(model, self._periods(model, until), at_period_start, until, key), key

    def _moments_key(self, model: Model, until: datetime) -> dict[str, Any]:
        conversion = model.conversion
        return {
            "until": until,
            "observation": model.observation.model_dump(),
            "closing": conversion.closing_stages,
            "reopening": conversion.reopening_stages,
            "until_conversion": None if conversion.repeatable else conversion.stages,
            "reset_days": model.inactivity_reset_days,
            "exclude": [condition.model_dump() for condition in model.exclude],
        }

    def _lead_moments(
        self,
        model: Model,
        periods: Sequence[Period],
        at_period_start: bool,
        until: datetime,
        key: dict[str, Any],
    ) -> LeadMoments:
        reset = reset_interval(model.inactivity_reset_days)
        streak_ends = self.store.get(
            structure_key("streaks", model.inactivity_reset_days),
            lambda: self.engine.fetch(load_statement("streak_ends"), {"reset": reset}),
        )

        def compute() -> pa.Table:
            bag = ParameterBag()
            statement = load_statement("lead_moments", bindings={"EXCLUDED": self._excluded(model, bag)})
            observation = model.observation
            parameters = bag.values | {
                "at_period_start": at_period_start,
                "delay": observation.days_after_creation * DAY,
                "max_age": ALWAYS if observation.max_age_days is None else observation.max_age_days * DAY,
                "reset": reset,
                "repeatable": model.conversion.repeatable,
                "observed_until": until,
                "latest_moment": key.get("at", until),
            }
            tables = {
                "periods": _periods_table(periods),
                "stages": _stages_table(model),
                "streak_ends": streak_ends,
            }
            return self.engine.fetch(statement, parameters, tables)

        full_key = self._moments_key(model, until) | key
        table = self.store.get(structure_key("moments", full_key), compute)
        return LeadMoments(table, streak_ends, model.inactivity_reset_days)

    def _labels(self, model: Model, moments: LeadMoments, until: datetime) -> pa.Table:
        bag = ParameterBag()
        statement = load_statement("labels", bindings={"EXCLUDED": self._excluded(model, bag)})
        parameters = bag.values | {"horizon": model.conversion.horizon_days * DAY, "observed_until": until}
        tables = {"lead_moments": moments.table, "stages": _stages_table(model)}
        return self.engine.fetch(statement, parameters, tables)

    def _counts(
        self, moments: LeadMoments, key: dict[str, Any], rules: Sequence[Rule]
    ) -> list[pa.ChunkedArray]:
        """The counts of every rule; only those that are not kept yet are counted, all of them in one go."""
        wanted = [structure_key("counts", [key, counting_key(rule)]) for rule in rules]
        found = {name: self.store.find(name) for name in dict.fromkeys(wanted)}
        missing = {name: rule for name, rule in zip(wanted, rules, strict=True) if found[name] is None}
        columns = count_rules(self.engine, moments, list(missing.values())) if missing else []
        for name, column in zip(missing, columns, strict=True):
            found[name] = pa.table({"count": column})
            self.store.put(name, found[name])
        return [found[name].column("count") for name in wanted]

    def _segments(
        self, moments: LeadMoments, key: dict[str, Any], segment: str | None
    ) -> tuple[pa.Array, tuple[str, ...]]:
        if segment is None:
            return pa.array(np.zeros(len(moments), dtype=np.int16)), MERGED_SEGMENT
        statement = load_statement("segments", bindings={"SEGMENT": self._segment_column(segment)})
        table = self.store.get(
            structure_key("segment", [key, segment]),
            lambda: self.engine.fetch(statement, None, {"lead_moments": moments.table}),
        )
        encoded = pc.dictionary_encode(table.column("segment").combine_chunks())
        values = tuple(encoded.dictionary.to_pylist())
        if len(values) > MAX_SEGMENTS:
            raise QueryError(
                f"segment {segment!r} must have at most {MAX_SEGMENTS} values, got {len(values)}; "
                "choose a column with fewer"
            )
        return encoded.indices.cast(pa.int16()), values

    def _segment_column(self, segment: str | None) -> exp.Expression:
        if segment is None:
            return exp.Literal.string("")
        table, _, column = segment.rpartition(".")
        tables = [table] if table in ("leads", "accounts") else ["leads", "accounts"]
        name = column if table in ("leads", "accounts") else segment
        for table in tables:
            if name in self.engine.columns(table) and name not in ("created_at",):
                return exp.column(exp.to_identifier(name, quoted=True), table)
        known = [f"{t}.{c}" for t in ("leads", "accounts") for c in self.engine.columns(t)]
        raise QueryError(
            f"segment must be a column of leads or accounts, got {segment!r}; there are {', '.join(known)}"
        )

    def _excluded(self, model: Model, bag: ParameterBag) -> exp.Expression:
        columns = self.engine.columns("leads")
        tests = [condition_test(c, "leads", columns, bag, "exclude") for c in model.exclude]
        return exp.paren(exp.or_(*tests)) if tests else exp.false()

    def _unscored(self, model: Model, segment: str | None, until: datetime) -> pa.Table:
        moments, key = self._observed_moments(model, until)

        def compute() -> pa.Table:
            bag = ParameterBag()
            bindings = {
                "SEGMENT": self._segment_column(segment),
                "EXCLUDED": self._excluded(model, bag),
            }
            tables = {
                "lead_moments": moments.table,
                "stages": _stages_table(model),
                "periods": _periods_table(self._periods(model, until)),
            }
            statement = load_statement("unscored_conversions", bindings=bindings)
            return self.engine.fetch(statement, bag.values | {"observed_until": until}, tables)

        return self.store.get(structure_key("unscored", [key, model.conversion.stages, segment]), compute)


def _periods_table(periods: Sequence[Period]) -> pa.Table:
    return pa.table(
        {
            "period": pa.array(range(len(periods)), pa.int16()),
            "starts_at": pa.array([period.starts_at for period in periods], pa.timestamp("us")),
            "ends_at": pa.array([period.ends_at for period in periods], pa.timestamp("us")),
        }
    )


def _stages_table(model: Model) -> pa.Table:
    conversion = model.conversion
    lists = [conversion.stages, conversion.closing_stages, conversion.reopening_stages]
    folded = [{stage.lower() for stage in stages} for stages in lists]
    stages = sorted(set.union(*folded))
    flags = zip(("is_conversion", "is_closing", "is_reopening"), folded, strict=True)
    columns: dict[str, Any] = {"stage": pa.array(stages, pa.string())}
    columns |= {name: pa.array([stage in members for stage in stages], pa.bool_()) for name, members in flags}
    return pa.table(columns)


def _side_by_side(columns: dict[str, Any], counts: Sequence[pa.ChunkedArray]) -> pa.Table:
    return pa.table(columns | {f"count_{i}": column for i, column in enumerate(counts)})


def _to_cells(
    table: pa.Table,
    unscored: pa.Table,
    segments: tuple[str, ...],
    periods: tuple[Period, ...],
    horizon_days: int,
    until: datetime,
) -> Cells:
    """Cells over the periods that have a row and the segments in the order of their names."""
    column = {name: table.column(name).to_numpy() for name in table.column_names}
    used, period = np.unique(column["period"].astype(np.int64), return_inverse=True)
    labels = tuple(periods[index].label for index in used)
    order = sorted(range(len(segments)), key=lambda index: segments[index])
    rank = np.argsort(np.array(order, dtype=np.int64))
    names = tuple(segments[index] for index in order)
    counts = np.zeros((len(names), len(labels)), dtype=np.int64)
    place = {int(index): position for position, index in enumerate(used)}
    rows = zip(*(unscored.column(name).to_pylist() for name in ("segment", "period", "leads")), strict=True)
    for name, index, leads in rows:
        # A segment that only unscored conversions have gets no cells, and a period without rows is not listed.
        if name in names and index in place:
            counts[names.index(name), place[index]] += leads
    return Cells(
        periods=labels,
        segments=names,
        segment=rank[column["segment"].astype(np.int64)],
        period=period.astype(np.int64),
        score=column["score"],
        mature=column["mature"],
        converted=column["converted"],
        leads=column["leads"],
        amount=column["amount"],
        unscored_conversions=counts,
        horizon_days=horizon_days,
        observed_until=until,
    )
