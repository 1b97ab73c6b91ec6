"""The statements from sources to cells stay inside the subset that DuckDB and Spark read alike."""

from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from queries.conditions import ParameterBag, condition_test
from queries.errors import QueryError
from queries.statements import EACH
from scoring.model import Condition

FOLDER = Path(__file__).parents[1] / "queries" / "sql"
# Importing and checking files is DuckDB's own work; everything after it may one day run elsewhere.
ONLY_DUCKDB = ("import_", "check_", "rejected_rows")
STATEMENTS = [file for file in sorted(FOLDER.glob("*.sql")) if not file.name.startswith(ONLY_DUCKDB)]
ALLOWED = {
    "AND",
    "CASE",
    "CAST",
    "COALESCE",
    "COUNT",
    "EPOCH_US",
    "EXISTS",
    "IF",
    "LAG",
    "LEAD",
    "LOWER",
    "MAX",
    "MIN",
    "OR",
    "REGEXP_FULL_MATCH",
    "ROW_NUMBER",
    "SUM",
}
IN_CONDITIONS = {"CONTAINS", "REGEXP_LIKE", "REGEXP_REPLACE", "STARTS_WITH", "TRY_CAST"}
FORBIDDEN = (exp.Div, exp.Lambda, exp.Unnest, exp.Interval, exp.Like, exp.ILike, exp.Escape)


def functions(tree):
    for node in tree.find_all(exp.Func):
        name = node.name.upper() if isinstance(node, exp.Anonymous) else node.sql_name()
        is_placeholder = name == EACH or (isinstance(node, exp.Anonymous) and not node.expressions)
        if not is_placeholder:
            yield name


@pytest.mark.parametrize("file", STATEMENTS, ids=lambda file: file.stem)
def test_a_statement_uses_only_what_both_engines_read_alike(file):
    tree = sqlglot.parse_one(file.read_text(encoding="utf-8"), read="duckdb")
    assert set(functions(tree)) <= ALLOWED
    assert not [node.sql() for node in tree.find_all(*FORBIDDEN)]
    assert not [frame.sql() for frame in tree.find_all(exp.WindowSpec) if frame.args["kind"] == "RANGE"]


@pytest.mark.parametrize("file", STATEMENTS, ids=lambda file: file.stem)
def test_a_file_holds_one_statement_and_opens_with_what_a_row_is(file):
    text = file.read_text(encoding="utf-8")
    assert len(sqlglot.parse(text, read="duckdb")) == 1
    assert text.startswith("-- One row")


HOSTILE = "'; drop table leads; --"


@pytest.mark.parametrize(
    "condition",
    [
        Condition(field="page", operator=operator, value=value)
        for operator, value in [
            ("equals", HOSTILE),
            ("not_equals", HOSTILE),
            ("in", (HOSTILE, 3)),
            ("not_in", (HOSTILE, 3)),
            ("contains", HOSTILE),
            ("starts_with", HOSTILE),
            ("matches", HOSTILE),
            ("gt", 3),
            ("between", (3, 4)),
            ("is_missing", None),
            ("is_present", None),
        ]
    ],
    ids=lambda condition: condition.operator,
)
def test_a_condition_binds_its_values_and_uses_only_what_both_engines_read_alike(condition):
    parameters = ParameterBag()
    tree = condition_test(condition, "activities", ("page",), parameters, "rule")
    assert set(functions(tree)) <= ALLOWED | IN_CONDITIONS
    assert HOSTILE not in tree.sql("duckdb")
    given = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    for value in given:
        assert value is None or any(str(bound).endswith(str(value)) for bound in parameters.values.values())


def test_a_column_that_is_not_the_tables_is_refused_before_it_is_sql():
    condition = Condition(field='page" or true --', operator="is_present")
    with pytest.raises(QueryError, match="must be a column of activities"):
        condition_test(condition, "activities", ("page",), ParameterBag(), "rule 'x'")
