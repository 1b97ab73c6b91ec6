"""What does each rule bring? Its chart, its table, and in words what a reader must not miss."""

from __future__ import annotations

import streamlit as st

from pages.components.evidence import load, tables
from pages.components.evidence.chart import explain_evidence, show_evidence_chart
from pages.components.evidence.rule_figure import rule_lift_figure
from pages.components.format import as_markdown, some_of
from pages.components.table import table_with_download
from pages.components.theme import current_theme
from queries.flow import Flow
from scoring.hindsight import known_today
from scoring.model import Model
from scoring.rule_report import RuleReport, rule_sentences


def show_rules(flow: Flow, model: Model, left_out: tuple[str, ...]) -> None:
    """The section of the rules of a model."""
    st.header("What does each rule bring?", anchor="rules")
    report = load.rules_evidence(flow, model, left_out)
    if not report.rules:
        st.markdown("No rule is switched on.")
        return
    labels = {rule.id: rule.shown_label for rule in model.rules}
    today = [rule.id for rule in known_today(model)]
    word = model.observation.period
    sentences = rule_sentences(report, labels)
    st.markdown(
        "\n".join(f"- {as_markdown(line)}" for line in sentences)
        or "No rule is worthless, and no two say the same."
    )
    if today:
        names = as_markdown(some_of([f"“{labels[rule]}”" for rule in today]))
        st.caption(f":material/today: Known today, not as of the day: {names}.")
    show_evidence_chart(
        rule_lift_figure(report, labels, today, current_theme()),
        tables.rule_table(report, labels, today),
        "What each rule brings",
        "rules",
        ("rule_lift", "points_share", "known_today"),
        tables.LIFT_CONFIG,
    )
    _show_one_rule(report, labels, word)
    with st.expander("Details: how much does each rule tell?"):
        table_with_download(
            tables.rule_detail_table(report, labels),
            "Information of each rule",
            "rule_details",
            tables.CONFIG,
        )
        explain_evidence("What do these mean?", "information", "leads_changed", key="rule_details_explained")


def _show_one_rule(report: RuleReport, labels: dict[str, str], word: str) -> None:
    with st.expander(f"One rule {word} by {word}"):
        ids = [line.rule for line in report.rules]
        chosen = st.selectbox(
            "Rule", ids, format_func=lambda rule: labels.get(rule, rule), key="evidence_rule"
        )
        table = tables.rule_period_table(report, chosen if chosen in ids else ids[0], word)
        name = f"{labels.get(chosen, chosen)} by {word}"
        table_with_download(table, name, "rule_by_period", tables.LIFT_CONFIG)
