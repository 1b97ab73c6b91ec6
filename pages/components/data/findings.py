"""What is wrong with the data, or worth a look: a calm list, the most serious first, each with what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages.components.data.words import TABLE_TITLES, shown
from queries.checks import check_data
from queries.findings import Finding
from queries.flow import Flow
from queries.inspection import inspect_model
from queries.workspace import Manifest, Workspace
from scoring.model import Model

SEVERITIES = {
    "error": (":material/error:", "Put right first"),
    "warning": (":material/warning:", "Worth a look"),
    "note": (":material/info:", "Good to know"),
}


@st.cache_data(show_spinner="Looking through the data …", max_entries=20)
def _findings(path: str, version: str) -> list[Finding]:
    """The findings of one data version, which never changes (`version` is part of the key)."""
    return check_data(Workspace.open(path))


@st.cache_data(show_spinner="Trying the rules of the model in use …", max_entries=20)
def _about_model(path: str, version: str, model: Model, _flow: Flow) -> list[Finding]:
    """What of the model does not fit the data, or else which of its rules match nobody."""
    return inspect_model(_flow, model)


def all_findings(workspace: Workspace, flow: Flow, manifest: Manifest, model: Model) -> list[Finding]:
    """The findings about the data and about the model in use beside them, the worst first.

    Of equals, what concerns the model's own idea of success comes first.
    """
    key = (str(workspace.path), manifest.version)
    found = [*_findings(*key), *_about_model(*key, model, flow)]
    order = list(SEVERITIES)
    success = {stage.lower() for stage in model.conversion.stages}
    return sorted(
        found,
        key=lambda finding: (
            order.index(finding.severity),
            str(finding.evidence.get("stage", "")).lower() not in success,
        ),
    )


def show_findings(findings: Sequence[Finding]) -> None:
    """The list: findings of one kind about one place together, with their evidence on demand."""
    if not findings:
        st.markdown(":material/check_circle: Nothing stands out. The data fit together and so do the rules.")
        return
    totals = {name: sum(f.severity == name for f in findings) for name in SEVERITIES}
    st.caption(" · ".join(f"{SEVERITIES[name][1]}: {number}" for name, number in totals.items() if number))
    groups: dict[tuple[str | None, ...], list[Finding]] = {}
    for finding in findings:
        place = (finding.severity, finding.kind, finding.table, finding.field)
        groups.setdefault(place, []).append(finding)
    for number, group in enumerate(groups.values()):
        _show_group(group, number)


def _show_group(group: Sequence[Finding], number: int) -> None:
    first, *others = group
    icon, word = SEVERITIES[first.severity]
    with st.container(border=True, gap="xsmall", key=f"finding_{number}"):
        place = _place(first)
        st.markdown(f"{icon} **{word}**" + (f" · {place}" if place else ""))
        st.markdown(_sentence(first))
        if not others and not first.evidence:
            return
        more = f"{len(others)} more like this, and the evidence"
        with st.expander(more if others else "The evidence"):
            _show_evidence(first.evidence)
            for other in others:
                st.markdown(_sentence(other))
                _show_evidence(other.evidence)


def _sentence(finding: Finding) -> str:
    return shown(finding.message[:1].upper() + finding.message[1:], 1_000)


def _place(finding: Finding) -> str:
    parts = [TABLE_TITLES.get(finding.table or "", finding.table), finding.field, finding.rule]
    return " · ".join(shown(part) for part in parts if part)


def _show_evidence(evidence: dict[str, Any]) -> None:
    """Numbers and examples as a table that screen readers can read; text is shown as it is."""
    if not evidence:
        return
    rows = [(_words(name), _spelled(value)) for name, value in evidence.items()]
    frame = pd.DataFrame([(shown(name), shown(value)) for name, value in rows], columns=["What", "Value"])
    st.table(frame, border="horizontal", hide_index=True, hide_header=True, alt="Evidence for this finding")


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _spelled(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.4g}"
    if isinstance(value, (list, tuple)):
        return ", ".join(_spelled(item) for item in value) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{_words(str(key))}: {_spelled(item)}" for key, item in value.items()) or "none"
    return "none" if value is None else str(value)
