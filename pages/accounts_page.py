"""Accounts: which companies to work on, who is missing in each, and what each tier of them converted."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from pages.components import state
from pages.components.accounts.account import show_account
from pages.components.accounts.converted import show_converted
from pages.components.accounts.opened import open_account, opened_account
from pages.components.accounts.ranked import show_ranked
from pages.components.accounts.settings import show_account_settings
from pages.components.accounts.words import rules_in_words, scored_how
from pages.components.failures import shown_on_page
from pages.components.format import as_markdown
from pages.components.scored_on import ask_date, flow_with_leads, whose_rules
from pages.components.tune.widgets import end_of_run
from queries.account_index import account_index
from queries.flow import Flow
from queries.one_account import AccountExplanation, explain_account
from scoring.model import Model

RANKED, CONVERTED = "Accounts ranked", "What accounts converted"


def main() -> None:
    """Draw the page."""
    st.title("Accounts")
    flow = flow_with_leads("accounts")
    if flow is None or flow.observed_until is None:
        return
    if not len(account_index(flow)):
        st.info(
            "Your leads do not say which account they belong to. Load leads with a column *account_id*, or "
            "map one to it, on the page *Data*; a table of accounts with their attributes can come later.",
            icon=":material/domain_disabled:",
        )
        st.page_link("pages/data_page.py", label="Go to Data", icon=":material/arrow_forward:")
        return
    model = state.draft()
    st.markdown(f"Scored by {whose_rules()}, **{as_markdown(model.name)}**. {scored_how(model)}")
    with st.popover("How does an account come to its score?", type="tertiary", icon=":material/help:"):
        st.markdown("\n".join(f"- {line}" for line in rules_in_words(model)))
    with shown_on_page():
        show_account_settings(flow, model)
    chosen = st.radio("What do you want to see?", (RANKED, CONVERTED), horizontal=True, key="accounts_view")
    with shown_on_page():
        if chosen == CONVERTED:
            show_converted(flow, model)
        else:
            show_list(flow, model, flow.observed_until)


def show_list(flow: Flow, model: Model, until: datetime) -> None:
    """The accounts as of a day, and the one that is open."""
    at = ask_date(until, "accounts_date")
    show_ranked(flow, model, at)
    st.text_input(
        "Open an account by its id", key="account_asked", on_change=_open_asked, placeholder="The id, exactly"
    )
    if account_id := opened_account():
        with shown_on_page():
            with st.spinner("Explaining the account …"):
                explained = explain(flow, model, account_id, at)
            show_account(explained, model)


def explain(flow: Flow, model: Model, account_id: str, at: datetime) -> AccountExplanation:
    """One account, worked out once for a data version, a model and an instant."""
    return _explained(flow, state.data_version(), model.model_dump_json(), account_id, at, model)


@st.cache_resource(max_entries=50, show_spinner=False)
def _explained(
    _flow: Flow, version: str | None, document: str, account_id: str, at: datetime, _model: Model
) -> AccountExplanation:
    return explain_account(_flow, _model, account_id, at)


def _open_asked() -> None:
    if asked := st.session_state["account_asked"].strip():
        open_account(asked)


main()
end_of_run()
