"""What a group of rules adds, in words."""

from __future__ import annotations

from scoring.comparison import Level
from scoring.nested import Added, AddedIn

SMALL = 0.005
"""A difference in picking the buyer below half a time in 100 is next to nothing, however certain it is."""

NEXT_TO_NOTHING = "These rules add next to nothing"
TITLES = {
    Level.BETTER: "These rules add something",
    Level.NO_DIFFERENCE: "These rules add nothing that differs from chance",
    Level.WORSE: "The model is better without these rules",
    Level.TOO_LITTLE_DATA: "Too little data to say what these rules add",
}


def added_title(added: Added) -> str:
    """The verdict in a few words."""
    if added.leads_moved == 0 and added.pooled.leads:
        return "These rules change no score"
    pooled = added.pooled
    if pooled.level is Level.BETTER and pooled.auc.difference is not None and pooled.auc.difference < SMALL:
        return NEXT_TO_NOTHING
    return TITLES[pooled.level]


def added_sentences(added: Added) -> tuple[str, ...]:
    """The verdict's reasons, one sentence each: picking the buyer, the share of wins, the periods."""
    pooled = added.pooled
    if added.leads_moved == 0:
        return ("No complete lead has points from them, or limits take all of the points away.",)
    lines = [_auc_sentence(pooled), _caught_sentence(added)]
    if added.judged:
        periods = "months" if "Q" not in added.periods[0].period else "quarters"
        lines.append(
            f"{added.agreeing} of {added.judged} {periods} with enough conversions point the same way."
        )
    if pooled.level is Level.TOO_LITTLE_DATA:
        lines.append(f"{pooled.conversions} of {pooled.leads} leads converted, too few for a verdict.")
    return tuple(line for line in lines if line)


def _auc_sentence(part: AddedIn) -> str:
    auc = part.auc
    if auc.auc_a is None or auc.auc_b is None or auc.difference is None:
        return ""
    text = (
        f"With them the model picks the buyer over the non-buyer {100 * auc.auc_b:.1f} times in 100, without "
        f"them {100 * auc.auc_a:.1f} times: {100 * auc.difference:+.1f}"
    )
    return f"{text}{_likely(auc.low, auc.high)}{_chance(auc.low, auc.high)}."


def _caught_sentence(added: Added) -> str:
    part = added.pooled
    effect = part.caught
    if effect.value is None or effect.difference is None or part.caught_without is None:
        return ""
    text = (
        f"The {part.worked_leads:,} best leads, as many as {added.top_tier} holds, have "
        f"{100 * effect.value:.1f} % of the wins with them and {100 * part.caught_without:.1f} % without: "
        f"{100 * effect.difference:+.1f} points"
    )
    return f"{text}{_likely(effect.low, effect.high)}{_chance(effect.low, effect.high)}."


def _likely(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f" (likely {100 * low:+.1f} to {100 * high:+.1f})"


def _chance(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return ", too few to tell from chance"
    return ", more than chance" if low > 0 or high < 0 else ", no more than chance"
