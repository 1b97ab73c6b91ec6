"""Points from a regression: each rule's weight as a whole number on the scale of the model's thresholds."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from scipy.linalg import inv

from scoring.logistic import Logistic, fit_logistic
from scoring.model import Model
from scoring.prediction import History
from scoring.returning_leads import Outcomes, Returns, largest_error
from scoring.statistics import FloatArray, normal_quantile
from scoring.suggestion import Aim, with_points

PENALTY = 10.0
"""Of the squares of the standardised weights: what ten lead-quarters would say against them. Points are
rounded more coarsely than what another penalty would change."""

SCALES = 24
FEWEST, MOST = 2.0, 200.0
"""The points of the weightiest rule before limits, on the smallest and on the largest scale."""

TopLeads = Callable[[Model], float]
"""How many leads a model puts into its top tier."""


def clear_weights(history: History, returns: Returns) -> FloatArray:
    """Each rule's weight in the regression, 0 where it is no more than chance; shape (rules,).

    Notes
    -----
    A lead's influence on a weight is that of maximum likelihood (inverse information times score); the error
    is `largest_error` of it, which allows for leads that return.
    """
    fit = fit_logistic(history.features, history.converted, history.leads, PENALTY)
    errors = _errors(fit, history, returns)
    clear = np.abs(fit.coefficients) > normal_quantile() * errors
    return np.where(clear, fit.coefficients, 0.0)


def scale_to_points(
    model: Model, weights: Mapping[str, float], aim: Aim, top_leads: TopLeads, target: float
) -> dict[str, int]:
    """Turn weights into points by the one factor that leaves the top tier nearest to its size.

    Parameters
    ----------
    model : Model
    weights : mapping of rule id to float
        For one count more, in any unit. Of every enabled rule.
    aim : Aim
        Its limits hold for the points.
    top_leads : callable
    target : float
        Leads that the top tier is to hold.
    """
    largest = max((abs(weight) for weight in weights.values()), default=0.0)
    if largest == 0:
        return dict.fromkeys(weights, 0)
    limits = {rule.id: aim.limits_of(model, rule) for rule in model.enabled_rules}
    tried: dict[tuple[int, ...], float] = {}
    for factor in np.geomspace(FEWEST, MOST, SCALES) / largest:
        points = tuple(limits[rule].nearest(factor * weight) for rule, weight in weights.items())
        if points not in tried:
            changed = with_points(model, dict(zip(weights, points, strict=True)))
            tried[points] = abs(top_leads(changed) - target)
    nearest = min(tried.items(), key=lambda pair: pair[1])[0]
    return dict(zip(weights, nearest, strict=True))


def _errors(fit: Logistic, history: History, returns: Returns) -> FloatArray:
    rows = np.column_stack([np.ones(len(history.leads)), history.features])
    chance = fit.probability(history.features)
    spread = np.sqrt(np.maximum(history.leads @ rows**2 / history.leads.sum(), 1e-12))
    rows = rows / spread
    bend = (rows * (history.leads * chance * (1 - chance))[:, None]).T @ rows
    # A rule that never varies has no information of its own; a little keeps the matrix invertible.
    inverse = inv(bend + np.diag(np.full(len(spread), 1e-6 * np.trace(bend))))
    influence = rows @ inverse / spread * (history.converted - chance)[:, None]
    outcomes = Outcomes(history.period, history.converted, history.leads)
    errors = [largest_error(influence[:, place], outcomes, returns) for place in range(1, len(spread))]
    return np.array([np.inf if error is None else error for error in errors])
