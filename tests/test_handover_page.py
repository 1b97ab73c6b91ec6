"""Hand-over lists on the Leads and Compare pages, through AppTest."""

from __future__ import annotations

import csv
from pathlib import Path

from streamlit.testing.v1 import AppTest

from pages.components.tune.history import DraftHistory
from queries.dataset import model_in_use, open_flow
from queries.handover import swap_list_now, tier_list

PAGES = Path(__file__).parent.parent / "pages"


def content(at) -> list[list[str]]:
    """The prepared file, row by row."""
    text = at.session_state["handover_prepared"].content.decode("utf-8-sig")
    return list(csv.reader(text.splitlines()))


def test_a_tiers_list_is_prepared_when_asked_for_and_goes_with_its_choices(workspace):
    at = AppTest.from_file(PAGES / "leads_page.py", default_timeout=120).run()
    at.radio(key="leads_view").set_value("All open leads").run()
    assert not at.exception
    assert "handover_prepared" not in at.session_state
    at.selectbox(key="handover_tier").set_value("SQL").run()
    at.radio(key="handover_tier_for").set_value("hubspot").run()
    at.button(key="handover_tier_prepare").click().run()
    assert not at.exception
    expected = tier_list(open_flow(workspace), model_in_use(workspace), "SQL")
    rows = content(at)
    assert len(rows) - 1 == expected.leads > 0
    assert rows[0][:3] == ["Record ID", "Tierline Score", "Tierline Tier"]
    assert {row[2] for row in rows[1:]} == {"SQL"}
    assert len(at.get("download_button")) >= 1
    at.selectbox(key="handover_tier").set_value("MQL").run()
    assert not [text for text in at.markdown if f"**{expected.leads}** leads" in text.value]


def test_the_leads_that_change_tier_are_handed_over_from_compare(workspace):
    model = model_in_use(workspace)
    highest = model.tiers[-1].model_copy(update={"threshold": 70})
    draft = model.model_copy(update={"tiers": (*model.tiers[:-1], highest)})
    at = AppTest.from_file(PAGES / "compare_page.py", default_timeout=120)
    at.session_state["draft_history"] = DraftHistory.start(draft)
    at.run()
    at.button(key="handover_swap_prepare").click().run()
    assert not at.exception
    assert len(content(at)) - 1 == swap_list_now(open_flow(workspace), model, draft).leads > 0
