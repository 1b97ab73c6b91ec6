"""What the data offer to a model: columns and values to choose from, and what a rule would match."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from queries.conditions import NUMBER_PATTERN, TABLE_OF_SOURCE, TIME_COLUMNS, ParameterBag, rule_test
from queries.engine import Engine
from queries.errors import ModelMisfitError, QueryError
from queries.statements import Statement, load_statement, load_tree
from scoring.account_scoring import AccountScore
from scoring.model import Condition, Model, Rule

_MATCH_STATEMENTS = {
    "activity": "activity_rule_matches",
    "account_activity": "colleague_rule_matches",
    "lead": "attribute_rule_matches",
    "account": "attribute_rule_matches",
}


def frequent_values(engine: Engine, table: str, column: str, limit: int = 200) -> list[tuple[str, int]]:
    """The values of a column with the rows that hold them, most frequent first; no times, no missing ones."""
    if column in TIME_COLUMNS:
        return []
    result = engine.fetch(_on_column("frequent_values", engine, table, column), {"limit": limit})
    return list(zip(result.column("value").to_pylist(), result.column("rows").to_pylist(), strict=True))


def numeric_share(engine: Engine, table: str, column: str) -> float:
    """The share of a column's present values that are numbers, 0 when none is present."""
    if column in TIME_COLUMNS:
        return 0.0
    statement = _on_column("numeric_share", engine, table, column)
    row = engine.fetch(statement, {"pattern": NUMBER_PATTERN}).to_pylist()[0]
    return row["numbers"] / row["present"] if row["present"] else 0.0


def stages(engine: Engine) -> list[tuple[str, int]]:
    """The stages of the outcomes with the rows that hold them, most frequent first."""
    return frequent_values(engine, "outcomes", "stage")


def leads_matched(engine: Engine, rule: Rule) -> int:
    """How many known leads the rule's conditions match, whenever the activity was; see `rule_test`."""
    bag = ParameterBag()
    columns = engine.columns(TABLE_OF_SOURCE[rule.source])
    statement = load_statement(
        _MATCH_STATEMENTS[rule.source], bindings={"TEST": rule_test(rule, columns, bag)}
    )
    return int(engine.fetch(statement, bag.values).column("leads")[0].as_py())


def check_model(engine: Engine, model: Model, source: str = "model.toml") -> None:
    """See that the data have what the model names, and that its patterns can be searched for.

    Raises
    ------
    QueryError
        Names file, rule and field, one line for each mistake.
    """
    mistakes = []
    for rule in model.rules:
        table = TABLE_OF_SOURCE[rule.source]
        mistakes += [_mistake(engine, table, condition, f"rule {rule.id!r}") for condition in rule.where]
    mistakes += [_mistake(engine, "leads", condition, "exclude") for condition in model.exclude]
    if model.account_score is not None:
        mistakes += list(_account_mistakes(engine, model.account_score))
    lines = [f"{source}: {mistake}" for mistake in mistakes if mistake]
    if lines:
        raise ModelMisfitError("\n".join(lines))


def _account_mistakes(engine: Engine, block: AccountScore) -> Iterator[str | None]:
    for rule in block.rules:
        owner = f"account_score: rule {rule.id!r}"
        yield from (_mistake(engine, "accounts", condition, owner) for condition in rule.where)
    field, columns = block.department_field, engine.columns("leads")
    if field is not None and (field not in columns or field in TIME_COLUMNS):
        yield (
            f"account_score: department_field must be a column of leads, got {field!r}; "
            f"there are {', '.join(columns)}"
        )


def _mistake(engine: Engine, table: str, condition: Condition, owner: str) -> str | None:
    columns = engine.columns(table)
    if condition.field not in columns:
        known = ", ".join(columns)
        return f"{owner}: field must be a column of {table}, got {condition.field!r}; there are {known}"
    if condition.operator == "matches":
        problem = engine.pattern_problem(str(condition.value))
        if problem:
            return (
                f"{owner}: value must be a regular expression (RE2), got {condition.value!r}: {problem}; "
                "correct the pattern or use contains"
            )
    return None


def _on_column(statement: str, engine: Engine, table: str, column: str) -> Statement:
    if column not in engine.columns(table):
        raise QueryError(f"a column of {table} must be named, got {column!r}")
    value = exp.column(exp.to_identifier(column, quoted=True), "subject")
    tree = load_tree(statement, bindings={"VALUE": value})
    subject = exp.alias_(exp.to_table(table), "subject", table=True)
    for node in list(tree.find_all(exp.Table)):
        if node.name == "subject":
            node.replace(subject.copy())
    return Statement.of(tree)
