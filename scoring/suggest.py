"""Better points for a model: searched on what is known, judged out of time, or declined with the reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from scoring.cells import Cells
from scoring.comparison import Level
from scoring.evidence import kept_back
from scoring.goal import Offer
from scoring.model import Model
from scoring.paired_effects import MIN_WINS_MOVED, Effect
from scoring.periods import periods_between
from scoring.prediction import History
from scoring.suggestion import Aim, Goal, SpareRules, Suggestion, Suggestions, cap_for, with_points
from scoring.top_tier_size import top_leads
from scoring.walk_forward import Fold, Lesson, Scored, judge_model, judge_rule, learn
from scoring.work_thresholds import WEEK

Tell = Callable[[float, str], None]


def tell_nobody(_share: float, _text: str) -> None:
    """Progress that nobody watches."""


def suggest_points(model: Model, aim: Aim, scored: Scored, tell: Tell = tell_nobody) -> Suggestions:
    """Search for better points, and say what that kind of search gained out of time.

    Parameters
    ----------
    model : Model
    aim : Aim
    scored : Scored
        The leads under this model's rules.
    tell : callable, optional
        Hears the share done and what is being done.

    Raises
    ------
    ScoringError
        A limit is about a rule that the model does not have or that is switched off.
    """
    aim.check(model)
    cells, history = scored.cells(model), scored.history
    left_out = kept_back(cells, model)
    offer = offer_of(cells, history, model, aim, left_out)
    refusal = _tiers_from_grid(model) or _too_little(history, offer, aim.goal)
    if refusal:
        return _declined(model, aim, scored, offer, left_out, (), refusal)
    folds: list[Fold] = []
    skipped: list[tuple[str, str]] = []
    for number, label in enumerate(offer.periods):
        tell(number / (len(offer.periods) + 1), f"Searching on what was known before {label}")
        known = offer.only(known_before(history, label))
        reason = _too_little(history, known, aim.goal)
        if reason:
            skipped.append((label, reason))
        else:
            folds.append(Fold(label, learn(model, aim, scored, known)))
    if not folds:
        reason = f"no period can be judged by what was known before it: {skipped[-1][1]}"
        return _declined(model, aim, scored, offer, left_out, skipped, reason)
    tell(len(offer.periods) / (len(offer.periods) + 1), "Searching on everything that is known")
    lesson = learn(model, aim, scored, offer)
    return _judged(model, aim, scored, lesson, folds, left_out, skipped)


def offer_of(cells: Cells, history: History, model: Model, aim: Aim, left_out: Sequence[str]) -> Offer:
    """The complete periods that are not kept back, and how many leads of each are worked."""
    open_periods = set(history.period[~history.mature].tolist())
    periods = tuple(
        label
        for place, label in enumerate(history.periods)
        if place not in open_periods and label not in left_out
    )
    offer = Offer(periods, np.zeros(len(periods)))
    if aim.leads_per_week is not None:
        return Offer(periods, aim.leads_per_week * np.array([_weeks(history, model, one) for one in periods]))
    rooms = [float(top_leads(cells, offer.only([label]), model)) for label in periods]
    return Offer(periods, np.array(rooms, dtype=np.float64))


def known_before(history: History, label: str) -> list[str]:
    """Periods whose leads' days to convert had all passed when a period began."""
    return [history.periods[place] for place in history.known_before(history.periods.index(label))]


def _judged(
    model: Model,
    aim: Aim,
    scored: Scored,
    lesson: Lesson,
    folds: Sequence[Fold],
    left_out: tuple[str, ...],
    skipped: Sequence[tuple[str, str]],
) -> Suggestions:
    judged = lesson.offer.only([fold.period for fold in folds])
    together = judge_model(model, scored, folds, judged, aim.goal, lambda each: each.changed(model))
    gains = _gains(lesson)
    changes = []
    for rule_id, points in lesson.found.points.items():
        rule = model.rule(rule_id)
        alone = judge_rule(model, scored, folds, judged, aim.goal, rule_id, aim)
        caps = rule.max_points, cap_for(rule, points)
        changes.append(Suggestion(rule_id, rule.points, points, *caps, gains.get(rule_id), alone))
    rows = _rows(scored.history, lesson.offer)
    return Suggestions(
        model=model.name,
        goal=aim.goal,
        top_tier=model.tiers[-1].shown_label,
        searched=lesson.offer.periods,
        judged=judged.periods,
        left_out=left_out,
        skipped=tuple(skipped),
        leads=int(rows.leads.sum()),
        conversions=rows.conversions,
        room=float(lesson.offer.rooms.sum()),
        leads_per_week=aim.leads_per_week,
        value_now=lesson.found.value_now,
        value=lesson.found.value,
        changes=tuple(changes),
        base_points_now=model.base_points,
        base_points=lesson.base_points,
        top_leads_now=top_leads(scored.cells(model), lesson.offer, model),
        top_leads=top_leads(scored.cells(lesson.changed(model)), lesson.offer, model),
        together=together,
        spare=_spare(model, scored, lesson, folds, judged),
        refusal=_not_shown(changes, together, aim),
    )


