"""Build sheets: every part of any model stands in the sheet, with everything that decides its points."""

from __future__ import annotations

import csv
import io
import os
import re

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings

from commands.main import main
from queries.dataset import ready_models
from reports.build_sheet.filters import filter_of, plain_pattern
from reports.build_sheet.hubspot_decay import nearest_decay, remaining_share
from reports.build_sheet.hubspot_words import FILTERS
from reports.build_sheet.products import PRODUCTS, sheet_for
from reports.build_sheet.reach import lowest_sum
from reports.build_sheet.sheet import Verdict
from reports.build_sheet.steps import points_of, steps_of
from reports.build_sheet.writing import to_csv, to_html, to_markdown
from scoring.decay import decay_factors
from scoring.model import Condition, Decay, Model, Rule
from scoring.model_words import decay_words
from tests.strategies import models, rules

EXAMPLES = int(os.environ.get("TIERLINE_EXAMPLES", "300"))
MANY = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))

BUILT = (Verdict.SAME, Verdict.DIFFERENT)


def rule_of(**keys) -> Rule:
    return Rule.model_validate(
        {"id": "one", "category": "web", "source": "activity", "points": 5} | keys, strict=False
    )


@pytest.mark.parametrize("product", PRODUCTS)
@MANY
@given(raw=models())
def test_no_rule_tier_or_category_is_forgotten(product, raw):
    model = Model.model_validate(raw, strict=False)
    sheet = sheet_for(product, model)
    assert [line.key for line in sheet.of_part("rule")] == [rule.id for rule in model.rules]
    assert [line.key for line in sheet.of_part("tier")] == [tier.name for tier in model.tiers]
    assert [line.key for line in sheet.of_part("group")] == list(model.category_names)
    for line in sheet.lines:
        assert bool(line.settings) == (line.verdict in BUILT)
        assert bool(line.differences) == (line.verdict in (Verdict.DIFFERENT, Verdict.IMPOSSIBLE))
        assert line.advice or line.verdict in BUILT


@pytest.mark.parametrize("product", PRODUCTS)
@MANY
@given(raw=models())
def test_everything_that_decides_a_rules_points_is_said(product, raw):
    model = Model.model_validate(raw, strict=False)
    sheet = sheet_for(product, model)
    for rule, line in zip(model.rules, sheet.of_part("rule"), strict=True):
        if not rule.enabled or rule.points == 0:
            assert line.verdict is Verdict.NOTHING
            continue
        said = numbers(line.text)
        for condition in rule.where:
            values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
            assert condition.field in line.text or condition.field == "activity_type"
            assert all(value is None or str(value) in line.text for value in values)
        if rule.window_days is not None:
            assert rule.window_days in said
        if rule.decay is not None:
            assert decay_words(rule.decay) in line.text
        if rule.required_count > 1:
            assert rule.required_count in said
        if line.verdict is Verdict.IMPOSSIBLE:
            assert abs(rule.points) in said
            assert {rule.max_points, rule.max_count} - {None} <= said
        else:
            assert abs(points_of(rule, rule.required_count)) in said


@pytest.mark.parametrize("product", PRODUCTS)
@MANY
@given(raw=models())
def test_limits_thresholds_and_settings_of_the_model_are_said(product, raw):
    model = Model.model_validate(raw, strict=False)
    sheet = sheet_for(product, model)
    settings_said = " ".join(line.text for line in sheet.of_part("model"))
    wanted = [model.max_score, model.conversion.horizon_days]
    wanted += [model.base_points] if model.base_points else []
    wanted += [model.inactivity_reset_days] if model.inactivity_reset_days else []
    wanted += [model.observation.max_age_days] if model.observation.max_age_days else []
    assert {abs(number) for number in wanted} <= numbers(settings_said)
    for condition in model.exclude:
        assert condition.field in settings_said
    for tier, line in zip(model.tiers[1:], sheet.of_part("tier")[1:], strict=True):
        if model.grid is not None:
            cells = [
                name
                for name, of in zip(model.grid.cell_names, model.grid.tier_of_place, strict=True)
                if of == tier.name
            ]
            assert all(f"{cell}: " in line.text for cell in cells)
            continue
        assert {abs(tier.threshold), abs(tier.threshold - 1)} & numbers(line.text)
    for line in sheet.of_part("group"):
        limits = model.category(line.key)
        if line.verdict in (Verdict.DIFFERENT, Verdict.IMPOSSIBLE) and limits.max_points is not None:
            assert abs(limits.max_points) in numbers(line.text)


