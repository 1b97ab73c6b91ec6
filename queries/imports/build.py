"""From sources to the tables of a data version, inside a staging database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from queries.contract import CONTRACTS, TableContract
from queries.imports.errors import ImportCancelled, ImportRefused
from queries.imports.files import Plan
from queries.imports.source import Source
from queries.imports.staging import Staging
from queries.imports.tables import BuiltTable, Feed, build_table, describe_table
from queries.mapping import TableMapping
from queries.workspace import Manifest, SourceFile, TableSummary

MAX_REJECTED = 0.01
# What a source may hold as text: a compressed file of 256 kB can hold millions of rows.
MAX_SOURCE_BYTES = 8 * 1024**3
READING_SHARE = 0.6

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Options:
    """How an import is done, whatever is imported."""

    timezone: str = "UTC"
    max_rejected: float = MAX_REJECTED
    max_source_bytes: int = MAX_SOURCE_BYTES
    imported_at: datetime | None = None
    progress: Progress | None = None
    cancelled: Callable[[], bool] | None = None
    keep_others: bool = True

    def say(self, fraction: float, text: str) -> None:
        """Report progress, and stop when that is wanted.

        Raises
        ------
        ImportCancelled
        """
        if self.cancelled is not None and self.cancelled():
            raise ImportCancelled("the import was cancelled; the data are as before")
        if self.progress is not None:
            self.progress(fraction, text)

    def moment(self) -> datetime:
        """The time of the import, in UTC, whole seconds."""
        moment = self.imported_at or datetime.now(UTC)
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
        return moment.replace(microsecond=0)


def read_source(
    staging: Staging, number: int, count: int, source: Source, options: Options, max_rows: int | None = None
) -> None:
    """Stage a source's rows, or only the first of them.

    Raises
    ------
    ImportRefused
        When it holds no rows, or too much.
    """
    rows = 0
    for staged in source.stage(staging, number, max_rows):
        rows = staged.rows
        if staged.text_bytes > options.max_source_bytes:
            raise ImportRefused(
                f"{source.file.name}: a file must hold at most {options.max_source_bytes:,} bytes of text, "
                "got more; "
                "split it, or raise the limit"
            )
        options.say(READING_SHARE * (number + staged.read_fraction) / count, f"reading {source.file.name}")
    if rows == 0:
        raise ImportRefused(
            f"{source.file.name}: a file must hold at least one row of data, got none; export it again"
        )


def build_tables(
    staging: Staging, plan: Plan, before: Manifest | None, options: Options
) -> tuple[dict[str, BuiltTable], dict[str, TableSummary]]:
    """Build the tables that are fed and copy the others; the summaries of both kinds."""
    feeds = [
        Feed(
            number,
            CONTRACTS[table],
            mapping,
            file_number,
            plan.sources[file_number].file,
            plan.sources[file_number].columns,
            options.timezone,
        )
        for number, (table, file_number, mapping) in enumerate(plan.feeds)
    ]
    built: dict[str, BuiltTable] = {}
    kept: dict[str, TableSummary] = {}
    for place, (name, contract) in enumerate(CONTRACTS.items()):
        options.say(READING_SHARE + 0.3 * place / len(CONTRACTS), f"checking {name}")
        own = [feed for feed in feeds if feed.contract.name == name]
        if own:
            built[name] = build_table(staging, own, options.max_rejected)
        elif before is not None:
            staging.run(f"import_kept_{name}")
            staging.run("import_kept_rejected_rows", {"table": name})
            kept[name] = describe_table(staging, contract, before.tables[name])
        else:
            kept[name] = _build_empty(staging, contract, len(plan.sources) + place, len(feeds) + place)
    return built, kept


def _build_empty(staging: Staging, contract: TableContract, file_number: int, number: int) -> TableSummary:
    """A table that was never loaded: built like any other, from a file without rows."""
    staging.start_file(file_number, len(contract.known))
    nothing = SourceFile("nothing", "", 0)
    feed = Feed(number, contract, TableMapping(), file_number, nothing, contract.known, "UTC")
    return replace(build_table(staging, [feed], max_rejected=0).summary, sources=())
