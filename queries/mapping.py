"""How the columns of any file become the four tables, as a frozen value."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from queries.contract import CONTRACTS, TableContract

BLANKS = "blanks"
FORMAT_DIRECTIVE = re.compile(r"%-?[A-Za-z%]")
KNOWN_DIRECTIVES = frozenset(
    {
        "%Y",
        "%y",
        "%m",
        "%-m",
        "%b",
        "%B",
        "%d",
        "%-d",
        "%j",
        "%H",
        "%-H",
        "%I",
        "%-I",
        "%p",
        "%M",
        "%-M",
        "%S",
        "%-S",
    }
    | {"%f", "%z", "%a", "%A", "%%"}
)
NAMED_FORMATS = ("iso", "unix_seconds", "unix_milliseconds")


def _check_time_format(time_format: str) -> str:
    if time_format in NAMED_FORMATS:
        return time_format
    directives = set(FORMAT_DIRECTIVE.findall(time_format))
    unknown = sorted(directives - KNOWN_DIRECTIVES)
    if unknown:
        raise ValueError(f"must use known directives such as %Y %m %d %H %M %S, got {unknown[0]}")
    day_known = "%j" in directives or directives & {"%m", "%-m", "%b", "%B"}
    if not directives & {"%Y", "%y"} or not day_known:
        raise ValueError(
            f"must name year and month, such as '%d.%m.%Y', or be one of {', '.join(NAMED_FORMATS)}, got "
            f"{time_format!r}"
        )
    return time_format


def _check_delimiter(delimiter: str) -> str:
    if delimiter == BLANKS or (len(delimiter) == 1 and delimiter not in '"\r\n\0'):
        return delimiter
    raise ValueError(f"must be one character or {BLANKS!r} (runs of blanks), got {delimiter!r}")


def _check_encoding(encoding: str) -> str:
    try:
        if codecs.lookup(encoding)._is_text_encoding:
            return encoding
    except LookupError:
        pass
    raise ValueError(f"must be an encoding such as 'utf-8' or 'cp1252', got {encoding!r}")


def _as_tuple(value: object) -> object:
    """Text stands for a list of one; TOML's lists become tuples."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


def _list_as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


TimeFormat = Annotated[
    str, BeforeValidator(lambda value: _check_time_format(value) if isinstance(value, str) else value)
]
TimeFormats = Annotated[tuple[TimeFormat, ...], BeforeValidator(_as_tuple), Field(min_length=1)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_list_as_tuple)]
Delimiter = Annotated[
    str, BeforeValidator(lambda value: _check_delimiter(value) if isinstance(value, str) else value)
]
Encoding = Annotated[
    str, BeforeValidator(lambda value: _check_encoding(value) if isinstance(value, str) else value)
]
NumberExample = Literal["1234.56", "1,234.56", "1234,56", "1.234,56", "1 234,56", "1'234.56"]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", populate_by_name=True)


class FileMapping(_Value):
    """How one file is read.

    Attributes
    ----------
    name : str
        The file's name, in which ``*`` stands for anything.
    delimiter, encoding : str or None
        Detected when not given. The delimiter ``"blanks"`` means runs of blanks.
    header : bool
        Whether the first line names the columns; if not, `column_names` do.
    skip_lines : int
        Lines before the header that are no data.
    """

    name: str = "*"
    delimiter: Delimiter | None = None
    encoding: Encoding | None = None
    header: bool = True
    column_names: Texts = ()
    skip_lines: Annotated[int, Field(ge=0, le=1000)] = 0

    @model_validator(mode="after")
    def _names_without_header(self) -> Self:
        if self.header == bool(self.column_names):
            raise ValueError("column_names must be given exactly when header = false")
        return self


class RowCondition(_Value):
    """What a file's row must meet to be used; text compares trimmed and without regard to case."""

    column: str
    is_: Literal["equals", "not_equals", "in", "not_in", "is_present", "is_missing"] = Field(alias="is")
    value: Texts | str = ()

    @model_validator(mode="after")
    def _value_fits(self) -> Self:
        wanted = {"in": tuple, "not_in": tuple, "equals": str, "not_equals": str}.get(self.is_)
        if wanted is None and self.value != ():
            raise ValueError(f"value must be left out with {self.is_!r}")
        if wanted is not None and not isinstance(self.value, wanted):
            kind = "a list of texts" if wanted is tuple else "a text"
            raise ValueError(f"value must be {kind} with {self.is_!r}, got {self.value!r}")
        return self


