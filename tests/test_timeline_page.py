"""The page Over time through AppTest, and its figures and tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.figures.style import tier_labels
from pages.components.figures.timeline import levels_figure, moves_figure
from pages.components.format import as_markdown
from pages.components.timeline.tables import causes_table, weeks_table
from queries.dataset import model_in_use, open_flow
from queries.tier_timeline import tier_timeline
from scoring.timeline_words import timeline_sentence

PAGE = Path(__file__).parent.parent / "pages" / "timeline_page.py"


@pytest.fixture(scope="module")
def model(demo_workspace):
    return model_in_use(demo_workspace)


@pytest.fixture(scope="module")
def timeline(demo_workspace, model):
    return tier_timeline(open_flow(demo_workspace), model, 13)


def test_the_page_says_what_happened_and_follows_span_and_tier(demo_workspace, model, timeline, monkeypatch):
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(demo_workspace.path))
    at = AppTest.from_file(PAGE, default_timeout=60).run()
    assert not at.exception
    at.segmented_control(key="timeline_weeks").set_value(13).run()
    assert f"**{as_markdown(timeline_sentence(timeline, model))}**" in [one.value for one in at.markdown]
    at.selectbox(key="timeline_tier").select("MQL").run()
    assert not at.exception
    place = timeline.tiers.index("MQL")
    came, left = (frame.value for frame in at.dataframe[-2:])
    assert came["Times"].sum() == timeline.entries[:, place].sum()
    assert left["Times"].sum() == timeline.exits[:, place].sum()


def test_without_data_the_page_leads_to_the_data_page(tmp_path, monkeypatch):
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(tmp_path))
    at = AppTest.from_file(PAGE.parent.parent / "app.py", default_timeout=60).run()
    at.switch_page("pages/timeline_page.py").run()
    assert not at.exception
    assert "no leads yet" in at.info[0].value


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_areas_and_bars_hold_the_counts(timeline, model, theme):
    labels = tier_labels(model)
    areas = levels_figure(timeline, labels, theme)
    assert [list(trace.y) for trace in areas.data] == timeline.leads.T[::-1].tolist()
    assert len(levels_figure(timeline, labels, theme, with_lowest=False).data) == len(timeline.tiers) - 1
    bars = moves_figure(timeline, timeline.tiers[-1], labels, theme)
    weekly = [sum(trace.y[week] for trace in bars.data) for week in range(13)]
    assert weekly == (timeline.entries - timeline.exits)[1:, -1].tolist()
    assert any(trace.name.startswith("left: ") and min(trace.y) < 0 for trace in bars.data)


def test_the_tables_hold_every_week_and_every_cause(timeline, model):
    labels = tier_labels(model)
    weeks = weeks_table(timeline, labels)
    assert len(weeks) == 14
    top = labels[timeline.tiers[-1]]
    assert weeks[top].tolist() == timeline.leads[:, -1].tolist()
    assert weeks[f"{top}, came in"].isna().tolist() == [True] + [False] * 13
    causes = causes_table(timeline.entering(timeline.tiers[-1]), model, labels, entering=True)
    assert causes["Times"].sum() == timeline.entries[:, -1].sum()
    assert causes["Share"].sum() == pytest.approx(1)
    assert causes_table(iter(()), model, labels, entering=False).empty
