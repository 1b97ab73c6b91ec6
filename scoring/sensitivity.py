"""Which rule matters: what a few points more or fewer of each enabled rule would do to a model's figures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from scoring.errors import ScoringError
from scoring.paired_effects import Effect

MOST_STEP = 1000


class Metric(StrEnum):
    """The figures that a change is judged by."""

    WINS_CAUGHT = "wins_caught"
    AUC = "auc"
    TOP_RATE = "top_rate"


class Held(StrEnum):
    """Why a change of a rule's points moves no score."""

    NEVER_FIRES = "never fires"
    OWN_LIMIT = "at its limit"
    OTHER_LIMITS = "at the limits of its category or of the score"


@dataclass(frozen=True)
class Question:
    """What is asked of every rule.

    Parameters
    ----------
    step : int
        Points more and fewer, 1 to 1000.
    leads_per_week : float or None
        New leads that sales can work; None for as many as the top tier holds now.

    Raises
    ------
    ScoringError
    """

    step: int = 5
    leads_per_week: float | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.step <= MOST_STEP:
            raise ScoringError(f"points must be a whole number from 1 to {MOST_STEP}, got {self.step}")
        if self.leads_per_week is not None and not (
            math.isfinite(self.leads_per_week) and self.leads_per_week > 0
        ):
            raise ScoringError(f"leads_per_week must be above 0, got {self.leads_per_week}")


@dataclass(frozen=True)
class Room:
    """How many of the best-scored leads count as worked when the share of wins caught is measured.

    Parameters
    ----------
    leads : float
    leads_per_week : float or None
        What sales can work; None when `leads` is how many the top tier holds before any change.
    periods : tuple of str
        Those that the leads are from: complete ones for a capacity.
    """

    leads: float
    leads_per_week: float | None
    periods: tuple[str, ...]


@dataclass(frozen=True)
class Turn:
    """What a rule with other points would do.

    Parameters
    ----------
    points : int
        What the rule would give.
    leads_moved : int
        Mature leads whose score would change.
    wins_caught, auc, top_rate : Effect
        Share of wins among the leads of the `Room`; AUC; conversion rate of the top tier at its threshold.
    held : Held or None
        Why no score changes, where none does.
    """

    points: int
    leads_moved: int
    wins_caught: Effect
    auc: Effect
    top_rate: Effect
    held: Held | None

    def effect(self, metric: Metric) -> Effect:
        """The effect on one figure."""
        effects = {
            Metric.WINS_CAUGHT: self.wins_caught, Metric.AUC: self.auc, Metric.TOP_RATE: self.top_rate
        }  # fmt: skip
        return effects[metric]


@dataclass(frozen=True)
class Knob:
    """A rule, and what fewer or more of its points would do."""

    rule: str
    points: int
    max_points: int | None
    fewer: Turn
    more: Turn

    def size(self, metric: Metric) -> float:
        """The larger one of its two effects, without its sign."""
        return max(self.fewer.effect(metric).size, self.more.effect(metric).size)

    def is_clear(self, metric: Metric) -> bool:
        """Whether either of them is more than chance."""
        return self.fewer.effect(metric).is_clear or self.more.effect(metric).is_clear


@dataclass(frozen=True)
class Sensitivity:
    """Every enabled rule of a model, the one with the largest effect on wins caught first.

    Parameters
    ----------
    model : str
    step : int
    top_tier : str
        Its name.
    left_out : tuple of str
        Periods kept back for the final check of a draft; nothing here has seen them.
    leads, conversions : int
        Mature leads that the figures are from.
    room : Room
    wins_caught, auc, top_rate : float or None
        The figures before any change.
    knobs : tuple of Knob
    """

    model: str
    step: int
    top_tier: str
    left_out: tuple[str, ...]
    leads: int
    conversions: int
    room: Room
    wins_caught: float | None
    auc: float | None
    top_rate: float | None
    knobs: tuple[Knob, ...]

    @property
    def nbytes(self) -> int:
        """Bytes of memory, about."""
        return 2000 * (1 + len(self.knobs))

    def now(self, metric: Metric) -> float | None:
        """A figure before any change."""
        return {
            Metric.WINS_CAUGHT: self.wins_caught, Metric.AUC: self.auc, Metric.TOP_RATE: self.top_rate
        }[metric]  # fmt: skip

    def ranked(self, metric: Metric) -> tuple[Knob, ...]:
        """The rules by the size of their effect on a figure; equal ones stay in their order."""
        return tuple(sorted(self.knobs, key=lambda knob: -knob.size(metric)))
