"""The Tune page through AppTest: inputs write the draft, and the figures are those of the back-test.

With plain inputs, which AppTest can drive; the console is driven by tests/browser/test_console.py.
"""

import re
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from demo_data.generator import generate
from pages.components.format import count, percent, times_in_100
from pages.components.share_link import encode_model
from pages.components.tune import changes
from queries.catalogue import leads_matched
from queries.dataset import model_in_use, open_flow
from queries.importing import load_tables
from scoring.backtest import compute_backtest
from scoring.model import Condition, Decay
from scoring.model_file import format_model

APP = Path(__file__).parent.parent / "app.py"


@pytest.fixture
def page(workspace):
    return start()


def start(**parameters):
    at = AppTest.from_file(APP, default_timeout=60)
    for name, value in ({"inputs": "plain"} | parameters).items():
        at.query_params[name] = value
    return checked(at.run())


def checked(at):
    """The page once the checks beside it are done, without an error."""
    for _ in range(300):
        assert not at.exception, at.exception[0].value
        assert not at.error, at.error[0].value
        if "Looking for rules" not in captions(at):
            return at
        time.sleep(0.1)
        at.run()
    raise AssertionError("the checks never ended")


def draft(at):
    return at.session_state["draft_history"].model


def set_number(at, key, value):
    return checked(at.number_input(key=key).set_value(value).run())


def click(at, key):
    return checked(at.button(key=key).click().run())


def choose(at, key, value):
    return checked(at.selectbox(key=key).set_value(value).run())


def shown_figures(at):
    """The values of the figure row in the order of the page."""
    return [metric.value for metric in at.metric]


def expected_figures(workspace, model, segment=None, values=None):
    cells = open_flow(workspace).cells(model, segment=segment)
    if values:
        cells = cells.filter(values)
    pooled = compute_backtest(cells, model).pooled
    top = pooled.tiers[-1]
    return [
        count(top.leads),
        percent(top.rate),
        percent(top.capture),
        f"{top.lift:.1f} times",
        times_in_100(pooled.auc),
    ]


def captions(at):
    return " | ".join(caption.value for caption in at.caption).replace("\\", "")


def test_at_first_the_page_shows_the_model_in_use(page, workspace):
    assert shown_figures(page) == expected_figures(workspace, model_in_use(workspace))
    assert {metric.delta for metric in page.metric} == {"as in use"}
    assert page.button(key="tune_undo").disabled
    assert "draft" not in page.query_params


def test_points_change_the_figures_to_those_of_the_backtest(page, workspace):
    set_number(page, "rule_points_pricing_page", 40)
    expected = changes.change_rule(model_in_use(workspace), "pricing_page", points=40)
    assert draft(page) == expected
    assert shown_figures(page) == expected_figures(workspace, expected)
    assert page.metric[0].delta != "as in use"
    assert "was +5 points" in captions(page)


def test_a_limit_a_switch_and_a_category_limit_go_into_the_draft(page, workspace):
    set_number(page, "rule_cap_pricing_page", None)
    checked(page.checkbox(key="rule_on_email_open").uncheck().run())
    set_number(page, "limit_max_points_engagement", 90)
    model = model_in_use(workspace)
    model = changes.change_rule(model, "pricing_page", max_points=None)
    model = changes.change_rule(model, "email_open", enabled=False)
    model = changes.change_category(model, "engagement", max_points=90)
    assert draft(page) == model
    assert shown_figures(page) == expected_figures(workspace, model)


def test_a_threshold_moves_leads_between_tiers(page, workspace):
    set_number(page, "threshold_SQL", 80)
    expected = changes.change_tier(model_in_use(workspace), "SQL", threshold=80)
    assert draft(page) == expected
    assert shown_figures(page) == expected_figures(workspace, expected)
    assert "was 100" in captions(page)


def test_success_and_days_change_what_counts(page, workspace):
    checked(page.multiselect(key="success_stages").set_value(["won", "accepted"]).run())
    set_number(page, "success_days", 30)
    expected = changes.change_conversion(model_in_use(workspace), stages=("won", "accepted"), horizon_days=30)
    assert draft(page) == expected
    assert shown_figures(page) == expected_figures(workspace, expected)
    assert "came within 30 days" in captions(page)


def test_what_cannot_be_is_said_and_leaves_the_draft_as_it_was(page, workspace):
    page.multiselect(key="success_stages").set_value([]).run()
    assert "Not changed" in page.warning[0].value
    assert draft(page) == model_in_use(workspace)
    assert page.multiselect(key="success_stages").value == ["won"]
    set_number(page, "rule_points_event", 3)
    assert not page.warning


