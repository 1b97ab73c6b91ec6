"""The leak guard on planted leaks, on the demo data and on honest columns; and what the click does."""

import random
from datetime import datetime, timedelta

import pytest

from queries.conditions import TABLE_OF_SOURCE
from queries.dataset import open_flow, ready_models
from queries.findings import Finding
from queries.guard.facts import Attribute, rules_on
from queries.guard.leaks import check_leaks
from queries.guard.without_leak import without_leak
from scoring.model_file import model_from_dict
from tests import sql_path
from tests.reference import matches

START = datetime(2024, 1, 1)
DAY = timedelta(days=1)
LEADS = 600


def model(rules=(), **changes):
    document = {
        "schema_version": 1,
        "name": "Guarded",
        "conversion": {"stages": ["won"], "closing_stages": ["won", "lost"], "horizon_days": 60},
        "tiers": [{"name": "all", "threshold": 0}],
        "rules": list(rules),
    }
    return model_from_dict(document | changes)


def rule(rule_id, field=None, operator="is_present", value=None, source="lead", **more):
    condition = {"field": field, "is": operator} | ({} if value is None else {"value": value})
    where = [condition] if field else []
    return {"id": rule_id, "category": "a", "source": source, "points": 5, "where": where} | more


def one_lead(draw, number):
    """A lead of two years with its activities and outcomes: one in three wins, one in three is lost."""
    lead_id, created_at = f"L{number:04}", START + draw.randrange(600) * DAY
    ending = draw.choice(["won", "lost", "open"])
    ended_at = created_at + draw.randrange(20, 60) * DAY
    won, lost = ending == "won", ending == "lost"
    lead = {
        "lead_id": lead_id,
        "created_at": created_at,
        "region": draw.choice(["north", "south", "east"]),
        "grade": draw.choice("AB" if won and draw.random() < 0.3 else "ABC"),
        "employees": str(draw.randrange(1, 500) + 60 * won),
        "phone": str(draw.random()) if draw.random() < 0.5 + 0.2 * won else None,
        "won_reason": "price" if won and draw.random() < 0.4 else None,
        "lost_reason": "price" if lost and draw.random() < 0.7 else None,
        "call_minutes": str(draw.randrange(1, 20) + 15 * won),
        "status": "customer" if won and draw.random() < 0.2 else draw.choice(["new", "known"]),
        "code": {"won": "1", "lost": "2", "open": draw.choice("02")}[ending],
    }
    visits = [
        activity(lead_id, created_at + draw.randrange(19) * DAY, draw.choice(["visit", "click"]))
        for _ in range(4 + 3 * won)
    ]
    if won:
        visits.append(activity(lead_id, ended_at + draw.randrange(1, 30) * DAY, "Onboarding"))
        visits.append(activity(lead_id, ended_at - timedelta(hours=2), "contract"))
    if draw.random() < 0.3:
        visits.append(activity(lead_id, created_at + draw.randrange(10) * DAY, "webinar"))
    outcomes = [] if ending == "open" else [{"lead_id": lead_id, "occurred_at": ended_at, "stage": ending}]
    return lead, visits, outcomes


def activity(lead_id, occurred_at, activity_type):
    return {"lead_id": lead_id, "occurred_at": occurred_at, "activity_type": activity_type}


def planted():
    draw = random.Random(7)
    rows = [one_lead(draw, number) for number in range(LEADS)]
    return {
        "leads": [lead for lead, _, _ in rows],
        "accounts": [],
        "activities": [each for _, activities, _ in rows for each in activities],
        "outcomes": [each for _, _, outcomes in rows for each in outcomes],
    }


@pytest.fixture(scope="module")
def flow(tmp_path_factory):
    data = planted()
    with pytest.MonkeyPatch.context() as patch:
        extra = tuple(name for name in data["leads"][0] if name not in ("lead_id", "created_at"))
        patch.setitem(sql_path.EXTRA, "leads", extra)
        with sql_path.open_flow(
            tmp_path_factory.mktemp("leaks") / "data.duckdb", data, START + 1_000 * DAY
        ) as opened:
            yield opened


def found(findings):
    return {(each.field, each.evidence.get("value")): each for each in findings if each.kind == "leak"}


def test_every_planted_leak_is_found_and_nothing_else(flow):
    findings = check_leaks(flow, model())
    tests = {place: each.evidence["test"] for place, each in found(findings).items()}
    assert tests == {
        ("activity_type", "contract"): "activity_after",
        ("activity_type", "onboarding"): "activity_after",
        ("won_reason", None): "filled_when_won",
        ("lost_reason", None): "filled_when_lost",
        ("call_minutes", None): "ranks_too_well",
        ("status", "customer"): "value_of_winners",
        ("code", None): "ranks_too_well",
    }
    assert len(findings) == len(tests)


