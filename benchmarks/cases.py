"""All cases by name, in the order of the table."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks import (
    browser_case,
    counting_cases,
    evidence_cases,
    import_cases,
    leads_cases,
    leads_page_case,
    sessions_case,
    tuning_cases,
)
from benchmarks.dataset import LARGE, SMALL, Dataset, Size
from benchmarks.latency import Latency
from benchmarks.measure import Case

CASES: dict[str, Callable[[Dataset], Case]] = {
    "import_files": import_cases.import_files,
    "import_tables": import_cases.import_tables,
    "first_cells": import_cases.first_cells,
    "files_to_cells": import_cases.files_to_cells,
    "files_to_cells_2gb": import_cases.files_to_cells_2gb,
    "second_start": import_cases.second_start,
    "cells": tuning_cases.cells,
    "cells_from_activities": tuning_cases.cells_from_activities,
    "response_table": tuning_cases.response_table,
    "dearest_response_table": tuning_cases.dearest_response_table,
    "move": tuning_cases.move,
    "threshold": tuning_cases.threshold,
    "count_all": counting_cases.count_all,
    "count_quarters": counting_cases.count_quarters,
    "count_months": counting_cases.count_months,
    "count_one": counting_cases.count_one,
    "count_colleagues": counting_cases.count_colleagues,
    "joint_cells": evidence_cases.joint,
    "compare": evidence_cases.comparison,
    "model_evidence": evidence_cases.evidence_of_model,
    "rules_evidence": evidence_cases.evidence_of_rules,
    "check_leaks": evidence_cases.leaks,
    "entry": evidence_cases.entries,
    "leads_page": leads_cases.leads_page,
    "leads_filter": leads_cases.leads_filter,
    "leads_date": leads_cases.leads_date,
}

WAITS: dict[str, Callable[[Dataset], dict[str, Latency]]] = {
    "page": browser_case.page_latencies,
    "leads_in_browser": leads_page_case.leads_latencies,
    "sessions": sessions_case.session_latencies,
}
"""What people wait for before a running dashboard, by name."""

WAITED_AT = {"page": (SMALL, LARGE), "leads_in_browser": (SMALL, LARGE), "sessions": (sessions_case.SIZE,)}

ENTRY = "entry"
ENTRY_BELOW_LEADS = 100_000
"""Of a lead with n activities the entry view looks at some n * n / 2: from here on only when asked for."""

WIDE_CASES = (
    "import_files",
    "cells",
    "response_table",
    "dearest_response_table",
    "move",
    "threshold",
    "count_all",
    "count_quarters",
)
"""Where the number of rules or of activities matters."""


def chosen_cases(size: Size, only: tuple[str, ...] = (), entry: bool = False) -> list[str]:
    """The names of the cases to run.

    Parameters
    ----------
    size : Size
        Of the data and of the model.
    only : tuple of str
        Names that were asked for, also of `WAITS`; all that suit the size when empty.
    entry : bool
        Run the entry view whatever the size.
    """
    if only:
        return [name for name in CASES if name in only]
    if size == sessions_case.SIZE:
        return []
    if size.is_wide:
        return [name for name in CASES if name in WIDE_CASES]
    return [name for name in CASES if name != ENTRY or entry or size.leads < ENTRY_BELOW_LEADS]


def chosen_waits(size: Size, only: tuple[str, ...] = ()) -> list[str]:
    """The names of `WAITS` to measure: those asked for, else those that suit the size."""
    if only:
        return [name for name in WAITS if name in only]
    return [name for name, sizes in WAITED_AT.items() if size in sizes]
