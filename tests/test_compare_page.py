"""The Compare page through AppTest: its figures are the comparison, and what may not be seen is not shown."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from demo_data.generator import generate
from pages.components.compare import tables
from pages.components.compare.choose import read_model
from pages.components.compare.curves import SILENT
from pages.components.compare.verdict import VERDICTS
from pages.components.format import as_markdown, count, percent, times_in_100
from pages.components.tune import changes
from pages.components.tune.history import DraftHistory
from queries.comparison import swap_list
from queries.dataset import model_in_use, open_flow, ready_models, save_model_in_use
from queries.evidence import compare, model_evidence
from queries.importing import load_tables
from queries.live_score import compare_live_score
from queries.score_table import score_table
from queries.trials import count_variant, read_trials
from queries.workspace import Workspace
from scoring.comparison import MANY_VARIANTS, Level
from scoring.errors import ModelError
from scoring.live_score import verdict
from scoring.model_file import format_model
from scoring.work_thresholds import Work
from tests.page_reading import checked, column, table

ROOT = Path(__file__).parent.parent
PAGE = "pages/compare_page.py"
VERDICT = "Is your draft better?"


@pytest.fixture
def flow(workspace):
    return open_flow(workspace)


@pytest.fixture
def model(workspace):
    return model_in_use(workspace)


@pytest.fixture
def draft(model):
    return better(model, 20)


@pytest.fixture
def evidence(flow, model, draft):
    return compare(flow, model, draft, final_check=True)


def better(model, points):
    """The guideline with more points for the prices and none for opened mails."""
    changed = changes.change_rule(model, "pricing_page", points=points, max_points=3 * points)
    return changes.change_rule(changed, "email_open", points=0)


def open_page(draft=None, **session):
    at = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    if draft is not None:
        at.session_state["draft_history"] = DraftHistory.start(draft)
    for key, value in session.items():
        at.session_state[key] = value
    return at.run().switch_page(PAGE).run()


def texts(at):
    return [element.value for kind in (at.markdown, at.caption, at.info, at.warning) for element in kind]


def headers(at):
    return [header.value for header in at.header]


def current_draft(at):
    return at.session_state["draft_history"].model


def test_without_a_draft_it_says_so_and_a_ready_made_model_can_be_compared(workspace):
    at = checked(open_page())
    assert any("nothing to compare yet" in info.value for info in at.info)
    assert VERDICT not in headers(at)
    checked(at.button(key="compare_ready_b2c_guideline").click().run())
    assert VERDICT in headers(at)
    assert current_draft(at) == ready_models()["b2c_guideline"]


def test_sections_are_titled_by_the_readers_question(workspace, draft):
    found = headers(checked(open_page(draft)))
    assert len(found) == 5
    assert all(header.endswith("?") for header in found)


def test_the_verdict_is_that_of_the_comparison(workspace, draft, evidence):
    at = checked(open_page(draft))
    pooled, top = evidence.comparison.pooled, evidence.top_tier
    assert VERDICTS[pooled.verdict.level][0] in at.subheader[0].value
    assert as_markdown(pooled.verdict.reason) in texts(at)
    assert f"{count(pooled.leads)} lead-quarters, {count(pooled.conversions)} conversions" in texts(at)
    assert [metric.value for metric in at.metric] == [
        times_in_100(pooled.auc.auc_b, 1),
        percent(top.rate.b),
        percent(top.capture.b),
    ]


def test_the_verdict_of_every_quarter_is_told_with_its_reason(workspace, draft, evidence):
    frame = table(checked(open_page(draft)), "Verdict by quarter")
    rows = [*evidence.comparison.periods, evidence.comparison.pooled]
    assert column(frame, "Quarter") == [*(row.period for row in rows[:-1]), "All quarters compared"]
    assert column(frame, tables.VERDICT) == [row.verdict.level.value for row in rows]
    assert column(frame, tables.REASON) == [row.verdict.reason for row in rows]
    for name, field in ((tables.DIFFERENCE, "difference"), (tables.LOW, "low"), (tables.HIGH, "high")):
        assert column(frame, name) == [getattr(row.auc, field) for row in rows], name
    assert Level.TOO_LITTLE_DATA.value in column(frame, tables.VERDICT), "the demo's first quarters are small"


def test_a_quarter_with_too_little_data_has_no_verdict_on_its_tier_either(workspace, draft, evidence):
    frame = table(checked(open_page(draft)), "Highest tier by quarter")
    judged = {p.period: p.verdict.level for p in evidence.comparison.periods}
    few = frame[[judged[label] is Level.TOO_LITTLE_DATA for label in frame["Quarter"]]]
    assert len(few)
    assert set(few[tables.RATES]) == set(few[tables.WINS]) == {Level.TOO_LITTLE_DATA.value}
    top = dict(evidence.top_tier_by_period)
    assert column(frame, tables.RATE_DRAFT) == [top[label].rate.b for label in frame["Quarter"]]


def test_the_newest_complete_quarter_is_shown_only_when_asked_for_and_every_look_counts(
    workspace, model, draft, evidence
):
    newest = evidence.left_out[-1]
    at = checked(open_page(draft))
    for name in ("Verdict by quarter", "Highest tier by quarter"):
        assert newest not in column(table(at, name), "Quarter")
    assert len(at.subheader) == 1
    button = at.button(key="compare_final_check_button")
    assert button.label == f"Final check on {newest}"
    checked(button.click().run())
    final = evidence.final_check
    assert as_markdown(final.period.verdict.reason) in texts(at)
    assert [metric.value for metric in at.metric[3:]] == [
        times_in_100(final.period.auc.auc_b, 1),
        percent(final.top_tier.rate.b),
        percent(final.top_tier.capture.b),
    ]
    assert read_trials(workspace, model).final_checks == 1
    assert any("looked at once" in text for text in texts(at))
    checked(at.run())
    assert read_trials(workspace, model).final_checks == 1, "to go on looking is not another look"
    at.session_state["draft_history"] = DraftHistory.start(better(model, 30))
    checked(at.run())
    assert len(at.subheader) == 1, "another draft has not been checked"
    checked(at.button(key="compare_final_check_button").click().run())
    assert any("looked at 2 times" in text for text in texts(at))


def test_each_draft_is_counted_once_and_many_of_them_raise_a_warning(workspace, model, draft):
    checked(open_page(draft))
    checked(open_page(draft))
    checked(open_page(draft.model_copy(update={"name": "the same under another name"})))
    assert read_trials(workspace, model).variants == 1
    for points in range(30, 30 + MANY_VARIANTS - 2):
        count_variant(workspace, model, better(model, points))
    at = checked(open_page(draft))
    assert not at.warning
    count_variant(workspace, model, better(model, 60))
    at = checked(open_page(draft))
    assert any(f"{MANY_VARIANTS} drafts were tried" in warning.value for warning in at.warning)


def test_the_matrix_of_tiers_is_the_swap_set(workspace, model, draft, evidence):
    frame = table(checked(open_page(draft)), "Tier by tier")
    swap, labels = evidence.swap, [tier.shown_label for tier in model.tiers]
    for _, row in frame.iterrows():
        place = labels.index(row[tables.TIER_IN_USE]), labels.index(row[tables.TIER_IN_DRAFT])
        assert row[tables.LEADS] == swap.leads[place]
        assert row[tables.CONVERSIONS] == swap.conversions[place]
        assert row[tables.RATE] == swap.conversions[place] / swap.leads[place]
    assert frame[tables.LEADS].sum() == swap.leads.sum() == evidence.comparison.pooled.leads


def test_who_moves_up_and_down_is_said_and_can_be_listed(workspace, flow, model, draft, evidence):
    at = checked(open_page(draft))
    for moved, way in ((evidence.swap.up, "up"), (evidence.swap.down, "down")):
        found = [text for text in texts(at) if f"leads move {way}**" in text]
        assert len(found) == 1
        assert f"**{count(moved.leads)} leads move {way}**; {count(moved.conversions)} of them" in found[0]
    checked(at.toggle(key="compare_list").set_value(True).run())
    frame = table(at, "Leads that change tier")
    listed = swap_list(flow, model, draft, left_out=evidence.left_out)
    assert column(frame, "Lead") == listed.column("lead_id").to_pylist()
    assert len(frame) == evidence.swap.up.leads + evidence.swap.down.leads
    assert (frame[tables.CONVERSIONS] == "yes").sum() == (
        evidence.swap.up.conversions + evidence.swap.down.conversions
    )
    assert evidence.left_out[-1] not in set(frame["Quarter"])


def test_the_curves_are_those_of_both_models_on_the_same_leads(workspace, flow, model, draft, evidence):
    at = checked(open_page(draft))
    both = {
        tables.DRAFT: model_evidence(flow, draft, left_out=evidence.left_out),
        tables.IN_USE: model_evidence(flow, model, left_out=evidence.left_out),
    }
    gains, tenths = table(at, "Wins caught by leads worked"), table(at, "Lift by tenth")
    thresholds, worth = table(at, "What each threshold gives"), table(at, "What a score is worth")
    for name, one in both.items():
        curve = one.curves.precision_recall
        assert column(gains[gains["Model"] == name], tables.WINS_SHARE) == list(
            one.curves.gains.conversions_share
        )
        assert column(tenths[tenths["Model"] == name], tables.LIFT) == [
            part.lift for part in one.curves.parts
        ]
        assert column(thresholds[thresholds["Model"] == name], tables.RATE) == list(curve.precision)
        assert column(worth[worth["Model"] == name], tables.WORTH) == list(one.calibration.probability)
    details = table(at, "Statistics of both models").set_index("Statistic")
    assert details.loc["AUC", tables.DRAFT] == pytest.approx(evidence.comparison.pooled.auc.auc_b, abs=1e-12)
    assert details.loc["AUC", tables.IN_USE] == pytest.approx(evidence.comparison.pooled.auc.auc_a, abs=1e-12)
    assert details.loc["Brier score", tables.DRAFT] == both[tables.DRAFT].calibration.brier


def test_a_score_without_a_signal_is_a_sentence_and_no_chart(workspace, flow, model, evidence):
    rules = tuple(rule.model_copy(update={"enabled": False}) for rule in model.rules)
    blind = model.model_copy(update={"rules": rules})
    signal = model_evidence(flow, blind, left_out=evidence.left_out).signal
    assert signal.strength in SILENT
    at = checked(open_page(blind))
    assert as_markdown(signal.sentence) in [info.value for info in at.info]
    names = [one.proto.alt for one in at.dataframe]
    assert "Wins caught by leads worked" not in names
    assert "Statistics of both models" not in names


def test_thresholds_follow_from_work_and_worth_and_one_click_puts_one_into_the_draft(
    workspace, flow, draft, evidence
):
    at = checked(open_page(draft))
    at.number_input(key="work_leads").set_value(8.0)
    at.number_input(key="work_value").set_value(5000.0)
    at.number_input(key="work_cost").set_value(50.0)
    checked(at.run())
    found = model_evidence(flow, draft, left_out=evidence.left_out, work=Work(8.0, 5000.0, 50.0)).thresholds
    for sentence in found.sentences():
        assert as_markdown(sentence) in texts(at)
    frame = table(at, "Wins left on the table by quarter")
    assert column(frame, "Quarter") == [label for label, _ in found.capacity_by_period]
    assert column(frame, tables.LEFT) == [one.missed_conversions for _, one in found.capacity_by_period]
    assert column(frame, tables.THRESHOLD) == [one.threshold for _, one in found.capacity_by_period]
    assert column(table(at, "Profit by quarter"), tables.PROFIT) == [
        one.profit for _, one in found.profit_by_period
    ]
    assert found.profit.threshold < draft.tiers[1].threshold
    assert at.button(key="compare_use_profit").disabled, "it lies below the tier below"
    checked(at.button(key="compare_use_capacity").click().run())
    assert current_draft(at).tiers[-1].threshold == found.capacity.threshold
    assert current_draft(at).tiers[:-1] == draft.tiers[:-1]


def test_what_the_two_models_do_not_share_is_said(workspace, model, draft):
    other = changes.change_conversion(draft, horizon_days=30)
    at = checked(open_page(other))
    notes = compare(open_flow(workspace), model, other).notes
    assert notes
    assert [info.value for info in at.info] == [as_markdown(note) for note in notes]


def test_months_are_called_months(workspace, model, draft):
    monthly = model.observation.model_copy(update={"period": "month"})
    save_model_in_use(workspace, model.model_copy(update={"observation": monthly}))
    at = checked(open_page(draft.model_copy(update={"observation": monthly})))
    assert column(table(at, "Verdict by month"), "Month")[-1] == "All months compared"


def test_without_a_complete_quarter_there_is_no_verdict(workspace, model, draft):
    patient = changes.change_conversion(model, horizon_days=3650)
    save_model_in_use(workspace, patient)
    at = checked(open_page(draft))
    assert VERDICT not in headers(at)
    assert any("3650 days" in info.value for info in at.info)
    assert read_trials(workspace, patient).variants == 0, "no verdict was shown"


def test_an_empty_workspace_says_where_to_go(tmp_path, monkeypatch):
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(tmp_path))
    at = checked(open_page())
    assert any("nothing to compare yet" in info.value for info in at.info)
    assert not at.header


def test_a_model_that_does_not_fit_the_data_is_named_and_nothing_else_breaks(workspace, draft):
    text = format_model(draft).replace('field = "activity_type"', 'field = "no_such_column"', 1)
    at = open_page(read_model("odd.toml", text.encode()))
    assert not at.exception
    assert len(at.error) == 1
    assert "no\\_such\\_column" in at.error[0].value


def test_a_model_file_can_be_opened_and_a_broken_one_is_refused_by_name(workspace, draft):
    at = checked(open_page())
    at.file_uploader(key="compare_upload_0").upload("broken.toml", b"name = ", "application/toml")
    at.run()
    assert "broken\\.toml" in at.error[0].value
    assert VERDICT not in headers(at)
    at.file_uploader(key="compare_upload_1").upload(
        "mine.toml", format_model(draft).encode(), "application/toml"
    )
    checked(at.run())
    assert current_draft(at) == draft
    assert VERDICT in headers(at)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe\x00", "a text file in UTF-8"),
        (b"#" * 1_000_001, "at most 1 MB"),
        (b"name = 1", "odd.toml"),
    ],
)
def test_what_is_no_model_is_refused(content, words):
    with pytest.raises(ModelError, match=words):
        read_model("odd.toml", content)


def test_every_chart_has_a_text_for_those_who_do_not_see_it(workspace, draft):
    at = checked(open_page(draft))
    alternatives = [chart.proto.alt for chart in at.get("plotly_chart")]
    assert len(alternatives) == 6
    assert all(text.startswith("Chart. ") and "<" not in text for text in alternatives)
    assert len(set(alternatives)) == len(alternatives)


def test_the_crms_own_score_is_set_beside_the_model(tmp_path, monkeypatch):
    demo = generate(1000, seed=1)
    workspace = Workspace.open(tmp_path / "own")
    load_tables(workspace, demo)
    scores = (
        score_table(open_flow(workspace), model_in_use(workspace)).to_pandas().set_index("lead_id")["score"]
    )
    ids = demo["leads"].column("lead_id").to_pylist()
    live = [str(scores[lead] + (lead == scores.index[0])) if lead in scores.index else None for lead in ids]
    leads = demo["leads"].append_column("crm_score", pa.array(live, pa.string()))
    load_tables(workspace, {"leads": leads})
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(workspace.path))
    at = open_page()
    at.selectbox(key="live_column").select("crm_score").run()
    checked(at)
    expected = compare_live_score(open_flow(workspace), model_in_use(workspace), "crm_score")
    assert (expected.compared, expected.equal) == (len(scores), len(scores) - 1)
    assert as_markdown(verdict(expected)) in [text.value for text in at.markdown]
    assert any(percent(expected.equal_share) in caption.value for caption in at.caption)


def test_without_a_column_of_numbers_the_crms_score_is_not_asked_for(workspace):
    assert "live_column" not in {box.key for box in checked_page().selectbox}


def checked_page():
    at = open_page()
    checked(at)
    return at
