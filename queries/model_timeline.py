"""The versions of the model that were in use, and what the top tier converted under each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from queries.errors import QueryError
from queries.flow import Flow
from queries.versions import Transition, Version
from queries.worked import known_worked
from scoring.backtest import Backtest, compute_backtest
from scoring.model import Model
from scoring.model_timeline import Span, TimelinePoint, spans_in_use, timeline_points
from scoring.worked import WorkedShare


@dataclass(frozen=True)
class VersionFigures:
    """What one version would have done: its back-test, and what sales worked (see `known_worked`)."""

    backtest: Backtest
    worked: tuple[WorkedShare, ...]


@dataclass(frozen=True)
class Timeline:
    """One point for each period, oldest first, and what could not be worked out, in words."""

    points: tuple[TimelinePoint, ...]
    problems: tuple[str, ...]


def version_spans(history: Iterable[Transition]) -> tuple[Span, ...]:
    """Which version was in use when, from every step of all versions, oldest first."""
    return spans_in_use((step.version, step.at) for step in history if step.state == "champion")


def look_at_version(flow: Flow, model: Model) -> VersionFigures:
    """The figures of a version's model on the data as they are now.

    Raises
    ------
    QueryError
        The model names a column that the data do not have; nothing was observed yet.
    """
    return VersionFigures(compute_backtest(flow.cells(model), model), known_worked(flow, model))


def model_timeline(
    spans: Sequence[Span], versions: Mapping[int, Version], look_at: Callable[[Version], VersionFigures]
) -> Timeline:
    """The rate of the top tier by period, under the version that was in use when the period began.

    Parameters
    ----------
    spans : sequence of Span
        From `version_spans`.
    versions : mapping of int to Version
        By number; at least those of the spans.
    look_at : callable
        The figures of a version, such as from `look_at_version`; asked once for each that was in use. Where
        it raises a QueryError the version has no points, and the problem is kept.
    """
    points: list[TimelinePoint] = []
    problems = []
    for number in dict.fromkeys(span.version for span in spans):
        version = versions[number]
        try:
            figures = look_at(version)
        except QueryError as error:
            problems.append(f"version {number} cannot be back-tested on these data: {error}")
            continue
        own = [span for span in spans if span.version == number]
        points += timeline_points(figures.backtest, version.model.observation, own, figures.worked)
    return Timeline(tuple(sorted(points, key=lambda point: point.period.starts_at)), tuple(problems))
