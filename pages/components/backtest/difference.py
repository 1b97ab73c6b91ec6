"""The draft beside the model in use, figure by figure, in words and sign."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from pages.components import format as shown
from pages.components.figures.style import Labels, tier_named
from scoring.backtest import Backtest, PeriodFigures
from scoring.worked import WorkedShare

FIGURE, IN_USE, DRAFT, DIFFERENCE = "Figure", "Model in use", "Your draft", "Difference"

Show = Callable[[float | None], str]


def pooled_difference(
    draft: Backtest,
    in_use: Backtest,
    labels: Labels,
    worked: Mapping[str, WorkedShare],
    worked_in_use: Mapping[str, WorkedShare],
) -> pd.DataFrame:
    """All complete periods: leads, rate and share of wins caught of each tier, and how well the score ranks.

    Tiers are matched by name; a figure that one of the two does not have is a dash. What sales worked has a
    row where the data tell it.
    """
    rows = []
    for tier in draft.pooled.tiers[::-1]:
        old = tier_named(in_use.pooled, tier.tier)
        name = labels[tier.tier]
        leads, rate, capture = (old.leads, old.rate, old.capture) if old else (None, None, None)
        rows += [
            _row(f"{name}: leads", leads, tier.leads, shown.count, _count_change),
            _row(f"{name}: converted", rate, tier.rate, shown.percent, _rate_change),
            *_worked_rows(name, worked_in_use.get(tier.tier), worked.get(tier.tier)),
            _row(f"{name}: share of wins caught", capture, tier.capture, shown.percent, _rate_change),
        ]
    old_auc, auc = in_use.pooled.auc, draft.pooled.auc
    rows.append(_row("Picks the buyer over the non-buyer", old_auc, auc, _finer_auc, _auc_change))
    return pd.DataFrame(rows)


def period_difference(draft: Backtest, in_use: Backtest, tier_name: str, word: str) -> pd.DataFrame:
    """One tier's conversion rate in every period that either of the two has."""
    new, old = _rates(draft.periods, tier_name), _rates(in_use.periods, tier_name)
    rows = [
        {word.capitalize(): label} | _row("", old.get(label), new.get(label), shown.percent, _rate_change)
        for label in sorted({*new, *old})
    ]
    return pd.DataFrame(rows).drop(columns=FIGURE, errors="ignore")


def in_words(delta: float | None, signed: str, more: str, less: str) -> str:
    """A signed difference followed by its direction, so that neither sign nor colour stands alone.

    Examples
    --------
    >>> in_words(35, "+35", "more", "fewer"), in_words(0, "±0", "more", "fewer")
    ('+35 (more)', 'no change')
    """
    if delta is None:
        return shown.NO_DATA
    if delta == 0:
        return "no change"
    return f"{signed} ({more if delta > 0 else less})"


def _rates(periods: tuple[PeriodFigures, ...], tier_name: str) -> dict[str, float | None]:
    found = ((figures.period, tier_named(figures, tier_name)) for figures in periods)
    return {label: tier.rate if tier else None for label, tier in found}


def _worked_rows(name: str, old: WorkedShare | None, new: WorkedShare | None) -> list[dict[str, str]]:
    if new is None:
        return []
    before = old.share if old else None
    return [_row(f"{name}: sales worked", before, new.share, shown.percent, _rate_change)]


def _row(figure: str, old: float | None, new: float | None, show: Show, change: Show) -> dict[str, str]:
    delta = None if old is None or new is None else new - old
    return {FIGURE: figure, DIFFERENCE: change(delta), DRAFT: show(new), IN_USE: show(old)}


def _finer_auc(auc: float | None) -> str:
    # Whole times in 100 would often be equal where the difference beside them is not.
    return shown.times_in_100(auc, decimals=1)


def _count_change(delta: float | None) -> str:
    return in_words(delta, shown.signed_count(None if delta is None else int(delta)), "more", "fewer")


def _rate_change(delta: float | None) -> str:
    return in_words(delta, shown.signed_points(delta), "higher", "lower")


def _auc_change(delta: float | None) -> str:
    return in_words(delta, shown.signed_times(delta), "better", "worse")