def test_the_evidence_counts_what_the_data_hold(flow):
    data, findings = planted(), found(check_leaks(flow, model()))
    onboarding = [each for each in data["activities"] if each["activity_type"] == "Onboarding"]
    evidence = findings["activity_type", "onboarding"].evidence
    assert (evidence["activities"], evidence["after"], evidence["just_before"]) == (len(onboarding),) * 2 + (
        0,
    )
    example = evidence["example"]
    assert example["lead_id"] == min(each["lead_id"] for each in onboarding)
    assert example["converted_at"] < example["occurred_at"]
    contract = findings["activity_type", "contract"].evidence
    assert (contract["after"], contract["just_before"]) == (0, contract["activities"])
    reason = findings["won_reason", None].evidence
    assert reason["filled"] == sum(lead["won_reason"] is not None for lead in data["leads"])
    assert reason["other_filled"] == 0
    customers = [lead["lead_id"] for lead in data["leads"] if lead["status"] == "customer"]
    status = findings["status", "customer"].evidence
    assert status["leads"] == status["converted"] == len(customers)
    assert status["example"]["lead_id"] == min(customers)


def test_a_finding_names_the_enabled_rules_that_see_the_leak(flow):
    rules = [
        rule("talked", "call_minutes", "ge", 10),
        rule("talked_off", "call_minutes", "ge", 20, enabled=False),
        rule("region", "region", "equals", "north"),
        rule("anything", source="activity"),
        rule("clicked", "activity_type", "equals", "click", "activity"),
        rule("signed", "activity_type", "in", ["CONTRACT", "webinar"], "activity"),
    ]
    findings = found(check_leaks(flow, model(rules)))
    assert findings["call_minutes", None].evidence["rules"] == ["talked"]
    assert findings["activity_type", "contract"].evidence["rules"] == ["anything", "signed"]
    assert findings["activity_type", "onboarding"].evidence["rules"] == ["anything"]
    assert findings["won_reason", None].evidence["rules"] == []
    assert "'talked'" in findings["call_minutes", None].message


def test_leaving_a_leak_out_ends_the_finding_about_its_rules(flow):
    rules = [
        rule("talked", "call_minutes", "ge", 10),
        rule("anything", source="activity"),
        rule("signed", "activity_type", "in", ["CONTRACT", "webinar"], "activity"),
    ]
    guarded = model(rules)
    for finding in check_leaks(flow, guarded):
        guarded = without_leak(guarded, finding)
    assert [each.id for each in guarded.enabled_rules] == ["anything", "signed"]
    assert all(each.evidence["rules"] == [] for each in check_leaks(flow, guarded))
    assert guarded.rule("signed").where[0].value == ("webinar",)


def test_when_leads_convert_again_and_again_activities_are_not_judged(flow):
    conversion = {"stages": ["won"], "horizon_days": 60, "repeatable": True}
    findings = check_leaks(flow, model(conversion=conversion))
    assert findings
    assert all(each.field != "activity_type" for each in findings)


def test_excluded_leads_are_no_evidence(flow):
    exclude = [{"field": "status", "is": "equals", "value": "customer"}]
    assert ("status", "customer") not in found(check_leaks(flow, model(exclude=exclude)))


def test_a_rule_that_ranks_too_well_is_found_although_no_column_is(flow):
    rules = [rule("clairvoyant", "lead_id", "in", winners()), rule("region", "region", "equals", "north")]
    findings = [each for each in check_leaks(flow, model(rules)) if each.rule is not None]
    assert [(each.rule, each.evidence["test"]) for each in findings] == [
        ("clairvoyant", "rule_ranks_too_well")
    ]
    assert [each.id for each in without_leak(model(rules), findings[0]).enabled_rules] == ["region"]


def winners():
    return [each["lead_id"] for each in planted()["outcomes"] if each["stage"] == "won"]


def test_conversions_before_creation_are_counted_with_an_example(tmp_path):
    data = {
        "leads": [{"lead_id": name, "created_at": START} for name in ("A", "B", "C")],
        "accounts": [],
        "activities": [],
        "outcomes": [
            {"lead_id": "A", "occurred_at": START + DAY, "stage": "won"},
            {"lead_id": "B", "occurred_at": START - DAY, "stage": "Won"},
            {"lead_id": "B", "occurred_at": START - 2 * DAY, "stage": "lost"},
            {"lead_id": "C", "occurred_at": START, "stage": "won"},
        ],
    }
    with sql_path.open_flow(tmp_path / "data.duckdb", data, START + 9 * DAY) as opened:
        (finding,) = check_leaks(opened, model())
    assert (finding.table, finding.field) == ("outcomes", "occurred_at")
    assert finding.evidence["before_creation"] == 1
    assert finding.evidence["conversions"] == 3
    assert finding.evidence["example"] == {
        "lead_id": "B",
        "created_at": "2024-01-01T00:00:00Z",
        "occurred_at": "2023-12-31T00:00:00Z",
    }


