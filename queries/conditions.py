"""A model's conditions as SQL trees over text columns, with every value a bound parameter."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

from sqlglot import exp

from queries.errors import ModelMisfitError
from scoring.model import (
    BARE_OPERATORS,
    NUMBER_OPERATORS,
    TEXT_OPERATORS,
    Condition,
    Rule,
    Scalar,
)

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

    def add(self, value: object) -> exp.Expr:
        """Keep the value and return the placeholder that stands for it."""
        name = f"p{len(self.values)}"
        self.values[name] = value
        return exp.Placeholder(this=name)


def rule_test(rule: Rule, columns: Sequence[str], parameters: ParameterBag) -> exp.Expr:
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
    ModelMisfitError
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
) -> exp.Expr:
    """The tree of one condition; see `rule_test`."""
    if condition.field not in columns:
        known = ", ".join(columns) or "none"
        raise ModelMisfitError(
            f"{owner}: field must be a column of {table}, got {condition.field!r}; its columns are {known}"
        )
    column = exp.column(exp.to_identifier(condition.field, quoted=True), table)
    text: exp.Expr = column
    if condition.field in TIME_COLUMNS:
        text = exp.func("strftime", column, exp.Literal.string("%Y-%m-%dT%H:%M:%SZ"), dialect="duckdb")
    return exp.paren(_test(condition, text, parameters))


def _test(condition: Condition, text: exp.Expr, parameters: ParameterBag) -> exp.Expr:
    operator, values = condition.operator, _as_tuple(condition.value)
    if operator in BARE_OPERATORS:
        missing = text.copy().is_(exp.null())
        return missing if operator == "is_missing" else missing.not_()
    if operator in TEXT_OPERATORS:
        return _text_test(operator, text, str(values[0]), parameters)
    if operator in NUMBER_OPERATORS or operator == "between":
        number, bounds = _number(text), [_double(parameters, value) for value in values]
        if operator == "between":
            upper = exp.LTE(this=number.copy(), expression=bounds[1])
            return exp.and_(exp.GTE(this=number, expression=bounds[0]), upper)
        return _ORDER[operator](this=number, expression=bounds[0])
    equal = _equals_any(text, values, parameters)
    if operator in ("equals", "in"):
        return equal
    return exp.and_(text.copy().is_(exp.null()).not_(), exp.not_(_or_false(equal)))


def _text_test(operator: str, text: exp.Expr, value: str, parameters: ParameterBag) -> exp.Expr:
    if operator == "matches":
        return exp.RegexpLike(this=text.copy(), expression=parameters.add(f"(?i){value}"))
    found = exp.Contains if operator == "contains" else exp.StartsWith
    return found(this=_lower(text), expression=_lower(parameters.add(value)))


_ORDER: dict[str, type[exp.Binary]] = {"gt": exp.GT, "ge": exp.GTE, "lt": exp.LT, "le": exp.LTE}


def _equals_any(text: exp.Expr, values: tuple[Scalar, ...], parameters: ParameterBag) -> exp.Expr:
    """Numbers compare as numbers, texts as texts, element by element."""
    texts = [_lower(parameters.add(value)) for value in values if isinstance(value, str)]
    numbers = [_double(parameters, value) for value in values if not isinstance(value, str)]
    tests: list[exp.Expr] = []
    if texts:
        tests.append(exp.In(this=_lower(text), expressions=texts))
    if numbers:
        # A text that is no number is unequal to every number, not unknown.
        tests.append(_or_false(exp.In(this=_number(text), expressions=numbers)))
    return exp.paren(reduce(lambda a, b: exp.Or(this=a, expression=b), tests))


def _or_false(test: exp.Expr) -> exp.Expr:
    return exp.Coalesce(this=test, expressions=[exp.false()])


def _lower(text: exp.Expr) -> exp.Expr:
    return exp.Lower(this=text.copy())


def _number(text: exp.Expr) -> exp.Expr:
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


def _double(parameters: ParameterBag, value: object) -> exp.Expr:
    return exp.cast(parameters.add(value), "double")


def _as_tuple(value: Scalar | tuple[Scalar, ...] | None) -> tuple[Scalar, ...]:
    if isinstance(value, tuple):
        return value
    return () if value is None else (value,)
