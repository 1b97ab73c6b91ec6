"""Whether chances held: what was promised and what came, by band of chances."""

from __future__ import annotations

import plotly.graph_objects as go

from pages.components.figures import style
from pages.components.format import count, likely_range, percent
from pages.components.predict.tables import band_label
from pages.components.theme import Theme, palette
from scoring.enough_data import MIN_LEADS_FOR_RATE
from scoring.prediction import Prediction

HEIGHT = 360

PROMISED, CAME = "promised", "came"


def held_figure(prediction: Prediction, theme: Theme) -> go.Figure:
    """Promised and observed rate of each band of chances, over all foretold periods.

    Parameters
    ----------
    prediction : Prediction
        With at least one band.
    theme : {"light", "dark"}

    Returns
    -------
    plotly Figure
        Traces `PROMISED` and `CAME`, the second with its likely range.
    """
    colours, bands = palette(theme), prediction.bands
    labels = [band_label(band) for band in bands]
    promised = [band.expected / band.leads for band in bands]
    rates = [band.rate for band in bands]
    small = [band.leads < MIN_LEADS_FOR_RATE for band in bands]
    figure = go.Figure()
    figure.add_scatter(
        name=CAME,
        mode="markers",
        x=labels,
        y=rates,
        marker={"size": 9, "color": [colours.small if few else colours.converted for few in small]},
        error_y=style.error_bars(
            rates, [band.low for band in bands], [band.high for band in bands], colours.muted
        ),
        customdata=[
            [percent(band.rate), likely_range(band.low, band.high), count(band.leads)] for band in bands
        ],
        hovertemplate=(
            "chance %{x}: %{customdata[0]} converted<br>%{customdata[1]}<br>%{customdata[2]} leads"
            "<extra></extra>"
        ),
    )
    figure.add_scatter(
        name=PROMISED,
        mode="markers",
        x=labels,
        y=promised,
        marker={"size": 18, "symbol": "line-ew", "line": {"width": 3, "color": colours.reference}},
        customdata=[percent(value) for value in promised],
        hovertemplate="chance %{x}: %{customdata} promised<extra></extra>",
    )
    largest = max(bands, key=lambda band: band.conversions)
    title = (
        f"Of leads with a chance of {band_label(largest)}, {percent(largest.rate)} converted; "
        f"{percent(largest.expected / largest.leads)} were promised"
    )
    note = "Bars: likely range of what came."
    if any(small):
        note += f" Grey: fewer than {MIN_LEADS_FOR_RATE} leads."
    style.house_figure(figure, theme, HEIGHT, title, note)
    figure.update_xaxes(type="category", title={"text": "chance promised before the period"})
    top = style.nice_top([*promised, *rates, *(band.high for band in bands)])
    figure.update_yaxes(style.rate_axis(top), title={"text": "leads that converted"})
    return figure