def _spare(model: Model, scored: Scored, lesson: Lesson, folds: Sequence[Fold], judged: Offer) -> SpareRules:
    if not lesson.spare:
        return SpareRules((), None, None)

    def smaller(each: Lesson) -> Model:
        return with_points(model, dict.fromkeys(each.spare, 0))

    wins, ranking = (judge_model(model, scored, folds, judged, goal, smaller) for goal in Goal)
    if Level.WORSE in (wins.level, ranking.level):
        return SpareRules((), wins, ranking)
    return SpareRules(lesson.spare, wins, ranking)


def _gains(lesson: Lesson) -> dict[str, float]:
    """What each rule's steps added where they were searched."""
    gains: dict[str, float] = {}
    before = lesson.found.value_now or 0.0
    for step in lesson.found.steps:
        gains[step.rule] = gains.get(step.rule, 0.0) + step.value - before
        before = step.value
    return gains


def _not_shown(changes: Sequence[Suggestion], together: Effect, aim: Aim) -> str:
    """Why changes are not suggested; empty when what such a search gains is more than chance."""
    if not changes:
        return (
            "no change of points gains enough where it was searched "
            f"(it takes {100 * aim.smallest_gain:g} in 100)"
        )
    if together.level is Level.BETTER:
        return ""
    if together.level is Level.TOO_LITTLE_DATA:
        return (
            "too few wins move to tell whether the changes found hold out of time "
            f"(it takes {MIN_WINS_MOVED} among the leads that move)"
        )
    return "what the search finds gains no more than chance in the periods that come after"


def _too_little(history: History, offer: Offer, goal: Goal) -> str:
    """Why nothing can be learned from some periods; empty when it can."""
    rows = _rows(history, offer)
    found, needed = rows.conversions, rows.needed_conversions
    if not len(rows.leads) or found < needed:
        return f"{found} conversions were known before, and {needed} are needed to learn from"
    if found == int(rows.leads.sum()):
        return "every lead known before converted, so nothing tells them apart"
    if goal is Goal.WINS and not offer.rooms.sum():
        return "the top tier held no leads, so nobody knows how many are to be worked"
    return ""


def _tiers_from_grid(model: Model) -> str:
    """Why a model with a grid gets no suggestions: they keep the top tier's size by moving the score."""
    if model.grid is None:
        return ""
    return (
        "points are searched by the score, and this model's tiers come from its grid: ask for the model "
        "without its grid, and judge what you take on the grid"
    )


def _declined(
    model: Model,
    aim: Aim,
    scored: Scored,
    offer: Offer,
    left_out: tuple[str, ...],
    skipped: Sequence[tuple[str, str]],
    refusal: str,
) -> Suggestions:
    rows, size = _rows(scored.history, offer), top_leads(scored.cells(model), offer, model)
    return Suggestions(
        model=model.name,
        goal=aim.goal,
        top_tier=model.tiers[-1].shown_label,
        searched=offer.periods,
        judged=(),
        left_out=left_out,
        skipped=tuple(skipped),
        leads=int(rows.leads.sum()),
        conversions=rows.conversions,
        room=float(offer.rooms.sum()),
        leads_per_week=aim.leads_per_week,
        value_now=None,
        value=None,
        changes=(),
        base_points_now=model.base_points,
        base_points=model.base_points,
        top_leads_now=size,
        top_leads=size,
        together=None,
        spare=SpareRules((), None, None),
        refusal=refusal,
    )


def _rows(history: History, offer: Offer) -> History:
    places = [place for place, label in enumerate(history.periods) if label in offer.periods]
    return history.at(history.mature & np.isin(history.period, places))


def _weeks(history: History, model: Model, label: str) -> float:
    moment = history.first_moments[history.periods.index(label)]
    [period] = periods_between(moment, moment, model.observation)
    return (period.ends_at - period.starts_at) / WEEK
