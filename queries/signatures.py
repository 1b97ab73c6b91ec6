"""Signatures, proposals, points and decisions as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from queries.versions import Version

Side = Literal["sales", "marketing"]
SIDES: tuple[Side, ...] = get_args(Side)

PointKind = Literal["open", "decision"]


@dataclass(frozen=True)
class Signature:
    """One side's signature under one proposal of a version.

    Attributes
    ----------
    proposal, version : int
    side : "sales" or "marketing"
    name, role, comment : str
        As typed; nobody checked them.
    at : datetime
        UTC, naive.
    """

    proposal: int
    version: int
    side: Side
    name: str
    role: str
    comment: str
    at: datetime


@dataclass(frozen=True)
class Proposal:
    """A version that is proposed, and how far its signing is.

    Attributes
    ----------
    id : int
        Of this proposal; another one when the version is proposed anew.
    author, note, at
        Who proposed it, why and when.
    signatures : tuple of Signature
        Under this proposal, in the order of signing.
    superseded_by : Version or None
        The version that came into use since; then nobody can sign.
    """

    id: int
    version: Version
    author: str
    note: str
    at: datetime
    signatures: tuple[Signature, ...]
    superseded_by: Version | None

    @property
    def missing(self) -> tuple[Side, ...]:
        """The sides that have not signed."""
        signed = {one.side for one in self.signatures}
        return tuple(side for side in SIDES if side not in signed)


@dataclass(frozen=True)
class Resolution:
    """Who wrote down that a point is resolved, when, and how it was."""

    author: str
    at: datetime
    note: str


@dataclass(frozen=True)
class Point:
    """An open point, or a decision, and the version that it belongs to."""

    id: int
    version: int
    kind: PointKind
    author: str
    at: datetime
    text: str
    resolution: Resolution | None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.kind == "open" and self.resolution is None
