"""Whether the draft is better than the model in use: by period, pooled, and in words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from scoring.auc_difference import AucDifference, clustered_auc_difference, paired_auc_difference
from scoring.backtest import POOLED, Backtest
from scoring.enough_data import MIN_CONVERSIONS_FOR_VERDICT, enough_for_verdict
from scoring.figure_words import percent
from scoring.joint_cells import JointCells, LeadRows

MANY_VARIANTS = 5
"""From this many drafts tried on the same periods on, a warning: one of them looks better by chance with
a probability of 1 - 0.975 ** 5 = 12 %."""


class Level(StrEnum):
    """What a comparison comes to."""

    BETTER = "better"
    NO_DIFFERENCE = "no real difference"
    WORSE = "worse"
    TOO_LITTLE_DATA = "too little data"


@dataclass(frozen=True)
class Verdict:
    """A level and the sentence that gives the reason."""

    level: Level
    reason: str


@dataclass(frozen=True)
class PeriodComparison:
    """Both models in one period (or pooled), on the same mature leads."""

    period: str
    leads: int
    conversions: int
    auc: AucDifference
    verdict: Verdict


@dataclass(frozen=True)
class Comparison:
    """Both models on the same leads.

    `mean_difference` is the mean of the judged periods' AUC differences; `agreeing` of the `judged` periods
    (those with enough conversions) point the same way as the pooled difference.
    """

    periods: tuple[PeriodComparison, ...]
    pooled: PeriodComparison
    mean_difference: float | None
    agreeing: int
    judged: int


def compare_models(
    joint: JointCells, rows: LeadRows | None = None, left_out: Collection[str] = ()
) -> Comparison:
    """Compare the draft (b) with the model in use (a) by how well they rank leads.

    Parameters
    ----------
    joint : JointCells
    rows : LeadRows, optional
        The same leads one by one. With them the pooled interval knows which leads return; without, every row
        counts as a lead of its own, which is right only when no lead stands in two periods.
    left_out : collection of str
        Periods kept back for the final check.

    Returns
    -------
    Comparison
        Without mature leads no periods, and "too little data".

    Notes
    -----
    The pooled verdict needs two things: an interval without 0, and the mean of the periods' differences on
    the same side. Pooling alone can be flattered by a score that knows good periods from bad ones but not
    good leads from bad ones (Simpson's paradox). The second condition only ever takes a verdict back.
    """
    kept = [label for label in joint.periods if label not in left_out]
    periods = []
    for label in kept:
        part = joint.only([label])
        leads, conversions = _counts(part)
        auc = paired_auc_difference(part)
        periods.append(
            PeriodComparison(label, leads, conversions, auc, judge_auc_difference(auc, conversions, leads))
        )
    whole = joint.only(kept)
    leads, conversions = _counts(whole)
    pooled_auc = paired_auc_difference(whole) if rows is None else clustered_auc_difference(rows.only(kept))
    judged = [
        period.auc.difference
        for period in periods
        if period.auc.difference is not None and enough_for_verdict(period.conversions, period.leads)
    ]
    mean = sum(judged) / len(judged) if judged else None
    agreeing = sum(1 for difference in judged if _sign(difference) == _sign(pooled_auc.difference))
    verdict = _judge_pooled(pooled_auc, conversions, leads, mean, f"{agreeing} of {len(judged)}")
    pooled = PeriodComparison(POOLED, leads, conversions, pooled_auc, verdict)
    return Comparison(tuple(periods), pooled, mean, agreeing, len(judged))


def judge_auc_difference(auc: AucDifference, conversions: int, leads: int) -> Verdict:
    """Better when the whole interval of ``auc_b - auc_a`` lies above 0, worse when it lies below."""
    if not enough_for_verdict(conversions, leads) or auc.low is None or auc.high is None:
        return Verdict(
            Level.TOO_LITTLE_DATA,
            f"{conversions} of {leads} leads converted; a verdict needs {MIN_CONVERSIONS_FOR_VERDICT} that "
            f"did and {MIN_CONVERSIONS_FOR_VERDICT} that did not.",
        )
    figures = describe_auc_difference(auc)
    if auc.low > 0:
        return Verdict(Level.BETTER, f"{figures} is more than chance.")
    if auc.high < 0:
        return Verdict(Level.WORSE, f"{figures} is more than chance.")
    if auc.low == auc.high == 0:
        return Verdict(Level.NO_DIFFERENCE, "Your draft ranks the leads exactly as the model in use does.")
    return Verdict(Level.NO_DIFFERENCE, f"{figures} is no more than chance.")


def describe_auc_difference(auc: AucDifference) -> str:
    """Both AUCs and their difference in the words of the screen; '' when there is no interval."""
    if None in (auc.auc_a, auc.auc_b, auc.difference, auc.low, auc.high):
        return ""
    return (
        f"Your draft picks the buyer over the non-buyer {_in_100(auc.auc_b)} times in 100, the model in use "
        f"{_in_100(auc.auc_a)} times; the difference of {_signed(auc.difference)} (likely "
        f"{_signed(auc.low)} to {_signed(auc.high)})"
    )


def judge_difference(low: float | None, high: float | None) -> Level:
    """The level of any figure of which more is better, from the interval of its difference b - a."""
    if low is None or high is None:
        return Level.TOO_LITTLE_DATA
    if low > 0:
        return Level.BETTER
    return Level.WORSE if high < 0 else Level.NO_DIFFERENCE


def newest_complete_period(backtest: Backtest) -> str | None:
    """The last period all of whose leads are mature: the one kept back for the final check."""
    complete = [
        figures.period for figures in backtest.periods if figures.leads and not figures.immature_leads
    ]
    return complete[-1] if complete else None


def warn_of_many_variants(variant_count: int) -> str | None:
    """A sentence when so many drafts were tried on the same periods that luck would find a better one.

    The chance is that of at least one false "better" among independent tries, 1 - 0.975 ** n: an upper bound,
    since variants of one model resemble each other.
    """
    if variant_count < MANY_VARIANTS:
        return None
    chance = 1 - 0.975**variant_count
    return (
        f"{variant_count} drafts were tried on the same periods. With that many, chance alone makes one of "
        f"them look better with a probability of up to {percent(chance, 0)}; trust the final check "
        "on a period that none of them has seen."
    )


def _judge_pooled(
    auc: AucDifference, conversions: int, leads: int, mean: float | None, agreement: str
) -> Verdict:
    verdict = judge_auc_difference(auc, conversions, leads)
    if verdict.level not in (Level.BETTER, Level.WORSE):
        return verdict
    if mean is None:
        return Verdict(
            Level.TOO_LITTLE_DATA, "No single period has enough conversions to confirm a difference."
        )
    if _sign(mean) != _sign(auc.difference):
        return Verdict(
            Level.NO_DIFFERENCE,
            f"Pooled over all periods the difference is {_signed(auc.difference)}, but within the periods it "
            f"is {_signed(mean)} on average: it comes from telling good periods from bad ones, not leads.",
        )
    return Verdict(verdict.level, f"{verdict.reason} {agreement} complete periods agree.")


def _counts(joint: JointCells) -> tuple[int, int]:
    return int(joint.leads.sum()), int(joint.leads[joint.converted].sum())


def _sign(value: float | None) -> int:
    return 0 if not value else (1 if value > 0 else -1)


def _in_100(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.0f}"


def _signed(value: float | None) -> str:
    return "" if value is None else f"{100 * value:+.1f}"
