"""One account explained: its buying committee, where its points come from, and its score over time."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components.accounts.opened import close_account
from pages.components.figures import CHART_CONFIG
from pages.components.figures.lead import history_figure, waterfall_figure
from pages.components.figures.style import tier_labels
from pages.components.format import as_markdown, day
from pages.components.leads.ranked import DATE
from pages.components.table import table_with_download
from pages.components.theme import current_theme
from queries.account_people import Person
from queries.one_account import AccountExplanation, AccountState, Seat
from queries.one_lead import History, LeadOutcome
from scoring.account_scoring import account_model
from scoring.lead_state import LeadState
from scoring.model import Model

NOT_SCORED = {
    AccountState.WON: "This account was won before this day, so it is not scored any more.",
    AccountState.NOBODY: "None of this account's leads is scored on this day, so it has no score.",
}
STATES = {
    LeadState.OPEN: "scored",
    LeadState.EXCLUDED: "left out by your draft",
    LeadState.TOO_OLD: "too old to be scored",
    LeadState.CLOSED: "closed by sales",
    LeadState.CONVERTED: "bought before",
}


def show_account(account: AccountExplanation, model: Model) -> None:
    """Draw everything about one account."""
    accounts = account_model(model)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(f"Account {as_markdown(account_name(account))}", anchor="account")
        st.button("Close", key="close_account", icon=":material/close:", on_click=close_account)
    st.markdown(score_sentence(account, accounts))
    if account.state is not AccountState.SCORED:
        st.info(NOT_SCORED[account.state], icon=":material/info:")
    _show_committee(account, model)
    left, right = st.columns(2)
    with left:
        _show_waterfall(account, accounts)
    with right:
        _show_history(account, accounts)
    with st.expander("All attributes of the company, as known today"):
        if not account.attributes:
            st.markdown("Nothing is known about the company: it does not stand in the table of accounts.")
        else:
            known = [(name, value) for name, value in account.attributes.items() if value is not None]
            frame = pd.DataFrame(known, columns=["Attribute", "Value"])
            table_with_download(frame, f"Attributes of account {account.account_id}", "account_attributes")


def account_name(account: AccountExplanation) -> str:
    """The id, with the company's name where the data have one."""
    name = account.attributes.get("name")
    return f"{account.account_id}, {name}" if name else account.account_id


def score_sentence(account: AccountExplanation, accounts: Model) -> str:
    """What it scores and when, as Markdown; `accounts` is the model of accounts."""
    when = f"{day(account.at)}, {account.at:%H:%M} UTC"
    if account.points is None or account.tier is None:
        return f"As of {when}."
    tier = as_markdown(tier_labels(accounts)[account.tier])
    engaged, people = int(account.points.engaged[0]), int(account.points.people[0])
    return (
        f"**{account.score} points, {tier}**, as of {when}: {engaged} of {people} scored "
        f"{'person' if people == 1 else 'people'} engaged. Nothing later is used, except attributes, which "
        "are as known today."
    )


def missing_sentence(account: AccountExplanation) -> str:
    """Which departments are missing from the buying committee, as Markdown; '' without departments."""
    if not account.seats:
        return ""
    idle = [seat.department for seat in account.seats if seat.known and not seat.engaged]
    parts = []
    if account.missing:
        parts.append(f"Nobody is known in **{as_markdown(', '.join(account.missing))}**.")
    if idle:
        parts.append(f"Nobody is engaged in {as_markdown(', '.join(idle))}.")
    return " ".join(parts) or "Somebody is engaged in every department."


def people_table(account: AccountExplanation, model: Model) -> pd.DataFrame:
    """One row a person, the highest score first."""
    labels = tier_labels(model)
    return pd.DataFrame(
        [_person_row(person, labels) for person in account.people],
        columns=["Lead", "Title", "Department", "Score", "Tier", "Engaged", "Last activity", "State"],
    ).astype({"Score": "Int64", "Last activity": "datetime64[us]"})


