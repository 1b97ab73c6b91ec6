"""What takes long on a page shows how far it is and can be stopped by taking the change back."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.tune import changes
from pages.components.tune.history import DraftHistory
from queries.dataset import model_in_use


def page():
    import streamlit as st  # noqa: PLC0415

    from pages.components import state  # noqa: PLC0415
    from pages.components.tune.counting_progress import CountingProgress  # noqa: PLC0415

    given = st.session_state["given"]
    progress = CountingProgress(st.empty(), state.draft() if given["own"] else state.model_in_use(), "one")
    for share in given["shares"]:
        progress.tell(share, "Counting")
    if given["ends"]:
        progress.end()


@pytest.fixture
def shown(demo_workspace, monkeypatch):
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(demo_workspace.path))
    in_use = model_in_use(demo_workspace)
    changed = changes.change_rule(in_use, "pricing_page", points=40)

    def show(*shares, own=True, ends=False):
        at = AppTest.from_function(page, default_timeout=60)
        at.session_state["draft_history"] = DraftHistory.start(in_use).add(changed, "points")
        at.session_state["given"] = {"shares": shares, "own": own, "ends": ends}
        at.run()
        assert not at.exception, at.exception[0].value
        return at

    show.in_use = in_use
    return show


def test_a_long_count_shows_its_progress_and_stopping_it_takes_the_change_back(shown):
    at = shown(0.05, 0.3, 0.6)
    [button] = at.button
    assert button.label == "Stop and undo"
    button.click().run()
    assert at.session_state["draft_history"].model == shown.in_use
    assert not at.button, "there is nothing left to take back"


def test_what_no_change_of_the_draft_asked_for_has_no_button(shown):
    assert not shown(0.3, own=False).button


def test_what_is_quick_or_done_shows_nothing(shown):
    assert not shown(0.05, 0.95).button
    assert not shown(0.3, 0.8, ends=True).button
