"""The tiers of leads, all of them at once: stands in the place of the rules, so that the figures follow."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.components import state
from pages.components.format import count
from pages.components.tiers.inputs import (
    enter_label,
    enter_name,
    enter_start,
    remove_style,
    show_add,
    show_remove,
)
from pages.components.tiers.tier_sets import LEAD_TIERS
from pages.components.tiers.words import removal_lines, standing_lines
from pages.components.tune import changes, widgets
from pages.components.tune.figures import compute_figures
from pages.components.tune.labels import as_label
from queries.errors import QueryError
from queries.flow import Flow
from scoring.model import Model, Tier

KEY = "tier"
_OPEN = "tier_editor_open"

STYLE = """
<style>
/* On a phone, too, a row keeps all its inputs. */
.st-key-tier_rows [data-testid="stColumn"] { min-width: 0; }
</style>
"""


def open_tiers() -> None:
    """Show the tiers in the place of the rules."""
    st.session_state[_OPEN] = True


def close_tiers() -> None:
    """Back to the rules."""
    st.session_state[_OPEN] = False


def are_tiers_open() -> bool:
    """Whether the tiers stand in the place of the rules."""
    return bool(st.session_state.get(_OPEN))


def show_tiers(flow: Flow, draft: Model) -> None:
    """Draw every tier, lowest first, a place for a new one, and what the model means by some of them."""
    st.html(STYLE + remove_style(KEY))
    st.button("All rules", key="tiers_close", icon=":material/arrow_back:", on_click=close_tiers)
    st.markdown("## Tiers, lowest first")
    with st.container(key="tier_rows"):
        for tier in draft.tiers:
            _show_tier(flow, draft, tier)
    show_add(LEAD_TIERS, draft, KEY)
    if len(draft.tiers) == 1:
        st.caption("The only tier cannot be removed.")
    for line in standing_lines(draft):
        st.caption(line)
    st.button("Done", key="tiers_done", type="primary", on_click=close_tiers)


def _show_tier(flow: Flow, draft: Model, tier: Tier) -> None:
    label = as_label(tier.shown_label)
    with st.container(border=True, key=f"tier_box_{tier.name}"):
        name, start, remove = st.columns([6, 4, 1], vertical_alignment="bottom", wrap=False)
        with name:
            enter_label(LEAD_TIERS, tier, KEY, "Name")
        with start:
            enter_start(LEAD_TIERS, draft, tier, f"{KEY}_from", "From score")
        with remove:
            show_remove(LEAD_TIERS, draft, tier, KEY, partial(_consequences, flow, draft, tier))
        action, owner, hours = st.columns([5, 3, 3], vertical_alignment="bottom", wrap=False)
        with action:
            _enter_text("What to do", tier, "action")
        with owner:
            _enter_text("Who does it", tier, "owner")
        with hours:
            _enter_hours(tier)
        enter_name(LEAD_TIERS, tier, KEY, f"What lists and files call {label}")


def _enter_text(label: str, tier: Tier, field: str) -> None:
    widgets.text(
        label,
        f"{KEY}_{field}_{tier.name}",
        getattr(tier, field) or "",
        partial(_with_text, tier.name, field),
        f"{field} of {tier.shown_label}",
        max_chars=500,
        placeholder="nothing" if field == "action" else "nobody",
    )


def _enter_hours(tier: Tier) -> None:
    # Not a whole number like all others: half an hour is a promise that sales teams make.
    hours = tier.respond_within_hours
    key = widgets.mirror(f"{KEY}_hours_{tier.name}", None if hours is None else float(hours))
    st.number_input(
        "Within hours",
        min_value=0.0,
        value=None,
        step=1.0,
        format="%g",
        key=key,
        on_change=_commit_hours,
        args=(key, tier),
        placeholder="no limit",
    )


def _commit_hours(key: str, tier: Tier) -> None:
    hours: float | None = st.session_state[key]
    whole = int(hours) if hours is not None and hours.is_integer() else hours
    note = f"hours to respond of {tier.shown_label}"
    # No hours at all is no promise.
    widgets.apply(
        lambda draft: changes.change_tier(draft, tier.name, respond_within_hours=whole or None), note
    )


def _consequences(flow: Flow, draft: Model, tier: Tier) -> list[str]:
    return removal_lines(draft, tier.name, _leads_held(flow, draft, tier))


def _leads_held(flow: Flow, draft: Model, tier: Tier) -> str | None:
    """How many leads stand in a tier, in words; None where the data lack what the draft names."""
    try:
        pooled = compute_figures(flow, draft, state.current_part(), st.empty()).backtest.pooled
    except QueryError:
        return None
    leads = next(one.leads for one in pooled.tiers if one.tier == tier.name)
    return f"{count(leads)} lead-{draft.observation.period}s"


def _with_text(name: str, field: str, draft: Model, value: str) -> Model:
    return changes.change_tier(draft, name, **{field: value.strip() or None})
