"""What was learned, as the page asks for it: worked out once for a data version and a draft."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components import state
from pages.components.evidence.load import document
from queries.flow import Flow
from queries.prediction import history_of, lead_probabilities
from scoring.model import Model
from scoring.prediction import Prediction, predict


def load_prediction(flow: Flow, model: Model) -> Prediction:
    """What a regression learns from the outcomes; QueryError when the data lack a column of the model."""
    return _prediction(flow, state.data_version(), document(model), model)


def load_chances(flow: Flow, model: Model) -> pd.DataFrame:
    """The chance of every lead that is open now, highest first: lead_id, moment, probability, score."""
    return _chances(flow, state.data_version(), document(model), model)


@st.cache_resource(max_entries=20, show_spinner="Learning from every quarter what came before the next …")
def _prediction(_flow: Flow, version: str | None, text: str, _model: Model) -> Prediction:
    return predict(history_of(_flow, _model), _model.enabled_rules)


@st.cache_resource(max_entries=5, show_spinner="Working out every open lead's chance …")
def _chances(_flow: Flow, version: str | None, text: str, _model: Model) -> pd.DataFrame:
    fit = _prediction(_flow, version, text, _model).fit
    frame: pd.DataFrame = (
        pd.DataFrame() if fit is None else lead_probabilities(_flow, _model, fit).to_pandas()
    )
    return frame
