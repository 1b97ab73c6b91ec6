"""The statements about signatures and points, over the rows of the registry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from queries.registry_rows import Rows, recorded_time
from queries.signatures import Point, PointKind, Proposal, Resolution, Side, Signature
from queries.versions import RegistryError, Version
from queries.workspace import format_time

PROPOSAL = """
select id, author, note, at from transitions
where version = :number and state = 'proposed'
order by id desc
limit 1
"""
SIGNATURES = """
select proposal, version, side, name, role, comment, at from signatures
where :number is null or version = :number
order by id
"""
SIGN = """
insert into signatures (proposal, version, side, name, role, comment, at)
values (:proposal, :version, :side, :name, :role, :comment, :at)
"""
POINTS = """
select
  points.id, points.version, points.kind, points.author, points.at, points.text,
  resolutions.author, resolutions.at, resolutions.note
from points
left join resolutions on points.id = resolutions.point
where (:version is null or points.version = :version) and (:id is null or points.id = :id)
order by points.id
"""
ADD_POINT = """
insert into points (version, kind, author, at, text) values (:version, :kind, :author, :at, :text)
returning id
"""
RESOLVE = "insert into resolutions (point, author, at, note) values (:point, :author, :at, :note)"


@dataclass(frozen=True)
class NewSignature:
    """What is to be signed."""

    version: int
    side: Side
    name: str
    role: str
    comment: str

    def stands_under(self, proposal: Proposal) -> bool:
        """Whether the same signature is there already."""
        wanted = (self.side, self.name, self.role, self.comment)
        return wanted in [(one.side, one.name, one.role, one.comment) for one in proposal.signatures]


class AgreementRows:
    """What stands in the tables of signatures and points, within one transaction of the registry."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def proposal(self, version: Version) -> Proposal | None:
        """A version's last proposal, with its signatures; None when it was never proposed."""
        number = version.number
        row = self._rows.connection.execute(PROPOSAL, {"number": number}).fetchone()
        if row is None:
            return None
        identity, author, note, at = row
        signatures = tuple(one for one in self.signatures(number) if one.proposal == identity)
        superseded_by = self._rows.replaced_since_proposed(number)
        return Proposal(identity, version, author, note, recorded_time(at), signatures, superseded_by)

    def signatures(self, number: int | None) -> tuple[Signature, ...]:
        rows = self._rows.connection.execute(SIGNATURES, {"number": number})
        return tuple(
            Signature(proposal, version, side, name, role, comment, recorded_time(at))
            for proposal, version, side, name, role, comment, at in rows
        )

    def sign(self, proposal: int, new: NewSignature) -> None:
        self._rows.connection.execute(
            SIGN,
            {
                "proposal": proposal,
                "version": new.version,
                "side": new.side,
                "name": new.name,
                "role": new.role,
                "comment": new.comment,
                "at": self._now(),
            },
        )

    def points(self, version: int | None) -> tuple[Point, ...]:
        return self._points(version=version, id=None)

    def point(self, identity: int) -> Point:
        """One point; RegistryError when there is none of this number."""
        # SQLite takes no larger number, and no point has one.
        found = self._points(version=None, id=identity) if 0 < identity < 2**63 else ()
        if not found:
            raise RegistryError(
                f"point must be one that was written down, got {identity}; list them to see which"
            )
        return found[0]

    def add_point(self, version: int, kind: PointKind, author: str, text: str) -> Point:
        values = {"version": version, "kind": kind, "author": author, "at": self._now(), "text": text}
        [identity] = self._rows.connection.execute(ADD_POINT, values).fetchone()
        return self.point(identity)

    def resolve(self, point: int, author: str, note: str) -> None:
        values = {"point": point, "author": author, "at": self._now(), "note": note}
        self._rows.connection.execute(RESOLVE, values)

    def _points(self, **values: Any) -> tuple[Point, ...]:
        rows = self._rows.connection.execute(POINTS, values)
        return tuple(_point(row) for row in rows)

    def _now(self) -> str:
        # Never None for a time.
        return str(format_time(self._rows.now()))


def _point(row: tuple[Any, ...]) -> Point:
    identity, version, kind, author, at, text, *resolved = row
    done = None if resolved[0] is None else Resolution(resolved[0], recorded_time(resolved[1]), resolved[2])
    return Point(identity, version, kind, author, recorded_time(at), text, done)
