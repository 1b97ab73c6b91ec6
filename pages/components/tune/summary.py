"""What a change does, in two sentences, and what to be careful about."""

from __future__ import annotations

from dataclasses import dataclass

from pages.components.format import count, percent, signed_count, some_of, times_in_100
from scoring.backtest import PeriodFigures, TierFigures
from scoring.enough_data import MIN_LEADS_FOR_RATE
from scoring.hindsight import known_today
from scoring.model import Model
from scoring.reach import out_of_reach


@dataclass(frozen=True)
class Names:
    """What leads and tiers are called in a sentence."""

    tier: str
    period: str = "quarter"


def describe_change(draft: PeriodFigures, in_use: PeriodFigures, names: Names) -> str:
    """What the draft does to its top tier, against the model in use.

    Parameters
    ----------
    draft, in_use : PeriodFigures
        Pooled over the same leads, same idea of success.
    names : Names

    Returns
    -------
    str
        Two sentences: how many leads the tier gains or loses and how they convert; what it catches and how
        well the score ranks.
    """
    after, before = draft.tiers[-1], in_use.tiers[-1]
    return f"{_tier_sentence(after, before, names)} {_catch_sentence(draft, in_use)}"


def _tier_sentence(after: TierFigures, before: TierFigures, names: Names) -> str:
    change = after.leads - before.leads
    if change == 0 and after.conversions == before.conversions:
        size = f"{count(after.leads)} lead-{names.period}s"
        return f"{names.tier} keeps its {size} and {count(after.conversions)} wins."
    rates = _rates(after.rate, before.rate)
    if change == 0:
        return f"{names.tier} keeps its size of {count(after.leads)} lead-{names.period}s; {rates}."
    wins = after.conversions - before.conversions
    more = "more" if change > 0 else "fewer"
    return (
        f"{names.tier} gets {count(abs(change))} {more} lead-{names.period}s ({count(after.leads)} instead "
        f"of {count(before.leads)}) with {signed_count(wins)} wins; {rates}."
    )


def _rates(after: float | None, before: float | None) -> str:
    if after is None:
        return "nobody is left whose rate could be told"
    if before is None or percent(after) == percent(before):
        return f"{percent(after)} of them convert{', as before' if before is not None else ''}"
    return f"{percent(after)} of them convert instead of {percent(before)}"


def _catch_sentence(draft: PeriodFigures, in_use: PeriodFigures) -> str:
    after, before = draft.tiers[-1].capture, in_use.tiers[-1].capture
    if after is None or before is None:
        return "Without a single win there is nothing to catch."
    caught = (
        f"It catches {percent(after)} of all wins, as before"
        if percent(after) == percent(before)
        else f"It catches {percent(after)} of all wins instead of {percent(before)}"
    )
    if draft.auc is None or in_use.auc is None:
        return f"{caught}."
    ranks = times_in_100(draft.auc)
    if ranks == times_in_100(in_use.auc):
        return f"{caught}, and the score still picks the buyer over the non-buyer {ranks}."
    return (
        f"{caught}, and the score picks the buyer over the non-buyer {ranks} instead of "
        f"{times_in_100(in_use.auc)}."
    )


def find_warnings(model: Model, pooled: PeriodFigures, tier: str) -> list[str]:
    """What to be careful about; plain texts, which may hold names from the model.

    Parameters
    ----------
    model : Model
        The draft.
    pooled : PeriodFigures
        Its figures.
    tier : str
        What the top tier is called.
    """
    found = out_of_reach(model)
    top = pooled.tiers[-1]
    if not found and top.leads < MIN_LEADS_FOR_RATE:
        size = f"only {top.leads}" if top.leads else "no"
        remedy = "Lower its threshold" if model.grid is None else "Assign more cells to it"
        found.append(f"{tier} holds {size} leads: too few to trust its rate. {remedy} or look at more leads.")
    today = [rule.shown_label for rule in known_today(model)]
    if today:
        found.append(
            f"Known today, not as of the day a lead was scored: {some_of(today)}. If sales fills these in "
            "for buyers only, the past looks better than it was."
        )
    return found
