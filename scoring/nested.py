"""What a group of rules adds to the rest of a model: the model with them beside the same model without them.

Both see the same leads at the same moments. Two figures answer: how often the buyer is picked over the
non-buyer, and the share of wins among equally many leads. Without the rules fewer points are given and fewer
leads pass a threshold, so that tiers of both would be of different size: in each period as many of the
best-scored leads are taken as the highest tier of the whole model holds.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scoring.auc_difference import AucDifference
from scoring.comparison import Level, PeriodComparison, compare_models
from scoring.errors import ScoringError
from scoring.joint_cells import JointCells, LeadRows
from scoring.model import Condition, Model, Rule
from scoring.paired_effects import BothScores, Effect, caught_effect, worked_best
from scoring.returning_leads import Outcomes, Returns
from scoring.statistics import FloatArray
from scoring.tiers import in_top_tier

SOCIAL = "social"
ONCE = Returns(1, 1)
"""Within one period a lead stands once."""


@dataclass(frozen=True)
class AddedIn:
    """What the rules add in one period, or pooled.

    Attributes
    ----------
    period : str
    leads, conversions : int
        Mature ones.
    auc : AucDifference
        Of the model without (a) and with (b) the rules.
    worked_leads : int
        How many of the best-scored leads the share of wins is about.
    caught_without : float or None
        Share of wins among so many leads without the rules.
    caught : Effect
        The same share with the rules, and the difference.
    level : Level
        Of the difference in picking the buyer.
    """

    period: str
    leads: int
    conversions: int
    auc: AucDifference
    worked_leads: int
    caught_without: float | None
    caught: Effect
    level: Level


@dataclass(frozen=True)
class Added:
    """What a group of rules adds to the rest of a model.

    Attributes
    ----------
    model, top_tier : str
        Their names, as they are shown.
    rules, labels : tuple of str
        Ids of the rules of the group and how they are shown, in the model's order.
    left_out : tuple of str
        Periods kept back for the final check of a draft.
    leads_moved : int
        Mature lead-moments whose score the rules change.
    pooled : AddedIn
    periods : tuple of AddedIn
    agreeing, judged : int
        Periods with enough conversions, and those of them that point the way the pooled figure does.
    """

    model: str
    top_tier: str
    rules: tuple[str, ...]
    labels: tuple[str, ...]
    left_out: tuple[str, ...]
    leads_moved: int
    pooled: AddedIn
    periods: tuple[AddedIn, ...]
    agreeing: int
    judged: int


def social_rules(model: Model) -> tuple[str, ...]:
    """Ids of the enabled rules about social networks: of the category ``social``, or asking for it."""
    return tuple(
        rule.id
        for rule in model.enabled_rules
        if rule.category.lower() == SOCIAL or any(map(_asks_for_social, rule.where))
    )


def choose_rules(
    model: Model, categories: Collection[str] = (), rules: Collection[str] = ()
) -> tuple[Rule, ...]:
    """The enabled rules of some categories and those named one by one, in the model's order.

    Parameters
    ----------
    categories : collection of str
        Compared without regard to case.
    rules : collection of str
        Ids.

    Raises
    ------
    ScoringError
        For a name that the model does not have; when no enabled rule is left, or all of them are.
    """
    enabled = model.enabled_rules
    known = {rule.category.lower(): rule.category for rule in enabled}
    for name in categories:
        if name.lower() not in known:
            listed = ", ".join(known.values()) or "none"
            raise ScoringError(f"the category must be one of {listed}, got {name!r}")
    ids = [rule.id for rule in enabled]
    for name in rules:
        if name not in ids:
            raise ScoringError(f"the rule must be one of {', '.join(ids) or 'none'}, got {name!r}")
    wanted = {name.lower() for name in categories}
    chosen = tuple(rule for rule in enabled if rule.category.lower() in wanted or rule.id in rules)
    if not chosen:
        raise ScoringError("rules or a category must be named, got none")
    if len(chosen) == len(enabled):
        raise ScoringError(f"some rule of {model.name!r} must be left to compare with, got all of them")
    return chosen


def without_rules(model: Model, rules: Collection[str]) -> Model:
    """The model with some rules switched off."""
    return model.model_copy(
        update={
            "rules": tuple(
                rule.model_copy(update={"enabled": False}) if rule.id in rules else rule
                for rule in model.rules
            )
        }
    )


def measure_added(
    joint: JointCells,
    rows: LeadRows,
    model: Model,
    chosen: Sequence[Rule],
    returns: Returns,
    left_out: Collection[str] = (),
) -> Added:
    """What the chosen rules add.

    Parameters
    ----------
    joint : JointCells
        Scores without (a) and with (b) the rules.
    rows : LeadRows
        The same, lead by lead.
    model : Model
        With the rules.
    chosen : sequence of Rule
    returns : Returns
        In how many periods a lead may stand.
    left_out : collection of str
        Periods kept back for the final check of a draft.

    Returns
    -------
    Added
        Without mature leads no periods, figures None and "too little data".
    """
    kept = [label for label in joint.periods if label not in left_out]
    joint = joint.only(kept)
    comparison = compare_models(joint, rows.only(kept))
    parts = [_Worked.of(joint.only([label]), model) for label in kept]
    together = _Worked(
        _both_scores(joint, model, returns),
        *(_gather(joint, parts, name) for name in ("without", "with_rules")),
    )
    return Added(
        model=model.name,
        top_tier=model.tiers[-1].shown_label,
        rules=tuple(rule.id for rule in chosen),
        labels=tuple(rule.shown_label for rule in chosen),
        left_out=tuple(label for label in left_out if label not in kept),
        leads_moved=int(joint.leads[joint.score_a != joint.score_b].sum()),
        pooled=_added_in(comparison.pooled, together),
        periods=tuple(map(_added_in, comparison.periods, parts)),
        agreeing=comparison.agreeing,
        judged=comparison.judged,
    )


@dataclass(frozen=True, eq=False)
class _Worked:
    """Which share of each row's leads is worked, without and with the rules: equally many of each period."""

    both: BothScores
    without: FloatArray
    with_rules: FloatArray

    @classmethod
    def of(cls, part: JointCells, model: Model) -> _Worked:
        """Of the leads of one period."""
        both = _both_scores(part, model, ONCE)
        room = float(part.leads[in_top_tier(part.score_b, model, part.place_b)].sum())
        return cls(both, worked_best(both, both.now, room), worked_best(both, both.changed, room))


