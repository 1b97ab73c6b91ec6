"""Versions of the model as plain dictionaries, for programs."""

from __future__ import annotations

from typing import Any

from queries.agreement import Agreement
from queries.registry import Registry
from queries.signatures import Point, Signature
from queries.versions import Transition, Version
from queries.workspace import format_time
from scoring.model_changes import Change, model_changes
from scoring.plain_json import to_plain


def changes_since_parent(version: Version, known: dict[int, Version]) -> tuple[Change, ...]:
    """What a version changed; nothing where its parent is not among the known, by number."""
    parent = None if version.parent is None else known.get(version.parent)
    return () if parent is None else model_changes(parent.model, version.model)


def version_json(version: Version, changes: tuple[Change, ...]) -> dict[str, Any]:
    """One version with what it changed, without its model and figures."""
    return {
        "number": version.number,
        "state": version.state,
        "model": version.model.name,
        "author": version.author,
        "saved_at": format_time(version.saved_at),
        "note": version.note,
        "parent": version.parent,
        "line": version.line,
        "content_sha256": version.content_sha256,
        "data_version": version.data_version,
        "changes": [changes_json(change) for change in changes],
    }


def versions_json(registry: Registry) -> dict[str, Any]:
    """The whole history, newest first."""
    versions = registry.versions()
    known = {version.number: version for version in versions}
    return {"versions": [version_json(one, changes_since_parent(one, known)) for one in versions]}


def whole_version_json(registry: Registry, version: Version) -> dict[str, Any]:
    """One version with its model file, its figures and what happened to it."""
    known = {} if version.parent is None else {version.parent: registry.version(version.parent)}
    return version_json(version, changes_since_parent(version, known)) | {
        "history": [transition_json(step) for step in registry.history(version.number)],
        "signatures": [signature_json(one) for one in Agreement(registry).signatures(version.number)],
        "points": [point_json(point) for point in Agreement(registry).points(version.number)],
        "text": version.text,
        "backtest": to_plain(version.figures.backtest) if version.figures else None,
    }


def changes_json(change: Change) -> dict[str, Any]:
    """One thing that differs."""
    return to_plain(change)  # type: ignore[no-any-return]  # of a dataclass it makes a dictionary


def transition_json(step: Transition) -> dict[str, Any]:
    """A state that a version took."""
    found = {"state": step.state, "author": step.author, "at": format_time(step.at), "note": step.note}
    return found | ({"signed_off": step.is_signed} if step.state == "champion" else {})


def signature_json(one: Signature) -> dict[str, Any]:
    """Who signed for which side, as typed."""
    return {
        "version": one.version,
        "side": one.side,
        "name": one.name,
        "role": one.role,
        "comment": one.comment,
        "at": format_time(one.at),
    }


def point_json(point: Point) -> dict[str, Any]:
    """An open point or a decision."""
    done = point.resolution
    return {
        "point": point.id,
        "version": point.version,
        "kind": point.kind,
        "author": point.author,
        "at": format_time(point.at),
        "text": point.text,
        "is_open": point.is_open,
        "resolution": done and {"author": done.author, "at": format_time(done.at), "note": done.note},
    }