def test_undo_redo_and_reset_reach_inputs_and_figures(page, workspace):
    model = model_in_use(workspace)
    before = shown_figures(page)
    set_number(page, "rule_points_pricing_page", 40)
    after = shown_figures(page)
    set_number(page, "threshold_SQL", 80)
    click(page, "tune_undo")
    assert (page.number_input(key="threshold_SQL").value, shown_figures(page)) == (100, after)
    click(page, "tune_undo")
    assert (page.number_input(key="rule_points_pricing_page").value, shown_figures(page)) == (5, before)
    assert page.button(key="tune_undo").disabled
    click(page, "tune_redo")
    assert shown_figures(page) == after
    click(page, "tune_reset")
    assert draft(page) == model
    click(page, "tune_undo")
    assert shown_figures(page) == after


def test_saving_makes_the_draft_the_model_in_use(page, workspace):
    set_number(page, "rule_points_pricing_page", 40)
    page.session_state["tune_save_open"] = True
    checked(page.run())
    checked(page.text_input(key="tune_save_name").set_value("Spring model").run())
    page.text_input(key="tune_save_author").set_value("Marketing")
    page.text_area(key="tune_save_note").set_value("prices tell more")
    click(page, "tune_save_button")
    saved = model_in_use(workspace)
    assert (saved.name, saved.rule("pricing_page").points) == ("Spring model", 40)
    assert {metric.delta for metric in page.metric} == {"as in use"}
    assert "model in use: Spring model" in captions(start())


def test_a_ready_made_model_can_be_opened(page, workspace):
    page.session_state["tune_ready_open"] = True
    checked(page.run())
    click(page, "tune_ready_b2c_guideline")
    assert draft(page).name.startswith("B2C")
    assert shown_figures(page) == expected_figures(workspace, draft(page))


def test_a_model_file_can_be_opened_and_a_broken_one_says_where(page):
    text = Path("models/b2b_guideline.toml").read_text(encoding="utf-8")
    upload = page.get("file_uploader")[0]
    upload.upload("mine.toml", text.replace("points = 15", "points = 16").encode()).run()
    assert draft(page).rule("event").points == 16
    page.get("file_uploader")[0].upload("bad.toml", text.replace("points = 15", "pionts = 1").encode()).run()
    assert "pionts" in page.error[0].value.replace("\\", "")
    assert draft(page).rule("event").points == 16


def test_a_link_shows_the_same_in_a_fresh_session(page):
    set_number(page, "rule_points_pricing_page", 40)
    set_number(page, "threshold_SQL", 80)
    choose(page, "part_column", "leads.region")
    value = page.multiselect(key="part_values").options[0]
    checked(page.multiselect(key="part_values").set_value([value]).run())
    other = start(**page.query_params)
    assert draft(other) == draft(page)
    assert shown_figures(other) == shown_figures(page)
    assert not other.warning


def test_a_link_of_older_data_says_so(page, workspace):
    model = changes.change_rule(model_in_use(workspace), "pricing_page", points=40)
    other = start(draft=encode_model(model), data="20200101T000000Z-00000000")
    assert draft(other) == model
    assert "newer than the link's" in other.warning[0].value
    click(other, "notice_read")
    assert not other.warning


def test_a_bad_link_shows_the_model_in_use_and_says_so(workspace):
    page = start(draft="nonsense")
    assert draft(page) == model_in_use(workspace)
    assert "could not be opened" in page.warning[0].value


def test_the_leads_can_be_split_and_narrowed(page, workspace):
    choose(page, "part_column", "leads.region")
    model = model_in_use(workspace)
    assert shown_figures(page) == expected_figures(workspace, model)
    split = open_flow(workspace).cells(model, segment="leads.region")
    values = list(split.segments[:2])
    assert set(values) < set(page.multiselect(key="part_values").options)
    checked(page.multiselect(key="part_values").set_value(values).run())
    assert shown_figures(page) == expected_figures(workspace, model, "leads.region", values)
    table = page.dataframe[0].value
    assert table["leads"].sum() == compute_backtest(open_flow(workspace).cells(model), model).pooled.leads


def test_only_columns_with_a_handful_of_values_split_the_leads(workspace, page):
    offered = page.selectbox(key="part_column").options
    assert "Split by region" in offered
    assert not {"Split by email", "Split by lead_id", "Split by created_at"} & set(offered)


