"""A mapping in sentences: what each table is made from."""

from __future__ import annotations

from collections.abc import Iterator

from pages.components.data.words import TABLE_WORDS, listed, shown
from queries.contract import TableContract
from queries.mapping import Mapping, TableMapping

DATES_NAMED = 6


def describe(mapping: Mapping, file_names: dict[str, str]) -> list[str]:
    """A sentence, as markdown, for each table that a file feeds.

    Parameters
    ----------
    mapping : Mapping
    file_names : dict
        What each file is called, by its key in the mapping.
    """
    return [
        f"**{TABLE_WORDS[contract.name].capitalize()}** from {shown(file_names[mapping.file_of(table)], 80)}"
        + "".join(f", {part}" for part in _parts(contract, table))
        for contract, table in mapping.feeds()
    ]


def _parts(contract: TableContract, table: TableMapping) -> Iterator[str]:
    named = {ours: theirs for ours, theirs in table.columns.items() if ours.lower() != theirs.lower()}
    if table.row_number_as == contract.key:
        yield "numbered by row"
    elif contract.key in named:
        words = "told apart by" if contract.unique else "of the lead named in"
        yield f"{words} “{shown(named[contract.key], 60)}”"
    if table.match is not None:
        yield f"found by “{shown(table.match.column, 60)}”"
    if contract.time in named:
        yield f"dated by “{shown(named[contract.time], 60)}”"
    if table.from_dates:
        dates = [f"{shown(stage, 40)} on “{shown(column, 60)}”" for stage, column in table.from_dates.items()]
        more = [f"{len(dates) - DATES_NAMED} more"] if len(dates) > DATES_NAMED else []
        yield f"one for each date: {listed([*dates[:DATES_NAMED], *more])}"
    elif contract.kind in table.constants:
        yield f"all of them “{shown(table.constants[contract.kind], 60)}”"
    if contract.name == "leads" and "account_id" in named:
        yield f"of the company in “{shown(named['account_id'], 60)}”"
    if table.where:
        yield f"only some rows ({listed([shown(condition.column, 60) for condition in table.where])})"
    if table.leave_out:
        names = [f"“{shown(name, 60)}”" for name in table.leave_out[:DATES_NAMED]]
        more = [f"{len(table.leave_out) - DATES_NAMED} more"] if len(table.leave_out) > DATES_NAMED else []
        yield f"leaving out {listed([*names, *more])}"
