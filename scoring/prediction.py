"""A model that is learned from what converted, judged only on periods that came after what it learned from.

Each period is predicted by a regression on the leads whose days to convert had all passed when the period
began. Every lead-moment counts, the undecided ones as not converted: to learn only from leads that were
resolved by then would prefer quick ones and flatter. The level of its chances is that of what came so far in
periods that were foretold.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.auc_difference import AucDifference, paired_auc_difference
from scoring.calibration import CalibrationCheck
from scoring.cells import IntArray
from scoring.chances import ChanceBand, Promises, chance_bands, join_promises, level_shift
from scoring.joint_cells import JointCells
from scoring.logistic import Logistic, fit_logistic
from scoring.model import Rule
from scoring.statistics import FloatArray

CONVERSIONS_FOR_EACH_RULE = 10
"""Fewer conversions for each rule that fires, and nothing is learned. Peduzzi et al. (1996), J. Clin.
Epidemiol. 49, 1373-1379."""

PENALTIES = (1.0, 10.0, 100.0, 1000.0)
"""Tried on the newest period that may be learned from; the one that foretells it best is taken."""

COUNT_UNIT = 20


@dataclass(frozen=True, eq=False)
class History:
    """Scored leads grouped by period, outcome, rule counts and score.

    Parameters
    ----------
    periods : tuple of str, length p
        Labels in time order.
    first_moments, last_moments : tuple of datetime, length p
        Of the leads scored in each period.
    horizon : timedelta
        Within which a conversion counts.
    period : int array, shape (n,)
    converted, mature : bool array, shape (n,)
    leads : int array, shape (n,)
    features : float array, shape (n, rules)
        See `features_of`.
    score : int array, shape (n,)
        Under the points model that the prediction is set beside.
    """

    periods: tuple[str, ...]
    first_moments: tuple[datetime, ...]
    last_moments: tuple[datetime, ...]
    horizon: timedelta
    period: IntArray
    converted: NDArray[np.bool_]
    mature: NDArray[np.bool_]
    leads: IntArray
    features: FloatArray
    score: NDArray[np.integer[Any]]

    def known_before(self, period: int) -> list[int]:
        """Earlier periods whose leads' days to convert had all passed when a period began."""
        begins = self.first_moments[period]
        return [i for i in range(period) if self.last_moments[i] + self.horizon <= begins]

    def at(self, rows: NDArray[np.bool_]) -> History:
        """Some of the rows; periods stay."""
        names = ("period", "converted", "mature", "leads", "features", "score")
        return replace(self, **{name: getattr(self, name)[rows] for name in names})

    @property
    def conversions(self) -> int:
        """Leads that converted."""
        return int(self.leads[self.converted].sum())

    @property
    def needed_conversions(self) -> int:
        """How many it takes to learn from these rows."""
        # Without any row nobody knows which rules will tell leads apart.
        rules = self.features.shape[1]
        varying = int((np.ptp(self.features, axis=0) > 0).sum()) if len(self.leads) else rules
        return CONVERSIONS_FOR_EACH_RULE * max(varying, 1)


@dataclass(frozen=True)
class PeriodPrediction:
    """How a period was foretold by what was known before it.

    Parameters
    ----------
    learned_from : tuple of str
        Periods.
    learned_conversions : int
    penalty : float
    ranking : AucDifference
        `auc_a` of the points model, `auc_b` of the prediction, and how they differ on the same leads.
    promised : CalibrationCheck
        Conversions that came against the sum of the chances.
    level_factor : float
        What the learned odds were multiplied by, for what was promised in earlier periods to add up to what
        came; 1 where too little was known.
    log_loss, log_loss_of_base_rate : float
        Mean over leads, in nats: of the chances, and of the rate known before given to every lead.
    """

    period: str
    leads: int
    conversions: int
    learned_from: tuple[str, ...]
    learned_conversions: int
    penalty: float
    ranking: AucDifference
    promised: CalibrationCheck
    level_factor: float
    log_loss: float
    log_loss_of_base_rate: float


@dataclass(frozen=True, eq=False)
class Prediction:
    """The regression on all that is known, and how its like did out of time.

    Parameters
    ----------
    fit : Logistic or None
        Its chances have the level that came in foretold periods. None with too few conversions; `refusal`
        says why.
    level_factor : float
        What the learned odds were multiplied by for that.
    bands : tuple of ChanceBand
        What came of the chances of foretold periods.
    periods : tuple of PeriodPrediction
        Those that could be foretold.
    skipped : tuple of (str, str)
        The others and why.
    """

    rules: tuple[str, ...]
    fit: Logistic | None
    penalty: float | None
    refusal: str
    level_factor: float
    bands: tuple[ChanceBand, ...]
    periods: tuple[PeriodPrediction, ...]
    skipped: tuple[tuple[str, str], ...]


