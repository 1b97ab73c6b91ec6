"""What a meeting of sales and marketing has to know, in sentences."""

from __future__ import annotations

from collections.abc import Mapping

from scoring.figure_words import percent
from scoring.funnel import Funnel, FunnelStep
from scoring.holdout import NEARLY_ALL, Holdout
from scoring.sales_answers import Bring, ReasonAnswers, RuleAnswers
from scoring.sales_response import TierResponse
from scoring.worked import WorkedShare
from scoring.worked_words import NOT_TOLD

STEP_NAMES = {
    "lead": "Leads",
    "mql": "Marketing-ready (MQL)",
    "sal": "Accepted by sales (SAL)",
    "sql": "Qualified by sales (SQL)",
    "won": "Won",
}


def days_words(days: int) -> str:
    """A number of days: ``1 day``, ``20 days``."""
    return f"{days} day" + ("" if days == 1 else "s")


def selection_sentence(shares: Mapping[str, WorkedShare]) -> str:
    """What the rates cannot tell, by what is known of the leads that sales worked.

    Parameters
    ----------
    shares : mapping of str to WorkedShare
        By tier, lowest first; none at all where the data do not tell it.

    Examples
    --------
    >>> selection_sentence({})[:45]
    'Sales chose whom to call. Which leads sales w'
    """
    start = "Sales chose whom to call."
    if not shares:
        return f"{start} {NOT_TOLD}"
    beside = "beside each tier's rate stands the share of its leads that sales worked."
    if all(one.share is None or one.share >= NEARLY_ALL for one in shares.values()):
        return f"Sales worked nearly every lead, so whom it chose to call bends no rate: {beside}"
    lowest = next(iter(shares.values()))
    unknown = "What leads that nobody called would convert if called is not known"
    if lowest.is_hardly_worked:
        unknown = (
            "Leads below the threshold were hardly worked, so what they would convert if called is not known"
        )
    return f"{start} {unknown}: {beside}"


def funnel_sentence(funnel: Funnel) -> str:
    """The step at which most leads are left behind.

    Examples
    --------
    >>> from datetime import datetime
    >>> funnel_sentence(Funnel(0, (), 0, 90, datetime(2025, 1, 1)))
    'No lead has had all its 90 days for any step yet.'
    """
    judged = [step for step in funnel.steps if step.rate is not None]
    if not judged:
        return f"No lead has had all its {funnel.horizon_days} days for any step yet."
    narrow = min(judged, key=lambda step: step.rate or 0.0)
    days = "" if narrow.days_median is None else f", half of them within {days_words(narrow.days_median)}"
    return (
        f"The narrowest step leads to “{STEP_NAMES[narrow.step]}”: {_share(narrow)} of those that had "
        f"{days_words(funnel.horizon_days)}{days}."
    )


def rule_sentence(rules: tuple[RuleAnswers, ...], labels: dict[str, str]) -> str:
    """Which rules bring the leads that sales rejects."""
    found = [one for one in rules if one.bring == Bring.REJECTED]
    if not found:
        return "No rule brings rejected leads more often than chance would."
    named = ", ".join(
        f"“{labels[one.rule]}” ({percent(one.fired.rate)} rejected, without it {percent(one.silent.rate)})"
        for one in found
    )
    return f"More than chance: leads with {named} are rejected more often than others."


def reason_sentence(one: ReasonAnswers, labels: dict[str, str]) -> str:
    """Which rule the rejections for one reason have in common; '' when none is more than chance."""
    if one.rule is None or one.low is None or one.high is None:
        return ""
    return (
        f"“{one.reason}”: “{labels[one.rule]}” counted for {percent(one.with_rule)} (likely "
        f"{100 * one.low:.1f} to {percent(one.high)}) of these, for "
        f"{percent(one.accepted_with_rule)} of the accepted leads."
    )


def promise_sentence(one: TierResponse, label: str) -> str:
    """Whether a tier's response time was kept; '' where nothing is promised."""
    if one.respond_within_hours is None:
        return ""
    if not one.due:
        return f"{label}: nobody's {one.respond_within_hours:g} hours have passed yet."
    return (
        f"{label}: sales recorded something within {one.respond_within_hours:g} hours for {one.kept:,} of "
        f"{one.due:,} leads ({percent(one.kept_rate)})."
    )


def speed_sentence(one: TierResponse, label: str) -> str:
    """How soon sales followed up on a tier's leads; '' where none of them was worked or had its days."""
    if one.hours_median is None or not one.complete:
        return ""
    return (
        f"{label}: of {one.complete:,} leads that have had all their days, sales worked {one.worked:,} "
        f"({percent(one.worked / one.complete)}), half of these within {_hours_words(one.hours_median)}."
    )


def capacity_sentence(label: str, per_week: float | None, can_work: float | None) -> str:
    """How many leads a threshold sends in a week, and which share of what sales can work; '' before any did.

    Examples
    --------
    >>> capacity_sentence("Sales-ready (SQL)", 26.0, 20).replace("\\u00a0", " ")
    '26.0 new leads a week reach Sales-ready (SQL): 130 % of what sales can work, 6.0 too many.'
    """
    if per_week is None:
        return ""
    start = f"{per_week:.1f} new leads a week reach {label}"
    if can_work is None:
        return f"{start}."
    over = per_week - can_work
    end = f", {over:.1f} too many" if over > 0 else ""
    return f"{start}: {percent(per_week / can_work, 0)} of what sales can work{end}."


def holdout_sentence(plan: Holdout, period: str) -> str:
    """What to work at random in a quarter or month, and what one then knows."""
    if plan.worked_share is not None and plan.worked_share >= NEARLY_ALL:
        return (
            f"Sales worked {percent(plan.worked_share)} of the leads below the threshold, so their rate is "
            "known like any other: no holdout is needed."
        )
    points = f"{100 * plan.precision:.2g} percentage point" + ("" if plan.precision == 0.01 else "s")
    if plan.share is None:
        return "No lead stood below the threshold, so there is nothing to hold out."
    start = (
        f"To know the rate of leads below the threshold to plus or minus {points}, "
        f"{plan.size:,} of them must be worked, chosen at random"
    )
    if not plan.is_reachable:
        return (
            f"{start}; on average only {plan.available:,.0f} stand there when a {period} begins: go on "
            f"for several {period}s, or be content with less precision."
        )
    return (
        f"{start}: {percent(plan.share)} of the {plan.available:,.0f} that on average stand "
        f"there when a {period} begins."
    )


def _hours_words(hours: float) -> str:
    """Hours up to two days, days from there on."""
    return f"{hours:.1f} hours" if hours < 48 else f"{hours / 24:.1f} days"


def _share(step: FunnelStep) -> str:
    return f"{percent(step.rate)} ({step.passed:,} of {step.complete:,})"
