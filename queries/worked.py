"""Which share of the leads behind each rate sales worked: by tier, by cell of a grid, move and part of them.

The leads of a share are exactly those of the rate that it stands beside: complete lead-moments of the
back-test. Worked is one about which sales did something within the days allowed to convert: any outcome but
marketing's hand-over. Where the data hold no outcome of sales but wins, nobody knows it, and there is none.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from queries.comparison import on_shared_moments
from queries.counting import scoring_key
from queries.flow import Flow, Progress, silent
from queries.funnel import roles_table, stages_of_sales
from queries.kept_figures import kept_figures
from queries.moments import DAY
from queries.observed import Observed
from queries.sales import responses_by_tier
from queries.segments import segments_of_moments
from queries.statements import load_statement
from queries.structures import structure_key
from scoring.grid import Grid
from scoring.model import Model
from scoring.tiers import tiers_key
from scoring.worked import POOLED, WorkedShare, pooled, worked_share, worked_shares

Flags = NDArray[np.bool_]


def known_worked(flow: Flow, model: Model, observed_until: datetime | None = None) -> tuple[WorkedShare, ...]:
    """By period and tier, and pooled; empty where the data do not tell what sales worked.

    Parameters
    ----------
    flow : Flow
    model : Model
    observed_until : datetime, optional
        Pretend that the data ended here, as the rates do.

    Raises
    ------
    QueryError
        The model names a column that the data do not have; nothing was observed yet.
    """
    return worked_by_tier(flow, model, observed_until) if tells_worked(flow, model) else ()


def worked_by_tier(
    flow: Flow, model: Model, observed_until: datetime | None = None
) -> tuple[WorkedShare, ...]:
    """As `known_worked`, whatever the data tell: with wins alone, worked is what was won."""
    observed = flow.observed(model, observed_until)

    def find() -> tuple[WorkedShare, ...]:
        rows = _rows(flow, observed)
        return rows.shares(flow.scored(observed).tiers(model), _names(model))

    depends_on = [*_worked_key(flow, observed), scoring_key(model), tiers_key(model)]
    return kept_figures(flow.store, structure_key("worked_shares", depends_on), WorkedShare, find)


def known_worked_cells(
    flow: Flow, model: Model, observed_until: datetime | None = None
) -> tuple[WorkedShare, ...]:
    """The same by the cells of the model's grid, whose names stand for tiers; empty without a grid, too."""
    grid = model.grid
    if grid is None or not tells_worked(flow, model):
        return ()
    return _worked_by_cell(flow, flow.observed(model, observed_until), grid)


def _worked_by_cell(flow: Flow, observed: Observed, grid: Grid) -> tuple[WorkedShare, ...]:
    def find() -> tuple[WorkedShare, ...]:
        place = flow.scored(observed).place
        assert place is not None  # the model has a grid
        return _rows(flow, observed).shares(place.astype(np.int64), grid.cell_names)

    axes = [grid.rows.model_dump(), grid.columns.model_dump(), list(grid.cell_names)]
    depends_on = [*_worked_key(flow, observed), scoring_key(observed.model), axes]
    return kept_figures(flow.store, structure_key("worked_cells", depends_on), WorkedShare, find)


def known_worked_between(flow: Flow, model: Model, lowest: int, highest: int) -> float | None:
    """Of the leads whose score was in a range, both ends included; None where nobody knows, or of no lead."""
    if not tells_worked(flow, model):
        return None
    observed = flow.observed(model, None)
    score = flow.scored(observed).score
    place = np.where((score >= lowest) & (score <= highest), 0, 1)
    return pooled(_rows(flow, observed).shares(place, ["in", "out"]))["in"].share


