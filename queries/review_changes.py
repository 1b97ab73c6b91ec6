"""Versions of the model that came into use, and what each does to one period's leads."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from queries.errors import QueryError
from queries.flow import Flow
from queries.registry import Registry
from queries.versions import Transition, Version
from queries.worked import known_worked
from scoring.backtest import compute_backtest
from scoring.errors import ScoringError
from scoring.model import Model
from scoring.model_changes import model_changes
from scoring.review import VersionChange, VersionEffect
from scoring.review_figures import find_period
from scoring.worked import of_period

MOST_CHANGES = 8
"""Older changes are not looked at: each costs a back-test of its version."""


def version_of(registry: Registry, content_sha256: str) -> int | None:
    """The number of the version with this content: the one in use, else the newest; None without one."""
    equal = [version for version in registry.versions() if version.content_sha256 == content_sha256]
    in_use = [version.number for version in equal if version.state == "champion"]
    return next(iter(in_use or [version.number for version in equal]), None)


def changes_in_use(
    flow: Flow, registry: Registry, model: Model, period: str, since: datetime
) -> tuple[VersionChange, ...]:
    """The versions that came into use since an instant, newest first.

    Parameters
    ----------
    model : Model
        The one that is reviewed: a version that means something else by converted, or by a period, has no
        effect to be set beside another's.
    period : str
        The period whose leads both versions score anew.
    """
    versions = {version.number: version for version in registry.versions()}
    steps = [step for step in registry.history() if step.state == "champion"]
    pairs = [(before, step) for before, step in pairwise(steps) if step.at >= since]
    return tuple(
        _change(flow, versions[before.version], versions[step.version], step, model, period)
        for before, step in reversed(pairs[-MOST_CHANGES:])
    )


def _change(
    flow: Flow, old: Version, new: Version, step: Transition, model: Model, period: str
) -> VersionChange:
    before = after = None
    problem = _not_comparable(old.model, new.model, model)
    if problem is None:
        try:
            before, after = _effect(flow, old, period), _effect(flow, new, period)
        except (QueryError, ScoringError) as error:
            problem = str(error)
    return VersionChange(
        version=new.number,
        at=step.at,
        author=step.author,
        note=step.note or new.note,
        replaced=old.number,
        changes=tuple(change.words for change in model_changes(old.model, new.model)),
        before=before,
        after=after,
        problem=problem,
    )


def _not_comparable(old: Model, new: Model, reviewed: Model) -> str | None:
    for name in ("conversion", "observation", "exclude"):
        if not getattr(old, name) == getattr(new, name) == getattr(reviewed, name):
            return (
                f"the versions differ in {name} from each other or from the model that is reviewed, so they "
                "are not about the same leads"
            )
    return None


def _effect(flow: Flow, version: Version, period: str) -> VersionEffect | None:
    figures = find_period(compute_backtest(flow.cells(version.model), version.model), period)
    if figures is None or not figures.leads:
        return None
    top = figures.tiers[-1]
    worked = of_period(known_worked(flow, version.model), period).get(top.tier)
    return VersionEffect(version.number, figures.leads, figures.conversions, figures.auc, top, worked)
