"""The select that turns the columns of a file into those of a table, as a mapping says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlglot
from sqlglot import exp

from queries.contract import TableContract, check_names, check_required
from queries.imports.errors import ImportRefused
from queries.mapping import RowCondition, TableMapping
from queries.statements import fill

BLANK_CHARACTERS = " \t\r\n\f"


def _template(sql: str) -> exp.Expr:
    return sqlglot.parse_one(sql, read="duckdb")


# A text that begins behind the blanks and control characters needs no trimming, which is what takes time.
_PRESENT = _template("case when X() >= '!' then X() when trim(X(), $blanks) <> '' then X() end")
_TRIMMED = _template("trim(X(), $blanks)")
_COMPARED = _template("lower(trim(X(), $blanks))")
_NUMBER = _template(
    "case when regexp_full_match(translate(trim(X(), $blanks), $odd_spaces, '  '), PATTERN()) "
    "then replace(replace(translate(trim(X(), $blanks), $odd_spaces, '  '), GROUP_MARK(), ''), "
    "DECIMAL_MARK(), '.') "
    "else X() end"
)
_NO_TIME = _template("cast(null as struct(local timestamp, offset_seconds integer))")
_NO_HASH = _template("cast(null as ubigint)")
_NO_TEXT = _template("cast(null as varchar)")
_TIME_MACROS = {
    "iso": _template("iso_time(iso_parts(tierline_written))"),
    "unix_seconds": _template("unix_time(tierline_written, 1)"),
    "unix_milliseconds": _template("unix_time(tierline_written, 1000)"),
}


@dataclass(frozen=True)
class Shape:
    """A select over the staged rows of a file.

    Attributes
    ----------
    select : sqlglot expression
        One row per row of the table, with its columns as text and the ``tierline_`` columns that judging
        needs.
    parameters : dict
        Values for its placeholders.
    columns : tuple of str
        The table's columns.
    is_cheap : bool
        Whether no time has to be read from text, so that the select may well run several times.
    key_place : int or None
        The place of the file's column that is the table's key as it stands there, None when there is none.
    """

    select: exp.Expr
    parameters: dict[str, Any]
    columns: tuple[str, ...]
    is_cheap: bool
    key_place: int | None


@dataclass
class _Builder:
    """Expressions of one feed; every text of a file or a mapping becomes a parameter."""

    contract: TableContract
    mapping: TableMapping
    names: tuple[str, ...]
    source: str
    feed: int
    times: frozenset[str]
    parameters: dict[str, Any] = field(default_factory=dict)

    def bind(self, value: Any) -> exp.Expr:
        name = f"p{self.feed}_{len(self.parameters)}"
        self.parameters[name] = value
        return exp.Placeholder(this=name)

    def present(self, name: str, key: str) -> exp.Expr:
        """A file's column, with NULL for blank; `key` says in messages where the mapping names it."""
        return fill(_PRESENT, {"X": exp.column(f"c{self.position(name, key)}")})

    def position(self, name: str, key: str) -> int:
        if name in self.names:
            return self.names.index(name)
        lowered = [known.lower() for known in self.names]
        if name.lower() in lowered:
            return lowered.index(name.lower())
        listed = ", ".join(repr(known) for known in self.names[:10]) + (
            ", ..." if len(self.names) > 10 else ""
        )
        raise ImportRefused(
            f"{self.source}: the mapping's {self.contract.name}.{key} must name a column of the file, got "
            f"{name!r}; "
            f"the file has {listed}"
        )

    def origins(self) -> dict[str, exp.Expr]:
        """Every column of the table with the expression it comes from."""
        mapping = self.mapping
        found = {our: self.present(theirs, f"columns.{our}") for our, theirs in mapping.columns.items()}
        found |= {our: self.bind(text) for our, text in mapping.constants.items()}
        if mapping.row_number_as is not None:
            found[mapping.row_number_as] = exp.cast(exp.column("row"), "varchar")
        if mapping.match is not None:
            matched = self.contract.key if self.contract.name != "leads" else "account_id"
            found[matched] = self.present(mapping.match.column, "match.column")
        for name in self._others():
            found[self._known_name(name)] = self.present(name, "columns")
        check_names(list(found), f"{self.source}, as {self.contract.name}")
        return {name: self._translated(name, origin) for name, origin in found.items()}

    def _others(self) -> list[str]:
        mapping = self.mapping
        left_out = {self.position(name, "leave_out") for name in mapping.leave_out}
        left_out |= {self.position(name, "columns") for name in mapping.columns.values()}
        left_out |= {self.position(name, "from_dates") for name in mapping.from_dates.values()}
        if mapping.match is not None:
            left_out.add(self.position(mapping.match.column, "match.column"))
        return [name for i, name in enumerate(self.names) if mapping.keep_others and i not in left_out]

    def _known_name(self, name: str) -> str:
        return next((known for known in self.contract.known if known == name.lower()), name)

    def _translated(self, name: str, origin: exp.Expr) -> exp.Expr:
        translation = self.mapping.values.get(name, {})
        if translation:
            trimmed = fill(_TRIMMED, {"X": origin})
            cases = exp.Case()
            for theirs, ours in translation.items():
                cases = cases.when(exp.EQ(this=trimmed.copy(), expression=self.bind(theirs)), self.bind(ours))
            origin = cases.else_(origin)
        if name in self.mapping.numbers:
            origin = self._plain_number(origin, self.mapping.numbers[name])
        return origin

    def _plain_number(self, origin: exp.Expr, example: str) -> exp.Expr:
        """A number as the example writes it, as digits with a decimal point; other text stays."""
        decimal_mark = example[-3]
        group_mark = example[1] if not example[1].isdigit() else ""
        whole = r"\d+" if not group_mark else rf"(\d{{1,3}}(\x{ord(group_mark):02x}\d{{3}})+|\d+)"
        bindings = {
            "X": origin,
            "PATTERN": self.bind(rf"-?{whole}(\x{ord(decimal_mark):02x}\d+)?"),
            "GROUP_MARK": self.bind(group_mark),
            "DECIMAL_MARK": self.bind(decimal_mark),
        }
        self.parameters["odd_spaces"] = "\u00a0\u202f"
        return fill(_NUMBER, bindings)

    def holds(self, condition: RowCondition) -> exp.Expr:
        """The condition on a file's row."""
        present = self.present(condition.column, "where")
        if condition.is_ in ("is_present", "is_missing"):
            missing = exp.Is(this=present, expression=exp.Null())
            return missing if condition.is_ == "is_missing" else exp.Not(this=missing)
        values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
        compared = fill(_COMPARED, {"X": present})
        bound = [self.bind(value.strip().lower()) for value in values]
        within = exp.In(this=compared, expressions=bound) if bound else exp.false()
        return exp.Not(this=within) if condition.is_.startswith("not_") else within

    def typed_times(self) -> list[exp.Expr] | None:
        """The times of each item as they are, where the file's types are times; None where they are text."""
        mapping, time = self.mapping, self.contract.time
        if time is None or mapping.time_format != ("iso",) or time in (*mapping.values, *mapping.constants):
            return None
        own = mapping.columns.get(time) or self._own(time)
        origins = list(mapping.from_dates.values()) or ([own] if own is not None else [])
        columns = [f"t{self.position(name, time)}" for name in origins]
        return [exp.column(name) for name in columns] if columns and self.times.issuperset(columns) else None

    def key_place(self) -> int | None:
        """The place of the file's column that is the key, unchanged; None where the mapping makes the key."""
        mapping, key = self.mapping, self.contract.key
        if mapping.match is not None or key in (*mapping.values, *mapping.numbers):
            return None
        name = mapping.columns.get(key) or self._own(key)
        return None if name is None else self.position(name, key)

    def _own(self, known: str) -> str | None:
        """The file's column that is kept under one of the contract's names."""
        return next((name for name in self._others() if self._known_name(name) == known), None)

    def read_time(self) -> exp.Expr:
        """The moment written in ``tierline_written``: the first of the formats that reads it."""
        readings = []
        for time_format in self.mapping.time_format:
            if time_format in _TIME_MACROS:
                readings.append(_TIME_MACROS[time_format].copy())
                continue
            macro = "zoned_time" if "%z" in time_format else "formatted_time"
            written = exp.column("tierline_written")
            readings.append(exp.Anonymous(this=macro, expressions=[written, self.bind(time_format)]))
        return exp.func("coalesce", *readings) if len(readings) > 1 else readings[0]


