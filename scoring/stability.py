"""Whether a distribution moved, and whether pooling flatters: PSI with its verdict, Simpson's paradox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import inf

from scipy.special import chdtri

from scoring.backtest import Backtest
from scoring.enough_data import enough_for_verdict
from scoring.statistics import Counts, psi

PSI_SOME = 0.1
PSI_LARGE = 0.25
"""The usual verdicts: below 0.1 stable, up to 0.25 some shift, above it a large one. Siddiqi (2006)."""

SIMPSON_GAP = 0.03
"""From this gap between pooled AUC and mean AUC of the periods on, pooling is said to flatter or to hide."""

NOISE_QUANTILE = 0.95


class Shift(StrEnum):
    """How far a distribution moved."""

    STABLE = "stable"
    SOME = "some shift"
    LARGE = "large shift"
    TOO_LITTLE_DATA = "too little data"


@dataclass(frozen=True)
class PsiVerdict:
    """PSI, what chance alone may give (95 of 100 times less), and the verdict."""

    psi: float | None
    noise: float
    shift: Shift


@dataclass(frozen=True)
class SimpsonGuard:
    """Pooled AUC beside the mean of the periods' AUCs; `warning` when they part."""

    pooled: float | None
    mean_of_periods: float | None
    gap: float | None
    periods: int
    warning: str | None


def judge_psi(expected: Counts, actual: Counts) -> PsiVerdict:
    """PSI of two distributions over the same bins, with a verdict that allows for chance.

    Two samples of one distribution have a PSI too: about chi-squared with bins - 1 degrees of freedom, times
    (1 / n + 1 / m). A PSI within that is no shift; when that alone could exceed 0.25, there is too little
    data to call it stable.

    Parameters
    ----------
    expected, actual : int array, shape (bins,)
        Before and now. Bins that are empty on both sides do not count as bins.

    Notes
    -----
    Yurdakul, Naranjo (2020), Journal of Risk Model Validation 14(4), 89-100.
    """
    value = psi(expected, actual)
    if value is None:
        return PsiVerdict(None, inf, Shift.TOO_LITTLE_DATA)
    freedom = int(((expected + actual) > 0).sum()) - 1
    quantile = float(chdtri(freedom, 1 - NOISE_QUANTILE)) if freedom else 0.0
    noise = quantile * (1 / int(expected.sum()) + 1 / int(actual.sum()))
    if value <= noise:
        return PsiVerdict(value, noise, Shift.TOO_LITTLE_DATA if noise > PSI_LARGE else Shift.STABLE)
    if value < PSI_SOME:
        return PsiVerdict(value, noise, Shift.STABLE)
    return PsiVerdict(value, noise, Shift.SOME if value < PSI_LARGE else Shift.LARGE)


def moved_inputs(inputs: Mapping[str, tuple[Counts, Counts]]) -> tuple[tuple[str, PsiVerdict], ...]:
    """Judge each input (a rule's counts, a source's shares) by PSI; the one that moved most comes first."""
    judged = [(name, judge_psi(before, now)) for name, (before, now) in inputs.items()]
    return tuple(sorted(judged, key=lambda item: -(item[1].psi or 0.0)))


def guard_against_simpson(backtest: Backtest) -> SimpsonGuard:
    """Set the pooled AUC beside the mean over the periods with enough conversions.

    When base rates differ between periods, a score that only knows the period looks good pooled; within a
    period, which is where sales chooses, it may be worth nothing.

    Notes
    -----
    Simpson (1951), JRSS B 13, 238-241; for AUCs of pooled groups Janes, Pepe (2008), American Journal of
    Epidemiology 168, 89-97.
    """
    aucs = [
        figures.auc
        for figures in backtest.periods
        if figures.auc is not None and enough_for_verdict(figures.conversions, figures.leads)
    ]
    pooled = backtest.pooled.auc
    mean = sum(aucs) / len(aucs) if aucs else None
    if pooled is None or mean is None:
        return SimpsonGuard(pooled, mean, None, len(aucs), None)
    gap = pooled - mean
    return SimpsonGuard(pooled, mean, gap, len(aucs), _simpson_warning(pooled, mean, gap, len(aucs)))


def _simpson_warning(pooled: float, mean: float, gap: float, periods: int) -> str | None:
    if periods < 2 or abs(gap) < SIMPSON_GAP:
        return None
    figures = (
        f"Pooled over all periods the score picks the buyer {100 * pooled:.0f} times in 100, within a period "
        f"only {100 * mean:.0f} times on average"
    )
    if gap > 0:
        return f"{figures}: pooling flatters, since it also counts telling good periods from bad ones."
    return f"{figures.replace(' only', '')}: pooling hides what the score does within each period."