def test_search_and_changed_only_narrow_the_rules(page):
    checked(page.text_input(key="rule_search").set_value("prices").run())
    assert page.get_by_key("rule_points_pricing_page")
    with pytest.raises(KeyError):
        page.number_input(key="rule_points_event")
    checked(page.text_input(key="rule_search").set_value("").run())
    set_number(page, "rule_points_event", 3)
    checked(page.checkbox(key="rules_changed_only").check().run())
    assert page.number_input(key="rule_points_event").value == 3
    with pytest.raises(KeyError):
        page.number_input(key="rule_points_pricing_page")


def test_new_data_are_offered_and_the_draft_is_kept(page, workspace):
    set_number(page, "rule_points_pricing_page", 40)
    before, kept = shown_figures(page), draft(page)
    load_tables(workspace, generate(1000, seed=2))
    checked(page.run())
    assert shown_figures(page) == before
    assert "New data" in page.info[0].value
    click(page, "use_newer_data")
    assert draft(page) == kept
    assert shown_figures(page) == expected_figures(workspace, kept)


def test_without_data_the_page_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(tmp_path / "new"))
    page = start()
    assert "No data yet" in captions(page)
    assert page.title[0].value == "Tune"


def test_without_a_workspace_the_page_says_how_to_start(monkeypatch):
    monkeypatch.delenv("TIERLINE_WORKSPACE", raising=False)
    page = AppTest.from_file(APP, default_timeout=60).run()
    assert "tierline app" in page.error[0].value


def test_a_broken_model_in_use_is_named_with_its_mistake(workspace):
    workspace.write_model_text("schema_version = 1\nname = 3\n")
    page = AppTest.from_file(APP, default_timeout=60).run()
    assert "name must" in page.error[0].value


def new_rule(at):
    click(at, "rule_add")
    checked(at.text_input(key="form_label").set_value("Came by webinar").run())
    choose(at, "condition_field_0", "activity_type")
    choose(at, "condition_value_0", "webinar_attendance")
    return set_number(at, "form_points", 12)


def test_a_rule_built_as_a_sentence_goes_into_the_draft(page, workspace):
    new_rule(page)
    rule = draft(page).rules[-1]
    assert (rule.id, rule.label, rule.points, rule.category) == (
        "came_by_webinar",
        "Came by webinar",
        12,
        "engagement",
    )
    assert rule.where == (Condition(field="activity_type", operator="equals", value="webinar_attendance"),)
    assert shown_figures(page) == expected_figures(workspace, draft(page))
    click(page, "rule_done")
    assert page.number_input(key="rule_points_came_by_webinar").value == 12


def test_an_unfinished_rule_says_what_is_missing_and_stays_out_of_the_draft(page, workspace):
    click(page, "rule_add")
    shown = captions(page)
    for message in ("Give the rule a name", "Choose a column", "Enter the points"):
        assert message in shown
    checked(page.text_input(key="form_label").set_value("Half done").run())
    assert draft(page) == model_in_use(workspace)
    assert page.text_input(key="form_label").value == "Half done"


def test_the_editor_says_how_many_leads_match(page, workspace):
    new_rule(page)
    flow = open_flow(workspace)
    matched = leads_matched(flow.engine, draft(page).rules[-1])
    assert 0 < matched < 3000
    assert any(f"{matched:,} of 3,000 leads" in one.value.replace("**", "") for one in page.markdown)


def test_window_decay_and_count_are_edited_and_said_in_words(page):
    click(page, "rule_edit_event")
    choose(page, "form_decay_kind", "step")
    assert "Enter a number of days" in captions(page)
    assert draft(page).rule("event").decay is None
    set_number(page, "form_decay_days", 30)
    set_number(page, "form_decay_percent", 20)
    set_number(page, "form_window_days", 90)
    set_number(page, "form_at_least", 2)
    rule = draft(page).rule("event")
    assert (rule.decay, rule.window_days, rule.at_least) == (Decay(kind="step", days=30, percent=20), 90, 2)
    assert "20 % every 30 days" in captions(page)
    set_number(page, "form_max_count", 3)
    assert draft(page).rule("event").max_count == 3
    choose(page, "form_count", "absent")
    rule = draft(page).rule("event")
    assert (rule.counting, rule.decay, rule.at_least, rule.window_days) == ("absent", None, None, 90)
    assert rule.max_count is None
    choose(page, "form_count", "each")
    assert draft(page).rule("event").max_count == 3
    assert draft(page).rule("event").decay == Decay(kind="step", days=30, percent=20)


