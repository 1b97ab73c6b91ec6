"""Looking at a part of the leads: a column to split by, the values to look at, and a table of all of them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from pages.components import state
from pages.components.format import as_markdown
from pages.components.state import Part
from pages.components.table import percent_column, table_with_download
from pages.components.tune import catalogue as tune_catalogue
from pages.components.tune.figures import compute_figures
from pages.components.tune.labels import as_label
from pages.components.tune.widgets import mirror
from pages.components.tune.worked_job import current_job
from queries.flow import Flow
from scoring.backtest import Backtest, backtest_by_segment
from scoring.model import Model, Tier
from scoring.worked import WorkedShare

ALL = ""
SALES_WORKED = "sales worked, %"
_COLUMN = "part_column"
_VALUES = "part_values"


def show_part_choice(flow: Flow) -> Part:
    """Choose which leads are looked at; a column or value that the data lack is dropped, and that is said."""
    part = state.current_part()
    columns = tune_catalogue.segment_columns(flow)
    if part.column is not None and part.column not in columns:
        st.warning(
            f"These data have no column {as_markdown(_short(part.column))} to split by, so you see all "
            "leads.",
            icon=":material/filter_alt_off:",
        )
        part = Part()
        state.set_part(part)
    left, right = st.columns([2, 5])
    mirror(_COLUMN, part.column or ALL)
    left.selectbox(
        "Split the leads by",
        [ALL, *columns],
        index=[ALL, *columns].index(part.column or ALL),
        key=_COLUMN,
        format_func=lambda column: "All leads" if column == ALL else f"Split by {_short(column)}",
        label_visibility="collapsed",
        on_change=_choose_column,
    )
    if part.column is None:
        return part
    with right:
        return _choose_from_values(flow, part, part.column)


def _choose_from_values(flow: Flow, part: Part, column: str) -> Part:
    values = tune_catalogue.segment_values(flow, column)
    if unknown := [value for value in part.values if value not in values]:
        st.warning(
            f"These data have no leads whose {as_markdown(_short(column))} is "
            f"{as_markdown(' or '.join(unknown))}, so that was left out.",
            icon=":material/filter_alt_off:",
        )
        part = Part(column, tuple(value for value in part.values if value in values))
        state.set_part(part)
    mirror(_VALUES, list(part.values))
    st.multiselect(
        f"Look at these values of {as_label(_short(column))}",
        values,
        list(part.values),
        key=_VALUES,
        placeholder="Look at all of them, or choose some",
        label_visibility="collapsed",
        on_change=_choose_values,
    )
    return part


def describe_part(part: Part) -> str:
    """Which leads the figures are about, '' for all of them."""
    if part.column is None or not part.values:
        return ""
    return f"Only leads whose {_short(part.column)} is {' or '.join(part.values)}."


def show_part_table(flow: Flow, model: Model, part: Part) -> None:
    """Each value of the column with its leads, its rate, and what the top tier does there."""
    if part.column is None:
        return
    cells = compute_figures(flow, model, Part(part.column)).cells
    name = _short(part.column)
    whole = st.column_config.NumberColumn(format="localized")
    worked = current_job(flow, model, part).parts()
    frame = part_frame(backtest_by_segment(cells, model), name, model.tiers[-1], worked)
    with st.expander(f"Every {as_label(name)} beside each other", icon=":material/table_rows:"):
        table_with_download(
            frame,
            f"{model.tiers[-1].shown_label} by {name}",
            "part",
            {column: percent_column() if "%" in column else whole for column in frame.columns[1:]},
        )


def part_frame(
    by_value: dict[str, Backtest],
    name: str,
    tier: Tier,
    worked: Mapping[str, Mapping[str, WorkedShare]] | None = None,
) -> pd.DataFrame:
    """One row for each value of a column: complete leads, conversions, and the tier's part in them.

    What sales worked of the tier, by value and tier, stands beside its rate where it is known by now.
    """
    rows = []
    for value, backtest in by_value.items():
        pooled, top = backtest.pooled, backtest.pooled.tiers[-1]
        rows.append(
            {
                name: value,
                "leads": pooled.leads,
                "converted": pooled.conversions,
                "converted, %": pooled.rate,
                f"{tier.shown_label}": top.leads,
                "of them converted": top.conversions,
                "of them converted, %": top.rate,
                **({SALES_WORKED: _share(worked.get(value, {}).get(tier.name))} if worked else {}),
                "share of wins caught, %": top.capture,
            }
        )
    return pd.DataFrame(rows)


def _share(one: WorkedShare | None) -> float | None:
    return None if one is None else one.share


def _choose_column() -> None:
    chosen = st.session_state[_COLUMN]
    state.set_part(Part(None if chosen == ALL else chosen))


def _short(column: str) -> str:
    """A column in words; leads and their companies may have columns of the same name."""
    table, _, name = column.partition(".")
    return f"{name} (company)" if table == "accounts" else name


def _choose_values() -> None:
    state.set_part(Part(state.current_part().column, tuple(st.session_state[_VALUES])))
