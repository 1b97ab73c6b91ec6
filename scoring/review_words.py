"""What a review says in sentences: what happened, against when, and what the figures cannot say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scoring.backtest import PeriodFigures
from scoring.drift import DriftReport
from scoring.enough_data import MIN_LEADS_FOR_RATE
from scoring.forecast import Forecast
from scoring.rate_change import Move, RateChange
from scoring.review import State, TierReview
from scoring.worked_words import NOT_TOLD, THE_COMPLETE, worked_words


def headline(period: str, state: State, tiers: Sequence[TierReview], word: str) -> str:
    """What happened in the period, in one sentence: the top tier's rate, and whether it moved."""
    top = tiers[-1]
    if state == State.OPEN:
        return (
            f"{period} is still open: {top.scored:,} {top.label} leads were scored, and none has had all its "
            "days to convert."
        )
    if top.this.rate is None:
        return f"No {top.label} lead of {period} has had all its days to convert."
    beginning = f"In {period} {top.label} leads converted at {_percent(top.this.rate)}"
    if top.change is None or top.before is None:
        counts = f"{top.this.conversions:,} of {top.this.leads:,}"
        return f"{beginning}, {counts}; there is no {word} before to compare."
    before = f"{_percent(top.before.rate)} the {word} before"
    if top.change.move == Move.BY_CHANCE:
        return f"{beginning}, after {before}: no more of a change than chance."
    if top.change.move == Move.TOO_LITTLE_DATA:
        return f"{beginning}, after {before}: too few leads to call it a change."
    return f"{beginning}, {top.change.move.value} than {before} by more than chance."


def sentences(
    state: State,
    this: PeriodFigures,
    before: PeriodFigures | None,
    tiers: Sequence[TierReview],
    word: str,
    drift: DriftReport | None,
    forecasts: Mapping[str, Sequence[Forecast]],
) -> tuple[str, ...]:
    """What else there is to say, the most important first."""
    top = tiers[-1]
    lines = []
    if this.leads:
        lines.append(_amounts(this, before, word))
    if top.year_before is not None and top.year_change is not None:
        lines.append(_against_year(top, top.year_change))
    lines.append(_mix(top, word))
    if drift is not None:
        lines.append(drift.sentence)
    for period, found in forecasts.items():
        lines.append(forecast_sentence(period, found[0]))
    if state == State.PARTLY:
        lines.append(
            f"{this.immature_leads:,} leads of {this.period} are still open; they are in none of its rates."
        )
    return tuple(lines)


def caveats(
    state: State, this: PeriodFigures, tiers: Sequence[TierReview], word: str, first: bool
) -> tuple[str, ...]:
    """What the figures cannot say."""
    lines = [
        "A rate counts only leads that have had all their days to convert. Its likely range holds the true "
        "rate 95 times in 100."
    ]
    lines += _worked(this.period, tiers)
    if first:
        lines.append(f"{this.period} is the first {word} of the data: there is nothing to compare it with.")
    small = [tier.label for tier in tiers if 0 < tier.this.leads < MIN_LEADS_FOR_RATE]
    if small:
        lines.append(f"Fewer than {MIN_LEADS_FOR_RATE} leads in {', '.join(small)}: its rate says little.")
    if this.unscored_conversions:
        lines.append(
            f"{this.unscored_conversions:,} wins of {this.period} came from leads that had never been "
            "scored; no tier holds them."
        )
    if state != State.COMPLETE:
        lines.append(
            "What a forecast says holds for the leads scored so far, not for those that may still come."
        )
    lines.append(
        "Attributes of leads and companies are as they are known today; activities and outcomes are as of "
        "the moment of scoring."
    )
    return tuple(lines)


def forecast_sentence(period: str, forecast: Forecast) -> str:
    """The forecast of all leads of a period, or why there is none."""
    if forecast.conversions is None or forecast.rate is None:
        return f"{period} cannot be forecast: {forecast.refusal}"
    wins = forecast.conversions
    return (
        f"{period} is expected to end with {wins.expected:,.0f} conversions of the {forecast.leads:,} leads "
        f"scored so far (nine times in ten {wins.low:,.0f} to {wins.high:,.0f}); {forecast.known:,} came in."
    )


def change_words(change: RateChange | None) -> str:
    """``+2.1 points (likely +0.3 to +3.9): higher``; empty where nothing can be compared."""
    if change is None:
        return ""
    return (
        f"{100 * change.difference:+.1f} points (likely {100 * change.low:+.1f} to "
        f"{100 * change.high:+.1f}): {change.move.value}"
    )


def _worked(period: str, tiers: Sequence[TierReview]) -> list[str]:
    """How much of each tier sales worked in the period; nothing where none of its leads is complete."""
    if not any(tier.worked for tier in tiers):
        return [NOT_TOLD]
    labels = {tier.tier: tier.label for tier in reversed(tiers)}
    shares = {tier.tier: tier.worked[period] for tier in tiers if period in tier.worked}
    text = worked_words(labels, shares, f"{THE_COMPLETE} of {period}") if shares else ""
    return [text] if text else []


def _amounts(this: PeriodFigures, before: PeriodFigures | None, word: str) -> str:
    if before is None or not before.leads:
        return f"{_converted(this)}."
    return f"{_converted(this)}; the {word} before {_converted(before)}."


def _converted(figures: PeriodFigures) -> str:
    text = f"{figures.conversions:,} of {figures.leads:,} leads converted ({_percent(figures.rate)})"
    return f"{text}, worth {figures.amount:,.0f}" if figures.amount else text


def _against_year(top: TierReview, change: RateChange) -> str:
    assert top.year_before is not None  # there is a change since
    verdict = {
        Move.HIGHER: "higher now, by more than chance",
        Move.LOWER: "lower now, by more than chance",
        Move.BY_CHANCE: "no more of a change than chance",
        Move.TOO_LITTLE_DATA: "too few leads to call it a change",
    }[change.move]
    return f"A year ago {top.label} leads converted at {_percent(top.year_before.rate)}: {verdict}."


def _mix(top: TierReview, word: str) -> str:
    leads = "1 lead was" if top.scored == 1 else f"{top.scored:,} leads were"
    text = f"{leads} {top.label}, {_percent(top.share)} of all that were scored"
    if top.scored_before is None:
        return f"{text}."
    return f"{text}; the {word} before {top.scored_before:,} ({_percent(top.share_before)})."


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"
