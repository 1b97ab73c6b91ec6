"""The quarterly review as values: everything that a page, a command or a document says about one period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from scoring.backtest import Backtest, PeriodFigures, TierFigures
from scoring.drift import DriftReport
from scoring.forecast import Forecast
from scoring.rate_change import RateChange
from scoring.worked import WorkedShare

Severity = Literal["error", "warning", "note"]


class State(StrEnum):
    """How far the horizon of a period's leads has passed."""

    COMPLETE = "complete"
    PARTLY = "partly complete"
    OPEN = "still open"


@dataclass(frozen=True)
class TierReview:
    """One tier in this period, the one before and the same one a year ago.

    Attributes
    ----------
    tier, label : str
        Its name, and how it is shown.
    threshold : int
    action, owner : str or None
    respond_within_hours : number or None
        What was agreed on for its leads.
    this, before, year_before : TierFigures or None
        As in the back-test: mature leads alone. None where the period has no row.
    scored, scored_before, scored_year_before : int or None
        All its leads, those still open included.
    share, share_before, share_year_before : float or None
        Of all leads scored in the period: the tier mix.
    change, year_change : RateChange or None
        This rate against the one before and a year ago; None where one of the two has no complete leads.
    worked : mapping of str to WorkedShare
        How many of its complete leads sales worked, by the label of each period with leads and ``pooled``;
        empty where the data do not tell it.
    """

    tier: str
    label: str
    threshold: int
    action: str | None
    owner: str | None
    respond_within_hours: float | None
    this: TierFigures
    before: TierFigures | None
    year_before: TierFigures | None
    scored: int
    scored_before: int | None
    scored_year_before: int | None
    share: float | None
    share_before: float | None
    share_year_before: float | None
    change: RateChange | None
    year_change: RateChange | None
    worked: Mapping[str, WorkedShare]


@dataclass(frozen=True)
class PartRow:
    """The leads of one source or campaign: all of them, and the top tier's.

    Attributes
    ----------
    value : str
        ``(missing)`` for leads without one.
    all, all_before, all_year_before : TierFigures
        Mature leads of every tier, as in ``tierline backtest --segment``; counts of 0 where it had none.
        ``capture`` is its share of the period's conversions, ``lift`` its rate by the period's.
    top : TierFigures
        Mature leads of the top tier in this period.
    scored, scored_before, scored_year_before : int
        Leads scored, those still open included.
    scored_top : int
        Of them in the top tier, in this period.
    worked : WorkedShare or None
        How many of `top`'s leads sales worked; None where the data do not tell it, or it has no leads.
    """

    value: str
    all: TierFigures
    all_before: TierFigures
    all_year_before: TierFigures
    top: TierFigures
    scored: int
    scored_before: int
    scored_year_before: int
    scored_top: int
    worked: WorkedShare | None


@dataclass(frozen=True)
class PartReview:
    """Leads by where they came from, most leads in this period first.

    Attributes
    ----------
    name : str
        ``source`` or ``campaign``.
    column : str or None
        Such as ``leads.source``, or ``activities.campaign`` for that of the first touch; None when the data
        have none.
    words : str
        Where the names come from, one or two sentences.
    rows : tuple of PartRow
        Only values with a lead in one of the three periods.
    """

    name: str
    column: str | None
    words: str
    rows: tuple[PartRow, ...]


@dataclass(frozen=True)
class VersionEffect:
    """The reviewed period as one version of the model scores it: all its mature leads and the top tier's.

    `worked` is what sales worked of the top tier's; None where the data do not tell it.
    """

    version: int
    leads: int
    conversions: int
    auc: float | None
    top: TierFigures
    worked: WorkedShare | None = None


