"""The Leads page through AppTest: lists, filters, movers, and one lead explained."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.figures.lead import history_figure, waterfall_figure
from pages.components.format import as_markdown, bold, count
from pages.components.leads.lead import activities_table, outcomes_table, steps_table
from pages.components.leads.load import LeadView
from pages.components.theme import Theme
from queries.dataset import model_in_use, open_flow
from queries.lead_advice import leads_like, next_tier
from queries.lead_filter import LeadFilter
from queries.lead_list import find_leads, list_leads
from queries.movers import find_movers
from queries.named_lists import high_and_open, won_and_low
from queries.one_lead import explain_lead
from queries.scored_leads import scored_leads
from scoring.lead_words import next_tier_words, score_band_words
from scoring.next_tier import NextTier
from scoring.score_band import ScoreBand

ROOT = Path(__file__).parent.parent
THEMES: tuple[Theme, ...] = ("light", "dark")


@pytest.fixture(scope="module")
def flow(demo_workspace):
    return open_flow(demo_workspace)


@pytest.fixture(scope="module")
def model(demo_workspace):
    return model_in_use(demo_workspace)


@pytest.fixture
def open_page(demo_workspace, monkeypatch):
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(demo_workspace.path))

    def run(view=None, **query):
        at = AppTest.from_file(ROOT / "pages" / "leads_page.py", default_timeout=60)
        if view is not None:
            at.session_state["leads_view"] = view
        for key, value in query.items():
            at.query_params[key] = value
        at.run()
        assert not at.exception
        return at

    return run


def texts(at):
    return "\n".join(element.value for element in (*at.markdown, *at.info, *at.error))


def shown(at, place=0):
    return at.dataframe[place].value


def test_who_scored_high_and_went_nowhere_comes_first(open_page, flow, model):
    at = open_page()
    rows = high_and_open(flow, model)
    assert f"**{count(rows.num_rows)}** rows" in texts(at)
    assert shown(at)["Lead"].tolist() == rows.column("lead_id").to_pylist()[:50]
    assert {"Owner", "Reason", "Period"} <= set(shown(at).columns)
    newest = rows.column("period").to_pylist()[0]
    at.selectbox(key="high_period").select(newest).run()
    assert set(shown(at)["Period"]) == {newest}


def test_wins_of_low_scores_are_listed(open_page, flow, model):
    at = open_page("Won, but scored low")
    assert shown(at)["Lead"].tolist() == won_and_low(flow, model).column("lead_id").to_pylist()[:50]


def test_open_leads_are_ranked_filtered_and_searched(open_page, flow, model):
    at = open_page("All open leads")
    leads = scored_leads(flow, model)
    ranked = list_leads(flow, model, leads, find_leads(flow, model, leads)[:50])
    assert shown(at)["Lead"].tolist() == ranked.column("lead_id").to_pylist()
    at.multiselect(key="ranked_tiers").select("MQL").run()
    assert set(shown(at)["Tier"]) == {model.tiers[1].shown_label}
    at.multiselect(key="ranked_fields").select("leads.region").run()
    at.multiselect(key="ranked_values_leads.region").select("EMEA").run()
    wanted = LeadFilter(tiers=("MQL",), attributes=(("leads.region", ("EMEA",)),))
    found = find_leads(flow, model, leads, wanted)
    assert f"**{count(len(found))}** of {count(len(leads.scores))} open leads" in texts(at)
    at.text_input(key="ranked_search").input("no such text anywhere").run()
    assert "satisfies all filters" in texts(at)


def test_a_later_page_shows_the_rows_after(open_page, flow, model):
    at = open_page("All open leads")
    at.session_state["ranked_page"] = 3
    at.run()
    leads = scored_leads(flow, model)
    third = list_leads(flow, model, leads, find_leads(flow, model, leads)[100:150])
    assert shown(at)["Lead"].tolist() == third.column("lead_id").to_pylist()


def test_movers_say_which_rules_did_it(open_page, flow, model):
    at = open_page("Who moved")
    movers = find_movers(flow, model, 7)
    assert f"**{count(movers.risen_count)}** leads rose" in texts(at)
    assert movers.risen
    first = shown(at).iloc[0]
    assert (first["Lead"], first["Change"]) == (movers.risen[0].lead_id, movers.risen[0].change)
    strongest = next(iter(movers.risen[0].reasons))
    assert model.rule(strongest).shown_label in first["Why"]


def test_an_address_opens_the_lead_as_of_its_day(open_page, flow, model):
    lead_id, day = "L0000001", datetime(2024, 4, 1)
    at = open_page(lead=lead_id, on=day.isoformat())
    explained = explain_lead(flow, model, lead_id, day)
    assert f"Lead {lead_id}" in [header.value for header in at.header]
    assert f"**{explained.score} points" in texts(at)
    assert "as of 1 April 2024" in texts(at)
    assert next_tier_words(next_tier(flow, model, explained), bold) in texts(at)
    at.button(key="close_lead").click().run()
    assert "lead" not in at.query_params
    assert not at.header


def test_an_id_that_there_is_not_is_said(open_page):
    at = open_page()
    at.text_input(key="lead_asked").input("nobody").run()
    assert as_markdown("a lead must be one of the data's, got 'nobody'") in texts(at)


def some_lead(flow, model):
    leads = scored_leads(flow, model)
    best = list_leads(flow, model, leads, find_leads(flow, model, leads)[:1]).column("lead_id")[0].as_py()
    lead = explain_lead(flow, model, best)
    return LeadView(lead, next_tier(flow, model, lead), leads_like(flow, model, lead.score))


@pytest.mark.parametrize("theme", THEMES)
def test_the_figures_hold_what_was_computed(flow, model, theme):
    lead = some_lead(flow, model).lead
    waterfall = waterfall_figure(lead.waterfall, model, theme)
    steps = next(one for one in waterfall.data if one.name == "steps")
    assert sum(steps.x) == lead.score
    assert list(steps.x) == [step.points for step in lead.waterfall.steps if step.points]
    assert [base + points for base, points in zip(steps.base, steps.x, strict=True)] == [
        step.total for step in lead.waterfall.steps if step.points
    ]
    history = history_figure(lead.history, lead.outcomes, model, theme)
    line = next(one for one in history.data if one.name == "score")
    assert list(line.y) == list(lead.history.scores)
    assert waterfall.layout.title.text.startswith(f"{lead.score} points")


def test_the_tables_hold_what_was_computed(flow, model):
    lead = some_lead(flow, model).lead
    assert steps_table(lead)["Points"].sum() == lead.score
    assert len(activities_table(lead, model)) == sum(one.counts for one in lead.seen)
    assert len(outcomes_table(lead)) == len(lead.outcomes)


def test_advice_is_a_sentence_in_every_case(model):
    tier = model.tiers[-1]
    assert "highest tier" in next_tier_words(NextTier(None, 0))
    assert "caps and limits" in next_tier_words(NextTier(tier, 5, reachable=False))
    assert "No short list" in next_tier_words(NextTier(tier, 5))
    assert "No complete lead" in score_band_words(ScoreBand(1, 1, 0, 0, None, None, None))
    assert "scored 3 to 5" in score_band_words(ScoreBand(3, 5, 10, 1, 0.1, 0.02, 0.4))
