"""What stands beside the figures: comparison, evidence, the leak guard, entries into tiers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from benchmarks.counting_cases import plain_statement
from benchmarks.dataset import DRAFT, MODEL, Dataset
from benchmarks.import_cases import close_all
from benchmarks.measure import Case, Peer, Work
from benchmarks.tuning_cases import patterns_of
from queries.comparison import joint_cells
from queries.entry import entry_cells
from queries.evidence import compare, model_evidence, rules_evidence, source_column
from queries.findings import Finding
from queries.flow import Flow
from queries.guard.leaks import check_leaks
from scoring.backtest import compute_backtest
from scoring.cells import Cells
from scoring.comparison_evidence import ComparisonEvidence
from scoring.entry import EntryCells
from scoring.evidence import ModelEvidence
from scoring.joint_cells import JointCells, swap_set
from scoring.rule_report import RuleReport
from scoring.signal_strength import judge_signal


def joint(data: Dataset) -> Case:
    """Both models' scores at once, from the patterns."""
    flow = data.flow()
    flow.cells(MODEL)

    def agrees(both: JointCells, apart: tuple[Cells, Cells]) -> bool:
        scores = (both.score_a, both.score_b)
        return all(
            np.array_equal(
                _leads_by_key(both.period, score, both.converted, both.leads),
                _mature_by_key(cells),
            )
            for score, cells in zip(scores, apart, strict=True)
        )

    apart = Work("cells: one scan for each model", lambda: (flow.cells(MODEL), flow.cells(DRAFT)))
    subject = Work("joint cells of two models", lambda: joint_cells(flow, MODEL, DRAFT))
    return Case(subject, (Peer(apart, agrees),))


def comparison(data: Dataset) -> Case:
    """A comparison with verdicts: lead by lead. The scores of the model in use are kept after the first."""
    flow = data.flow()
    flow.cells(MODEL)

    def agrees(found: ComparisonEvidence, both: JointCells) -> bool:
        seen = both.only([label for label in both.periods if label not in found.left_out])
        return np.array_equal(found.swap.leads, swap_set(seen, MODEL, DRAFT).leads)

    subject = Work("compare: with verdicts", lambda: compare(flow, MODEL, DRAFT))
    beside = Work("joint cells alone", lambda: joint_cells(flow, MODEL, DRAFT))
    return Case(subject, (Peer(beside, agrees),))


def evidence_of_model(data: Dataset) -> Case:
    """Everything that is said about one model."""
    flow = data.flow()
    source = source_column(flow.engine)
    flow.cells(MODEL, source)

    def agrees(evidence: ModelEvidence, cells: Cells) -> bool:
        return evidence.signal == judge_signal(compute_backtest(cells, MODEL).pooled)

    beside = Work("cells, split by source, alone", lambda: flow.cells(MODEL, source))
    return Case(Work("model_evidence", lambda: model_evidence(flow, MODEL)), (Peer(beside, agrees),))


def evidence_of_rules(data: Dataset) -> Case:
    """What each rule is worth, beside no more than for how many leads it fires."""
    flow = data.flow()
    frame = patterns_of(flow).to_pandas()

    def agrees(report: RuleReport, fired: list[int]) -> bool:
        return [line.evidence.fired for line in report.rules] == fired

    beside = Work("pandas: for how many each rule fires", lambda: _fired(frame))
    return Case(Work("rules_evidence", lambda: rules_evidence(flow, MODEL)), (Peer(beside, agrees),))


def leaks(data: Dataset) -> Case:
    """The leak guard when nothing was computed before, first cells included."""
    opened: list[Flow] = []
    flow = data.flow()
    after_win = plain_statement("activities_after_win")

    def run() -> list[Finding]:
        opened.append(data.new_flow())
        return check_leaks(opened[-1], MODEL)

    def agrees(findings: list[Finding], rows: pa.Table) -> bool:
        counted = {row["kind"]: (row["activities"], row["after_win"]) for row in rows.to_pylist()}
        found = [finding.evidence for finding in findings if finding.evidence.get("test") == "activity_after"]
        return bool(found) and all(
            (evidence["activities"], evidence["after"]) == counted[evidence["value"]] for evidence in found
        )

    beside = Work("DuckDB: activities after the win, counted", lambda: flow.engine.fetch(after_win))
    subject = Work("check_leaks, nothing computed before", run, lambda: close_all(opened))
    return Case(subject, (Peer(beside, agrees),))


def entries(data: Dataset) -> Case:
    """The entry view when nothing was computed before: every lead at each of its own activities."""
    opened: list[Flow] = []
    manifest = data.workspace.manifest
    assert manifest is not None
    leads = manifest.tables["leads"].accepted

    def new_flow() -> Flow:
        opened.append(data.new_flow())
        return opened[-1]

    def agrees(found: EntryCells, _cells: Cells) -> bool:
        # Nobody scores below the lowest tier, so each lead enters it once: when it is created.
        return int(found.leads[found.tier == 0].sum()) == leads

    subject = Work("entry cells", lambda: entry_cells(new_flow(), MODEL), lambda: close_all(opened))
    beside = Work("first cells", lambda: new_flow().cells(MODEL), lambda: close_all(opened))
    return Case(subject, (Peer(beside, agrees),))


def _fired(frame: pd.DataFrame) -> list[int]:
    mature = frame[frame["mature"]]
    rules = range(len(MODEL.enabled_rules))
    return [int(mature.loc[mature[f"count_{place}"] > 0, "leads"].sum()) for place in rules]


def _mature_by_key(cells: Cells) -> npt.NDArray[np.int64]:
    rows = cells.mature
    labels = np.unique(cells.period[rows], return_inverse=True)[1]
    return _leads_by_key(labels, cells.score[rows], cells.converted[rows], cells.leads[rows])


def _leads_by_key(*columns: npt.NDArray[np.generic]) -> npt.NDArray[np.int64]:
    """Period, score, converted and the sum of leads, sorted."""
    *keys, leads = (column.astype(np.int64) for column in columns)
    rows, place = np.unique(np.stack(keys, axis=1), axis=0, return_inverse=True)
    sums = np.zeros(len(rows), dtype=np.int64)
    np.add.at(sums, place.reshape(-1), leads)
    return np.column_stack([rows, sums])
