"""Drift or decline: whether the leads of a period changed, or the model got worse."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from scoring.auc_change import AucEstimate, auc_on_old_mix, estimate_auc, mean_auc
from scoring.calibration import CalibrationCheck, check_calibration, fit_calibration
from scoring.cells import Cells, IntArray, count_by_score
from scoring.figure_words import percent
from scoring.stability import PsiVerdict, Shift, judge_psi
from scoring.statistics import psi_bins, rate

MIN_GROWTH = 0.02
"""A segment whose share of the leads grew by less is not named as the cause."""

CALIBRATION_GAP = 0.1
"""Conversions within a tenth of what equal scores brought before are not worth a sentence."""


class Change(StrEnum):
    """What happened in a period, against the periods before."""

    STEADY = "steady"
    LEADS_CHANGED = "your leads changed"
    MODEL_DECLINED = "the model got worse"
    BOTH = "your leads changed and the model got worse"
    TOO_LITTLE_DATA = "too little data"


@dataclass(frozen=True)
class SegmentGrowth:
    """The segment whose share of the leads grew most."""

    segment: str
    share_before: float
    share_now: float


@dataclass(frozen=True)
class DriftReport:
    """One period against all earlier ones.

    Parameters
    ----------
    period : str
    change : Change
    sentence : str
        Which of the two it is, in words.
    score_shift : PsiVerdict
        Of the scores.
    mix_shift : PsiVerdict or None
        Of the segments' shares; None when the cells are not split.
    growth : SegmentGrowth or None
    rate_before, rate_now : float or None
    auc_before : float or None
        Mean of the earlier periods' AUCs.
    auc_now : float or None
    auc_change_low, auc_change_high : float or None
        95 % interval of ``auc_now - auc_before``.
    auc_on_old_mix : float or None
        AUC of this period had the segments kept their earlier shares.
    calibration : CalibrationCheck or None
        Conversions against what equal scores promised before.
    """

    period: str
    change: Change
    sentence: str
    score_shift: PsiVerdict
    mix_shift: PsiVerdict | None
    growth: SegmentGrowth | None
    rate_before: float | None
    rate_now: float | None
    auc_before: float | None
    auc_now: float | None
    auc_change_low: float | None
    auc_change_high: float | None
    auc_on_old_mix: float | None
    calibration: CalibrationCheck | None


def report_drift(cells: Cells, min_score: int, max_score: int, period: str) -> DriftReport:
    """Judge a period against the mature leads of all earlier periods.

    The scores' PSI and the segments' PSI say whether the leads changed; the AUC, against the mean of the
    earlier periods' AUCs, whether the model ranks worse. When both happened and the cells are split by a
    segment, the period's AUC is worked out anew with each segment at its earlier share: if that AUC has not
    fallen, the leads are the cause.

    Parameters
    ----------
    cells : Cells
        Best split by source; not split, the last question stays open.
    min_score, max_score : int
    period : str

    Raises
    ------
    ScoringError
        When the period is not in the cells.
    """
    row = cells.period_index(period)
    counts = count_by_score(cells, min_score, max_score)
    converted, not_converted = counts.converted[row], counts.not_converted[row]
    old_converted, old_not = counts.converted[:row].sum(axis=0), counts.not_converted[:row].sum(axis=0)
    before, now = mean_auc(counts, row), estimate_auc(converted, not_converted)
    score_shift = judge_psi(psi_bins(old_converted + old_not), psi_bins(converted + not_converted))
    mix_shift = growth = on_old_mix = None
    if len(cells.segments) > 1:
        mix = _mix(cells)
        mix_before, mix_now = mix[:, :row].sum(axis=1), mix[:, row]
        mix_shift = judge_psi(mix_before, mix_now)
        growth = _largest_growth(cells.segments, mix_before, mix_now)
        on_old_mix = auc_on_old_mix(cells, row, mix_before, mix_now)
    probabilities = fit_calibration(old_converted, old_not)
    calibration = None
    if probabilities is not None:
        calibration = check_calibration(probabilities, converted, not_converted)
    change = _classify(score_shift, mix_shift, before, now, on_old_mix)
    low, high = now.change_from(before) if before and now else (None, None)
    return DriftReport(
        period=period,
        change=change,
        sentence=_sentence(change, growth, before, now, calibration),
        score_shift=score_shift,
        mix_shift=mix_shift,
        growth=growth,
        rate_before=rate(int(old_converted.sum()), int(old_converted.sum() + old_not.sum())),
        rate_now=rate(int(converted.sum()), int(converted.sum() + not_converted.sum())),
        auc_before=before.value if before else None,
        auc_now=now.value if now else None,
        auc_change_low=low,
        auc_change_high=high,
        auc_on_old_mix=on_old_mix.value if on_old_mix else None,
        calibration=calibration,
    )


def _mix(cells: Cells) -> IntArray:
    """Mature leads by segment and period."""
    mix = np.zeros((len(cells.segments), len(cells.periods)), dtype=np.int64)
    np.add.at(mix, (cells.segment[cells.mature], cells.period[cells.mature]), cells.leads[cells.mature])
    return mix


def _largest_growth(
    segments: tuple[str, ...], mix_before: IntArray, mix_now: IntArray
) -> SegmentGrowth | None:
    if not mix_before.any() or not mix_now.any():
        return None
    share_before, share_now = mix_before / mix_before.sum(), mix_now / mix_now.sum()
    most = int(np.argmax(share_now - share_before))
    if share_now[most] - share_before[most] < MIN_GROWTH:
        return None
    return SegmentGrowth(segments[most], float(share_before[most]), float(share_now[most]))


def _classify(
    score_shift: PsiVerdict,
    mix_shift: PsiVerdict | None,
    before: AucEstimate | None,
    now: AucEstimate | None,
    on_old_mix: AucEstimate | None,
) -> Change:
    if before is None or now is None:
        return Change.TOO_LITTLE_DATA
    shifts = {score_shift.shift} | ({mix_shift.shift} if mix_shift else set())
    leads_changed = bool(shifts & {Shift.SOME, Shift.LARGE})
    if not now.fell_from(before):
        return Change.LEADS_CHANGED if leads_changed else Change.STEADY
    if not leads_changed:
        return Change.MODEL_DECLINED
    explained = on_old_mix is not None and not on_old_mix.fell_from(before)
    return Change.LEADS_CHANGED if explained else Change.BOTH


def _sentence(
    change: Change,
    growth: SegmentGrowth | None,
    before: AucEstimate | None,
    now: AucEstimate | None,
    calibration: CalibrationCheck | None,
) -> str:
    if before is None or now is None:
        return "Too few conversions, here or before, to tell drift from decline."
    picks = f"picks the buyer {100 * now.value:.0f} times in 100, before {100 * before.value:.0f}"
    cause = ""
    if growth:
        share_before, share_now = percent(growth.share_before, 0), percent(growth.share_now, 0)
        cause = f" {growth.segment} grew from {share_before} to {share_now} of them."
    text = {
        Change.STEADY: (
            "The leads are like those of before, and the score ranks as well as before (a difference may be "
            f"chance): it {picks}."
        ),
        Change.LEADS_CHANGED: (
            f"Your leads changed, not the model.{cause} The score {picks}"
            + (
                "; with the mix of leads of before it would do as well as then."
                if now.fell_from(before)
                else "."
            )
        ),
        Change.MODEL_DECLINED: f"The model got worse on leads like those of before: the score {picks}.",
        Change.BOTH: f"Your leads changed and the model ranks them worse.{cause} The score {picks}.",
    }[change]
    return text + _calibration_sentence(calibration)


def _calibration_sentence(calibration: CalibrationCheck | None) -> str:
    if calibration is None or calibration.low is None or calibration.high is None:
        return ""
    by_chance = calibration.low <= 1 <= calibration.high
    if by_chance or abs(calibration.observed / calibration.expected - 1) < CALIBRATION_GAP:
        return ""
    direction = "fewer" if calibration.observed < calibration.expected else "more"
    return (
        f" Equal scores brought {direction} conversions than before: {calibration.observed:,} instead of "
        f"{calibration.expected:,.0f}."
    )
