"""From a workspace's data to evidence: about one model, about its rules, and about a draft beside it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from queries.comparison import joint_cells, lead_rows, unshared_settings
from queries.engine import Engine
from queries.flow import Flow, Progress, silent
from queries.rule_firing import rule_firing
from queries.segments import few_values
from queries.trials import Trials
from scoring.comparison_evidence import ComparisonEvidence, compare_evidence
from scoring.evidence import ModelEvidence, gather_evidence, kept_back
from scoring.model import Model
from scoring.rule_report import RuleReport, rule_report
from scoring.work_thresholds import Work

SOURCE_COLUMNS = ("source", "lead_source", "original_source", "utm_source", "hs_analytics_source", "channel")
"""What exports call the column that says where a lead came from, the usual names first."""


def source_column(engine: Engine) -> str | None:
    """The column of the leads that says where they came from, by its name; None when there is none.

    One with more values than figures can be split by is none.
    """
    known = {column.lower(): column for column in engine.columns("leads")}
    for name in SOURCE_COLUMNS:
        if name in known and few_values(engine, f"leads.{known[name]}"):
            return f"leads.{known[name]}"
    return None


def model_evidence(
    flow: Flow,
    model: Model,
    *,
    left_out: Collection[str] = (),
    work: Work | None = None,
    observed_until: datetime | None = None,
    progress: Progress = silent,
) -> ModelEvidence:
    """Judge one model, its cells split by the leads' source where the data tell it.

    Parameters
    ----------
    left_out : collection of str
        Periods kept back for the final check of a draft; none for the model in use.
    work : Work, optional
        What sales can work and what a conversion is worth.
    observed_until : datetime, optional
        Pretend that the data ended here.

    Raises
    ------
    QueryError
        The model names a column that the data do not have; nothing was observed yet.
    """
    cells = flow.cells(model, source_column(flow.engine), observed_until, progress)
    return gather_evidence(cells, model, left_out, work)


def rules_evidence(
    flow: Flow,
    model: Model,
    *,
    left_out: Collection[str] = (),
    observed_until: datetime | None = None,
    progress: Progress = silent,
) -> RuleReport:
    """Judge every enabled rule of a model; see `model_evidence` for the parameters."""
    return rule_report(rule_firing(flow, model, observed_until, progress), left_out)


def compare(
    flow: Flow,
    champion: Model,
    challenger: Model,
    *,
    trials: Trials | None = None,
    final_check: bool = False,
    observed_until: datetime | None = None,
    progress: Progress = silent,
) -> ComparisonEvidence:
    """Compare a draft with the model in use, with verdicts; the newest complete period is left out of them.

    Costs what `joint_cells` and `lead_rows` cost: scans over all lead-moments.

    Parameters
    ----------
    champion, challenger : Model
        The model in use and the draft. Both are judged by the conversion, observation and exclude of the
        model in use; the notes of the result say where the draft's differ.
    trials : Trials, optional
        How many drafts were tried on the same periods (`queries.trials`).
    final_check : bool
        Show the newest complete period too.

    Raises
    ------
    QueryError
        A model names a column that the data do not have; nothing was observed yet.
    """
    joint = joint_cells(flow, champion, challenger, observed_until, progress)
    left_out = kept_back(flow.cells(champion, None, observed_until, progress), champion)
    tried = trials or Trials(0, 0)
    return compare_evidence(
        joint,
        lead_rows(flow, champion, challenger, observed_until),
        champion,
        challenger,
        left_out=left_out,
        final_check=final_check,
        variants=tried.variants,
        final_checks=tried.final_checks,
        notes=unshared_settings(champion, challenger),
    )
