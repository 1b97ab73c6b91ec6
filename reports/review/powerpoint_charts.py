"""Native PowerPoint charts with likely ranges as error bars.

python-pptx has no interface for error bars; they are added to a series' XML as the file format has them
(ECMA-376, part 1, 21.2.2.55), with one number for each category.
"""

from __future__ import annotations

import math
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Pt

from reports.review.content import Chart, Series
from reports.review.plotly_charts import distance
from reports.review.style import GRID, INK, chart_colours, range_colour
from reports.review.typography import set_text

KINDS = {
    "columns": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "stack": XL_CHART_TYPE.COLUMN_STACKED,
    "lines": XL_CHART_TYPE.LINE_MARKERS,
    "bars": XL_CHART_TYPE.BAR_CLUSTERED,
}
FORMATS = {"rate": "0.0%", "count": "#,##0"}
MOST_LABELS = 16
"""More marks than this on a chart and their labels lie on each other."""


def add_chart(slide: Any, chart: Chart, left: int, top: int, width: int, height: int) -> None:
    """Put a chart on a slide."""
    number = FORMATS[chart.axis]
    data = CategoryChartData(number_format=number)
    data.categories = [set_text(name) for name in chart.categories]
    for series in chart.series:
        data.add_series(set_text(series.name), series.values)
    drawn = slide.shapes.add_chart(KINDS[chart.kind], left, top, width, height, data).chart
    _style(drawn, chart, number)
    for series, plotted, colour in zip(
        chart.series, drawn.plots[0].series, chart_colours(chart), strict=True
    ):
        _colour(plotted, chart, RGBColor.from_string(colour[1:]))
        if series.low:
            _add_error_bars(plotted, series, range_colour(chart))


def _style(drawn: Any, chart: Chart, number: str) -> None:
    drawn.font.size = Pt(12)
    drawn.font.color.rgb = RGBColor.from_string(INK[1:])
    drawn.has_title = True
    drawn.chart_title.text_frame.text = set_text(chart.title)
    drawn.chart_title.text_frame.paragraphs[0].font.size = Pt(14)
    drawn.chart_title.text_frame.paragraphs[0].font.bold = True
    drawn.has_legend = len(chart.series) > 1
    if drawn.has_legend:
        drawn.legend.position = XL_LEGEND_POSITION.BOTTOM
        drawn.legend.include_in_layout = False
    drawn.value_axis.minimum_scale = 0
    drawn.value_axis.maximum_scale = _top(chart)
    drawn.value_axis.tick_labels.number_format = "0%" if chart.axis == "rate" else number
    drawn.value_axis.tick_labels.number_format_is_linked = False
    drawn.value_axis.major_gridlines.format.line.color.rgb = RGBColor.from_string(GRID[1:])
    drawn.value_axis.format.line.fill.background()
    plot = drawn.plots[0]
    if chart.kind != "lines":
        plot.gap_width = 60
        plot.overlap = 100 if chart.kind == "stack" else -5
    if chart.kind == "lines" and len(chart.categories) <= MOST_LABELS:
        # On columns the labels would lie on the error bars; the table has them.
        labels = plot.series[len(chart.series) - 1].data_labels
        labels.show_value = True
        labels.number_format, labels.number_format_is_linked = number, False
        labels.font.size = Pt(11)
        labels.position = XL_LABEL_POSITION.RIGHT
        _lay_on_white(labels)


def _lay_on_white(labels: Any) -> None:
    """The line and the ranges pass behind the labels, not through them (ECMA-376, part 1, 21.2.2.47)."""
    white = parse_xml(
        f'<c:spPr {nsdecls("c", "a")}><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill></c:spPr>'
    )
    labels._element.find("{*}txPr").addprevious(white)


def _top(chart: Chart) -> float:
    """A round end of the axis above every mark; error bars do not count for PowerPoint's own choice."""
    if chart.kind == "stack":
        columns = zip(*(series.values for series in chart.series), strict=True)
        most = max((sum(value or 0 for value in column) for column in columns), default=0)
    else:
        ends = [end for series in chart.series for end in (*series.values, *series.high) if end is not None]
        most = max(ends, default=0)
    if most <= 0:
        return 1.0
    unit = 10.0 ** math.floor(math.log10(most))
    top = next(step * unit for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if most <= step * unit)
    return min(top, 1.0) if chart.axis == "rate" else top


def _colour(plotted: Any, chart: Chart, colour: RGBColor) -> None:
    if chart.kind == "lines":
        plotted.smooth = False
        plotted.format.line.color.rgb = colour
        plotted.format.line.width = Pt(2.25)
        plotted.marker.format.fill.solid()
        plotted.marker.format.fill.fore_color.rgb = colour
        plotted.marker.format.line.color.rgb = colour
    else:
        plotted.format.fill.solid()
        plotted.format.fill.fore_color.rgb = colour
    if chart.kind == "stack":
        plotted.format.line.color.rgb = RGBColor.from_string("ffffff")


def _add_error_bars(plotted: Any, series: Series, colour: str) -> None:
    up = [distance(value, high) for value, high in zip(series.values, series.high, strict=True)]
    down = [distance(low, value) for low, value in zip(series.low, series.values, strict=True)]
    bars = parse_xml(
        f"<c:errBars {nsdecls('c', 'a')}>"
        '<c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="0"/>'
        f"<c:plus>{_numbers(up)}</c:plus><c:minus>{_numbers(down)}</c:minus>"
        f'<c:spPr><a:ln w="15875"><a:solidFill><a:srgbClr val="{colour[1:]}"/></a:solidFill></a:ln></c:spPr>'
        "</c:errBars>"
    )
    element = plotted._element
    # The order of a series' parts is fixed: error bars stand right before the categories.
    element.find("{*}cat").addprevious(bars)


def _numbers(values: list[float | None]) -> str:
    points = "".join(
        f'<c:pt idx="{place}"><c:v>{value!r}</c:v></c:pt>'
        for place, value in enumerate(values)
        if value is not None
    )
    return (
        f'<c:numLit><c:formatCode>General</c:formatCode><c:ptCount val="{len(values)}"/>{points}</c:numLit>'
    )
