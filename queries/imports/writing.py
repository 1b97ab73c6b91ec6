"""The accepted rows of a table, written in order: at once, or lead by lead in parts that fit into memory.

Sorting a large table at once means that most of it goes to disk and back. Where a file's own order lets a
part of the leads be read without the rest, parts are sorted one by one, each behind the one before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from sqlglot import exp

from queries.contract import TableContract
from queries.imports.shape import BLANK_CHARACTERS
from queries.imports.staging import Parameters, Staging
from queries.statements import load_tree

PART_ROWS = 1_000_000

Say = Callable[[float], None]


@dataclass(frozen=True)
class Clustered:
    """A file whose rows lie by lead, so that some leads' rows can be read alone.

    Attributes
    ----------
    file_number : int
        Which staged file; the only one of its table.
    column : str
        Its column with the lead's id.
    """

    file_number: int
    column: str


@dataclass(frozen=True)
class _Part:
    """Leads from one id and number on until the next part's, None where there is no bound."""

    first: tuple[int, str] | None
    until: tuple[int, str] | None


def write_table(
    staging: Staging,
    contract: TableContract,
    accepted: int,
    clustered: Clustered | None = None,
    say: Say = lambda _share: None,
) -> None:
    """Write the rows that ``accepted`` stands for as a table of the data version.

    Parameters
    ----------
    staging : Staging
        Where ``accepted`` stands for the table's rows, and the leads are written.
    contract : TableContract
    accepted : int
        How many rows there are.
    clustered : Clustered, optional
        Where they may be written in parts.
    say : callable
        Is told the share done, 0 to 1.
    """
    if contract.kind is None:
        _write(staging, contract.name, {}, is_first=True)
        return
    parts = list(_parts(staging, accepted)) if clustered is not None else [_Part(None, None)]
    written = 0
    for place, part in enumerate(parts):
        staging.watch = lambda share, place=place: say((place + share) / len(parts))
        if clustered is not None:
            staging.narrow_file(
                clustered.file_number,
                clustered.column,
                part.first and part.first[1],
                part.until and part.until[1],
            )
        _let_known_leads(staging, part)
        is_whole = len(parts) == 1
        written += _write(staging, contract.name, {"known": True, "orphans": is_whole}, is_first=place == 0)
        say((place + 1) / len(parts))
    if clustered is not None:
        staging.narrow_file(clustered.file_number, clustered.column, None, None)
    if written < accepted:
        _let_known_leads(staging, _Part(None, None))
        _write(staging, contract.name, {"known": False, "orphans": True}, is_first=False)


def _parts(staging: Staging, rows: int) -> Iterator[_Part]:
    [(leads,)] = staging.run("import_lead_count")
    count = max(1, -(-rows // PART_ROWS))
    starts = staging.run("import_part_starts", {"part_leads": max(1, -(-leads // count))})
    for first, until in pairwise([None, *starts, None]):
        yield _Part(first, until)


def _let_known_leads(staging: Staging, part: _Part) -> None:
    """Let ``known_leads`` stand for the leads of a part."""
    number = exp.column("lead_number")
    leads = exp.select("lead_number", "lead_id").from_("version.leads")
    if part.first is not None:
        leads = leads.where(number >= int(part.first[0]))
    if part.until is not None:
        leads = leads.where(number < int(part.until[0]))
    staging.let("known_leads", leads)


def _write(staging: Staging, table: str, parameters: Parameters, *, is_first: bool) -> int:
    rows = load_tree(f"import_{table}")
    if table == "outcomes":
        parameters = parameters | {"blanks": BLANK_CHARACTERS}
    target = exp.to_table(f"version.{table}")
    statement = (
        exp.Create(this=target, kind="TABLE", expression=rows) if is_first else exp.insert(rows, target)
    )
    [(written,)] = staging.run_tree(statement, parameters)
    return int(written)
