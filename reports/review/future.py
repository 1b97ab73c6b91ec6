"""Forecasts of the periods that are not complete, in a document."""

from __future__ import annotations

from collections.abc import Sequence

from reports.review.content import Chart, Figure, Section, Series, Table, columns_or_bars
from reports.review.figures import tells_amounts, whole
from scoring.figure_words import NO_DATA, count, money, percent
from scoring.forecast import Forecast
from scoring.forecast_draws import LEVEL, Range
from scoring.review import QuarterReview
from scoring.review_words import forecast_sentence


def forecast_sections(review: QuarterReview) -> tuple[Section, ...]:
    """One section for each period that is still open; none when all are complete."""
    return tuple(_section(review, period, found) for period, found in review.forecasts.items())


def _section(review: QuarterReview, period: str, found: Sequence[Forecast]) -> Section:
    labels = {tier.tier: tier.label for tier in review.tiers}
    names = ["All leads" if one.tier is None else labels.get(one.tier, one.tier) for one in found]
    known = [
        (name, one, one.conversions) for name, one in zip(names, found, strict=True) if one.tier is not None
    ]
    drawn = [(name, one, wins) for name, one, wins in known if wins is not None]
    charts: tuple[Chart, ...] = ()
    if drawn:
        charts = (
            Chart(
                f"forecast-{period.lower()}",
                columns_or_bars([name for name, _, _ in drawn]),
                "count",
                f"Conversions of {period} by tier, so far and expected",
                tuple(name for name, _, _ in drawn),
                (
                    Series("So far", tuple(one.known for _, one, _ in drawn)),
                    Series(
                        "Expected in the end",
                        tuple(wins.expected for _, _, wins in drawn),
                        tuple(wins.low for _, _, wins in drawn),
                        tuple(wins.high for _, _, wins in drawn),
                    ),
                ),
                f"Lines show the range that holds the truth {100 * LEVEL:.0f} times in 100.",
            ),
        )
    columns = ("Tier", "Leads so far", "Converted so far", "Expected", "Range", "Rate in the end")
    amounts = tells_amounts(review)
    table = Table(
        f"What {period} is expected to end with",
        (*columns, "Amount") if amounts else columns,
        tuple((name, *_cells(one, amounts)) for name, one in zip(names, found, strict=True)),
    )
    refused = [f"{name}: {one.refusal}" for name, one in zip(names, found, strict=True) if one.refusal]
    return Section(
        forecast_sentence(period, found[0]).rstrip("."), points=tuple(refused), charts=charts, tables=(table,)
    )


def _cells(one: Forecast, amounts: bool) -> tuple[Figure, ...]:
    worth = Figure(NO_DATA) if one.amount is None else Figure(money(one.amount.expected), one.amount.expected)
    return (
        whole(one.leads),
        whole(one.known),
        Figure(NO_DATA)
        if one.conversions is None
        else Figure(count(one.conversions.expected), one.conversions.expected),
        Figure(_range(one.conversions)),
        Figure(NO_DATA) if one.rate is None else Figure(percent(one.rate.expected), one.rate.expected),
        *((worth,) if amounts else ()),
    )


def _range(found: Range | None) -> str:
    return NO_DATA if found is None else f"{count(found.low)} to {count(found.high)}"
