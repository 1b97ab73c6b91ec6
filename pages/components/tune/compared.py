"""The tier of the model in use that the draft's top tier is held against, and words where it is another."""

from __future__ import annotations

from dataclasses import dataclass

from scoring.model import Model


@dataclass(frozen=True)
class Compared:
    """A tier of the model in use.

    Attributes
    ----------
    place : int
        Its place among the tiers of the model in use, lowest first.
    label : str
    is_same : bool
        Whether the draft's top tier has its name. Otherwise a change says that the tiers differ, not that one
        is better.
    note : str
        What a reader must know to read the changes; '' when they are what one expects.
    """

    place: int
    label: str
    is_same: bool
    note: str


def compared_tier(draft: Model, in_use: Model) -> Compared:
    """The tier of the same name as the draft's top tier; the highest one when the model in use has none.

    Parameters
    ----------
    draft, in_use : Model
    """
    top, highest = draft.tiers[-1], len(in_use.tiers) - 1
    place = next((place for place, tier in enumerate(in_use.tiers) if tier.name == top.name), None)
    if place is None:
        label = in_use.tiers[highest].shown_label
        # Two tiers may be shown alike and be named differently in lists and files.
        is_shown_alike = any(top.shown_label in (tier.name, tier.shown_label) for tier in in_use.tiers)
        called = f"named {top.name}" if is_shown_alike else top.shown_label
        note = f"The model in use has no tier {called}; the changes are against its top tier, {label}."
        return Compared(highest, label, False, note)
    label = in_use.tiers[place].shown_label
    if place == highest:
        return Compared(place, label, True, "")
    above = ", ".join(tier.shown_label for tier in in_use.tiers[place + 1 :])
    note = f"In the model in use {label} ends where {above} begins; here nothing is above it."
    return Compared(place, label, True, note)
