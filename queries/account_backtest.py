"""The back-test of accounts, from the accounts at every past moment."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from queries.account_moments import AccountMoments, account_moments
from queries.flow import Flow, Progress, silent
from scoring.account_backtest import AccountBacktest
from scoring.account_scoring import account_model
from scoring.backtest import POOLED, compute_backtest
from scoring.model import Model


def account_backtest(
    flow: Flow, model: Model, observed_until: datetime | None = None, progress: Progress = silent
) -> AccountBacktest:
    """What each tier of accounts converted, period by period; see `account_moments` for what is a row."""
    moments = account_moments(flow, model, observed_until, progress)
    cells = moments.cells(model.conversion.horizon_days)
    backtest = compute_backtest(cells, account_model(model))
    return AccountBacktest(backtest, _through_others(moments))


def _through_others(moments: AccountMoments) -> dict[str, int]:
    counted = moments.mature & moments.converted & ~moments.through_scored
    periods = moments.observed.moments.periods
    by_period = np.bincount(moments.period[counted], minlength=len(periods))
    found = {period.label: int(by_period[place]) for place, period in enumerate(periods)}
    return found | {POOLED: int(by_period.sum())}
