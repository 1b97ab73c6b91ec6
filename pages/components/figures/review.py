"""The figures of a review: tiers and leads in three periods, and what open periods will come to."""

from __future__ import annotations

import textwrap

import plotly.graph_objects as go

from pages.components.figures import style
from pages.components.format import count, likely_range, percent
from pages.components.theme import Palette, Theme, palette, tier_colours
from scoring.backtest import TierFigures
from scoring.rate_change import Move
from scoring.review import PartReview, QuarterReview
from scoring.review_parts import named_rows

HEIGHT = 400
MOST_PARTS = 8
MOST_LETTERS = 24
SYMBOLS = ("circle", "diamond-open", "square-open")


def tiers_review_figure(review: QuarterReview, theme: Theme) -> go.Figure:
    """Each tier's conversion rate with its likely range: this period, the one before, a year ago.

    Returns
    -------
    plotly Figure
        One trace for each period that has rows, named by its label; tiers on the x axis, lowest first.
    """
    colours = palette(theme)
    figure = go.Figure()
    names = [style.plain(tier.label) for tier in review.tiers]
    shades = (tier_colours(1, theme)[0], colours.reference, colours.muted)
    rows = _three(review)
    shown: list[TierFigures] = []
    for place, (label, tiers) in enumerate(rows):
        known = [tier for tier in tiers if tier is not None]
        if not known:
            continue
        shown += known
        rates = [tier.rate if tier else None for tier in tiers]
        low, high = [t.low if t else None for t in tiers], [t.high if t else None for t in tiers]
        offset = (place - 1) * 0.22
        figure.add_scatter(
            name=label,
            mode="markers",
            x=[number + offset for number in range(len(names))],
            y=rates,
            marker={
                "size": 11,
                "symbol": SYMBOLS[place],
                "color": [colours.small if t is None or style.is_small(t) else shades[place] for t in tiers],
            },
            error_y=style.error_bars(rates, low, high, shades[place]),
            customdata=[
                [
                    name,
                    count(t.conversions) if t else "",
                    count(t.leads) if t else "",
                    likely_range(t.low, t.high) if t else "",
                ]
                for name, t in zip(names, tiers, strict=True)
            ],
            hovertemplate=(
                f"{label}, %{{customdata[0]}}: %{{y:.1%}}<br>%{{customdata[1]}} of %{{customdata[2]}} leads"
                "<br>%{customdata[3]}<extra></extra>"
            ),
        )
    style.house_figure(figure, theme, HEIGHT, _tiers_title(review), style.small_note(shown))
    top = style.nice_top([tier.high for tier in shown])
    figure.update_xaxes(
        tickvals=list(range(len(names))),
        ticktext=["<br>".join(map(style.plain, textwrap.wrap(tier.label, 15))) for tier in review.tiers],
        tickangle=0,
        range=[-0.5, len(names) - 0.5],
        showgrid=False,
        zeroline=False,
    )
    figure.update_yaxes(style.rate_axis(top), title={"text": "leads that converted"})
    return figure


def mix_review_figure(review: QuarterReview, theme: Theme) -> go.Figure:
    """How many leads were scored in the three periods, by tier.

    Returns
    -------
    plotly Figure
        One trace for each tier, lowest first, over the periods that have rows, oldest first.
    """
    figure = go.Figure()
    labels = [review.year_before_label, review.before_label, review.period]
    in_all = [review.scored_year_before, review.scored_before, review.scored]
    kept = [place for place, leads in enumerate(in_all) if leads is not None]
    for tier, colour in zip(review.tiers, tier_colours(len(review.tiers), theme), strict=True):
        leads = [tier.scored_year_before, tier.scored_before, tier.scored]
        shares = [tier.share_year_before, tier.share_before, tier.share]
        figure.add_bar(
            name=style.plain(tier.label),
            x=[labels[place] for place in kept],
            y=[leads[place] for place in kept],
            marker={"color": colour, "line": {"width": 0}},
            width=0.55,
            customdata=[percent(shares[place]) for place in kept],
            hovertemplate="%{x}: %{y:,} leads, %{customdata}<extra>" + style.plain(tier.label) + "</extra>",
        )
    top = review.top
    title = f"{count(review.scored)} leads scored, {percent(top.share)} of them {style.plain(top.label)}"
    note = "Leads still open are counted here; they enter no rate." if review.this.immature_leads else ""
    style.house_figure(figure, theme, HEIGHT, title, note)
    figure.update_layout(barmode="stack", legend={"traceorder": "reversed"})
    figure.update_xaxes(type="category", range=[-0.6, max(len(kept), 1) - 0.4])
    figure.update_yaxes(title={"text": "leads scored"}, rangemode="tozero", tickformat=",")
    return figure