def _both_scores(joint: JointCells, model: Model, returns: Returns) -> BothScores:
    return BothScores(
        Outcomes(joint.period, joint.converted, joint.leads.astype(np.int64)),
        joint.score_a.astype(np.int64) - model.min_score,
        joint.score_b.astype(np.int64) - model.min_score,
        model.max_score - model.min_score + 1,
        returns,
    )


def _gather(joint: JointCells, parts: Sequence[_Worked], name: str) -> FloatArray:
    """The shares of all periods in the order of the joint cells."""
    worked = np.zeros(len(joint.leads))
    for number, part in enumerate(parts):
        worked[joint.period == number] = getattr(part, name)
    return worked


def _added_in(compared: PeriodComparison, worked: _Worked) -> AddedIn:
    rows = worked.both.rows
    wins = rows.conversions
    caught_without = float((rows.leads * worked.without)[rows.converted].sum()) / wins if wins else None
    return AddedIn(
        period=compared.period,
        leads=compared.leads,
        conversions=compared.conversions,
        auc=compared.auc,
        worked_leads=round(float((rows.leads * worked.with_rules).sum())),
        caught_without=caught_without,
        caught=caught_effect(worked.both, worked.without, worked.with_rules),
        level=compared.verdict.level,
    )


def _asks_for_social(condition: Condition) -> bool:
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    is_positive = condition.operator in ("equals", "in", "contains", "starts_with")
    return is_positive and any(isinstance(value, str) and SOCIAL in value.lower() for value in values)


def swapped(joint: JointCells) -> JointCells:
    """The two models the other way round."""
    return replace(
        joint,
        score_a=joint.score_b,
        score_b=joint.score_a,
        place_a=joint.place_b,
        place_b=joint.place_a,
    )
