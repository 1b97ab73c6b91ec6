"""What a model means by some of its tiers, and what changes when one of them goes, as lines of Markdown."""

from __future__ import annotations

from pages.components.format import as_markdown, bold
from pages.components.tiers.tier_sets import LEAD_TIERS, TierSet
from queries.funnel import marketing_tier
from scoring.account_scoring import account_score_of
from scoring.model import Model, Tier


def standing_lines(model: Model) -> list[str]:
    """Which tier is whose, however tiers are called, so that no change of names surprises anybody."""
    lines = [f"Figures above the charts and sales' work are about the highest tier, {_top(model)}."]
    if len(model.tiers) > 1:
        lines.append(
            f"Marketing-ready leads (MQL) are those from {bold(marketing_tier(model).shown_label)} on: from "
            "the tier that lists and files call MQL, without one from the second lowest."
        )
    if engaged := _engaged(model):
        lines.append(f"People of an account are engaged from {engaged} on.")
    if model.grid is not None:
        lines.append("The grid assigns cells to tiers; scores here say only which tier is higher.")
        without = [tier for tier in model.tiers if not model.grid.cells_of(tier.name)]
        if without:
            lines.append(f"No cell of the grid is assigned to {_names(without)}: nobody is in it.")
    return lines


def removal_lines(model: Model, name: str, held: str | None = None) -> list[str]:
    """What follows when a tier of leads is removed.

    Parameters
    ----------
    model : Model
        With at least two tiers.
    name : str
        Of the tier.
    held : str, optional
        How many leads it holds, in words.
    """
    after = LEAD_TIERS.remove(model, name)
    lines = [f"**Remove {as_markdown(_tier(model, name).shown_label)}?**"]
    lines.append(_heir_line(LEAD_TIERS, model, name, held))
    if model.grid is not None and (cells := model.grid.cells_of(name)):
        lines.append(f"So do its cells of the grid: {as_markdown(', '.join(cells))}.")
    if _top(after) != _top(model):
        lines.append(f"The highest tier, which sales works, is then {_top(after)}.")
    if _marketing(after) != _marketing(model):
        lines.append(
            f"Marketing-ready leads (MQL) are then those from {_marketing(after)} on."
            if _marketing(after)
            else "With a single tier no lead is told from another: there are no marketing-ready leads (MQL)."
        )
    if _engaged(after) != _engaged(model):
        lines.append(f"People of an account are then engaged from {_engaged(after) or 'any tier'} on.")
    return lines


def account_removal_lines(model: Model, kind: TierSet, name: str) -> list[str]:
    """What follows when a tier of accounts is removed."""
    tier = next(tier for tier in kind.tiers(model) if tier.name == name)
    return [f"**Remove {as_markdown(tier.shown_label)}?**", _heir_line(kind, model, name, None, "accounts")]


def _heir_line(kind: TierSet, model: Model, name: str, held: str | None, whose: str = "leads") -> str:
    heir, lowest = kind.heir(model, name), kind.tiers(model)[0]
    many = f" ({held})" if held else ""
    begins = f", which then begins at {lowest.threshold}" if lowest.name == name else ""
    return f"Its {whose}{many} go to {bold(heir.shown_label)}{begins}."


def _top(model: Model) -> str:
    return bold(model.tiers[-1].shown_label)


def _marketing(model: Model) -> str:
    return bold(marketing_tier(model).shown_label) if len(model.tiers) > 1 else ""


def _engaged(model: Model) -> str:
    """From which tier on people are engaged; '' where no tier says so."""
    name = account_score_of(model).engaged_tier
    return bold(_tier(model, name).shown_label) if name else ""


def _tier(model: Model, name: str) -> Tier:
    return next(tier for tier in model.tiers if tier.name == name)


def _names(tiers: list[Tier]) -> str:
    return ", ".join(bold(tier.shown_label) for tier in tiers)
