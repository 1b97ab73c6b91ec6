"""What is found in memory by the rules that count alike is found by what the names on disk say, too."""

import json
from itertools import product

from queries.counting import counted_alike, counting_key
from scoring.model import Rule

PLAIN = {"id": "a", "category": "fit", "source": "activity", "points": 5}
OPENED = {"field": "activity_type", "is": "equals", "value": "email_open"}

CHANGES = [
    {},
    {"id": "b", "category": "other", "points": -7, "max_points": 30, "label": "B", "enabled": False},
    {"source": "account_activity"},
    {"count": "each"},
    {"count": "once"},
    {"at_least": 1},
    {"at_least": 2},
    {"max_count": 2},
    {"window_days": 2},
    {"decay": {"kind": "half_life", "days": 2}},
    {"decay": {"kind": "linear", "days": 2}},
    {"match": "any"},
    {"where": (OPENED,)},
    {"where": (OPENED, OPENED)},
    *({"where": (OPENED | {"value": value},)} for value in ("1", 1, 1.0, "None", "x'y")),
    *({"where": (OPENED | {"is": "in", "value": value},)} for value in ((1, 2), (1.0, 2), ("1", "2"))),
    {"where": ({"field": "activity_type", "is": "is_missing"},)},
]


def test_rules_count_alike_exactly_when_their_counting_keys_are_one():
    rules = [Rule.model_validate(PLAIN | change) for change in CHANGES]
    alike = {
        (one, other)
        for one, other in product(range(len(rules)), repeat=2)
        if counted_alike(rules[one]) == counted_alike(rules[other])
    }
    keys = [json.dumps(counting_key(rule), sort_keys=True) for rule in rules]
    assert alike == {pair for pair in product(range(len(rules)), repeat=2) if keys[pair[0]] == keys[pair[1]]}
    assert 1 < len(set(keys)) < len(rules)
