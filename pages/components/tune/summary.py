"""What a change does, in two sentences, and what to be careful about."""

from __future__ import annotations

from dataclasses import dataclass

from pages.components.format import count, percent, signed_count, some_of, times_in_100
from pages.components.tune.compared import Compared
from scoring.backtest import PeriodFigures, TierFigures
from scoring.enough_data import MIN_LEADS_FOR_RATE
from scoring.hindsight import known_today
from scoring.model import Model
from scoring.never_holds import never_holds
from scoring.reach import out_of_reach


@dataclass(frozen=True)
class Names:
    """What leads and tiers are called in a sentence."""

    tier: str
    period: str = "quarter"
    compared: Compared | None = None
    """Which tier of the model in use the draft's is held against; its highest when not given."""


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
    compared = names.compared
    after, before = draft.tiers[-1], in_use.tiers[compared.place if compared else -1]
    if compared is not None and not compared.is_same:
        both = _two_tiers_sentence(after, before, names, compared.label)
        return f"{both} {_rank_sentence(draft, in_use)}".rstrip()
    note = f" {compared.note}" if compared and compared.note else ""
    return f"{_tier_sentence(after, before, names)}{note} {_catch_sentence(draft, in_use, before)}"


def _two_tiers_sentence(after: TierFigures, before: TierFigures, names: Names, old: str) -> str:
    """A tier that the model in use does not have, beside the highest one that it has."""
    return (
        f"{names.tier} is a tier that the model in use does not have: {_size_and_rate(after, names)}. "
        f"The top tier in use, {old}: {_size_and_rate(before, names)}."
    )


def _size_and_rate(tier: TierFigures, names: Names) -> str:
    if tier.rate is None:
        return f"no lead-{names.period}s"
    caught = f" ({percent(tier.capture)} of all wins)" if tier.capture is not None else ""
    return f"{count(tier.leads)} lead-{names.period}s, {percent(tier.rate)} of them convert{caught}"


def _rank_sentence(draft: PeriodFigures, in_use: PeriodFigures) -> str:
    if draft.auc is None or in_use.auc is None:
        return ""
    now, before = times_in_100(draft.auc), times_in_100(in_use.auc)
    if now == before:
        return f"The score still picks the buyer over the non-buyer {now}."
    return f"The score picks the buyer over the non-buyer {now} instead of {before}."


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


def _catch_sentence(draft: PeriodFigures, in_use: PeriodFigures, tier_in_use: TierFigures) -> str:
    after, before = draft.tiers[-1].capture, tier_in_use.capture
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
    found += [one.sentence for one in never_holds(model)]
    today = [rule.shown_label for rule in known_today(model)]
    if today:
        found.append(
            f"Known today, not as of the day a lead was scored: {some_of(today)}. If sales fills these in "
            "for buyers only, the past looks better than it was."
        )
    return found
