"""One table of a data version: its feeds judged by the contract, then accepted or rejected row by row."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from queries.contract import INTERNAL_COLUMNS, TableContract
from queries.imports.errors import ImportRefused
from queries.imports.feed import Facts, Feed, ambiguous_formats, expected_time, notes_on
from queries.imports.shape import shape_rows
from queries.imports.staging import Parameters, Staging
from queries.imports.writing import Clustered, write_table
from queries.imports.zones import zone_offsets
from queries.statements import load_tree
from queries.workspace import TableSummary

RAW_LENGTH = 1_000
EXAMPLES_IN_MESSAGE = 3
EXAMPLES_IN_REPORT = 100
# 1954 to 2064, with the time of day as a fraction or without.
_SPREADSHEET_DAY = re.compile(r'at must be .*, got "[2-5]\d{4}(\.\d+)?"')


@dataclass(frozen=True)
class _Judged:
    """The rows of a feed with what judging found, as a select and its parameters.

    `key_place` is the file's column that the table's key comes from, unchanged; None where it is another, or
    the rows were put aside.
    """

    select: exp.Expr
    parameters: Parameters
    facts: Facts
    key_place: int | None


@dataclass(frozen=True)
class RejectedRow:
    """A row that was left out: its line and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class BuiltTable:
    """A finished table: its summary, the first rejected rows, and what is to be said about it."""

    summary: TableSummary
    rejected_rows: tuple[RejectedRow, ...]
    notes: tuple[str, ...]


def build_table(
    staging: Staging,
    feeds: Sequence[Feed],
    max_rejected: float,
    say: Callable[[float], None] = lambda _share: None,
) -> BuiltTable:
    """Build one table of the data version from its feeds.

    Parameters
    ----------
    staging : Staging
        Holds the files' rows; the tables that this one refers to are built.
    feeds : sequence of Feed
        All of one table, at least one.
    max_rejected : float
        The fraction of a file's rows that may be rejected, 0 to 1.
    say : callable
        Is told the share of the rows that is written, 0 to 1.

    Raises
    ------
    ImportRefused
        When more rows are rejected, or columns are missing.
    """
    contract = feeds[0].contract
    staging.run("import_start_rejects")
    notes: list[str] = []
    ambiguous: list[str] = []
    judged = [_judge(staging, feed) for feed in feeds]
    facts = [rows.facts for rows in judged]
    for feed, own in zip(feeds, facts, strict=True):
        notes += notes_on(feed, own)
        ambiguous += ambiguous_formats(feed, own)
    staging.unite_candidates(contract.name, [(rows.select, rows.parameters) for rows in judged])
    if any(own.unacceptable for own in facts):
        staging.run("import_judged_rejects")
    if contract.unique:
        staging.run("import_repeated_ids", {"key": contract.key})
    rejected = _check_rejected(staging, feeds, facts, max_rejected)
    accepted = sum(own.rows + own.broken for own in facts) - rejected
    write_table(staging, contract, accepted, _clustered(feeds, judged), say)
    for feed in feeds:
        if rejected:
            _keep_rejected_rows(staging, feed)
        staging.drop_judged(feed.number)
    counted = TableSummary(
        rejected=rejected,
        sources=tuple(dict.fromkeys(feed.file for feed in feeds)),
        ambiguous_times=tuple(dict.fromkeys(ambiguous)),
    )
    return BuiltTable(describe_table(staging, contract, counted), _first_rejected(staging), tuple(notes))


def describe_table(staging: Staging, contract: TableContract, counted: TableSummary) -> TableSummary:
    """A summary with the columns and times of the table as it stands in the data version."""
    columns = staging.columns("version", contract.name)
    [(accepted, first, last)] = staging.run(f"import_span_{contract.name}")
    visible = tuple(column for column in columns if column not in INTERNAL_COLUMNS)
    return replace(
        counted,
        read=accepted + counted.rejected,
        accepted=accepted,
        first=first,
        last=last,
        columns=visible,
    )