def shape_rows(
    contract: TableContract,
    mapping: TableMapping,
    names: tuple[str, ...],
    source: str,
    feed: int,
    times: frozenset[str] = frozenset(),
) -> Shape:
    """The select from the staged rows ``raw`` (``line``, ``row``, ``c0``, ``c1``, ...) to rows of a table.

    Parameters
    ----------
    contract : TableContract
        The table.
    mapping : TableMapping
        How it is fed.
    names : tuple of str
        The file's columns.
    source : str
        The file's name, for messages.
    feed : int
        Number of the feed.
    times : frozenset of str
        The columns ``t0``, ``t1``, ... that ``raw`` has, too, where the file's own types are times.

    Raises
    ------
    ImportRefused
        When the mapping names columns that the file lacks, or the table would lack required ones.
    """
    builder = _Builder(contract, mapping, names, source, feed, times, {"blanks": BLANK_CHARACTERS})
    origins = builder.origins()
    dated = _dated_origins(builder, origins) if mapping.from_dates else [origins]
    columns = tuple(dated[0])
    check_required(columns, contract, source, names)
    typed = builder.typed_times()
    parts = [
        _named_rows(builder, item, part, typed[item] if typed else None) for item, part in enumerate(dated)
    ]
    named: exp.Query = parts[0]
    for part in parts[1:]:
        named = exp.union(named, part, distinct=False, copy=False)
    select = _with_control_columns(builder, columns, named, typed is not None)
    is_cheap = typed is not None or contract.time is None
    return Shape(select, builder.parameters, columns, is_cheap, builder.key_place())


