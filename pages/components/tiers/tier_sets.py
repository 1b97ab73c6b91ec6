"""Tiers added, renamed, moved and removed, of leads or of accounts; each change gives a new valid model.

Whatever names a tier follows it: the cells of a grid, and from which tier on people of accounts are engaged.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from pages.components.accounts.block import change_block
from pages.components.tune.changes import change_model
from scoring.account_scoring import account_score_of
from scoring.errors import ModelError
from scoring.grid import Grid
from scoring.model import Model, Tier

Renamed = Mapping[str, str]
"""By the name of a tier the one that stands for it from now on."""


class TierSet(ABC):
    """One list of tiers of a model, lowest first.

    Attributes
    ----------
    of : str
        What stands behind a tier's name in notes: `` of accounts``, or nothing.
    """

    of = ""

    @abstractmethod
    def tiers(self, model: Model) -> tuple[Tier, ...]:
        """The tiers, lowest first."""

    @abstractmethod
    def ends(self, model: Model) -> tuple[int, int]:
        """The lowest and the highest score."""

    @abstractmethod
    def put(self, model: Model, tiers: Sequence[Tier], cells: Renamed, engaged: Renamed) -> Model:
        """The model with other tiers.

        Parameters
        ----------
        cells, engaged : mapping
            What takes a tier's place in the cells of a grid, and where people are engaged from a tier on.
        """

    def change(self, model: Model, name: str, **values: Any) -> Model:
        """The model with other values for some keys of one tier, but not another `name` (see `rename`)."""
        tiers = [tier.model_copy(update=values) if tier.name == name else tier for tier in self.tiers(model)]
        return self.put(model, tiers, {}, {})

    def add(self, model: Model, name: str, threshold: int | None) -> Model:
        """The model with one more tier, which begins at `threshold`.

        Raises
        ------
        ModelError
            Without a name or a score; when another tier is called so, or begins there; outside the range.
        """
        tiers, (low, high) = self.tiers(model), self.ends(model)
        name = name.strip()
        if not name:
            raise ModelError("a new tier must have a name, got none")
        self._require_free(model, name)
        if threshold is None:
            raise ModelError(f"the new tier {name!r} must begin at a score, got none")
        same = [tier for tier in tiers if tier.threshold == threshold]
        if same:
            raise ModelError(
                f"the new tier {name!r} must begin where no other does, got {threshold}, where "
                f"{same[0].shown_label!r} begins"
            )
        if not low < threshold <= high:
            raise ModelError(
                f"the new tier {name!r} must begin above {low} and not above {high}, got {threshold}"
            )
        added = sorted((*tiers, Tier(name=name, threshold=threshold)), key=lambda tier: tier.threshold)
        return self.put(model, added, {}, {})

    def show_as(self, model: Model, name: str, label: str) -> Model:
        """The model that shows a tier under another name; without one, under that of lists and files."""
        text = label.strip()
        if text:
            self._require_free(model, text, but=name)
        return self.change(model, name, label=text if text and text != name else None)

    def rename(self, model: Model, name: str, new: str) -> Model:
        """The model in which lists and files call a tier otherwise; what named it names it so."""
        text = new.strip()
        if not text:
            raise ModelError(f"the tier {name!r} must have a name in lists and files, got none")
        self._require_free(model, text, but=name)

        def renamed(tier: Tier) -> Tier:
            return tier.model_copy(update={"name": text, "label": None if tier.label == text else tier.label})

        tiers = [renamed(tier) if tier.name == name else tier for tier in self.tiers(model)]
        return self.put(model, tiers, {name: text}, {name: text})

    def heir(self, model: Model, name: str) -> Tier:
        """The tier that takes the leads of one that goes: the one below, of the lowest the one above.

        Raises
        ------
        ModelError
            For the only tier.
        """
        tiers = self.tiers(model)
        if len(tiers) == 1:
            raise ModelError(f"the tier {name!r} must stay: it is the only one")
        place = [tier.name for tier in tiers].index(name)
        return tiers[place - 1 if place else 1]

    def remove(self, model: Model, name: str) -> Model:
        """The model without a tier, whose leads go to its heir.

        People of accounts are engaged from the tier above it on, so that nobody becomes engaged by this; from
        the new highest one on where there is none.

        Raises
        ------
        ModelError
            For the only tier.
        """
        heir, tiers = self.heir(model, name), self.tiers(model)
        place = [tier.name for tier in tiers].index(name)
        kept = [tier for tier in tiers if tier.name != name]
        # The lowest tier begins where the range of scores does, whichever it is.
        kept[0] = kept[0].model_copy(update={"threshold": tiers[0].threshold})
        above = kept[min(place, len(kept) - 1)]
        return self.put(model, kept, {name: heir.name}, {name: above.name})

    def _require_free(self, model: Model, text: str, but: str | None = None) -> None:
        """Refuse a name that another tier has, shown or in files: nobody could tell the two apart."""
        for tier in self.tiers(model):
            names = {tier.name.casefold(), tier.shown_label.casefold()}
            if tier.name != but and text.casefold() in names:
                raise ModelError(f"a tier's name must be its own, got {text!r}, as another one is called")


class LeadTiers(TierSet):
    """The tiers of leads, which the game calls levels."""

    def tiers(self, model: Model) -> tuple[Tier, ...]:
        """See `TierSet`."""
        return model.tiers

    def ends(self, model: Model) -> tuple[int, int]:
        """See `TierSet`."""
        return model.min_score, model.max_score

    def put(self, model: Model, tiers: Sequence[Tier], cells: Renamed, engaged: Renamed) -> Model:
        """See `TierSet`."""
        values: dict[str, Any] = {"tiers": tuple(tiers)}
        if model.grid is not None:
            values["grid"] = _with_cells(model.grid, cells)
        block = model.account_score
        if block is not None and block.engaged_tier is not None:
            follower = engaged.get(block.engaged_tier, block.engaged_tier)
            values["account_score"] = block.model_copy(update={"engaged_tier": follower})
        return change_model(model, **values)


class AccountTiers(TierSet):
    """The tiers of accounts, which nothing else in a model names."""

    of = " of accounts"

    def tiers(self, model: Model) -> tuple[Tier, ...]:
        """See `TierSet`."""
        return account_score_of(model).tiers

    def ends(self, model: Model) -> tuple[int, int]:
        """See `TierSet`."""
        block = account_score_of(model)
        return block.min_score, block.max_score

    def put(self, model: Model, tiers: Sequence[Tier], cells: Renamed, engaged: Renamed) -> Model:
        """See `TierSet`."""
        return change_block(model, tiers=tuple(tiers))


LEAD_TIERS = LeadTiers()
ACCOUNT_TIERS = AccountTiers()


def _with_cells(grid: Grid, cells: Renamed) -> Grid:
    tiers = tuple(tuple(cells.get(name, name) for name in row) for row in grid.tiers)
    return grid.model_copy(update={"tiers": tiers})
