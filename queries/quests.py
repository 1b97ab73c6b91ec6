"""What levels and quests say about buying: complete lead-moments of the back-test, as they stood then."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from queries.flow import COUNTING, Flow, Progress, silent
from queries.levels import Players
from scoring.backtest import PeriodFigures, compute_backtest
from scoring.levels import Quest, describe_quests
from scoring.model import Model
from scoring.quests import completed_quests, lifetime_model, quests_of
from scoring.rule_evidence import Firing
from scoring.tier_order import TierOrder, judge_tier_order


@dataclass(frozen=True)
class LevelEvidence:
    """What each level converted over all periods together, and whether a higher one converts better.

    Attributes
    ----------
    pooled : PeriodFigures
    order : TierOrder
    left_out : tuple of str
        Periods kept back for the final check of a draft.
    """

    pooled: PeriodFigures
    order: TierOrder
    left_out: tuple[str, ...]


def level_evidence(
    flow: Flow, model: Model, left_out: Collection[str] = (), progress: Progress = silent
) -> LevelEvidence:
    """Back-test the levels.

    Parameters
    ----------
    left_out : collection of str
        Periods kept back for the final check of a draft.
    progress : callable, optional
        Is told the share done, 0 to 1, and what is being done. What it raises ends the work.

    Raises
    ------
    QueryError
        The model names a column that the data do not have; nothing was observed yet.
    """
    cells = flow.cells(model, progress=progress)
    kept = cells.only([label for label in cells.periods if label not in left_out])
    pooled = compute_backtest(kept, model).pooled
    out = tuple(label for label in cells.periods if label in left_out)
    return LevelEvidence(pooled, judge_tier_order(pooled.tiers), out)


def quest_evidence(
    flow: Flow, model: Model, left_out: Collection[str] = (), progress: Progress = silent
) -> list[Firing]:
    """Complete lead-moments by whether they had completed each quest on the day of scoring, and converted.

    Parameters
    ----------
    left_out : collection of str
        Periods kept back for the final check of a draft.
    progress : callable, optional
        Is told the share done, 0 to 1, and what is being done. What it raises ends the work.

    Raises
    ------
    QueryError
        The model names a column that the data do not have; nothing was observed yet.
    """
    if not quests_of(model):
        return []
    observed, life = flow.observed(model, None), lifetime_model(model)
    progress(0.0, "Looking up who converted")
    labels = flow.labels(observed)
    counts = flow.counts(
        flow.observed(life, None), life.rules, lambda share: progress(0.4 + 0.5 * share, COUNTING)
    )
    progress(0.9, "Setting those who completed a quest beside the others")
    rows = observed.rows.table
    done = completed_quests(model, [column.to_numpy() for column in counts], len(rows))
    kept = labels.column("mature").to_numpy()
    names = [period.label for period in observed.moments.periods]
    out = [number for number, name in enumerate(names) if name in left_out]
    kept = kept & ~np.isin(rows.column("period").to_numpy(), out)
    converted = labels.column("converted").to_numpy()[kept].astype(np.int64)
    firings = []
    for completed in done:
        table = np.bincount(2 * completed[kept] + converted, minlength=4)
        silent_not, silent_won, fired_not, fired_won = (int(number) for number in table)
        firings.append(Firing(fired_won, fired_not, silent_won, silent_not))
    return firings


def find_quests(
    flow: Flow, model: Model, players: Players, left_out: Collection[str] = ()
) -> tuple[Quest, ...]:
    """Every quest with its completion and what that says about buying; see `quest_evidence`."""
    return describe_quests(model, players.progress, quest_evidence(flow, model, left_out))
