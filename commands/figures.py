"""``tierline score`` and ``backtest``: scores and figures."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import numpy as np
import pyarrow as pa
import pyarrow.csv

from commands.backtest_output import (
    ModelFigures,
    compared_json,
    comparison_text,
    evidence_json,
    figures_json,
    figures_text,
)
from commands.entry_view import entry_view
from commands.errors import BadInput, plain_errors
from commands.inputs import Asked, Instant, asks_about_model, at_option, json_option, progress_bar, read_model
from commands.notes import note_end, note_instant, note_nobody
from commands.table_file import check_table_path, write_table
from queries.dataset import model_in_use
from queries.evidence import compare, model_evidence, rules_evidence
from queries.flow import Flow
from queries.score_table import PLACE, score_table
from queries.trials import Trials, count_final_check, count_variant, read_trials
from queries.worked import known_worked, known_worked_parts
from queries.workspace import Workspace
from scoring.backtest import backtest_by_segment, compute_backtest
from scoring.evidence import kept_back
from scoring.model import Model
from scoring.tiers import tier_names
from scoring.work_thresholds import Work


@click.command()
@asks_about_model
@at_option
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="F.csv or F.parquet"
)
@plain_errors
def score(asked: Asked, at: datetime | None, out: Path) -> None:
    """Score every open lead as of an instant."""
    check_table_path(out)
    _, flow, model = asked.open()
    note_instant(flow, at)
    table = _with_tier(score_table(flow, model, at), model)
    if not table.num_rows:
        note_nobody(flow, model, at)
    write_table(table, out)
    click.echo(f"{table.num_rows:,} leads scored into {out}")


def _with_tier(scores: pa.Table, model: Model) -> pa.Table:
    """The tier behind the score and, of a model with a grid, the name of the cell."""
    behind = scores.column_names.index("score") + 1
    places = None if model.grid is None else scores.column(PLACE).to_numpy()
    names = pa.array(tier_names(scores.column("score").to_numpy(), model, places), pa.string())
    if model.grid is not None:
        cells = pa.array(np.array(model.grid.cell_names, dtype=object)[places], pa.string())
        scores = scores.set_column(behind, "cell", cells)
    return scores.add_column(behind, "tier", names)


@click.command()
@asks_about_model
@click.option("--against", type=click.Path(path_type=Path), help="A draft, and what it does better or worse.")
@click.option(
    "--view",
    type=click.Choice(["snapshots", "entry"]),
    default="snapshots",
    show_default=True,
    help="Scores at the model's moments, or when leads entered each tier and what became of them.",
)
@click.option(
    "--segment",
    help="Split by this column of leads or accounts; activities.campaign: the campaign of the first touch.",
)
@click.option("--observed-until", type=Instant(), help="Pretend that the data end here.")
@click.option("--final-check", is_flag=True, help="Show the verdict on the newest complete period too.")
@click.option("--leads-per-week", type=float, help="New leads that sales can work: suggests a threshold.")
@click.option("--conversion-value", type=float, help="What a conversion is worth; with --lead-cost.")
@click.option("--lead-cost", type=float, help="What working a lead costs; with --conversion-value.")
@json_option
@plain_errors
def backtest(
    asked: Asked,
    against: Path | None,
    view: str,
    segment: str | None,
    observed_until: datetime | None,
    final_check: bool,
    leads_per_week: float | None,
    conversion_value: float | None,
    lead_cost: float | None,
    as_json: bool,
) -> None:
    """What each tier converted, period by period, as the scores stood then, and how sure that is."""
    work = Work(leads_per_week, conversion_value, lead_cost)
    workspace, flow, model = asked.open()
    if view == "entry":
        others = {"--against": against, "--segment": segment, "--observed-until": observed_until}
        given = [option for option, value in others.items() if value is not None]
        if given:
            raise BadInput(f"--view entry must stand alone, got {' and '.join(given)}; leave it out")
        entry_view(flow, model, as_json)
        return
    note_end(flow, observed_until)
    request = _Request(flow, segment, observed_until, final_check, work)
    if against is None:
        figures = request.figures(model, is_draft=_is_draft(workspace, model))
        click.echo(
            _json(figures_json(figures) | {"evidence": evidence_json(figures)})
            if as_json
            else figures_text(figures)
        )
        return
    draft = read_model(workspace, flow, against)
    first, second = request.figures(model, is_draft=False), request.figures(draft, is_draft=True)
    comparison = compare(
        flow,
        model,
        draft,
        trials=_count_trial(workspace, model, draft, final_check),
        final_check=final_check,
        observed_until=observed_until,
        progress=progress_bar(),
    )
    if as_json:
        click.echo(_json(compared_json(first, second, comparison)))
        return
    click.echo("\n\n".join([figures_text(first), figures_text(second), comparison_text(comparison)]))


@dataclass(frozen=True)
class _Request:
    """What is asked about every model of one call."""

    flow: Flow
    segment: str | None
    observed_until: datetime | None
    final_check: bool
    work: Work

    def figures(self, model: Model, *, is_draft: bool) -> ModelFigures:
        """The figures of one model; a draft's evidence does not see the newest complete period."""
        cells = self.flow.cells(model, None, self.observed_until, progress_bar())
        segments = None
        if self.segment is not None:
            split = self.flow.cells(model, self.segment, self.observed_until, progress_bar())
            segments = backtest_by_segment(split, model)
        left_out = kept_back(cells, model) if is_draft and not self.final_check else ()
        evidence = model_evidence(
            self.flow, model, left_out=left_out, work=self.work, observed_until=self.observed_until
        )
        rules = rules_evidence(self.flow, model, left_out=left_out, observed_until=self.observed_until)
        parts = (
            known_worked_parts(self.flow, model, self.segment, self.observed_until) if self.segment else {}
        )
        return ModelFigures(
            model=model,
            whole=compute_backtest(cells, model),
            segments=segments,
            evidence=evidence,
            rules=rules,
            worked=known_worked(self.flow, model, self.observed_until),
            worked_parts=parts,
        )


def _is_draft(workspace: Workspace, model: Model) -> bool:
    """Whether the workspace has a model in use of its own, and this is another."""
    return workspace.read_model_text() is not None and model != model_in_use(workspace)


def _count_trial(workspace: Workspace, champion: Model, challenger: Model, final_check: bool) -> Trials:
    try:
        trials = count_variant(workspace, champion, challenger)
        return count_final_check(workspace, champion) if final_check else trials
    except OSError:
        # A folder that only others may write can be looked at all the same.
        return read_trials(workspace, champion)


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, allow_nan=False)