def known_worked_moves(
    flow: Flow, champion: Model, challenger: Model, left_out: Collection[str] = ()
) -> dict[tuple[str, str], WorkedShare]:
    """By the tier of the model in use and that of the draft, over all periods that are not left out.

    Both models are asked about the leads and moments of the model in use, see `queries.comparison`.
    """
    if not tells_worked(flow, champion):
        return {}
    draft = on_shared_moments(champion, challenger)
    observed = flow.observed(champion, None)
    before = flow.scored(observed).tiers(champion)
    after = flow.scored(flow.observed(draft, None)).tiers(draft)
    pairs = [(a.name, b.name) for a in champion.tiers for b in draft.tiers]
    shares = _rows(flow, observed).shares(
        before * len(draft.tiers) + after, [str(number) for number in range(len(pairs))]
    )
    found = pooled(shares, left_out)
    return {pair: found[str(number)] for number, pair in enumerate(pairs)}


def known_worked_parts(
    flow: Flow, model: Model, segment: str, observed_until: datetime | None = None
) -> dict[str, tuple[WorkedShare, ...]]:
    """As `known_worked` for each value of a column of leads or accounts that a complete lead has."""
    if not tells_worked(flow, model):
        return {}
    observed = flow.observed(model, observed_until)
    rows, tiers = _rows(flow, observed), flow.scored(observed).tiers(model)
    touches = flow.touches(segment)
    values = segments_of_moments(flow.engine, observed.rows.table, segment, touches).column("segment")
    encoded = values.combine_chunks().dictionary_encode()
    codes = encoded.indices.to_numpy()
    return {
        value: rows.part(codes == code).shares(tiers, _names(model))
        for code, value in enumerate(encoded.dictionary.to_pylist())
    }


def known_worked_entries(flow: Flow, model: Model, progress: Progress = silent) -> dict[str, WorkedShare]:
    """By tier, of the leads that got there and have had all their days since: a lead counts once.

    As in `queries.sales.responses_by_tier`, leads that sales had in its hands before have no part in it, and
    one that reaches several tiers at once counts for the highest. Empty where the data do not tell it.
    """
    if not tells_worked(flow, model):
        return {}
    return {
        one.tier: worked_share(POOLED, one.tier, one.worked, one.complete)
        for one in responses_by_tier(flow, model, progress)
    }


def tells_worked(flow: Flow, model: Model) -> bool:
    """Whether the data tell leads worked in vain from those that nobody worked."""
    return stages_of_sales(flow, model).tells_worked


@dataclass(frozen=True, eq=False)
class _Rows:
    """All lead-moments of a back-test: whether complete, whether worked, and their period's place."""

    complete: Flags
    worked: Flags
    period: NDArray[np.int64]
    periods: tuple[str, ...]

    def shares(self, place: NDArray[np.int64], names: Sequence[str]) -> tuple[WorkedShare, ...]:
        """By period and name; `place` are the rows' places in `names`."""
        kept = self.complete
        return worked_shares(place[kept], self.period[kept], self.worked[kept], names, self.periods)

    def part(self, chosen: Flags) -> _Rows:
        """Only the rows that are chosen."""
        return _Rows(self.complete & chosen, self.worked, self.period, self.periods)


def _rows(flow: Flow, observed: Observed) -> _Rows:
    roles = _roles(flow, observed.model)

    def compute() -> pa.Table:
        return flow.engine.fetch(
            load_statement("worked"),
            {
                "horizon": observed.model.conversion.horizon_days * DAY,
                "observed_until": observed.moments.observed_until,
            },
            {"lead_moments": observed.rows.table, "roles": roles},
        )

    found = flow.store.get(structure_key("worked", _worked_key(flow, observed)), compute)
    worked = np.zeros(len(observed.rows), dtype=np.bool_)
    worked[found.column("row_number").to_numpy()] = True
    return _Rows(
        complete=np.asarray(flow.labels(observed).column("mature").to_numpy(), dtype=np.bool_),
        worked=worked,
        period=observed.rows.table.column("period").to_numpy().astype(np.int64),
        periods=tuple(period.label for period in observed.moments.periods),
    )


def _roles(flow: Flow, model: Model) -> pa.Table:
    return roles_table(stages_of_sales(flow, model)).select(["stage"])


def _worked_key(flow: Flow, observed: Observed) -> list[Any]:
    return [observed.labels_key, _roles(flow, observed.model).column("stage").to_pylist()]


def _names(model: Model) -> list[str]:
    return [tier.name for tier in model.tiers]
