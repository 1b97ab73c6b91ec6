"""How accounts are scored, to be changed on the Accounts page; every change is one of the draft."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.components.accounts import block as change
from pages.components.accounts.rules import show_account_rules
from pages.components.tiers.inputs import enter_label, enter_start, remove_style, show_add, show_remove
from pages.components.tiers.tier_sets import ACCOUNT_TIERS
from pages.components.tiers.words import account_removal_lines
from pages.components.tune import catalogue as tune_catalogue
from pages.components.tune import widgets
from pages.components.tune.labels import as_label
from pages.components.tune.steps import show_steps
from queries.flow import Flow
from scoring.account_scoring import AccountScore, LeadPart
from scoring.model import Model

OPEN = "account_settings_open"
"""Where Streamlit keeps whether the section is open."""

LEAD_PARTS: dict[LeadPart, str] = {
    "max": "its best lead's score",
    "top": "its best leads' scores, added up",
    "sum": "all its leads' scores, added up",
    "mean": "the average of its leads' scores",
}
MOST = 10_000
MOST_EACH = 1000


def show_account_settings(flow: Flow, draft: Model) -> None:
    """A section that opens to every part of the account score."""
    widgets.show_problem()
    section = st.expander(
        "Change how accounts are scored", key=OPEN, icon=":material/tune:", on_change="rerun"
    )
    if not section.open:
        return
    with section:
        with st.container(horizontal=True):
            show_steps("accounts")
            _show_way(draft)
        block = draft.account_score
        if block is None:
            return
        left, right = st.columns(2, gap="large")
        with left, st.container(key="account_numbers"):
            _show_start(block)
            _show_engaged(draft, block)
            _show_points(flow, block)
            _show_tiers(draft, block)
        with right, st.container(key="account_rules"):
            show_account_rules(flow, draft, block)


def _show_way(draft: Model) -> None:
    if draft.account_score is None:
        st.button(
            "Score accounts in their own way",
            key="account_start",
            type="primary",
            icon=":material/domain_add:",
            on_click=widgets.apply,
            args=(change.start_block, "accounts scored in their own way"),
            help="Begins with what holds now: the best lead's score, in the tiers of leads",
        )
        return
    st.button(
        "Back to the best lead's score",
        key="account_remove",
        icon=":material/domain_disabled:",
        on_click=widgets.apply,
        args=(change.remove_block, "accounts score what their best lead does"),
        help="Takes all of this out of your draft. Undo brings it back.",
    )


def _show_start(block: AccountScore) -> None:
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left:
        widgets.choose_one(
            "An account starts from",
            "account_part",
            block.lead_part,
            list(LEAD_PARTS),
            change.with_lead_part,
            "what accounts start from",
            format_func=LEAD_PARTS.__getitem__,
        )
    if block.lead_part == "top":
        with right:
            widgets.number(
                "How many best leads",
                "account_top",
                block.top,
                lambda draft, value: change.change_block(draft, top=value),
                "how many best leads count for an account",
                low=1,
                high=1000,
            )


def _show_engaged(draft: Model, block: AccountScore) -> None:
    st.markdown("**A person is engaged**, any one is enough")
    labels = {tier.name: as_label(tier.shown_label) for tier in draft.tiers}
    tier, score, days = st.columns([4, 3, 3], vertical_alignment="bottom")
    with tier:
        widgets.choose_one(
            "from the tier on",
            "account_engaged_tier",
            block.engaged_tier,
            list(labels),
            lambda draft, value: change.with_engaged(draft, "engaged_tier", value),
            "from which tier on people are engaged",
            format_func=labels.__getitem__,
            placeholder="no tier",
        )
    with score:
        widgets.number(
            "from the score on",
            "account_engaged_score",
            block.engaged_score,
            lambda draft, value: change.with_engaged(draft, "engaged_score", value),
            "from which score on people are engaged",
            low=-1000,
            high=1000,
            placeholder="no score",
        )
    with days:
        widgets.number(
            "active in the last days",
            "account_engaged_days",
            block.engaged_within_days,
            lambda draft, value: change.with_engaged(draft, "engaged_within_days", value),
            "within how many days people are engaged",
            low=1,
            high=36_500,
            placeholder="any time",
        )


def _show_points(flow: Flow, block: AccountScore) -> None:
    _show_points_each("person", "For each engaged person", block, is_on=True)
    widgets.choose_one(
        "A lead's department stands in the column",
        "account_department",
        block.department_field,
        tune_catalogue.columns(flow, "lead"),
        change.with_department,
        "where departments stand",
        format_func=as_label,
        placeholder="none, departments give no points",
    )
    _show_points_each("department", "For each department", block, block.department_field is not None)


def _show_points_each(whom: str, label: str, block: AccountScore, is_on: bool) -> None:
    points: int = getattr(block, f"points_per_{whom}")
    each, most = st.columns(2, wrap=False, vertical_alignment="bottom")
    with each:
        widgets.number(
            label,
            f"account_per_{whom}",
            points,
            lambda draft, value: change.with_points_each(draft, whom, value),
            f"points {label[0].lower()}{label[1:]}",
            low=0,
            high=MOST_EACH,
            disabled=not is_on,
        )
    with most:
        widgets.number(
            "at most together",
            f"account_most_{whom}",
            getattr(block, f"max_{whom}_points"),
            lambda draft, value: change.change_block(draft, **{f"max_{whom}_points": value}),
            f"limit of points {label[0].lower()}{label[1:]}",
            low=1,
            placeholder="no limit",
            disabled=not points,
        )


def _show_tiers(draft: Model, block: AccountScore) -> None:
    lowest, highest = st.columns(2, wrap=False)
    with lowest:
        widgets.number(
            "Lowest score of an account",
            "account_low",
            block.min_score,
            lambda draft, value: change.with_range(draft, value, block.max_score),
            "lowest score of an account",
            low=-MOST,
            high=min(block.max_score, *(tier.threshold for tier in block.tiers[1:]), MOST) - 1,
        )
    with highest:
        widgets.number(
            "Highest score of an account",
            "account_high",
            block.max_score,
            lambda draft, value: change.with_range(draft, block.min_score, value),
            "highest score of an account",
            low=max(block.min_score + 1, block.tiers[-1].threshold),
            high=MOST,
        )
    st.markdown("**Tiers of accounts**, lowest first")
    st.html(remove_style("account_tier"))
    for tier in block.tiers:
        name, start, remove = st.columns([6, 5, 2], vertical_alignment="bottom", wrap=False)
        with name:
            label = f"Name of {as_label(tier.name)}"
            enter_label(ACCOUNT_TIERS, tier, "account_tier", label)
        with start:
            enter_start(ACCOUNT_TIERS, draft, tier, "account_threshold")
        with remove:
            lines = partial(account_removal_lines, draft, ACCOUNT_TIERS, tier.name)
            show_remove(ACCOUNT_TIERS, draft, tier, "account_tier", lines)
    show_add(ACCOUNT_TIERS, draft, "account_tier")
