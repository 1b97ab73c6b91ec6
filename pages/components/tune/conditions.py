"""The conditions of a rule, built as sentences from the columns and values that the data have."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.components.tune import catalogue as tune_catalogue
from pages.components.tune.form_inputs import show_problem
from pages.components.tune.rule_form import (
    ConditionForm,
    Problems,
    RuleForm,
    typed_value,
    whole_if_possible,
)
from pages.components.tune.widgets import mirror
from queries.flow import Flow
from scoring.model import BARE_OPERATORS, LIST_OPERATORS, NUMBER_OPERATORS, Scalar
from scoring.model_words import OPERATOR_WORDS

MATCHES = {"all": "all of these hold", "any": "any of these holds"}

Commit = Callable[[], None]


def show_conditions(flow: Flow, form: RuleForm, problems: Problems, commit: Commit) -> None:
    """One sentence for each condition, and how they go together."""
    if not form.where:
        st.markdown("**Where** anything goes: this rule has no condition.")
    elif len(form.where) > 1:
        key = mirror("form_match", form.match)
        st.segmented_control(
            "Where",
            ["all", "any"],
            default=form.match,
            key=key,
            required=True,
            format_func=lambda match: MATCHES[match],
            on_change=_set_match,
            args=(form, key, commit),
        )
    else:
        st.markdown("**Where**")
    for place, condition in enumerate(form.where):
        _show_condition(flow, form, place, condition, commit)
        show_problem(f"where.{place}", problems)
    st.button(
        "Add a condition",
        key="condition_add",
        icon=":material/add:",
        type="tertiary",
        on_click=_add,
        args=(form,),
    )


def _show_condition(flow: Flow, form: RuleForm, place: int, condition: ConditionForm, commit: Commit) -> None:
    number = f"{place + 1}"
    columns = tune_catalogue.columns(flow, form.source)
    offered = [*columns, *([condition.field] if condition.field and condition.field not in columns else [])]
    left, middle, right = st.columns([4, 4, 1], vertical_alignment="bottom", wrap=False)
    key = mirror(f"condition_field_{place}", condition.field)
    left.selectbox(
        f"Column of condition {number}",
        offered,
        index=None if condition.field is None else offered.index(condition.field),
        key=key,
        placeholder="Column",
        label_visibility="collapsed",
        on_change=_set_field,
        args=(condition, key, commit),
    )
    key = mirror(f"condition_operator_{place}", condition.operator)
    middle.selectbox(
        f"Comparison of condition {number}",
        list(OPERATOR_WORDS),
        index=list(OPERATOR_WORDS).index(condition.operator),
        key=key,
        format_func=lambda operator: OPERATOR_WORDS[operator],
        label_visibility="collapsed",
        on_change=_set_operator,
        args=(condition, key, commit),
    )
    right.button(
        "Remove",
        key=f"condition_remove_{place}",
        icon=":material/close:",
        help=f"Remove condition {number}",
        type="tertiary",
        on_click=_remove,
        args=(form, place, commit),
    )
    if condition.operator in BARE_OPERATORS:
        return
    if condition.operator == "between":
        _show_range(place, condition, commit)
    elif condition.operator in NUMBER_OPERATORS:
        _show_number(f"Number of condition {number}", place, condition, commit)
    elif condition.operator in ("contains", "starts_with", "matches"):
        value = str(condition.value or "")
        key = mirror(f"condition_text_{place}", value)
        st.text_input(
            f"Text of condition {number}",
            value,
            key=key,
            placeholder="a pattern (regular expression)" if condition.operator == "matches" else "text",
            label_visibility="collapsed",
            on_change=_set_text,
            args=(condition, key, commit),
        )
    else:
        _show_values(flow, form.source, place, condition, commit)


def _show_values(flow: Flow, source: str, place: int, condition: ConditionForm, commit: Commit) -> None:
    column = condition.field or ""
    frequent = tune_catalogue.values(flow, source, column) if column else []
    as_number = tune_catalogue.holds_numbers(flow, source, column) if column else False
    value = condition.value
    chosen = value if isinstance(value, tuple) else (() if value is None else (value,))
    typed: dict[str, Scalar] = {str(one): one for one in chosen if one is not None}
    offered = list(dict.fromkeys([*frequent, *typed]))
    label = f"Values of condition {place + 1}"
    if condition.operator in LIST_OPERATORS:
        key = mirror(f"condition_values_{place}", list(typed))
        st.multiselect(
            label,
            offered,
            list(typed),
            key=key,
            accept_new_options=True,
            placeholder="Choose, or type",
            label_visibility="collapsed",
            on_change=_set_several,
            args=(condition, key, typed, as_number, commit),
        )
    else:
        key = mirror(f"condition_value_{place}", next(iter(typed), None))
        st.selectbox(
            label,
            offered,
            index=None,
            key=key,
            accept_new_options=True,
            placeholder="Choose, or type",
            label_visibility="collapsed",
            on_change=_set_one,
            args=(condition, key, typed, as_number, commit),
        )


def _show_number(label: str, place: int, condition: ConditionForm, commit: Commit) -> None:
    value = condition.value
    key = mirror(f"condition_number_{place}", None if value is None else float(value))  # type: ignore[arg-type]
    st.number_input(
        label,
        value=None,
        key=key,
        format="%g",
        placeholder="number",
        label_visibility="collapsed",
        on_change=_set_number,
        args=(condition, key, commit),
    )


def _show_range(place: int, condition: ConditionForm, commit: Commit) -> None:
    both = condition.value if isinstance(condition.value, tuple) else (None, None)
    keys = [f"condition_{end}_{place}" for end in ("low", "high")]
    for column, key, value, word in zip(
        st.columns(2, wrap=False), keys, both, ("Lowest", "Highest"), strict=False
    ):
        mirror(key, None if value is None else float(value))
        column.number_input(
            f"{word} number of condition {place + 1}",
            value=None,
            key=key,
            format="%g",
            placeholder=word.lower(),
            label_visibility="collapsed",
            on_change=_set_range,
            args=(condition, keys, commit),
        )


def _add(form: RuleForm) -> None:
    form.where.append(ConditionForm())


def _remove(form: RuleForm, place: int, commit: Commit) -> None:
    del form.where[place]
    commit()


def _set_match(form: RuleForm, key: str, commit: Commit) -> None:
    form.match = st.session_state[key]
    commit()


def _set_field(condition: ConditionForm, key: str, commit: Commit) -> None:
    if st.session_state[key] != condition.field:
        condition.field, condition.value = st.session_state[key], None
    commit()


def _set_operator(condition: ConditionForm, key: str, commit: Commit) -> None:
    condition.set_operator(st.session_state[key])
    commit()


def _set_text(condition: ConditionForm, key: str, commit: Commit) -> None:
    condition.value = st.session_state[key] or None
    commit()


def _set_number(condition: ConditionForm, key: str, commit: Commit) -> None:
    value = st.session_state[key]
    condition.value = None if value is None else whole_if_possible(value)
    commit()


def _set_range(condition: ConditionForm, keys: list[str], commit: Commit) -> None:
    ends = [st.session_state[key] for key in keys]
    condition.value = tuple(None if end is None else whole_if_possible(end) for end in ends)
    commit()


def _set_one(
    condition: ConditionForm, key: str, typed: dict[str, Scalar], as_number: bool, commit: Commit
) -> None:
    text = st.session_state[key]
    condition.value = None if not text else typed.get(text, typed_value(text, as_number))
    commit()


def _set_several(
    condition: ConditionForm, key: str, typed: dict[str, Scalar], as_number: bool, commit: Commit
) -> None:
    texts = st.session_state[key]
    condition.value = tuple(typed.get(text, typed_value(text, as_number)) for text in texts)
    commit()