def parts_review_figure(review: QuarterReview, part: PartReview, theme: Theme) -> go.Figure:
    """Leads of the largest sources or campaigns in the three periods.

    Returns
    -------
    plotly Figure
        One trace for each period that has rows, named by its label; values on the y axis, largest on top.
    """
    colours = palette(theme)
    rows = part.rows[:MOST_PARTS][::-1]
    names = [style.plain(_short(row.value)) for row in rows]
    figure = go.Figure()
    filled = {"line": {"width": 0}}
    for label, leads, marker in (
        (
            review.year_before_label,
            [row.scored_year_before for row in rows],
            style.hollow(colours.not_converted),
        ),
        (review.before_label, [row.scored_before for row in rows], filled | {"color": colours.not_converted}),
        (review.period, [row.scored for row in rows], filled | {"color": tier_colours(1, theme)[0]}),
    ):
        if any(leads):
            figure.add_bar(
                name=label,
                orientation="h",
                x=leads,
                y=list(range(len(names))),
                marker=marker,
                hovertemplate=f"{label}: %{{x:,}} leads<extra></extra>",
            )
    style.house_figure(figure, theme, 180 + 46 * max(len(names), 3), _parts_title(review, part), _cut(part))
    figure.update_layout(barmode="group", legend={"traceorder": "reversed"})
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=names, ticksuffix="  ", showgrid=False)
    figure.update_xaxes(title={"text": "leads scored"}, rangemode="tozero", tickformat=",")
    return figure


def forecast_figure(review: QuarterReview, theme: Theme) -> go.Figure:
    """Conversions of every period: what complete ones came to, and open ones as forecast with the interval.

    Returns
    -------
    plotly Figure
        Traces "converted" over all periods and "expected" over those that are forecast.
    """
    colours = palette(theme)
    figure = go.Figure()
    periods = review.backtest.periods
    labels = [figures.period for figures in periods]
    known = {name: found[0] for name, found in review.forecasts.items()}
    figure.add_bar(
        name="converted",
        x=labels,
        y=[known[f.period].known if f.period in known else f.conversions for f in periods],
        marker={"color": colours.converted, "opacity": [0.45 if name in known else 1 for name in labels]},
        width=0.6,
        hovertemplate="%{x}: %{y:,} converted<extra></extra>",
    )
    _add_expected(figure, review, colours)
    style.house_figure(figure, theme, HEIGHT, _forecast_title(review), "Pale: still open, so far.")
    figure.update_xaxes(style.period_axis(labels))
    figure.update_yaxes(title={"text": "leads that converted"}, rangemode="tozero")
    return figure


def _add_expected(figure: go.Figure, review: QuarterReview, colours: Palette) -> None:
    found = [(name, one[0].conversions) for name, one in review.forecasts.items()]
    ranges = [(name, wins) for name, wins in found if wins is not None]
    if not ranges:
        return
    expected = [wins.expected for _, wins in ranges]
    low, high = [wins.low for _, wins in ranges], [wins.high for _, wins in ranges]
    figure.add_scatter(
        name="expected",
        mode="markers",
        x=[name for name, _ in ranges],
        y=expected,
        marker={"size": 11, "symbol": "diamond", "color": colours.ink},
        error_y=style.error_bars(expected, low, high, colours.ink),
        customdata=[[count(bottom), count(top)] for bottom, top in zip(low, high, strict=True)],
        hovertemplate=(
            "%{x}: %{y:,.0f} expected<br>nine times in ten %{customdata[0]} to %{customdata[1]}"
            "<extra></extra>"
        ),
    )


def _three(review: QuarterReview) -> list[tuple[str, list[TierFigures | None]]]:
    return [
        (review.period, [tier.this for tier in review.tiers]),
        (review.before_label, [tier.before for tier in review.tiers]),
        (review.year_before_label, [tier.year_before for tier in review.tiers]),
    ]


def _tiers_title(review: QuarterReview) -> str:
    moved = [tier for tier in review.tiers if tier.change and tier.change.move in (Move.HIGHER, Move.LOWER)]
    if not moved:
        known = [tier for tier in review.tiers if tier.change is not None]
        if not known:
            return f"What each tier converted in {review.period}"
        return f"No tier's rate moved by more than chance since {review.before_label}"
    words = " and ".join(
        f"{style.plain(', '.join(labels))} {move.value}"
        for move in (Move.HIGHER, Move.LOWER)
        if (labels := [tier.label for tier in moved if tier.change and tier.change.move is move])
    )
    return f"{words} than in {review.before_label}, by more than chance"


def _parts_title(review: QuarterReview, part: PartReview) -> str:
    named = named_rows(part)
    if not named or not review.scored:
        return f"Leads by {part.name}"
    first = named[0]
    share = percent(first.scored / review.scored)
    return f"{style.plain(_short(first.value))} is the largest {part.name}: {share} of the leads"


def _cut(part: PartReview) -> str:
    left = len(part.rows) - MOST_PARTS
    return f"The {MOST_PARTS} largest of {len(part.rows)}; all of them in the table." if left > 0 else ""


def _forecast_title(review: QuarterReview) -> str:
    open_periods = sorted(review.forecasts, key=lambda label: label != review.period)
    for period in open_periods:
        wins = review.forecasts[period][0].conversions
        if wins is not None:
            return f"{period}: {wins.expected:,.0f} conversions expected, {wins.low:,.0f} to {wins.high:,.0f}"
    return "Conversions by period"


def _short(text: str) -> str:
    return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 1]}…"
