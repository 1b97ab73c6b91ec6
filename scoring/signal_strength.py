"""Whether a score tells buyers from non-buyers at all, said in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scoring.backtest import PeriodFigures
from scoring.enough_data import MIN_CONVERSIONS_FOR_VERDICT, enough_for_verdict

COIN = 0.5

WEAK_AUC = 0.55
"""Up to here a score is hardly better than a coin, however certain that it is not one."""

IMPLAUSIBLE_AUC = 0.95
"""From here on a lead score more probably knows the answer than it foresees it."""


class Strength(StrEnum):
    """How well a score ranks."""

    TOO_LITTLE_DATA = "too little data"
    BACKWARDS = "backwards"
    NONE = "no signal"
    WEAK = "hardly any signal"
    CLEAR = "signal"
    IMPLAUSIBLE = "too good to be true"


@dataclass(frozen=True)
class Signal:
    """How well a score ranks, and the sentence that says so."""

    strength: Strength
    sentence: str


def judge_signal(figures: PeriodFigures) -> Signal:
    """Judge the AUC of a period, or of all periods pooled."""
    auc, low, high = figures.auc, figures.auc_low, figures.auc_high
    if (
        auc is None
        or low is None
        or high is None
        or not enough_for_verdict(figures.conversions, figures.leads)
    ):
        return Signal(
            Strength.TOO_LITTLE_DATA,
            f"{figures.conversions} of {figures.leads} leads converted: too few to judge, which takes "
            f"{MIN_CONVERSIONS_FOR_VERDICT} that did and {MIN_CONVERSIONS_FOR_VERDICT} that did not.",
        )
    strength = _strength(auc, low, high)
    picks = (
        f"The score picks the buyer over the non-buyer {100 * auc:.0f} times in 100 "
        f"(likely {100 * low:.0f} to {100 * high:.0f})"
    )
    meaning = {
        Strength.BACKWARDS: ": it ranks the leads the wrong way round.",
        Strength.NONE: ", which a coin would do as well: nothing in it tells who buys.",
        Strength.WEAK: ", hardly more often than a coin: too little to act on.",
        Strength.CLEAR: ".",
        Strength.IMPLAUSIBLE: ": too good to be true. Look for a rule that knows the answer.",
    }[strength]
    return Signal(strength, picks + meaning)


def _strength(auc: float, low: float, high: float) -> Strength:
    if high < COIN:
        return Strength.BACKWARDS
    if low <= COIN:
        return Strength.NONE
    if auc < WEAK_AUC:
        return Strength.WEAK
    return Strength.IMPLAUSIBLE if auc >= IMPLAUSIBLE_AUC else Strength.CLEAR
