"""The back-test: what each tier of a model converted, period by period, from cells alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from scoring.cells import TEN_THOUSANDTHS, Cells, ScoreCounts, count_by_score
from scoring.statistics import auc_delong, ks_statistic, psi, psi_bins, rate
from scoring.tier_counts import TierCounts, count_by_tier, group_figures

if TYPE_CHECKING:
    from scoring.model import Model, Tier

POOLED = "pooled"


@dataclass(frozen=True)
class TierFigures:
    """What one tier converted. Counts are mature leads; `low` and `high` are the rate's 95 % interval."""

    tier: str
    leads: int
    conversions: int
    rate: float | None
    low: float | None
    high: float | None
    lift: float | None
    capture: float | None
    amount: float


@dataclass(frozen=True)
class PeriodFigures:
    """Figures of one period, or of all of them pooled; counts are mature leads unless the name says else.

    None stands for a figure of nothing. `psi` compares with the last earlier period that has mature leads.
    """

    period: str
    leads: int
    conversions: int
    immature_leads: int
    unscored_conversions: int
    rate: float | None
    auc: float | None
    auc_low: float | None
    auc_high: float | None
    ks: float | None
    psi: float | None
    amount: float
    tiers: tuple[TierFigures, ...]


@dataclass(frozen=True)
class Backtest:
    """A model's figures by period and pooled over all mature leads."""

    model: str
    horizon_days: int
    observed_until: datetime
    periods: tuple[PeriodFigures, ...]
    pooled: PeriodFigures


def compute_backtest(cells: Cells, model: Model) -> Backtest:
    """Figures of a model by period, over all segments of the cells.

    Parameters
    ----------
    cells : Cells
        Scored with this model.
    model : Model
        Its name, score range and tiers are used.

    Returns
    -------
    Backtest
        Periods in the cells' order; without cells there are no periods and all pooled counts are 0.

    Raises
    ------
    ScoringError
        When a score lies outside the model's range; when the cells have no places in the model's grid.
    """
    counts = count_by_score(cells, model.min_score, model.max_score)
    by_tier = count_by_tier(cells, counts, model)
    immature = _immature_by_period(cells)
    unscored = cells.unscored_conversions.sum(axis=0)
    drift = _psi_by_period(counts)
    periods = tuple(
        _figures(
            label,
            counts,
            by_tier,
            row,
            model.tiers,
            immature=int(immature[row]),
            unscored=int(unscored[row]),
            drift=drift[row],
        )
        for row, label in enumerate(cells.periods)
        if _has_rows(counts, immature, row)
    )
    pooled = _figures(
        POOLED,
        counts.pooled,
        by_tier.pooled,
        0,
        model.tiers,
        immature=sum(figures.immature_leads for figures in periods),
        unscored=sum(figures.unscored_conversions for figures in periods),
        drift=None,
    )
    return Backtest(model.name, cells.horizon_days, cells.observed_until, periods, pooled)


def backtest_by_segment(cells: Cells, model: Model) -> dict[str, Backtest]:
    """One back-test for each value of the segment that the cells are split by, in their order."""
    return {value: compute_backtest(cells.select(value), model) for value in cells.segments}


def to_json(backtest: Backtest) -> dict[str, Any]:
    """A back-test as the JSON object of ``tierline backtest --json``: same keys, same order."""
    return {
        "model": backtest.model,
        "horizon_days": backtest.horizon_days,
        "observed_until": backtest.observed_until.isoformat() + "Z",
        "periods": [_period_json(figures) for figures in backtest.periods],
        "pooled": _period_json(backtest.pooled),
    }


def difference(first: Backtest, second: Backtest) -> dict[str, Any]:
    """`second` - `first` for every number, with the periods and tiers that either of them has.

    A number that is None, or missing, on one side is None. Texts other than the labels are left out.
    """
    return subtract(to_json(first), to_json(second))


def subtract(a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, Any]:
    """The same of two JSON objects, which may have more numbers beside the rates than `to_json` gives."""
    labels = sorted({period["period"] for period in (*a["periods"], *b["periods"])})
    a_periods = {period["period"]: period for period in a["periods"]}
    b_periods = {period["period"]: period for period in b["periods"]}
    return {
        "horizon_days": b["horizon_days"] - a["horizon_days"],
        "periods": [_subtract_period(a_periods.get(label), b_periods.get(label)) for label in labels],
        "pooled": _subtract_period(a["pooled"], b["pooled"]),
    }


def _period_json(figures: PeriodFigures) -> dict[str, Any]:
    content = asdict(figures)
    content["tiers"] = list(content["tiers"])
    return content


def _figures(
    label: str,
    counts: ScoreCounts,
    by_tier: TierCounts,
    row: int,
    tiers: Sequence[Tier],
    *,
    immature: int,
    unscored: int,
    drift: float | None,
) -> PeriodFigures:
    converted, not_converted = counts.converted[row], counts.not_converted[row]
    conversions = int(converted.sum())
    leads = conversions + int(not_converted.sum())
    auc, auc_low, auc_high = auc_delong(converted, not_converted)
    return PeriodFigures(
        period=label,
        leads=leads,
        conversions=conversions,
        immature_leads=immature,
        unscored_conversions=unscored,
        rate=rate(conversions, leads),
        auc=auc,
        auc_low=auc_low,
        auc_high=auc_high,
        ks=ks_statistic(converted, not_converted),
        psi=drift,
        amount=int(counts.amount[row].sum()) / TEN_THOUSANDTHS,
        tiers=tuple(
            TierFigures(tier=tier.name, **figures)
            for tier, figures in zip(tiers, group_figures(by_tier, row), strict=True)
        ),
    )


def _psi_by_period(counts: ScoreCounts) -> list[float | None]:
    """PSI of each period against the last earlier one that has mature leads."""
    result: list[float | None] = []
    before: NDArray[np.int64] | None = None
    for leads in counts.converted + counts.not_converted:
        now = psi_bins(leads)
        result.append(None if before is None else psi(before, now))
        before = now if now.any() else before
    return result


def _immature_by_period(cells: Cells) -> NDArray[np.int64]:
    open_rows = ~cells.mature
    sums = np.zeros(len(cells.periods), dtype=np.int64)
    np.add.at(sums, cells.period[open_rows], cells.leads[open_rows])
    return sums


def _has_rows(counts: ScoreCounts, immature: NDArray[np.int64], row: int) -> bool:
    return bool(immature[row] or counts.converted[row].any() or counts.not_converted[row].any())


def _subtract_period(a: Mapping[str, Any] | None, b: Mapping[str, Any] | None) -> dict[str, Any]:
    result = _subtract(a, b)
    a_tiers = {tier["tier"]: tier for tier in a["tiers"]} if a else {}
    b_tiers = {tier["tier"]: tier for tier in b["tiers"]} if b else {}
    names = [*b_tiers, *(name for name in a_tiers if name not in b_tiers)]
    result["tiers"] = [_subtract(a_tiers.get(name), b_tiers.get(name)) for name in names]
    return result


def _subtract(a: Mapping[str, Any] | None, b: Mapping[str, Any] | None) -> dict[str, Any]:
    """b - a of flat figures; texts are labels and are kept."""
    known = b or a or {}
    a, b = a or {}, b or {}
    result: dict[str, Any] = {}
    for key, value in known.items():
        if isinstance(value, str):
            result[key] = value
        elif key != "tiers":
            left, right = a.get(key), b.get(key)
            result[key] = None if left is None or right is None else right - left
    return result