def _judge(staging: Staging, feed: Feed) -> _Judged:
    """The rows of a feed, judged; ``rejects`` gets those that were broken.

    Where a time must be read from text, or rows are merged or matched, the result is kept; else it is found
    again each time.
    """
    contract, mapping = feed.contract, feed.mapping
    times = staging.select_file(feed.file_number)
    staging.forget("judged")
    staging.register("zone_offsets", zone_offsets(mapping.timezone or feed.timezone))
    _prepare_match_keys(staging, feed)
    shape = shape_rows(contract, mapping, feed.columns, feed.file.name, feed.number, times)
    staging.let("shaped", shape.select, shape.parameters)
    named = {
        "key": contract.key,
        "time": contract.time,
        "kind": contract.kind,
        "expected": expected_time(mapping),
        "zone": mapping.timezone or feed.timezone,
    }
    judging, parameters = _with_own_parameters(load_tree("import_judge"), named, feed.number)
    select, parameters = staging.resolve(judging, parameters)
    is_kept = not shape.is_cheap or mapping.keep_row != "each" or mapping.match is not None
    if is_kept:
        staging.run_tree(exp.Create(this=exp.to_table("judged"), kind="TABLE", expression=select), parameters)
    else:
        staging.let("judged", select, parameters)
    if mapping.keep_row != "each":
        staging.run(f"import_keep_{mapping.keep_row}")
    staging.run("import_broken_rejects", {"feed": feed.number})
    facts = Facts(*staging.run("import_facts", {"reads_iso": "iso" in mapping.time_format})[0])
    if is_kept:
        return _Judged(staging.keep_judged(feed.number), {}, facts, None)
    return _Judged(select, parameters, facts, shape.key_place)


def _clustered(feeds: Sequence[Feed], judged: Sequence[_Judged]) -> Clustered | None:
    """The file and column by which a table can be written in parts, where one file feeds it as it is."""
    if len(feeds) > 1 or judged[0].key_place not in feeds[0].clustered_by:
        return None
    return Clustered(feeds[0].file_number, f"c{judged[0].key_place}")


def _with_own_parameters(
    statement: exp.Expr, parameters: Parameters, feed: int
) -> tuple[exp.Expr, Parameters]:
    """A statement whose parameters other feeds do not share."""
    for node in list(statement.find_all(exp.Placeholder)):
        node.set("this", f"{node.name}_{feed}")
    return statement, {f"{name}_{feed}": value for name, value in parameters.items()}


def _prepare_match_keys(staging: Staging, feed: Feed) -> None:
    match = feed.mapping.match
    if match is None:
        staging.run("import_match_nothing")
        return
    table = "accounts" if feed.contract.name == "leads" else "leads"
    known = {name.lower(): name for name in staging.columns("version", table)}
    if match.equals.lower() not in known:
        raise ImportRefused(
            f"{feed.file.name}: the mapping's {feed.contract.name}.match.equals must name a column of "
            f"{table}, got "
            f"{match.equals!r}; {table} have {', '.join(known.values()) or 'no columns'}"
        )
    key = exp.column(known[match.equals.lower()], quoted=True)
    staging.run(f"import_match_{table}", bindings={"KEY": key})


def _check_rejected(
    staging: Staging, feeds: Sequence[Feed], facts: Sequence[Facts], max_rejected: float
) -> int:
    """The number of rejected rows, when no file has too many.

    Raises
    ------
    ImportRefused
    """
    counts = staging.run("import_reject_counts", {"examples": EXAMPLES_IN_MESSAGE})
    total = 0
    for number, rejected, examples in counts:
        total += rejected
        feed, own = next(pair for pair in zip(feeds, facts, strict=True) if pair[0].number == number)
        read = own.rows + own.broken
        if rejected > max_rejected * read:
            shown = "; ".join(f"line {example['line']}: {example['reason']}" for example in examples)
            more = f"; and {rejected - len(examples):,} more" if rejected > len(examples) else ""
            raise ImportRefused(
                f"{feed.file.name}: at most {100 * max_rejected:g} % of the rows for {feed.contract.name} "
                "may be rejected, got "
                f"{rejected:,} of {read:,}: {shown}{more}; {_advice(shown)}correct them, say in a mapping "
                "how they are written, or allow more rejected rows"
            )
    return total


def _advice(reasons: str) -> str:
    """What to do about dates that a spreadsheet wrote as numbers."""
    if not _SPREADSHEET_DAY.search(reasons):
        return ""
    return (
        "such numbers are days as spreadsheets count them: format the column as a date and export it again; "
    )


def _keep_rejected_rows(staging: Staging, feed: Feed) -> None:
    staging.select_file(feed.file_number)
    parameters = {"table": feed.contract.name, "source": feed.file.name, "feed": feed.number}
    staging.run("import_rejected_rows", parameters | {"raw_length": RAW_LENGTH})


def _first_rejected(staging: Staging) -> tuple[RejectedRow, ...]:
    rows = staging.run("import_first_rejects", {"examples": EXAMPLES_IN_REPORT})
    return tuple(RejectedRow(line, reason) for line, reason in rows)
