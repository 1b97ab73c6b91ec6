"""Two people changed the same model: what both did goes together, rule by rule, and what cannot is asked.

A rule is taken from one side as a whole: its points, window and conditions were chosen for each other. Of
tiers, categories and settings every key is looked at by itself. Where keys of both sides do not fit together
(one lowered a threshold below what the other raised), the whole group is one question.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from scoring.errors import ModelError
from scoring.grid import Grid
from scoring.model import Category, Model, Rule, Tier
from scoring.model_changes import Change, Place, changes_in_words, model_changes
from scoring.model_file import model_from_dict, model_to_dict

Side = Literal["mine", "theirs"]
Choices = Mapping[Place, Side]

TIERS_TOGETHER: Place = ("tiers",)
"""The conflict about score range and tiers as a whole."""

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True)
class Conflict:
    """One part that both changed, differently.

    Attributes
    ----------
    place : tuple of str
        As in `model_changes`; a rule without a key, since it is chosen as a whole.
    name : str
        What it is about: ``rule email_click``, ``SQL threshold``.
    mine, theirs : str
        What each side did, in words.
    """

    place: Place
    name: str
    mine: str
    theirs: str


@dataclass(frozen=True)
class Merge:
    """A model with the changes of both sides, and what had to be chosen."""

    model: Model
    conflicts: tuple[Conflict, ...]


def merge_models(base: Model, mine: Model, theirs: Model, choices: Choices | None = None) -> Merge:
    """Put the changes of two sides together.

    Parameters
    ----------
    base : Model
        What both started from.
    mine, theirs : Model
        What they made of it.
    choices : mapping of place to {"mine", "theirs"}, optional
        Whose version of a conflict holds; theirs where nothing is said.

    Returns
    -------
    Merge
        A valid model whatever is chosen. A choice can bring a new conflict (a threshold that now passes
        another), which then replaces those that it covers.
    """
    merger = _Merger(choices or {})
    document: dict[str, Any] = {
        "schema_version": 1,
        "name": merger.pick(("name",), base.name, mine.name, theirs.name),
        "description": merger.pick(("description",), base.description, mine.description, theirs.description),
        "base_points": merger.pick(("base_points",), base.base_points, mine.base_points, theirs.base_points),
        "inactivity_reset_days": merger.pick(
            ("inactivity_reset_days",),
            base.inactivity_reset_days,
            mine.inactivity_reset_days,
            theirs.inactivity_reset_days,
        ),
        "conversion": merger.fields(("conversion",), base.conversion, mine.conversion, theirs.conversion),
        "observation": merger.fields(
            ("observation",), base.observation, mine.observation, theirs.observation
        ),
        "exclude": _merge_set(base.exclude, mine.exclude, theirs.exclude),
        "categories": merger.categories(base, mine, theirs),
        "rules": merger.rules(base, mine, theirs),
        **merger.scores_and_accounts(base, mine, theirs),
    }
    document["categories"] = _with_grid_categories(
        document["categories"], document["rules"], document["grid"]
    )
    merged = model_from_dict(model_to_dict(Model.model_construct(**document)), "the merged model")
    by_me, by_them = model_changes(base, mine), model_changes(base, theirs)
    return Merge(merged, tuple(_conflict(place, by_me, by_them) for place in merger.conflicts))


class _Merger:
    """Three-way choices, with a note of what both sides changed."""

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        self.conflicts: list[Place] = []

    def pick(self, place: Place, base: V, mine: V, theirs: V) -> V:
        if mine in (theirs, base):
            return theirs
        if theirs == base:
            return mine
        return self.ask(place, mine, theirs)

    def ask(self, place: Place, mine: V, theirs: V) -> V:
        self.conflicts.append(place)
        return mine if self.choices.get(place) == "mine" else theirs

    def fields(self, place: Place, base: BaseModel, mine: BaseModel, theirs: BaseModel) -> Any:
        """Key by key; the whole of one side where the keys do not fit together."""
        known = len(self.conflicts)
        picked = {
            key: self.pick((*place, key), getattr(base, key), getattr(mine, key), getattr(theirs, key))
            for key in type(base).model_fields
        }
        try:
            return type(base)(**picked)
        except ValidationError:
            del self.conflicts[known:]
            return self.ask(place, mine, theirs)

    def item(self, place: Place, base: Any, mine: Any, theirs: Any, merge: Callable[..., Any]) -> Any:
        """One part that each side may have, or not."""
        if base is None or mine is None or theirs is None:
            return self.pick(place, base, mine, theirs)
        return merge(place, base, mine, theirs)

    def named(self, part: str, sides: Iterable[Mapping[str, V]], merge: Callable[..., Any]) -> dict[str, V]:
        """All parts of a kind, in an order that keeps both sides'; `sides` are base, mine and theirs."""
        base, mine, theirs = sides
        names = _merge_order(list(base), list(mine), list(theirs))
        merged = {
            name: self.item((part, name), base.get(name), mine.get(name), theirs.get(name), merge)
            for name in names
        }
        return {name: value for name, value in merged.items() if value is not None}

    def categories(self, base: Model, mine: Model, theirs: Model) -> tuple[Category, ...]:
        sides = ({one.name: one for one in model.categories} for model in (base, mine, theirs))
        return tuple(self.named("categories", sides, self.fields).values())

    def rules(self, base: Model, mine: Model, theirs: Model) -> tuple[Any, ...]:
        sides = ({rule.id: rule for rule in model.rules} for model in (base, mine, theirs))
        return tuple(self.named("rules", sides, self.pick).values())

    def scores(self, base: Model, mine: Model, theirs: Model) -> dict[str, Any]:
        """Score range and tiers, which must fit each other."""
        known = len(self.conflicts)
        sides = ({tier.name: tier for tier in model.tiers} for model in (base, mine, theirs))
        tiers: dict[str, Tier] = self.named("tiers", sides, self.fields)
        rising = tuple(sorted(tiers.values(), key=lambda tier: tier.threshold))
        picked = {
            "min_score": self.pick(("min_score",), base.min_score, mine.min_score, theirs.min_score),
            "max_score": self.pick(("max_score",), base.max_score, mine.max_score, theirs.max_score),
            "tiers": rising,
        }
        in_order = all(_keeps_order(rising, side.tiers) for side in (mine, theirs))
        if in_order and _is_valid(theirs.model_copy(update=picked | {"account_score": None, "grid": None})):
            return picked
        del self.conflicts[known:]
        side = self.ask(TIERS_TOGETHER, mine, theirs)
        return {key: getattr(side, key) for key in picked}

    def scores_and_accounts(self, base: Model, mine: Model, theirs: Model) -> dict[str, Any]:
        """Score range and tiers, and how accounts are scored and the grid, which may name tiers."""
        known = len(self.conflicts)
        picked = self.scores(base, mine, theirs)
        blocks = (base.account_score, mine.account_score, theirs.account_score)
        picked["account_score"] = self.item(("account_score",), *blocks, self.fields)
        picked["grid"] = self.pick(("grid",), base.grid, mine.grid, theirs.grid)
        categories = _with_grid_categories(theirs.categories, (), picked["grid"])
        if _is_valid(theirs.model_copy(update=picked | {"categories": categories})):
            return picked
        del self.conflicts[known:]
        side = self.ask(TIERS_TOGETHER, mine, theirs)
        return {key: getattr(side, key) for key in picked}


