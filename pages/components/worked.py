"""Beside a tier's rate: which share of its leads sales worked, since the others' rate is not known."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd
import streamlit as st

from pages.components import state
from pages.components.evidence.load import document
from pages.components.figures.style import tier_labels
from pages.components.format import as_markdown
from queries.account_worked import known_worked_accounts
from queries.flow import Flow
from queries.worked import (
    known_worked,
    known_worked_cells,
    known_worked_entries,
    known_worked_moves,
    known_worked_parts,
)
from scoring.account_scoring import account_model
from scoring.model import Model
from scoring.worked import WorkedShare, pooled, together
from scoring.worked_words import THE_COMPLETE, THE_COMPLETE_ACCOUNTS, worked_words, worked_words_to_come

WORKED = "Sales worked (share)"
ALL_LEADS = state.Part()

Shares = tuple[WorkedShare, ...]
"""By period and tier, and pooled; none where the data do not tell what sales worked."""


def load_worked(
    flow: Flow, model: Model, left_out: Collection[str] = (), part: state.Part = ALL_LEADS
) -> dict[str, WorkedShare]:
    """The shares over all complete periods but those `left_out`, by tier; see `load_worked_periods`."""
    return pooled(load_worked_periods(flow, model, part), left_out)


def load_worked_periods(flow: Flow, model: Model, part: state.Part = ALL_LEADS) -> Shares:
    """The shares by period and tier; none where the data do not tell what sales worked.

    Raises
    ------
    QueryError
        The data lack a column of the model, or that of the part.
    """
    return _worked_of(flow, state.data_version(), model, part)


def load_worked_in(
    flow: Flow, version: str | None, model: Model, part: state.Part = ALL_LEADS
) -> dict[str, WorkedShare]:
    """As `load_worked` for a data version, which a thread without a session must name."""
    return pooled(_worked_of(flow, version, model, part))


def load_worked_cells_in(flow: Flow, version: str | None, model: Model) -> Shares:
    """The same by the cells of the model's grid; none without one."""
    return _cells(flow, version, document(model), model)


def load_worked_accounts(flow: Flow, model: Model) -> Shares:
    """The same by the tiers of accounts."""
    return _accounts(flow, state.data_version(), document(model), model)


def load_worked_entries(flow: Flow, model: Model) -> dict[str, WorkedShare]:
    """The shares of the leads that got into each tier, each once."""
    return _entries(flow, state.data_version(), document(model), model)


def load_worked_parts(flow: Flow, model: Model, column: str) -> dict[str, dict[str, WorkedShare]]:
    """The shares of all complete periods by the value of a column, then by tier."""
    return load_worked_parts_in(flow, state.data_version(), model, column)


def load_worked_parts_in(
    flow: Flow, version: str | None, model: Model, column: str
) -> dict[str, dict[str, WorkedShare]]:
    """As `load_worked_parts` for a data version, which a thread without a session must name."""
    parts = _parts(flow, version, document(model), column, model)
    return {value: pooled(shares) for value, shares in parts.items()}


def load_worked_moves(
    flow: Flow, in_use: Model, draft: Model, left_out: tuple[str, ...]
) -> dict[tuple[str, str], WorkedShare]:
    """The shares by the tier in use and the one in the draft, over all periods but those `left_out`."""
    return _moves(flow, state.data_version(), document(in_use), document(draft), left_out, in_use, draft)


def add_worked(frame: pd.DataFrame, shares: Mapping[str, WorkedShare], model: Model) -> pd.DataFrame:
    """A table whose rows begin with tiers as shown (column "Tier"), with the share worked in each.

    Nothing is added where the data do not tell what sales worked.
    """
    labels = tier_labels(model)
    return add_worked_by(frame, "Tier", {labels[name]: one for name, one in shares.items()})


def add_worked_by(
    frame: pd.DataFrame, column: str, shares: Mapping[str, WorkedShare], named: str = WORKED
) -> pd.DataFrame:
    """A table with one more column, `named`: the share worked by what stands in `column`; none of nothing."""
    if shares:
        found = [shares[name].share if name in shares else None for name in frame[column]]
        frame[named] = pd.Series(found, index=frame.index, dtype="float64")
    return frame


def worked_sentence(shares: Mapping[str, WorkedShare], model: Model, leads: str = THE_COMPLETE) -> str:
    """How much of each tier sales worked, highest tier first, ready for Markdown."""
    return as_markdown(worked_words(_labels_from_the_top(model), shares, leads))


def account_worked_sentence(shares: Shares, model: Model) -> str:
    """The same of accounts."""
    return worked_sentence(pooled(shares), account_model(model), THE_COMPLETE_ACCOUNTS)


def sentence_to_come(model: Model) -> str:
    """The same sentence while its figures are looked up, about as long."""
    return as_markdown(worked_words_to_come(_labels_from_the_top(model)))


def _labels_from_the_top(model: Model) -> dict[str, str]:
    return {tier.name: tier.shown_label for tier in reversed(model.tiers)}


def _worked_of(flow: Flow, version: str | None, model: Model, part: state.Part) -> Shares:
    if part.column is None or not part.values:
        return _worked(flow, version, document(model), model)
    parts = _parts(flow, version, document(model), part.column, model)
    return together(parts[value] for value in part.values if value in parts)


@st.cache_resource(max_entries=50, show_spinner=False)
def _worked(_flow: Flow, version: str | None, text: str, _model: Model) -> Shares:
    return known_worked(_flow, _model)


@st.cache_resource(max_entries=50, show_spinner=False)
def _cells(_flow: Flow, version: str | None, text: str, _model: Model) -> Shares:
    return known_worked_cells(_flow, _model)


@st.cache_resource(max_entries=20, show_spinner=False)
def _accounts(_flow: Flow, version: str | None, text: str, _model: Model) -> Shares:
    return known_worked_accounts(_flow, _model)


@st.cache_resource(max_entries=20, show_spinner=False)
def _entries(_flow: Flow, version: str | None, text: str, _model: Model) -> dict[str, WorkedShare]:
    return known_worked_entries(_flow, _model)


@st.cache_resource(max_entries=20, show_spinner=False)
def _parts(_flow: Flow, version: str | None, text: str, column: str, _model: Model) -> dict[str, Shares]:
    return known_worked_parts(_flow, _model, column)


@st.cache_resource(max_entries=20, show_spinner=False)
def _moves(
    _flow: Flow,
    version: str | None,
    text: str,
    draft_text: str,
    left_out: tuple[str, ...],
    _in_use: Model,
    _draft: Model,
) -> dict[tuple[str, str], WorkedShare]:
    return known_worked_moves(_flow, _in_use, _draft, left_out)
