"""The section “What do these rules add?”: asked for, it says what the function gives."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.adds import tables
from pages.components.format import as_markdown
from pages.components.tune.history import DraftHistory
from queries.dataset import open_flow, ready_models
from queries.nested import rules_add
from scoring.nested import social_rules
from scoring.nested_words import added_sentences, added_title

SOCIAL = ready_models()["social"]


def section():
    from pages.components import state  # noqa: PLC0415
    from pages.components.adds.section import show_added  # noqa: PLC0415

    show_added(state.current_flow(), state.draft(), ())


@pytest.fixture
def start(demo_workspace, monkeypatch):
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(demo_workspace.path))

    def run(model=SOCIAL):
        at = AppTest.from_function(section, default_timeout=60)
        at.session_state["draft_history"] = DraftHistory.start(model)
        return checked(at.run())

    return run


def checked(at):
    assert not at.exception, at.exception
    return at


def texts(at):
    return " ".join(element.value for element in [*at.markdown, *at.subheader, *at.caption, *at.info])


def test_the_social_rules_are_asked_about_first_and_only_when_asked_for(start, demo_workspace):
    at = start()
    assert at.selectbox(key="adds_group").value == "social"
    assert not at.subheader
    checked(at.button(key="adds_compare").click().run())
    added = rules_add(open_flow(demo_workspace), SOCIAL, rules=social_rules(SOCIAL))
    assert added_title(added) in at.subheader[0].value
    assert all(as_markdown(sentence) in texts(at) for sentence in added_sentences(added))
    shown = at.dataframe[0].value
    assert shown.equals(tables.added_table(added))


def test_another_group_waits_to_be_asked_about(start):
    at = start()
    checked(at.button(key="adds_compare").click().run())
    checked(at.selectbox(key="adds_group").select("category fit").run())
    assert not at.subheader
    assert "Company of 200 to 5,000 people" in texts(at)
    checked(at.button(key="adds_compare").click().run())
    assert len(at.subheader) == 1


def test_rules_chosen_by_name_can_be_asked_about_but_not_all_of_them(start, demo_workspace):
    at = start()
    checked(at.selectbox(key="adds_group").select("by name").run())
    assert "Choose one rule or more" in texts(at)
    checked(at.multiselect(key="adds_rules").set_value(["social_like"]).run())
    checked(at.button(key="adds_compare").click().run())
    added = rules_add(open_flow(demo_workspace), SOCIAL, rules=["social_like"])
    assert added_title(added) in at.subheader[0].value
    checked(at.multiselect(key="adds_rules").set_value([rule.id for rule in SOCIAL.rules]).run())
    assert "got all of them" in texts(at)


def test_a_model_of_one_rule_has_nothing_to_compare_with(start):
    at = start(SOCIAL.model_copy(update={"rules": SOCIAL.rules[:1]}))
    assert "two rules or more" in texts(at)


def test_the_chart_shows_the_difference_of_each_period(demo_workspace):
    added = rules_add(open_flow(demo_workspace), SOCIAL, categories=["social"])
    figure = tables.added_figure(added, "light")
    assert list(figure.data[0].y) == pytest.approx([100 * part.auc.difference for part in added.periods])
    assert str(added.agreeing) in figure.layout.title.text
