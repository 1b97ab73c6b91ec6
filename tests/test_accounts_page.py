"""The Accounts page through AppTest: ranking, filters, one account, the back-test, and empty states."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.accounts.account import missing_sentence, people_table, seats_table
from pages.components.accounts.converted import period_table, tier_by_period, tier_table
from pages.components.accounts.words import rules_in_words, scored_how
from pages.components.format import as_markdown, count, percent
from queries.account_backtest import account_backtest
from queries.account_list import AccountFilter, find_accounts, list_accounts
from queries.dataset import open_flow, ready_models, save_model_in_use
from queries.importing import load_files
from queries.one_account import explain_account
from queries.scored_accounts import scored_accounts
from queries.workspace import Workspace
from scoring.account_scoring import account_model

ROOT = Path(__file__).parent.parent
CONVERTED = "What accounts converted"


@pytest.fixture(scope="module")
def workspace(demo_workspace, tmp_path_factory) -> Workspace:
    """Demo data with the ready-made model in use."""
    folder = tmp_path_factory.mktemp("accounts") / "workspace"
    shutil.copytree(demo_workspace.path, folder)
    own = Workspace.open(folder)
    save_model_in_use(own, ready_models()["account_based"])
    return own


@pytest.fixture(scope="module")
def flow(workspace):
    return open_flow(workspace)


@pytest.fixture(scope="module")
def model():
    return ready_models()["account_based"]


@pytest.fixture
def open_page(workspace, monkeypatch):
    def run(view=None, folder=workspace.path, **query):
        monkeypatch.setenv("TIERLINE_WORKSPACE", str(folder))
        at = AppTest.from_file(ROOT / "pages" / "accounts_page.py", default_timeout=60)
        if view is not None:
            at.session_state["accounts_view"] = view
        for key, value in query.items():
            at.query_params[key] = value
        at.run()
        assert not at.exception
        return at

    return run


def texts(at):
    return "\n".join(element.value for element in (*at.markdown, *at.info, *at.error))


def best_id(flow, model):
    found = scored_accounts(flow, model)
    return list_accounts(flow, model, found, find_accounts(flow, model, found)[:1]).column(0)[0].as_py()


def test_accounts_are_ranked_filtered_searched_and_paged(open_page, flow, model):
    at = open_page()
    found = scored_accounts(flow, model)
    ranked = list_accounts(flow, model, found, find_accounts(flow, model, found)[:50])
    assert at.dataframe[0].value["Account"].tolist() == ranked.column("account_id").to_pylist()
    assert f"**{count(len(found))}** of {count(len(found))} accounts" in texts(at)
    at.multiselect(key="accounts_tiers").select("Engage").run()
    engaged = find_accounts(flow, model, found, AccountFilter(tiers=("Engage",)))
    assert set(at.dataframe[0].value["Tier"]) == {"Engage"}
    assert f"**{count(len(engaged))}** of" in texts(at)
    at.text_input(key="accounts_search").input("no such text anywhere").run()
    assert "satisfies all filters" in texts(at)
    later = open_page()
    later.session_state["accounts_page"] = 2
    later.run()
    second = list_accounts(flow, model, found, find_accounts(flow, model, found)[50:100])
    assert later.dataframe[0].value["Account"].tolist() == second.column("account_id").to_pylist()


def test_an_address_opens_an_account_with_its_committee(open_page, flow, model):
    account_id = best_id(flow, model)
    at = open_page(account=account_id)
    explained = explain_account(flow, model, account_id)
    assert f"**{explained.score} points" in texts(at)
    assert missing_sentence(explained) in texts(at)
    shown = [frame.value for frame in at.dataframe]
    assert any(list(frame.get("Lead", [])) == [p.lead_id for p in explained.people] for frame in shown)
    at.button(key="close_account").click().run()
    assert "account" not in at.query_params
    assert not at.header


def test_an_id_that_there_is_not_is_said(open_page):
    at = open_page()
    at.text_input(key="account_asked").input("nobody").run()
    assert as_markdown("an account must be one that a lead belongs to, got 'nobody'") in texts(at)


def test_the_tables_hold_what_was_computed(flow, model):
    explained = explain_account(flow, model, best_id(flow, model))
    people = people_table(explained, model)
    assert people["Score"].dropna().tolist() == sorted(people["Score"].dropna(), reverse=True)
    seated = people[people["Department"].notna()]  # somebody without a department has no seat
    assert (seated["Engaged"] == "yes").sum() == seats_table(explained)["People engaged"].sum()
    assert (
        list(explained.missing) == seats_table(explained).query("`People known` == 0")["Department"].tolist()
    )


def test_each_tier_of_accounts_has_rate_range_and_count(open_page, flow, model):
    at = open_page(CONVERTED)
    found = account_backtest(flow, model)
    pooled = found.backtest.pooled
    assert percent(pooled.tiers[-1].rate) in [metric.value for metric in at.metric]
    assert any(f"{count(found.through_others['pooled'])} of them only" in one.value for one in at.caption)
    table = tier_table(pooled, account_model(model))
    assert table["Accounts"].tolist() == [*(tier.leads for tier in pooled.tiers[::-1]), pooled.leads]
    assert table["Likely from"].notna().sum() == len(pooled.tiers)
    assert period_table(found)["Accounts"].iloc[:-1].sum() == pooled.leads
    assert tier_by_period(found, "Pursue")["Converted"].iloc[-1] == pooled.tiers[-1].conversions


def test_a_model_without_the_block_says_what_holds(open_page, demo_workspace, model):
    at = open_page(folder=demo_workspace.path)
    assert "does not say how accounts are scored" in texts(at)
    assert at.dataframe[0].value["Tier"].iloc[0] == "Sales-ready (SQL)"
    lines = "\n".join(rules_in_words(model))
    assert "at most 50 together" in lines
    assert "the sum of its 3 best leads" in lines
    assert "engaged person" in scored_how(model)


def open_in_app(folder, monkeypatch):
    """The page inside of the dashboard, since it links to another one."""
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(folder))
    at = AppTest.from_file(ROOT / "app.py", default_timeout=60).run()
    at.switch_page("pages/accounts_page.py").run()
    assert not at.exception
    return texts(at)


def test_no_data_and_leads_without_accounts_say_what_to_do(monkeypatch, tmp_path):
    empty = Workspace.open(tmp_path / "empty")
    assert "There are no accounts yet" in open_in_app(empty.path, monkeypatch)
    leads, activities = tmp_path / "leads.csv", tmp_path / "activities.csv"
    leads.write_text("lead_id,created_at\nL1,2025-01-01\n", "utf-8")
    activities.write_text("lead_id,occurred_at,activity_type\nL1,2025-01-02,visit\n", "utf-8")
    own = Workspace.open(tmp_path / "own")
    load_files(own, [leads, activities])
    assert "do not say which account they belong to" in open_in_app(own.path, monkeypatch)
