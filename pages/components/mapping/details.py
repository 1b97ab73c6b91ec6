"""What a mapping needs now and then: rows to leave out, values to translate, doubles, other keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import streamlit as st

from pages.components.data.words import shown
from pages.components.mapping.guess import guess_hindsight
from pages.components.mapping.lines import format_pairs, parse_pairs
from queries.mapping import Match, NumberExample, RowCondition

if TYPE_CHECKING:
    from pages.components.mapping.feed import FeedForm

MAX_CONDITIONS = 10
CONDITIONS = {
    "equals": "is",
    "not_equals": "is not",
    "in": "is one of",
    "not_in": "is none of",
    "is_present": "is filled in",
    "is_missing": "is empty",
}
DOUBLES = {
    "each": "leave out every row but the first, and say so",
    "first": "use the earliest row",
    "last": "use the latest row",
}
AS_IS = "1234.56 (nothing to do)"


def show_details(form: FeedForm) -> tuple[dict[str, Any], list[str]]:
    """Draw the details in a folded part.

    Returns
    -------
    fields : dict
        Part of what a TableMapping is made from; ``columns`` and ``constants`` are in addition to others.
    mistakes : list of str
        What cannot be understood, in words.
    """
    mistakes: list[str] = []
    with st.expander("More: rows and columns to leave out, values to translate", key=f"{form.key}_more"):
        fields = _other_columns(form)
        fields["columns"] = _renamed(form, mistakes)
        fields["constants"] = _constants(form, mistakes)
        fields["values"] = _translations(form, mistakes)
        fields["where"] = _conditions(form, mistakes)
        fields["numbers"] = _numbers(form)
        if form.contract.time is not None:
            fields["keep_row"] = st.selectbox(
                "When one id stands in several rows" if form.contract.unique else "Rows to use of each lead",
                list(DOUBLES),
                index=list(DOUBLES).index(form.base.keep_row),
                format_func=lambda kept: (
                    "use all rows" if kept == "each" and not form.contract.unique else DOUBLES[kept]
                ),
                key=f"{form.key}_keep_row",
            )
        if form.contract.name != "accounts":
            fields["match"] = _match(form, mistakes)
    return fields, mistakes


def _other_columns(form: FeedForm) -> dict[str, Any]:
    keep = st.toggle(
        "Keep all other columns, so that rules can use them",
        value=form.base.keep_others,
        key=f"{form.key}_keep",
    )
    start = guess_hindsight(form.file.columns) if form.fresh else form.base.leave_out
    left_out = st.multiselect(
        "Columns to leave out",
        form.file.columns,
        default=[name for name in start if name in form.file.columns],
        key=f"{form.key}_leave_out",
        help="Leave out what is only known once a lead has bought: a rule on it would know the answer.",
        disabled=not keep,
    )
    return {"keep_others": keep, "leave_out": tuple(left_out) if keep else ()}


def _pairs(
    form: FeedForm, label: str, start: dict[str, str], key: str, mistakes: list[str], **more: Any
) -> dict[str, str]:
    text = st.text_area(label, value=format_pairs(start), height=90, key=f"{form.key}_{key}", **more)
    pairs, unreadable = parse_pairs(text)
    mistakes += [f"{label}: write “left -> right”, got “{line}”" for line in unreadable]
    return pairs


def _renamed(form: FeedForm, mistakes: list[str]) -> dict[str, str]:
    start = {theirs: ours for ours, theirs in form.base.columns.items() if ours not in form.contract.known}
    pairs = _pairs(
        form, "Columns to rename, one a line", start, "rename", mistakes, placeholder="Job Title -> job_title"
    )
    return {ours: theirs for theirs, ours in pairs.items()}


def _constants(form: FeedForm, mistakes: list[str]) -> dict[str, str]:
    start = {ours: text for ours, text in form.base.constants.items() if ours not in form.contract.required}
    return _pairs(
        form,
        "Columns to add with the same text in every row",
        start,
        "constants",
        mistakes,
        placeholder="source -> Fair",
    )


def _translations(form: FeedForm, mistakes: list[str]) -> dict[str, dict[str, str]]:
    ours = list(dict.fromkeys([*form.columns, *form.contract.known, *form.base.values, *form.file.columns]))
    chosen = st.multiselect(
        "Columns whose values are translated",
        ours,
        default=list(form.base.values),
        key=f"{form.key}_translated",
    )
    translated = {}
    for name in chosen:
        pairs = _pairs(
            form,
            f"Values of “{shown(name, 60)}”, one a line",
            form.base.values.get(name, {}),
            f"values_{ours.index(name)}_{name}",
            mistakes,
            placeholder="Closed Won -> won",
        )
        if pairs:
            translated[name] = pairs
    return translated


def _conditions(form: FeedForm, mistakes: list[str]) -> tuple[RowCondition, ...]:
    conditions: list[RowCondition] = []
    for number in range(MAX_CONDITIONS):
        start = form.base.where[number] if number < len(form.base.where) else None
        condition = _condition(form, number, start, mistakes)
        if condition is None:
            break
        conditions.append(condition)
    return tuple(conditions)


def _condition(
    form: FeedForm, number: int, start: RowCondition | None, mistakes: list[str]
) -> RowCondition | None:
    """One condition; None when no column is chosen for it."""
    key = f"{form.key}_where_{number}"
    columns = form.file.columns
    column = st.selectbox(
        "Use only rows where" if number == 0 else f"and where ({number + 1})",
        columns,
        index=columns.index(start.column) if start is not None and start.column in columns else None,
        placeholder="All rows",
        key=f"{key}_column",
    )
    if column is None:
        return None
    name = shown(column, 60)
    operators = list(CONDITIONS)
    operator = st.selectbox(
        f"How “{name}” is tested",
        operators,
        index=operators.index(start.is_) if start is not None else 0,
        format_func=CONDITIONS.__getitem__,
        key=f"{key}_is",
    )
    if operator in ("is_present", "is_missing"):
        return RowCondition.model_validate({"column": column, "is": operator})
    before = () if start is None else start.value
    text = st.text_area(
        f"Values of “{name}”" + (", one a line" if operator in ("in", "not_in") else ""),
        value="\n".join((before,) if isinstance(before, str) else before),
        height=68,
        key=f"{key}_value",
    )
    values = tuple(line.strip() for line in text.splitlines() if line.strip())
    if not values:
        mistakes.append(f"write the values of “{column}” for the rows to use")
        return None
    value = values if operator in ("in", "not_in") else values[0]
    return RowCondition.model_validate({"column": column, "is": operator, "value": value})


def _numbers(form: FeedForm) -> dict[str, str]:
    """How amounts are written; other columns' numbers are kept as the mapping file has them."""
    numbers: dict[str, str] = {
        name: written for name, written in form.base.numbers.items() if name != "amount"
    }
    if "amount" in form.columns:
        examples = [AS_IS, *(example for example in get_args(NumberExample) if example != "1234.56")]
        start = form.base.numbers.get("amount", AS_IS)
        written = st.selectbox(
            "How are amounts written?",
            examples,
            index=examples.index(start) if start in examples else 0,
            key=f"{form.key}_amount_written",
        )
        if written != AS_IS:
            numbers["amount"] = written
    return numbers


def _match(form: FeedForm, mistakes: list[str]) -> Match | None:
    """Finding the lead (or the lead's company) by something else than its id."""
    whose = "company" if form.contract.name == "leads" else "lead"
    start = form.base.match
    columns = form.file.columns
    column = st.selectbox(
        f"Find the {whose} by another column than its id",
        columns,
        index=columns.index(start.column) if start is not None and start.column in columns else None,
        placeholder="No, by its id",
        key=f"{form.key}_match",
        help=f"For example by e-mail address or name, when these rows do not have the {whose}'s id.",
    )
    if column is None:
        return None
    equals = st.text_input(
        f"Name of the same column among the {'companies' if whose == 'company' else 'leads'}",
        value=start.equals if start is not None else column,
        key=f"{form.key}_match_equals",
    ).strip()
    if not equals:
        mistakes.append(f"name the column by which the {whose} is found")
        return None
    return Match(column=column, equals=equals)
