"""Checks of the draft's rules that read all leads: done beside the page, so that nothing waits for them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import streamlit as st

from pages.components import state
from pages.components.evidence import load
from pages.components.evidence.tune import show_findings
from pages.components.format import as_markdown
from pages.components.tune import catalogue as tune_catalogue
from pages.components.tune.quiet import work_turn
from queries.flow import Flow
from scoring.any_points import without_points
from scoring.model import Model, Rule

MAX_KEPT = 30
"""As many as the caches that the results stand in hold."""

PATIENCE_SECONDS = 0.1
POLL_SECONDS = 1.0


def show_checks(flow: Flow, model: Model) -> None:
    """Rules that match nobody, and rules that know the answer; a line as long as that is not known."""
    if not _are_known(flow, model):
        _wait(flow)
        return
    unmatched = [rule.shown_label for rule in model.enabled_rules if _matches_nothing(flow, rule)]
    if unmatched:
        names = as_markdown(", ".join(unmatched))
        st.caption(f":material/warning: No lead in the data matches: {names}. Check the conditions.")
    show_findings(flow, model)


@st.fragment(run_every=POLL_SECONDS)
def _wait(flow: Flow) -> None:
    st.caption("Looking for rules that match nobody or know the answer …")
    if _are_known(flow, state.draft()):
        st.rerun()


def _are_known(flow: Flow, model: Model) -> bool:
    """Whether the checks of these rules are done; the first question starts them."""
    version = state.data_version()
    # Like the leaks themselves, who is matched does not depend on points, limits and thresholds.
    key = (version, load.document(without_points(model)))
    executor, asked = _background()
    is_new = key not in asked
    if is_new:
        asked[key] = executor.submit(_check, flow, version, model, work_turn())
        while len(asked) > MAX_KEPT:
            asked.popitem(last=False)
    future = asked[key]
    try:
        # An error is not swallowed: asking for the result itself raises it where errors are shown.
        future.exception(timeout=PATIENCE_SECONDS if is_new else 0)
    except TimeoutError:
        return False
    return True


def _check(flow: Flow, version: str | None, model: Model, wait: Callable[[], None] | None) -> None:
    for rule in model.enabled_rules:
        tune_catalogue.leads_matched_in(flow, version, rule, wait)
    load.leak_findings_in(flow, version, model, wait)


def _matches_nothing(flow: Flow, rule: Rule) -> bool:
    # A rule on what did not happen matches everybody who never did it.
    return rule.counting != "absent" and tune_catalogue.leads_matched(flow, rule) == 0


@st.cache_resource(show_spinner=False)
def _background() -> tuple[ThreadPoolExecutor, OrderedDict[tuple[str | None, str], Future[None]]]:
    """One thread for all sessions: these checks use every core as it is."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="checks"), OrderedDict()
