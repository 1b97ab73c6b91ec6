"""What sales and marketing agree on: signatures that bring a proposed version into use, points and decisions.

A proposed version becomes the model in use in the same transaction in which the second side signs it. Names
and roles are as typed: there is no login, so they say who was recorded, not who it was.
"""

from __future__ import annotations

from datetime import datetime

from queries.agreement_rows import AgreementRows, NewSignature
from queries.recorded_text import check_author, check_note
from queries.registry import Registry
from queries.registry_rows import Rows
from queries.signatures import SIDES, Point, PointKind, Proposal, Side, Signature
from queries.versions import RegistryError, Version


class Agreement:
    """Signatures, points and decisions of a workspace's history of models.

    Parameters
    ----------
    registry : Registry
        Where they are kept, beside the versions that they belong to.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def proposals(self) -> tuple[Proposal, ...]:
        """Every version that is proposed, newest first, with who signed it so far."""
        with self._registry.reading() as rows:
            if rows is None:
                return ()
            newest = rows.newest_first(None)
            found = (AgreementRows(rows).proposal(one) for one in newest if one.state == "proposed")
            return tuple(proposal for proposal in found if proposal is not None)

    def signatures(self, number: int | None = None) -> tuple[Signature, ...]:
        """Who signed a version, or any version, oldest first."""
        with self._registry.reading() as rows:
            return () if rows is None else AgreementRows(rows).signatures(number)

    def sign(
        self,
        number: int,
        *,
        side: Side,
        name: str,
        role: str,
        comment: str = "",
        proposal: int | None = None,
    ) -> Version:
        """Sign a proposed version for one side; with the second signature it is the model in use.

        The same signature again changes nothing and gives the version as it stands: whoever did not hear that
        it was recorded can repeat it.

        Parameters
        ----------
        number : int
            The version, exactly this one: its content never changes.
        side : "sales" or "marketing"
        name, role, comment : str
            As typed.
        proposal : int, optional
            The proposal that the signer looked at (`Proposal.id`); when the version was proposed anew since,
            in the place of another version, nothing is signed.

        Raises
        ------
        RegistryError
            The version is not proposed (any more), another one came into use since it was proposed, this side
            has signed already, or a text cannot be kept. When the model file could not be written, the
            version is in use all the same, and the next `follow_file` makes up for it.
        """
        if side not in SIDES:
            raise RegistryError(f"side must be {' or '.join(SIDES)}, got {side!r}")
        name, role = check_author(name, "name"), check_author(role, "role")
        comment = check_note(comment)
        if (problem := self._registry.follow_file()) is not None:
            raise RegistryError(problem)
        with self._registry.writing() as rows:
            agreed = AgreementRows(rows)
            version = rows.find(number)
            new = NewSignature(version.number, side, name, role, comment)
            found = agreed.proposal(version)
            if version.state == "champion" and found is not None and new.stands_under(found):
                return version
            if version.state != "proposed" or found is None:
                raise RegistryError(_not_proposed(rows, version))
            if new.stands_under(found):
                return version
            _check_signable(found, new, proposal)
            agreed.sign(found.id, new)
            if len(found.signatures) + 1 == len(SIDES):
                both = [*found.signatures, agreed.signatures(number)[-1]]
                rows.replace_champion(number, " and ".join(one.name for one in both), _agreed_note(both))
            version = rows.find(number)
        if version.state == "champion" and (problem := self._registry.follow_file()) is not None:
            raise RegistryError(f"version {number} is the model in use in the history, but {problem}")
        return version

    def points(self, version: int | None = None, *, only_open: bool = False) -> tuple[Point, ...]:
        """Open points and decisions of one version, or of all, oldest first."""
        with self._registry.reading() as rows:
            found = () if rows is None else AgreementRows(rows).points(version)
        return tuple(point for point in found if point.is_open or not only_open)

    def add_point(
        self, text: str, *, author: str, kind: PointKind = "open", version: int | None = None
    ) -> Point:
        """Write down an open point or a decision, with the version that it belongs to.

        Parameters
        ----------
        text : str
        author : str
            As typed.
        kind : "open" or "decision"
        version : int, optional
            The model in use when not given. The history begins with it, if it has not begun.

        Raises
        ------
        RegistryError
            Text or author cannot be kept; there is no such version.
        """
        author, text = check_author(author), check_note(text)
        if not text:
            raise RegistryError("point must say what is open or decided, got nothing; type a few words")
        if kind not in ("open", "decision"):
            raise RegistryError(f"kind must be open or decision, got {kind!r}")
        with self._registry.writing() as rows:
            of = rows.champion() if version is None else rows.find(version)
            return AgreementRows(rows).add_point(of.number, kind, author, text)

    def resolve(self, point: int, *, author: str, note: str) -> Point:
        """Write down how an open point was resolved; the same again changes nothing.

        Raises
        ------
        RegistryError
            There is no such point, it is a decision, it was resolved in another way, or nothing says how.
        """
        author, note = check_author(author), check_note(note)
        if not note:
            raise RegistryError("note must say how the point was resolved, got nothing; type a few words")
        with self._registry.writing() as rows:
            agreed = AgreementRows(rows)
            found = agreed.point(point)
            if found.kind == "decision":
                raise RegistryError(f"a point must be open to be resolved, got point {point}, a decision")
            if (done := found.resolution) is not None:
                if (done.author, done.note) == (author, note):
                    return found
                raise RegistryError(
                    f"a point must be open to be resolved, got point {point}, resolved by {done.author} on "
                    f"{_day(done.at)}: {done.note}"
                )
            agreed.resolve(point, author, note)
            return agreed.point(point)


def _not_proposed(rows: Rows, version: Version) -> str:
    number = version.number
    step = rows.transitions(number)[-1]
    why = f" ({step.note})" if step.note else ""
    got = {
        "champion": f"version {number}, which is the model in use already",
        "retired": f"version {number}, which {step.author} put aside on {_day(step.at)}{why}; restore it, "
        "which makes a new version, and propose that",
    }.get(version.state, f"version {number}, which is a draft; propose it first")
    return f"a version must be proposed to be signed, got {got}"


def _check_signable(found: Proposal, new: NewSignature, looked_at: int | None) -> None:
    number = found.version.number
    if (other := found.superseded_by) is not None:
        raise RegistryError(
            f"version {number} must replace the model that was in use when it was proposed, got version "
            f"{other.number} in use since; propose version {number} anew, in its place, or put it aside"
        )
    if looked_at is not None and looked_at != found.id:
        raise RegistryError(
            f"version {number} was proposed anew by {found.author} on {_day(found.at)}, after you looked at "
            "it; nothing was signed: look at it again"
        )
    for one in found.signatures:
        if one.side == new.side:
            raise RegistryError(
                f"{new.side} must sign version {number} once, got a signature of {one.name} on "
                f"{_day(one.at)} already; nothing was changed"
            )


def _agreed_note(signatures: list[Signature]) -> str:
    words = [
        f"{one.side}: {one.name}, {one.role}" + (f" ({one.comment})" if one.comment else "")
        for one in signatures
    ]
    return f"signed by both sides; {'; '.join(words)}"


def _day(time: datetime) -> str:
    return f"{time.day} {time:%B %Y, %H:%M} UTC"