def _person_row(person: Person, labels: dict[str, str]) -> dict[str, object]:
    return {
        "Lead": person.lead_id,
        "Title": person.title,
        "Department": person.department,
        "Score": person.score,
        "Tier": None if person.tier is None else labels[person.tier],
        "Engaged": "yes" if person.engaged else "no",
        "Last activity": person.last_activity,
        "State": STATES[person.state],
    }


def seats_table(account: AccountExplanation) -> pd.DataFrame:
    """One row a department."""
    return pd.DataFrame(
        [
            {
                "Department": seat.department,
                "People known": seat.known,
                "People scored": seat.scored,
                "People engaged": seat.engaged,
                "State": _seat_word(seat),
            }
            for seat in account.seats
        ]
    )


def _seat_word(seat: Seat) -> str:
    if seat.engaged:
        return "engaged"
    return "known, nobody engaged" if seat.known else "missing"


def _show_committee(account: AccountExplanation, model: Model) -> None:
    st.subheader("Buying committee", anchor=False)
    if missing := missing_sentence(account):
        st.markdown(missing)
    people, seats = st.columns([3, 2])
    with people:
        frame = people_table(account, model)
        config = {"Last activity": DATE}
        table_with_download(frame, f"People of account {account.account_id}", "account_people", config)
        _show_lead_link(account)
    with seats:
        if account.seats:
            name = f"Departments of account {account.account_id}"
            table_with_download(seats_table(account), name, "account_seats")
        else:
            st.info(
                "Your leads have no department. Choose the column that holds it under *Change how accounts "
                "are scored*.",
                icon=":material/badge:",
            )


def _show_lead_link(account: AccountExplanation) -> None:
    ids = [person.lead_id for person in account.people]
    if not ids:
        return
    chosen = st.selectbox("See why one of them scores what it does", ids, index=None, key="account_lead")
    if chosen is not None:
        st.switch_page("pages/leads_page.py", query_params={"lead": chosen, "on": account.at.isoformat()})


def _show_waterfall(account: AccountExplanation, accounts: Model) -> None:
    if account.waterfall is None:
        return
    figure = waterfall_figure(account.waterfall, accounts, current_theme())
    alternative = f"How {account.score} points come about. All steps stand in the table behind this chart."
    st.plotly_chart(figure, theme=None, config=CHART_CONFIG, key="account_waterfall", alt=alternative)
    with st.expander("Where its points come from: the table behind this chart"):
        steps = account.waterfall.steps
        frame = pd.DataFrame(
            {
                "Step": [step.label for step in steps],
                "Points": [step.points for step in steps],
                "Score so far": [step.total for step in steps],
                "Cap": pd.array([step.cap for step in steps], dtype="Int64"),
                "Without its cap": pd.array([step.uncapped for step in steps], dtype="Int64"),
            }
        )
        table_with_download(frame, f"Steps of account {account.account_id}", "account_steps")


def _show_history(account: AccountExplanation, accounts: Model) -> None:
    past = account.history
    if not past.moments:
        st.info("It was never scored at the start of a period.", icon=":material/show_chart:")
        return
    stage = accounts.conversion.stages[0]
    won = [LeadOutcome(at, stage, None, None, None) for at in account.won_at if at >= past.moments[0]]
    figure = history_figure(History(past.moments, past.scores), won, accounts, current_theme())
    alternative = "The account's score over time. All scores stand in the table behind this chart."
    st.plotly_chart(figure, theme=None, config=CHART_CONFIG, key="account_history", alt=alternative)
    with st.expander("Score over time: the table behind this chart"):
        table_with_download(
            history_table(account, accounts),
            f"Score over time of account {account.account_id}",
            "account_past",
        )


def history_table(account: AccountExplanation, accounts: Model) -> pd.DataFrame:
    """One row for each past period's start, and one for the day looked at."""
    past, labels = account.history, tier_labels(accounts)
    return pd.DataFrame(
        {
            "On": past.moments,
            "Score": past.scores,
            "Tier": [labels[name] for name in past.tiers],
            "People scored": past.people,
            "People engaged": past.engaged,
        }
    )
