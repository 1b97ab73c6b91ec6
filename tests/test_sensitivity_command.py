"""What ``tierline sensitivity`` prints, and in which words."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from commands.main import main
from queries.dataset import model_in_use, open_flow
from queries.sensitivity import rule_sensitivity
from scoring.comparison import Level
from scoring.model_file import format_model
from scoring.paired_effects import Effect
from scoring.plain_json import to_plain
from scoring.sensitivity import Held, Metric, Question
from scoring.sensitivity_words import headline, held_words, level_words, room_words, sensitivity_notes


def run(*arguments, code=0):
    result = CliRunner().invoke(main, ["sensitivity", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result


@pytest.fixture(scope="module")
def model(demo_workspace):
    return model_in_use(demo_workspace)


@pytest.fixture(scope="module")
def found(demo_workspace, model):
    return rule_sensitivity(open_flow(demo_workspace), model)


@pytest.fixture(scope="module")
def labels(model):
    return {rule.id: rule.shown_label for rule in model.rules}


def test_the_json_holds_the_figures_of_every_rule(demo_workspace, model, found):
    printed = json.loads(run("--workspace", demo_workspace.path, "--json").stdout)
    sentences = printed.pop("sentences")
    worked = printed.pop("top_tier_worked")
    assert 0 < worked["worked_share"] < 1
    assert printed == to_plain(found)
    assert len(printed["knobs"]) == len(model.enabled_rules)
    assert sentences[0].startswith("Share of wins caught: ")


def test_the_table_has_two_rows_for_each_rule_and_the_sentences_below(demo_workspace, model, found, labels):
    lines = run("--workspace", demo_workspace.path).stdout.splitlines()
    first = next(place for place, line in enumerate(lines) if line.startswith("now"))
    rows = lines[first + 1 : first + 1 + 2 * len(found.knobs)]
    for knob, row in zip(found.knobs, rows[::2], strict=True):
        assert row.startswith(labels[knob.rule][:37])
        assert f"{knob.points} to {knob.fewer.points}" in row
        assert f"{100 * knob.fewer.auc.difference:+.2f}" in row
    assert f"{100 * found.auc:.2f}" in lines[first]
    assert lines[-1].startswith("- Of the complete leads sales worked: Sales-ready (SQL)")
    assert lines[-2] == f"- {found.left_out[-1]} is kept back for the final check of your draft."


def test_a_model_file_a_step_and_sales_capacity_are_obeyed(demo_workspace, tmp_path, model):
    fewer = model.model_copy(update={"name": "Two rules", "rules": model.rules[:2]})
    path = tmp_path / "two.toml"
    path.write_text(format_model(fewer))
    arguments = ("--model", path, "--points", 3, "--leads-per-week", 12, "--json")
    printed = json.loads(run("--workspace", demo_workspace.path, *arguments).stdout)
    expected = rule_sensitivity(open_flow(demo_workspace), fewer, Question(3, 12.0))
    del printed["sentences"], printed["top_tier_worked"]
    assert printed == to_plain(expected)
    assert {turn["points"] for knob in printed["knobs"] for turn in (knob["fewer"], knob["more"])} == {
        rule.points + step for rule in fewer.rules for step in (-3, 3)
    }


def test_every_part_of_the_leads_has_the_figures_of_that_part_on_the_page(demo_workspace, model):
    arguments = ("--segment", "region", "--points", 3)
    printed = json.loads(run("--workspace", demo_workspace.path, *arguments, "--json").stdout)
    parts = printed.pop("segments")
    del printed["sentences"], printed["top_tier_worked"]
    flow = open_flow(demo_workspace)
    assert printed == to_plain(rule_sensitivity(flow, model, Question(3)))
    assert set(parts) == {"APAC", "Americas", "EMEA"}
    assert sum(part["leads"] for part in parts.values()) == printed["leads"]
    for value, part in parts.items():
        assert part.pop("sentences")[0].startswith("Share of wins caught: ")
        assert 0 < part.pop("top_tier_worked")["worked_share"] < 1
        assert part == to_plain(rule_sensitivity(flow, model, Question(3), segment="region", values=[value]))
    lines = run("--workspace", demo_workspace.path, *arguments).stdout.splitlines()
    assert [line for line in lines if line.startswith("region: ")] == [f"region: {value}" for value in parts]
    assert sum(line.startswith("now") for line in lines) == 1 + len(parts)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--segment", "shoe_size"), "segment must be a column of leads or accounts"),
        (("--segment", "account_id"), "segment must be a column with at most 50 values, got "),
        (("--points", 0), "1 to 1000, got 0"),
        (("--leads-per-week", -1), "above 0, got -1"),
        (("--model", "missing.toml"), "missing.toml"),
    ],
)
def test_bad_input_ends_with_code_2_and_one_line(demo_workspace, arguments, named):
    result = run("--workspace", demo_workspace.path, *arguments, code=2)
    [line] = result.stderr.splitlines()
    assert named in line


def with_effects(found, metric, effects):
    """The same result with other effects on one figure, by rule and way."""
    knobs = []
    for knob in found.knobs:
        for way in ("fewer", "more"):
            if (knob.rule, way) in effects:
                turn = replace(getattr(knob, way), **{metric.value: effects[knob.rule, way]})
                knob = replace(knob, **{way: turn})  # noqa: PLW2901
        knobs.append(knob)
    return replace(found, knobs=tuple(knobs))


NONE = Effect(0.5, 0.5, -0.1, 1.1, Level.NO_DIFFERENCE)


@pytest.mark.parametrize(
    ("metric", "difference", "words"),
    [
        (Metric.WINS_CAUGHT, 0.031, "3.1 % of all wins are caught in addition"),
        (Metric.WINS_CAUGHT, -0.031, "3.1 % of all wins are lost"),
        (Metric.AUC, 0.02, "the buyer is picked 2.0 times in 100 more often"),
        (Metric.AUC, -0.02, "the buyer is picked 2.0 times in 100 less often"),
        (Metric.TOP_RATE, 0.004, "Top converts 0.4 points better"),
        (Metric.TOP_RATE, -0.004, "Top converts 0.4 points worse"),
    ],
)
def test_the_headline_names_the_largest_effect_that_is_more_than_chance(
    found, labels, metric, difference, words
):
    effects = {(knob.rule, way): NONE for knob in found.knobs for way in ("fewer", "more")}
    level = Level.BETTER if difference > 0 else Level.WORSE
    real = Effect(0.5, difference, difference - 0.001, difference + 0.001, level)
    effects["trial", "more"] = real
    effects["email_open", "fewer"] = replace(real, difference=difference / 2)
    text = headline(with_effects(found, metric, effects), metric, labels, "Top")
    assert text == f"“{labels['trial']}” matters most: with 5 points more {words}"


def test_without_an_effect_beyond_chance_the_headline_says_so(found, labels):
    effects = {(knob.rule, way): NONE for knob in found.knobs for way in ("fewer", "more")}
    text = headline(with_effects(found, Metric.AUC, effects), Metric.AUC, labels, "Top")
    assert text == "No single rule changes how well the score picks the buyer by more than chance"


def test_a_rule_that_does_not_move_is_explained(found, labels):
    first, second, *others = found.knobs
    first = replace(first, max_points=20, more=replace(first.more, held=Held.OWN_LIMIT))
    never = {way: replace(getattr(second, way), held=Held.NEVER_FIRES) for way in ("fewer", "more")}
    lines = held_words(replace(found, knobs=(first, replace(second, **never), *others)), labels)
    assert lines == (
        f"“{labels[first.rule]}”: 5 points more move no score; it is at its limit of 20.",
        f"“{labels[second.rule]}” fires for no lead, so its points change nothing.",
    )


def test_how_the_share_of_wins_is_measured_is_said(found):
    assert room_words(found.room, "Top") == (
        f"the {found.room.leads:,.0f} best-scored leads, as many as Top holds now"
    )
    weekly = replace(found.room, leads_per_week=7.5)
    assert "which is 7.5 a week" in room_words(weekly, "Top")
    assert "not known" in room_words(replace(weekly, periods=()), "Top")


def test_the_notes_say_what_luck_alone_would_do(found):
    moving = sum(turn.held is None for knob in found.knobs for turn in (knob.fewer, knob.more))
    [note] = [line for line in sensitivity_notes(found) if "Each is for itself" in line]
    assert f"of {moving} changes without any effect" in note


def test_an_effect_is_judged_in_words():
    assert level_words(Effect(0.5, 0.1, 0.05, 0.15, Level.BETTER)) == "more than chance"
    assert level_words(NONE) == "no more than chance"
    assert level_words(Effect(0.5, 0.0, 0.0, 0.0, Level.NO_DIFFERENCE)) == "no difference"
    assert level_words(Effect(0.5, 0.1, None, None, Level.TOO_LITTLE_DATA)).startswith("too little data")
