"""What the four tables must look like: names, required and optional columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from queries.imports.errors import ImportRefused

MAX_COLUMNS = 2_000
MAX_NAME_LENGTH = 255
INTERNAL_COLUMNS = frozenset({"lead_number", "amount_ten_thousandths"})
RESERVED_PREFIX = "tierline_"
# Characters without width, which spreadsheets and web pages leave in names; nobody can see or type them.
INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD], None)


@dataclass(frozen=True)
class TableContract:
    """The columns that a table must and may have.

    Attributes
    ----------
    key : str
        The id; unique when `unique`.
    time : str or None
        The timestamp column.
    kind : str or None
        The text that says what the row is about, never empty.
    optional : tuple of str
        Columns that the program knows and that always exist in the data, NULL when not given.
    """

    name: str
    key: str
    unique: bool
    time: str | None = None
    kind: str | None = None
    optional: tuple[str, ...] = ()

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(name for name in (self.key, self.time, self.kind) if name is not None)

    @property
    def known(self) -> tuple[str, ...]:
        return self.required + self.optional


CONTRACTS = {
    contract.name: contract
    for contract in (
        TableContract("accounts", "account_id", unique=True),
        TableContract("leads", "lead_id", unique=True, time="created_at", optional=("account_id",)),
        TableContract("activities", "lead_id", unique=False, time="occurred_at", kind="activity_type"),
        TableContract(
            "outcomes",
            "lead_id",
            unique=False,
            time="occurred_at",
            kind="stage",
            optional=("amount", "deal_id", "reason", "owner"),
        ),
    )
}


def clean_name(name: str) -> str:
    """A column name without what cannot be seen: characters without width, and spaces around or repeated."""
    return " ".join(name.translate(INVISIBLE).split())


def check_names(names: Sequence[str], source: str) -> None:
    """Refuse a header that cannot become columns.

    Raises
    ------
    ImportRefused
        For too many, blank, repeated (without regard to case), very long or reserved names.
    """
    if len(names) > MAX_COLUMNS:
        raise ImportRefused(
            f"{source}: a table must have at most {MAX_COLUMNS:,} columns, got {len(names):,}; leave columns "
            "out"
        )
    for position, name in enumerate(names, start=1):
        if not name:
            raise ImportRefused(
                f"{source}: column {position} must have a name, got a blank one; name it in line 1"
            )
        if len(name) > MAX_NAME_LENGTH:
            raise ImportRefused(
                f"{source}: the name of column {position} must have at most {MAX_NAME_LENGTH} characters, "
                "got "
                f"{len(name):,}; shorten it, or see whether line 1 is the header"
            )
        if name.lower() in INTERNAL_COLUMNS or name.lower().startswith(RESERVED_PREFIX):
            raise ImportRefused(
                f"{source}: column {position} must not be named {name!r}, which the program uses itself; "
                "rename it"
            )
    counts = Counter(name.lower() for name in names)
    for lowered, count in counts.items():
        if count > 1:
            positions = [str(i) for i, name in enumerate(names, start=1) if name.lower() == lowered]
            raise ImportRefused(
                f"{source}: column names must differ, got {lowered!r} in columns {' and '.join(positions)} "
                "(case does "
                "not count); rename or remove one"
            )


def check_required(names: Sequence[str], contract: TableContract, source: str, found: Sequence[str]) -> None:
    """Refuse a table that lacks a required column; `found` are the file's own names, for the message.

    Raises
    ------
    ImportRefused
    """
    missing = [name for name in contract.required if name not in names]
    if missing:
        listed = ", ".join(repr(name) for name in found[:10]) + (", ..." if len(found) > 10 else "")
        lowered = {name.lower() for name in found}
        fits = [other.name for other in CONTRACTS.values() if lowered.issuperset(other.required)]
        like = f"these are the columns of {' or '.join(fits)}; load it as that, or " if fits else ""
        raise ImportRefused(
            f"{source}: {contract.name} must have the column{'s' if len(missing) > 1 else ''} "
            f"{' and '.join(missing)}, got {listed}; {like}add a header line, skip the lines above it, or "
            "say which columns they are, in a mapping, which the Data page writes"
        )
