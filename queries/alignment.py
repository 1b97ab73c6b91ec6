"""Everything that a meeting of sales and marketing looks at, of one model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from queries.campaigns import campaign_column
from queries.entry import entry_cells
from queries.flow import Flow, Progress, part_of, silent
from queries.funnel import funnel_of, marketing_tier, stages_of_sales
from queries.named_lists import won_and_low
from queries.sales import responses_by_tier, sales_answers
from queries.worked import known_worked
from scoring.backtest import Backtest, TierFigures, compute_backtest
from scoring.definition import Definition, definition
from scoring.entry import EntryFigures, compute_entries
from scoring.funnel import Funnel
from scoring.holdout import Holdout, plan_holdout
from scoring.model import Model
from scoring.review_parts import part_words
from scoring.sales_answers import (
    NOT_KNOWN,
    AnswerShare,
    ReasonAnswers,
    RuleAnswers,
    SalesAnswers,
    answers_by,
    answers_by_reason,
    answers_by_rule,
    answers_by_tier,
)
from scoring.sales_response import TierResponse
from scoring.sales_stages import SalesStages
from scoring.statistics import rate
from scoring.worked import WorkedShare, pooled

PRECISION = 0.01
"""Half the width of the rate's likely range that a holdout is to give: one point."""


@dataclass(frozen=True)
class TierWork:
    """A tier's back-tested rate with the share of its leads that sales worked, and what comes in a week.

    `worked` is None where the data do not tell what sales worked; `entries` are the leads that reached the
    tier, each once.
    """

    figures: TierFigures
    worked: WorkedShare | None
    entries: EntryFigures


@dataclass(frozen=True, eq=False)
class AlignmentView:
    """What a model means for sales.

    Attributes
    ----------
    model : Model
    definition : Definition
    stages : SalesStages
        How the stages of the data were read.
    funnel : Funnel or None
        None for a model of a single tier.
    tiers : tuple of TierWork
        In the model's order.
    responses : tuple of TierResponse
        None where the data hold no outcome of sales but wins: nothing else that sales did is known then.
    by_tier, by_source, by_campaign : tuple of AnswerShare
    campaign_words : str
        What a lead's campaign is, one or two sentences.
    by_rule : tuple of RuleAnswers
    by_reason : tuple of ReasonAnswers
    high_rejected : Arrow table
        Answers about leads that stood in the highest tier just before, and were rejected, newest first:
        lead_id, moment, score, reason, owner, source, campaign.
    won_low : Arrow table
        As `queries.named_lists.won_and_low`.
    holdout : Holdout or None
        For the leads below the tier that makes an MQL; None for a model of a single tier.
    """

    model: Model
    definition: Definition
    stages: SalesStages
    funnel: Funnel | None
    tiers: tuple[TierWork, ...]
    responses: tuple[TierResponse, ...]
    by_tier: tuple[AnswerShare, ...]
    by_source: tuple[AnswerShare, ...]
    by_campaign: tuple[AnswerShare, ...]
    campaign_words: str
    by_rule: tuple[RuleAnswers, ...]
    by_reason: tuple[ReasonAnswers, ...]
    high_rejected: pa.Table
    won_low: pa.Table
    holdout: Holdout | None

    @property
    def worked(self) -> dict[str, WorkedShare]:
        """By tier, which share of its leads sales worked; empty where the data do not tell it."""
        return {one.figures.tier: one.worked for one in self.tiers if one.worked is not None}


def gather_alignment(
    flow: Flow, model: Model, precision: float = PRECISION, progress: Progress = silent
) -> AlignmentView:
    """Work it out for one model.

    Raises
    ------
    QueryError
        The model names a column that the data do not have; nothing was observed yet.
    ScoringError
        The precision is out of range.
    """
    entries = compute_entries(entry_cells(flow, model, part_of(progress, 0.0, 0.5)), model).pooled
    backtest = compute_backtest(flow.cells(model, progress=part_of(progress, 0.5, 0.7)), model)
    progress(0.7, "Looking up which leads sales worked")
    worked = pooled(known_worked(flow, model))
    tiers = tuple(
        TierWork(one, worked.get(one.tier), entered)
        for one, entered in zip(backtest.pooled.tiers, entries.tiers, strict=True)
    )
    answers, table = sales_answers(flow, model, part_of(progress, 0.75, 0.8))
    several = len(model.tiers) > 1
    progress(0.8, "Following leads from their score to a win")
    funnel = funnel_of(flow, model) if several else None
    progress(0.85, "Looking up when sales responded")
    stages = stages_of_sales(flow, model)
    responses = responses_by_tier(flow, model) if stages.tells_worked else ()
    won_low = won_and_low(flow, model, progress=part_of(progress, 0.9, 1.0))
    progress(1.0, "Done")
    return AlignmentView(
        model=model,
        definition=definition(model),
        stages=stages,
        funnel=funnel,
        tiers=tiers,
        responses=responses,
        by_tier=answers_by_tier(answers),
        by_source=answers_by(answers.source, answers.rejected),
        by_campaign=answers_by(answers.campaign, answers.rejected),
        campaign_words=part_words("campaign", campaign_column(flow), "sales answered", NOT_KNOWN),
        by_rule=answers_by_rule(answers),
        by_reason=answers_by_reason(answers),
        high_rejected=_high_and_rejected(model, answers, table),
        won_low=won_low,
        holdout=_holdout(model, backtest, worked, precision) if several else None,
    )


def high_and_rejected(flow: Flow, model: Model, progress: Progress = silent) -> pa.Table:
    """The list `AlignmentView.high_rejected` by itself.

    Raises
    ------
    QueryError
        The model names a column that the data do not have; nothing was observed yet.
    """
    return _high_and_rejected(model, *sales_answers(flow, model, progress))


def _high_and_rejected(model: Model, answers: SalesAnswers, table: pa.Table) -> pa.Table:
    top = len(model.tiers) - 1 if len(model.tiers) > 1 else -1
    listed = table.append_column("score", pa.array(answers.score, pa.int64()))
    return _newest_first(listed.filter(pa.array(answers.rejected & (answers.tier == top))))


def _newest_first(table: pa.Table) -> pa.Table:
    columns = ["lead_id", "moment", "score", "reason", "owner", "source", "campaign"]
    order = pc.sort_indices(table, [("moment", "descending"), ("lead_id", "ascending")])
    return table.select(columns).take(order)


def _holdout(
    model: Model, backtest: Backtest, worked: Mapping[str, WorkedShare], precision: float
) -> Holdout:
    below = backtest.pooled.tiers[: model.tiers.index(marketing_tier(model))]
    leads = sum(tier.leads for tier in below)
    known = [worked[tier.tier] for tier in below if tier.tier in worked]
    complete = sum(period.leads > 0 for period in backtest.periods)
    return plan_holdout(
        conversions=sum(tier.conversions for tier in below),
        leads=leads,
        available=leads / max(complete, 1),
        precision=precision,
        worked_share=rate(sum(one.worked for one in known), sum(one.leads for one in known)),
    )