class Match(_Value):
    """Finding the id by another column: a row belongs to the lead or account whose `equals` it has."""

    column: str
    equals: str


class TableMapping(_Value):
    """How one table is fed from one file.

    Attributes
    ----------
    file : str or None
        Key of the file in ``files``; may be left out when there is one.
    columns : mapping from our column to the file's
    keep_others, leave_out
        Whether columns that `columns` does not name are kept under their own names, and which of them are
        not.
    constants : mapping from our column to its text in every row
    row_number_as : str or None
        Our column that holds the row's number, from 1.
    time_format : tuple of str
        Tried in order.
    timezone : str or None
        IANA name, for times without an offset.
    numbers : mapping from our column to how its numbers are written
    values : mapping from our column to a translation of its values
    where : tuple of RowCondition
        All must hold.
    from_dates : mapping from a stage (or activity type) to the file's column that holds its time
    keep_row : "each", "first" or "last"
        Whether the earliest or latest row of an id stands for it.
    match : Match or None
    """

    file: str | None = None
    columns: dict[str, str] = {}
    keep_others: bool = True
    leave_out: Texts = ()
    constants: dict[str, str] = {}
    row_number_as: str | None = None
    time_format: TimeFormats = ("iso",)
    timezone: str | None = None
    numbers: dict[str, NumberExample] = {}
    values: dict[str, dict[str, str]] = {}
    where: Annotated[tuple[RowCondition, ...], BeforeValidator(_list_as_tuple)] = ()
    from_dates: dict[str, str] = {}
    keep_row: Literal["each", "first", "last"] = "each"
    match: Match | None = None

    @model_validator(mode="after")
    def _one_origin_for_each_column(self) -> Self:
        named = [*self.columns, *self.constants]
        if self.row_number_as is not None:
            named.append(self.row_number_as)
        for name in named:
            if named.count(name) > 1:
                raise ValueError(
                    f"{name!r} must come from one of columns, constants and row_number_as, got several"
                )
        return self


TableMappings = Annotated[tuple[TableMapping, ...], BeforeValidator(_list_as_tuple)]


class Mapping(_Value):
    """Which files feed which tables, and how."""

    schema_version: Literal[1] = 1
    name: str = "mapping"
    files: dict[str, FileMapping] = {"file": FileMapping()}
    accounts: TableMappings = ()
    leads: TableMappings = ()
    activities: TableMappings = ()
    outcomes: TableMappings = ()

    def feeds(self) -> Iterator[tuple[TableContract, TableMapping]]:
        """Every table with its mapping, in the order in which tables are built."""
        for name, contract in CONTRACTS.items():
            for table in getattr(self, name):
                yield contract, table

    def file_of(self, table: TableMapping) -> str:
        """The key of the file that a table is fed from."""
        return table.file if table.file is not None else next(iter(self.files))

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if not self.files:
            raise ValueError("files must name at least one file")
        feeds = list(self.feeds())
        if not feeds:
            raise ValueError(
                f"at least one table must be mapped: {', '.join(f'[[{name}]]' for name in CONTRACTS)}"
            )
        for contract, table in feeds:
            self._check_table(contract, table)
        return self

    def _check_table(self, contract: TableContract, table: TableMapping) -> None:
        where = f"{contract.name}:"
        if table.file is None and len(self.files) > 1:
            raise ValueError(f"{where} file must be given when there are several files")
        if table.file is not None and table.file not in self.files:
            raise ValueError(f"{where} file must be one of {', '.join(self.files)}, got {table.file!r}")
        if table.from_dates and contract.kind is None:
            raise ValueError(f"{where} from_dates must stand under outcomes or activities")
        if table.match is not None and contract.name == "accounts":
            raise ValueError(f"{where} match must not be given: accounts are what leads are matched with")
        if table.keep_row != "each" and contract.time is None:
            raise ValueError(f"{where} keep_row must be 'each': the table has no time")

    def tables(self) -> dict[str, Any]:
        """The names of the tables that are fed."""
        return {contract.name: None for contract, _ in self.feeds()}
