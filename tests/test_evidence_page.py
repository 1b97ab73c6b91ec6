"""The evidence's sections and the Tune page's findings through AppTest: they say what was computed."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.compare.verdict import VERDICTS
from pages.components.evidence import tables
from pages.components.evidence.load import leak_findings
from pages.components.format import as_markdown, count, percent
from pages.components.state import Part
from pages.components.tune import changes
from pages.components.tune.history import DraftHistory
from queries.dataset import model_in_use, open_flow, save_model_in_use
from queries.entry import entry_cells, entry_leads
from queries.evidence import compare, model_evidence, rules_evidence
from queries.guard.leaks import check_leaks
from queries.trials import read_trials
from scoring.backtest import compute_backtest
from scoring.entry import compute_entries
from scoring.evidence import kept_back
from scoring.hindsight import known_today
from scoring.model import Condition, Rule
from scoring.rule_evidence import Evidence
from scoring.rule_report import rule_sentences
from scoring.worked_words import THE_ENTERED
from tests.page_reading import checked, column, table


def back_test_sections():
    from pages.components import state  # noqa: PLC0415
    from pages.components.evidence.backtest import show_evidence  # noqa: PLC0415

    show_evidence(state.current_flow(), state.draft())


def tune_sections():
    from pages.components import state  # noqa: PLC0415
    from pages.components.evidence.tune import show_findings, show_resting_verdict  # noqa: PLC0415

    show_findings(state.current_flow(), state.draft())
    show_resting_verdict(state.current_flow(), state.draft(), state.model_in_use())


@pytest.fixture
def flow(workspace):
    return open_flow(workspace)


@pytest.fixture
def model(workspace):
    return model_in_use(workspace)


@pytest.fixture
def draft(model):
    return changes.change_rule(model, "pricing_page", points=20, max_points=60)


def run(sections, draft=None, **session):
    at = AppTest.from_function(sections, default_timeout=60)
    if draft is not None:
        at.session_state["draft_history"] = DraftHistory.start(draft)
    for key, value in session.items():
        at.session_state[key] = value
    return checked(at.run())


def texts(at):
    return [element.value for kind in (at.markdown, at.caption, at.info, at.warning) for element in kind]


def test_drift_is_said_for_the_newest_quarter_and_told_for_each(workspace, flow, model):
    at = run(back_test_sections)
    evidence = model_evidence(flow, model)
    newest = evidence.drift[-1]
    assert f"**{newest.period}:** {as_markdown(newest.sentence)}" in texts(at)
    frame = table(at, "Leads and model by quarter")
    assert column(frame, "Quarter") == list(evidence.periods)
    assert column(frame, tables.VERDICT)[1:] == [report.change.value for report in evidence.drift]
    assert column(frame, tables.SCORE_SHIFT)[1:] == [report.score_shift.psi for report in evidence.drift]
    assert column(frame, tables.MIX_SHIFT)[1:] == [report.mix_shift.psi for report in evidence.drift]
    figures = {one.period: one for one in compute_backtest(flow.cells(model), model).periods}
    assert column(frame, tables.PICKS) == [figures[label].auc for label in evidence.periods]


def test_how_sure_we_are_is_said_and_calibration_stands_under_details(workspace, flow, model):
    at = run(back_test_sections)
    evidence = model_evidence(flow, model)
    assert as_markdown(evidence.signal.sentence) in texts(at)
    assert any(as_markdown(evidence.tier_order.sentence) in text for text in texts(at))
    for note in evidence.notes:
        assert as_markdown(note) in texts(at)
    assert any(f"{evidence.calibration.brier:.5f}" in text for text in texts(at))
    frame = table(at, "Promised and real conversions by quarter")
    checks = [check for _, check in evidence.calibration.by_period]
    assert column(frame, tables.PROMISED) == [check.expected for check in checks]
    assert column(frame, tables.RATIO) == [check.ratio for check in checks]


def test_each_rule_is_judged_and_the_worthless_one_is_called_so(workspace, flow, model):
    at = run(back_test_sections)
    report = rules_evidence(flow, model)
    frame = table(at, "What each rule brings").set_index(tables.RULE)
    for line in report.rules:
        row = frame.loc[model.rule(line.rule).shown_label]
        assert row[tables.COMES_TO] == tables.TEXTS[line.evidence.evidence]
        assert row[tables.FIRES] == line.evidence.fired
        assert row[tables.LIFT] == line.evidence.lift
        assert row[tables.POINTS_SHARE] == line.points_share
    opens = next(line for line in report.rules if line.rule == "email_open")
    assert opens.evidence.evidence is Evidence.NOTHING
    assert frame.loc[model.rule("email_open").shown_label, tables.COMES_TO].startswith("worthless")
    labels = {rule.id: rule.shown_label for rule in model.rules}
    lines = next(text for text in texts(at) if text.startswith("- "))
    assert lines.split("\n") == [f"- {as_markdown(line)}" for line in rule_sentences(report, labels)]


def test_rules_on_attributes_are_marked_as_known_today(workspace, flow, model):
    at = run(back_test_sections)
    frame = table(at, "What each rule brings")
    marked = frame[frame[tables.TODAY] == "yes"][tables.RULE]
    assert list(marked) == [rule.shown_label for rule in known_today(model)]
    assert any("Known today" in caption.value for caption in at.caption)


def test_any_rule_can_be_followed_quarter_by_quarter(workspace, flow, model):
    at = run(back_test_sections)
    checked(at.selectbox(key="evidence_rule").set_value("trial").run())
    line = next(line for line in rules_evidence(flow, model).rules if line.rule == "trial")
    frame = table(at, f"{model.rule('trial').shown_label} by quarter")
    assert column(frame, "Quarter") == [label for label, _ in line.by_period]
    assert column(frame, tables.LIFT) == [one.lift for _, one in line.by_period]
    assert not any("worthless" in text for text in frame[tables.COMES_TO]), "one quarter proves nothing"


def test_who_entered_a_tier_is_worked_out_when_asked_for(workspace, flow, model):
    at = run(back_test_sections)
    assert "entry_tier" not in [one.key for one in at.button_group]
    checked(at.button(key="entry_start").click().run())
    begins = as_markdown(f"{THE_ENTERED} sales worked:")
    assert sum(one.value.startswith(begins) for one in at.caption) == 1
    view = compute_entries(entry_cells(flow, model), model)
    top = view.pooled.tiers[-1]
    assert [metric.value for metric in at.metric] == [
        count(top.entries),
        percent(top.rate),
        str(top.days_median),
    ]
    name = f"{model.tiers[-1].shown_label} by quarter of entry"
    rows = [*(period.tiers[-1] for period in view.periods), top]
    frame = table(at, name)
    assert column(frame, tables.ENTRIES) == [row.entries for row in rows]
    assert column(frame, tables.RATE) == [row.rate for row in rows]
    assert column(frame, tables.DAYS_MEDIAN) == [row.days_median for row in rows]
    checked(at.button_group(key="entry_tier").set_value("MQL").run())
    assert at.metric[0].value == count(view.pooled.tiers[1].entries)


def test_the_leads_that_entered_can_be_listed(workspace, flow, model):
    at = run(back_test_sections)
    at.button(key="entry_start").click().run()
    checked(at.selectbox(key="entry_period").set_value("2026-Q1").run())
    frame = table(at, "SQL 2026-Q1: leads that entered")
    found = entry_leads(flow, model, "SQL", "2026-Q1")
    assert column(frame, "Lead") == found.column("lead_id").to_pylist()
    open_leads = sum(
        not mature and converted is None
        for mature, converted in zip(
            found.column("mature").to_pylist(), found.column("converted_at").to_pylist(), strict=True
        )
    )
    assert (frame["Note"] == "still open").sum() == open_leads


def test_a_drafts_newest_complete_quarter_is_kept_back(workspace, flow, draft):
    held = kept_back(flow.cells(draft), draft)
    at = run(back_test_sections, draft)
    assert any(held[0] in info.value for info in at.info)
    assert held[0] not in column(table(at, "Leads and model by quarter"), "Quarter")
    evidence = rules_evidence(flow, draft, left_out=held)
    frame = table(at, "What each rule brings")
    assert column(frame, tables.FIRES) == [line.evidence.fired for line in evidence.rules]


def test_that_a_chosen_part_of_the_leads_plays_no_part_is_said(workspace):
    at = run(back_test_sections, part_looked_at=Part("leads.region", ("EMEA",)))
    assert any("all leads" in info.value for info in at.info)
    assert not any("all leads" in info.value for info in run(back_test_sections).info)


def test_what_knows_the_answer_is_named_and_one_click_leaves_it_out(workspace, flow, model):
    called = Condition(field="activity_type", operator="in", value=("onboarding_call", "contact_form"))
    rule = Rule(id="called", category="engagement", source="activity", points=30, where=(called,))
    model = changes.add_rule(model, rule)
    seen = [finding for finding in check_leaks(flow, model) if finding.evidence["rules"]]
    assert [finding.evidence["value"] for finding in seen] == ["onboarding_call"]
    at = run(tune_sections, model)
    assert any("knows the answer: “called”" in text for text in texts(at))
    for finding in seen:
        assert as_markdown(finding.message[:1].upper() + finding.message[1:]) in texts(at)
    checked(at.button(key="leave_out_0").click().run())
    after = at.session_state["draft_history"].model
    assert after.rule("called").enabled
    assert after.rule("called").where[0].value == ("contact_form",)
    assert not [finding for finding in check_leaks(flow, after) if finding.evidence["rules"]]
    assert "leave_out_0" not in [button.key for button in at.button]


def test_points_and_thresholds_play_no_part_in_what_knows_the_answer(workspace, flow, model, draft):
    def seen(findings):
        return [(one.kind, one.table, one.field, one.evidence["rules"]) for one in findings]

    at = run(tune_sections)
    assert at.session_state["draft_history"].model == model
    assert (
        seen(leak_findings(flow, draft)) == seen(check_leaks(flow, draft)) == seen(check_leaks(flow, model))
    )


def test_a_resting_draft_gets_its_verdict_when_asked_and_only_then_counts(workspace, flow, model, draft):
    at = run(tune_sections, draft)
    assert read_trials(workspace, model).variants == 0
    checked(at.button(key="tune_ask_verdict").click().run())
    verdict = compare(flow, model, draft).comparison.pooled.verdict
    said = f"**{VERDICTS[verdict.level][0]}.** {as_markdown(verdict.reason)}"
    assert [text for text in texts(at) if text.startswith(said)]
    assert read_trials(workspace, model).variants == 1
    at.session_state["draft_history"] = DraftHistory.start(changes.change_rule(draft, "trial", points=1))
    checked(at.run())
    assert "tune_ask_verdict" in [button.key for button in at.button], "a changed draft does not rest"
    assert read_trials(workspace, model).variants == 1


def test_the_model_in_use_needs_no_verdict(workspace):
    assert "tune_ask_verdict" not in [button.key for button in run(tune_sections).button]


def test_one_complete_quarter_has_nothing_to_be_compared_with(workspace, flow, model):
    until = model_evidence(flow, model).periods
    assert len(until) > 1
    patient = changes.change_conversion(model, horizon_days=740)
    save_model_in_use(workspace, patient)
    left = model_evidence(flow, patient).periods
    at = run(back_test_sections)
    assert len(left) == 1
    assert any("nothing to compare it with" in text for text in texts(at))
