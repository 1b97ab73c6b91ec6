"""Curves of the draft with the model in use in grey: gains, tenths, thresholds, and what a score is worth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from pages.components.figures import style
from pages.components.format import percent, times
from pages.components.theme import Theme, palette, tier_colours
from scoring.evidence import ModelEvidence
from scoring.model import Tier

HEIGHT = 400
YOUR_DRAFT, RANDOM, CONVERTED, CAUGHT = (
    "your draft",
    "in any order",
    "of them convert",
    "share of wins caught",
)
WORKED_SHARE = 0.2
"""The share of the leads that the gains curve's title speaks of: about what a sales team works."""


def gains_figure(draft: ModelEvidence, in_use: ModelEvidence, theme: Theme) -> go.Figure:
    """Share of wins caught when the best-scored share of the leads is worked.

    Returns
    -------
    plotly Figure
        Traces "in any order", "model in use" and "your draft"; a model without conversions has none.
    """
    figure = go.Figure()
    figure.add_scatter(
        name=RANDOM,
        mode="lines",
        x=[0, 1],
        y=[0, 1],
        line={"dash": "dot", "width": 1.5, "color": palette(theme).muted},
        hoverinfo="skip",
    )
    for name, evidence in ((style.MODEL_IN_USE, in_use), (YOUR_DRAFT, draft)):
        gains = evidence.curves.gains
        if gains is not None:
            _add_line(figure, name, gains.leads_share, gains.conversions_share, theme)
            figure.data[
                -1
            ].hovertemplate = f"{name}: %{{x:.0%}} of the leads, %{{y:.0%}} of the wins<extra></extra>"
    style.house_figure(figure, theme, HEIGHT, _gains_title(draft, in_use))
    figure.update_xaxes(_share_axis("share of leads worked"), showgrid=True)
    figure.update_yaxes(_share_axis("share of wins caught"))
    return figure


def tenths_figure(draft: ModelEvidence, in_use: ModelEvidence, theme: Theme) -> go.Figure:
    """How many times the average each tenth of the leads converts, best scores first.

    Returns
    -------
    plotly Figure
        Bars "your draft", and the model in use as a grey stroke over each of them.
    """
    colours = palette(theme)
    parts, old = draft.curves.parts, in_use.curves.parts
    figure = go.Figure()
    figure.add_bar(
        name=YOUR_DRAFT,
        x=[part.number for part in parts],
        y=[part.lift for part in parts],
        marker={"color": tier_colours(1, theme)[0], "opacity": 0.75},
        customdata=[percent(part.rate) for part in parts],
        hovertemplate="tenth %{x}: %{y:.1f} times the average, %{customdata}<extra></extra>",
    )
    figure.add_scatter(
        name=style.MODEL_IN_USE,
        mode="markers",
        x=[part.number for part in old],
        y=[part.lift for part in old],
        marker={"symbol": "line-ew", "size": 18, "line": {"width": 2.5, "color": colours.reference}},
        hovertemplate="model in use: %{y:.1f} times<extra></extra>",
    )
    lift = parts[0].lift if parts else None
    title = f"The best-scored tenth converts {times(lift)}" if parts else "No lead converted"
    style.house_figure(figure, theme, HEIGHT, title)
    figure.update_xaxes(tickvals=list(range(1, 11)), title={"text": "tenth of the leads, best first"})
    top = max([2.0, *(part.lift for part in (*parts, *old))])
    figure.update_yaxes(range=[0, 1.06 * top], title={"text": "times the average"})
    figure.add_hline(y=1, line={"dash": "dot", "width": 1.5, "color": colours.muted})
    return figure


def threshold_figure(
    draft: ModelEvidence, in_use: ModelEvidence, tiers: Sequence[Tier], theme: Theme
) -> go.Figure:
    """What working every lead from a score up gives: how many convert, and which share of wins is among them.

    Returns
    -------
    plotly Figure
        Traces "of them convert" and "share of wins caught" of the draft, and both in grey of the model in
        use; dotted lines at the draft's thresholds.
    """
    colours = palette(theme)
    figure = go.Figure()
    for evidence, is_draft in ((in_use, False), (draft, True)):
        curve = evidence.curves.precision_recall
        for name, values, dash, strong in (
            (CAUGHT, curve.recall, "solid", tier_colours(1, theme)[0]),
            (CONVERTED, curve.precision, "dash", colours.converted),
        ):
            figure.add_scatter(
                name=name if is_draft else f"{name}, in use",
                mode="lines",
                x=curve.threshold,
                y=values,
                line={
                    "width": 2.5 if is_draft else 1.5,
                    "dash": dash,
                    "color": strong if is_draft else colours.reference,
                },
                hovertemplate=f"from %{{x}} up: %{{y:.1%}} {name}<extra></extra>",
                showlegend=is_draft,
            )
    title = _threshold_title(draft, tiers)
    style.house_figure(figure, theme, HEIGHT, title, "Grey: model in use.")
    figure.update_xaxes(title={"text": "leads worked from this score up"}, showgrid=True)
    figure.update_yaxes(_share_axis("share"))
    for tier in tiers[1:]:
        figure.add_vline(x=tier.threshold, line={"dash": "dot", "width": 1.5, "color": colours.muted})
    return figure


