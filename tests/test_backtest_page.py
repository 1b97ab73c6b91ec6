"""The Back-test page through AppTest: its tables are the back-test, and every state has words."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from demo_data.generator import generate
from pages.components.backtest import tables
from pages.components.backtest.difference import DIFFERENCE, DRAFT, FIGURE, IN_USE, in_words
from pages.components.backtest.view import scored_when
from pages.components.format import count, percent, times_in_100
from pages.components.state import Part
from pages.components.tune.history import DraftHistory
from queries.dataset import model_in_use, open_flow, ready_models
from queries.importing import load_tables
from queries.unique_leads import unique_leads
from queries.workspace import Workspace
from scoring.backtest import backtest_by_segment, compute_backtest, to_json
from scoring.model import Observation
from scoring.model_file import format_model
from tests.page_reading import checked, column, table

ROOT = Path(__file__).parent.parent
PAGE = "pages/backtest_page.py"
SPLIT = "leads.region"


@pytest.fixture
def workspace(demo_workspace, monkeypatch):
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(demo_workspace.path))
    return demo_workspace


@pytest.fixture
def own_workspace(demo_workspace, tmp_path, monkeypatch):
    """A copy that a test may write to."""
    folder = tmp_path / "workspace"
    shutil.copytree(demo_workspace.path, folder)
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(folder))
    return Workspace.open(folder)


def open_page(**session):
    at = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    for key, value in session.items():
        at.session_state[key] = value
    return at.run().switch_page(PAGE).run()


@pytest.fixture
def model(workspace):
    return model_in_use(workspace)


@pytest.fixture
def document(workspace, model):
    """What ``tierline backtest --json`` prints."""
    return to_json(compute_backtest(open_flow(workspace).cells(model), model))


def test_sections_are_titled_by_the_readers_question(workspace):
    at = checked(open_page())
    assert [title.value for title in at.title] == ["Back-test"]
    headers = [header.value for header in at.header]
    assert len(headers) >= 5
    assert all(header.endswith("?") for header in headers)


def test_the_headline_holds_the_pooled_figures(workspace, document):
    pooled, top = document["pooled"], document["pooled"]["tiers"][-1]
    assert [metric.value for metric in checked(open_page()).metric] == [
        percent(top["rate"]),
        percent(top["capture"]),
        times_in_100(pooled["auc"]),
        count(pooled["leads"]),
    ]


def test_the_tier_table_equals_the_pooled_back_test(workspace, model, document):
    frame = table(checked(open_page()), "Conversion by tier")
    tiers = document["pooled"]["tiers"][::-1]
    assert column(frame, "Tier") == [tier.shown_label for tier in model.tiers[::-1]] + [tables.ALL_LEADS]
    for name, key in (
        (tables.LEADS, "leads"),
        (tables.CONVERSIONS, "conversions"),
        (tables.RATE, "rate"),
        (tables.AMOUNT, "amount"),
    ):
        assert column(frame, name) == [*(tier[key] for tier in tiers), document["pooled"][key]]
    for name, key in (
        (tables.LOW, "low"),
        (tables.HIGH, "high"),
        (tables.LIFT, "lift"),
        (tables.CAPTURE, "capture"),
    ):
        assert column(frame, name)[:-1] == [tier[key] for tier in tiers]


def test_different_leads_stand_beside_lead_quarters(workspace, model):
    unique = unique_leads(open_flow(workspace), model)
    frame = table(checked(open_page()), "Conversion by tier")
    names = [*(tier.name for tier in model.tiers[::-1]), None]
    assert column(frame, tables.UNIQUE_LEADS) == [unique[name][0] for name in names]
    assert column(frame, tables.UNIQUE_CONVERTED) == [unique[name][1] for name in names]
    assert unique[None][0] < frame[tables.LEADS].iloc[-1]


@pytest.mark.parametrize("tier", ["SQL", "MQL", "Nurture"])
def test_every_tier_can_be_followed_over_time(workspace, model, document, tier):
    at = open_page()
    at.button_group(key="backtest_tier").set_value(tier).run()
    label = next(one.shown_label for one in model.tiers if one.name == tier)
    frame = table(checked(at), f"{label} by quarter")
    rows = [
        next(one for one in period["tiers"] if one["tier"] == tier)
        for period in (*document["periods"], document["pooled"])
    ]
    assert column(frame, "Quarter") == [
        *(period["period"] for period in document["periods"]),
        "All complete quarters",
    ]
    for name, key in (
        (tables.LEADS, "leads"),
        (tables.CONVERSIONS, "conversions"),
        (tables.RATE, "rate"),
        (tables.LOW, "low"),
        (tables.HIGH, "high"),
        (tables.LIFT, "lift"),
    ):
        assert column(frame, name) == [row[key] for row in rows], name


def test_a_tier_that_is_gone_is_no_longer_followed(workspace, model):
    at = open_page()
    at.button_group(key="backtest_tier").set_value("MQL").run()
    middle = model.tiers[1].model_copy(update={"name": "Warm", "label": None})
    draft = model.model_copy(update={"tiers": (model.tiers[0], middle, model.tiers[2])})
    at.session_state["draft_history"] = DraftHistory.start(draft)
    at.run()
    assert table(checked(at), "Sales-ready (SQL) by quarter") is not None


def test_open_quarters_and_few_leads_are_marked_in_words(workspace, document):
    notes = column(table(checked(open_page()), "Sales-ready (SQL) by quarter"), tables.NOTE)
    top = [period["tiers"][-1] for period in document["periods"]]
    for period, tier, note in zip(document["periods"], top, notes, strict=False):
        assert (tables.STILL_OPEN in note) == bool(period["immature_leads"])
        assert (tables.FEW_LEADS in note) == (0 < tier["leads"] < 30)
    assert any(tables.STILL_OPEN in note for note in notes)
    assert any(tables.FEW_LEADS in note for note in notes)
    assert tables.STILL_OPEN not in notes[-1], "open leads enter no total"


def test_ranking_leads_wins_and_details_equal_the_back_test(workspace, document):
    at = checked(open_page())
    rows = [*document["periods"], document["pooled"]]
    for key, name, field in (
        ("Picking the buyer by quarter", tables.PICKS, "auc"),
        ("Picking the buyer by quarter", tables.PICKS_LOW, "auc_low"),
        ("Picking the buyer by quarter", tables.PICKS_HIGH, "auc_high"),
        ("Leads by quarter", tables.LEADS, "leads"),
        ("Leads by quarter", tables.OPEN, "immature_leads"),
        ("Wins by quarter", tables.CONVERSIONS, "conversions"),
        ("Wins by quarter", tables.NEVER_SCORED, "unscored_conversions"),
        ("Wins by quarter", tables.RATE, "rate"),
        ("Wins by quarter", tables.AMOUNT, "amount"),
        ("Change of the leads by quarter", tables.SHIFT, "psi"),
        ("Change of the leads by quarter", tables.DISTANCE, "ks"),
    ):
        assert column(table(at, key), name) == [row[field] for row in rows], name


def test_leads_and_wins_are_split_by_tier(workspace, model, document):
    at = checked(open_page())
    for place, tier in enumerate(model.tiers):
        for key, field in (("Leads by quarter", "leads"), ("Wins by quarter", "conversions")):
            expected = [row["tiers"][place][field] for row in (*document["periods"], document["pooled"])]
            assert column(table(at, key), tier.shown_label) == expected


def test_a_column_splits_the_leads(workspace, model):
    at = open_page()
    at.selectbox(key="backtest_split").set_value(SPLIT).run()
    frame = table(checked(at), "Sales-ready (SQL) by region")
    parts = backtest_by_segment(open_flow(workspace).cells(model, segment=SPLIT), model)
    assert sorted(frame["Region"]) == sorted(parts)
    assert frame[tables.PART_LEADS].is_monotonic_decreasing
    for _, row in frame.iterrows():
        figures = parts[row["Region"]].pooled
        tier = figures.tiers[-1]
        assert (row[tables.LEADS], row[tables.CONVERSIONS], row[tables.PART_LEADS]) == (
            tier.leads,
            tier.conversions,
            figures.leads,
        )
        assert (row[tables.RATE], row[tables.LOW], row[tables.HIGH]) == (tier.rate, tier.low, tier.high)


def test_a_draft_that_differs_stands_beside_the_model_in_use(workspace, model, document):
    top = model.tiers[-1].model_copy(update={"threshold": model.tiers[-1].threshold + 30})
    draft = model.model_copy(update={"tiers": (*model.tiers[:-1], top)})
    at = checked(open_page(draft_history=DraftHistory.start(draft)))
    figures = compute_backtest(open_flow(workspace).cells(draft), draft)
    frame = table(at, "Your draft and the model in use, all complete quarters").set_index(FIGURE)
    new, old = figures.pooled.tiers[-1], document["pooled"]["tiers"][-1]
    row = frame.loc["Sales-ready (SQL): leads"]
    assert (row[DRAFT], row[IN_USE]) == (count(new.leads), count(old["leads"]))
    assert row[DIFFERENCE] == f"−{old['leads'] - new.leads} (fewer)"
    assert (frame.loc["Sales-ready (SQL): converted"][DRAFT]) == percent(new.rate)
    ranking = frame.loc["Picks the buyer over the non-buyer"]
    assert ranking[DIFFERENCE] == "no change", "a threshold changes no score"
    assert "What would your draft have changed?" in [header.value for header in at.header]
    assert all("against the model in use" in metric.delta for metric in at.metric[:3])
    by_period = table(at, "Sales-ready (SQL) by quarter, your draft and the model in use")
    assert column(by_period, "Quarter") == [period["period"] for period in document["periods"]]
    assert column(by_period, IN_USE) == [percent(p["tiers"][-1]["rate"]) for p in document["periods"]]


def test_without_a_draft_nothing_is_compared(workspace):
    at = checked(open_page())
    assert not any("Your draft" in one.proto.alt for one in at.dataframe)
    assert not any(metric.delta for metric in at.metric)


def test_only_a_part_of_the_leads_is_said_and_can_be_left(workspace, model):
    flow = open_flow(workspace)
    parts = backtest_by_segment(flow.cells(model, segment=SPLIT), model)
    value = min(parts)
    at = checked(open_page(part_looked_at=Part(SPLIT, (value,))))
    assert at.metric[3].value == count(parts[value].pooled.leads)
    assert any(value in info.value for info in at.info)
    checked(at.button(key="backtest_all_leads").click().run())
    whole = compute_backtest(flow.cells(model), model)
    assert at.metric[3].value == count(whole.pooled.leads)


def test_every_chart_has_a_text_for_those_who_do_not_see_it(workspace):
    charts = checked(open_page()).get("plotly_chart")
    assert len(charts) == 7
    texts = [chart.proto.alt for chart in charts]
    assert all(text.startswith("Chart. ") and "<" not in text for text in texts)
    assert len(set(texts)) == len(texts)


def test_an_empty_workspace_says_where_to_go(tmp_path, monkeypatch):
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(tmp_path))
    at = checked(open_page())
    assert any("nothing to show yet" in info.value for info in at.info)
    assert not at.metric


def test_data_without_a_complete_quarter_say_what_is_missing(own_workspace):
    model = model_in_use(own_workspace)
    patient = model.conversion.model_copy(update={"horizon_days": 3650})
    own_workspace.write_model_text(format_model(model.model_copy(update={"conversion": patient})))
    at = checked(open_page())
    assert any("No quarter is complete yet" in info.value and "3650 days" in info.value for info in at.info)
    assert not at.metric


def test_a_model_that_does_not_fit_the_data_is_named_and_nothing_else_breaks(own_workspace):
    text = format_model(model_in_use(own_workspace)).replace(
        'field = "activity_type"', 'field = "no_such_column"', 1
    )
    own_workspace.write_model_text(text)
    at = open_page()
    assert not at.exception
    assert len(at.error) == 1
    assert "no\\_such\\_column" in at.error[0].value


def test_months_are_called_months(own_workspace):
    model = model_in_use(own_workspace)
    monthly = model.observation.model_copy(update={"period": "month"})
    own_workspace.write_model_text(format_model(model.model_copy(update={"observation": monthly})))
    at = checked(open_page())
    assert "Did it hold in every month?" in [header.value for header in at.header]
    assert column(table(at, "Sales-ready (SQL) by month"), "Month")[-1] == "All complete months"
    assert at.metric[3].label == "Lead-months judged"


def test_a_region_that_looks_like_a_formula_or_a_picture_stays_text(tmp_path, monkeypatch):
    hostile = "=![x](http://example.com/a.png)"
    data = generate(1000, seed=3)
    leads = data["leads"]
    regions = [hostile] * len(leads)
    regions[::2] = ["EMEA"] * len(regions[::2])
    place = leads.column_names.index("region")
    data["leads"] = leads.set_column(place, "region", [regions])
    own = Workspace.open(tmp_path / "hostile")
    load_tables(own, data)
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(own.path))
    at = open_page()
    at.selectbox(key="backtest_split").set_value(SPLIT).run()
    assert hostile in list(table(checked(at), "Sales-ready (SQL) by region")["Region"])
    assert not any(hostile in element.value for element in (*at.markdown, *at.caption))


@pytest.mark.parametrize(
    ("delta", "words"), [(35, "+35 (more)"), (-2, "+35 (fewer)"), (0, "no change"), (None, "–")]
)
def test_a_difference_is_said_in_sign_and_words(delta, words):
    assert in_words(delta, "+35", "more", "fewer") == words


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "at the moment it came in"), (1, "1 day after it came in"), (7, "7 days after it came in")],
)
def test_the_moment_of_scoring_is_said_in_words(days, words):
    observation = Observation(moment="days_after_creation", days_after_creation=days)
    model = ready_models()["b2b_guideline"].model_copy(update={"observation": observation})
    assert f"as it stood {words}," in scored_when(model)
