"""The rule editor: stands in the place of the rules, so that the figures beside it follow every change."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st
from pydantic import ValidationError

from pages.components import state
from pages.components.format import count
from pages.components.tune import catalogue as tune_catalogue
from pages.components.tune import changes
from pages.components.tune import rule_words as words
from pages.components.tune.conditions import show_conditions
from pages.components.tune.form_commit import commit_form
from pages.components.tune.form_inputs import choose, enter_number, enter_text, show_form_state
from pages.components.tune.rule_course import show_course
from pages.components.tune.rule_form import ConditionForm, RuleForm
from queries.catalogue import check_model
from queries.errors import QueryError
from queries.flow import Flow
from scoring.model import ACTIVITY_SOURCES, Model, Rule
from scoring.model_words import SOURCE_WORDS

_FORM = "rule_form"


def current_form() -> RuleForm | None:
    """What is being edited, None while the rules are shown.

    Undo and opening a file change the draft under the form, which follows; a rule that is gone closes it.
    """
    form: RuleForm | None = st.session_state.get(_FORM)
    if form is None or form.applied is None or form.rule_id is None:
        return form
    now = {rule.id: rule for rule in state.draft().rules}.get(form.rule_id)
    if now == form.applied:
        return form
    st.session_state[_FORM] = None if now is None else RuleForm.from_rule(now, form.is_new)
    return st.session_state[_FORM]  # type: ignore[no-any-return]


def start_new_rule() -> None:
    """Open the editor for a rule that does not exist yet."""
    names = state.draft().category_names
    st.session_state[_FORM] = RuleForm(category=names[0] if names else None, where=[ConditionForm()])


def start_editing(rule_id: str) -> None:
    """Open the editor for a rule of the draft."""
    in_use = {rule.id for rule in state.model_in_use().rules}
    st.session_state[_FORM] = RuleForm.from_rule(state.draft().rule(rule_id), rule_id not in in_use)


def close_editor() -> None:
    """Back to the rules."""
    st.session_state[_FORM] = None


def show_editor(flow: Flow, form: RuleForm) -> None:
    """Draw the form; every complete state of it goes into the draft."""
    st.button("All rules", key="rule_close", icon=":material/arrow_back:", on_click=close_editor)
    problems = form.problems() | form.refused
    enter_text("Name of the rule", "label", form, problems, commit)
    choose(
        "Category",
        "category",
        form,
        list(state.draft().category_names),
        problems,
        commit,
        accept_new_options=True,
        placeholder="Choose, or type a new one",
    )
    choose("It looks at", "source", form, list(SOURCE_WORDS), problems, commit, format_func=SOURCE_WORDS.get)
    if form.source in ("lead", "account"):
        st.caption("Attributes are as known today, not as they were when a lead was scored.")
    show_conditions(flow, form, problems, commit)
    _show_match_count(flow, form)
    if form.source in ACTIVITY_SOURCES:
        _show_counting(form, problems)
    left, right = st.columns(2, wrap=False)
    with left:
        enter_number("Points", "points", form, problems, commit)
    with right:
        enter_number("At most", "max_points", form, problems, commit, low=1, placeholder="no limit")
    show_form_state(form, problems, words.describe_rule)
    if form.applied is not None and not problems:
        show_course(flow, state.draft(), form.applied)
    _show_actions(form)


def commit() -> None:
    """Put the form into the draft where it is whole; otherwise the draft stays and the form says why."""
    form: RuleForm = st.session_state[_FORM]
    commit_form(form, partial(_rule_id, form), partial(_put, form))


def _put(form: RuleForm, model: Model, rule: Rule) -> Model:
    _check_against_data(model, rule)
    if form.rule_id is None:
        return changes.add_rule(model, rule)
    return changes.replace_rule(model, form.rule_id, rule)


def _rule_id(form: RuleForm, model: Model) -> str:
    """The id: of a new rule from its name, so that files and tables read well; else it never changes."""
    if form.rule_id is not None and not form.is_new:
        return form.rule_id
    others = model.model_copy(update={"rules": tuple(r for r in model.rules if r.id != form.rule_id)})
    return changes.new_rule_id(others, form.label)


def _check_against_data(model: Model, rule: Rule) -> None:
    flow = state.current_flow()
    if flow is not None:
        check_model(flow.engine, model.model_copy(update={"rules": (rule,), "exclude": ()}), changes.SOURCE)


def _show_match_count(flow: Flow, form: RuleForm) -> None:
    manifest = state.current_manifest()
    trial = RuleForm(
        label="x", category="x", points=1, source=form.source, match=form.match, where=form.where
    )
    if manifest is None or trial.problems():
        st.caption("How many leads this matches is shown as soon as the conditions are complete.")
        return
    try:
        rule = trial.build("x")
        _check_against_data(state.draft(), rule)
        matched = tune_catalogue.leads_matched(flow, rule)
    except (QueryError, ValidationError):
        st.caption("The conditions cannot be looked up in these data.")
        return
    leads = manifest.tables["leads"].accepted
    st.markdown(f"Matches **{count(matched)} of {count(leads)} leads**, whenever it happened.")


def _show_counting(form: RuleForm, problems: dict[str, str]) -> None:
    kinds = ["each", "once", "people"] if form.source == "account_activity" else ["each", "once", "absent"]
    choose("Points are given", "count", form, kinds, problems, commit, format_func=words.COUNTS.get)
    left, right = st.columns(2, wrap=False)
    with left:
        label = "Nothing for (days)" if form.counting == "absent" else "Only in the last (days)"
        enter_number(label, "window_days", form, problems, commit, low=1, high=36_500, placeholder="ever")
    if form.counting != "absent":
        with right:
            label = "From this many colleagues on" if form.counting == "people" else "From this many times on"
            enter_number(label, "at_least", form, problems, commit, low=1, placeholder="1")
    if form.counting in ("each", "people"):
        label = "At most this many colleagues" if form.counting == "people" else "At most this many times"
        enter_number(label, "max_count", form, problems, commit, low=1, placeholder="no limit")
    if not form.fades:
        return
    choose(
        "The points", "decay_kind", form, list(words.DECAYS), problems, commit, format_func=words.DECAYS.get
    )
    if form.decay_kind == "none":
        return
    left, right = st.columns(2, wrap=False)
    with left:
        labels = {"half_life": "Half after (days)", "linear": "Nothing after (days)"}
        enter_number(
            labels.get(form.decay_kind, "Every (days)"),
            "decay_days",
            form,
            problems,
            commit,
            low=1,
            high=36_500,
        )
    if form.decay_kind == "step":
        with right:
            enter_number("by (percent)", "decay_percent", form, problems, commit, low=1, high=100)
    if form.applied is not None and form.applied.decay is not None and not problems:
        st.caption(words.describe_decay(form.applied.decay))


def _show_actions(form: RuleForm) -> None:
    with st.container(horizontal=True):
        st.button("Done", key="rule_done", type="primary", on_click=close_editor)
        if form.rule_id is None:
            return
        actions: list[tuple[str, str, Any]] = [
            ("Switch off" if form.enabled else "Switch on", ":material/power_settings_new:", _toggle),
            ("Copy", ":material/content_copy:", _copy),
            ("Delete", ":material/delete:", _delete),
        ]
        for label, icon, action in actions:
            st.button(
                label,
                key=f"rule_{label.split()[0].lower()}",
                icon=icon,
                on_click=action,
                args=(form.rule_id,),
            )


def _toggle(rule_id: str) -> None:
    rule = state.draft().rule(rule_id)
    note = f"{rule.shown_label} {'off' if rule.enabled else 'on'}"
    state.set_draft(changes.change_rule(state.draft(), rule_id, enabled=not rule.enabled), note)


def _copy(rule_id: str) -> None:
    model, rule = state.draft(), state.draft().rule(rule_id)
    label = f"Copy of {rule.shown_label}"[:200]
    copy = rule.model_copy(update={"id": changes.new_rule_id(model, label), "label": label})
    state.set_draft(changes.add_rule(model, copy, after=rule_id), f"copying {rule.shown_label}")
    start_editing(copy.id)


def _delete(rule_id: str) -> None:
    label = state.draft().rule(rule_id).shown_label
    state.set_draft(changes.remove_rule(state.draft(), rule_id), f"deleting {label}")
    close_editor()
