"""What sales did about the leads: answers with the score just before them, and responses."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from queries.campaigns import campaign_column
from queries.conditions import ParameterBag
from queries.counting import LeadMoments, count_rules, scoring_key
from queries.entry import entries_key, find_entries
from queries.errors import QueryError
from queries.evidence import source_column
from queries.flow import COUNTING, Flow, Progress, silent
from queries.funnel import microseconds_or_never, roles_table, stages_of_sales
from queries.kept_figures import kept_figures
from queries.moments import excluded_test
from queries.segments import segment_column
from queries.statements import load_statement
from queries.structures import structure_key
from scoring.lead_scores import score_rows
from scoring.model import Model
from scoring.sales_answers import NO_REASON, NOT_KNOWN, SalesAnswers
from scoring.sales_response import ResponseTimes, TierResponse, tier_responses
from scoring.sales_stages import SalesStages
from scoring.tiers import tiers_key


def sales_answers(flow: Flow, model: Model, progress: Progress = silent) -> tuple[SalesAnswers, pa.Table]:
    """Every acceptance and rejection, and the lead's score just before it; kept, also on disk.

    Parameters
    ----------
    flow : Flow
    model : Model
    progress : callable, optional
        Is told the share done, 0 to 1, and what is being done.

    Returns
    -------
    answers : SalesAnswers
        None of them when the data do not say what sales accepted or rejected.
    table : Arrow table
        In the same order: lead_id, moment, is_rejected, reason, owner, source, campaign; the campaign is that
        of the lead's first touch, see `queries.campaigns`.
    """
    if flow.observed_until is None:
        raise QueryError("the data must hold activities or outcomes of known leads, got none; load some")
    found, rules = stages_of_sales(flow, model), model.enabled_rules
    campaign = campaign_column(flow)
    depends_on = [
        asdict(found),
        campaign,
        scoring_key(model),
        tiers_key(model),
        model.inactivity_reset_days,
        [condition.model_dump() for condition in model.exclude],
    ]
    table = flow.store.get(
        structure_key("sales_answers", depends_on),
        lambda: _find_answers(flow, model, found, campaign, progress),
    )
    answers = SalesAnswers(
        tiers=tuple(tier.name for tier in model.tiers),
        rules=tuple(rule.id for rule in rules),
        rejected=_flags(table, "is_rejected"),
        tier=table.column("tier").to_numpy(),
        score=table.column("score").to_numpy(),
        fired=np.array([_flags(table, f"fired_{i}") for i in range(len(rules))], dtype=np.bool_).reshape(
            len(rules), table.num_rows
        ),
        reason=_texts(table, "reason", NO_REASON),
        source=_texts(table, "source", NOT_KNOWN),
        campaign=_texts(table, "campaign", NOT_KNOWN),
    )
    return answers, table.select(
        ["lead_id", "moment", "is_rejected", "reason", "owner", "source", "campaign"]
    )


def _find_answers(
    flow: Flow, model: Model, found: SalesStages, campaign: str | None, progress: Progress
) -> pa.Table:
    """The columns of ``sales_answers.sql``, score, tier, and fired_<place> of each enabled rule."""
    progress(0.0, "Finding what sales answered")
    bag = ParameterBag()
    bindings = {
        "SOURCE": segment_column(flow.engine, source_column(flow.engine)),
        "CAMPAIGN": segment_column(flow.engine, campaign),
        "EXCLUDED": excluded_test(flow.engine, model, bag),
    }
    table = flow.engine.fetch(
        load_statement("sales_answers", bindings=bindings),
        bag.values | {"observed_until": flow.observed_until},
        {"answers": _answers_table(found), "first_touches": flow.touches(campaign)},
    )
    moments = LeadMoments(
        table.select(["row_number", "lead_number", "moment"]),
        flow.streak_ends(model),
        model.inactivity_reset_days,
    )
    columns = count_rules(
        flow.engine, moments, model.enabled_rules, lambda share: progress(0.3 + 0.7 * share, COUNTING)
    )
    counts = [column.to_numpy() for column in columns]
    rows = score_rows(model, counts, table.num_rows)
    scored = {"score": pa.array(rows.score), "tier": pa.array(rows.tiers(model))}
    fired = {f"fired_{i}": pa.array(column > 0) for i, column in enumerate(counts)}
    names = [name for name in table.column_names if name not in ("row_number", "lead_number")]
    return pa.table({name: table.column(name) for name in names} | scored | fired)


def sales_responses(flow: Flow, model: Model, progress: Progress = silent) -> ResponseTimes:
    """When each lead reached each tier, and when sales did something first from then on."""
    until, entries = find_entries(flow, model, progress)
    tables = {"entries": entries, "roles": roles_table(stages_of_sales(flow, model))}
    table = flow.engine.fetch(load_statement("sales_responses"), {"observed_until": until}, tables)
    return ResponseTimes(
        tier=table.column("tier").to_numpy().astype(np.int64),
        entered_at=microseconds_or_never(table.column("entered_at")),
        touched_at=microseconds_or_never(table.column("touched_at")),
        in_hands=np.asarray(table.column("in_hands").to_numpy(), dtype=np.bool_),
        observed_until=until,
    )


def responses_by_tier(flow: Flow, model: Model, progress: Progress = silent) -> tuple[TierResponse, ...]:
    """How sales responded to each tier of the model, in its order; kept, also on disk."""
    depends_on = [
        entries_key(flow, model),
        asdict(stages_of_sales(flow, model)),
        [tier.model_dump(mode="json") for tier in model.tiers],
        model.conversion.horizon_days,
    ]
    return kept_figures(
        flow.store,
        structure_key("tier_responses", depends_on),
        TierResponse,
        lambda: tier_responses(sales_responses(flow, model, progress), model),
    )


def _answers_table(found: SalesStages) -> pa.Table:
    accepted = found.accepted or found.qualified
    return pa.table(
        {
            "stage": pa.array([*accepted, *found.rejected], pa.string()),
            "is_rejected": pa.array([False] * len(accepted) + [True] * len(found.rejected), pa.bool_()),
        }
    )


def _texts(table: pa.Table, column: str, nothing: str) -> tuple[str, ...]:
    values = table.column(column).cast(pa.string())
    known = pc.if_else(pc.equal(pc.fill_null(values, ""), ""), nothing, values)
    return tuple(known.to_numpy().tolist())


def _flags(table: pa.Table, column: str) -> NDArray[np.bool_]:
    return np.asarray(table.column(column).to_numpy(), dtype=np.bool_)
