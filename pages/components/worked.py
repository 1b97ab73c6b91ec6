"""Beside a tier's rate: which share of its leads sales worked, since the others' rate is not known."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components import state
from pages.components.evidence.load import document
from pages.components.figures.style import tier_labels
from pages.components.format import as_markdown
from queries.flow import Flow
from queries.worked import known_worked
from scoring.model import Model
from scoring.worked import WorkedShare, pooled
from scoring.worked_words import worked_words, worked_words_to_come

WORKED = "Sales worked (share)"


def load_worked(flow: Flow, model: Model) -> dict[str, WorkedShare]:
    """The shares over all complete periods, by tier; none where the data do not tell what sales worked.

    Raises
    ------
    QueryError
        The data lack a column of the model.
    """
    return load_worked_in(flow, state.data_version(), model)


def load_worked_in(flow: Flow, version: str | None, model: Model) -> dict[str, WorkedShare]:
    """The same for a data version, which a thread without a session must name."""
    return pooled(_worked(flow, version, document(model), model))


def add_worked(frame: pd.DataFrame, shares: dict[str, WorkedShare], model: Model) -> pd.DataFrame:
    """A table whose rows begin with tiers as shown (column "Tier"), with the share worked in each."""
    labels = tier_labels(model)
    found = {labels[name]: one.share for name, one in shares.items()}
    frame[WORKED] = pd.Series([found.get(name) for name in frame["Tier"]], index=frame.index, dtype="float64")
    return frame


def worked_sentence(shares: dict[str, WorkedShare], model: Model) -> str:
    """How much of each tier sales worked, highest tier first, ready for Markdown."""
    return as_markdown(worked_words(_labels_from_the_top(model), shares))


def sentence_to_come(model: Model) -> str:
    """The same sentence while its figures are looked up, about as long."""
    return as_markdown(worked_words_to_come(_labels_from_the_top(model)))


def _labels_from_the_top(model: Model) -> dict[str, str]:
    return {tier.name: tier.shown_label for tier in reversed(model.tiers)}


@st.cache_resource(max_entries=50, show_spinner=False)
def _worked(_flow: Flow, version: str | None, text: str, _model: Model) -> tuple[WorkedShare, ...]:
    return known_worked(_flow, _model)
