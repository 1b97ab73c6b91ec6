"""Drift or decline, drawn: how well the score ranks, how many convert, and how far the leads changed."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from pages.components.figures import style
from pages.components.format import period_word
from pages.components.theme import Theme, palette, tier_colours
from scoring.backtest import PeriodFigures
from scoring.drift import Change, DriftReport
from scoring.enough_data import enough_for_verdict
from scoring.stability import PSI_SOME
from scoring.statistics import wilson_interval

HEIGHT = 630
RANKS, CONVERTS, SCORES, SOURCES = "picks the buyer", "converted", "scores", "sources"


def drift_figure(periods: Sequence[PeriodFigures], reports: Sequence[DriftReport], theme: Theme) -> go.Figure:
    """Three panels over the same periods, so that a change of the leads and of the ranking can be told apart.

    Parameters
    ----------
    periods : sequence of PeriodFigures
        With complete leads.
    reports : sequence of DriftReport
        Of those periods that have an earlier one.
    theme : {"light", "dark"}

    Returns
    -------
    plotly Figure
        Traces "picks the buyer" (AUC as a fraction), "converted" (rate), "scores" and, where the leads'
        sources are known, "sources" (PSI against all earlier periods).
    """
    labels = [figures.period for figures in periods]
    figure = make_subplots(
        rows=3, cols=1, shared_xaxes=True, vertical_spacing=0.11, row_heights=[0.4, 0.3, 0.3]
    )
    _add_ranking(figure, periods, theme)
    _add_rates(figure, periods, theme)
    _add_shifts(figure, reports, theme)
    few = any(not enough_for_verdict(f.conversions, f.leads) for f in periods)
    subtitle = "Grey: too few conversions to judge." if few else ""
    style.house_figure(figure, theme, HEIGHT, drift_title(reports, labels), subtitle)
    figure.update_layout(margin={"t": 118})  # room for the first panel's name below the subtitle
    figure.update_xaxes(style.period_axis(labels))
    _name_panels(figure, theme)
    return figure


def drift_title(reports: Sequence[DriftReport], labels: Sequence[str]) -> str:
    """Which of the two it was, and when."""
    changed = [r.period for r in reports if r.change in (Change.LEADS_CHANGED, Change.BOTH)]
    declined = [r.period for r in reports if r.change in (Change.MODEL_DECLINED, Change.BOTH)]
    judged = [r.period for r in reports if r.change is not Change.TOO_LITTLE_DATA]
    if not judged:
        return f"Too few conversions to tell one {period_word(list(labels))} from another"
    parts = []
    if changed:
        parts.append(f"your leads changed in {_listed(changed)}")
    if declined:
        parts.append(f"the model got worse in {_listed(declined)}")
    elif changed:
        parts.append("the model did not get worse")
    if not parts:
        word = period_word(list(labels), plural=len(judged) != 1)
        return f"The leads stayed alike and were ranked as well in {len(judged)} {word}"
    text = "; ".join(parts)
    return text[0].upper() + text[1:]


def _add_ranking(figure: go.Figure, periods: Sequence[PeriodFigures], theme: Theme) -> None:
    values = [f.auc for f in periods]
    low, high = [f.auc_low for f in periods], [f.auc_high for f in periods]
    _add_marks(figure, 1, RANKS, periods, values, low, high, theme)
    figure.data[-1].hovertemplate = "%{x}: %{y:.2f}<extra>picks the buyer</extra>"
    lowest = min([0.45, *(value for value in (*values, *low) if value is not None)])
    ticks = [tick / 10 for tick in range(0, 11, 1)]
    texts = [f"{100 * tick:.0f}" for tick in ticks]
    figure.update_yaxes(
        row=1, range=[max(0.0, lowest - 0.02), 1.0], tickmode="array", tickvals=ticks, ticktext=texts
    )
    figure.add_hline(y=0.5, row=1, line={"dash": "dot", "width": 1.5, "color": palette(theme).muted})


def _add_rates(figure: go.Figure, periods: Sequence[PeriodFigures], theme: Theme) -> None:
    bounds = [wilson_interval(f.conversions, f.leads) for f in periods]
    low, high = [low for low, _ in bounds], [high for _, high in bounds]
    _add_marks(figure, 2, CONVERTS, periods, [f.rate for f in periods], low, high, theme)
    figure.data[-1].hovertemplate = "%{x}: %{y:.1%}<extra>converted</extra>"
    figure.update_yaxes(style.rate_axis(style.nice_top(high)) | {"nticks": 4}, row=2)


def _add_shifts(figure: go.Figure, reports: Sequence[DriftReport], theme: Theme) -> None:
    low, _, high = tier_colours(3, theme)
    kinds = [(SCORES, low, [report.score_shift.psi for report in reports])]
    if any(report.mix_shift is not None for report in reports):
        mixes = [report.mix_shift.psi if report.mix_shift else None for report in reports]
        kinds.append((SOURCES, high, mixes))
    for name, colour, values in kinds:
        figure.add_bar(
            row=3,
            col=1,
            name=name,
            x=[report.period for report in reports],
            y=values,
            marker={"color": colour},
            hovertemplate=f"%{{x}}: %{{y:.3f}}<extra>change of the {name}</extra>",
        )
    top = max([2 * PSI_SOME, *(value for _, _, values in kinds for value in values if value is not None)])
    figure.update_yaxes(row=3, range=[0, 1.08 * top], nticks=4)
    figure.update_layout(barmode="group")
    figure.add_hline(y=PSI_SOME, row=3, line={"dash": "dot", "width": 1.5, "color": palette(theme).muted})


def _add_marks(
    figure: go.Figure,
    row: int,
    name: str,
    periods: Sequence[PeriodFigures],
    values: style.Bounds,
    low: style.Bounds,
    high: style.Bounds,
    theme: Theme,
) -> None:
    colours = palette(theme)
    strong = tier_colours(1, theme)[0] if name == RANKS else colours.converted
    marks = [strong if enough_for_verdict(f.conversions, f.leads) else colours.small for f in periods]
    figure.add_scatter(
        row=row,
        col=1,
        name=name,
        mode="markers",
        x=[f.period for f in periods],
        y=list(values),
        error_y=style.error_bars(values, low, high, colours.muted),
        marker={"size": 10, "color": marks},
        showlegend=False,
    )


def _name_panels(figure: go.Figure, theme: Theme) -> None:
    """What each panel shows, above it: an axis title would be cut off on a phone."""
    texts = (
        "Picks the buyer, times in 100 (dotted: tossing a coin)",
        "Leads that converted",
        "How far the leads changed (dotted: worth a look)",
    )
    for place, text in enumerate(texts):
        axis = figure.layout["yaxis" if place == 0 else f"yaxis{place + 1}"]
        figure.add_annotation(
            text=text,
            x=0,
            xref="paper",
            xanchor="left",
            y=axis.domain[1],
            yref="paper",
            yanchor="bottom",
            showarrow=False,
            font={"size": 12.5, "color": palette(theme).muted},
        )
    for axis in ("xaxis", "xaxis2"):
        figure.layout[axis].showticklabels = False


def _listed(labels: Sequence[str]) -> str:
    if len(labels) < 3:
        return " and ".join(labels)
    return f"{labels[0]}, {labels[1]} and {len(labels) - 2} more"
