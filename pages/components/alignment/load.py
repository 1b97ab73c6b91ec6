"""What the Alignment page shows, worked out once for a data version and a model."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.components import state
from pages.components.evidence.load import document
from queries.agreement import Agreement
from queries.alignment import PRECISION, AlignmentView, gather_alignment
from queries.flow import Flow
from queries.registry import Registry
from queries.signatures import Point, Proposal, Signature
from queries.versions import Version
from scoring.model import Model


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
    """What a model means for sales; QueryError when the data lack a column that it names."""
    return _view(flow, state.data_version(), document(model), precision, model)


def models_beside(agreed: Agreed) -> dict[str, Model]:
    """What can stand beside the model in use: what is proposed, and the session's draft, by name."""
    found = {f"version {one.version.number}, proposed": one.version.model for one in agreed.proposals}
    if state.is_changed() and state.draft() not in found.values():
        found["your draft"] = state.draft()
    return found


@st.cache_resource(max_entries=20, show_spinner="Following every lead from its score to sales …")
def _view(_flow: Flow, version: str | None, text: str, precision: float, _model: Model) -> AlignmentView:
    return gather_alignment(_flow, _model, precision)
