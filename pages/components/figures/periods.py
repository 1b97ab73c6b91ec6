"""The back-test by period: a tier's rate, how well the score ranks, leads, and wins."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from pages.components.figures import style
from pages.components.format import count, likely_range, likely_times, percent, period_word, times_in_100
from pages.components.theme import Theme, palette, tier_colours
from scoring.backtest import Backtest, PeriodFigures, TierFigures
from scoring.enough_data import MIN_CONVERSIONS_FOR_VERDICT, enough_for_verdict

HEIGHT = 380
STACK_HEIGHT = 440


def tier_by_period_figure(
    backtest: Backtest,
    tier_name: str,
    theme: Theme,
    reference: Backtest | None = None,
    labels: style.Labels | None = None,
    unit: str = "leads",
) -> go.Figure:
    """One tier's conversion rate in every period, with its likely range.

    Parameters
    ----------
    backtest : Backtest
    tier_name : str
        A tier of the model.
    theme : {"light", "dark"}
    reference : Backtest, optional
        Of the model in use: its tier of the same name as a thin grey line behind.
    labels : mapping of tier name to shown label, optional
    unit : str, default "leads"
        What is counted: leads or accounts.

    Returns
    -------
    plotly Figure
        Trace "conversion rate" over all periods; the rate of a period without complete leads is missing, and
        a period that is still open is hollow (some leads complete) or hatched (none).
    """
    colours = palette(theme)
    periods = backtest.periods
    tiers = [style.tier_named(figures, tier_name) for figures in periods]
    rates = [tier.rate if tier else None for tier in tiers]
    low, high = [t.low if t else None for t in tiers], [t.high if t else None for t in tiers]
    figure = go.Figure()
    style.add_open_band(figure, periods, theme)
    old: list[float | None] = []
    if reference is not None:
        before = [(f.period, style.tier_named(f, tier_name)) for f in reference.periods]
        old = [tier.rate if tier else None for _, tier in before]
        style.add_reference_line(figure, [label for label, _ in before], old, theme, "%{y:.1%}")
    accent = tier_colours(1, theme)[0]
    marks = [colours.small if t is None or style.is_small(t) else accent for t in tiers]
    _add_period_marks(figure, "conversion rate", periods, rates, low, high, marks, theme)
    figure.data[-1].customdata = [
        [count(tier.conversions), count(tier.leads), likely_range(tier.low, tier.high)] if tier else [""] * 3
        for tier in tiers
    ]
    counts = f"%{{customdata[0]}} of %{{customdata[1]}} {unit}"
    figure.data[-1].hovertemplate = f"%{{x}}: %{{y:.1%}}<br>{counts}<br>%{{customdata[2]}}<extra></extra>"
    title = _tier_by_period_title(backtest, tier_name, labels, unit)
    style.house_figure(
        figure, theme, HEIGHT, title, _note(periods, [tier for tier in tiers if tier is not None])
    )
    figure.update_xaxes(style.period_axis([figures.period for figures in periods]))
    figure.update_layout(
        yaxis=style.rate_axis(style.nice_top([*high, *old])) | {"title": {"text": f"{unit} that converted"}}
    )
    return figure


def auc_by_period_figure(backtest: Backtest, theme: Theme, reference: Backtest | None = None) -> go.Figure:
    """How often the score picks the buyer over the non-buyer in every period, with its likely range.

    Parameters
    ----------
    backtest : Backtest
    theme : {"light", "dark"}
    reference : Backtest, optional
        Of the model in use, as a thin grey line behind.

    Returns
    -------
    plotly Figure
        Trace "times in 100" holds the AUCs as fractions; the axis shows them as times in 100. A line at 50
        is tossing a coin.
    """
    colours = palette(theme)
    periods = backtest.periods
    values = [figures.auc for figures in periods]
    low, high = [f.auc_low for f in periods], [f.auc_high for f in periods]
    figure = go.Figure()
    style.add_open_band(figure, periods, theme)
    if reference is not None:
        labels = [figures.period for figures in reference.periods]
        style.add_reference_line(figure, labels, [f.auc for f in reference.periods], theme, "%{y:.2f}")
    enough = [enough_for_verdict(figures.conversions, figures.leads) for figures in periods]
    marks = [tier_colours(1, theme)[0] if judged else colours.small for judged in enough]
    _add_period_marks(figure, "times in 100", periods, values, low, high, marks, theme)
    figure.data[-1].customdata = [
        [times_in_100(f.auc), likely_times(f.auc_low, f.auc_high), count(f.conversions)] for f in periods
    ]
    figure.data[
        -1
    ].hovertemplate = (
        "%{x}: %{customdata[0]}<br>%{customdata[1]}<br>%{customdata[2]} conversions<extra></extra>"
    )
    grey = any(f.auc is not None and not judged for f, judged in zip(periods, enough, strict=True))
    note = f"Grey: fewer than {MIN_CONVERSIONS_FOR_VERDICT} conversions." if grey else ""
    notes = f"Dotted: tossing a coin. {style.open_note(periods)} {note}".strip()
    style.house_figure(figure, theme, HEIGHT, _auc_title(backtest), notes)
    # Said above the chart: a label on the line hides the marks that matter most.
    figure.add_hline(y=0.5, line={"dash": "dot", "width": 1.5, "color": colours.muted})
    lowest = min([0.4, *(bound for bound in (*values, *low) if bound is not None)])
    ticks = [tick / 10 for tick in range(11)]
    figure.update_xaxes(style.period_axis([figures.period for figures in periods]))
    figure.update_layout(
        yaxis={
            "range": [max(0.0, lowest - 0.02), 1.0],
            "tickmode": "array",
            "tickvals": ticks,
            "ticktext": [f"{100 * tick:.0f}" for tick in ticks],
            "title": {"text": "times in 100"},
        }
    )
    return figure


def leads_by_period_figure(backtest: Backtest, theme: Theme, labels: style.Labels | None = None) -> go.Figure:
    """How many leads were scored in every period, by tier; those still open hatched.

    Returns
    -------
    plotly Figure
        One trace of complete leads for each tier, lowest first, named by its label, and "still open".
    """
    periods = backtest.periods
    figure = go.Figure()
    names = [tier.tier for tier in backtest.pooled.tiers]
    for place, (name, colour) in enumerate(zip(names, tier_colours(len(names), theme), strict=True)):
        _add_bars(
            figure, style.label_of(name, labels), periods, [f.tiers[place].leads for f in periods], "leads"
        )
        figure.data[-1].marker.color = colour
    _add_bars(figure, "still open", periods, [figures.immature_leads for figures in periods], "leads")
    figure.data[-1].marker = style.hatched(palette(theme).muted)
    style.house_figure(figure, theme, STACK_HEIGHT, _leads_title(backtest, labels))
    _finish_stack(figure, periods, "leads")
    return figure


def wins_by_period_figure(backtest: Backtest, theme: Theme, labels: style.Labels | None = None) -> go.Figure:
    """Which tier the leads that converted stood in, and how many wins had never been scored.

    Returns
    -------
    plotly Figure
        One trace of conversions for each tier, lowest first, named by its label, and "never scored".
    """
    periods = backtest.periods
    figure = go.Figure()
    style.add_open_band(figure, periods, theme)
    names = [tier.tier for tier in backtest.pooled.tiers]
    for place, (name, colour) in enumerate(zip(names, tier_colours(len(names), theme), strict=True)):
        conversions = [figures.tiers[place].conversions for figures in periods]
        _add_bars(figure, style.label_of(name, labels), periods, conversions, "conversions")
        figure.data[-1].marker.color = colour
    _add_bars(figure, "never scored", periods, [f.unscored_conversions for f in periods], "wins")
    figure.data[-1].marker = style.hollow(palette(theme).converted)
    style.house_figure(figure, theme, STACK_HEIGHT, _wins_title(backtest), style.open_note(periods))
    _finish_stack(figure, periods, "leads that converted")
    return figure


def _add_period_marks(
    figure: go.Figure,
    name: str,
    periods: Sequence[PeriodFigures],
    values: style.Bounds,
    low: style.Bounds,
    high: style.Bounds,
    marks: Sequence[str],
    theme: Theme,
) -> None:
    hollow = [figures.immature_leads > 0 for figures in periods]
    page = palette(theme).page
    figure.add_scatter(
        name=name,
        mode="markers",
        x=[figures.period for figures in periods],
        y=list(values),
        error_y=style.error_bars(values, low, high, palette(theme).muted),
        marker={
            "size": 11,
            "color": [page if is_open else mark for is_open, mark in zip(hollow, marks, strict=True)],
            "line": {"width": 2, "color": list(marks)},
        },
        showlegend=False,
    )


def _add_bars(
    figure: go.Figure, name: str, periods: Sequence[PeriodFigures], values: Sequence[int], unit: str
) -> None:
    figure.add_bar(
        name=name,
        x=[figures.period for figures in periods],
        y=list(values),
        hovertemplate=f"%{{x}}: %{{y:,}} {unit}<extra>{name}</extra>",
    )


def _finish_stack(figure: go.Figure, periods: Sequence[PeriodFigures], unit: str) -> None:
    figure.update_layout(barmode="stack")
    stacked = [trace for trace in figure.data if trace.yaxis != "y2"]
    figure.update_xaxes(style.period_axis([figures.period for figures in periods]))
    tops = [sum(trace.y[place] for trace in stacked) for place in range(len(periods))]
    top = max([1, *tops])
    axis = {"title": {"text": unit}, "range": [0, 1.06 * top], "tickformat": ",.0f", "nticks": 6}
    # Below that, ticks between whole leads would appear.
    figure.update_layout(yaxis=axis | ({"dtick": 1} if top < 5 else {}))


def _note(periods: Sequence[PeriodFigures], judged: Sequence[TierFigures | PeriodFigures]) -> str:
    return f"{style.open_note(periods)} {style.small_note(judged)}".strip()


def _auc_title(backtest: Backtest) -> str:
    pooled = backtest.pooled.auc
    if pooled is None:
        return "No complete leads of both kinds yet"
    values = [figures.auc for figures in backtest.periods if figures.auc is not None]
    word = period_word(_labels(backtest))
    title = f"The score picks the buyer {times_in_100(pooled)}"
    return f"{title}; by {word} {100 * min(values):.0f} to {100 * max(values):.0f}" if values else title


def _leads_title(backtest: Backtest, labels: style.Labels | None) -> str:
    pooled = backtest.pooled
    word = f"lead-{period_word(_labels(backtest), plural=True)}"
    still_open = f"{count(pooled.immature_leads)} still open" if pooled.immature_leads else "none still open"
    if not pooled.leads:
        return f"No complete {word} yet, {still_open}"
    top = pooled.tiers[-1]
    share = percent(top.leads / pooled.leads, 0)
    return f"{share} of {count(pooled.leads)} {word} were {style.label_of(top.tier, labels)}; {still_open}"


def _wins_title(backtest: Backtest) -> str:
    pooled = backtest.pooled
    if not pooled.conversions and not pooled.unscored_conversions:
        return "No lead converted yet"
    return (
        f"{count(pooled.conversions)} scored leads converted; "
        f"{count(pooled.unscored_conversions)} wins had never been scored"
    )


def _tier_by_period_title(backtest: Backtest, tier_name: str, labels: style.Labels | None, unit: str) -> str:
    label, noun = style.label_of(tier_name, labels), period_word(_labels(backtest))
    complete = [figures for figures in backtest.periods if figures.leads]
    tiers = [tier for figures in complete if (tier := style.tier_named(figures, tier_name)) is not None]
    lifts = [tier.lift for tier in tiers if tier.lift is not None]
    if not complete:
        return f"{label}: no complete {noun} yet"
    if not any(tier.leads for tier in tiers):
        return f"{label} has no {unit} in any complete {noun}"
    if not lifts:
        return f"{label}: no {unit} converted in any complete {noun}"
    if len(complete[0].tiers) == 1:
        rates = [figures.rate for figures in complete if figures.rate is not None]
        return f"{label} holds all {unit}: by {noun} {percent(min(rates))} to {percent(max(rates))} convert"
    above = sum(lift > 1 for lift in lifts)
    word = period_word(_labels(backtest), plural=len(lifts) != 1)
    return f"{label} converted above average in {above} of {len(lifts)} {word}"


def _labels(backtest: Backtest) -> list[str]:
    return [figures.period for figures in backtest.periods]