@pytest.mark.parametrize("product", PRODUCTS)
def test_a_kind_of_scoring_that_a_sheet_does_not_know_is_listed(product):
    class QuestRule(Rule):
        level: int | None = None

    class GridModel(Model):
        rules: tuple[QuestRule, ...] = ()
        quests: str | None = None

    raw = ready_models()["b2b_guideline"].model_dump(by_alias=True)
    raw["quests"] = "three in a row"
    raw["rules"] = [dict(raw["rules"][0], level=3), *raw["rules"][1:]]
    sheet = sheet_for(product, GridModel.model_validate(raw, strict=False))
    lines = {line.key: line for line in sheet.lines}
    assert lines["quests"].verdict is Verdict.IMPOSSIBLE
    assert "three in a row" in lines["quests"].text
    assert lines["email_open"].verdict is Verdict.IMPOSSIBLE
    assert "level = 3" in lines["email_open"].text


@pytest.mark.parametrize("product", PRODUCTS)
def test_every_part_of_a_score_of_accounts_is_listed(product):
    raw = ready_models()["b2b_guideline"].model_dump(by_alias=True)
    raw["account_score"] = {
        "from": "top",
        "top": 3,
        "tiers": [{"name": "Cold", "threshold": 0}, {"name": "Hot", "threshold": 150}],
        "engaged_tier": "MQL",
        "points_per_person": 10,
        "max_person_points": 40,
        "points_per_department": 7,
        "department_field": "department",
        "rules": [
            {"id": "big", "points": 20, "where": [condition("employees", "ge", 500)]},
            {"id": "coded", "points": 9, "where": [condition("code", "matches", "[0-9]+")]},
            {"id": "off", "points": 5, "enabled": False},
        ],
    }
    lines = {line.key: line for line in sheet_for(product, Model.model_validate(raw, strict=False)).lines}
    assert "(3 of them)" in lines["from"].text
    assert {10, 40} <= numbers(lines["points_per_person"].text)
    assert "department" in lines["points_per_department"].text
    assert lines["big"].verdict is (Verdict.SAME if product == "hubspot" else Verdict.IMPOSSIBLE)
    assert {20, 500} <= numbers(lines["big"].text)
    assert lines["coded"].verdict is Verdict.IMPOSSIBLE
    assert "[0-9]+" in lines["coded"].text
    assert lines["off"].verdict is Verdict.NOTHING
    assert 150 in numbers(lines["account tier Hot"].text)


@pytest.mark.parametrize("product", PRODUCTS)
def test_a_grid_becomes_the_pairs_of_grades_of_each_tier(product):
    raw = ready_models()["b2b_guideline"].model_dump(by_alias=True)
    raw["grid"] = {
        "rows": {"category": "fit", "cuts": [10, 20]},
        "columns": {"category": "engagement", "cuts": [30]},
        "tiers": [["SQL", "MQL"], ["SQL", "Nurture"], ["Nurture", "Nurture"]],
    }
    lines = {
        line.key: line for line in sheet_for(product, Model.model_validate(raw, strict=False)).of_part("tier")
    }
    assert "A1: “fit” from 20 points and “engagement” from 30 points" in lines["SQL"].settings
    assert "B1: “fit” 10 to 19 points and “engagement” from 30 points" in lines["SQL"].settings
    assert "A2: “fit” from 20 points and “engagement” below 30 points" in lines["MQL"].settings


@MANY
@given(raw=rules("one"))
def test_the_steps_of_a_rule_add_up_to_its_points(raw):
    rule = Rule.model_validate(raw, strict=False)
    found = steps_of(rule)
    for times in range(rule.required_count, rule.required_count + 10):
        given_points = sum(
            step.points * max(0, min(times, step.last) - step.first + 1) for step in found.steps
        )
        assert given_points == points_of(rule, times)
    assert found.complete == (points_of(rule, 1000) == found.reached)


