"""Which files feed which tables: by name, by option, or by a mapping."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from queries.contract import CONTRACTS
from queries.crm_exports import propose_mapping
from queries.imports.csv import CsvSource
from queries.imports.encoding import inspect_text
from queries.imports.errors import ImportRefused
from queries.imports.parquet import DuckdbSource, ParquetSource, contract_tables
from queries.imports.source import Source
from queries.mapping import FileMapping, TableMapping
from queries.mapping import Mapping as ColumnMapping

PARQUET_SUFFIXES = frozenset({".parquet", ".pq"})
DUCKDB_SUFFIXES = frozenset({".duckdb", ".ddb", ".db"})
MOST_NAMED = 10
TEXT_SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".tab"})


@dataclass
class Plan:
    """Sources in order, and for each table that they feed: the source's place and the mapping."""

    sources: list[Source] = field(default_factory=list)
    feeds: list[tuple[str, int, TableMapping]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, source: Source, tables: Sequence[tuple[str, TableMapping]]) -> None:
        """Let a source feed tables."""
        self.feeds += [(table, len(self.sources), mapping) for table, mapping in tables]
        self.sources.append(source)


def plan_import(
    sources: Sequence[Path],
    named: Mapping[str, Path],
    mapping: ColumnMapping | None,
    max_bytes: int,
) -> Plan:
    """Open every file and decide which tables it feeds.

    Parameters
    ----------
    sources : sequence of Path
        Files and folders. Without a mapping a file's name says which table it holds (``leads.csv``), and a
        DuckDB file's tables say it themselves.
    named : mapping of table name to Path
        Files that hold a table whatever they are called.
    mapping : Mapping or None
        How files of other shapes feed the tables; their names are matched with its ``files``.
    max_bytes : int
        Size, as text, above which a file is refused.

    Raises
    ------
    ImportRefused
        When a file is missing or cannot be placed, or a table would come from two places.
    """
    plan = Plan()
    for table, path in named.items():
        plan.add(open_source(_existing_file(path), FileMapping(), max_bytes), [(table, TableMapping())])
    if mapping is not None:
        _plan_mapped(plan, sources, mapping, max_bytes)
    else:
        for path in _files(sources):
            _plan_by_name(plan, path, max_bytes, strict=path in sources)
    if not plan.feeds:
        seen = [path.name for source in sources if source.is_dir() for path in _files([source])]
        found = (
            f" with {', '.join(seen[:MOST_NAMED])}{', ...' if len(seen) > MOST_NAMED else ''}" if seen else ""
        )
        raise ImportRefused(
            f"an import must name at least one file with {', '.join(CONTRACTS)}, got "
            f"{', '.join(str(path) for path in sources) or 'none'}{found}; call it leads.csv "
            "or the like, name it with --leads or the like, or give a mapping, which the Data page writes"
        )
    if mapping is None:
        _check_one_origin(plan)
    return plan


def open_source(path: Path, options: FileMapping, max_bytes: int) -> Source:
    """A file as a source, by its kind."""
    if path.suffix.lower() in PARQUET_SUFFIXES:
        return ParquetSource(path, max_bytes)
    return CsvSource(inspect_text(path, options.encoding, max_bytes), options)


def _existing_file(path: Path) -> Path:
    if not path.is_file():
        raise ImportRefused(
            f"{path} must be a file, got {'a folder' if path.is_dir() else 'nothing there'}; correct the path"
        )
    return path


def _files(sources: Sequence[Path]) -> Iterator[Path]:
    """The files, with those of folders in their places."""
    for source in sources:
        if source.is_dir():
            yield from sorted(
                path for path in source.iterdir() if path.is_file() and not path.name.startswith(".")
            )
        else:
            yield _existing_file(source)


def _kind_suffix(path: Path) -> str:
    return Path(path.stem).suffix.lower() if path.suffix.lower() == ".gz" else path.suffix.lower()


def _plan_by_name(plan: Plan, path: Path, max_bytes: int, *, strict: bool) -> None:
    """Add a file whose name says what it holds; others are refused when they were named, else left out."""
    if _kind_suffix(path) in DUCKDB_SUFFIXES:
        for table in contract_tables(path):
            plan.add(DuckdbSource(path, table), [(table, TableMapping())])
        return
    table = path.name.split(".")[0].lower()
    readable = _kind_suffix(path) in PARQUET_SUFFIXES | TEXT_SUFFIXES
    if table in CONTRACTS and (readable or strict):
        plan.add(open_source(path, FileMapping(), max_bytes), [(table, TableMapping())])
    elif not strict:
        plan.notes.append(f"{path.name}: left out, because its name is none of the tables' names")
    else:
        source = open_source(path, FileMapping(), max_bytes)
        proposed = propose_mapping(source.columns)
        hint = (
            f"; it looks like a {proposed.name}, for which a mapping is ready" if proposed is not None else ""
        )
        raise ImportRefused(
            f"{path.name}: a file must be named after its table ({', '.join(CONTRACTS)}), got "
            f"{path.stem!r}{hint}; rename "
            "it, name it with --leads or the like, or give a mapping, which the Data page writes"
        )


def _plan_mapped(plan: Plan, sources: Sequence[Path], mapping: ColumnMapping, max_bytes: int) -> None:
    used = set()
    for path in _files(sources):
        key = next((key for key, file in mapping.files.items() if _matches(path, file)), None)
        if key is None:
            if path in sources:
                names = ", ".join(file.name for file in mapping.files.values())
                raise ImportRefused(
                    f"{path.name}: the mapping {mapping.name!r} must read the file, got one for {names}"
                )
            plan.notes.append(f"{path.name}: left out, because the mapping does not read it")
            continue
        used.add(key)
        tables = [
            (contract.name, table) for contract, table in mapping.feeds() if mapping.file_of(table) == key
        ]
        if tables:
            plan.add(open_source(path, mapping.files[key], max_bytes), tables)
    missing = [file.name for key, file in mapping.files.items() if key not in used]
    if missing:
        raise ImportRefused(
            f"the mapping {mapping.name!r} must have its files, got none named {missing[0]!r}; name it too"
        )


def _matches(path: Path, file: FileMapping) -> bool:
    return fnmatchcase(path.name.lower(), file.name.lower())


def _check_one_origin(plan: Plan) -> None:
    origins: dict[str, str] = {}
    for table, number, _ in plan.feeds:
        name = plan.sources[number].file.name
        if table in origins:
            raise ImportRefused(
                f"{table} must come from one file, got {origins[table]} and {name}; leave one out"
            )
        origins[table] = name
