"""Every page that shows a tier's rate shows what sales worked of its leads, or that nobody knows it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.compare import tables as compare_tables
from pages.components.figures.style import tier_labels
from pages.components.format import as_markdown
from pages.components.grid import worked as grid_part
from pages.components.grid.component import grid_payload
from pages.components.grid.section import grid_frame
from pages.components.tune import worked as shown_part
from pages.components.tune.history import DraftHistory
from pages.components.worked import WORKED, account_worked_sentence, worked_sentence
from queries.account_worked import known_worked_accounts
from queries.dataset import model_in_use, open_flow, ready_models
from queries.worked import known_worked, known_worked_cells, known_worked_moves, known_worked_parts
from scoring.account_scoring import account_model
from scoring.evidence import kept_back
from scoring.grid_figures import compute_grid
from scoring.worked import of_tier, pooled
from scoring.worked_words import NOT_TOLD, NOT_YET

APP = Path(__file__).parents[1] / "app.py"
READY = {"levels": "gamified", "accounts": "account_based", "tune": "fit_engagement"}


@pytest.fixture
def folder(demo_workspace, tmp_path, monkeypatch):
    return copied(demo_workspace, tmp_path, monkeypatch)


@pytest.fixture
def folder_of_wins(wins_only, tmp_path, monkeypatch):
    return copied(wins_only, tmp_path, monkeypatch)


def copied(workspace, tmp_path, monkeypatch):
    """A copy of this test's own: a verdict that is shown is counted in it."""
    shutil.copytree(workspace.path, tmp_path / "workspace")
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(tmp_path / "workspace"))
    for part in (shown_part, grid_part):
        monkeypatch.setattr(part, "PATIENCE_SECONDS", 60)
    return workspace


def open_page(name, draft, in_use, **session):
    at = AppTest.from_file(APP, default_timeout=120)
    at.query_params["inputs"] = "plain"
    at.session_state["draft_history"] = DraftHistory.start(in_use).add(draft, "a change")
    for key, value in session.items():
        at.session_state[key] = value
    at.run()
    if name != "tune":
        at.switch_page(f"pages/{name}_page.py").run()
    assert not at.exception
    return at


def table_with(at, *columns):
    """The only table that has these columns."""
    [found] = [each.value for each in at.dataframe if {*columns} <= {*each.value.columns}]
    return found


def captions(at):
    return [one.value for one in at.caption]


def with_lower_threshold(model):
    top = model.tiers[-1].model_copy(update={"threshold": model.tiers[-1].threshold - 30})
    return model.model_copy(update={"name": "Lower", "tiers": (*model.tiers[:-1], top)})


def test_levels_have_it_of_the_periods_that_their_rates_are_of(folder):
    flow, game = open_flow(folder), ready_models()["gamified"]
    left_out = kept_back(flow.cells(game), game)
    at = open_page("levels", game, model_in_use(folder))
    shares = pooled(known_worked(flow, game), left_out)
    table = table_with(at, "Level", WORKED).set_index("Level")
    labels = tier_labels(game)
    assert {labels[name]: (one.leads, one.share) for name, one in shares.items()} == {
        label: (table.loc[label, "Leads"], table.loc[label, WORKED]) for label in labels.values()
    }
    assert left_out and worked_sentence(shares, game) in captions(at)


def test_accounts_have_it_by_tier_and_by_period(folder):
    flow, model = open_flow(folder), ready_models()["account_based"]
    at = open_page("accounts", model, model_in_use(folder), accounts_view="What accounts converted")
    shares, accounts = known_worked_accounts(flow, model), account_model(model)
    table = table_with(at, "Tier", WORKED).set_index("Tier")
    for tier in accounts.tiers:
        assert table.loc[tier.shown_label, WORKED] == pooled(shares)[tier.name].share
    assert account_worked_sentence(shares, model) in captions(at)
    assert "Of the complete accounts sales worked" in account_worked_sentence(shares, model)
    by_period = table_with(at, "Period", "Times the average", WORKED).set_index("Period")[WORKED]
    known = {label: one.share for label, one in of_tier(shares, accounts.tiers[-1].name).items()}
    assert {label: value for label, value in by_period.items() if value == value} == {
        label: share for label, share in known.items() if share is not None
    }


