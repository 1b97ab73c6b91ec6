"""What to do about one lead: the way to the next tier, and how leads like it converted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa
from sqlglot import exp

from queries.conditions import ParameterBag, rule_test
from queries.flow import Flow
from queries.one_lead import LeadExplanation
from queries.statements import Item, load_statement
from queries.structures import structure_key
from queries.worked import known_worked_between
from scoring.activity_worth import rule_states
from scoring.fewest_actions import Action
from scoring.model import Model, Rule
from scoring.next_cell import find_next_cell
from scoring.next_tier import NextTier, find_next_tier
from scoring.score_band import ScoreBand, conversion_around


def next_tier(flow: Flow, model: Model, lead: LeadExplanation) -> NextTier:
    """What would lift the lead to the next tier with the fewest activities of kinds that the data hold."""
    counts = {step.name: step.count or 0 for step in lead.waterfall.rules.values()}
    rules = [rule for rule in model.enabled_rules if rule.source == "activity"]
    states = rule_states(rules, lead.seen)
    actions = activity_kinds(flow, rules)
    if model.grid is not None:
        return find_next_cell(model, model.grid, counts, states, actions)
    return find_next_tier(model, counts, states, actions)


def leads_like(flow: Flow, model: Model, score: int) -> ScoreBand:
    """How leads with about this score converted, over all complete periods that the data hold."""
    band = conversion_around(flow.cells(model), model, score)
    return replace(band, worked_share=known_worked_between(flow, model, band.lowest, band.highest))


def activity_kinds(flow: Flow, rules: Sequence[Rule]) -> list[Action]:
    """The kinds of activity that rules tell apart: each combination of rules that one activity matches.

    An action carries the label of its rarest rule, which tells most about it.
    """
    if not rules:
        return []

    def compute() -> pa.Table:
        bag = ParameterBag()
        columns = flow.engine.columns("activities")
        tests = [Item(f"match_{i}", {"TEST": rule_test(r, columns, bag)}) for i, r in enumerate(rules)]
        names = [Item(f"match_{i}", {"KIND": exp.column(f"match_{i}")}) for i in range(len(rules))]
        return flow.engine.fetch(
            load_statement("activity_kinds", {"rules": tests, "matches": names}), bag.values
        )

    conditions = [[rule.match, [one.model_dump() for one in rule.where]] for rule in rules]
    kinds = flow.store.get(structure_key("kinds", conditions), compute).to_pylist()
    matched = [
        ([i for i in range(len(rules)) if kind[f"match_{i}"]], int(kind["activities"])) for kind in kinds
    ]
    totals = [sum(n for places, n in matched if i in places) for i in range(len(rules))]
    return [
        Action(
            rules[min(places, key=lambda i: (totals[i], i))].shown_label,
            frozenset(rules[i].id for i in places),
        )
        for places, _ in matched
        if places
    ]
