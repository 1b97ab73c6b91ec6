"""Everything that can be said about a draft beside the model in use, on the same leads and moments."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from scoring.comparison import (
    Comparison,
    Level,
    PeriodComparison,
    compare_models,
    judge_difference,
    warn_of_many_variants,
)
from scoring.jackknife import Difference, aggregate_leads, capture_difference, rate_difference
from scoring.joint_cells import JointCells, LeadRows, MovedLeads, SwapSet, swap_set
from scoring.model import Model
from scoring.tiers import in_top_tier


@dataclass(frozen=True)
class TopTier:
    """The highest tier of both models: rate and share of all conversions, with what the differences come to.

    The intervals respect that a lead returns in several periods.
    """

    tier_a: str
    tier_b: str
    rate: Difference
    rate_level: Level
    capture: Difference
    capture_level: Level


@dataclass(frozen=True)
class FinalCheck:
    """The period that was kept back, judged once."""

    period: PeriodComparison
    top_tier: TopTier


@dataclass(frozen=True, eq=False)
class ComparisonEvidence:
    """The model in use (a) and the draft (b).

    Parameters
    ----------
    model_a, model_b : str
        Their names.
    notes : tuple of str
        What the two do not share, and so is not compared.
    left_out : tuple of str
        Periods that no verdict here has seen, but for `final_check`.
    comparison : Comparison
        Ranking: by period, pooled, how many periods agree, with verdicts in words.
    top_tier : TopTier
        Pooled.
    top_tier_by_period : tuple of (str, TopTier)
    swap : SwapSet
        Tier by tier where leads land.
    final_check : FinalCheck or None
        None until it is asked for.
    variants, final_checks : int
        How many drafts were tried on the same periods, and how often their final check was looked at.
    warning : str or None
        When those are so many that luck would find a better draft.
    """

    model_a: str
    model_b: str
    notes: tuple[str, ...]
    left_out: tuple[str, ...]
    comparison: Comparison
    top_tier: TopTier
    top_tier_by_period: tuple[tuple[str, TopTier], ...]
    swap: SwapSet
    final_check: FinalCheck | None
    variants: int
    final_checks: int
    warning: str | None


def compare_evidence(
    joint: JointCells,
    rows: LeadRows,
    champion: Model,
    challenger: Model,
    *,
    left_out: Collection[str] = (),
    final_check: bool = False,
    variants: int = 0,
    final_checks: int = 0,
    notes: tuple[str, ...] = (),
) -> ComparisonEvidence:
    """Compare a draft with the model in use.

    Parameters
    ----------
    joint : JointCells
    rows : LeadRows
        The same leads one by one.
    champion, challenger : Model
        Their tiers and names are used.
    left_out : collection of str
        Periods kept back for the final check.
    final_check : bool
        Show these periods too, apart from all others.
    variants, final_checks : int
        See ComparisonEvidence.
    notes : tuple of str
        Passed on.
    """
    kept = [label for label in joint.periods if label not in left_out]
    return ComparisonEvidence(
        model_a=champion.name,
        model_b=challenger.name,
        notes=notes,
        left_out=tuple(label for label in joint.periods if label in left_out),
        comparison=compare_models(joint, rows, left_out),
        top_tier=compare_top_tiers(rows.only(kept), champion, challenger),
        top_tier_by_period=tuple(
            (label, compare_top_tiers(rows.only([label]), champion, challenger)) for label in kept
        ),
        swap=swap_set(joint.only(kept), champion, challenger),
        final_check=_final_check(joint, rows, champion, challenger, left_out) if final_check else None,
        variants=variants,
        final_checks=final_checks,
        warning=warn_of_many_variants(variants),
    )


def compare_top_tiers(rows: LeadRows, champion: Model, challenger: Model) -> TopTier:
    """Rate and capture of the highest tier under both models."""
    top_a, top_b = champion.tiers[-1], challenger.tiers[-1]
    is_top_a = in_top_tier(rows.score_a, champion, rows.place_a)
    sums = aggregate_leads(rows, is_top_a, in_top_tier(rows.score_b, challenger, rows.place_b))
    rate, capture = rate_difference(sums), capture_difference(sums)
    return TopTier(
        tier_a=top_a.name,
        tier_b=top_b.name,
        rate=rate,
        rate_level=judge_difference(rate.low, rate.high),
        capture=capture,
        capture_level=judge_difference(capture.low, capture.high),
    )


def comparison_sentences(evidence: ComparisonEvidence) -> tuple[str, ...]:
    """The comparison as a reader of plain text needs it, the verdict first."""
    verdict = evidence.comparison.pooled.verdict
    lines = [f"{_title(verdict.level)}: {verdict.reason}"]
    lines += [
        f"{period.period}: {period.verdict.level.value}. {period.verdict.reason}"
        for period in evidence.comparison.periods
    ]
    lines += _top_tier_sentences(evidence.top_tier)
    lines += _swap_sentences(evidence.swap)
    if evidence.final_check is not None:
        final = evidence.final_check.period
        lines.append(f"Final check on {final.period}: {final.verdict.level.value}. {final.verdict.reason}")
    else:
        lines += [f"{label} is kept back for the final check." for label in evidence.left_out]
    if evidence.final_checks:
        times = "once" if evidence.final_checks == 1 else f"{evidence.final_checks} times"
        lines.append(f"The final check was looked at {times}.")
    lines += [line for line in (evidence.warning, *evidence.notes) if line]
    return tuple(lines)


def _final_check(
    joint: JointCells,
    rows: LeadRows,
    champion: Model,
    challenger: Model,
    left_out: Collection[str],
) -> FinalCheck | None:
    held = [label for label in joint.periods if label in left_out]
    if not held:
        return None
    newest = held[-1]
    judged = compare_models(joint.only([newest]))
    return FinalCheck(judged.periods[0], compare_top_tiers(rows.only([newest]), champion, challenger))


def _title(level: Level) -> str:
    return {
        Level.BETTER: "Your draft is better",
        Level.WORSE: "Your draft is worse",
        Level.NO_DIFFERENCE: "No real difference",
        Level.TOO_LITTLE_DATA: "Too little data",
    }[level]


def _top_tier_sentences(top: TopTier) -> list[str]:
    name = top.tier_b if top.tier_a == top.tier_b else f"{top.tier_b} (in use: {top.tier_a})"
    lines = []
    for figure, level, words in (
        (top.rate, top.rate_level, "converts"),
        (top.capture, top.capture_level, "holds a share of all conversions of"),
    ):
        if figure.a is None or figure.b is None:
            continue
        text = f"{name} {words} {100 * figure.b:.1f} %, in use {100 * figure.a:.1f} %"
        if figure.low is not None and figure.high is not None and figure.difference is not None:
            text += (
                f"; {100 * figure.difference:+.1f} points (likely {100 * figure.low:+.1f} to "
                f"{100 * figure.high:+.1f}): {level.value}"
            )
        lines.append(f"{text}.")
    return lines


def _swap_sentences(swap: SwapSet) -> list[str]:
    moved = ((swap.up, "up"), (swap.down, "down"))
    return [_moved_sentence(leads, way) for leads, way in moved if leads is not None]


def _moved_sentence(moved: MovedLeads, way: str) -> str:
    if moved.rate is None:
        return f"No lead moves {way} a tier."
    return (
        f"{moved.leads:,} leads move {way}; {moved.conversions:,} of them convert ({100 * moved.rate:.1f} %)."
    )
