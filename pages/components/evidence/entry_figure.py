"""The conversion rate of the leads that entered a tier, by period of entry."""

from __future__ import annotations

import plotly.graph_objects as go

from pages.components.figures import style
from pages.components.format import count, likely_range, percent
from pages.components.theme import Theme, palette, tier_colours
from scoring.enough_data import MIN_LEADS_FOR_RATE
from scoring.entry import EntryView

HEIGHT = 380


def entry_figure(view: EntryView, place: int, label: str, theme: Theme) -> go.Figure:
    """The rate of one tier by period of entry, with its likely range.

    Parameters
    ----------
    view : EntryView
    place : int
        Of the tier in the model.
    label : str
        What the tier is called on screen.
    theme : {"light", "dark"}

    Returns
    -------
    plotly Figure
        Trace "conversion rate"; the rate of a period whose entries are all still open is missing, a period
        with some open entries is hollow, one with fewer than 30 complete entries grey.
    """
    colours = palette(theme)
    tiers = [period.tiers[place] for period in view.periods]
    labels = [period.period for period in view.periods]
    strong = tier_colours(1, theme)[0]
    small = [0 < tier.mature_entries < MIN_LEADS_FOR_RATE for tier in tiers]
    marks = [colours.small if few else strong for few in small]
    rates, high = [tier.rate for tier in tiers], [tier.high for tier in tiers]
    figure = go.Figure()
    figure.add_scatter(
        name="conversion rate",
        mode="markers",
        x=labels,
        y=rates,
        error_y=style.error_bars(rates, [tier.low for tier in tiers], high, colours.muted),
        marker={
            "size": 11,
            "color": [
                colours.page if tier.open_entries else mark for tier, mark in zip(tiers, marks, strict=True)
            ],
            "line": {"width": 2, "color": marks},
        },
        customdata=[
            [count(t.conversions), count(t.mature_entries), likely_range(t.low, t.high)] for t in tiers
        ],
        hovertemplate="%{x}: %{y:.1%}<br>%{customdata[0]} of %{customdata[1]} leads<br>%{customdata[2]}"
        "<extra></extra>",
        showlegend=False,
    )
    notes = [f"Grey: fewer than {MIN_LEADS_FOR_RATE} leads."] if any(small) else []
    if any(tier.open_entries for tier in tiers):
        notes.append("Hollow or missing: still open.")
    style.house_figure(figure, theme, HEIGHT, _title(view, place, label), " ".join(notes))
    figure.update_xaxes(style.period_axis(labels))
    figure.update_layout(
        yaxis=style.rate_axis(style.nice_top(high)) | {"title": {"text": "of those that entered"}}
    )
    return figure


def _title(view: EntryView, place: int, label: str) -> str:
    pooled = view.pooled.tiers[place]
    if pooled.rate is None:
        return f"{style.plain(label)}: no entry is complete yet"
    days = f", half of them within {pooled.days_median} days" if pooled.days_median is not None else ""
    return f"{style.plain(label)}: {percent(pooled.rate)} converted{days}"
