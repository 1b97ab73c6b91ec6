"""What the stages of outcomes say about sales: handed over, accepted, rejected, qualified, and by which rule.

Every company names its stages differently. What a stage means is told from its name by the lists below; a
step that no stage of the data tells is left out of the funnel, and that is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from scoring.model import Model

HANDED_OVER = frozenset({"mql", "marketingqualified", "marketingqualifiedlead", "handedover", "lead", "new"})
"""Marketing's own stages, and a lead's being there: nothing that sales did."""

ACCEPTED = frozenset(
    {
        "accepted",
        "sal",
        "salesaccepted",
        "salesacceptedlead",
        "working",
        "contacted",
        "connected",
        "inprogress",
    }
)
REJECTED = frozenset(
    {"rejected", "recycled", "unqualified", "badfit", "disqualified", "returned", "salesrejected"}
)
QUALIFIED = frozenset({"sql", "qualified", "salesqualified", "salesqualifiedlead", "opportunity", "deal"})


@dataclass(frozen=True)
class SalesStages:
    """The stages of the data by what they say, as they are written there, in lower case.

    Attributes
    ----------
    handed_over, accepted, rejected, qualified, won : tuple of str
        Sorted. `won` is what the model counts as a conversion; none of the others holds one of these.
    other : tuple of str
        Everything else, such as a lost deal: sales did something.
    notes : tuple of str
        Which step nothing tells, and what to load to see it.
    """

    handed_over: tuple[str, ...]
    accepted: tuple[str, ...]
    rejected: tuple[str, ...]
    qualified: tuple[str, ...]
    won: tuple[str, ...]
    other: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def has_answers(self) -> bool:
        """Whether the data say which leads sales accepted and which it rejected."""
        return bool(self.accepted or self.qualified) and bool(self.rejected)

    @property
    def untold_steps(self) -> tuple[str, ...]:
        """Steps of `scoring.funnel.STEPS` that no stage of the data tells."""
        known = {"sal": self.accepted, "sql": self.qualified}
        return tuple(step for step, found in known.items() if not found)

    @property
    def tells_worked(self) -> bool:
        """Whether the data tell leads worked in vain from those that nobody worked; wins alone do not."""
        return bool(self.accepted or self.rejected or self.qualified or self.other)


def sales_stages(stages: Iterable[str], model: Model) -> SalesStages:
    """Tell the stages of the data apart.

    Parameters
    ----------
    stages : iterable of str
        As they are in the data.
    model : Model
        Its conversion stages are the wins; its reopening stages are nothing that sales did.

    Examples
    --------
    >>> from scoring.model import Conversion, Tier
    >>> one = Model(
    ...     schema_version=1, name="x", tiers=(Tier(name="a", threshold=0),),
    ...     conversion=Conversion(stages=("won",), horizon_days=90),
    ... )
    >>> found = sales_stages(["Won", "Sales Accepted", "MQL"], one)
    >>> found.accepted, found.won, found.handed_over
    (('sales accepted',), ('won',), ('mql',))
    """
    wins = {stage.lower() for stage in model.conversion.stages}
    reopening = {stage.lower() for stage in model.conversion.reopening_stages}
    groups: dict[str, list[str]] = {
        name: [] for name in ("handed_over", "accepted", "rejected", "qualified", "won", "other")
    }
    for stage in sorted({stage.lower() for stage in stages}):
        groups[_group(stage, wins, reopening)].append(stage)
    return SalesStages(**{name: tuple(found) for name, found in groups.items()}, notes=_notes(groups))


def _group(stage: str, wins: set[str], reopening: set[str]) -> str:
    if stage in wins:
        return "won"
    letters = re.sub(r"[^a-z0-9]", "", stage)
    if letters in HANDED_OVER or stage in reopening:
        return "handed_over"
    for name, known in (("accepted", ACCEPTED), ("rejected", REJECTED), ("qualified", QUALIFIED)):
        if letters in known:
            return name
    return "other"


NOTES = {
    "accepted": "The data hold no stage of acceptance by sales (such as “accepted”), so the funnel has no "
    "such step; load these outcomes to see how fast sales answers.",
    "qualified": "The data hold no stage of qualification by sales (such as “sql” or “opportunity”), so "
    "the funnel has no such step; load these outcomes to see it.",
    "rejected": "The data hold no stage of rejection by sales (such as “rejected”, with a reason), so "
    "nothing can be said about what sales sends back; load these outcomes to see why.",
}


def _notes(groups: dict[str, list[str]]) -> tuple[str, ...]:
    return tuple(note for name, note in NOTES.items() if not groups[name])
