"""The Models page and the form that saves a version, through AppTest."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.backtest.tables import CONVERSIONS, LEADS, LOW, RATE
from pages.components.figures import model_timeline
from pages.components.figures.model_timeline import IN_USE, NAMES, SAVED, model_timeline_figure
from pages.components.format import percent
from pages.components.models.words import saved_words
from pages.components.tune.history import DraftHistory
from queries.dataset import DEFAULT_MODEL, model_in_use, open_flow, ready_models
from queries.model_history import measure, open_history
from queries.registry import Registry
from scoring.backtest import compute_backtest
from scoring.model_file import format_model
from scoring.model_timeline import Span, spans_in_use, timeline_points
from tests.page_reading import checked

PAGE = Path(__file__).parent.parent / "pages" / "models_page.py"
CHANGED = datetime(2025, 2, 15)


@pytest.fixture
def model():
    return ready_models()[DEFAULT_MODEL]


@pytest.fixture
def registry(workspace):
    return open_history(workspace)


def with_points(model, **points):
    rules = tuple(
        rule.model_copy(update={"points": points.get(rule.id, rule.points)}) for rule in model.rules
    )
    return model.model_copy(update={"rules": rules})


def open_page(draft=None):
    at = AppTest.from_file(PAGE, default_timeout=60)
    if draft is not None:
        at.session_state["draft_history"] = DraftHistory.start(draft)
    return checked(at.run())


def texts(at):
    return " ".join(one.value.replace("\\", "") for one in (*at.markdown, *at.caption))


def save_script():
    """A page that holds nothing but the form."""
    import streamlit as st  # noqa: PLC0415  # the function runs as a script of its own

    from pages.components import state  # noqa: PLC0415
    from pages.components.models.save import show_save  # noqa: PLC0415

    version = show_save(state.current_flow())
    if version is not None:
        st.success(f"saved {version.number} {version.state}")


def open_form(draft):
    at = AppTest.from_function(save_script, default_timeout=60)
    at.session_state["draft_history"] = DraftHistory.start(draft)
    return checked(at.run())


def fill(at, author="Bob", note="clicks count more", then="draft"):
    at.text_input(key="models_save_author").set_value(author)
    at.text_area(key="models_save_note").set_value(note)
    at.radio(key="models_save_then").set_value(then)
    return at


def test_an_empty_history_says_how_it_begins(workspace):
    at = open_page()
    assert "No version was saved yet" in at.info[0].value
    assert not (workspace.path / "models.sqlite").exists()


def test_every_version_stands_with_author_note_change_and_figures(workspace, registry, model):
    flow = open_flow(workspace)
    changed = with_points(model, email_click=14)
    figures = measure(flow, workspace.manifest.version, changed)
    registry.save(changed, author="Ann <b>", note="clicks *count*", figures=figures)
    at = open_page()
    assert [header.value for header in at.header] == ["Which versions are there?"]
    shown = texts(at)
    for words in (
        "Version 2",
        "recorded by Ann <b>",
        "clicks *count*",
        "Clicked a link in an email 5 -> 14 points",
        "when it was saved: Sales-ready (SQL) converted",
        "no figures were recorded with it",
        "Version 1, **B2B guideline**, is in use",
    ):
        assert words in shown


def test_a_version_is_opened_as_the_draft(workspace, registry, model):
    changed = with_points(model, email_click=14)
    registry.save(changed, author="Ann", note="more")
    at = open_page()
    checked(at.button(key="models_draft_2").click().run())
    assert at.session_state["draft_history"].model == changed
    assert at.session_state["models_draft_base"] == 2
    assert "Version 2 is your draft now" in at.toast[0].value.replace("\\", "")


def test_a_version_is_proposed_used_and_restored_with_who_and_why(workspace, registry, model):
    registry.save(with_points(model, email_click=14), author="Ann", note="more")
    at = open_page()
    checked(at.button(key="models_more_2").click().run())
    at.text_input(key="models_author_2").set_value("Bob")
    at.text_input(key="models_note_2").set_value("agreed in March")
    checked(at.button(key="models_propose_2").click().run())
    checked(at.button(key="models_champion_2").click().run())
    assert model_in_use(workspace) == with_points(model, email_click=14)
    assert "agreed in March" in texts(at)
    checked(at.button(key="models_more_1").click().run())
    assert at.text_input(key="models_author_1").value == "Bob"
    checked(at.button(key="models_restore_1").click().run())
    assert registry.versions()[0].model == model
    assert [step.author for step in registry.history(2)] == ["Ann", "Bob", "Bob"]
    assert registry.history(2)[-1].note == "agreed in March"


def test_a_step_without_a_name_is_refused_in_words(workspace, registry, model):
    registry.save(with_points(model, email_click=14), author="Ann", note="more")
    at = open_page()
    checked(at.button(key="models_more_2").click().run())
    at.button(key="models_propose_2").click().run()
    assert not at.exception
    assert "author must be a name" in at.error[0].value.replace("\\", "")
    assert registry.version(2).state == "draft"


def test_a_version_differs_from_any_other_in_words(workspace, registry, model):
    registry.save(with_points(model, email_click=14), author="Ann", note="more")
    registry.save(with_points(model, email_click=14, page_view=3), author="Ann", note="views", parent=2)
    at = open_page()
    checked(at.button(key="models_more_3").click().run())
    at.selectbox(key="models_other_3").set_value(1)
    shown = texts(checked(at.run()))
    assert "- Visited the website 1 -> 3 points\n- Clicked a link in an email 5 -> 14 points" in shown or (
        "- Clicked a link in an email 5 -> 14 points\n- Visited the website 1 -> 3 points" in shown
    )


def test_a_broken_model_file_is_said_and_the_history_is_shown(workspace, registry, model):
    registry.save(with_points(model, email_click=14), author="Ann", note="more")
    workspace.write_model_text("points = ")
    at = AppTest.from_file(PAGE, default_timeout=60).run()
    assert not at.exception
    assert "model.toml" in at.warning[0].value.replace("\\", "")


def test_each_period_stands_under_the_version_that_was_in_use(workspace, model):
    times = iter([datetime(2025, 1, 1)] * 4 + [CHANGED] * 10)
    registry = Registry(workspace, model, lambda: next(times))
    registry.save(with_points(model, email_click=14), author="Ann", note="more")
    registry.make_champion(2, author="Ann")
    flow = open_flow(workspace)
    changes = [(step.version, step.at) for step in registry.history() if step.state == "champion"]
    spans = spans_in_use(changes)
    points = []
    for span in spans:
        used = registry.version(span.version).model
        backtest = compute_backtest(flow.cells(used), used)
        mine = timeline_points(backtest, used.observation, [span])
        tops = {figures.period: figures.tiers[-1] for figures in backtest.periods}
        assert all(point.top == tops[point.period.label] for point in mine)
        points += mine
    versions = [point.version for point in points]
    assert versions == sorted(versions)
    assert set(versions) == {1, 2}
    assert all((point.period.starts_at >= CHANGED) == (point.version == 2) for point in points)
    figure = model_timeline_figure(points, spans, [(2, datetime(2025, 1, 1))], "SQL", "light")
    traces = {trace.name: trace for trace in figure.data}
    assert list(traces[model_timeline.RATE].y) == [point.top.rate for point in points]
    assert list(traces[model_timeline.RATE].x) == [point.period.starts_at for point in points]
    assert list(traces[NAMES].text) == ["version 1", "version 2"]
    assert [trace.x[0] for trace in figure.data if trace.name == IN_USE][1] == CHANGED
    assert list(traces[SAVED].x) == [datetime(2025, 1, 1)]
    assert [shape.x0 for shape in figure.layout.shapes] == [CHANGED]
    rates = {
        version: sum(point.top.conversions for point in points if point.version == version)
        / sum(point.top.leads for point in points if point.version == version)
        for version in (2, 1)
    }
    said = ", ".join(f"{percent(rate)} under version {version}" for version, rate in rates.items())
    assert figure.layout.title.text.replace("<br>", " ") == f"SQL converted {said}"


def test_the_table_behind_the_chart_holds_the_back_test_of_what_is_in_use(workspace, registry, model):
    registry.save(with_points(model, email_click=14), author="Ann", note="more")
    [frame] = [one.value for one in open_page().dataframe]
    flow = open_flow(workspace)
    periods = compute_backtest(flow.cells(model), model).periods
    assert list(frame["Period"]) == [figures.period for figures in periods]
    assert set(frame["Version in use"]) == {1}
    for column, key in ((LEADS, "leads"), (CONVERSIONS, "conversions"), (RATE, "rate"), (LOW, "low")):
        shown = [None if value != value else value for value in frame[column]]
        assert shown == [getattr(figures.tiers[-1], key) for figures in periods]


def test_saving_asks_for_a_name_and_keeps_figures(workspace, registry, model):
    changed = with_points(model, email_click=14)
    at = open_form(changed)
    assert "Clicked a link in an email 5 -> 14 points" in texts(at)
    fill(at, author="")
    at.button(key="models_save_button").click().run()
    assert "author must be a name" in at.error[0].value.replace("\\", "")
    fill(at, then="champion")
    checked(at.button(key="models_save_button").click().run())
    assert at.success[0].value == "saved 2 champion"
    saved = registry.version(2)
    assert (saved.author, saved.note, saved.state) == ("Bob", "clicks count more", "champion")
    assert saved.figures.data_version == workspace.manifest.version
    assert workspace.read_model_text() == format_model(changed)
    assert at.session_state["models_draft_base"] == 2


def test_an_unchanged_draft_has_nothing_to_save(workspace, model):
    at = open_form(model)
    assert at.button(key="models_save_button").disabled


def test_the_second_editor_merges_what_the_first_saved(workspace, registry, model):
    at = open_form(with_points(model, email_click=14))
    registry.save(with_points(model, page_view=3), author="Ann", note="views")
    checked(fill(at).button(key="models_save_button").click().run())
    assert "Version 2 was saved after version 1" in at.warning[0].value
    assert "Visited the website 1 -> 3 points" in texts(at)
    assert len(registry.versions()) == 2
    checked(at.button(key="models_save_merge").click().run())
    assert at.success[0].value == "saved 3 draft"
    both = with_points(model, email_click=14, page_view=3)
    assert (registry.version(3).model, registry.version(3).parent) == (both, 2)
    assert at.session_state["draft_history"].model == both


@pytest.mark.parametrize(("side", "points"), [("theirs", 9), ("mine", 14)])
def test_what_both_changed_is_asked(workspace, registry, model, side, points):
    at = open_form(with_points(model, email_click=14, page_view=3))
    registry.save(with_points(model, email_click=9), author="Ann", note="clicks")
    checked(fill(at).button(key="models_save_button").click().run())
    at.radio(key="models_choice_2_rules/email_click").set_value(side)
    checked(at.run())
    checked(at.button(key="models_save_merge").click().run())
    assert registry.version(3).model == with_points(model, email_click=points, page_view=3)


def test_the_second_editor_can_go_on_beside_the_first(workspace, registry, model):
    mine = with_points(model, email_click=14)
    at = open_form(mine)
    registry.save(with_points(model, email_click=9), author="Ann", note="clicks")
    checked(fill(at).button(key="models_save_button").click().run())
    checked(at.button(key="models_save_fork").click().run())
    fork = registry.version(3)
    assert (fork.model, fork.parent, fork.line) == (mine, 1, 3)


def test_a_third_save_while_a_conflict_is_settled_is_taken_in(workspace, registry, model):
    at = open_form(with_points(model, email_click=14))
    registry.save(with_points(model, page_view=3), author="Ann", note="views")
    checked(fill(at).button(key="models_save_button").click().run())
    registry.save(with_points(model, page_view=3, email_open=2), author="Cy", note="opens", parent=2)
    checked(at.button(key="models_save_merge").click().run())
    assert "Version 3 was saved after version 1" in at.warning[0].value
    checked(at.button(key="models_save_merge").click().run())
    assert registry.version(4).model == with_points(model, email_click=14, page_view=3, email_open=2)


def test_a_draft_that_gives_way_goes_on_with_what_the_other_saved(workspace, registry, model):
    at = open_form(with_points(model, email_click=14))
    registry.save(with_points(model, email_click=9), author="Ann", note="clicks")
    checked(fill(at).button(key="models_save_button").click().run())
    assert at.button(key="models_save_merge").disabled
    checked(at.button(key="models_save_theirs").click().run())
    assert at.session_state["draft_history"].model == with_points(model, email_click=9)
    assert at.button(key="models_save_button").disabled
    assert len(registry.versions()) == 2


def test_after_a_save_it_is_said_where_to_go_on(registry, model):
    version = registry.save(
        with_points(model, email_open=0), author="Mara", note="Prices", parent=1, figures=None
    )
    assert saved_words(version) == "Saved as version 2; the page Models has the history."
    assert "both sides sign it" in saved_words(registry.propose(2, author="Mara", note="Prices tell more"))
    assert "in use now" in saved_words(registry.make_champion(2, author="Mara", note="Prices tell more"))


def test_a_fresh_version_has_its_name_before_its_beginning_and_nothing_behind_it():
    first, saved = datetime(2025, 1, 1), datetime(2026, 1, 1)

    def names(*days_before_the_end):
        starts = [saved - timedelta(days=days) for days in days_before_the_end]
        ends = [*starts, None]
        spans = [
            Span(number + 1, start, end)
            for number, (start, end) in enumerate(zip([first, *starts], ends, strict=True))
        ]
        figure = model_timeline_figure([], spans, [(1, first), (len(spans), saved)], "SQL", "light")
        (trace,) = (trace for trace in figure.data if trace.name == NAMES)
        return list(zip(trace.text, trace.textposition, strict=True))

    assert names(200) == [("version 1", "middle right"), ("version 2", "middle right")]
    assert names(1) == [("version 1", "middle right"), ("version 2", "middle left")]
    assert names(60, 1) == [("version 1", "middle right"), ("version 3", "middle left")]
