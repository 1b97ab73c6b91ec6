"""The quarterly review of a workspace: everything it says about one period, gathered once for all readers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from queries.campaigns import campaign_column
from queries.evidence import rules_evidence, source_column
from queries.flow import Flow, Progress, part_of, silent
from queries.inspection import inspect_workspace
from queries.maturation import find_cohorts
from queries.model_history import open_history
from queries.registry_rows import sha256
from queries.review_changes import changes_in_use, version_of
from queries.suggestion import suggest
from queries.worked import known_worked, known_worked_parts
from queries.workspace import Workspace
from scoring.backtest import Backtest, compute_backtest
from scoring.cells import Cells
from scoring.drift import DriftReport, report_drift
from scoring.forecast import Forecast, forecast_open
from scoring.model import Model
from scoring.model_file import format_model
from scoring.review import PartReview, QuarterReview, Recommendation, ReviewFinding, VersionChange
from scoring.review_advice import recommend
from scoring.review_figures import (
    ThreePeriods,
    choose_period,
    find_period,
    review_parts,
    review_tiers,
    state_of,
    three_periods,
    with_open_leads,
)
from scoring.review_parts import part_words
from scoring.review_words import caveats, headline, sentences
from scoring.rule_report import RuleReport
from scoring.worked import WorkedShare


@dataclass(frozen=True, eq=False)
class _Counted:
    """The figures that everything else is made from."""

    cells: Cells
    backtest: Backtest
    scored: Backtest
    periods: ThreePeriods


@dataclass(frozen=True, eq=False)
class _Looked:
    """What was looked up beside them, as in `QuarterReview`."""

    content: str
    version: int | None
    sources: PartReview
    campaigns: PartReview
    drift: DriftReport | None
    changes: tuple[VersionChange, ...]
    findings: tuple[ReviewFinding, ...]
    rules: RuleReport
    worked: tuple[WorkedShare, ...]
    forecasts: Mapping[str, tuple[Forecast, ...]]


def quarter_review(
    workspace: Workspace,
    flow: Flow,
    model: Model,
    period: str | None = None,
    *,
    suggested: bool = False,
    inspected: bool = True,
    progress: Progress = silent,
) -> QuarterReview:
    """Review one period under a model, beside the one before and the same one a year ago.

    Parameters
    ----------
    workspace : Workspace
        Its history of models and its data's findings are part of the review.
    flow : Flow
        Over its data.
    model : Model
    period : str, optional
        A label such as ``2026-Q1``; the newest complete period when not given, else the newest.
    suggested : bool
        Search for better points too: a search over every rule and period, which takes its time.
    inspected : bool
        Look for what is wrong with data and model, too; without it there are no findings. The first time for
        data and a model that takes minutes at a million leads.
    progress : callable, optional
        Is told the share done and what is being done. What it raises ends the work.

    Raises
    ------
    QueryError
        The model names a column that the data do not have; nothing was observed yet.
    ScoringError
        There is no such period.
    """
    looking = part_of(progress, 0.0, 0.4 if suggested else 1.0)
    counted = _count(flow, model, period, part_of(looking, 0.0, 0.25))
    looked = _look(workspace, flow, model, counted, inspected, looking)
    suggestions = suggest(flow, model, progress=part_of(progress, 0.4, 1.0)) if suggested else None
    recommendations = recommend(model, looked.findings, looked.drift, looked.rules, suggestions)
    progress(1.0, "Done")
    return _write_up(model, counted, looked, recommendations, suggested)


def _count(flow: Flow, model: Model, period: str | None, progress: Progress) -> _Counted:
    cells = flow.cells(model, progress=progress)
    backtest = compute_backtest(cells, model)
    periods = three_periods(choose_period(backtest, period), cells.observed_until, model.observation)
    return _Counted(cells, backtest, compute_backtest(with_open_leads(cells), model), periods)


def _look(
    workspace: Workspace, flow: Flow, model: Model, counted: _Counted, inspected: bool, looking: Progress
) -> _Looked:
    periods = counted.periods
    looking(0.25, "Looking at each source")
    sources = _parts(flow, model, counted, "source", source_column(flow.engine))
    looking(0.3, "Looking at each campaign")
    campaigns = _parts(flow, model, counted, "campaign", campaign_column(flow))
    drift = _drift(flow, model, counted, sources.column)
    looking(0.4, "Looking at the history of the model")
    registry, content = open_history(workspace), sha256(format_model(model))
    changes = changes_in_use(flow, registry, model, periods.this.label, periods.year_before.starts_at)
    findings = _findings(workspace, flow, model, part_of(looking, 0.45, 0.85)) if inspected else ()
    looking(0.85, "Judging each rule")
    rules = rules_evidence(flow, model)
    looking(0.9, "Looking up which leads sales worked")
    worked = known_worked(flow, model)
    looking(0.95, "Forecasting what is still open")
    forecasts = forecast_open(find_cohorts(flow, model))
    version = version_of(registry, content)
    return _Looked(content, version, sources, campaigns, drift, changes, findings, rules, worked, forecasts)


def _write_up(
    model: Model,
    counted: _Counted,
    looked: _Looked,
    recommendations: tuple[Recommendation, ...],
    suggested: bool,
) -> QuarterReview:
    periods, word = counted.periods, model.observation.period
    this, before, year_before = (find_period(counted.backtest, label) for label in periods.labels)
    assert this is not None  # it was chosen among them
    scored = [find_period(counted.scored, label) for label in periods.labels]
    state = state_of(this)
    tiers = review_tiers(model, counted.backtest, counted.scored, periods, looked.worked)
    return QuarterReview(
        model=model.name,
        model_sha256=looked.content,
        version=looked.version,
        period=periods.this.label,
        before_label=periods.before.label,
        year_before_label=periods.year_before.label,
        word=word,
        starts_at=periods.this.starts_at,
        ends_at=periods.this.ends_at,
        complete_at=_complete_at(model, periods),
        state=state,
        horizon_days=model.conversion.horizon_days,
        stages=model.conversion.stages,
        observed_until=counted.cells.observed_until,
        backtest=counted.backtest,
        this=this,
        before=before,
        year_before=year_before,
        scored=scored[0].leads if scored[0] else 0,
        scored_before=scored[1].leads if scored[1] else None,
        scored_year_before=scored[2].leads if scored[2] else None,
        tiers=tiers,
        sources=looked.sources,
        campaigns=looked.campaigns,
        drift=looked.drift,
        changes=looked.changes,
        forecasts=looked.forecasts,
        findings=looked.findings,
        recommendations=recommendations,
        suggested=suggested,
        headline=headline(periods.this.label, state, tiers, word),
        sentences=sentences(state, this, before, tiers, word, looked.drift, looked.forecasts),
        caveats=caveats(state, this, tiers, word, first=before is None),
    )


def _findings(
    workspace: Workspace, flow: Flow, model: Model, progress: Progress
) -> tuple[ReviewFinding, ...]:
    """What looks wrong, the worst first."""
    return tuple(
        ReviewFinding(one.kind, one.severity, one.message, one.rule)
        for one in inspect_workspace(workspace, flow, model, progress)
    )


def _parts(flow: Flow, model: Model, counted: _Counted, name: str, column: str | None) -> PartReview:
    if column is None:
        return PartReview(name, None, part_words(name, None), ())
    cells = flow.cells(model, column)
    worked = known_worked_parts(flow, model, column)
    return review_parts(name, column, cells, model, counted.backtest, counted.periods, worked)


def _drift(flow: Flow, model: Model, counted: _Counted, column: str | None) -> DriftReport | None:
    """The period against all earlier ones; None without mature leads on either side."""
    label = counted.periods.this.label
    mature = [figures.period for figures in counted.backtest.periods if figures.leads]
    if label not in mature[1:]:
        return None
    return report_drift(flow.cells(model, column), model.min_score, model.max_score, label)


def _complete_at(model: Model, periods: ThreePeriods) -> datetime:
    """When every lead that can be scored in the period has had all its days."""
    at_start = model.observation.moment == "period_start"
    last_moment = periods.this.starts_at if at_start else periods.this.ends_at
    return last_moment + timedelta(days=model.conversion.horizon_days)
