"""From sources to the tables of a data version, inside a staging database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from queries.contract import CONTRACTS, TableContract
from queries.imports.csv import CsvSource
from queries.imports.errors import ImportCancelled, ImportRefused
from queries.imports.feed import Feed
from queries.imports.files import Plan
from queries.imports.source import Source
from queries.imports.staging import Staging
from queries.imports.tables import BuiltTable, build_table, describe_table
from queries.mapping import TableMapping
from queries.workspace import Manifest, SourceFile, TableSummary

MAX_REJECTED = 0.01
# What a source may hold as text: a compressed file of 256 kB can hold millions of rows.
MAX_SOURCE_BYTES = 8 * 1024**3
# Text is taken apart while it is read; a typed source is only looked through.
TEXT_READING_SHARE, TYPED_READING_SHARE, WRITING_SHARE = 0.6, 0.1, 0.95

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

    def within(self, low: float, high: float, text: str) -> Callable[[float], None]:
        """Progress of a step that goes from one fraction to another: a function of the share of the step."""
        return lambda share: self.say(low + (high - low) * share, text)

    def moment(self) -> datetime:
        """The time of the import, in UTC, whole seconds."""
        moment = self.imported_at or datetime.now(UTC)
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
        return moment.replace(microsecond=0)


def read_sources(staging: Staging, plan: Plan, options: Options, max_rows: int | None = None) -> None:
    """Stage the rows of every source, or only the first of each; ImportRefused as in `_read_source`."""
    share = reading_share(plan)
    sizes = [max(1, source.file.bytes) for source in plan.sources]
    for number, source in enumerate(plan.sources):
        low, high = (share * sum(sizes[:place]) / sum(sizes) for place in (number, number + 1))
        say = options.within(low, high, f"reading {source.file.name}")
        staging.watch = lambda _share, say=say: say(0.0)
        _read_source(staging, number, source, options.max_source_bytes, say, max_rows)
    staging.watch = None


def reading_share(plan: Plan) -> float:
    """How much of an import reading is."""
    has_text = any(isinstance(source, CsvSource) for source in plan.sources)
    return TEXT_READING_SHARE if has_text else TYPED_READING_SHARE


def _read_source(
    staging: Staging,
    number: int,
    source: Source,
    max_bytes: int,
    say: Callable[[float], None],
    max_rows: int | None,
) -> None:
    """Stage a source's rows.

    Raises
    ------
    ImportRefused
        When it holds no rows, or too much.
    """
    rows = 0
    for staged in source.stage(staging, number, max_rows):
        rows = staged.rows
        if staged.text_bytes > max_bytes:
            raise ImportRefused(
                f"{source.file.name}: a file must hold at most {max_bytes:,} bytes of text, "
                "got more; "
                "split it, or raise the limit"
            )
        say(staged.read_fraction)
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
            plan.sources[file_number].clustered_by,
        )
        for number, (table, file_number, mapping) in enumerate(plan.feeds)
    ]
    built: dict[str, BuiltTable] = {}
    kept: dict[str, TableSummary] = {}
    done = reading_share(plan)
    sizes = {name: sum(feed.file.bytes for feed in feeds if feed.contract.name == name) for name in CONTRACTS}
    total = max(1, sum(sizes.values()))
    for place, (name, contract) in enumerate(CONTRACTS.items()):
        own = [feed for feed in feeds if feed.contract.name == name]
        low, done = done, done + (WRITING_SHARE - reading_share(plan)) * sizes[name] / total
        say = options.within(low, done, f"checking {name}")
        say(0.0)
        if own:
            built[name] = build_table(staging, own, options.max_rejected, say)
            _drop_files(staging, own, [feed for feed in feeds if feed.number > own[-1].number])
        elif before is not None:
            staging.run(f"import_kept_{name}")
            staging.run("import_kept_rejected_rows", {"table": name})
            kept[name] = describe_table(staging, contract, before.tables[name])
        else:
            kept[name] = _build_empty(staging, contract, len(plan.sources) + place, len(feeds) + place)
    return built, kept


def _drop_files(staging: Staging, used: list[Feed], needed: list[Feed]) -> None:
    """Let go of the files that no later table needs."""
    for number in {feed.file_number for feed in used} - {feed.file_number for feed in needed}:
        staging.drop_file(number)


def _build_empty(staging: Staging, contract: TableContract, file_number: int, number: int) -> TableSummary:
    """A table that was never loaded: built like any other, from a file without rows."""
    staging.start_file(file_number, len(contract.known))
    nothing = SourceFile("nothing", "", 0)
    feed = Feed(number, contract, TableMapping(), file_number, nothing, contract.known, "UTC")
    return replace(build_table(staging, [feed], max_rejected=0).summary, sources=())
