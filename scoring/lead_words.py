"""What is said about one lead: its way to the next tier, and how leads like it converted, in sentences."""

from __future__ import annotations

from collections.abc import Callable

from scoring.activity_worth import FreshStart
from scoring.figure_words import count, day, likely_range, percent
from scoring.next_tier import NextTier
from scoring.score_band import ScoreBand

Emphasis = Callable[[str], str]
"""How words that matter are shown; on a page it also keeps text of the data from being Markdown."""


def next_tier_words(advice: NextTier, strong: Emphasis = str) -> str:
    """What would lift the lead to the next tier.

    Examples
    --------
    >>> next_tier_words(NextTier(None, 0, cell="A1"), lambda text: f"<{text}>")
    'It is in cell <A1>, and no cell of the grid has a higher tier.'
    """
    if advice.cell is not None:
        return _next_cell_words(advice, advice.cell, strong)
    if advice.tier is None:
        return "This is the highest tier."
    label = strong(advice.tier.shown_label)
    start = f"{strong(f'{advice.missing_points} points')} are missing to {label}"
    if not advice.reachable:
        return f"{start}. Activities alone cannot bring them: caps and limits stand in the way."
    if not advice.actions:
        return f"{start}. No short list of activities brings them."
    word = "The fewest activities that are enough" if advice.fewest else "One way there"
    return f"{start}. {word}: {strong(_done(advice))}, right away, which makes {advice.score}."


def _next_cell_words(advice: NextTier, cell: str, strong: Emphasis) -> str:
    if advice.tier is None:
        return f"It is in cell {strong(cell)}, and no cell of the grid has a higher tier."
    start, label = f"It is in cell {strong(cell)} of the grid", strong(advice.tier.shown_label)
    if not advice.reachable:
        return (
            f"{start}. Activities alone cannot bring it into a cell of {label} or a higher tier: what they "
            "can add to the points of rows and columns is not enough."
        )
    if advice.next_cell is None:
        return f"{start}. No short list of activities brings it into a cell of {label} or a higher tier."
    word = (
        "The fewest activities that lift it to a higher tier" if advice.fewest else "One way to a higher tier"
    )
    reached = f"cell {strong(advice.next_cell)}, {label}"
    return f"{start}. {word}: {strong(_done(advice))}, right away, which makes it {reached}."


def _done(advice: NextTier) -> str:
    return " and ".join(
        f"{times} × {action.label}" if times > 1 else action.label for action, times in advice.actions
    )


def fresh_start_words(start: FreshStart, reset_days: int) -> str:
    """What a silence wiped out.

    Examples
    --------
    >>> from datetime import datetime
    >>> fresh_start_words(FreshStart(datetime(2025, 6, 16), 3), 365)
    'Started anew after 365 days of silence: its 3 activities up to 16 June 2025 no longer count.'
    """
    one = start.activities == 1
    done = "its one activity" if one else f"its {count(start.activities)} activities"
    when = f"{'on' if one else 'up to'} {day(start.last_at)}"
    return f"{started_anew_words(reset_days)}: {done} {when} no longer {'counts' if one else 'count'}."


def started_anew_words(reset_days: int) -> str:
    """Why what a lead did before counts for nothing."""
    return f"Started anew after {'a day' if reset_days == 1 else f'{reset_days} days'} of silence"


def score_band_words(band: ScoreBand, strong: Emphasis = str) -> str:
    """How leads with about the same score converted.

    Examples
    --------
    >>> score_band_words(ScoreBand(1, 1, 0, 0, None, None, None))
    'No complete lead had a score like this one yet.'
    """
    if band.rate is None:
        return "No complete lead had a score like this one yet."
    scores = f"{band.lowest}" if band.lowest == band.highest else f"{band.lowest} to {band.highest}"
    worked = "" if band.worked_share is None else f" Sales worked {percent(band.worked_share)} of them."
    return (
        f"Of {count(band.leads)} complete leads that scored {scores}, over all past periods, "
        f"{strong(percent(band.rate))} converted ({likely_range(band.low, band.high)}).{worked}"
    )
