"""Inputs of the rule editor: each writes its field of the form and shows that field's problem below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from pages.components.format import as_markdown
from pages.components.tune.rule_form import Problems, RuleForm
from pages.components.tune.widgets import mirror
from scoring.model import Rule


def enter_text(
    label: str, field: str, form: object, problems: Problems, commit: Callable[[], None], **options: Any
) -> None:
    """A text of the form."""
    value = getattr(form, field) or ""
    key = mirror(f"form_{field}", value)
    st.text_input(
        label,
        value,
        key=key,
        max_chars=200,
        on_change=_store,
        args=(key, field, form, commit),
        **options,
    )
    show_problem(field, problems)


def enter_number(
    label: str,
    field: str,
    form: object,
    problems: Problems,
    commit: Callable[[], None],
    *,
    low: int = -1_000_000,
    high: int = 1_000_000,
    **options: Any,
) -> None:
    """A whole number of the form; empty is None."""
    key = mirror(f"form_{field}", getattr(form, field))
    st.number_input(
        label,
        min_value=low,
        max_value=high,
        value=None,
        step=1,
        key=key,
        on_change=_store,
        args=(key, field, form, commit),
        **options,
    )
    show_problem(field, problems)


def choose(
    label: str,
    field: str,
    form: object,
    options: Sequence[Any],
    problems: Problems,
    commit: Callable[[], None],
    **more: Any,
) -> None:
    """One of several options; the form's value is offered even if it is none of them."""
    value = getattr(form, field)
    offered = [*options, *([value] if value is not None and value not in options else [])]
    key = mirror(f"form_{field}", value)
    st.selectbox(
        label,
        offered,
        index=None if value is None else offered.index(value),
        key=key,
        on_change=_store,
        args=(key, field, form, commit),
        **more,
    )
    show_problem(field, problems)


def show_problem(field: str, problems: Problems) -> None:
    """Say what is wrong with a field, right below it."""
    if problem := problems.get(field):
        st.caption(f":red[:material/error: {as_markdown(problem)}]")


def show_form_state(form: RuleForm, problems: Problems, describe: Callable[[Rule], str]) -> None:
    """What keeps the form out of the draft, or what its rule does there in the words of `describe`."""
    show_problem("rule", problems)
    if problems:
        st.info(
            "Not in your draft yet: something is missing above."
            if form.applied is None
            else "The figures show the rule as it was before: something is missing above.",
            icon=":material/pending:",
        )
    elif form.applied is not None:
        st.success(as_markdown(describe(form.applied)), icon=":material/check:")


def _store(key: str, field: str, form: object, commit: Callable[[], None]) -> None:
    setattr(form, field, st.session_state[key])
    commit()
