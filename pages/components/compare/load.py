"""What the Compare page shows, worked out once for a data version and a pair of models."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pyarrow as pa
import streamlit as st

from pages.components import state
from pages.components.evidence import load
from queries import evidence as queries_evidence
from queries.comparison import on_shared_moments, swap_list
from queries.flow import Flow
from queries.trials import Trials, count_final_check, count_variant, read_trials
from scoring.comparison import Level, warn_of_many_variants
from scoring.comparison_evidence import ComparisonEvidence
from scoring.evidence import ModelEvidence
from scoring.model import Model
from scoring.work_thresholds import Work

_CHECKED = "compare_final_check"


@dataclass(frozen=True)
class Pair:
    """The model in use and the draft, asked the same question.

    Attributes
    ----------
    in_use, draft : Model
    asked : Model
        The draft with the model in use's idea of success, moments and exclusions.
    left_out : tuple of str
        The newest complete period, kept back for the final check.
    """

    in_use: Model
    draft: Model
    asked: Model
    left_out: tuple[str, ...]

    @property
    def key(self) -> tuple[str | None, str, str]:
        """What a comparison depends on."""
        return state.data_version(), load.document(self.in_use), load.document(self.draft)


def current_pair(flow: Flow) -> Pair:
    """The session's draft beside the model in use."""
    in_use, draft = state.model_in_use(), state.draft()
    return Pair(in_use, draft, on_shared_moments(in_use, draft), load.kept_back(flow, in_use))


def compare(flow: Flow, pair: Pair) -> ComparisonEvidence:
    """The comparison with its verdict, which, where there is one, counts the draft as tried.

    Raises
    ------
    QueryError
        The data lack a column that a model names.
    """
    evidence = _compare(flow, pair.key, is_checked(pair), pair.in_use, pair.draft)
    trials = _count(pair, evidence.comparison.pooled.verdict.level)
    return replace(
        evidence,
        variants=trials.variants,
        final_checks=trials.final_checks,
        warning=warn_of_many_variants(trials.variants),
    )


def is_checked(pair: Pair) -> bool:
    """Whether the final check was asked for, for this very pair."""
    return bool(st.session_state.get(_CHECKED) == pair.key)


def ask_final_check(pair: Pair) -> None:
    """Show the period that was kept back, and count the look."""
    count_final_check(state.current_workspace(), pair.in_use)
    st.session_state[_CHECKED] = pair.key


def both_evidence(flow: Flow, pair: Pair) -> tuple[ModelEvidence, ModelEvidence]:
    """What can be said about the draft and about the model in use, on the same leads."""
    draft = load.model_evidence(flow, pair.asked, pair.left_out)
    return draft, load.model_evidence(flow, pair.in_use, pair.left_out)


def draft_evidence(flow: Flow, pair: Pair, work: Work) -> ModelEvidence:
    """The draft with thresholds from what sales can work and what a conversion is worth."""
    return load.model_evidence(flow, pair.asked, pair.left_out, work)


def moved_leads(flow: Flow, pair: Pair) -> pa.Table:
    """The leads that change tier, see `queries.comparison.swap_list`."""
    return _moved_leads(flow, pair.key, pair.left_out, pair.in_use, pair.draft)


def _count(pair: Pair, level: Level) -> Trials:
    workspace = state.current_workspace()
    if level is Level.TOO_LITTLE_DATA:
        return read_trials(workspace, pair.in_use)
    return count_variant(workspace, pair.in_use, pair.draft)


@st.cache_resource(max_entries=20, show_spinner="Scoring the same leads with both models …")
def _compare(
    _flow: Flow,
    key: tuple[str | None, str, str],
    final_check: bool,
    _in_use: Model,
    _draft: Model,
) -> ComparisonEvidence:
    return queries_evidence.compare(_flow, _in_use, _draft, final_check=final_check)


@st.cache_resource(max_entries=5, show_spinner="Listing the leads that change tier …")
def _moved_leads(
    _flow: Flow,
    key: tuple[str | None, str, str],
    left_out: tuple[str, ...],
    _in_use: Model,
    _draft: Model,
) -> pa.Table:
    return swap_list(_flow, _in_use, _draft, left_out=left_out)
