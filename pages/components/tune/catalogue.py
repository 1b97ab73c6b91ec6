"""What the data offer, kept for every session that looks at the same data version."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.components import state
from queries import catalogue, segments
from queries.flow import Flow
from queries.kept_checks import kept_leads_matched
from scoring.model import Rule

MAX_SEGMENT_VALUES = 50
NUMERIC_FROM = 0.9
"""From this share of numbers on, what is typed as a number is compared as one."""

TABLE_OF_SOURCE = {
    "activity": "activities",
    "account_activity": "activities",
    "lead": "leads",
    "account": "accounts",
}
_KEYS = frozenset({"lead_id", "account_id", "created_at", "occurred_at"})


def columns(flow: Flow, source: str) -> list[str]:
    """The columns that conditions of this source may name; for activities their type first."""
    names = [name for name in flow.engine.columns(TABLE_OF_SOURCE[source]) if name not in _KEYS]
    return sorted(names, key=lambda name: name != "activity_type")


def values(flow: Flow, source: str, column: str) -> list[str]:
    """The frequent values of a column, most frequent first; none for a column that the data do not have."""
    table = TABLE_OF_SOURCE[source]
    if column not in flow.engine.columns(table):
        return []
    return _values(flow, state.data_version(), table, column)


def holds_numbers(flow: Flow, source: str, column: str) -> bool:
    """Whether a column's values are numbers, nearly all of them."""
    table = TABLE_OF_SOURCE[source]
    if column not in flow.engine.columns(table):
        return False
    return _numeric_share(flow, state.data_version(), table, column) >= NUMERIC_FROM


def stages(flow: Flow) -> list[str]:
    """The stages of the outcomes, most frequent first."""
    return _values(flow, state.data_version(), "outcomes", "stage")


def leads_matched(flow: Flow, rule: Rule) -> int:
    """How many known leads the conditions of a rule match; QueryError when the data lack a column."""
    return leads_matched_in(flow, state.data_version(), rule)


def leads_matched_in(
    flow: Flow, version: str | None, rule: Rule, wait: Callable[[], None] | None = None
) -> int:
    """The same for a data version, which a thread without a session must name; `wait` as for `kept_leaks`."""
    conditions = rule.model_copy(
        update={"id": "x", "label": None, "category": "x", "points": 1, "max_points": None}
    )
    return _leads_matched(flow, version, conditions.model_dump_json(by_alias=True), conditions, wait)


def segment_columns(flow: Flow) -> list[str]:
    """The columns that split the leads into a handful of parts: ``leads.region``, ``accounts.industry``."""
    return _segment_columns(flow, state.data_version())


def segment_values(flow: Flow, column: str) -> list[str]:
    """The values of a column that splits the leads, ``(missing)`` among them."""
    return _segment_values(flow, state.data_version(), column)


@st.cache_resource(max_entries=100, show_spinner=False)
def _segment_values(_flow: Flow, version: str | None, column: str) -> list[str]:
    return list(segments.segment_values(_flow.engine, column))


@st.cache_resource(max_entries=500, show_spinner=False)
def _values(_flow: Flow, version: str | None, table: str, column: str) -> list[str]:
    return [value for value, _ in catalogue.frequent_values(_flow.engine, table, column)]


@st.cache_resource(max_entries=500, show_spinner=False)
def _numeric_share(_flow: Flow, version: str | None, table: str, column: str) -> float:
    return catalogue.numeric_share(_flow.engine, table, column)


@st.cache_resource(max_entries=2000, show_spinner=False)
def _leads_matched(
    _flow: Flow, version: str | None, conditions: str, _rule: Rule, _wait: Callable[[], None] | None
) -> int:
    return kept_leads_matched(_flow, _rule, _wait)


@st.cache_resource(max_entries=10, show_spinner="Looking at the columns")
def _segment_columns(_flow: Flow, version: str | None) -> list[str]:
    found = []
    for table in ("leads", "accounts"):
        for column in _flow.engine.columns(table):
            if column in _KEYS:
                continue
            values = catalogue.frequent_values(_flow.engine, table, column, MAX_SEGMENT_VALUES + 1)
            if 2 <= len(values) <= MAX_SEGMENT_VALUES:
                found.append(f"{table}.{column}")
    return found
