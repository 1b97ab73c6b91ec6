"""Everything that the cells say about one model: how well it ranks, whether that holds, how sure it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from scoring.backtest import Backtest, compute_backtest
from scoring.calibration_evidence import CalibrationEvidence, calibration_evidence
from scoring.cells import Cells, ScoreCounts, count_by_score
from scoring.comparison import newest_complete_period
from scoring.curves import GainsCurve, Part, PrecisionRecall, gains_curve, lift_by_part, precision_recall
from scoring.drift import Change, DriftReport, report_drift
from scoring.enough_data import MIN_CONVERSIONS_FOR_VERDICT, MIN_LEADS_FOR_RATE, enough_for_verdict
from scoring.figure_words import some_of
from scoring.model import Model
from scoring.signal_strength import Signal, judge_signal
from scoring.stability import SimpsonGuard, guard_against_simpson
from scoring.tier_order import TierOrder, judge_tier_order
from scoring.work_thresholds import Thresholds, Work, work_thresholds


@dataclass(frozen=True, eq=False)
class Curves:
    """Curves of the mature leads pooled; `gains` is None, and `parts` are none, without conversions."""

    gains: GainsCurve | None
    parts: tuple[Part, ...]
    precision_recall: PrecisionRecall


@dataclass(frozen=True, eq=False)
class ModelEvidence:
    """What can be said about one model from its mature leads.

    Parameters
    ----------
    model : str
        Its name.
    periods : tuple of str
        Periods with mature leads that were looked at.
    left_out : tuple of str
        Periods kept back for the final check of a draft.
    signal : Signal
        How well the score ranks, pooled.
    signals : tuple of (str, Signal)
        The same by period.
    simpson : SimpsonGuard
        Whether pooling flatters.
    tier_order : TierOrder
        Whether a higher tier converts better.
    curves : Curves
    calibration : CalibrationEvidence
        From scores to probabilities, and how they held.
    thresholds : Thresholds
        From what sales can work and what a conversion is worth.
    drift : tuple of DriftReport
        Each period that has an earlier one, against all earlier ones; the newest is the last.
    notes : tuple of str
        Where there is too little data to judge.
    """

    model: str
    periods: tuple[str, ...]
    left_out: tuple[str, ...]
    signal: Signal
    signals: tuple[tuple[str, Signal], ...]
    simpson: SimpsonGuard
    tier_order: TierOrder
    curves: Curves
    calibration: CalibrationEvidence
    thresholds: Thresholds
    drift: tuple[DriftReport, ...]
    notes: tuple[str, ...]


def gather_evidence(
    cells: Cells, model: Model, left_out: Collection[str] = (), work: Work | None = None
) -> ModelEvidence:
    """Judge a model by its cells.

    Parameters
    ----------
    cells : Cells
        Scored with this model; split by where the leads came from, the drift report can name the source.
    model : Model
    left_out : collection of str
        Periods kept back for the final check, see `kept_back`; nothing in the result has seen them.
    work : Work, optional
        What sales can work and what a conversion is worth.

    Raises
    ------
    ScoringError
        When a score lies outside the model's range, or a number of `work` is not above 0.

    Notes
    -----
    The intervals of pooled figures of one model take a lead that returns in several periods as several leads
    and are a little too narrow then; those of a comparison (`scoring.comparison`) are not.
    """
    kept = cells.only([label for label in cells.periods if label not in left_out])
    backtest = compute_backtest(kept, model)
    counts = count_by_score(kept, model.min_score, model.max_score)
    mature = tuple(figures.period for figures in backtest.periods if figures.leads)
    return ModelEvidence(
        model=model.name,
        periods=mature,
        left_out=tuple(label for label in cells.periods if label in left_out),
        signal=judge_signal(backtest.pooled),
        signals=tuple((f.period, judge_signal(f)) for f in backtest.periods if f.leads),
        simpson=guard_against_simpson(backtest),
        tier_order=judge_tier_order(backtest.pooled.tiers),
        curves=_curves(counts.pooled),
        calibration=calibration_evidence(counts, kept.periods),
        thresholds=work_thresholds(kept, counts, model.observation, work or Work()),
        drift=tuple(report_drift(kept, model.min_score, model.max_score, label) for label in mature[1:]),
        notes=(*_notes(backtest), *_grid_note(model)),
    )


def kept_back(cells: Cells, model: Model) -> tuple[str, ...]:
    """The newest complete period, which a draft's verdicts must not see before the final check.

    None is kept back as long as there is no other complete period to judge a draft by.
    """
    backtest = compute_backtest(cells, model)
    complete = [f.period for f in backtest.periods if f.leads and not f.immature_leads]
    newest = newest_complete_period(backtest)
    return (newest,) if newest is not None and len(complete) > 1 else ()


def evidence_sentences(evidence: ModelEvidence) -> tuple[str, ...]:
    """The evidence as a reader of plain text needs it, the most important first."""
    lines = [evidence.signal.sentence]
    if evidence.simpson.warning:
        lines.append(evidence.simpson.warning)
    lines.append(evidence.tier_order.sentence)
    lines += [
        f"{report.period}: {report.sentence}"
        for place, report in enumerate(evidence.drift)
        if report.change not in (Change.STEADY, Change.TOO_LITTLE_DATA) or place == len(evidence.drift) - 1
    ]
    if evidence.calibration.sentence:
        lines.append(evidence.calibration.sentence)
    lines += evidence.thresholds.sentences()
    lines += evidence.notes
    lines += [f"{label} is kept back for the final check of your draft." for label in evidence.left_out]
    return tuple(lines)


def _curves(pooled: ScoreCounts) -> Curves:
    converted, not_converted = pooled.converted[0], pooled.not_converted[0]
    return Curves(
        gains=gains_curve(converted, not_converted),
        parts=lift_by_part(converted, not_converted),
        precision_recall=precision_recall(converted, not_converted, pooled.min_score),
    )


def _grid_note(model: Model) -> tuple[str, ...]:
    if model.grid is None:
        return ()
    return ("Tiers come from the model's grid: the score ranks leads, and no threshold decides a tier.",)


def _notes(backtest: Backtest) -> tuple[str, ...]:
    if backtest.pooled.leads == 0:
        return ("No period is complete yet: nothing can be judged.",)
    notes = []
    few = [f.period for f in backtest.periods if f.leads and not enough_for_verdict(f.conversions, f.leads)]
    if few:
        notes.append(
            f"Too few conversions for a verdict in {some_of(few)}: it takes {MIN_CONVERSIONS_FOR_VERDICT} "
            "leads that converted and as many that did not."
        )
    small = [tier.tier for tier in backtest.pooled.tiers if 0 < tier.leads < MIN_LEADS_FOR_RATE]
    if small:
        notes.append(f"Fewer than {MIN_LEADS_FOR_RATE} leads in {', '.join(small)}: its rate says little.")
    return tuple(notes)