def test_every_comparison_can_be_entered(page):
    click(page, "rule_edit_company_size")
    for operator, widget, value, expected in [
        ("ge", "condition_number_0", 500.0, 500),
        ("gt", "condition_number_0", 2.5, 2.5),
        ("le", "condition_number_0", 7.0, 7),
        ("lt", "condition_number_0", 8.0, 8),
        ("contains", "condition_text_0", "5", "5"),
        ("starts_with", "condition_text_0", "1", "1"),
        ("matches", "condition_text_0", "^[0-9]+$", "^[0-9]+$"),
    ]:
        choose(page, "condition_operator_0", operator)
        field = page.number_input(key=widget) if "number" in widget else page.text_input(key=widget)
        checked(field.set_value(value).run())
        condition = draft(page).rule("company_size").where[0]
        assert (condition.operator, condition.value) == (operator, expected)
    for operator in ("is_missing", "is_present"):
        choose(page, "condition_operator_0", operator)
        assert draft(page).rule("company_size").where[0].operator == operator
    choose(page, "condition_operator_0", "between")
    checked(page.number_input(key="condition_low_0").set_value(10.0).run())
    assert "Enter both numbers" in captions(page)
    checked(page.number_input(key="condition_high_0").set_value(99.0).run())
    assert draft(page).rule("company_size").where[0].value == (10, 99)
    checked(page.number_input(key="condition_high_0").set_value(9.0).run())
    assert "must not be above" in captions(page)
    assert draft(page).rule("company_size").where[0].value == (10, 99)
    choose(page, "condition_operator_0", "in")
    options = page.multiselect(key="condition_values_0").options
    checked(page.multiselect(key="condition_values_0").set_value(options[:2]).run())
    chosen = draft(page).rule("company_size").where[0].value
    assert [str(one) for one in chosen] == options[:2]
    assert all(isinstance(one, int) for one in chosen)


def test_a_pattern_that_cannot_be_searched_for_is_said_and_stays_out(page):
    click(page, "rule_edit_pricing_page")
    choose(page, "condition_operator_1", "matches")
    before = draft(page)
    checked(page.text_input(key="condition_text_1").set_value("(unclosed").run())
    assert draft(page) == before
    assert "regular expression" in captions(page)
    assert page.text_input(key="condition_text_1").value == "(unclosed"


def test_conditions_can_be_added_joined_and_removed(page):
    click(page, "rule_edit_event")
    click(page, "condition_add")
    choose(page, "condition_field_1", "activity_type")
    choose(page, "condition_value_1", "trial_start")
    checked(page.button_group(key="form_match").set_value("any").run())
    rule = draft(page).rule("event")
    assert (rule.match, len(rule.where)) == ("any", 2)
    click(page, "condition_remove_0")
    assert [condition.value for condition in draft(page).rule("event").where] == ["trial_start"]


def test_rules_are_copied_switched_off_and_deleted(page, workspace):
    click(page, "rule_edit_event")
    click(page, "rule_copy")
    model = draft(page)
    place = [rule.id for rule in model.rules].index("event")
    copy = model.rules[place + 1]
    assert copy == model.rule("event").model_copy(update={"id": copy.id, "label": copy.label})
    assert copy.label == "Copy of Attended a webinar or event"
    click(page, "rule_switch")
    assert not draft(page).rule(copy.id).enabled
    click(page, "rule_delete")
    assert draft(page) == model_in_use(workspace)
    assert page.number_input(key="rule_points_event").value == 15


def test_undo_reaches_the_open_editor(page):
    click(page, "rule_edit_event")
    set_number(page, "form_points", 33)
    click(page, "tune_undo")
    assert page.number_input(key="form_points").value == 15
    click(page, "rule_close")
    new_rule(page)
    click(page, "tune_undo")
    assert "came_by_webinar" not in [rule.id for rule in draft(page).rules]
    assert page.number_input(key="rule_points_event").value == 15


def test_looking_at_an_open_rule_changes_nothing(page, workspace):
    for rule in model_in_use(workspace).rules:
        click(page, f"rule_edit_{rule.id}")
        checked(page.text_input(key="form_label").set_value(f"{rule.shown_label}!").run())
        checked(page.text_input(key="form_label").set_value(rule.shown_label).run())
        click(page, "rule_done")
    assert draft(page) == model_in_use(workspace)


