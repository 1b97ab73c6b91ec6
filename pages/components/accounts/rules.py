"""Rules on what is known about a company, to be changed, added and deleted on the Accounts page."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.components import state
from pages.components.accounts import block as change
from pages.components.format import as_markdown
from pages.components.tune import changes, widgets
from pages.components.tune.conditions import show_conditions
from pages.components.tune.form_commit import commit_form
from pages.components.tune.form_inputs import enter_number, enter_text, show_form_state
from pages.components.tune.labels import as_label
from pages.components.tune.rule_form import ConditionForm, RuleForm
from pages.components.tune.rule_row import enter_on, enter_points
from queries.catalogue import check_model
from queries.flow import Flow
from scoring.account_scoring import AccountRule, AccountScore, account_score_of
from scoring.model import Model, Rule
from scoring.model_words import conditions_words

ROW = [6, 4, 1, 1]
"""Widths: on and name, points, edit, delete."""

STYLE = """
<style>
/* The names of these buttons are for screen readers; eyes have the icon and the row. */
[class*="st-key-account_rule_edit_"] [data-testid="stMarkdownContainer"],
[class*="st-key-account_rule_delete_"] [data-testid="stMarkdownContainer"],
.st-key-account_rules [class*="st-key-condition_remove_"] [data-testid="stMarkdownContainer"] {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
}
/* On a phone, too, a row keeps all its buttons. */
.st-key-account_rules [data-testid="stColumn"] { min-width: 0; }
</style>
"""

_FORM = "account_rule_form"
WHOSE = " for accounts"
"""Ends what Undo says about these rules."""
CATEGORY = "company"
"""The form asks rules for a category; those on accounts have none, and this one is never stored."""


def show_account_rules(flow: Flow, draft: Model, block: AccountScore) -> None:
    """Every rule on accounts with its points, or the form of the one that is being edited."""
    st.html(STYLE)
    form = _current_form(block)
    if form is not None:
        _show_form(flow, form)
        return
    st.markdown("**What is known about the company**")
    for rule in block.rules:
        _show_rule(rule)
    if not block.rules:
        st.caption("No rule yet: nothing about the company gives points.")
    st.button("Add a rule for accounts", key="account_rule_add", icon=":material/add:", on_click=_start_new)


def _show_rule(rule: AccountRule) -> None:
    label = as_label(rule.shown_label)
    name, points, edit, delete = st.columns(ROW, vertical_alignment="center", wrap=False)
    with name:
        enter_on(rule, "account_rule", change.change_account_rule, WHOSE, wrap=True)
        st.caption(as_markdown(conditions_words(rule.where, rule.match)))
    with points:
        enter_points(rule, "account_rule", change.change_account_rule, "points of accounts")
    edit.button(
        f"Edit {label}",
        key=f"account_rule_edit_{rule.id}",
        icon=":material/edit:",
        help="Edit",
        type="tertiary",
        on_click=_start_editing,
        args=(rule.id,),
    )
    delete.button(
        f"Delete {label}",
        key=f"account_rule_delete_{rule.id}",
        icon=":material/delete:",
        help="Delete; Undo brings it back",
        type="tertiary",
        on_click=widgets.apply,
        args=(
            lambda draft: change.remove_account_rule(draft, rule.id),
            f"deleting {rule.shown_label}{WHOSE}",
        ),
    )


def _show_form(flow: Flow, form: RuleForm) -> None:
    st.button("All rules", key="account_rule_close", icon=":material/arrow_back:", on_click=_close)
    problems = form.problems() | form.refused
    enter_text("Name of the rule", "label", form, problems, _commit)
    st.caption("Attributes are as known today, not as they were when an account was scored.")
    show_conditions(flow, form, problems, _commit)
    enter_number("Points", "points", form, problems, _commit)
    show_form_state(form, problems, _words)
    st.button("Done", key="account_rule_done", type="primary", on_click=_close)


def _words(rule: Rule) -> str:
    return f"{rule.points:+d} points, when {conditions_words(rule.where, rule.match)}."


def _commit() -> None:
    form: RuleForm = st.session_state[_FORM]
    commit_form(form, lambda model: form.rule_id or _new_id(model, form.label), partial(_put, form), WHOSE)


def _put(form: RuleForm, model: Model, rule: Rule) -> Model:
    changed = change.put_account_rule(model, _account_rule(rule), form.rule_id)
    flow = state.current_flow()
    if flow is not None:
        check_model(flow.engine, changed, changes.SOURCE)
    return changed


def _current_form(block: AccountScore) -> RuleForm | None:
    """What is being edited; follows Undo, and closes when the rule is gone."""
    form: RuleForm | None = st.session_state.get(_FORM)
    if form is None or form.applied is None or form.rule_id is None:
        return form
    now = change.account_rule(block, form.rule_id)
    if now is None:
        _close()
    elif now != _account_rule(form.applied):
        st.session_state[_FORM] = RuleForm.from_rule(_as_rule(now), form.is_new)
    return st.session_state.get(_FORM)


def _start_new() -> None:
    st.session_state[_FORM] = RuleForm(category=CATEGORY, source="account", where=[ConditionForm()])


def _start_editing(rule_id: str) -> None:
    rule = change.account_rule(account_score_of(state.draft()), rule_id)
    if rule is not None:
        st.session_state[_FORM] = RuleForm.from_rule(_as_rule(rule), False)


def _close() -> None:
    st.session_state[_FORM] = None


def _new_id(model: Model, label: str) -> str:
    rules = tuple(_as_rule(rule) for rule in account_score_of(model).rules)
    return changes.new_rule_id(model.model_copy(update={"rules": rules}), label)


def _as_rule(rule: AccountRule) -> Rule:
    return Rule(
        id=rule.id,
        label=rule.label,
        category=CATEGORY,
        source="account",
        points=rule.points,
        enabled=rule.enabled,
        match=rule.match,
        where=rule.where,
    )


def _account_rule(rule: Rule) -> AccountRule:
    return AccountRule(
        id=rule.id,
        label=rule.label,
        points=rule.points,
        enabled=rule.enabled,
        match=rule.match,
        where=rule.where,
    )