def test_compare_has_it_under_both_models_by_period_and_by_move(folder):
    flow, in_use = open_flow(folder), model_in_use(folder)
    draft = with_lower_threshold(in_use)
    left_out = kept_back(flow.cells(in_use), in_use)
    at = open_page("compare", draft, in_use)
    shown = captions(at)
    for start, model in (
        ("With your draft, of the complete leads", draft),
        ("With the model in use", in_use),
    ):
        assert worked_sentence(pooled(known_worked(flow, model), left_out), model, start) in shown
    by_period = table_with(at, compare_tables.RATE_DRAFT).set_index("Quarter")
    for column, model in (
        (compare_tables.WORKED_DRAFT, draft),
        (compare_tables.WORKED_IN_USE, in_use),
    ):
        known = of_tier(known_worked(flow, model), model.tiers[-1].name)
        assert by_period[column].to_dict() == {label: known[label].share for label in by_period.index}
    moves = table_with(at, compare_tables.TIER_IN_USE, WORKED)
    known = known_worked_moves(flow, in_use, draft, left_out)
    labels = tier_labels(draft)
    by_label = {(labels[a], labels[b]): (one.leads, one.share) for (a, b), one in known.items()}
    assert len(moves) > len(draft.tiers)
    for _, row in moves.iterrows():
        pair = row[compare_tables.TIER_IN_USE], row[compare_tables.TIER_IN_DRAFT]
        assert (row[compare_tables.LEADS], row[WORKED]) == by_label[pair]


def test_the_back_test_has_it_by_period_and_by_part(folder):
    flow, model = open_flow(folder), model_in_use(folder)
    at = open_page("backtest", model, model)
    at.selectbox(key="backtest_split").set_value("leads.region").run()
    assert not at.exception
    top = model.tiers[-1].name
    by_period = table_with(at, "Quarter", "Share of wins caught", WORKED).set_index("Quarter")[WORKED]
    known = {label: one.share for label, one in of_tier(known_worked(flow, model), top).items()}
    known["All complete quarters"] = known.pop("pooled")
    assert {label: value for label, value in by_period.items() if value == value} == known
    parts = table_with(at, "Region", WORKED).set_index("Region")[WORKED].to_dict()
    assert parts == {
        value: pooled(shares)[top].share
        for value, shares in known_worked_parts(flow, model, "leads.region").items()
    }


def test_the_grid_has_it_in_each_cell(folder):
    flow, model = open_flow(folder), ready_models()["fit_engagement"]
    at = open_page("tune", model, model_in_use(folder))
    shares = known_worked_cells(flow, model)
    table = table_with(at, "cell", "period")
    whole = table[table["period"] == "pooled"].set_index("cell")["sales worked"].to_dict()
    assert whole == {name: one.share for name, one in pooled(shares).items()}
    figures = compute_grid(flow.cells(model), model)
    top = model.tiers[-1].name
    cells = grid_payload(figures, shares, model, model, top, "light")["cells"]
    first = pooled(shares)[cells[0]["name"]]
    assert cells[0]["worked"] == f"worked {100 * first.share:.0f}\u00a0%"
    for known, text in (((), ""), (None, f"worked {NOT_YET}")):
        cells = grid_payload(figures, known, model, model, top, "light")["cells"]
        assert {cell["worked"] for cell in cells} == {text}
        assert "sales worked" not in grid_frame(figures, known)


@pytest.mark.parametrize("name", ["levels", "accounts", "compare", "backtest", "tune"])
def test_with_wins_alone_one_sentence_says_that_nobody_knows(folder_of_wins, name):
    in_use = model_in_use(folder_of_wins)
    draft = ready_models()[READY[name]] if name in READY else with_lower_threshold(in_use)
    at = open_page(name, draft, in_use, accounts_view="What accounts converted")
    assert captions(at).count(as_markdown(NOT_TOLD)) == 1
    for each in at.dataframe:
        assert not [column for column in each.value.columns if "sales worked" in column.lower()]