def test_a_model_on_columns_that_the_data_lack_is_named_and_can_be_mended(page, workspace):
    rule = model_in_use(workspace).rule("seniority")
    elsewhere = rule.model_copy(update={"where": (Condition(field="rank", operator="is_present"),)})
    text = format_model(changes.replace_rule(model_in_use(workspace), "seniority", elsewhere))
    page.get("file_uploader")[0].upload("elsewhere.toml", text.encode()).run()
    assert "- column leads.rank (Director, vice president or above)" in page.error[0].value.replace("\\", "")
    page.button(key="tune_undo").click().run()
    assert shown_figures(checked(page)) == expected_figures(workspace, model_in_use(workspace))
    page.button(key="tune_redo").click().run()
    assert "without the rule that" in page.button(key="misfit_leave_out").label
    page.button(key="misfit_leave_out").click().run()
    without = changes.remove_rule(model_in_use(workspace), "seniority")
    assert draft(page) == without
    assert shown_figures(checked(page)) == expected_figures(workspace, without)


def test_a_part_that_the_data_do_not_have_is_dropped_and_said(workspace):
    page = start(by="leads.planet", only=["Mars"])
    assert "no column planet" in page.warning[0].value
    assert shown_figures(page) == expected_figures(workspace, model_in_use(workspace))
    page = start(by="leads.region", only=["EMEA", "Mars"])
    assert "Mars" in page.warning[0].value
    assert shown_figures(page) == expected_figures(
        workspace, model_in_use(workspace), "leads.region", ["EMEA"]
    )


def test_the_unexpected_is_shown_as_a_number_and_logged(page, monkeypatch, caplog):
    def fail(*_arguments):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("pages.components.tune.results.compute_figures", fail)
    page.number_input(key="rule_points_pricing_page").set_value(40).run()
    shown = page.error[0].value
    number = re.search(r"\*\*([0-9a-f]{8})\*\*", shown)[1]
    assert "secret" not in shown
    assert not page.exception
    assert any(number in record.getMessage() and record.exc_info for record in caplog.records)
    monkeypatch.undo()
    assert draft(page).rule("pricing_page").points == 40


def test_a_change_is_told_in_two_sentences(page):
    set_number(page, "threshold_SQL", 80)
    [text] = [info.value.replace("\\", "").replace("\u00a0", " ") for info in page.info]
    sizes = re.search(r"\(([\d,]+) instead of ([\d,]+)\)", text).groups()
    after, before = (int(number.replace(",", "")) for number in sizes)
    assert f"gets {after - before:,} more lead-quarters" in text
    assert "of all wins instead of" in text


def test_a_tier_of_few_leads_and_a_rule_that_matches_nothing_are_warned_of(page):
    set_number(page, "threshold_SQL", 200)
    assert "too few to trust its rate" in captions(page)
    click(page, "rule_edit_event")
    checked(page.multiselect(key="condition_values_0").set_value(["no such thing"]).run())
    assert "No lead in the data matches: Attended a webinar or event" in captions(page)


def test_every_input_has_the_value_it_shows_as_its_own_default(page):
    # A browser that never heard of an assignment, because another run overtook it, shows the default and
    # sends it back with the next change: it must be what the draft holds.
    page.get_by_key("scale_base").set_value(7)
    checked(page.run())
    checked(page.run())
    for kind in ("number_input", "checkbox", "text_input"):
        assert page.get(kind), kind
        for one in page.get(kind):
            may_be_empty = kind == "number_input" and one.proto.placeholder
            if one.key != "plain_inputs_toggle" and not may_be_empty:
                assert one.proto.default == one.value, one.key
    (stages,) = (one for one in page.multiselect if one.key == "success_stages")
    assert [stages.options[place] for place in stages.proto.default] == stages.value == ["won"]


def test_a_value_is_assigned_again_until_the_browser_heard_of_it(monkeypatch):
    seconds = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: seconds)

    def script():
        import streamlit as st  # noqa: PLC0415

        from pages.components.tune.widgets import end_of_run, mirror  # noqa: PLC0415

        st.number_input("Limit", value=None, key=mirror("limit", 20))
        if st.session_state.get("ends"):
            end_of_run()

    at = AppTest.from_function(script).run()
    assert at.number_input[0].proto.set_value
    assert at.run().number_input[0].proto.set_value, "the first run was cut short"
    at.session_state["ends"] = True
    assert at.run().number_input[0].proto.set_value
    seconds += 1
    assert at.run().number_input[0].proto.set_value, "a slow browser draws two runs as one"
    seconds += 10
    assert not at.run().number_input[0].proto.set_value
    assert at.number_input[0].value == 20
