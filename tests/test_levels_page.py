"""The Levels page through AppTest, its figures, and ``tierline levels``."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest

from commands.main import main
from demo_data.generator import generate
from pages.components.levels.figures import (
    completion_figure,
    distances_figure,
    levels_figure,
    quest_rates_figure,
)
from pages.components.levels.tables import distances_table, levels_table, quests_table
from queries.dataset import open_flow, ready_models
from queries.importing import load_tables
from queries.lead_filter import LeadFilter
from queries.levels import find_players, list_players, rank_players
from queries.quests import find_quests, level_evidence
from queries.workspace import Workspace
from scoring.evidence import kept_back
from scoring.levels import describe_levels, measure_distances
from scoring.model_file import format_model

ROOT = Path(__file__).parent.parent
GAME = ready_models()["gamified"]


@pytest.fixture(scope="module")
def flow(demo_workspace):
    return open_flow(demo_workspace)


@pytest.fixture(scope="module")
def players(flow):
    return find_players(flow, GAME)


@pytest.fixture
def page(demo_workspace, monkeypatch):
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(demo_workspace.path))
    at = AppTest.from_file(ROOT / "app.py", default_timeout=90)
    at.run()
    at.switch_page("pages/levels_page.py").run()
    assert not at.exception
    return at


def start_game(at):
    at.button(key="levels_start").click().run()
    assert not at.exception
    return at


def texts(at):
    return "\n".join(element.value for element in (*at.markdown, *at.info, *at.success, *at.warning))


# --- The page


def test_a_model_without_quests_says_what_a_quest_is_and_how_to_get_some(page):
    assert "has no quests" in texts(page)
    assert not page.dataframe
    page.button(key="levels_mark_engagement").click().run()
    assert "has no quests" not in texts(page)
    assert "Sent the contact form" in texts(page)


def test_leaderboard_progress_quests_and_verdict_are_shown(page, flow, players):
    start_game(page)
    leads = len(players.lifetime)
    assert f"**{leads:,}** of {leads:,} open leads" in texts(page)
    board = page.dataframe[0].value
    assert board["Points now"].tolist() == sorted(players.leads.scores.tolist(), reverse=True)[:50]
    assert board["Place"].iloc[0] == 1
    words = texts(page)
    evidence = level_evidence(flow, GAME, flow_left_out(flow))
    assert evidence.order.sentence.rstrip(".") in words.replace("\\", "")
    for rule in GAME.rules:
        assert f"{rule.shown_label}:" in words.replace("\\", "")
    assert GAME.tiers[-1].perk in page.dataframe[1].value["Perk"].tolist()


def flow_left_out(flow):
    return kept_back(flow.cells(GAME), GAME)


def test_search_and_levels_narrow_the_leaderboard_and_lifetime_orders_it(page, flow, players):
    start_game(page)
    page.radio(key="levels_board").set_value("lifetime").run()
    board = page.dataframe[0].value
    assert board["Lifetime points"].tolist() == sorted(players.lifetime.tolist(), reverse=True)[:50]
    page.multiselect(key="levels_tiers").set_value(["Champion"]).run()
    champions = int((players.leads.tiers == len(GAME.tiers) - 1).sum())
    assert f"**{champions:,}** of" in texts(page)
    page.text_input(key="levels_search").set_value("nothing like it").run()
    assert "satisfies search and levels" in texts(page)


def test_places_are_among_all_leads_whatever_is_searched_for(flow, players):
    newcomers = rank_players(flow, GAME, players, LeadFilter(tiers=("Newcomer",)))
    first = list_players(flow, GAME, players, newcomers[:1]).to_pylist()[0]
    assert first["place"] == 1 + int((players.leads.scores > first["score"]).sum()) > 1


def test_data_without_a_column_of_the_game_start_it_without_that_quest(tmp_path, monkeypatch):
    tables = generate(1_000, seed=1)
    workspace = Workspace.open(tmp_path / "mine")
    load_tables(workspace, tables | {"activities": tables["activities"].drop_columns(["interaction"])})
    # The model in use of these data must not ask for the column either.
    workspace.write_model_text(format_model(GAME.model_copy(update={"name": "Plain", "rules": ()})))
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(workspace.path))
    at = AppTest.from_file(ROOT / "app.py", default_timeout=90)
    at.run()
    at.switch_page("pages/levels_page.py").run()
    assert "activities.interaction" in texts(at).replace("\\", "")
    start_game(at)
    words = texts(at).replace("\\", "")
    assert "Wrote a review:" in words
    assert "Shared posts:" not in words


# --- Figures and tables


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_figures_show_the_counts_and_escape_labels(flow, players, theme):
    renamed = GAME.rules[0].model_copy(update={"label": "<b>Webinars"})
    model = GAME.model_copy(update={"rules": (renamed, *GAME.rules[1:])})
    quests = find_quests(flow, model, players)
    levels = describe_levels(model, players.leads.scores, players.leads.tiers)
    distances = measure_distances(model, players.leads.scores, players.leads.tiers)
    leads = levels_figure(levels, theme)
    assert list(leads.data[0].x) == [level.leads for level in levels[::-1]]
    missing = distances_figure(model, distances, theme)
    assert sum(sum(trace.y) for trace in missing.data) == sum(level.leads for level in levels[:-1])
    done = completion_figure(quests, theme)
    assert list(done.data[0].x) == [quest.progress.done / len(players.lifetime) for quest in quests]
    rates = quest_rates_figure(quests, theme)
    assert list(rates.data[0].x) == [quest.with_it.rate for quest in quests]
    assert "&lt;b&gt;Webinars" in done.to_json().replace("\\u003c", "<").replace("\\u003e", ">")
    assert quests_table(quests)["Completed"].tolist() == [quest.progress.done for quest in quests]
    assert levels_table(levels)["Leads"].sum() == len(players.lifetime)
    assert distances_table(model, distances)["Leads"].sum() == sum(level.leads for level in levels[:-1])


# --- The command


@pytest.fixture
def run(demo_workspace, tmp_path):
    model_path = tmp_path / "gamified.toml"
    model_path.write_text(format_model(GAME), encoding="utf-8")

    def invoke(*arguments, game=True):
        chosen = ["--model", str(model_path)] if game else []
        return CliRunner().invoke(
            main, ["levels", "--workspace", str(demo_workspace.path), *chosen, *arguments]
        )

    return invoke


def test_the_command_prints_what_the_page_shows(run, flow, players):
    result = run("--json", "--limit", "3")
    assert result.exit_code == 0
    document = json.loads(result.output)
    assert document["leads"] == len(players.lifetime)
    assert [row["score"] for row in document["leaderboard"]] == sorted(players.leads.scores, reverse=True)[:3]
    quests = find_quests(flow, GAME, players)
    assert [one["completed"] for one in document["quests"]] == [quest.progress.done for quest in quests]
    assert [one["with_it"]["rate"] for one in document["quests"]] == [q.with_it.rate for q in quests]
    evidence = level_evidence(flow, GAME)
    assert document["verdict"]["sentence"] == evidence.order.sentence
    assert [one["backtest"]["rate"] for one in document["levels"]] == [t.rate for t in evidence.pooled.tiers]
    text = run("--limit", "3").output
    assert evidence.order.sentence in text
    assert GAME.tiers[-1].perk in text
    assert f"3 of {len(players.lifetime):,} rows" in text


def test_the_whole_leaderboard_goes_into_a_file(run, players, tmp_path, monkeypatch):
    monkeypatch.setattr("commands.levels.PART_ROWS", 1000)
    out = tmp_path / "board.csv"
    result = run("--out", str(out), "--by", "lifetime")
    assert result.exit_code == 0, result.output
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["lifetime_points"]) for row in rows] == sorted(players.lifetime, reverse=True)
    assert [int(row["place"]) for row in rows[:1]] == [1]


def test_as_of_an_earlier_instant_nobody_has_more_lifetime_points(run, players):
    document = json.loads(run("--json", "--at", "2025-06-01", "--by", "lifetime").output)
    assert document["at"].startswith("2025-06-01")
    assert 0 < document["leads"] < len(players.lifetime)
    assert document["leaderboard"][0]["lifetime_points"] <= players.lifetime.max()


def test_a_model_without_quests_is_refused_with_what_to_do(run):
    result = run(game=False)
    assert result.exit_code == 2
    assert "a model must have quests" in result.output
    assert "tierline models ready-made gamified" in result.output
