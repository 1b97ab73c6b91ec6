"""All cases by name, in the order of the table."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks import counting_cases, evidence_cases, import_cases, tuning_cases
from benchmarks.dataset import Dataset
from benchmarks.measure import Case

CASES: dict[str, Callable[[Dataset], Case]] = {
    "import_files": import_cases.import_files,
    "import_tables": import_cases.import_tables,
    "first_cells": import_cases.first_cells,
    "cells": tuning_cases.cells,
    "response_table": tuning_cases.response_table,
    "move": tuning_cases.move,
    "threshold": tuning_cases.threshold,
    "count_all": counting_cases.count_all,
    "count_one": counting_cases.count_one,
    "count_colleagues": counting_cases.count_colleagues,
    "joint_cells": evidence_cases.joint,
    "compare_quickly": evidence_cases.quick_comparison,
    "compare": evidence_cases.comparison,
    "model_evidence": evidence_cases.evidence_of_model,
    "rules_evidence": evidence_cases.evidence_of_rules,
    "check_leaks": evidence_cases.leaks,
    "entry": evidence_cases.entries,
}

ENTRY = "entry"
ENTRY_BELOW_LEADS = 100_000
"""Of a lead with n activities the entry view looks at some n * n / 2: from here on only when asked for."""


def chosen_cases(leads: int, only: tuple[str, ...] = (), entry: bool = False) -> list[str]:
    """The names of the cases to run.

    Parameters
    ----------
    leads : int
        Size of the data.
    only : tuple of str
        Names that were asked for; all when empty.
    entry : bool
        Run the entry view whatever the size.

    Raises
    ------
    KeyError
        For a name that there is not.
    """
    for name in only:
        CASES[name]
    if only:
        return [name for name in CASES if name in only]
    return [name for name in CASES if name != ENTRY or entry or leads < ENTRY_BELOW_LEADS]
