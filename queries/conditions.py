"""A model's conditions as SQL trees over text columns, with every value a bound parameter."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

from sqlglot import exp

from queries.errors import QueryError
from scoring.model import Condition, Rule, Scalar

NUMBER_PATTERN = r"[ \t\r\n\f]*-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?[ \t\r\n\f]*"
TIME_COLUMNS = frozenset({"created_at", "occurred_at"})
TABLE_OF_SOURCE = {
    "activity": "activities",
    "account_activity": "activities",
    "lead": "leads",
    "account": "accounts",
}


class ParameterBag:
    """Collects the values of one statement under names of its own."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def add(self, value: object) -> exp.Expression:
        """Keep the value and return the placeholder that stands for it."""
        name = f"p{len(self.values)}"
        self.values[name] = value
        return exp.Placeholder(this=name)


def rule_test(rule: Rule, columns: Sequence[str], parameters: ParameterBag) -> exp.Expression:
    """The tree that is true where a row satisfies the rule's conditions, false or null elsewhere.

    Parameters
    ----------
    rule : Rule
        No conditions at all match every row.
    columns : sequence of str
        The columns of the rule's table; only these can be named.
    parameters : ParameterBag
        Takes the values.

    Raises
    ------
    QueryError
        A condition names a column that the table does not have.
    """
    table = TABLE_OF_SOURCE[rule.source]
    tests = [
        condition_test(condition, table, columns, parameters, f"rule {rule.id!r}") for condition in rule.where
    ]
    if not tests:
        # An account rule without conditions still needs the account to be known.
        return exp.column("account_id", table).is_(exp.null()).not_() if table == "accounts" else exp.true()
    join = exp.Or if rule.match == "any" else exp.And
    return exp.paren(reduce(lambda a, b: join(this=a, expression=b), tests))


def condition_test(
    condition: Condition, table: str, columns: Sequence[str], parameters: ParameterBag, owner: str
) -> exp.Expression:
    """The tree of one condition; see `rule_test`."""
    if condition.field not in columns:
        known = ", ".join(columns) or "none"
        raise QueryError(
            f"{owner}: field must be a column of {table}, got {condition.field!r}; its columns are {known}"
        )
    column = exp.column(exp.to_identifier(condition.field, quoted=True), table)
    text: exp.Expression = column
    if condition.field in TIME_COLUMNS:
        text = exp.func("strftime", column, exp.Literal.string("%Y-%m-%dT%H:%M:%SZ"), dialect="duckdb")
    return exp.paren(_test(condition, text, parameters))


def _test(condition: Condition, text: exp.Expression, parameters: ParameterBag) -> exp.Expression:
    operator, value = condition.operator, condition.value
    present = text.is_(exp.null()).not_()
    if operator == "is_missing":
        return text.copy().is_(exp.null())
    if operator == "is_present":
        return present
    if operator in ("equals", "in"):
        return _equals_any(text, _as_tuple(value), parameters)
    if operator in ("not_equals", "not_in"):
        equal = exp.func("coalesce", _equals_any(text, _as_tuple(value), parameters), exp.false())
        return exp.and_(present, exp.not_(equal))
    if operator in ("contains", "starts_with"):
        found = exp.Contains if operator == "contains" else exp.StartsWith
        return found(this=_lower(text), expression=_lower(parameters.add(value)))
    if operator == "matches":
        return exp.RegexpLike(this=text.copy(), expression=parameters.add(f"(?i){value}"))
    number, bounds = _number(text), [_double(parameters, each) for each in _as_tuple(value)]
    if operator == "between":
        return exp.and_(
            exp.GTE(this=number, expression=bounds[0]), exp.LTE(this=number.copy(), expression=bounds[1])
        )
    return _ORDER[operator](this=number, expression=bounds[0])


_ORDER: dict[str, type[exp.Binary]] = {"gt": exp.GT, "ge": exp.GTE, "lt": exp.LT, "le": exp.LTE}


def _equals_any(text: exp.Expression, values: tuple[Scalar, ...], parameters: ParameterBag) -> exp.Expression:
    """Numbers compare as numbers, texts as texts, element by element."""
    texts = [_lower(parameters.add(value)) for value in values if isinstance(value, str)]
    numbers = [_double(parameters, value) for value in values if not isinstance(value, str)]
    tests: list[exp.Expression] = []
    if texts:
        tests.append(exp.In(this=_lower(text), expressions=texts))
    if numbers:
        # A text that is no number is unequal to every number, not unknown.
        tests.append(exp.func("coalesce", exp.In(this=_number(text), expressions=numbers), exp.false()))
    return exp.paren(reduce(lambda a, b: exp.Or(this=a, expression=b), tests))


def _lower(text: exp.Expression) -> exp.Expression:
    return exp.Lower(this=text.copy())


def _number(text: exp.Expression) -> exp.Expression:
    """The value as a number, null where it is none."""
    looks = exp.func("regexp_full_match", text.copy(), exp.Literal.string(NUMBER_PATTERN), dialect="duckdb")
    blanks = exp.Literal.string("[ \\t\\r\\n\\f]")
    bare = exp.func(
        "regexp_replace",
        text.copy(),
        blanks,
        exp.Literal.string(""),
        exp.Literal.string("g"),
        dialect="duckdb",
    )
    return exp.paren(exp.case().when(looks, exp.TryCast(this=bare, to=exp.DataType.build("double"))))


def _double(parameters: ParameterBag, value: object) -> exp.Expression:
    return exp.cast(parameters.add(value), "double")


def _as_tuple(value: Scalar | tuple[Scalar, ...] | None) -> tuple[Scalar, ...]:
    if isinstance(value, tuple):
        return value
    return () if value is None else (value,)
