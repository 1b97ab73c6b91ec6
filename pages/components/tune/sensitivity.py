"""Which rule matters most: what a few points more or fewer of each would do, beside the console."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pages.components.backtest.chart import alternative_text
from pages.components.evidence.chart import FOUR_DECIMALS, SHARE, WHOLE
from pages.components.failures import shown_on_page
from pages.components.figures.style import CHART_CONFIG
from pages.components.format import as_markdown, auc_in_words, count, percent
from pages.components.sales_capacity import ask_capacity
from pages.components.state import Part
from pages.components.table import table_with_download
from pages.components.theme import current_theme
from pages.components.tune.sensitivity_figure import MOST_SHOWN, sensitivity_figure
from pages.components.tune.sensitivity_job import SensitivityJob, current_job
from queries.flow import Flow
from scoring.model import Model
from scoring.sensitivity import MOST_STEP, Metric, Question, Sensitivity
from scoring.sensitivity_words import figure_name, held_words, level_words, room_words, sensitivity_notes

TITLE = "Which rule matters most?"
POLL_SECONDS = 0.5

RULE, POINTS, THEN, MOVED = "Rule", "Points now", "Points then", "Leads whose score changes"
VALUE, DIFFERENCE, LOW, HIGH, COMES_TO = "Then", "Difference", "Likely from", "Likely to", "What it comes to"

_OPEN, _METRIC, _STEP, _WORK = (
    "sensitivity_open", "sensitivity_metric", "sensitivity_step", "work_leads"
)  # fmt: skip
_LAST = "sensitivity_last"


def show_sensitivity(flow: Flow, draft: Model, part: Part) -> None:
    """A section that opens to a chart of what each rule's points do; costs nothing while it is closed.

    The figures are worked out beside the page. Draw it after everything that a change is waited for.

    Parameters
    ----------
    flow : Flow
    draft : Model
    part : Part
        Which leads are looked at.
    """
    _show_section(flow, draft, part)


# A fragment of its own: another figure or step redraws nothing else on the page.
@st.fragment
def _show_section(flow: Flow, draft: Model, part: Part) -> None:
    section = st.expander(TITLE, key=_OPEN, icon=":material/tune:", on_change="rerun")
    if not section.open:
        return
    with section, shown_on_page():
        if not draft.enabled_rules:
            st.markdown("Your draft has no rule that is switched on.")
            return
        metric, question = _ask(draft)
        job = current_job(flow, draft, part, question)
        if job.is_done:
            found = job.result()
            st.session_state[_LAST] = job
            _show_result(found, draft, metric)
            return
        _wait(job)
        _show_last(metric)


def _ask(draft: Model) -> tuple[Metric, Question]:
    tier = draft.tiers[-1].shown_label
    figure, points, work = st.columns([3, 2, 3], vertical_alignment="bottom")
    with figure:
        metric = st.selectbox(
            "What it does to",
            [metric.value for metric in Metric],
            key=_METRIC,
            format_func=lambda metric: figure_name(Metric(metric), tier),
            persist_state="session",
        )
    with points:
        step = st.number_input(
            "Points more and fewer", 1, MOST_STEP, 5, step=1, key=_STEP, persist_state="session"
        )
    with work:
        leads = ask_capacity(
            _WORK, "as many as now", "How many of the best-scored leads the share of wins caught is about."
        )
    return Metric(metric), Question(int(step), leads)


@st.fragment(run_every=POLL_SECONDS)
def _wait(job: SensitivityJob) -> None:
    st.progress(job.share, text="Trying other points for each rule …")
    if job.is_done:
        st.rerun()


def _show_last(metric: Metric) -> None:
    """The chart from before the last change, so that nothing jumps; said to be old."""
    last: SensitivityJob | None = st.session_state.get(_LAST)
    if last is not None:
        st.caption("These figures are from before your last change.")
        _show_result(last.result(), last.request.model, metric)


def _show_result(found: Sensitivity, draft: Model, metric: Metric) -> None:
    labels = {rule.id: rule.shown_label for rule in draft.rules}
    tier = draft.tiers[-1].shown_label
    if found.leads == 0:
        st.markdown(f"No {draft.observation.period} is complete yet: nothing can be judged.")
        return
    figure = sensitivity_figure(found, metric, labels, tier, current_theme())
    st.plotly_chart(
        figure, theme=None, config=CHART_CONFIG, key="sensitivity_chart", alt=alternative_text(figure)
    )
    st.caption(as_markdown(_basis(found, metric, tier)))
    for line in held_words(found, labels):
        st.caption(f":material/block: {as_markdown(line)}")
    with st.popover(
        f"How to read “{TITLE}”", type="tertiary", icon=":material/help:", key="sensitivity_explained"
    ):
        for line in sensitivity_notes(found):
            st.markdown(as_markdown(line))
    with st.expander("Every rule: the table behind this chart"):
        table_with_download(
            sensitivity_table(found, metric, labels),
            f"What {found.step} points do to {figure_name(metric, tier)}",
            "sensitivity",
            _config(metric),
        )


def sensitivity_table(found: Sensitivity, metric: Metric, labels: dict[str, str]) -> pd.DataFrame:
    """Two rows for each rule, fewer points and more, by the size of the effect on one figure."""
    rows = []
    for knob in found.ranked(metric):
        for turn in (knob.fewer, knob.more):
            effect = turn.effect(metric)
            rows.append(
                {
                    RULE: labels.get(knob.rule, knob.rule),
                    POINTS: knob.points,
                    THEN: turn.points,
                    MOVED: turn.leads_moved,
                    VALUE: effect.value,
                    DIFFERENCE: effect.difference,
                    LOW: effect.low,
                    HIGH: effect.high,
                    COMES_TO: turn.held.value if turn.held is not None else level_words(effect),
                }
            )
    frame = pd.DataFrame(rows)
    numbers = [VALUE, DIFFERENCE, LOW, HIGH]
    return frame.astype(dict.fromkeys(numbers, "float64"))


def _basis(found: Sensitivity, metric: Metric, tier: str) -> str:
    """What the figure is now, and of which leads."""
    now = {
        Metric.WINS_CAUGHT: f"Now {percent(found.wins_caught)} of all wins are among "
        f"{room_words(found.room, tier)}.",
        Metric.AUC: f"Now the score {auc_in_words(found.auc)}.",
        Metric.TOP_RATE: f"Now {percent(found.top_rate)} of {tier} convert.",
    }[metric]
    shown = f" The chart has the first {MOST_SHOWN} rules." if len(found.knobs) > MOST_SHOWN else ""
    return f"{now} From {count(found.leads)} complete lead-quarters.{shown}"


def _config(metric: Metric) -> dict[str, Any]:
    shares = dict.fromkeys((VALUE, DIFFERENCE, LOW, HIGH), FOUR_DECIMALS if metric is Metric.AUC else SHARE)
    return shares | dict.fromkeys((POINTS, THEN, MOVED), WHOLE)
