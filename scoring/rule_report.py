"""The rule report: what each rule of a model is worth, by period and over all of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.cells import IntArray
from scoring.rule_evidence import (
    Evidence,
    Firing,
    RedundantPair,
    RuleEvidence,
    points_shares,
    redundant_pairs,
    rule_evidence,
)
from scoring.stability import PsiVerdict, Shift, moved_inputs

LEVELS = 5
"""How often a rule counts: not at all, up to once, up to twice, up to four times, more."""


@dataclass(frozen=True, eq=False)
class RuleFiring:
    """For which mature leads each enabled rule of a model counts. A rule fires when it counts at all.

    Parameters
    ----------
    rules : tuple of str, length r
        Their ids, in the model's order.
    periods : tuple of str, length p
    leads : int array, shape (p, 2)
        By outcome: not converted, converted.
    levels : int array, shape (r, p, 2, 5)
        The same leads by how often the rule counts, see `LEVELS`; the first level is not firing.
    both_fire : int array, shape (p, r, r)
        Leads for which both of two rules fire; for a rule and itself, those for which it fires.
    points : int array, shape (r, p)
        Points given, before the limits of categories and score; negative where they are taken away.
    """

    rules: tuple[str, ...]
    periods: tuple[str, ...]
    leads: IntArray
    levels: IntArray
    both_fire: IntArray
    points: IntArray

    def only(self, periods: Collection[str]) -> RuleFiring:
        """The counts of some periods; the other labels go too."""
        kept: NDArray[Any] = np.array([label in periods for label in self.periods], dtype=np.bool_)
        return RuleFiring(
            self.rules,
            tuple(label for label in self.periods if label in periods),
            self.leads[kept],
            self.levels[:, kept],
            self.both_fire[kept],
            self.points[:, kept],
        )


@dataclass(frozen=True)
class RuleLine:
    """One rule: its evidence over all periods and in each of them, and what it gives.

    Parameters
    ----------
    rule : str
        Its id.
    evidence : RuleEvidence
    by_period : tuple of (str, RuleEvidence)
    points : int
        Given (or, negative, taken away) over all leads.
    points_share : float or None
        Of all points given and taken away.
    shifts : tuple of (str, PsiVerdict)
        How often it counts in each period that has an earlier one, against all earlier ones.
    """

    rule: str
    evidence: RuleEvidence
    by_period: tuple[tuple[str, RuleEvidence], ...]
    points: int
    points_share: float | None
    shifts: tuple[tuple[str, PsiVerdict], ...]

    @property
    def shift(self) -> PsiVerdict | None:
        """That of the newest period; None with one period."""
        return self.shifts[-1][1] if self.shifts else None


@dataclass(frozen=True)
class RuleReport:
    """Every rule, the pairs that say the same, and which input moved most (first) in the newest period."""

    periods: tuple[str, ...]
    rules: tuple[RuleLine, ...]
    redundant: tuple[RedundantPair, ...]
    moved: tuple[tuple[str, PsiVerdict], ...]


def rule_report(firing: RuleFiring, left_out: Collection[str] = ()) -> RuleReport:
    """Judge every rule.

    Parameters
    ----------
    firing : RuleFiring
    left_out : collection of str
        Periods kept back for the final check.

    Notes
    -----
    Over several periods a lead that returns counts each time; the intervals take these as different leads and
    are a little too narrow then. The periods' own are not.
    """
    kept = firing.only([label for label in firing.periods if label not in left_out])
    whole = [_firing(kept, rule, slice(None)) for rule in range(len(kept.rules))]
    points = [int(given) for given in kept.points.sum(axis=1)]
    moved = _moved(kept)
    lines = tuple(
        RuleLine(
            rule=name,
            evidence=rule_evidence(whole[number]),
            by_period=tuple(
                (label, rule_evidence(_firing(kept, number, slice(place, place + 1))))
                for place, label in enumerate(kept.periods)
            ),
            points=points[number],
            points_share=share,
            shifts=tuple((label, dict(verdicts)[name]) for label, verdicts in moved),
        )
        for number, (name, share) in enumerate(zip(kept.rules, points_shares(points), strict=True))
    )
    pairs = redundant_pairs(kept.rules, kept.both_fire.sum(axis=0), int(kept.leads.sum()))
    return RuleReport(kept.periods, lines, pairs, moved[-1][1] if moved else ())


def rule_sentences(report: RuleReport, labels: dict[str, str]) -> tuple[str, ...]:
    """What a reader of the report must not miss: rules that are worth nothing, harm, or say the same.

    Parameters
    ----------
    report : RuleReport
    labels : dict
        What each rule is called on screen, by id.
    """
    texts = {
        Evidence.NOTHING: "tells nothing about who buys",
        Evidence.NEVER_FIRES: "never fires",
        Evidence.ALWAYS_FIRES: "fires for every lead; only how often it counts can tell them apart",
    }
    lines = []
    for line in report.rules:
        name, figures = labels.get(line.rule, line.rule), line.evidence
        if figures.evidence in texts:
            lines.append(f"{name}: {texts[figures.evidence]}{_rates(figures)}.")
        elif figures.evidence is Evidence.HARMS and line.points > 0:
            lines.append(f"{name}: gives points to leads that buy less{_rates(figures)}.")
        elif figures.evidence is Evidence.HELPS and line.points < 0:
            lines.append(f"{name}: takes points from leads that buy more{_rates(figures)}.")
        moved = [label for label, verdict in line.shifts if verdict.shift in (Shift.SOME, Shift.LARGE)]
        if moved:
            lines.append(f"{name}: counts otherwise than before in {', '.join(moved)}.")
    for pair in report.redundant:
        first, second = labels.get(pair.first, pair.first), labels.get(pair.second, pair.second)
        alike = "nearly the same" if pair.correlation > 0 else "opposite"
        lines.append(f"{first} and {second} fire for {alike} leads.")
    return tuple(lines)


def _firing(firing: RuleFiring, rule: int, periods: slice) -> Firing:
    silent, *fired = np.moveaxis(firing.levels[rule, periods].sum(axis=0), 1, 0)
    not_converted, converted = np.sum(fired, axis=0)
    return Firing(int(converted), int(not_converted), int(silent[1]), int(silent[0]))


def _moved(firing: RuleFiring) -> list[tuple[str, tuple[tuple[str, PsiVerdict], ...]]]:
    """Each later period with the rules' verdicts against all earlier ones, what moved most first."""
    counts = firing.levels.sum(axis=2)
    before = counts.cumsum(axis=1)
    return [
        (
            label,
            moved_inputs(
                {
                    name: (before[number, place], counts[number, place + 1])
                    for number, name in enumerate(firing.rules)
                }
            ),
        )
        for place, label in enumerate(firing.periods[1:])
    ]


def _rates(figures: RuleEvidence) -> str:
    if figures.rate_with is None or figures.rate_without is None:
        return ""
    return f" ({100 * figures.rate_with:.1f} % convert with it, {100 * figures.rate_without:.1f} % without)"
