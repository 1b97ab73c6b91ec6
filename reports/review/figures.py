"""Figures of the back-test as cells of tables, with the place that each comes from."""

from __future__ import annotations

from reports.review.content import Figure
from scoring.backtest import PeriodFigures, TierFigures
from scoring.figure_words import NO_DATA, count, likely_range, money, percent
from scoring.review import QuarterReview, TierReview


def path_of(period: str, tier: str, key: str) -> str:
    """Where a figure stands: ``2026-Q1/SQL/rate``, or ``2026-Q1//rate`` for all tiers together."""
    return f"{period}/{tier}/{key}"


def share(value: float | None, path: str = "") -> Figure:
    """A fraction in percent."""
    return Figure(percent(value), value, path)


def whole(value: int | None, path: str = "") -> Figure:
    """A count."""
    return Figure(count(value), value, path)


def amount(value: float | None, path: str = "") -> Figure:
    """An amount in the currency of the data."""
    return Figure(money(value), value, path)


def span(low: float | None, high: float | None, path: str = "") -> Figure:
    """The likely range of a rate, short: ``6.5 to 17.3 %``; its lower end is the value."""
    return Figure(likely_range(low, high).removeprefix("likely "), low, path)


def tier_cells(period: str, tier: TierFigures | None) -> tuple[Figure, ...]:
    """Complete leads, converted, rate, likely range, lift, capture and amount of a tier in a period."""
    if tier is None:
        return tuple(Figure(NO_DATA) for _ in range(7))
    at = [path_of(period, tier.tier, key) for key in ("leads", "conversions", "rate", "low")]
    return (
        whole(tier.leads, at[0]),
        whole(tier.conversions, at[1]),
        share(tier.rate, at[2]),
        span(tier.low, tier.high, at[3]),
        Figure(
            NO_DATA if tier.lift is None else f"{tier.lift:.1f}",
            tier.lift,
            path_of(period, tier.tier, "lift"),
        ),
        share(tier.capture, path_of(period, tier.tier, "capture")),
        amount(tier.amount, path_of(period, tier.tier, "amount")),
    )


TIER_COLUMNS = (
    "Complete leads",
    "Converted",
    "Rate",
    "Likely range",
    "Times the average",
    "Share of wins caught",
    "Amount",
)
WORKED_COLUMN = "Sales worked"


def tells_amounts(review: QuarterReview) -> bool:
    """Whether anything that was won has an amount; otherwise no table has a column of zeros."""
    backtest = review.backtest
    return any(figures.amount for figures in (*backtest.periods, backtest.pooled))


def tier_columns(review: QuarterReview) -> tuple[str, ...]:
    """The columns of a table of `tier_row`."""
    columns = TIER_COLUMNS if tells_amounts(review) else TIER_COLUMNS[:-1]
    return (*columns, WORKED_COLUMN) if review.tells_worked else columns


def tier_row(
    review: QuarterReview, tier: TierReview, period: str, figures: TierFigures
) -> tuple[Figure, ...]:
    """As `tier_cells`, then how many of these leads sales worked, where the data tell it."""
    cells = tier_cells(period, figures)
    if not tells_amounts(review):
        cells = cells[:-1]
    if not review.tells_worked:
        return cells
    worked = tier.worked.get(period)
    if worked is None or worked.share is None:
        return (*cells, Figure(NO_DATA))
    return (*cells, Figure(f"{percent(worked.share)} ({count(worked.worked)})", worked.share))


def period_columns(review: QuarterReview) -> tuple[str, ...]:
    """The columns of a table of `period_cells`."""
    amounts = ("Amount",) if tells_amounts(review) else ()
    return (
        "Complete leads",
        "Still open",
        "Converted",
        "Rate",
        "Picks the buyer, times in 100",
        *amounts,
        "Wins never scored",
    )


def period_cells(review: QuarterReview, figures: PeriodFigures) -> tuple[Figure, ...]:
    """Complete and open leads, converted, rate, picks the buyer, amount, wins never scored."""
    period = figures.period
    picks = NO_DATA if figures.auc is None else f"{100 * figures.auc:.1f}"
    amounts = (amount(figures.amount, path_of(period, "", "amount")),) if tells_amounts(review) else ()
    return (
        whole(figures.leads, path_of(period, "", "leads")),
        whole(figures.immature_leads, path_of(period, "", "immature_leads")),
        whole(figures.conversions, path_of(period, "", "conversions")),
        share(figures.rate, path_of(period, "", "rate")),
        Figure(picks, figures.auc, path_of(period, "", "auc")),
        *amounts,
        whole(figures.unscored_conversions, path_of(period, "", "unscored_conversions")),
    )
