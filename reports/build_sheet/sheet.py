"""A build sheet as a value: what to enter where, what differs, and what cannot be built."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

Part = Literal["model", "group", "rule", "tier", "account"]
PARTS: dict[Part, str] = {
    "model": "Score and who is scored",
    "group": "Groups and limits",
    "rule": "Rules",
    "tier": "Tiers",
    "account": "Accounts",
}


class Verdict(StrEnum):
    """How well a part of the model can be built."""

    SAME = "the same"
    DIFFERENT = "with a difference"
    IMPOSSIBLE = "not possible"
    NOTHING = "nothing to build"


@dataclass(frozen=True)
class SheetLine:
    """One part of the model in the product.

    Attributes
    ----------
    part : str
        What kind of part it is.
    key, label : str
        The rule's id, the tier's or category's name or the model's key; and how it is shown.
    verdict : Verdict
    place : str
        Where in the product; '' where nothing is built.
    settings : tuple of str
        What to enter there, one thing each; empty exactly where nothing is built.
    differences : tuple of str
        What comes out otherwise than in the model; empty where the verdict is the same or nothing.
    advice : str
        What to do instead or besides; never '' where something is not possible.
    """

    part: Part
    key: str
    label: str
    verdict: Verdict
    place: str = ""
    settings: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()
    advice: str = ""

    @property
    def text(self) -> str:
        """Everything that the line says, in one text."""
        return " ".join([self.label, self.place, *self.settings, *self.differences, self.advice])


@dataclass(frozen=True)
class BuildSheet:
    """A whole model in the words of a product.

    Attributes
    ----------
    product, model : str
        The product's name and the model's.
    lines : tuple of SheetLine
        In the order in which they are built: every rule, tier and category of the model has one.
    notes : tuple of str
        What holds for everything.
    """

    product: str
    model: str
    lines: tuple[SheetLine, ...]
    notes: tuple[str, ...]

    def of_part(self, part: Part) -> tuple[SheetLine, ...]:
        """The lines of one kind."""
        return tuple(line for line in self.lines if line.part == part)

    def count(self, verdict: Verdict, part: Part = "rule") -> int:
        """How many lines of a kind have a verdict."""
        return sum(line.verdict is verdict for line in self.of_part(part))

    @property
    def summary(self) -> str:
        """The rules by verdict, in a sentence."""
        rules = len(self.of_part("rule")) - self.count(Verdict.NOTHING)
        same, different, impossible = (
            self.count(verdict) for verdict in (Verdict.SAME, Verdict.DIFFERENT, Verdict.IMPOSSIBLE)
        )
        return (
            f"{same} of {rules} rules can be built the same in {self.product}, "
            f"{different} with a difference that is named, {impossible} cannot be built."
        )


@dataclass
class Draft:
    """What is gathered about one part until its verdict is known."""

    settings: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)

    def line(self, part: Part, key: str, label: str, place: str) -> SheetLine:
        """The line: the same as in the model unless a difference was gathered."""
        verdict = Verdict.DIFFERENT if self.differences else Verdict.SAME
        return SheetLine(
            part,
            key,
            label,
            verdict,
            place,
            tuple(self.settings),
            tuple(self.differences),
            " ".join(self.advice),
        )


def impossible(part: Part, key: str, label: str, reasons: Sequence[str], advice: str) -> SheetLine:
    """A line of what cannot be built."""
    return SheetLine(part, key, label, Verdict.IMPOSSIBLE, differences=tuple(reasons), advice=advice)


def nothing(part: Part, key: str, label: str, why: str) -> SheetLine:
    """A line of what needs not be built."""
    return SheetLine(part, key, label, Verdict.NOTHING, advice=why)