@pytest.mark.parametrize(
    ("decay", "window"),
    [
        (Decay(kind="half_life", days=60), None),
        (Decay(kind="linear", days=365), None),
        (Decay(kind="linear", days=45), 30),
        (Decay(kind="step", days=90, percent=25), 180),
        (Decay(kind="half_life", days=2000), None),
    ],
)
def test_no_other_group_decay_is_nearer(decay, window):
    days = np.arange(3 * 365 + 1)
    wanted = decay_factors(decay, int(days[-1])) / 1000
    if window is not None:
        wanted = np.where(days > window, 0, wanted)

    def distance(percent, months):
        left = [max(0.0, 1 - percent / 100 * (day // (months * 365 / 12))) for day in days]
        return float(np.mean((np.array(left) - wanted) ** 2))

    found = nearest_decay(decay, window)
    best = distance(found.percent, found.months)
    assert all(
        best <= distance(percent, months) + 1e-12
        for months in (1, 3, 6, 12)
        for percent in (*range(1, 101, 9), found.percent - 1, found.percent + 1)
        if 0 < percent <= 100
    )
    apart = np.abs(remaining_share(found.percent, found.months, int(days[-1])) - wanted)
    assert found.worst_share == pytest.approx(apart.max())
    assert apart[found.worst_day] == pytest.approx(apart.max())


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [("^vp|^chief", ["VP Sales", "svp", "Chief"]), ("ceo|cfo", ["the CEO", "coo"]), ("^(a|b)$", ["a", "ab"])],
)
def test_a_pattern_that_only_lists_texts_becomes_a_filter_with_the_same_answer(pattern, texts):
    operator, values, word_bound = plain_pattern(pattern)
    holds = {
        "in": lambda text: text.lower() in values,
        "contains": lambda text: any(value in text.lower() for value in values),
        "starts_with": lambda text: text.lower().startswith(values),
    }[operator]
    assert not word_bound
    for text in texts:
        assert holds(text) == bool(re.search(pattern, text, re.IGNORECASE))


@pytest.mark.parametrize(
    "pattern", ["[0-9]+", "s.*s", "e{2,}|^1", r"\d", "X?", "^a|b", "sales$", "a(b)c", ""]
)
def test_a_pattern_that_asks_for_more_is_not_passed_off_as_a_filter(pattern):
    assert plain_pattern(pattern) is None
    line = sheet_for("hubspot", model_with(rule_of(where=[condition("page", "matches", pattern or "[")])))
    assert line.of_part("rule")[0].verdict is Verdict.IMPOSSIBLE


def test_a_filter_that_lets_missing_values_pass_asks_for_one():
    found = filter_of(Condition.model_validate(condition("region", "not_equals", "EMEA")), FILTERS)
    assert found.text == "“region” is none of “EMEA” and “region” is known"


def test_how_far_down_rules_can_go():
    assert lowest_sum([rule_of(points=-5), rule_of(points=3)]) == -np.inf
    assert lowest_sum([rule_of(points=-5, max_points=12), rule_of(points=-7, count="once")]) == -19


def test_a_model_that_hubspot_can_hold_is_the_same_in_every_rule():
    kept = [
        rule_of(id="form", where=[condition("activity_type", "equals", "form")], max_points=15),
        rule_of(id="title", source="lead", where=[condition("title", "contains", "VP")]),
        rule_of(
            id="visits",
            at_least=3,
            count="once",
            window_days=30,
            where=[condition("activity_type", "equals", "visit")],
        ),
    ]
    sheet = sheet_for("hubspot", model_with(*kept))
    assert [line.verdict for line in sheet.of_part("rule")] == [Verdict.SAME] * 3
    assert "Points: +5 every time, rule limit 15" in sheet.of_part("rule")[0].settings
    assert "Points: +5 once, frequency at least 3 times" in sheet.of_part("rule")[2].settings
    assert sheet.summary.startswith("3 of 3 rules can be built the same in HubSpot")


@pytest.mark.parametrize("product", PRODUCTS)
def test_hostile_names_stay_text(product):
    hostile = "<script>alert(1)</script> ![x](http://x.example/) =HYPERLINK(1)"
    rule = rule_of(label=hostile, where=[condition("page", "equals", hostile)])
    sheet = sheet_for(product, model_with(rule, name=hostile))
    page, text = to_html(sheet), to_markdown(sheet)
    assert "<script" not in page
    assert "<script" not in text.replace("\\<script", "")
    assert "![x](" not in text
    cells = [cell for row in csv.reader(io.StringIO(to_csv(sheet).decode("utf-8-sig"))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert "src=" not in page and "href=" not in page and "url(" not in page


@pytest.mark.parametrize("ending", ["md", "csv", "html"])
@pytest.mark.parametrize("product", PRODUCTS)
def test_the_command_writes_the_sheet_without_data(product, ending, tmp_path):
    out = tmp_path / f"sheet.{ending}"
    arguments = ["build-sheet", "--workspace", str(tmp_path / "new"), "--for", product, "--out", str(out)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    written = out.read_text(encoding="utf-8-sig")
    model = ready_models()["b2b_guideline"]
    assert all(rule.shown_label in written for rule in model.rules)
    assert sheet_for(product, model).summary in result.output


def test_a_name_that_says_no_format_is_refused_and_nothing_is_written(tmp_path):
    arguments = ["build-sheet", "--workspace", str(tmp_path / "new"), "--for", "hubspot"]
    result = CliRunner().invoke(main, [*arguments, "--out", str(tmp_path / "sheet.docx")])
    assert result.exit_code == 2
    assert "must end in .md, .csv or .html, got '.docx'" in result.output
    assert not list(tmp_path.glob("sheet*"))


def condition(field, operator, value):
    return {"field": field, "is": operator, "value": value}


def model_with(*rules_, name="Model"):
    return Model.model_validate(
        {
            "schema_version": 1,
            "name": name,
            "conversion": {"stages": ("won",), "horizon_days": 90},
            "tiers": ({"name": "Low", "threshold": 0}, {"name": "High", "threshold": 50}),
            "rules": tuple(rules_),
        }
    )


def numbers(text) -> set[int]:
    return {int(found) for found in re.findall(r"\d+", text)}
