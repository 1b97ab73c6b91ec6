"""Rules that use today's values for past quarters, and whether those values changed with the outcome.

Activities and outcomes are as of the moment; attributes of leads and accounts are as they were imported. An
attribute that somebody fills in or corrects when a deal closes makes a rule on it look wise after the event.
Leads that are still open show what the attribute looked like before.
"""

from __future__ import annotations

from scoring.leakage import CONVERTED, LOST, MIN_LEADS, OPEN, FillGap, Fills
from scoring.model import Model, Rule

FILLED_LATER = 0.3
"""Filled for thirty leads in a hundred more when they are closed than while they are open, at equal age: more
than the tidying of records between one quarter and the next."""


def known_today(model: Model) -> tuple[Rule, ...]:
    """The enabled rules whose points for past quarters come from attributes as they are known today."""
    return tuple(rule for rule in model.enabled_rules if rule.source in ("lead", "account"))


def filled_when_closed(fills: Fills) -> tuple[FillGap, FillGap | None] | None:
    """Whether an attribute is filled in (or emptied) as leads close.

    Parameters
    ----------
    fills : Fills

    Returns
    -------
    converted, lost : FillGap
        Of converted and of lost leads against open ones of the same cohorts; `lost` None with too few. None
        when the attribute does not change with the outcome, or too few leads can tell.

    Notes
    -----
    What predicts the outcome differs between converted and open leads as well, but then lost leads differ to
    the other side. What is filled in at the end differs to the same side for both; so with enough lost leads
    both must.
    """
    converted = fills.gap(CONVERTED, [OPEN])
    lost = fills.gap(LOST, [OPEN])
    if min(converted.leads, converted.other_leads) < MIN_LEADS:
        return None
    change = converted.share - converted.other_share
    if abs(change) < FILLED_LATER:
        return None
    if min(lost.leads, lost.other_leads) < MIN_LEADS:
        return converted, None
    same_side = (lost.share - lost.other_share) * (1 if change > 0 else -1)
    return (converted, lost) if same_side >= FILLED_LATER else None
