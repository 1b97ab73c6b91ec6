"""What ``tierline review`` prints: a period's review and replayed forecasts, as JSON or as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

from commands.percent import likely_text, percent_text
from queries.workspace import format_time
from scoring.backtest import Backtest, TierFigures, to_json
from scoring.figure_words import day, percent
from scoring.forecast import Forecast
from scoring.forecast_draws import LEVEL, Range
from scoring.forecast_replay import Coverage, Replay, amount_coverage, coverage
from scoring.plain_json import to_plain
from scoring.review import PartReview, QuarterReview, VersionEffect
from scoring.review_parts import part_heading
from scoring.review_words import change_words
from scoring.worked import WorkedShare, beside_rates

NAME_WIDTH = 26
MOST_PARTS = 10


def review_json(review: QuarterReview) -> dict[str, Any]:
    """The whole review: its sentences first; ``backtest`` is what ``tierline backtest --json`` prints."""
    spoken = {"headline": review.headline, "sentences": list(review.sentences)}
    content: dict[str, Any] = _timeless(review)
    shares = [share for tier in review.tiers for share in tier.worked.values()]
    content["backtest"] = beside_rates(content["backtest"], shares)
    return spoken | {name: value for name, value in content.items() if name not in spoken}


def replay_json(replays: Sequence[Replay]) -> dict[str, Any]:
    """Every replayed forecast beside what became of it, and how many intervals held the truth."""
    return {
        "level": LEVEL,
        "conversions": _coverage_json(coverage(replays)),
        "amounts": _coverage_json(amount_coverage(replays)),
        "replays": _timeless(list(replays)),
    }


def review_text(review: QuarterReview) -> str:
    """The review for people."""
    version = f", version {review.version}" if review.version else ""
    until = day(review.observed_until)
    blocks = [
        [
            f"{review.period} ({review.state.value}), {review.model}{version}, data until {until}",
            review.headline,
            *(f"- {sentence}" for sentence in review.sentences),
        ],
        _tiers(review),
        _parts(review, review.sources),
        _parts(review, review.campaigns),
        _forecasts(review),
        _changes(review),
        ["To change next:", *(f"- {one.text} {one.reason}" for one in review.recommendations)]
        if review.recommendations
        else [],
        ["Found in data and model:", *(f"- {one.severity}: {one.message}" for one in review.findings)]
        if review.findings
        else [],
        ["What these figures cannot say:", *(f"- {caveat}" for caveat in review.caveats)],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def replay_text(replays: Sequence[Replay]) -> str:
    """The replay as a table, refusals last, and the coverage."""
    if not replays:
        return "No period is complete yet, so no forecast of the past can be replayed."
    lines = [
        "Every complete period, forecast as it would have been then:",
        f"{'period':<10}{'tier':<16}{'day':>5}{'leads':>9}{'known':>8}{'expected':>10}"
        f"{'interval':>16}{'in the end':>12}  held",
    ]
    refused: dict[tuple[str, str | None, str], None] = {}
    for replay in replays:
        forecast, wins = replay.forecast, replay.forecast.conversions
        if wins is None:
            refused[forecast.period, forecast.tier, forecast.refusal or ""] = None
            continue
        lines.append(
            f"{forecast.period:<10}{(forecast.tier or 'all leads')[:15]:<16}{replay.age_days:>5.0f}"
            f"{forecast.leads:>9,}{forecast.known:>8,}{wins.expected:>10,.1f}"
            f"{f'{wins.low:,.0f} to {wins.high:,.0f}':>16}{replay.conversions:>12,}  "
            f"{'yes' if replay.holds else 'no'}"
        )
    lines += [f"{period:<10}{tier or 'all leads'}: not forecast, {why}" for period, tier, why in refused]
    lines.append(_covered("conversions", coverage(replays)))
    lines.append(_covered("amount", amount_coverage(replays)))
    return "\n".join(lines)


def _covered(what: str, found: Coverage) -> str:
    if found.share is None:
        return f"No {what} could be forecast."
    return (
        f"{found.held:,} of {found.forecasts:,} intervals of the {what} ({percent(found.share, 0)}) held "
        f"the truth; they are made to do so {percent(LEVEL, 0)} of the time."
    )


def _coverage_json(found: Coverage) -> dict[str, Any]:
    return {"held": found.held, "forecasts": found.forecasts, "share": found.share}


def _tiers(review: QuarterReview) -> list[str]:
    before, year = review.before_label, review.year_before_label
    lines = [f"{'tier':<{NAME_WIDTH}}{review.period:>34}{before:>34}{year:>34}"]
    for tier in reversed(review.tiers):
        cells = (tier.this, tier.before, tier.year_before)
        lines.append(f"{tier.label[: NAME_WIDTH - 1]:<{NAME_WIDTH}}" + "".join(map(_rate, cells)))
        if review.tells_worked:
            shares = (tier.worked.get(label) for label in (review.period, before, year))
            lines.append(f"{'  sales worked':<{NAME_WIDTH}}" + "".join(map(_worked, shares)))
        if tier.change is not None:
            lines.append(f"{'':<{NAME_WIDTH}}against {before}: {change_words(tier.change)}")
    return lines


def _rate(figures: TierFigures | None) -> str:
    if figures is None or figures.rate is None or figures.low is None or figures.high is None:
        return f"{'-':>34}"
    text = f"{percent_text(figures.rate)} ({likely_text(figures.low, figures.high)}) of {figures.leads:,}"
    return f"{text:>34}"


def _worked(found: WorkedShare | None) -> str:
    if found is None or found.share is None:
        return f"{'-':>34}"
    return f"{f'{percent_text(found.share)} ({found.worked:,} of {found.leads:,})':>34}"


def _parts(review: QuarterReview, part: PartReview) -> list[str]:
    if part.column is None:
        return [part.words]
    lines = [
        f"{part_heading(part):<{NAME_WIDTH}}{'leads':>9}{'before':>9}{'a year ago':>12}{'converted':>34}"
    ]
    lines += [
        f"{row.value[: NAME_WIDTH - 1]:<{NAME_WIDTH}}{row.scored:>9,}{row.scored_before:>9,}"
        f"{row.scored_year_before:>12,}{_rate(row.all)}"
        for row in part.rows[:MOST_PARTS]
    ]
    left = len(part.rows) - MOST_PARTS
    more = [f"and {left:,} more (--json has them all)"] if left > 0 else []
    return [*lines, *more, part.words]


def _forecasts(review: QuarterReview) -> list[str]:
    lines = []
    for period, found in review.forecasts.items():
        lines.append(
            f"{period} is still open; expected in the end, and the interval that holds the truth "
            f"{percent(LEVEL, 0)} of the time:"
        )
        labels = {tier.tier: tier.label for tier in review.tiers}
        lines += [_forecast(one, labels) for one in found]
    return lines


def _forecast(forecast: Forecast, labels: Mapping[str, str]) -> str:
    name = "all leads" if forecast.tier is None else labels[forecast.tier]
    name = f"{name[: NAME_WIDTH - 1]:<{NAME_WIDTH}}"
    if forecast.conversions is None or forecast.rate is None:
        return f"{name}not forecast: {forecast.refusal}"
    text = f"{name}{_ranged(forecast.conversions)} of {forecast.leads:,} leads, "
    rate = forecast.rate
    text += f"{percent_text(rate.expected)} ({likely_text(rate.low, rate.high)})"
    return text if forecast.amount is None else f"{text}, worth {_ranged(forecast.amount)}"


def _ranged(figure: Range) -> str:
    return f"{figure.expected:,.0f} ({figure.low:,.0f} to {figure.high:,.0f})"


def _changes(review: QuarterReview) -> list[str]:
    if not review.changes:
        return [f"No change of the model is recorded since {review.year_before_label} began."]
    lines = ["Changes of the model in use:"]
    for change in review.changes:
        lines.append(
            f"- version {change.version}, {day(change.at)}, by {change.author}: "
            f"{'; '.join(change.changes) or 'nothing'}"
        )
        if change.before is not None and change.after is not None:
            lines.append(
                f"  {review.period} scored by version {change.replaced}: {_effect(change.before)}; "
                f"by version {change.version}: {_effect(change.after)}"
            )
        elif change.problem:
            lines.append(f"  its effect is not known: {change.problem}")
    return lines


def _effect(effect: VersionEffect) -> str:
    share = None if effect.worked is None else effect.worked.share
    known = "" if share is None else f", sales worked {percent_text(share)}"
    return f"{effect.top.tier} {_rate(effect.top).strip()}{known}"


def _timeless(value: Any) -> Any:
    """As `to_plain`, times as text and the back-test in its own form."""
    if isinstance(value, datetime):
        return format_time(value)
    if isinstance(value, Backtest):
        return to_json(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _timeless(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _timeless(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_timeless(item) for item in value]
    return to_plain(value)
