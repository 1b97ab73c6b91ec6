"""From scores to probabilities, judged out of time: each period by what the earlier ones promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.calibration import CalibrationCheck, brier_score, check_calibration, fit_calibration
from scoring.cells import IntArray, ScoreCounts
from scoring.statistics import FloatArray


@dataclass(frozen=True, eq=False)
class CalibrationEvidence:
    """Probabilities by score, and how those of earlier periods held in later ones.

    Parameters
    ----------
    scores : int array, shape (n,)
        Every possible score.
    probability : float array, shape (n,), or None
        Fitted to all leads; None with too few conversions.
    by_period : tuple of (str, CalibrationCheck)
        Conversions against those that the earlier periods' probabilities promised, for each period whose
        earlier ones have enough conversions.
    brier, brier_of_base_rate : float or None
        Over these periods: of the earlier periods' probabilities, and of their base rate given to every lead,
        which a score has to beat.
    """

    scores: IntArray
    probability: FloatArray | None
    by_period: tuple[tuple[str, CalibrationCheck], ...]
    brier: float | None
    brier_of_base_rate: float | None

    @property
    def sentence(self) -> str:
        """Whether the probabilities are worth more than the base rate; '' without a judgement."""
        if self.brier is None or not self.brier_of_base_rate:
            return ""
        gain = 1 - self.brier / self.brier_of_base_rate
        if gain <= 0:
            return "As a probability the score is worth no more than giving every lead the average rate."
        less = f"{100 * gain:.1f} % less"
        return f"As a probability the score errs {less} than giving every lead the average rate."


def calibration_evidence(counts: ScoreCounts, periods: Sequence[str]) -> CalibrationEvidence:
    """Fit probabilities to all leads, and judge each period's leads by those of the periods before.

    Parameters
    ----------
    counts : ScoreCounts
        Mature leads by period and score.
    periods : sequence of str
        Labels of its rows, in time order.
    """
    pooled = counts.pooled
    checks = []
    errors = np.zeros(2)
    judged = 0
    for row, label in enumerate(periods):
        before, before_not = counts.converted[:row].sum(axis=0), counts.not_converted[:row].sum(axis=0)
        now, now_not = counts.converted[row], counts.not_converted[row]
        leads = int(now.sum() + now_not.sum())
        probability = fit_calibration(before, before_not)
        if probability is None or leads == 0:
            continue
        checks.append((label, check_calibration(probability, now, now_not)))
        base_rate = np.full(len(probability), before.sum() / (before.sum() + before_not.sum()))
        errors += [leads * (brier_score(given, now, now_not) or 0.0) for given in (probability, base_rate)]
        judged += leads
    return CalibrationEvidence(
        scores=counts.scores,
        probability=fit_calibration(pooled.converted[0], pooled.not_converted[0]),
        by_period=tuple(checks),
        brier=float(errors[0] / judged) if judged else None,
        brier_of_base_rate=float(errors[1] / judged) if judged else None,
    )
