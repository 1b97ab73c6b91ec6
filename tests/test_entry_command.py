"""What ``tierline backtest --view entry`` prints."""

import json

from commands.entry_view import entry_view
from queries.dataset import open_flow, ready_models
from queries.entry import entry_leads
from queries.sales import responses_by_tier
from scoring.worked_words import NOT_TOLD, THE_ENTERED
from tests.conftest import DEMO_LEADS


def test_the_table_and_the_json_hold_the_same_figures(demo_workspace, capsys):
    flow, model = open_flow(demo_workspace), ready_models()["b2b_guideline"]
    assert flow is not None
    entry_view(flow, model, as_json=True)
    document = json.loads(capsys.readouterr().out)
    entry_view(flow, model, as_json=False)
    head, _, *rows, said = capsys.readouterr().out.splitlines()
    assert head.startswith("B2B guideline: leads by the period in which their score first reached a tier")
    pooled = {tier["tier"]: tier for tier in document["pooled"]["tiers"]}
    assert [row.split()[:3] for row in rows[-3:]] == [
        ["pooled", name, f"{tier['entries']:,}"] for name, tier in pooled.items()
    ]
    assert f"{100 * pooled['SQL']['rate']:.1f} %" in rows[-1]
    assert f"{pooled['SQL']['days_median']} days" in rows[-1]
    assert len(rows) == 3 * (len(document["periods"]) + 1)
    shares = {one.tier: (one.complete, one.worked) for one in responses_by_tier(flow, model)}
    assert {name: (one["leads"], one["worked"]) for name, one in document["worked"].items()} == shares
    complete, worked = shares["SQL"]
    assert document["worked"]["SQL"]["worked_share"] == worked / complete
    assert said.startswith(
        f"- {THE_ENTERED} sales worked: Sales-ready (SQL) {100 * worked / complete:.0f}\u00a0%, "
    )


def test_wins_alone_do_not_tell_which_entries_sales_worked(wins_only, capsys):
    flow, model = open_flow(wins_only), ready_models()["b2b_guideline"]
    entry_view(flow, model, as_json=True)
    assert json.loads(capsys.readouterr().out)["worked"] is None
    entry_view(flow, model, as_json=False)
    assert capsys.readouterr().out.splitlines()[-1] == f"- {NOT_TOLD}"


def test_every_demo_lead_enters_the_lowest_tier_and_higher_tiers_convert_better(demo_workspace, capsys):
    flow, model = open_flow(demo_workspace), ready_models()["b2b_guideline"]
    assert flow is not None
    entry_view(flow, model, as_json=True)
    tiers = json.loads(capsys.readouterr().out)["pooled"]["tiers"]
    assert tiers[0]["entries"] == DEMO_LEADS
    assert tiers[0]["rate"] < tiers[1]["rate"] < tiers[2]["rate"]


def test_who_became_sales_ready_in_a_quarter_are_the_entries_of_that_quarter(demo_workspace, capsys):
    flow, model = open_flow(demo_workspace), ready_models()["b2b_guideline"]
    assert flow is not None
    entry_view(flow, model, as_json=True)
    document = json.loads(capsys.readouterr().out)
    quarter = next(period for period in document["periods"] if period["period"] == "2025-Q4")
    leads = entry_leads(flow, model, "SQL", "2025-Q4").to_pylist()
    figures = next(tier for tier in quarter["tiers"] if tier["tier"] == "SQL")
    assert len(leads) == figures["entries"]
    assert sum(lead["converted_at"] is not None for lead in leads if lead["mature"]) == figures["conversions"]
