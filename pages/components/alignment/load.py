"""What the Alignment page shows, worked out once for a data version and a model."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import streamlit as st

from pages.components import state
from pages.components.evidence.load import document
from pages.components.last_used import LastUsed
from pages.components.leads.job import jobs
from queries.agreement import Agreement
from queries.alignment import PRECISION, AlignmentView, gather_alignment
from queries.flow import Flow
from queries.registry import Registry
from queries.signatures import Point, Proposal, Signature
from queries.versions import Version
from scoring.model import Model

MAX_KEPT = 20


@dataclass(frozen=True)
class Agreed:
    """What the history says, read once for a run of the page."""

    registry: Registry
    versions: tuple[Version, ...]
    proposals: tuple[Proposal, ...]
    signatures: tuple[Signature, ...]
    points: tuple[Point, ...]

    @property
    def agreement(self) -> Agreement:
        return Agreement(self.registry)

    @property
    def champion(self) -> Version | None:
        """The version in use; None before the first save."""
        return next((one for one in self.versions if one.state == "champion"), None)

    @property
    def drafts(self) -> tuple[Version, ...]:
        """Versions that could be proposed, newest first."""
        return tuple(one for one in self.versions if one.state == "draft")


def load_agreed(registry: Registry) -> Agreed:
    """The history as it is now."""
    agreement = Agreement(registry)
    return Agreed(
        registry, registry.versions(), agreement.proposals(), agreement.signatures(), agreement.points()
    )


def load_view(flow: Flow, model: Model, precision: float = PRECISION) -> AlignmentView:
    """What a model means for sales, behind a bar as long as it takes.

    Raises
    ------
    QueryError
        The data lack a column that the model names.
    """
    key: Hashable = ("alignment", state.data_version(), document(model), precision)
    return _kept_views().get(
        key,
        lambda: jobs().result(key, lambda progress: gather_alignment(flow, model, precision, progress)),
    )


def models_beside(agreed: Agreed) -> dict[str, Model]:
    """What can stand beside the model in use: what is proposed, and the session's draft, by name."""
    found = {f"version {one.version.number}, proposed": one.version.model for one in agreed.proposals}
    if state.is_changed() and state.draft() not in found.values():
        found["your draft"] = state.draft()
    return found


@st.cache_resource(show_spinner=False)
def _kept_views() -> LastUsed[AlignmentView]:
    """Views by what they depend on."""
    return LastUsed(MAX_KEPT)