def _dated_origins(builder: _Builder, origins: dict[str, exp.Expr]) -> list[dict[str, exp.Expr]]:
    """The origins once for every date column: its stage, and its time where it has one."""
    contract = builder.contract
    assert contract.kind is not None and contract.time is not None
    return [
        {
            **origins,
            contract.kind: builder.bind(kind),
            contract.time: builder.present(column, f"from_dates.{kind}"),
        }
        for kind, column in builder.mapping.from_dates.items()
    ]


def _named_rows(
    builder: _Builder, item: int, origins: dict[str, exp.Expr], typed_time: exp.Expr | None
) -> exp.Select:
    """The table's columns under their own names, for the rows that the conditions leave."""
    rows = exp.select(
        exp.column("line").as_("tierline_line"),
        exp.Literal.number(item).as_("tierline_item"),
        *(origin.as_(name, quoted=True) for name, origin in origins.items()),
    ).from_("raw")
    if typed_time is not None:
        rows = rows.select(typed_time.as_("tierline_time"))
    for condition in builder.mapping.where:
        rows = rows.where(builder.holds(condition), copy=False)
    if builder.mapping.from_dates:
        assert builder.contract.time is not None
        time_missing = exp.Is(this=origins[builder.contract.time].copy(), expression=exp.Null())
        rows = rows.where(exp.Not(this=time_missing), copy=False)
    return rows


def _with_control_columns(
    builder: _Builder, columns: tuple[str, ...], named: exp.Query, time_is_typed: bool
) -> exp.Expr:
    """Adds what judging needs under names that no file can have."""
    contract, mapping = builder.contract, builder.mapping

    def text(name: str | None) -> exp.Expr:
        return _NO_TEXT.copy() if name is None else exp.column(name, quoted=True)

    matched = None
    if mapping.match is not None:
        matched = contract.key if contract.name != "leads" else "account_id"
    is_written = contract.time is not None and not time_is_typed
    written = fill(_TRIMMED, {"X": text(contract.time)}) if is_written else _NO_TEXT.copy()
    hashed = exp.Anonymous(this="hash", expressions=[text(name) for name in columns])
    controlled = exp.select(
        exp.Star(),
        exp.Literal.number(builder.feed).as_("tierline_feed"),
        text(contract.key).as_("tierline_id"),
        text(contract.kind).as_("tierline_kind"),
        written.as_("tierline_written"),
        (fill(_COMPARED, {"X": text(matched)})).as_("tierline_key"),
        (hashed if contract.unique else _NO_HASH.copy()).as_("tierline_hash"),
    ).from_(named.subquery("named"))
    if time_is_typed:
        return controlled
    time = builder.read_time() if is_written else _NO_TIME.copy()
    return exp.select(exp.Star(), time.as_("tierline_time")).from_(controlled.subquery("controlled"))
