"""What the console sends and is given: changes are made once and in order, identities tell tables apart."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages.components.console.draft_payload import draft_payload, table_identities
from pages.components.console.operations import Applied, follow, parse_sent
from pages.components.tune import changes
from queries.dataset import open_flow, ready_models
from scoring.errors import ModelError
from scoring.model_file import model_from_dict
from tests.strategies import models


@pytest.fixture
def model():
    return ready_models()["b2b_guideline"]


def sent(*operations, client="one"):
    numbered = [{"number": place + 1} | operation for place, operation in enumerate(operations)]
    return parse_sent({"client": client, "operations": numbered})


class Draft:
    """A draft that operations change, as the session does."""

    def __init__(self, model, in_use=None):
        self.model, self.in_use, self.notes = model, in_use or model, []

    def act(self, operation):
        self.model, note = operation.change(self.model, self.in_use)
        self.notes.append(note)


def test_every_kind_of_change_reaches_the_model(model):
    draft = Draft(model)
    batch = sent(
        {"kind": "points", "rule": "email_click", "value": 7},
        {"kind": "cap", "rule": "email_click", "value": None},
        {"kind": "switch", "rule": "email_open", "value": False},
        {"kind": "threshold", "tier": "SQL", "value": 90},
        {"kind": "limit", "category": "fit", "which": "max_points", "value": 30},
        {"kind": "edit", "rule": "email_click"},
        {"kind": "tiers"},
    )
    assert follow(batch, Applied(), draft.act) == Applied("one", 7)
    expected = changes.change_rule(model, "email_click", points=7, max_points=None)
    expected = changes.change_rule(expected, "email_open", enabled=False)
    expected = changes.change_tier(expected, "SQL", threshold=90)
    assert draft.model == changes.change_category(expected, "fit", max_points=30)
    follow(sent({"kind": "reset", "rule": "email_click"}, client="two"), Applied(), draft.act)
    assert draft.model.rule("email_click") == model.rule("email_click")
    assert not any("_" in note for note in draft.notes), "undo names rules as the screen does"


def test_what_was_sent_twice_is_made_once(model):
    draft = Draft(model)
    first = sent({"kind": "points", "rule": "email_click", "value": 7})
    applied = follow(first, Applied(), draft.act)
    both = sent(
        {"kind": "points", "rule": "email_click", "value": 7},
        {"kind": "points", "rule": "email_open", "value": 3},
    )
    applied = follow(both, applied, draft.act)
    assert applied == follow(both, applied, draft.act) == Applied("one", 2)
    assert len(draft.notes) == 2


def test_another_console_counts_from_the_beginning(model):
    draft = Draft(model)
    applied = follow(sent({"kind": "points", "rule": "email_click", "value": 7}), Applied(), draft.act)
    other = sent({"kind": "points", "rule": "email_click", "value": 8}, client="two")
    assert follow(other, applied, draft.act) == Applied("two", 1)
    assert draft.model.rule("email_click").points == 8


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        ({"kind": "threshold", "tier": "SQL", "value": 20}, "above 35"),
        ({"kind": "threshold", "tier": "Gone", "value": 20}, "tier must be one of your draft"),
        ({"kind": "cap", "rule": "email_click", "value": 0}, "max_points"),
        ({"kind": "points", "rule": "gone", "value": 1}, "rule must be one of"),
        ({"kind": "reset", "rule": "gone"}, "rule must be one of"),
        ({"kind": "edit", "rule": "gone"}, "rule must be one of"),
        ({"kind": "limit", "category": "gone", "which": "max_points", "value": 1}, "category must be one of"),
        ({"kind": "limit", "category": "fit", "which": "min_points", "value": 41}, "min_points"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason_and_the_rest_is_made(model, operation, reason):
    draft = Draft(model)
    batch = sent(operation, {"kind": "points", "rule": "email_click", "value": 7})
    applied = follow(batch, Applied(), draft.act)
    [(number, message)] = applied.problems
    assert (applied.number, number) == (2, 1)
    assert reason in message
    assert "your draft:" not in message
    assert draft.model == changes.change_rule(model, "email_click", points=7)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "points",
        {"client": "one"},
        {"client": "", "operations": []},
        {"client": "one", "operations": [{"number": 1, "kind": "points", "rule": "a", "value": "7"}]},
        {"client": "one", "operations": [{"number": 1, "kind": "points", "rule": "a", "value": True}]},
        {"client": "one", "operations": [{"number": 0, "kind": "points", "rule": "a", "value": 1}]},
        {"client": "one", "operations": [{"number": 1, "kind": "drop", "rule": "a"}]},
        {"client": "one", "operations": [{"number": 1, "kind": "reset", "rule": "a", "more": 1}]},
        {"client": "one", "operations": [{"number": 1, "kind": "reset", "rule": "a"}] * 1001},
    ],
)
def test_what_no_console_sends_is_not_followed(value):
    assert parse_sent(value) is None


def test_the_browser_is_told_what_every_value_was(model):
    draft = changes.change_rule(model, "email_click", points=9)
    draft = changes.remove_rule(changes.change_tier(draft, "SQL", threshold=90), "event")
    draft = changes.add_rule(draft, draft.rule("email_open").model_copy(update={"id": "new", "label": None}))
    given = draft_payload(draft, model)
    rules = {rule["id"]: rule for rule in given["rules"]}
    before = model.rule("email_click")
    clicked = rules["email_click"]
    assert (clicked["points"], clicked["isChanged"], clicked["old"]) == (
        9,
        True,
        f"was +{before.points} points",
    )
    assert clicked["before"] == {"points": before.points, "cap": before.max_points, "enabled": True}
    assert (rules["new"]["isNew"], rules["new"]["before"], rules["new"]["label"]) == (True, None, "new")
    assert not rules["email_open"]["isChanged"]
    assert given["removed"] == [model.rule("event").shown_label]
    assert [tier["before"] for tier in given["tiers"]] == [0, 35, 100]
    assert [tier["threshold"] for tier in given["tiers"]] == [0, 35, 90]


@settings(deadline=None)
@given(models(), st.data())
def test_a_table_depends_on_everything_but_its_own_rules_points_and_cap(document, data):
    model = model_from_dict(document)
    identities = table_identities(model, "all")
    assert list(identities) == [rule.id for rule in model.enabled_rules]
    assert len(set(identities.values())) == len(identities)
    if not identities:
        return
    chosen = data.draw(st.sampled_from(model.enabled_rules))
    try:
        changed = changes.change_rule(model, chosen.id, points=chosen.points + 1, max_points=12_345)
    except ModelError:
        return
    after = table_identities(changed, "all")
    assert after[chosen.id] == identities[chosen.id]
    assert all(after[other] != identities[other] for other in identities if other != chosen.id)
    renamed = changed.model_copy(update={"name": "another", "tiers": changed.tiers[:1]})
    assert table_identities(renamed, "all") == after
    elsewhere = table_identities(changed, "a part")
    assert all(elsewhere[one] != after[one] for one in after)
    assert chosen.id not in table_identities(changes.change_rule(model, chosen.id, enabled=False), "all")


def test_tables_of_equal_identity_give_equal_cells(demo_workspace, model):
    """What the identity leaves out really plays no part: the table of one draft serves the other."""
    flow = open_flow(demo_workspace)
    changed = changes.change_tier(changes.change_rule(model, "email_click", points=11), "SQL", threshold=90)
    assert table_identities(model, "")["email_click"] == table_identities(changed, "")["email_click"]
    tables = [flow.response_table(each, "email_click") for each in (model, changed)]
    for name in ("rest", "rest_of_category", "count"):
        np.testing.assert_array_equal(getattr(tables[0], name), getattr(tables[1], name))
    np.testing.assert_array_equal(tables[0].cells.leads, tables[1].cells.leads)
