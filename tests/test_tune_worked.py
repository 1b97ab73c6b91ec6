"""Tune says which share of each tier's leads sales worked: the draft's, and no change waits for it."""

import shutil
import threading
from pathlib import Path

import pyarrow.compute as pc
import pytest
from streamlit.testing.v1 import AppTest

from demo_data.generator import generate
from pages.components.format import as_markdown, percent
from pages.components.tune import worked as shown_part
from pages.components.tune import worked_job
from pages.components.tune.part import SALES_WORKED, part_frame
from pages.components.worked import ALL_LEADS, WORKED, sentence_to_come, worked_sentence
from queries.dataset import model_in_use, open_flow
from queries.importing import load_tables
from queries.worked import known_worked_parts, worked_by_tier
from queries.workspace import Workspace
from scoring.backtest import backtest_by_segment
from scoring.worked import pooled, together
from scoring.worked_words import NOT_TOLD

ROOT = Path(__file__).parent.parent


@pytest.fixture
def workspace(demo_workspace, tmp_path, monkeypatch):
    shutil.copytree(demo_workspace.path, tmp_path / "workspace")
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setattr(shown_part, "PATIENCE_SECONDS", 60)
    return Workspace.open(tmp_path / "workspace")


def start():
    at = AppTest.from_file(ROOT / "app.py", default_timeout=120)
    at.query_params["inputs"] = "plain"
    at.run()
    assert not at.exception
    return at


def sentences(at):
    return [each.value for each in at.caption if "sales worked" in each.value]


def of_back_test(workspace, model):
    return worked_sentence(pooled(worked_by_tier(open_flow(workspace), model)), model)


def test_the_sentence_is_about_the_draft_as_the_back_test_counts_it(workspace):
    at = start()
    model = model_in_use(workspace)
    assert sentences(at) == [of_back_test(workspace, model)]
    draft = with_lower_threshold(model)
    change_to(at, draft)
    assert sentences(at) == [of_back_test(workspace, draft)]
    assert of_back_test(workspace, draft) != of_back_test(workspace, model)


def test_a_change_does_not_wait_and_the_sentence_has_its_place_meanwhile(workspace, monkeypatch):
    model, may_go_on, real = model_in_use(workspace), threading.Event(), worked_job.load_worked_in

    def slow(*asked):
        assert may_go_on.wait(60)
        return real(*asked)

    at = start()
    monkeypatch.setattr(worked_job, "load_worked_in", slow)
    monkeypatch.setattr(shown_part, "PATIENCE_SECONDS", 0)
    draft = with_lower_threshold(model)
    change_to(at, draft)
    assert sentences(at) == [sentence_to_come(draft)]
    may_go_on.set()
    monkeypatch.setattr(shown_part, "PATIENCE_SECONDS", 60)
    at.run()
    assert sentences(at) == [of_back_test(workspace, draft)]
    assert len(sentence_to_come(draft)) == pytest.approx(len(of_back_test(workspace, draft)), abs=6)


def test_what_was_superseded_while_it_waited_is_never_looked_up(workspace, monkeypatch):
    looked_up, hand_rests = [], threading.Event()
    model = model_in_use(workspace)
    monkeypatch.setattr(
        worked_job, "load_worked_in", lambda _flow, _version, asked, _part: looked_up.append(asked)
    )
    waits = threading.Event()

    def wait():
        waits.set()
        assert hand_rests.wait(60)

    monkeypatch.setattr(worked_job, "work_turn", lambda: wait)
    old = worked_job.WorkedJob(open_flow(workspace), "v", model, ALL_LEADS)
    assert waits.wait(60)
    in_line = worked_job.WorkedJob(open_flow(workspace), "v", model, ALL_LEADS)
    new = worked_job.WorkedJob(open_flow(workspace), "v", with_lower_threshold(model), ALL_LEADS)
    old.supersede()
    in_line.supersede()
    hand_rests.set()
    assert new.is_done_within(60)
    assert looked_up == [with_lower_threshold(model)]
    for job in (old, in_line):
        with pytest.raises(worked_job.SupersededError):
            job.result()


def test_data_that_tell_wins_alone_say_so_on_tune_and_have_no_column_on_back_test(tmp_path, monkeypatch):
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(tmp_path))
    monkeypatch.setattr(shown_part, "PATIENCE_SECONDS", 60)
    tables = dict(generate(1000, seed=1))
    tables["outcomes"] = tables["outcomes"].filter(pc.field("stage") == "won")
    load_tables(Workspace.open(tmp_path), tables)
    at = start()
    assert sentences(at) == [as_markdown(NOT_TOLD)]
    at.switch_page("pages/backtest_page.py").run()
    assert not at.exception
    assert sentences(at) == [as_markdown(NOT_TOLD)]
    [table] = [each.value for each in at.dataframe if {"Tier", "Different leads"} <= set(each.value.columns)]
    assert WORKED not in table.columns


def test_a_part_of_the_leads_has_its_own_share_on_tune_and_back_test(workspace):
    model, chosen = model_in_use(workspace), ["EMEA", "APAC"]
    parts = known_worked_parts(open_flow(workspace), model, "leads.region")
    shares = pooled(together(parts[value] for value in chosen))
    expected = worked_sentence(shares, model)
    at = start()
    at.selectbox(key="part_column").set_value("leads.region").run()
    at.multiselect(key="part_values").set_value(chosen).run()
    assert sentences(at) == [expected] != [of_back_test(workspace, model)]
    change_to(at, with_lower_threshold(model))
    at.switch_page("pages/backtest_page.py").run()
    assert not at.exception
    [table] = [each.value for each in at.dataframe if {"Figure", "Your draft"} <= set(each.value.columns)]
    top = model.tiers[-1]
    in_use = table.set_index("Figure").loc[f"{top.shown_label}: sales worked", "Model in use"]
    assert in_use == percent(shares[top.name].share)


def with_lower_threshold(model):
    top = model.tiers[-1].model_copy(update={"threshold": model.tiers[-1].threshold - 30})
    return model.model_copy(update={"tiers": (*model.tiers[:-1], top)})


def change_to(at, model):
    """Move the top threshold, as its input does."""
    at.number_input(key=f"threshold_{model.tiers[-1].name}").set_value(model.tiers[-1].threshold).run()
    assert not at.exception


def test_beside_the_rate_of_each_part_stands_what_sales_worked_of_it(demo_workspace):
    flow = open_flow(demo_workspace)
    model = model_in_use(demo_workspace)
    parts = {
        value: pooled(shares) for value, shares in known_worked_parts(flow, model, "leads.region").items()
    }
    by_value = backtest_by_segment(flow.cells(model, "leads.region"), model)
    top = model.tiers[-1]
    frame = part_frame(by_value, "region", top, parts).set_index("region")
    assert frame[SALES_WORKED].to_dict() == {value: found[top.name].share for value, found in parts.items()}
    assert all(0 < share < 1 for share in frame[SALES_WORKED])
    assert SALES_WORKED not in part_frame(by_value, "region", top, {})
