"""How many leads are in each tier week by week, who came, who left, and what drove it.

Every lead is scored as of each instant, one part of the leads after the other: only steps from tier to tier
are kept of a part, so that memory stays bounded however many weeks and leads there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from queries.counting import LeadMoments, count_rules, scoring_key
from queries.flow import COUNTING, Flow, Progress, silent
from queries.hits import microseconds
from queries.lead_buckets import MOST_ACTIVITIES, bucket_count, row_ranges
from queries.moments import Moments, find_lead_moments, find_streak_ends, moments_key, stages_table
from queries.one_lead import instant
from queries.statements import load_statement
from queries.structures import structure_key
from scoring.lead_scores import score_rows
from scoring.model import Model
from scoring.rule_counts import DAY
from scoring.tier_moves import CAUSES, NOWHERE, Cause, Integers, Steps, find_drivers
from scoring.tier_timeline import TierTimeline
from scoring.tiers import tiers_key

WEEK = timedelta(days=7)
USUAL_WEEKS, MOST_WEEKS = 26, 260
MOST_ROWS = 2_000_000
"""Of one part: whoever waits is told, and can cancel, only between two of them."""

KEYS = ("week", "source", "target", "cause", "rule")


def tier_timeline(
    flow: Flow,
    model: Model,
    weeks: int = USUAL_WEEKS,
    until: datetime | None = None,
    progress: Progress = silent,
) -> TierTimeline:
    """Tiers at weekly instants, the last one at the end of the data; kept, also on disk.

    Parameters
    ----------
    flow : Flow
    model : Model
    weeks : int, default 26
        How many weeks back; there is one instant more than weeks.
    until : datetime, optional
        The last instant; the end of the data when not given.
    progress : callable, optional
        Is told the share done, 0 to 1, and what is being done. What it raises ends the work.

    Raises
    ------
    QueryError
        Nothing was observed yet and no instant is given; the model names a column that the data do not have.
    """
    last = instant(flow, until)
    instants = tuple(last - WEEK * back for back in range(weeks, -1, -1))
    moments = Moments.each(instants, flow.observed_until or datetime.min)
    depends_on = [moments_key(model, moments), weeks, scoring_key(model), tiers_key(model)]
    table = flow.store.get(
        structure_key("tier_timeline", depends_on), lambda: _Search(flow, model, moments, progress).table()
    )
    columns = {name: table.column(name).to_numpy() for name in table.column_names}
    return TierTimeline.of(instants, model, columns)


@dataclass
class _Search:
    """One way through all leads.

    The table it makes has a row for each distinct (week, source, target, cause, rule) with the number of
    leads. At the first instant, and there alone, source and target are where the leads are already.
    """

    flow: Flow
    model: Model
    moments: Moments
    progress: Progress

    def table(self) -> pa.Table:
        engine, model = self.flow.engine, self.model
        self.progress(0.0, "Finding the leads that were open in each week")
        rows = find_lead_moments(engine, model, self.moments)
        self._ends = find_streak_ends(engine, model)
        self._created_at = self._creations()
        numbers = rows.column("lead_number").to_numpy()
        sizes = engine.fetch(load_statement("lead_and_activity_counts")).to_pylist()[0]
        parts = bucket_count(len(rows), sizes["activities"], engine.memory_bytes, MOST_ACTIVITIES)
        parts = max(parts, -(-len(rows) // MOST_ROWS))
        found: list[npt.NDArray[np.int64]] = []
        for done, part in enumerate(row_ranges(numbers, parts)):
            self.progress(0.1 + 0.9 * done / parts, COUNTING)
            found.append(self._part(rows.slice(part.start, part.stop - part.start)))
        keys, leads = _added(np.concatenate(found) if found else np.empty((0, len(KEYS)), dtype=np.int64))
        columns = {name: pa.array(keys[:, place]) for place, name in enumerate(KEYS)}
        return pa.table(columns | {"leads": pa.array(leads)})

    def _part(self, rows: pa.Table) -> npt.NDArray[np.int64]:
        """One line a step, and one for each lead that is scored at the first instant; columns as `KEYS`."""
        model, rules = self.model, self.model.enabled_rules
        moments = LeadMoments(rows, self._ends, model.inactivity_reset_days)
        counts = [column.to_numpy() for column in count_rules(self.flow.engine, moments, rules, buckets=1)]
        tiers = score_rows(model, counts, len(rows)).tiers(model)
        leads, weeks = (rows.column(name).to_numpy() for name in ("lead_number", "period"))
        steps = Steps.find(leads, weeks, tiers, len(self.moments.periods))
        cause, rule = np.full(len(steps), NOWHERE), np.full(len(steps), NOWHERE)
        came, left = np.flatnonzero(steps.before == NOWHERE), np.flatnonzero(steps.after == NOWHERE)
        moved = np.flatnonzero((steps.before != NOWHERE) & (steps.after != NOWHERE))
        since = self._instants[steps.week - 1]
        is_new = self._created_at[leads[steps.after[came]]] >= since[came]
        cause[came] = np.where(is_new, CAUSES.index(Cause.NEW), CAUSES.index(Cause.REOPENED))
        cause[left] = self._endings(leads[steps.before[left]], steps.week[left])
        if len(moved):
            rule[moved], cause[moved] = find_drivers(
                model,
                [column[steps.before[moved]] for column in counts],
                [column[steps.after[moved]] for column in counts],
                steps.target[moved] > steps.source[moved],
                self._is_reset(leads[steps.before[moved]], steps.week[moved]),
            )
        there = tiers[weeks == 0]
        first = np.stack([np.zeros_like(there), there, there, *[np.full_like(there, NOWHERE)] * 2], axis=1)
        return np.concatenate(
            [first, np.stack([steps.week, steps.source, steps.target, cause, rule], axis=1)]
        )

    @property
    def _instants(self) -> Integers:
        starts = [period.starts_at for period in self.moments.periods]
        return np.array(starts, dtype="datetime64[us]").view(np.int64)

    def _creations(self) -> Integers:
        table = self.flow.engine.fetch(load_statement("lead_creations"))
        numbers = table.column("lead_number").to_numpy()
        created_at = np.zeros(int(numbers.max(initial=-1)) + 1, dtype=np.int64)
        created_at[numbers] = microseconds(table.column("created_at"))
        return created_at

    def _endings(self, leads: npt.NDArray[Any], weeks: Integers) -> Integers:
        """Why leads are no longer scored, as places in `CAUSES`."""
        starts = pa.array([period.starts_at for period in self.moments.periods], pa.timestamp("us"))
        wanted = pa.table(
            {
                "place": pa.array(np.arange(len(leads)), pa.int32()),
                "lead_number": pa.array(leads, pa.int32()),
                "since": starts.take(pa.array(weeks - 1)),
                "before": starts.take(pa.array(weeks)),
            }
        )
        ended = self.flow.engine.fetch(
            load_statement("endings_between"),
            {"observed_until": self.moments.observed_until},
            {"wanted": wanted, "stages": stages_table(self.model)},
        )
        causes = np.full(len(leads), CAUSES.index(Cause.TOO_OLD))
        place = ended.column("place").to_numpy()
        is_won = ended.column("converted").to_numpy() > 0
        if self.model.conversion.repeatable:
            is_won[:] = False
        causes[place[ended.column("closed").to_numpy() > 0]] = CAUSES.index(Cause.CLOSED)
        causes[place[is_won]] = CAUSES.index(Cause.WON)
        return causes

    def _is_reset(self, leads: npt.NDArray[Any], weeks: Integers) -> npt.NDArray[np.bool_]:
        """Whether a silence was completed after the instant before and up to that of the week."""
        reset_days = self.model.inactivity_reset_days
        if reset_days is None:
            return np.zeros(len(leads), dtype=np.bool_)
        numbers = self._ends.column("lead_number").to_numpy()
        instants = self._instants
        completed = np.searchsorted(instants, microseconds(self._ends.column("last_at")) + reset_days * DAY)
        # An instant that equals the end of a silence sees it; one that ends after the last is never seen.
        inside = np.flatnonzero((completed > 0) & (completed < len(instants)))
        keys = np.unique(numbers[inside].astype(np.int64) * len(instants) + completed[inside])
        return np.isin(leads.astype(np.int64) * len(instants) + weeks, keys)


def _added(lines: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Equal lines once, in rising order, with how many there are of each."""
    if not len(lines):
        return lines, np.empty(0, dtype=np.int64)
    # A line is made one number, which is sorted many times faster than a row of numbers.
    lowest = lines.min(axis=0)
    sizes = tuple(lines.max(axis=0) - lowest + 1)
    packed = np.ravel_multi_index(tuple((lines - lowest).T), sizes)
    numbers, leads = np.unique(packed, return_counts=True)
    keys = np.stack(np.unravel_index(numbers, sizes), axis=1) + lowest
    return keys, leads.astype(np.int64)
