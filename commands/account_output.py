"""What ``tierline accounts`` and ``tierline account`` print: as JSON for programs, as text for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commands.backtest_output import TIME_FORMAT
from commands.percent import percent_text
from queries.account_people import Person
from queries.one_account import AccountExplanation
from scoring.account_backtest import AccountBacktest
from scoring.account_changes import lead_part_words
from scoring.account_scoring import account_model, account_score_of
from scoring.backtest import PeriodFigures, TierFigures
from scoring.model import Model
from scoring.plain_json import to_plain
from scoring.worked import WorkedShare
from scoring.worked_words import THE_COMPLETE_ACCOUNTS, worked_words


def account_json(account: AccountExplanation) -> dict[str, Any]:
    """Everything about one account."""
    return {
        "account_id": account.account_id,
        "at": account.at.strftime(TIME_FORMAT),
        "state": account.state.value,
        "score": account.score,
        "tier": account.tier,
        "waterfall": [] if account.waterfall is None else [to_plain(one) for one in account.waterfall.steps],
        "people": [_person_json(person) for person in account.people],
        "departments": [to_plain(seat) for seat in account.seats],
        "missing_departments": list(account.missing),
        "account_rules": dict(account.holds),
        "attributes": dict(account.attributes),
        "won_at": [time.strftime(TIME_FORMAT) for time in account.won_at],
        "history": [
            {
                "at": at.strftime(TIME_FORMAT),
                "score": score,
                "tier": tier,
                "people": people,
                "engaged": engaged,
            }
            for at, score, tier, people, engaged in _history_rows(account)
        ],
    }


def account_text(account: AccountExplanation) -> str:
    """The same for people."""
    name = account.attributes.get("name")
    head = f"{account.account_id}{f' ({name})' if name else ''}"
    if account.waterfall is None:
        lines = [f"{head}: not scored as of {account.at:{TIME_FORMAT}}: {account.state.value}"]
    else:
        lines = [f"{head}: {account.score} points, {account.tier}, as of {account.at:{TIME_FORMAT}}"]
        lines += [
            f"  {step.label[:50]:<50}{step.points:>+8}{step.total:>8}" for step in account.waterfall.steps
        ]
        lines.append(f"{'score':<52}{'':>8}{account.score:>8}")
    lines += ["", "people", *map(_person_line, account.people), ""]
    if account.seats:
        lines += [
            f"  {seat.department[:30]:<30}{seat.known:>4} known{seat.engaged:>4} engaged"
            for seat in account.seats
        ]
        lines += [f"missing: {', '.join(account.missing) or 'no department'}", ""]
    lines += [
        f"  {at:%Y-%m-%d}{score:>8}  {tier}, {engaged} of {people} engaged"
        for at, score, tier, people, engaged in _history_rows(account)
    ]
    return "\n".join(lines).rstrip()


def backtest_text(found: AccountBacktest, model: Model, worked: Mapping[str, WorkedShare]) -> str:
    """A table of the periods, and below it each tier with its likely range and what sales worked.

    `worked` is by tier of accounts, empty where the data do not tell it.
    """
    labels = {tier.name: tier.name for tier in reversed(account_model(model).tiers)}
    whole = found.backtest
    until = whole.observed_until.strftime(TIME_FORMAT)
    start = lead_part_words(account_score_of(model))
    lines = [
        f"{whole.model}: an account's score starts from {start}; {whole.horizon_days} days to convert, "
        f"data until {until}",
        f"{'period':<10}{'accounts':>10}{'won':>7}{'open':>8}{'rate':>9}{'AUC':>8}"
        + "".join(f"{tier.tier[:12]:>14}" for tier in whole.pooled.tiers),
        *(_row(period) for period in (*whole.periods, whole.pooled)),
        *(_tier_line(tier) for tier in reversed(whole.pooled.tiers)),
        *([f"- {sentence}"] if (sentence := worked_words(labels, worked, THE_COMPLETE_ACCOUNTS)) else []),
        f"- {found.through_others['pooled']:,} of {whole.pooled.conversions:,} wins came only through people "
        "who were not scored then.",
        f"- {whole.pooled.unscored_conversions:,} more wins were of accounts that had never been scored.",
    ]
    return "\n".join(lines)


def _tier_line(tier: TierFigures) -> str:
    if tier.rate is None or tier.low is None or tier.high is None:
        return f"- {tier.tier}: no complete account."
    return (
        f"- {tier.tier}: {tier.conversions:,} of {tier.leads:,} accounts converted, {100 * tier.rate:.1f} % "
        f"(likely {100 * tier.low:.1f} to {100 * tier.high:.1f} %), {percent_text(tier.capture)} of all wins."
    )


def _row(period: PeriodFigures) -> str:
    auc = "-" if period.auc is None else f"{period.auc:.4f}"
    row = f"{period.period:<10}{period.leads:>10,}{period.conversions:>7,}{period.immature_leads:>8,}"
    row += f"{percent_text(period.rate):>9}{auc:>8}"
    return row + "".join(f"{percent_text(tier.rate):>14}" for tier in period.tiers)


def _history_rows(account: AccountExplanation) -> list[tuple[Any, ...]]:
    past = account.history
    return list(zip(past.moments, past.scores, past.tiers, past.people, past.engaged, strict=True))


def _person_json(person: Person) -> dict[str, Any]:
    last = person.last_activity
    return {
        "lead_id": person.lead_id,
        "title": person.title,
        "department": person.department,
        "state": person.state.value,
        "score": person.score,
        "tier": person.tier,
        "engaged": person.engaged,
        "last_activity_at": None if last is None else last.strftime(TIME_FORMAT),
    }


def _person_line(person: Person) -> str:
    score = person.state.value if person.score is None else f"{person.score} {person.tier}"
    last = "never active" if person.last_activity is None else f"active {person.last_activity:%Y-%m-%d}"
    return (
        f"  {person.lead_id[:20]:<20} {(person.title or '-')[:28]:<28} {(person.department or '-')[:16]:<16} "
        f"{score:<14} {'engaged' if person.engaged else '':<8} {last}"
    )