def test_a_column_filled_in_as_leads_close_is_hindsight_only_where_a_rule_uses_it(tmp_path):
    ends = ["won", "lost", "open"] * 60
    leads = [
        {
            "lead_id": f"L{number:03}",
            "created_at": START,
            "region": "x" if end != "open" or number % 3 == 0 else None,
        }
        for number, end in enumerate(ends)
    ]
    for number, end in enumerate(ends):
        if end == "open":
            leads[number]["region"] = "x" if number % 9 == 2 else None
    data = {
        "leads": leads,
        "accounts": [],
        "activities": [],
        "outcomes": [
            {"lead_id": f"L{number:03}", "occurred_at": START + DAY, "stage": end}
            for number, end in enumerate(ends)
            if end != "open"
        ],
    }
    with sql_path.open_flow(tmp_path / "data.duckdb", data, START + 9 * DAY) as opened:
        assert check_leaks(opened, model()) == []
        (finding,) = check_leaks(opened, model([rule("known", "region")]))
    assert (finding.kind, finding.field, finding.evidence["rules"]) == ("hindsight", "region", ["known"])
    assert finding.evidence["filled_share"] == 1.0
    assert finding.evidence["other_share"] == pytest.approx(1 / 3)


def test_the_demo_datas_leak_is_found_by_name_and_nothing_honest_with_it(demo_workspace):
    flow = open_flow(demo_workspace)
    assert flow is not None
    findings = check_leaks(flow, ready_models()["b2b_guideline"])
    assert {(each.kind, each.evidence["value"]) for each in findings} == {
        ("leak", "onboarding_call"),
        ("leak", "support_ticket"),
    }
    # Whoever came by the web within 30 days may have come with a support ticket.
    assert {rule_id for each in findings for rule_id in each.evidence["rules"]} <= {"recent"}


def test_without_outcomes_or_leads_nothing_is_found(tmp_path):
    empty = {"leads": [], "accounts": [], "activities": [], "outcomes": []}
    some = {"leads": [{"lead_id": "A", "created_at": START}], "activities": [activity("A", START, "visit")]}
    orphans = {"outcomes": [{"lead_id": "X", "occurred_at": START, "stage": "won"}]}
    for data in (empty, empty | some, empty | orphans, empty | some | orphans):
        with sql_path.open_flow(tmp_path / "data.duckdb", data, START + DAY) as opened:
            assert check_leaks(opened, model([rule("visit", source="activity")])) == []


TYPES = ("Click", "visit", "leak", "webinar")
FORMS = [
    {"where": []},
    {"where": [("activity_type", "equals", "Leak")]},
    {"where": [("activity_type", "in", ["LEAK", "click"])]},
    {"where": [("activity_type", "in", ["visit", "leak"]), ("channel", "equals", "web")]},
    {"where": [("channel", "equals", "web")]},
    {"where": [("activity_type", "starts_with", "le"), ("channel", "equals", "web")]},
    {"where": [("activity_type", "not_equals", "visit")]},
    {"where": [("activity_type", "equals", "leak"), ("activity_type", "equals", "click")], "match": "any"},
    {
        "where": [("activity_type", "in", ["leak", "click"]), ("activity_type", "equals", "visit")],
        "match": "any",
    },
    {"where": [("activity_type", "equals", "leak"), ("channel", "equals", "web")], "match": "any"},
    {"where": [("channel", "equals", "web")], "match": "any"},
]


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_a_rule_without_a_type_of_activity_counts_all_others_as_before_or_is_off(form):
    where = [{"field": field, "is": operator, "value": value} for field, operator, value in form["where"]]
    plain = {"id": "r", "category": "a", "source": "activity", "points": 3} | form | {"where": where}
    finding = Finding(
        "leak", "warning", "", evidence={"test": "activity_after", "value": "leak", "rules": ["r"]}
    )
    changed = without_leak(model([plain]), finding).rule("r")
    kept = {
        "match": changed.match,
        "where": [condition.model_dump(by_alias=True, exclude_none=True) for condition in changed.where],
    }
    rows = [
        {"activity_type": kind, "channel": channel} for kind in TYPES for channel in ("web", "mail", None)
    ]
    assert not any(changed.enabled and matches(kept, row) for row in rows if row["activity_type"] == "leak")
    honest = [row for row in rows if row["activity_type"] != "leak"]
    if changed.enabled:
        assert [matches(kept, row) for row in honest] == [matches(plain, row) for row in honest]
    else:
        lets_others_in_by_type = any(matches(plain, row) for row in honest)
        assert not lets_others_in_by_type or form.get("match") == "any"


def test_a_finding_that_no_rule_sees_leaves_the_model_as_it_is():
    guarded = model([rule("region", "region", "equals", "north")])
    assert without_leak(guarded, Finding("leak", "warning", "", evidence={"rules": []})) == guarded


def test_rules_on_an_attribute_are_those_of_its_table():
    rules = [rule("lead", "country"), rule("account", "country", source="account"), rule("other", "region")]
    assert [each.id for each in rules_on(model(rules), Attribute("accounts", "country"))] == ["account"]
    assert {TABLE_OF_SOURCE[source] for source in ("lead", "account")} == {"leads", "accounts"}
