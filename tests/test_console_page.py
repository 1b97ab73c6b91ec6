"""The Tune page with the console through AppTest: what the browser is given, and nothing shown twice."""

import json
from pathlib import Path

import numpy as np
from streamlit.testing.v1 import AppTest

from pages.components.console.payload import counts_payload
from pages.components.share_link import encode_model
from pages.components.tune import changes
from queries.dataset import model_in_use, open_flow
from scoring.model import Condition

APP = Path(__file__).parent.parent / "app.py"
HEADLINE = 5


def start(**parameters):
    at = AppTest.from_file(APP, default_timeout=60)
    for name, value in parameters.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception, at.exception[0].value
    return at


def given(at):
    """What the console was given."""
    [proto] = [
        element.proto
        for element in at.get("bidi_component")
        if element.proto.component_name == "tierline_console"
    ]
    return json.loads(proto.json)


def test_the_browser_is_given_the_counts_of_the_draft_and_of_the_model_in_use(workspace):
    in_use = model_in_use(workspace)
    draft = changes.change_rule(in_use, "pricing_page", points=40)
    data = given(start(draft=encode_model(draft)))
    flow = open_flow(workspace)
    low, high = draft.min_score, draft.max_score
    assert data["counts"] == counts_payload(flow.cells(draft), low, high)
    assert data["reference"]["counts"] == counts_payload(flow.cells(in_use), low, high)
    assert data["counts"] != data["reference"]["counts"]
    points = {rule["id"]: rule["points"] for rule in data["draft"]["rules"]}
    assert points["pricing_page"] == 40
    assert set(data["identities"]) == {rule.id for rule in draft.enabled_rules}
    assert len(data["explanations"]) == HEADLINE
    assert (data["applied"], data["problems"]) == (0, [])


def test_figures_of_a_part_of_the_leads_are_given_for_that_part(workspace):
    model = model_in_use(workspace)
    data = given(start(by="leads.region", only=["EMEA"]))
    cells = open_flow(workspace).cells(model, segment="leads.region").filter(["EMEA"])
    assert data["counts"] == counts_payload(cells, model.min_score, model.max_score)
    whole = given(start())
    assert all(whole["identities"][rule] != data["identities"][rule] for rule in whole["identities"])


def test_charts_are_drawn_by_the_console_or_by_plotly_never_by_both(workspace):
    live, plain = start(), start(inputs="plain")
    assert not live.get("plotly_chart")
    assert not live.metric
    assert not plain.get("bidi_component")
    assert len(plain.get("plotly_chart")) == 3
    assert len(plain.metric) == HEADLINE


def test_the_switch_between_live_and_plain_inputs_keeps_the_draft(workspace):
    draft = changes.change_rule(model_in_use(workspace), "pricing_page", points=40)
    at = start(draft=encode_model(draft))
    at.toggle(key="plain_inputs_toggle").set_value(True).run()
    assert at.query_params["inputs"] == "plain"
    assert at.number_input(key="rule_points_pricing_page").value == 40
    at.toggle(key="plain_inputs_toggle").set_value(False).run()
    assert "inputs" not in at.query_params
    points = {rule["id"]: rule["points"] for rule in given(at)["draft"]["rules"]}
    assert points["pricing_page"] == 40


def test_a_draft_that_the_data_do_not_fit_can_be_mended_in_the_console(workspace):
    model = model_in_use(workspace)
    lost = model.rule("seniority").model_copy(
        update={"where": (Condition(field="rank", operator="is_present"),)}
    )
    at = start(draft=encode_model(changes.replace_rule(model, "seniority", lost)))
    assert "column leads.rank " in at.error[0].value.replace("\\", "")
    data = given(at)
    assert (data["counts"], data["identities"]) == (None, {})
    assert len(data["draft"]["rules"]) == len(model.rules)


def test_the_editor_takes_the_place_of_the_inputs(workspace):
    at = start(inputs="plain")
    at.button(key="rule_edit_event").click().run()
    at.toggle(key="plain_inputs_toggle").set_value(False).run()
    assert not given(at)["showControls"]
    assert at.text_input(key="form_label").value == "Attended a webinar or event"
    at.button(key="rule_close").click().run()
    assert given(at)["showControls"]


def test_numbers_are_packed_whole(workspace):
    """A sanity check against the cells themselves, not through the same packing."""
    model = model_in_use(workspace)
    data = given(start())["counts"]
    cells = open_flow(workspace).cells(model)
    assert data["open"] == [
        int(cells.leads[(cells.period == place) & ~cells.mature].sum()) for place in range(len(cells.periods))
    ]
    assert data["periods"] == list(cells.periods)
    assert np.sum(data["open"]) > 0
