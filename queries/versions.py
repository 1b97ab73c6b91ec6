"""Versions of the model as values: what was saved, what became of it, and what is in the way of a save."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, Literal

from queries.errors import QueryError
from scoring.model import Model
from scoring.model_changes import Change, changes_in_words, model_changes
from scoring.model_file import parse_model
from scoring.model_merge import Choices, Merge, merge_models

State = Literal["draft", "proposed", "champion", "retired"]


@dataclass(frozen=True)
class SavedFigures:
    """A model's back-test when it was saved, as ``tierline backtest --json`` prints it, and of which data."""

    data_version: str
    backtest: Mapping[str, Any]


@dataclass(frozen=True)
class Version:
    """One save; nothing of it changes afterwards but its state.

    Attributes
    ----------
    number : int
        1, 2, ... in the order of saving.
    parent : int or None
        The version that it was made from; None for the first.
    line : int
        The number of the version that its line begins with: saves follow each other in a line, a fork begins
        another one.
    text : str
        The model file; as it was found where it came from a file, in canonical form otherwise.
    content_sha256 : str
        SHA-256 of the canonical form, hex: equal for equal models.
    author, note : str
        As typed.
    saved_at : datetime
        UTC, naive.
    data_version, backtest : str or None
        What `figures` holds, as it is stored; None where there were no data, or the save was an edit of the
        file.
    """

    number: int
    parent: int | None
    line: int
    text: str
    content_sha256: str
    author: str
    saved_at: datetime
    note: str
    state: State
    data_version: str | None
    backtest: str | None

    @property
    def model(self) -> Model:
        """The model that was saved."""
        return _parse(self.text, f"version {self.number}")

    @cached_property
    def figures(self) -> SavedFigures | None:
        """The figures at the time of saving."""
        if self.data_version is None or self.backtest is None:
            return None
        return SavedFigures(self.data_version, json.loads(self.backtest))


@lru_cache(maxsize=512)
def _parse(text: str, source: str) -> Model:
    # Pages read the same few versions again after every click.
    return parse_model(text, source)


@dataclass(frozen=True)
class Transition:
    """When a version took a state, who recorded it and why.

    `is_signed` says of a version that came into use whether sales and marketing had both signed for it.
    """

    version: int
    state: State
    author: str
    at: datetime
    note: str
    is_signed: bool = False


class RegistryError(QueryError):
    """The history of versions cannot do what was asked; the message says why and what to do."""


class VersionConflict(RegistryError):  # noqa: N818  # a state of affairs, not a mistake
    """Somebody saved on the same version first. Nothing was saved, and nothing is lost.

    Attributes
    ----------
    base : Version
        What both started from.
    newest : Version
        What has become of it since.
    """

    def __init__(self, base: Version, newest: Version) -> None:
        self.base = base
        self.newest = newest
        super().__init__(
            f"version {base.number} must be the newest of its line to be saved on, got version "
            f"{newest.number} by {newest.author} after it, which changed: "
            f"{changes_in_words(self.their_changes)}; merge your changes with version {newest.number}, or "
            "keep both by saving a fork"
        )

    @property
    def their_changes(self) -> tuple[Change, ...]:
        """What differs between the version that both started from and the newest."""
        return model_changes(self.base.model, self.newest.model)

    def merge(self, mine: Model, choices: Choices | None = None) -> Merge:
        """My changes and theirs together, to be saved on the newest version."""
        return merge_models(self.base.model, mine, self.newest.model, choices)
