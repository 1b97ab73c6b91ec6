"""Accounts at every past moment: what they scored and whether they converted. The back-test of accounts.

An account is looked at the first instant T of each period, whatever the moments of leads are. It has a row
at T when one of its leads is scored at T (known, not left out, open, not too old) and, unless the model's
conversion is repeatable, none of its leads converted before T. It **converted** when any of its leads did
within the horizon, T <= occurred_at < T + horizon: also one that was not scored at T, because it came later
or was closed; how many accounts converted only through such leads is said apart. The amount is that of the
account's first conversion in the horizon, of equal times the largest; a deal of several leads counts once.
Leads that the model leaves out have no part in any of this.

An unscored conversion is the first one of an account that has no row at a moment at or before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from queries.account_index import AccountIndex, account_index
from queries.account_members import engaged_leads, lead_departments, rule_matches, rule_points
from queries.account_wins import AccountWins, account_wins
from queries.counting import scoring_key
from queries.flow import COUNTING, Flow, Progress, silent
from queries.hits import microseconds
from queries.observed import Observed
from queries.structures import structure_key
from scoring.account_points import AccountPoints, Members, account_points
from scoring.account_scoring import Flags, Integers, account_score_of
from scoring.cells import MERGED_SEGMENT, Cells
from scoring.model import Model
from scoring.tiers import tiers_key

NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class AccountMoments:
    """One row per account and moment at which it is scored, by account and time.

    Attributes
    ----------
    index : AccountIndex
    observed : Observed
        The lead-moments behind it.
    account : int array of shape (rows,)
        Places in `index`.
    period : int array of shape (rows,)
        Places in ``observed.moments.periods``.
    points : AccountPoints
    mature, converted : bool arrays of shape (rows,)
    through_scored : bool array of shape (rows,)
        Whether a lead that was scored then converted within the horizon.
    amount : int array of shape (rows,)
        Ten-thousandths of the currency unit.
    unscored : int array of shape (periods,)
        Conversions of accounts that had never been scored.
    """

    index: AccountIndex
    observed: Observed
    account: Integers
    period: Integers
    points: AccountPoints
    mature: Flags
    converted: Flags
    through_scored: Flags
    amount: Integers
    unscored: Integers

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        flags = (self.mature, self.converted, self.through_scored)
        arrays = (self.account, self.period, self.amount, self.unscored, *flags)
        return sum(array.nbytes for array in arrays) + self.points.nbytes

    def cells(self, horizon_days: int) -> Cells:
        """The same as cells of accounts, over the periods that have a row."""
        used, period = np.unique(self.period, return_inverse=True)
        lowest = int(self.points.score.min(initial=0))
        span = int(self.points.score.max(initial=0)) - lowest + 1
        score = self.points.score - lowest
        codes = ((period * span + score) * 2 + self.mature) * 2 + self.converted
        keys, place, accounts = np.unique(codes, return_inverse=True, return_counts=True)
        amount = np.zeros(len(keys), dtype=np.int64)
        np.add.at(amount, place, self.amount)
        moments = self.observed.moments
        return Cells(
            periods=tuple(moments.periods[number].label for number in used),
            segments=MERGED_SEGMENT,
            segment=np.zeros(len(keys), dtype=np.int32),
            period=keys // 4 // span,
            score=keys // 4 % span + lowest,
            mature=keys // 2 % 2 == 1,
            converted=keys % 2 == 1,
            leads=accounts,
            amount=amount,
            unscored_conversions=self.unscored[used][np.newaxis, :],
            horizon_days=horizon_days,
            observed_until=moments.observed_until,
        )


def at_period_starts(model: Model) -> Model:
    """The model with its leads scored at the first instant of each period, as accounts are."""
    observation = model.observation.model_copy(update={"moment": "period_start"})
    return model.model_copy(update={"observation": observation})


def account_moments(
    flow: Flow, model: Model, observed_until: datetime | None = None, progress: Progress = silent
) -> AccountMoments:
    """Score every account at every past moment; kept.

    Parameters
    ----------
    flow : Flow
    model : Model
        With `account_score`, or what holds without it.
    observed_until : datetime, optional
        Pretend that the data ended here; their own end when not given.
    progress : callable, optional

    Raises
    ------
    QueryError
        The model names a column that the data do not have; nothing was observed yet.
    """
    progress(0.05, "Finding the leads to score")
    observed = flow.observed(at_period_starts(model), observed_until)
    block = account_score_of(model)
    # A lead's tier tells who is engaged.
    depends_on: list[Any] = [
        observed.labels_key,
        scoring_key(model),
        block.model_dump(exclude={"tiers"}),
        tiers_key(model),
    ]
    key = structure_key("account_moments", depends_on)
    return flow.store.derive(key, lambda: _compute(flow, observed, progress))


def _compute(flow: Flow, observed: Observed, progress: Progress) -> AccountMoments:
    model = observed.model
    block, index = account_score_of(model), account_index(flow)
    scored = flow.scored(observed, lambda share: progress(0.1 + 0.7 * share, COUNTING))
    scores = scored.score
    engaged = engaged_leads(flow, model, observed, scores, scored.tiers(model))
    progress(0.9, "Adding up accounts")
    wins = account_wins(flow, model, observed, index)
    rows = _Rows.of(observed, model, index, wins)
    numbers = observed.rows.table.column("lead_number").to_numpy()[rows.kept]
    departments = lead_departments(flow, block, numbers)
    members = Members(rows.group, scores[rows.kept], engaged[rows.kept], departments, len(rows.account))
    by_rule = rule_points(block, rule_matches(flow, block, index), len(index))
    starts = _period_starts(observed)
    mature, converted, amount = _outcomes(model, observed, wins, rows.account, starts[rows.period])
    lead_converted = flow.labels(observed).column("converted").to_numpy()[rows.kept]
    through_scored = np.bincount(rows.group[lead_converted], minlength=len(rows.account)) > 0
    return AccountMoments(
        index=index,
        observed=observed,
        account=rows.account,
        period=rows.period,
        points=account_points(block, members, by_rule[rows.account]),
        mature=mature,
        converted=converted,
        through_scored=through_scored,
        amount=amount,
        unscored=_unscored(wins, rows.account, rows.period, starts, observed),
    )


@dataclass(frozen=True, eq=False)
class _Rows:
    """Which lead-moments belong to which account-moment.

    `kept` are places of lead-moments; `group`, of equal shape, is a place in `account` and `period`.
    """

    kept: NDArray[np.intp]
    group: Integers
    account: Integers
    period: Integers

    @classmethod
    def of(cls, observed: Observed, model: Model, index: AccountIndex, wins: AccountWins) -> _Rows:
        table = observed.rows.table
        account = index.places(table.column("lead_number").to_numpy())
        kept = np.flatnonzero(account >= 0)
        if not model.conversion.repeatable:
            # Won before is won for good; leads are left out likewise.
            open_until = wins.first()[account[kept]]
            kept = kept[microseconds(table.column("moment"))[kept] <= open_until]
        width = max(1, len(observed.moments.periods))
        keys = account[kept].astype(np.int64) * width + table.column("period").to_numpy()[kept]
        there = np.zeros(len(index) * width, dtype=np.bool_)
        there[keys] = True
        group = (np.cumsum(there) - 1)[keys]
        found = np.flatnonzero(there)
        return cls(kept, group, found // width, found % width)


def _period_starts(observed: Observed) -> Integers:
    starts = [period.starts_at for period in observed.moments.periods]
    return _instants(starts)


def _instants(times: list[datetime]) -> Integers:
    instants: Integers = np.array(times, dtype="datetime64[us]").astype(np.int64)
    return instants


def _outcomes(
    model: Model, observed: Observed, wins: AccountWins, account: Integers, moment: Integers
) -> tuple[Flags, Flags, NDArray[Any]]:
    """Whether mature, whether converted, and the amount of every account-moment."""
    horizon = timedelta(days=model.conversion.horizon_days) // timedelta(microseconds=1)
    until = _instants([observed.moments.observed_until])[0]
    # The first one after the instant before T is the first at T or later.
    place = wins.times.first_after(account, moment - 1)
    found = np.flatnonzero(place < wins.times.ends(account))
    in_time = found[wins.times.instants[place[found]] - moment[found] < horizon]
    converted = np.zeros(len(account), dtype=np.bool_)
    converted[in_time] = True
    amount = np.zeros(len(account), dtype=np.int64)
    amount[in_time] = wins.amount[place[in_time]]
    return until - moment >= horizon, converted, amount


def _unscored(
    wins: AccountWins, account: Integers, period: Integers, starts: Integers, observed: Observed
) -> Integers:
    """By period, first conversions of accounts without a row at or before them."""
    first_row = np.full(wins.times.owner_count, NEVER)
    np.minimum.at(first_row, account, starts[period])
    first_win = wins.first()
    never_scored = first_win[(first_win < NEVER) & (first_win < first_row)]
    periods = observed.moments.periods
    place = np.searchsorted(starts, never_scored, side="right") - 1
    ends = _instants([one.ends_at for one in periods])
    inside = (place >= 0) & (never_scored < ends[place]) if len(periods) else np.zeros(0, dtype=np.bool_)
    return np.bincount(place[inside], minlength=len(periods))
