"""What ``tierline alignment`` prints: one model's figures, for the eye and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from commands.percent import likely_text, percent_text
from queries.alignment import AlignmentView, TierWork
from queries.workspace import format_time
from scoring.alignment_words import (
    STEP_NAMES,
    capacity_sentence,
    funnel_sentence,
    holdout_sentence,
    promise_sentence,
    reason_sentence,
    rule_sentence,
    selection_sentence,
    speed_sentence,
)
from scoring.plain_json import to_plain
from scoring.sales_answers import NOT_KNOWN, AnswerShare
from scoring.worked import worked_json

MOST_LISTED = 10
NAME_WIDTH = 48


def view_json(view: AlignmentView, capacity: float | None = None) -> dict[str, Any]:
    """One model's figures, for programs."""
    funnel = view.funnel
    return {
        "model": view.model.name,
        "definition": to_plain(view.definition),
        "stages": to_plain(view.stages),
        "funnel": None
        if funnel is None
        else {
            "leads": funnel.leads,
            "horizon_days": funnel.horizon_days,
            "observed_until": format_time(funnel.observed_until),
            "wins_before_mql": funnel.wins_before_mql,
            "steps": to_plain(funnel.steps),
        },
        "tiers": [_tier_json(one, capacity) for one in view.tiers],
        "responses": to_plain(view.responses),
        "answers": {
            "by_tier": to_plain(view.by_tier),
            "by_source": to_plain(view.by_source),
            "by_campaign": to_plain(view.by_campaign),
            "campaign_words": view.campaign_words,
            "by_rule": to_plain(view.by_rule),
            "by_reason": to_plain(view.by_reason),
        },
        "high_rejected": view.high_rejected.num_rows,
        "won_low": view.won_low.num_rows,
        "holdout": to_plain(view.holdout),
    }


def view_text(view: AlignmentView, capacity: float | None = None) -> str:
    """The same for the eye, in the order of the page."""
    parts = [_definition(view), _funnel(view), _answers(view), _promises(view), _disagreement(view)]
    parts += [_capacity(view, capacity), _selection(view)]
    return "\n".join(line for part in parts for line in part if line)


def _tier_json(one: TierWork, capacity: float | None) -> dict[str, Any]:
    sent = one.entries.entries_per_week
    names = ("tier", "leads", "conversions", "rate", "low", "high")
    return (
        {name: getattr(one.figures, name) for name in names}
        | {
            "entries_per_week": sent,
            "share_of_capacity": None if capacity is None or sent is None else sent / capacity,
        }
        | worked_json(one.worked)
    )


def _definition(view: AlignmentView) -> Iterator[str]:
    yield view.model.name
    yield from (f"  {one.sentence}" for one in view.definition.tiers)
    yield from view.stages.notes


def _funnel(view: AlignmentView) -> Iterator[str]:
    if view.funnel is None:
        return
    yield f"{'step':<28}{'reached':>9}{'rate':>9}{'likely':>18}{'days':>7}{'still open':>12}"
    for step in view.funnel.steps:
        days = "-" if step.days_median is None else str(step.days_median)
        yield (
            f"{STEP_NAMES[step.step]:<28}{step.reached:>9,}{percent_text(step.rate):>9}"
            f"{likely_text(step.low, step.high):>18}{days:>7}{step.still_open:>12,}"
        )
    yield funnel_sentence(view.funnel)


def _answers(view: AlignmentView) -> Iterator[str]:
    if not view.stages.has_answers:
        return
    labels = {rule.id: rule.shown_label for rule in view.model.rules}
    yield _heading("What sales rejected, by tier")
    yield from _answer_rows(view.by_tier[::-1])
    yield _heading("by rule that counted")
    yield from _answer_rows([one.fired for one in view.by_rule], labels)
    for what, shares in (("source", view.by_source), ("campaign", view.by_campaign)):
        if {one.name for one in shares} != {NOT_KNOWN}:
            yield _heading(f"by {what}")
            yield from _answer_rows(shares)
    yield rule_sentence(view.by_rule, labels)
    yield from (reason_sentence(one, labels) for one in view.by_reason)


def _heading(text: str) -> str:
    return f"{text:<{NAME_WIDTH}}{'answers':>9}{'rejected':>10}{'share':>9}{'likely':>18}"


def _answer_rows(shares: Sequence[AnswerShare], labels: dict[str, str] | None = None) -> Iterator[str]:
    for one in shares[:MOST_LISTED]:
        name = (labels or {}).get(one.name, one.name)[: NAME_WIDTH - 4]
        yield (
            f"  {name:<{NAME_WIDTH - 2}}{one.answers:>9,}{one.rejected:>10,}{percent_text(one.rate):>9}"
            f"{likely_text(one.low, one.high):>18}"
        )
    if len(shares) > MOST_LISTED:
        yield f"  and {len(shares) - MOST_LISTED} more (--json has them all)"


def _promises(view: AlignmentView) -> Iterator[str]:
    if not view.stages.tells_worked:
        return
    labels = _labels(view)
    yield from (promise_sentence(one, labels[one.tier]) for one in reversed(view.responses))
    yield from (speed_sentence(one, labels[one.tier]) for one in reversed(view.responses))


def _disagreement(view: AlignmentView) -> Iterator[str]:
    top = view.model.tiers[-1].shown_label
    if view.stages.has_answers:
        yield (
            f"{view.high_rejected.num_rows:,} times sales rejected a lead that was {top} just before "
            "('tierline leads --list high-rejected')."
        )
    yield (
        f"{view.won_low.num_rows:,} wins came from a low score, or from no score "
        "('tierline leads --list won-low')."
    )


def _capacity(view: AlignmentView, capacity: float | None) -> Iterator[str]:
    labels = _labels(view)
    for one in reversed(view.tiers[1:]):
        yield capacity_sentence(labels[one.figures.tier], one.entries.entries_per_week, capacity)


def _selection(view: AlignmentView) -> Iterator[str]:
    for one in reversed(view.tiers):
        found = one.figures
        line = f"{found.tier}: converted {percent_text(found.rate)} of {found.leads:,}"
        if found.rate is not None:
            line += f" (likely {likely_text(found.low, found.high)})"
        if one.worked is not None:
            line += f", sales worked {percent_text(one.worked.share)}"
        yield line
    yield selection_sentence(view.worked)
    if view.holdout is not None:
        yield holdout_sentence(view.holdout, view.model.observation.period)


def _labels(view: AlignmentView) -> dict[str, str]:
    return {tier.name: tier.shown_label for tier in view.model.tiers}
