"""The Predict page through AppTest: it shows what the command computes."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.format import as_markdown
from pages.components.predict.figure import LEARNED, POINTS, foretold_figure
from pages.components.predict.held_figure import CAME, PROMISED, held_figure
from pages.components.predict.tables import bands_table, periods_table, rules_table
from queries.dataset import model_in_use, open_flow
from queries.prediction import history_of, lead_probabilities
from scoring.prediction import predict
from scoring.prediction_words import promise_sentence, sentence

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def learned(demo_workspace):
    flow, model = open_flow(demo_workspace), model_in_use(demo_workspace)
    return flow, model, predict(history_of(flow, model), model.enabled_rules)


@pytest.fixture
def page(demo_workspace, monkeypatch):
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(demo_workspace.path))
    at = AppTest.from_file(ROOT / "app.py", default_timeout=120).run()
    at.switch_page("pages/predict_page.py").run()
    assert not at.exception
    return at


def test_the_page_says_and_tabulates_what_was_learned(page, learned):
    _, model, prediction = learned
    assert f"**{as_markdown(sentence(prediction))}**" in [each.value for each in page.markdown]
    tables = [each.value for each in page.dataframe]
    for expected in (periods_table(prediction), rules_table(prediction, model)):
        assert any(
            list(table.columns) == list(expected.columns) and len(table) == len(expected) for table in tables
        )


def test_chances_are_worked_out_on_demand(page, learned):
    flow, model, prediction = learned
    page.toggle(key="show_chances").set_value(True).run()
    assert not page.exception
    table = next(each.value for each in page.dataframe if "Lead" in each.value.columns)
    expected = lead_probabilities(flow, model, prediction.fit).to_pandas()
    assert table["Lead"].tolist() == expected["lead_id"].tolist()[:1000]
    assert table["Chance"].tolist() == pytest.approx(expected["probability"].tolist()[:1000])
    labels = {tier.name: tier.shown_label for tier in model.tiers}
    assert table["Tier"].tolist() == [labels[name] for name in expected["tier"]][:1000]
    wins = f"promise {round(expected['probability'].sum()):,} wins within 90 days"
    assert any(wins in each.value.replace("\\", "") for each in page.caption)


def test_whether_chances_held_is_said_drawn_and_tabulated(page, learned):
    _, _, prediction = learned
    assert f"**{as_markdown(promise_sentence(prediction))}**" in [each.value for each in page.markdown]
    expected = bands_table(prediction)
    table = next(each.value for each in page.dataframe if "Promised wins" in each.value.columns)
    assert table["Wins"].tolist() == expected["Wins"].tolist()
    traces = {trace.name: trace for trace in held_figure(prediction, "dark").data}
    assert list(traces[CAME].y) == [band.rate for band in prediction.bands]
    assert list(traces[PROMISED].y) == [band.expected / band.leads for band in prediction.bands]


def test_the_figure_holds_both_rankings(learned):
    _, _, prediction = learned
    figure = foretold_figure(prediction, "light")
    axis = figure.layout.yaxis
    assert [f"{100 * value:.0f}" for value in axis.tickvals] == list(axis.ticktext)
    assert len(axis.ticktext) > 1
    traces = {trace.name: trace for trace in figure.data}
    assert list(traces[LEARNED].y) == [period.ranking.auc_b for period in prediction.periods]
    assert list(traces[POINTS].y) == [period.ranking.auc_a for period in prediction.periods]


def test_without_data_it_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(tmp_path / "none"))
    at = AppTest.from_file(ROOT / "app.py", default_timeout=60).run()
    at.switch_page("pages/predict_page.py").run()
    assert not at.exception
    assert "no wins to learn from yet" in at.info[0].value
