"""What uploaded files are: their columns, and the tables that these columns say they feed."""

from __future__ import annotations

import re
from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

from pages.components.data.uploads import Upload
from queries.contract import CONTRACTS
from queries.crm_exports import propose_mapping
from queries.errors import QueryError
from queries.importing import MAX_SOURCE_BYTES
from queries.imports.files import open_source
from queries.mapping import FileMapping, Mapping, TableMapping

MAX_EXAMPLES = 200


@dataclass(frozen=True)
class DataFile:
    """An uploaded file as far as it could be read.

    Attributes
    ----------
    key : str
        What a mapping calls it.
    columns : tuple of str
        Empty when it cannot be read.
    problem : str
        Why it cannot be read; empty when it can.
    examples : mapping of column to its first values
        Blanks left out, at most `MAX_EXAMPLES`.
    """

    upload: Upload
    key: str
    options: FileMapping
    columns: tuple[str, ...] = ()
    problem: str = ""
    examples: Dictionary[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Recognised:
    """What a file was recognised as.

    Attributes
    ----------
    export : str
        Name of the system that it comes from; empty when its columns are the program's own.
    feeds : mapping of table name to TableMapping
        Empty when it was not recognised.
    """

    export: str = ""
    feeds: Dictionary[str, tuple[TableMapping, ...]] = field(default_factory=dict)


def open_file(upload: Upload, options: FileMapping) -> DataFile:
    """The file, read with these options as far as its first rows."""
    examples, problem = _read_beginning(str(upload.path), repr(options), upload, options)
    return DataFile(upload, file_key(upload.name), options, tuple(examples), problem, examples)


@st.cache_data(show_spinner="Reading the file …", max_entries=200)
def _read_beginning(
    path: str, options_key: str, _upload: Upload, _options: FileMapping
) -> tuple[dict[str, tuple[str, ...]], str]:
    """First values by column, or what is wrong (`path` and `options_key` are the key of the cache)."""
    try:
        source = open_source(_upload.path, _options, MAX_SOURCE_BYTES)
        rows = source.first_rows(MAX_EXAMPLES)
    except QueryError as refusal:
        return {}, str(refusal)
    first = {}
    for number, name in enumerate(source.columns):
        values = rows.column(f"c{number}").to_pylist()
        first[name] = tuple(value for value in values if value is not None and value.strip())
    return first, ""


def file_key(name: str) -> str:
    """What a mapping calls a file: ``Contacts 2026.csv`` is ``contacts_2026_csv``."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "file"


def recognise(file: DataFile) -> Recognised:
    """What the file's columns say it is: one of the four tables as they are, or a CRM's export."""
    lowered = {name.lower() for name in file.columns}
    own = [name for name, contract in CONTRACTS.items() if lowered.issuperset(contract.required)]
    if len(own) == 1:
        return Recognised(feeds={own[0]: (TableMapping(),)})
    if not own and file.columns:
        proposed = propose_mapping(file.columns)
        if proposed is not None:
            return Recognised(proposed.name, {name: getattr(proposed, name) for name in proposed.tables()})
    return Recognised()


def combine(files: Sequence[DataFile], feeds: Sequence[Dictionary[str, Sequence[TableMapping]]]) -> Mapping:
    """One mapping of several files.

    Parameters
    ----------
    files : sequence of DataFile
    feeds : sequence of mappings
        For each file the tables that it feeds.

    Raises
    ------
    pydantic.ValidationError
        When they do not go together.
    """
    tables = {
        name: tuple(
            table.model_copy(update={"file": file.key})
            for file, fed in zip(files, feeds, strict=True)
            for table in fed.get(name, ())
        )
        for name in CONTRACTS
    }
    patterns = name_patterns([file.upload.name for file in files])
    described = {
        file.key: file.options.model_copy(update={"name": pattern})
        for file, pattern in zip(files, patterns, strict=True)
    }
    return Mapping.model_validate({"name": "mapping", "files": described, **tables})


def name_patterns(names: Sequence[str]) -> list[str]:
    """Patterns for the names, in which ``*`` stands for numbers, so that next month's files fit too.

    The names themselves when the patterns could not tell the files apart.

    Examples
    --------
    >>> name_patterns(["contacts-2026-11-30.csv", "deals.csv"])
    ['contacts-*.csv', 'deals.csv']
    >>> name_patterns(["part1.csv", "part2.csv"])
    ['part1.csv', 'part2.csv']
    """
    patterns = [re.sub(r"\d+(?:[-_. ]\d+)*", "*", name) for name in names]
    apart = all(
        sum(
            re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), name, re.IGNORECASE) is not None
            for name in names
        )
        == 1
        for pattern in patterns
    )
    return patterns if apart else list(names)
