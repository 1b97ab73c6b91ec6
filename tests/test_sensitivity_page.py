"""The section "Which rule matters most?": its chart and table hold what was computed, and nothing waits."""

from __future__ import annotations

import threading
import time

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.components.figures.style import tier_labels
from pages.components.theme import tier_colours
from pages.components.tune import changes
from pages.components.tune import sensitivity as section
from pages.components.tune.history import DraftHistory
from pages.components.tune.sensitivity_figure import MOST_SHOWN, sensitivity_figure
from queries.dataset import model_in_use, open_flow
from queries.errors import QueryError
from queries.sensitivity import rule_sensitivity
from scoring.model import Condition, Rule
from scoring.sensitivity import Held, Metric, Question
from scoring.sensitivity_words import headline

PATIENCE_SECONDS = 60
HOLLOW = "rgba(0,0,0,0)"


def page():
    from pages.components import state  # noqa: PLC0415
    from pages.components.tune.sensitivity import show_sensitivity  # noqa: PLC0415

    show_sensitivity(state.current_flow(), state.draft(), state.current_part())


@pytest.fixture
def flow(demo_workspace, monkeypatch):
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(demo_workspace.path))
    return open_flow(demo_workspace)


@pytest.fixture
def model(demo_workspace):
    return model_in_use(demo_workspace)


@pytest.fixture
def found(flow, model):
    return rule_sensitivity(flow, model)


@pytest.fixture
def labels(model):
    return {rule.id: rule.shown_label for rule in model.rules}


def start(draft=None, **session):
    at = AppTest.from_function(page, default_timeout=60)
    if draft is not None:
        at.session_state["draft_history"] = DraftHistory.start(draft)
    for key, value in session.items():
        at.session_state[key] = value
    return at.run()


def settled(at):
    """Run again until the chart of the present request is there."""
    end = time.monotonic() + PATIENCE_SECONDS
    while at.session_state["sensitivity_job"] is not at_last(at):
        assert not at.exception, at.exception[0].value
        assert time.monotonic() < end
        time.sleep(0.05)
        at.run()
    assert not at.error, at.error[0].value
    return at


def at_last(at):
    if "sensitivity_last" not in at.session_state:
        return None
    return at.session_state["sensitivity_last"]


def opened(draft=None, **session):
    return settled(start(draft, sensitivity_open=True, **session))


def shown_table(at):
    [frame] = [one.value for one in at.dataframe]
    return frame


def expected_table(found, metric, labels):
    return section.sensitivity_table(found, metric, labels)


def test_nothing_is_worked_out_while_the_section_is_closed(flow):
    at = start()
    assert [one.label for one in at.expander] == [section.TITLE]
    assert "sensitivity_job" not in at.session_state
    assert not at.get("plotly_chart")


def test_the_open_section_shows_chart_table_and_what_it_is_about(flow, model, found, labels):
    at = opened()
    assert len(at.get("plotly_chart")) == 1
    pd.testing.assert_frame_equal(shown_table(at), expected_table(found, Metric.WINS_CAUGHT, labels))
    alternative = at.get("plotly_chart")[0].proto.alt
    assert headline(found, Metric.WINS_CAUGHT, labels, model.tiers[-1].shown_label) in alternative
    assert any("lead\\-quarters" in one.value for one in at.caption)


def test_another_figure_and_another_step_are_shown_when_chosen(flow, model, found, labels):
    at = opened()
    at.selectbox(key="sensitivity_metric").set_value("auc").run()
    pd.testing.assert_frame_equal(shown_table(settled(at)), expected_table(found, Metric.AUC, labels))
    at.number_input(key="sensitivity_step").set_value(2).run()
    other = rule_sensitivity(flow, model, Question(2))
    pd.testing.assert_frame_equal(shown_table(settled(at)), expected_table(other, Metric.AUC, labels))


def test_what_sales_can_work_is_obeyed(flow, model, labels):
    at = opened(work_leads=3.0)
    expected = rule_sensitivity(flow, model, Question(5, 3.0))
    pd.testing.assert_frame_equal(shown_table(at), expected_table(expected, Metric.WINS_CAUGHT, labels))
    assert any("3 a week" in one.value for one in at.caption)


def test_a_part_of_the_leads_is_looked_at(flow, model, labels):
    from pages.components.state import Part  # noqa: PLC0415

    at = opened(part_looked_at=Part("leads.region", ("EMEA",)))
    expected = rule_sensitivity(flow, model, segment="leads.region", values=("EMEA",))
    assert 0 < expected.leads < rule_sensitivity(flow, model).leads
    pd.testing.assert_frame_equal(shown_table(at), expected_table(expected, Metric.WINS_CAUGHT, labels))


