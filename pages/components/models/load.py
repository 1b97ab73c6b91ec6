"""What the Models page shows, gathered before anything is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from pages.components import state
from queries.errors import QueryError
from queries.flow import Flow
from queries.registry import Registry
from queries.version_report import changes_since_parent
from queries.versions import Transition, Version
from scoring.backtest import Backtest, compute_backtest
from scoring.model import Model
from scoring.model_changes import Change
from scoring.model_timeline import Span, TimelinePoint, spans_in_use, timeline_points


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
        return spans_in_use((step.version, step.at) for step in self.history if step.state == "champion")

    def changes(self, version: Version) -> tuple[Change, ...]:
        """What a version changed; nothing for the first."""
        return changes_since_parent(version, dict(self.by_number))


@dataclass(frozen=True)
class Timeline:
    """What the top tier converted under the versions in use, and what could not be worked out."""

    points: tuple[TimelinePoint, ...]
    problems: tuple[str, ...]


def load_view(registry: Registry) -> ModelsView:
    """The history as it is now."""
    return ModelsView(registry, registry.versions(), registry.history())


def load_timeline(view: ModelsView, flow: Flow) -> Timeline:
    """The rate of the top tier by period, under the version that was in use when the period began.

    A version of which no period began while it was in use costs nothing but its back-test, which is kept.
    """
    points: list[TimelinePoint] = []
    problems = []
    for number in dict.fromkeys(span.version for span in view.spans):
        version = view.by_number[number]
        spans = [span for span in view.spans if span.version == number]
        try:
            backtest = _backtest(flow, state.data_version(), version.content_sha256, version.model)
        except QueryError as error:
            problems.append(f"version {number} cannot be back-tested on these data: {error}")
            continue
        points += timeline_points(backtest, version.model.observation, spans)
    points.sort(key=lambda point: point.period.starts_at)
    return Timeline(tuple(points), tuple(problems))


@st.cache_resource(max_entries=50, show_spinner="Back-testing the versions in use …")
def _backtest(_flow: Flow, data_version: str | None, content: str, _model: Model) -> Backtest:
    return compute_backtest(_flow.cells(_model), _model)
