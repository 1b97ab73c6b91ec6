"""The block that scores accounts: what a CRM's score of companies can hold of it.

A company score reads the company's own properties. The scores of its contacts, and how many of them are
engaged, are no properties of it.
"""

from __future__ import annotations

from reports.build_sheet.filters import PhraseBook, filters_of
from reports.build_sheet.sheet import Draft, SheetLine, impossible, nothing
from reports.build_sheet.unknown import KEEP, unknown_line
from scoring.account_scoring import AccountRule, AccountScore
from scoring.model import Model
from scoring.model_words import condition_words, conditions_words

LEAD_PARTS = {
    "sum": "the sum of its leads' scores",
    "mean": "the mean of its leads' scores",
    "max": "the score of its best lead",
    "top": "the sum of its best leads' scores",
}


def account_lines(model: Model, product: str, book: PhraseBook | None) -> list[SheetLine]:
    """Lines for every part of the block, none for a model without it.

    Parameters
    ----------
    model : Model
    product : str
    book : PhraseBook, optional
        How the product filters companies; None where it has no score of companies at all.
    """
    block = model.account_score
    if block is None:
        return []
    lines = [_lead_part(block, product), *_people(block, product)]
    lines += [_rule(rule, product, book) for rule in block.rules]
    lines += [_tier(block, place, product, book) for place in range(len(block.tiers))]
    unknown = unknown_line("account", "account_score", "Score of accounts", block, product)
    return [*lines, *([unknown] if unknown else [])]


def _lead_part(block: AccountScore, product: str) -> SheetLine:
    top = f" ({block.top} of them)" if block.top is not None else ""
    what = f"{LEAD_PARTS[block.lead_part]}{top}, within {block.min_score} to {block.max_score} points"
    reason = f"{product} cannot make {what}, out of the scores of an account's people."
    return impossible("account", "from", f"An account scores {what}", (reason,), KEEP)


def _people(block: AccountScore, product: str) -> list[SheetLine]:
    engaged = [
        *([f"score {block.engaged_score} or more"] if block.engaged_score is not None else []),
        *([f"tier “{block.engaged_tier}” or above"] if block.engaged_tier is not None else []),
        *(
            [f"activity within {block.engaged_within_days} days"]
            if block.engaged_within_days is not None
            else []
        ),
    ]
    who = f"engaged: {' or '.join(engaged)}" if engaged else "everybody"
    parts = [
        ("points_per_person", block.points_per_person, block.max_person_points, "engaged person"),
        (
            "points_per_department",
            block.points_per_department,
            block.max_department_points,
            f"department of engaged people, by “{block.department_field}”",
        ),
    ]
    lines = []
    for key, points, most, what in parts:
        if points:
            limit = f", at most {most}" if most is not None else ""
            label = f"{points:+d} points for every {what}{limit}"
            reason = f"{product} does not count the people of an account who are {who}."
            lines.append(impossible("account", key, label, (reason,), KEEP))
    return lines


def _rule(rule: AccountRule, product: str, book: PhraseBook | None) -> SheetLine:
    label = rule.shown_label
    unknown = unknown_line("account", rule.id, label, rule, product) if rule.enabled else None
    if unknown:
        return unknown
    if not rule.enabled or rule.points == 0:
        why = "It gives no points" if rule.enabled else "It is switched off"
        return nothing("account", rule.id, label, f"{why}: leave it out.")
    what = f"{rule.points:+d} points for {conditions_words(rule.where, rule.match)}"
    if book is None:
        return impossible(
            "account", rule.id, label, (f"{product} has no score of accounts for {what}.",), KEEP
        )
    filters, lost = filters_of(rule.where, book)
    if lost:
        reasons = [f"No filter asks whether {condition_words(one)}." for one in lost]
        advice = f"Write a yes-or-no company property, ask for that, and give {what}."
        return impossible("account", rule.id, label, reasons, advice)
    draft = Draft(differences=[f"{one.difference}." for one in filters if one.difference])
    if rule.match == "any" and len(filters) > 1:
        draft.settings.append(f"Active company segment “{label}”, any of:")
        draft.settings += [one.text for one in filters]
        draft.settings.append(f"Criterion: segment membership is “{label}”")
    else:
        draft.settings += [f"Criterion: {one.text}" for one in filters] or ["Criterion: create date is known"]
    draft.settings.append(f"Points: {rule.points:+d}")
    return draft.line("account", rule.id, label, "Company score, property group")


def _tier(block: AccountScore, place: int, product: str, book: PhraseBook | None) -> SheetLine:
    tier = block.tiers[place]
    label = f"Accounts: {tier.shown_label}, from {tier.threshold} points"
    key = f"account tier {tier.name}"
    unknown = unknown_line("account", key, label, tier, product)
    if unknown:
        return unknown
    what = (
        "has no score of accounts" if book is None else "knows only the part of the score that companies have"
    )
    reason = f"{product} {what}, so no threshold of it means the same."
    return impossible("account", key, label, (reason,), KEEP)