def features_of(rules: Sequence[Rule], counts: Sequence[NDArray[np.integer]]) -> FloatArray:
    """What a regression is told of each lead: how often each rule counts, no further than its cap goes.

    Parameters
    ----------
    counts : sequence of int arrays, each of shape (n,)
        In twentieths.

    Returns
    -------
    float array, shape (n, rules)
    """
    columns = [
        np.minimum(count.astype(np.float64), _most_twentieths(rule)) / COUNT_UNIT
        for rule, count in zip(rules, counts, strict=True)
    ]
    return np.column_stack(columns) if columns else np.zeros((0, 0))


def predict(history: History, rules: Sequence[Rule]) -> Prediction:
    """Learn from everything that is known, and foretell each period from what was known before it."""
    names = tuple(rule.label or rule.id for rule in rules)
    known = history.at(history.mature)
    foretold: dict[int, _Foretold] = {}
    skipped: list[tuple[str, str]] = []
    for number, label in enumerate(history.periods):
        result = _foretell(known, number, foretold)
        if isinstance(result, str):
            skipped.append((label, result))
        else:
            foretold[number] = result
    refusal = _refusal(known)
    fit, penalty = (None, None) if refusal else _learn(known)
    shift = level_shift(join_promises([each.learned for each in foretold.values()]))
    return Prediction(
        rules=names,
        fit=None if fit is None else replace(fit, intercept=fit.intercept + shift),
        penalty=penalty,
        refusal=refusal,
        level_factor=math.exp(shift),
        bands=chance_bands(join_promises([each.promises for each in foretold.values()])),
        periods=tuple(each.prediction for each in foretold.values()),
        skipped=tuple(skipped),
    )


@dataclass(frozen=True, eq=False)
class _Foretold:
    """A foretold period's leads with the log odds that were learned, and with those that were promised."""

    prediction: PeriodPrediction
    learned: Promises
    promises: Promises


def _foretell(known: History, number: int, before: Mapping[int, _Foretold]) -> _Foretold | str:
    """Judge a period by what was known before it; words where that cannot be done."""
    target = known.at(known.period == number)
    if not len(target.leads):
        return "its leads still have days left to convert"
    earlier = known.known_before(number)
    past = known.at(np.isin(known.period, earlier))
    if refusal := _refusal(past):
        return refusal
    fit, penalty = _learn(past)
    shift = level_shift(join_promises([before[place].learned for place in earlier if place in before]))
    learned = Promises(fit.log_odds(target.features), target.converted, target.leads)
    promises = learned.shifted(shift)
    base_rate = past.conversions / past.leads.sum()
    prediction = PeriodPrediction(
        period=known.periods[number],
        leads=int(target.leads.sum()),
        conversions=target.conversions,
        learned_from=tuple(known.periods[i] for i in earlier),
        learned_conversions=past.conversions,
        penalty=penalty,
        ranking=_compare(target, learned.log_odds),
        promised=promises.check(),
        level_factor=math.exp(shift),
        log_loss=_log_loss(target, promises.chance),
        log_loss_of_base_rate=_log_loss(target, np.full(len(target.leads), base_rate)),
    )
    return _Foretold(prediction, learned, promises)


def _refusal(rows: History) -> str:
    found, needed = rows.conversions, rows.needed_conversions
    if found < needed:
        return f"{found} conversions were known before, and {needed} are needed to learn from"
    if found == int(rows.leads.sum()):
        return "every lead known before converted, so nothing tells them apart"
    return ""


def _learn(rows: History) -> tuple[Logistic, float]:
    """The regression with the penalty that foretells the newest of the rows' periods best."""
    newest = int(rows.period.max())
    past, recent = rows.at(rows.period < newest), rows.at(rows.period == newest)
    penalty = PENALTIES[-1]
    if not _refusal(past):
        fits = {each: fit_logistic(past.features, past.converted, past.leads, each) for each in PENALTIES}
        penalty = min(PENALTIES, key=lambda each: _log_loss(recent, fits[each].probability(recent.features)))
    return fit_logistic(rows.features, rows.converted, rows.leads, penalty), penalty


def _compare(target: History, log_odds: FloatArray) -> AucDifference:
    # Only their order matters, and joint cells hold whole numbers.
    ranks = np.unique(log_odds, return_inverse=True)[1]
    cells = JointCells(
        periods=("",),
        period=np.zeros(len(ranks), dtype=np.int64),
        score_a=target.score,
        score_b=ranks,
        converted=target.converted,
        leads=target.leads,
    )
    return paired_auc_difference(cells)


def _log_loss(rows: History, chance: FloatArray) -> float:
    right = np.where(rows.converted, chance, 1 - chance)
    return float(-(rows.leads @ np.log(np.maximum(right, 1e-15))) / rows.leads.sum())


def _most_twentieths(rule: Rule) -> float:
    """The count from which on a rule gives no more; infinite without a cap or points."""
    if rule.max_points is None or rule.points == 0:
        return math.inf
    return math.ceil(rule.max_points * COUNT_UNIT / abs(rule.points))