def test_while_a_new_draft_is_worked_out_the_old_figures_are_said_to_be_old(
    flow, model, found, labels, monkeypatch
):
    at = opened()
    go = threading.Event()
    real = rule_sensitivity

    def slow(*arguments, **options):
        assert go.wait(PATIENCE_SECONDS)
        return real(*arguments, **options)

    monkeypatch.setattr("pages.components.tune.sensitivity_job.rule_sensitivity", slow)
    draft = changes.change_rule(model, "pricing_page", points=20, max_points=60)
    at.session_state["draft_history"] = DraftHistory.start(draft)
    at.run()
    assert any("from before your last change" in one.value for one in at.caption)
    pd.testing.assert_frame_equal(shown_table(at), expected_table(found, Metric.WINS_CAUGHT, labels))
    go.set()
    settled(at)
    assert not any("from before your last change" in one.value for one in at.caption)
    expected = real(flow, draft)
    pd.testing.assert_frame_equal(shown_table(at), expected_table(expected, Metric.WINS_CAUGHT, labels))


def test_a_newer_draft_ends_the_work_on_the_older_one(flow, model, monkeypatch):
    begun, ended = threading.Event(), threading.Event()
    real = rule_sensitivity

    def endless(asked_flow, draft, *arguments, progress, **options):
        if draft.base_points != 1:
            return real(asked_flow, draft, *arguments, progress=progress, **options)
        try:
            while True:
                progress(0.5, "")
                begun.set()
                time.sleep(0.01)
        finally:
            ended.set()

    monkeypatch.setattr("pages.components.tune.sensitivity_job.rule_sensitivity", endless)
    at = start(model.model_copy(update={"base_points": 1}), sensitivity_open=True)
    assert begun.wait(PATIENCE_SECONDS)
    at.session_state["draft_history"] = DraftHistory.start(model.model_copy(update={"base_points": 2}))
    at.run()
    assert ended.wait(PATIENCE_SECONDS)
    assert settled(at).session_state["sensitivity_last"].request.model.base_points == 2


def test_what_goes_wrong_is_shown_in_its_place(flow, model, monkeypatch):
    def refuse(*_arguments, **_options):
        raise QueryError("the data must hold a column 'page', got none")

    monkeypatch.setattr("pages.components.tune.sensitivity_job.rule_sensitivity", refuse)
    at = start(model.model_copy(update={"base_points": 7}), sensitivity_open=True)
    end = time.monotonic() + PATIENCE_SECONDS
    while not at.error and time.monotonic() < end:
        time.sleep(0.05)
        at.run()
    assert "the data must hold a column" in at.error[0].value


def test_a_draft_without_rules_is_said_to_have_none(flow, model):
    at = start(model.model_copy(update={"rules": ()}), sensitivity_open=True)
    assert any("no rule that is switched on" in one.value for one in at.markdown)


def bars(figure):
    return [one for one in figure.data if one.type == "bar"]


@pytest.mark.parametrize("metric", list(Metric))
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_bar_is_an_effect_in_hundredths_and_filled_when_more_than_chance(
    found, model, labels, metric, theme
):
    figure = sensitivity_figure(found, metric, labels, tier_labels(model)["SQL"], theme)
    knobs = found.ranked(metric)
    assert [one.name for one in bars(figure)] == ["5 points fewer", "5 points more"]
    for bar, way, colour in zip(bars(figure), ("fewer", "more"), tier_colours(2, theme), strict=True):
        effects = [getattr(knob, way).effect(metric) for knob in knobs]
        assert list(bar.x) == [100 * effect.difference for effect in effects]
        assert list(bar.marker.color) == [colour if effect.is_clear else HOLLOW for effect in effects]
        for effect, up in zip(effects, bar.error_x.array, strict=True):
            assert (up is None) == (effect.high is None)
            if up is not None:
                assert up == pytest.approx(100 * (effect.high - effect.difference))
    # Rules from top to bottom: the axis runs downwards.
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]


def test_a_rule_at_its_limit_is_marked_and_names_cannot_become_markup(flow, model):
    where = (Condition(field="activity_type", operator="equals", value="page_view"),)
    capped = Rule(
        id="capped", label="<b>x</b>", category="engagement", source="activity", points=30, max_points=10,
        where=where,
    )  # fmt: skip
    draft = model.model_copy(update={"rules": (*model.rules[:5], capped)})
    labels = {rule.id: rule.shown_label for rule in draft.rules}
    result = rule_sensitivity(flow, draft)
    figure = sensitivity_figure(result, Metric.WINS_CAUGHT, labels, "SQL", "light")
    [note] = [one.text for one in figure.layout.annotations if "&lt;b&gt;x" in one.text]
    assert note.endswith(f"30 · {Held.OWN_LIMIT.value}")
    assert not any("<b>x" in str(one.customdata) for one in bars(figure))


def test_of_many_rules_the_chart_shows_the_first_and_the_table_all(flow, model):
    extra = tuple(rule.model_copy(update={"id": f"{rule.id}_again"}) for rule in model.rules[:4])
    draft = model.model_copy(update={"rules": (*model.rules, *extra)})
    labels = {rule.id: rule.shown_label for rule in draft.rules}
    result = rule_sensitivity(flow, draft)
    figure = sensitivity_figure(result, Metric.AUC, labels, "SQL", "light")
    assert [len(one.x) for one in bars(figure)] == [MOST_SHOWN, MOST_SHOWN]
    assert len(expected_table(result, Metric.AUC, labels)) == 2 * (MOST_SHOWN + 4)