@dataclass(frozen=True)
class VersionChange:
    """A version that came into use, and what it does to the reviewed period.

    Attributes
    ----------
    version : int
    at : datetime
        When it came into use, UTC.
    author, note : str
        As recorded.
    replaced : int or None
        The version in use before.
    changes : tuple of str
        What differs, in words, such as ``SQL threshold 100 -> 90``.
    before, after : VersionEffect or None
        The reviewed period's leads scored by either version, as they stood then; None where it has no
        complete leads or a version does not fit the data.
    problem : str or None
        Why there is no effect, if so.
    """

    version: int
    at: datetime
    author: str
    note: str
    replaced: int | None
    changes: tuple[str, ...]
    before: VersionEffect | None
    after: VersionEffect | None
    problem: str | None


@dataclass(frozen=True)
class ReviewFinding:
    """Something about data or model that the meeting should know, as ``tierline check`` finds it."""

    kind: str
    severity: Severity
    message: str
    rule: str | None


@dataclass(frozen=True)
class Recommendation:
    """Something to change, and why.

    Attributes
    ----------
    kind : str
        ``points`` (suggested), ``rule`` (to be looked at), ``data`` (to be mended), ``model`` (drift).
    text : str
        What to do, one sentence.
    reason : str
        What speaks for it, with its figures.
    """

    kind: Literal["points", "rule", "data", "model"]
    text: str
    reason: str


@dataclass(frozen=True)
class QuarterReview:
    """Everything that a review of one period says. Pages, commands and documents only lay it out.

    Attributes
    ----------
    model : str
        Its name.
    model_sha256 : str
        Of its canonical form, hex.
    version : int or None
        The saved version with this content, the one in use first; None when it was never saved.
    period, before_label, year_before_label : str
        Labels of this period, the one before and the one a year ago, whether the data reach them or not.
    word : str
        ``quarter`` or ``month``.
    starts_at, ends_at, complete_at : datetime
        Of this period; and when every lead that can be scored in it has had all its days.
    state : State
    horizon_days : int
    stages : tuple of str
        What counts as converted.
    observed_until : datetime
    backtest : Backtest
        All periods and pooled, equal to ``tierline backtest --json``.
    this : PeriodFigures
    before, year_before : PeriodFigures or None
        None where there is no such period in the data.
    scored, scored_before, scored_year_before : int or None
        All leads scored, those still open included.
    tiers : tuple of TierReview
        In the model's order, lowest first.
    sources, campaigns : PartReview
    drift : DriftReport or None
        This period against all earlier ones; None without mature leads in it or before it.
    changes : tuple of VersionChange
        Versions that came into use since the period a year ago began, newest first.
    forecasts : mapping of str to tuple of Forecast
        By the label of each period that is not complete: all leads first, then each tier, lowest first.
    findings : tuple of ReviewFinding
        The worst first.
    recommendations : tuple of Recommendation
    suggested : bool
        Whether points were searched for; if not, recommendations hold none of kind ``points``.
    headline : str
        What happened, one sentence.
    sentences : tuple of str
        What else there is to say, the most important first.
    caveats : tuple of str
        What the figures cannot say.
    """

    model: str
    model_sha256: str
    version: int | None
    period: str
    before_label: str
    year_before_label: str
    word: str
    starts_at: datetime
    ends_at: datetime
    complete_at: datetime
    state: State
    horizon_days: int
    stages: tuple[str, ...]
    observed_until: datetime
    backtest: Backtest
    this: PeriodFigures
    before: PeriodFigures | None
    year_before: PeriodFigures | None
    scored: int
    scored_before: int | None
    scored_year_before: int | None
    tiers: tuple[TierReview, ...]
    sources: PartReview
    campaigns: PartReview
    drift: DriftReport | None
    changes: tuple[VersionChange, ...]
    forecasts: Mapping[str, tuple[Forecast, ...]]
    findings: tuple[ReviewFinding, ...]
    recommendations: tuple[Recommendation, ...]
    suggested: bool
    headline: str
    sentences: tuple[str, ...]
    caveats: tuple[str, ...]

    @property
    def top(self) -> TierReview:
        """The highest tier."""
        return self.tiers[-1]

    @property
    def tells_worked(self) -> bool:
        """Whether the data tell which leads sales worked."""
        return any(tier.worked for tier in self.tiers)