def _with_grid_categories(
    categories: tuple[Category, ...], rules: Iterable[Rule], grid: Grid | None
) -> tuple[Category, ...]:
    """The categories, and those that only the grid still names: one side took their last rule away."""
    known = {one.name for one in categories} | {rule.category for rule in rules}
    missing = [name for name in (grid.categories if grid else ()) if name not in known]
    return (*categories, *(Category(name=name) for name in missing))


def _keeps_order(merged: Sequence[Tier], side: Sequence[Tier]) -> bool:
    """Whether no tier has passed another, seen from one side."""
    names = [tier.name for tier in side]
    places = [names.index(tier.name) for tier in merged if tier.name in names]
    return places == sorted(places)


def _is_valid(model: Model) -> bool:
    try:
        model_from_dict(model_to_dict(model))
    except ModelError:
        return False
    return True


def _merge_set(base: Sequence[V], mine: Sequence[V], theirs: Sequence[V]) -> tuple[V, ...]:
    """What either side added, without what either side took away."""
    if tuple(theirs) == tuple(base):
        return tuple(mine)
    kept = [one for one in theirs if one in mine or one not in base]
    return (*kept, *(one for one in mine if one not in base and one not in kept))


def _merge_order(base: Sequence[K], mine: Sequence[K], theirs: Sequence[K]) -> list[K]:
    """Every key: in the order of the side that changed it, the other side's own behind its neighbour."""
    first, second = (mine, theirs) if list(theirs) == list(base) else (theirs, mine)
    order = list(first)
    for place, key in enumerate(second):
        if key not in order:
            before = second[place - 1] if place else None
            order.insert(order.index(before) + 1 if before is not None else 0, key)
    return order


def _conflict(place: Place, by_me: tuple[Change, ...], by_them: tuple[Change, ...]) -> Conflict:
    return Conflict(place, _name(place), _done(place, by_me), _done(place, by_them))


def _done(place: Place, changes: tuple[Change, ...]) -> str:
    together = [place, ("min_score",), ("max_score",), ("account_score",), ("grid",)]
    covered = together if place == TIERS_TOGETHER else [place]
    return changes_in_words(
        tuple(change for change in changes if any(change.place[: len(one)] == one for one in covered))
    )


def _name(place: Place) -> str:
    part = place[0]
    if place == TIERS_TOGETHER:
        return "score range and tiers"
    if part == "rules":
        return f"rule {place[1]}"
    if part == "tiers":
        return " ".join(["tier", place[1]] if len(place) == 2 else place[1:]).replace("_", " ")
    if part == "categories":
        return " ".join(["limits of", *place[1:]]).replace("_", " ")
    if part == "account_score" and len(place) > 1:
        return f"account score: {place[-1]}".replace("_", " ")
    return place[-1].replace("_", " ")
