"""The alignment of a model, its command and its page."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest

from commands.alignment_output import view_json
from commands.main import main
from pages.components.alignment.tables import WORKED
from pages.components.figures.alignment import funnel_figure, rejections_figure
from pages.components.format import as_markdown
from queries.agreement import Agreement
from queries.alignment import gather_alignment
from queries.dataset import DEFAULT_MODEL, open_flow, ready_models
from queries.model_history import open_history
from scoring.alignment_words import (
    holdout_sentence,
    promise_sentence,
    reason_sentence,
    rule_sentence,
    selection_sentence,
)
from scoring.backtest import compute_backtest
from scoring.holdout import Holdout
from scoring.model_file import format_model
from scoring.sales_answers import Bring
from scoring.worked_words import NOT_TOLD

APP = Path(__file__).parent.parent / "app.py"
MODEL = ready_models()[DEFAULT_MODEL]
LABELS = {rule.id: rule.shown_label for rule in MODEL.rules}


@pytest.fixture(scope="module")
def view(demo_workspace):
    return gather_alignment(open_flow(demo_workspace), MODEL)


def other_model(threshold=90):
    low, mql, sql = MODEL.tiers
    return MODEL.model_copy(update={"tiers": (low, mql, sql.model_copy(update={"threshold": threshold}))})


def test_the_rates_are_those_of_the_back_test(demo_workspace, view):
    figures = compute_backtest(open_flow(demo_workspace).cells(MODEL), MODEL).pooled.tiers
    assert [one.figures for one in view.tiers] == list(figures)
    assert [one.worked.leads for one in view.tiers] == [tier.leads for tier in figures]


def test_wins_alone_make_no_share_and_no_promise_kept(wins_only, monkeypatch):
    alone = gather_alignment(open_flow(wins_only), MODEL)
    assert (alone.worked, alone.responses) == ({}, ())
    found = view_json(alone)
    assert [(tier["worked"], tier["worked_share"]) for tier in found["tiers"]] == [(None, None)] * 3
    assert all(tier["rate"] is not None for tier in found["tiers"])
    text = CliRunner().invoke(main, ["alignment", "--workspace", str(wins_only.path)]).output
    assert text.count(NOT_TOLD) == 1
    assert "sales worked" not in text.replace(NOT_TOLD, "")
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(wins_only.path))
    at = AppTest.from_file(APP, default_timeout=120).run()
    at.switch_page("pages/alignment_page.py").run()
    assert not at.exception
    [table] = [each.value for each in at.dataframe if {"Tier", "Leads a week"} <= set(each.value.columns)]
    assert not {"Worked", WORKED} & set(table.columns)
    assert sum(as_markdown(NOT_TOLD) in one.value for one in [*at.markdown, *at.info]) == 2


def test_what_the_rates_cannot_tell_depends_on_what_was_worked(view):
    sentence = selection_sentence(view.worked)
    assert sentence.startswith("Sales chose whom to call. Leads below the threshold were hardly worked")
    worked = {name: replace(one, share=0.9) for name, one in view.worked.items()}
    assert "hardly worked" not in selection_sentence(worked)
    assert selection_sentence(worked).endswith(sentence.partition(": ")[2])
    assert selection_sentence({}) == f"Sales chose whom to call. {NOT_TOLD}"


def test_sales_works_higher_tiers_more_in_the_demo_data(view):
    shares = [one.worked.share for one in view.tiers]
    assert shares == sorted(shares)
    assert view.tiers[0].worked.is_hardly_worked


def test_what_the_demo_data_plant_about_rejections_is_found(view):
    by_source = {one.name: one for one in view.by_source}
    bought = by_source["purchased_list"]
    assert all(bought.low > one.high for name, one in by_source.items() if name != "purchased_list")
    students = next(one for one in view.by_reason if one.reason == "student or job seeker")
    assert students.rule == "careers_page"
    assert "“Looked at the jobs”" in reason_sentence(students, LABELS)
    brings = {one.rule for one in view.by_rule if one.bring == Bring.REJECTED}
    assert "email_open" in brings
    assert "“Opened an email”" in rule_sentence(view.by_rule, LABELS)
    assert view.high_rejected.num_rows == view.by_tier[-1].rejected


def test_promises_in_words(view):
    nurture, _, sql = view.responses
    assert promise_sentence(nurture, "Nurture") == ""
    assert promise_sentence(sql, "SQL").startswith("SQL: sales recorded something within 4 hours for ")


def test_holdouts_in_words():
    enough = Holdout(475, 0.01, 0.0107, 719.0, 475 / 719)
    assert "to plus or minus 1 percentage point, 475 of them" in holdout_sentence(enough, "quarter")
    assert "66.1\u00a0% of the 719" in holdout_sentence(enough, "quarter")
    assert "go on for several months" in holdout_sentence(Holdout(800, 0.02, 0.01, 700.0, 1.0), "month")
    assert "nothing to hold out" in holdout_sentence(Holdout(800, 0.02, 0.01, 0.0, None), "month")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_figures_draw_what_was_computed(view, theme):
    funnel = funnel_figure(view.funnel, theme, view.funnel, "other")
    assert list(funnel.data[0].x) == [step.rate for step in view.funnel.steps]
    assert funnel.data[1].name == "other"
    rules = rejections_figure(view.by_rule, LABELS, theme)
    known = {one.difference for one in view.by_rule}
    assert set(rules.data[0].x) <= known
    assert "rejected more often" in rules.layout.title.text.replace("<br>", " ")


def run(*words, code=0):
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == code, result.output
    return result


def test_a_second_start_counts_nothing_again_and_says_the_same(workspace, view, monkeypatch):
    gather_alignment(open_flow(workspace), MODEL)

    def again(*_):
        raise AssertionError("counted again")

    monkeypatch.setattr("queries.sales.count_rules", again)
    monkeypatch.setattr("queries.flow.count_rules", again)
    monkeypatch.setattr("queries.entry.count_rules", again)
    monkeypatch.setattr("queries.sales.find_entries", again)
    monkeypatch.setattr("queries.funnel.find_entries", again)
    second = gather_alignment(open_flow(workspace), MODEL)
    assert view_json(second) == view_json(view)
    assert second.high_rejected.equals(view.high_rejected)


def test_the_command_prints_both_models_and_what_was_agreed(workspace, tmp_path):
    path = tmp_path / "other.toml"
    path.write_text(format_model(other_model()))
    Agreement(open_history(workspace)).add_point("who calls in August?", author="Sam")
    folder = ("--workspace", workspace.path)
    text = run("alignment", *folder, "--against", path).stdout
    assert "Sales-ready (SQL) is an open lead with 90 points or more" in text
    assert "Sales-ready (SQL) is an open lead with 100 points or more" in text
    assert "who calls in August?" in text
    found = json.loads(run("alignment", *folder, "--json").stdout)
    [one] = found["models"]
    view = gather_alignment(open_flow(workspace), MODEL)
    assert [step["rate"] for step in one["funnel"]["steps"]] == [step.rate for step in view.funnel.steps]
    assert [tier["worked_share"] for tier in one["tiers"]] == [tier.worked.share for tier in view.tiers]
    assert [point["text"] for point in found["points"]] == ["who calls in August?"]
    for heading in ("What sales rejected, by tier", "by rule that counted", "by source", "by campaign"):
        assert heading in text
    [top] = [tier for tier in one["tiers"] if tier["tier"] == "SQL"]
    assert top["share_of_capacity"] is None
    half = str(top["entries_per_week"] / 2)
    assert "200\u00a0% of what sales can work" in run("alignment", *folder, "--leads-per-week", half).stdout
    listed = json.loads(run("leads", *folder, "--list", "high-rejected", "--json").stdout)
    assert listed["rows"] == one["high_rejected"] == view.high_rejected.num_rows > 0
    refused = run("alignment", *folder, "--leads-per-week", "0", code=2)
    assert "--leads-per-week must be above 0, got 0" in refused.stderr
    refused = run("alignment", *folder, "--precision", "0.7", code=2)
    assert "precision must lie between 0 and 0.5, got 0.7" in refused.stderr


def test_the_commands_of_the_meeting(workspace, tmp_path):
    path, folder = tmp_path / "other.toml", ("--workspace", workspace.path)
    path.write_text(format_model(other_model()))
    run("models", "save", *folder, "--model", path, "--note", "lower", "--author", "Mary")
    sides = ("--side", "sales", "--name", "Sam", "--role", "head of sales")
    refused = run("models", "sign", 2, *folder, *sides, code=2)
    assert "version 2, which is a draft; propose it first" in refused.stderr
    run("models", "propose", 2, *folder, "--author", "Mary")
    assert "still to sign: marketing" in run("models", "sign", 2, *folder, *sides).stdout
    found = json.loads(run("alignment", *folder, "--json").stdout)
    assert [(one["version"], one["missing"]) for one in found["proposals"]] == [(2, ["marketing"])]
    sides = ("--side", "marketing", "--name", "Mary", "--role", "head of marketing", "--comment", "yes")
    assert "version 2: in use" in run("models", "sign", 2, *folder, *sides).stdout
    run("models", "note", *folder, "--text", "5 % holdout", "--decision", "--author", "Sam")
    run("models", "note", *folder, "--text", "who calls?", "--author", "Sam")
    run("models", "resolve", 2, *folder, "--note", "Tina", "--author", "Sam")
    points = json.loads(run("models", "points", *folder, "--json").stdout)["points"]
    assert [(one["kind"], one["version"], one["is_open"]) for one in points] == [
        ("decision", 2, False),
        ("open", 2, False),
    ]
    assert run("models", "points", *folder, "--open").stdout.strip() == "nothing was written down"
    shown = run("models", "show", 2, *folder).stdout
    assert "signed for marketing: recorded by Mary, head of marketing" in shown
    assert "point 1, decided, version 2: 5 % holdout" in shown
    document = json.loads(run("models", "show", 2, *folder, "--json").stdout)
    assert document["history"][-1]["signed_off"] is True
    assert len(document["signatures"]) == 2
    assert "without sign-off" in run("models", "show", 1, *folder).stdout


def open_page():
    at = AppTest.from_file(APP, default_timeout=60).run().switch_page("pages/alignment_page.py").run()
    assert not at.exception, at.exception[0].value
    return at


def test_the_page_without_a_proposal_says_how_to_make_one(workspace):
    at = open_page()
    assert any("save it there as a proposal" in one.value for one in at.info)
    assert any("nobody has signed it" in one.value for one in at.markdown)
    titles = [one.value for one in at.header]
    assert titles[0] == "What is to be signed?"
    assert "What can these rates not tell?" in titles


def test_the_page_without_data_says_what_to_load(tmp_path, monkeypatch):
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(tmp_path / "empty"))
    at = open_page()
    assert any("load your leads, their activities and the outcomes of sales" in one.value for one in at.info)


def test_a_signature_without_a_name_is_refused_on_the_page_and_one_with_it_is_kept(workspace):
    registry = open_history(workspace)
    number = registry.save(other_model(), author="Mary", note="lower").number
    registry.propose(number, author="Mary")
    at = open_page()
    [proposal] = Agreement(registry).proposals()
    key = f"alignment_sign_{proposal.id}"
    at.button(key=f"{key}_button").click().run()
    assert any("name must be a name" in one.value.replace("\\", "") for one in at.error)
    at.text_input(key=f"{key}_sales_name").set_value("Sam <b>")
    at.text_input(key=f"{key}_sales_role").set_value("head of sales")
    at.button(key=f"{key}_button").click().run()
    assert not at.error
    [signed] = Agreement(registry).signatures()
    assert (signed.side, signed.name, signed.version) == ("sales", "Sam <b>", number)
    assert not any("Sam <b>" in one.value for one in at.markdown)


def test_a_point_is_written_down_and_resolved_on_the_page(workspace):
    at = open_page()
    at.text_area(key="alignment_add_text").set_value("who calls in August?")
    at.text_input(key="alignment_add_author").set_value("Sam")
    at.button(key="alignment_add_button").click().run()
    registry = open_history(workspace)
    [point] = Agreement(registry).points()
    assert (point.text, point.author, point.is_open) == ("who calls in August?", "Sam", True)
    key = f"alignment_resolved_{point.id}"
    at.text_input(key=f"{key}_note").set_value("Tina does")
    at.button(key=f"{key}_button").click().run()
    assert not at.error
    [point] = Agreement(registry).points()
    assert point.resolution.note == "Tina does"
