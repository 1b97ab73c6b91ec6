"""Beside a tier's rate: which share of its leads sales worked, since the others' rate is not known."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components import state
from pages.components.evidence.load import document
from pages.components.figures.style import tier_labels
from pages.components.format import as_markdown, percent
from queries.flow import Flow
from queries.sales import worked_by_tier
from scoring.model import Model
from scoring.worked import WorkedShare, pooled

WORKED = "Sales worked (share)"


def load_worked(flow: Flow, model: Model) -> dict[str, WorkedShare]:
    """The shares over all complete periods, by tier; QueryError when the data lack a column of the model."""
    return pooled(_worked(flow, state.data_version(), document(model), model))


def add_worked(frame: pd.DataFrame, shares: dict[str, WorkedShare], model: Model) -> pd.DataFrame:
    """A table whose rows begin with tiers as shown (column "Tier"), with the share worked in each."""
    labels = tier_labels(model)
    found = {labels[name]: one.share for name, one in shares.items()}
    frame[WORKED] = pd.Series([found.get(name) for name in frame["Tier"]], index=frame.index, dtype="float64")
    return frame


def worked_sentence(shares: dict[str, WorkedShare], model: Model) -> str:
    """How much of each tier sales worked, highest tier first, ready for Markdown."""
    labels = tier_labels(model)
    named = ", ".join(
        f"{as_markdown(labels[tier.name])} {percent(shares[tier.name].share, 0)}"
        for tier in reversed(model.tiers)
        if shares[tier.name].share is not None
    )
    hardly = any(one.is_hardly_worked for one in shares.values())
    warning = " What leads would convert that nobody called is not known." if hardly else ""
    return f"Of these leads sales worked: {named}.{warning}" if named else ""


@st.cache_resource(max_entries=50, show_spinner=False)
def _worked(_flow: Flow, version: str | None, text: str, _model: Model) -> tuple[WorkedShare, ...]:
    return worked_by_tier(_flow, _model)
