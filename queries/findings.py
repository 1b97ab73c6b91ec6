"""A finding about the data: what was noticed, how bad it is, where, and what to do."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True)
class Finding:
    """Something about the data or the model that a person should know.

    Attributes
    ----------
    kind : str
        What it is, such as ``"leak"`` or ``"orphans"``.
    severity : "error", "warning" or "note"
    table, field, rule : str or None
        Where it is.
    message : str
        One sentence: what was found, and what to do.
    evidence : dict
        The figures behind it.
    """

    kind: str
    severity: Severity
    message: str
    table: str | None = None
    field: str | None = None
    rule: str | None = None
    evidence: dict[str, Any] = dataclasses.field(default_factory=dict)


def findings_to_json(findings: Sequence[Finding]) -> dict[str, Any]:
    """The findings as the command line prints them."""
    return {
        "findings": [
            {
                "kind": finding.kind,
                "severity": finding.severity,
                "table": finding.table,
                "field": finding.field,
                "rule": finding.rule,
                "message": finding.message,
                "evidence": finding.evidence,
            }
            for finding in findings
        ]
    }


def findings_from_json(document: dict[str, Any]) -> list[Finding]:
    """The findings that were turned into a document before."""
    return [Finding(**each) for each in document["findings"]]


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """The findings by severity; those of one severity keep their order."""
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))
