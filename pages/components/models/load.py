"""What the Models page shows, gathered before anything is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from pages.components import state
from queries.flow import Flow
from queries.model_timeline import (
    Timeline,
    VersionFigures,
    look_at_version,
    model_timeline,
    version_spans,
)
from queries.registry import Registry
from queries.version_report import changes_since_parent
from queries.versions import Transition, Version
from scoring.model import Model
from scoring.model_changes import Change
from scoring.model_timeline import Span


@dataclass(frozen=True)
class ModelsView:
    """The history of the model.

    Attributes
    ----------
    registry : Registry
    versions : tuple of Version
        Newest first; empty before the first save.
    history : tuple of Transition
        Oldest first.
    """

    registry: Registry
    versions: tuple[Version, ...]
    history: tuple[Transition, ...]

    @property
    def by_number(self) -> Mapping[int, Version]:
        return {version.number: version for version in self.versions}

    @property
    def champion(self) -> Version:
        """The version in use."""
        return next(version for version in self.versions if version.state == "champion")

    @property
    def spans(self) -> tuple[Span, ...]:
        """Which version was in use when."""
        return version_spans(self.history)

    def changes(self, version: Version) -> tuple[Change, ...]:
        """What a version changed; nothing for the first."""
        return changes_since_parent(version, dict(self.by_number))


def load_view(registry: Registry) -> ModelsView:
    """The history as it is now."""
    return ModelsView(registry, registry.versions(), registry.history())


def load_timeline(view: ModelsView, flow: Flow) -> Timeline:
    """The rate of the top tier by period, under the version that was in use when the period began."""
    return model_timeline(
        view.spans,
        view.by_number,
        lambda version: _figures(flow, state.data_version(), version.content_sha256, version.model),
    )


@st.cache_resource(max_entries=50, show_spinner="Back-testing the versions in use …")
def _figures(_flow: Flow, data_version: str | None, content: str, _model: Model) -> VersionFigures:
    return look_at_version(_flow, _model)
