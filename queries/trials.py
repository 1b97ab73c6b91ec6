"""How many drafts were tried on the same periods, and how often their final check was looked at.

Whoever tries many drafts on the same quarters finds one that looks better by luck, and a final check that is
looked at again and again is none. So a small file in the workspace keeps count, for all who work there.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from queries.workspace import Workspace, write_atomically
from scoring.model import Model

FORMAT = 1

_log = logging.getLogger(__name__)

MOST_VARIANTS = 10_000
"""Of one question; beyond them the warning cannot get any stronger."""


@dataclass(frozen=True)
class Trials:
    """Different drafts with a verdict, and times that a final check was shown, on the same periods."""

    variants: int
    final_checks: int


def read_trials(workspace: Workspace, champion: Model) -> Trials:
    """The counts for the current data and the question that the model in use asks of them.

    The question is its conversion, observation and exclude: other settings, or new data, begin at 0.
    """
    return _counted(_read(_path(workspace)).get(_question(workspace, champion), _untried()))


def count_variant(workspace: Workspace, champion: Model, challenger: Model) -> Trials:
    """Count a draft of which a verdict is shown; the same draft, under whatever name, counts once.

    The model in use itself is no draft. Safe with several processes. A workspace that cannot be written
    counts nothing more.
    """
    variant = _digest(_content(challenger))
    if variant == _digest(_content(champion)):
        return read_trials(workspace, champion)

    def add(entry: dict[str, Any]) -> None:
        known = entry["variants"]
        if variant not in known and len(known) < MOST_VARIANTS:
            known.append(variant)

    return _change(workspace, champion, add)


def count_final_check(workspace: Workspace, champion: Model) -> Trials:
    """Count one more look at the final check, as `count_variant` counts drafts."""

    def add(entry: dict[str, Any]) -> None:
        entry["final_checks"] += 1

    return _change(workspace, champion, add)


def _change(workspace: Workspace, champion: Model, change: Callable[[dict[str, Any]], None]) -> Trials:
    """Count in the file; where the folder cannot be written, what was counted before is said, and no more."""
    try:
        return _changed(workspace, champion, change)
    except OSError as error:
        _log.warning("trials were not counted: %s", error)
        return read_trials(workspace, champion)


def _changed(workspace: Workspace, champion: Model, change: Callable[[dict[str, Any]], None]) -> Trials:
    path = _path(workspace)
    with _locked(path.with_name(".trials.lock")):
        questions = _read(path)
        entry = questions.setdefault(_question(workspace, champion), _untried())
        before = json.dumps(entry)
        change(entry)
        if json.dumps(entry) != before:
            content = {"format": FORMAT, "questions": questions}
            write_atomically(path, json.dumps(content, indent=1) + "\n")
    return _counted(entry)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One process at a time; the lock of one that dies is let go by the system."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _path(workspace: Workspace) -> Path:
    return workspace.path / "trials.json"


def _read(path: Path) -> dict[str, Any]:
    """The counts by question; a file that is missing or damaged counts nothing, for it is no user's data."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        questions = content["questions"] if content["format"] == FORMAT else {}
        return {
            key: {"variants": list(map(str, entry["variants"])), "final_checks": int(entry["final_checks"])}
            for key, entry in questions.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _counted(entry: dict[str, Any]) -> Trials:
    return Trials(len(entry["variants"]), entry["final_checks"])


def _untried() -> dict[str, Any]:
    return {"variants": [], "final_checks": 0}


def _question(workspace: Workspace, champion: Model) -> str:
    manifest = workspace.manifest
    settings = champion.model_dump(mode="json", include={"conversion", "observation", "exclude"})
    return _digest([manifest.version if manifest else None, settings])


def _content(model: Model) -> dict[str, Any]:
    """What makes a draft another one: not what it and its rules are called, nor what its tiers tell sales."""
    return model.model_dump(
        mode="json",
        exclude={
            "schema_version": True,
            "name": True,
            "description": True,
            "rules": {"__all__": {"id", "label"}},
            "tiers": {"__all__": {"label", "action", "owner", "respond_within_hours"}},
        },
    )


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]
