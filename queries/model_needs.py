"""What a model needs and the loaded data lack: asked before somebody starts from a ready-made model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from queries.catalogue import frequent_values, stages
from queries.conditions import TABLE_OF_SOURCE
from queries.engine import Engine
from scoring.account_fields import account_fields, without_account_fields
from scoring.model import Condition, Model, Rule

MOST_TYPES = 100_000
TYPE_FIELD = "activity_type"

Kind = Literal["field", "activity_type", "stage"]


@dataclass(frozen=True)
class Need:
    """One thing that the data lack.

    Attributes
    ----------
    kind : {"field", "activity_type", "stage"}
        A whole column, a type of activity, or a stage that counts as converted.
    name : str
        ``accounts.industry``, ``webinar_attendance``, ``won``.
    rules : tuple of str
        Ids of the rules that need it; empty for a stage and for what is left out (`Model.exclude`).
    labels : tuple of str
        The same rules as they are shown.
    """

    kind: Kind
    name: str
    rules: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def words(self) -> str:
        """The need in words: ``activities of the type cart_add (Put a product into the cart)``."""
        nouns = {
            "field": "column",
            "activity_type": "activities of the type",
            "stage": "outcomes of the stage",
        }
        owners = f" ({', '.join(self.labels)})" if self.labels else ""
        return f"{nouns[self.kind]} {self.name}{owners}"


def missing_needs(engine: Engine, model: Model) -> tuple[Need, ...]:
    """What the model names and the data do not have.

    Parameters
    ----------
    engine : Engine
    model : Model
        Switched-off rules count for columns, which a model must find even so.

    Returns
    -------
    tuple of Need
        Columns first, then types of activities, then stages, each once; empty when nothing is missing.

    Notes
    -----
    A missing column keeps the model from being evaluated. A rule about types of which none was loaded is
    evaluated and gives nothing; without any stage of success nothing ever converts.
    """
    types = {value.lower() for value, _ in frequent_values(engine, "activities", TYPE_FIELD, MOST_TYPES)}
    known_stages = {stage.lower() for stage, _ in stages(engine)}
    fields: dict[str, list[Rule]] = {}
    absent: dict[str, list[Rule]] = {}
    for condition in model.exclude:
        if condition.field not in engine.columns("leads"):
            fields.setdefault(f"leads.{condition.field}", [])
    for name in account_fields(model):
        table, _, column = name.partition(".")
        if column not in engine.columns(table):
            fields.setdefault(name, [])
    for rule in model.rules:
        table = TABLE_OF_SOURCE[rule.source]
        for condition in rule.where:
            if condition.field not in engine.columns(table):
                _add(fields, f"{table}.{condition.field}", rule)
        if rule.enabled and table == "activities":
            for name in _absent_types(rule, types):
                _add(absent, name, rule)
    wanted = model.conversion.stages
    lacks_stage = not any(stage.lower() in known_stages for stage in wanted)
    return (
        *(_need("field", name, rules) for name, rules in fields.items()),
        *(_need("activity_type", name, rules) for name, rules in absent.items()),
        *(_need("stage", stage, []) for stage in wanted if lacks_stage),
    )


def without_missing_fields(model: Model, needs: tuple[Need, ...]) -> Model:
    """The model without the rules and exclusions that name a column which the data lack."""
    gone = {rule for need in needs if need.kind == "field" for rule in need.rules}
    columns = {need.name for need in needs if need.kind == "field"}
    return model.model_copy(
        update={
            "rules": tuple(rule for rule in model.rules if rule.id not in gone),
            "exclude": tuple(one for one in model.exclude if f"leads.{one.field}" not in columns),
            "account_score": without_account_fields(model.account_score, columns),
        }
    )


def _absent_types(rule: Rule, types: set[str]) -> tuple[str, ...]:
    """The types that the rule asks for, where none of them was loaded."""
    named = [name for condition in rule.where for name in _named_types(condition)]
    return () if any(name.lower() in types for name in named) else tuple(named)


def _named_types(condition: Condition) -> tuple[str, ...]:
    if condition.field != TYPE_FIELD or condition.operator not in ("equals", "in"):
        return ()
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    return tuple(value for value in values if isinstance(value, str))


def _add(needs: dict[str, list[Rule]], name: str, rule: Rule) -> None:
    rules = needs.setdefault(name, [])
    if rule not in rules:
        rules.append(rule)


def _need(kind: Kind, name: str, rules: list[Rule]) -> Need:
    return Need(kind, name, tuple(rule.id for rule in rules), tuple(rule.shown_label for rule in rules))