def probability_figure(
    draft: ModelEvidence, in_use: ModelEvidence, tiers: Sequence[Tier], theme: Theme
) -> go.Figure:
    """What each score has been worth: the share that converted, never falling with the score.

    Returns
    -------
    plotly Figure
        Traces "model in use" and "your draft"; a model with too few conversions has none.
    """
    figure = go.Figure()
    tops: list[float] = []
    for name, evidence in ((style.MODEL_IN_USE, in_use), (YOUR_DRAFT, draft)):
        calibration = evidence.calibration
        if calibration.probability is None:
            continue
        places = _corners(calibration.probability)
        _add_line(figure, name, calibration.scores[places], calibration.probability[places], theme)
        figure.data[-1].hovertemplate = f"{name}: %{{y:.1%}} at %{{x}}<extra></extra>"
        tops.append(float(calibration.probability.max()))
    style.house_figure(figure, theme, HEIGHT, _probability_title(draft, tiers))
    figure.update_xaxes(title={"text": "score"}, showgrid=True)
    figure.update_yaxes(style.rate_axis(style.nice_top(tops)) | {"title": {"text": "leads that converted"}})
    return figure


def _add_line(figure: go.Figure, name: str, x: Any, y: Any, theme: Theme) -> None:
    is_draft = name == YOUR_DRAFT
    colour = tier_colours(1, theme)[0] if is_draft else palette(theme).reference
    figure.add_scatter(
        name=name, mode="lines", x=x, y=y, line={"width": 2.5 if is_draft else 1.5, "color": colour}
    )


def _share_axis(text: str) -> dict[str, Any]:
    return {"range": [0, 1.02], "tickformat": ".0%", "nticks": 6, "title": {"text": text}}


def _corners(values: Any) -> Any:
    """Places at which a line bends; between them it is straight."""
    bends = np.flatnonzero(np.abs(np.diff(values, 2)) > 1e-12) + 1
    return np.concatenate([[0], bends, [len(values) - 1]])


def _caught(evidence: ModelEvidence) -> float | None:
    gains = evidence.curves.gains
    if gains is None:
        return None
    return float(np.interp(WORKED_SHARE, gains.leads_share, gains.conversions_share))


def _gains_title(draft: ModelEvidence, in_use: ModelEvidence) -> str:
    now, before = _caught(draft), _caught(in_use)
    if now is None:
        return "No lead converted"
    title = f"The best fifth of the leads holds {percent(now, 0)} of all wins"
    return title if before is None else f"{title}, in use {percent(before, 0)}"


def _threshold_title(draft: ModelEvidence, tiers: Sequence[Tier]) -> str:
    curve = draft.curves.precision_recall
    if not tiers:
        return "What working the leads from a score up would give"
    top = tiers[-1]
    place = int(np.searchsorted(curve.threshold, top.threshold))
    if place >= len(curve.threshold) or np.isnan(curve.recall[place]):
        return "What working the leads from a score up would give"
    rate, caught = percent(float(curve.precision[place])), percent(float(curve.recall[place]), 0)
    return f"From {top.threshold} up {rate} convert, and {caught} of all wins are caught"


def _probability_title(draft: ModelEvidence, tiers: Sequence[Tier]) -> str:
    probability = draft.calibration.probability
    if probability is None:
        return "Too few conversions to say what a score is worth"
    if not tiers:
        best = percent(float(probability.max()))
        return f"Of leads with the highest scores, {best} have converted"
    threshold = tiers[-1].threshold
    place = min(int(np.searchsorted(draft.calibration.scores, threshold)), len(probability) - 1)
    return f"Of leads with a score of {threshold}, {percent(float(probability[place]))} have converted"
