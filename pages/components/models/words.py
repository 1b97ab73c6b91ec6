"""States, changes and figures of versions in the words of the screen, ready for Markdown."""

from __future__ import annotations

from datetime import datetime

from pages.components.format import as_markdown, count, percent, times_in_100
from queries.registry import NOT_RECORDED
from queries.versions import State, Version
from scoring.model_changes import Change

STATES: dict[State, str] = {
    "draft": "draft",
    "proposed": "proposed",
    "champion": "in use",
    "retired": "retired",
}
ICONS: dict[State, str] = {
    "draft": ":material/edit_note:",
    "proposed": ":material/how_to_vote:",
    "champion": ":material/check_circle:",
    "retired": ":material/inventory_2:",
}


def state_mark(state: State) -> str:
    """A state with its sign."""
    return f"{ICONS[state]} {STATES[state]}"


def when(time: datetime) -> str:
    """A time to the minute: ``3 March 2026, 09:05 UTC``."""
    return f"{time.day} {time:%B %Y, %H:%M} UTC"


def author_words(author: str) -> str:
    """Who recorded something, as typed."""
    return "nobody was named" if author == NOT_RECORDED else f"recorded by {as_markdown(author)}"


def who_and_when(version: Version) -> str:
    """Who recorded a version, when, and what it was made from."""
    origin = "" if version.parent is None else f", from version {version.parent}"
    fork = ", a line of its own" if version.line == version.number and version.parent is not None else ""
    return f"{author_words(version.author)}, {when(version.saved_at)}{origin}{fork}"


def saved_words(version: Version) -> str:
    """What became of a save, and where to go on."""
    said = {
        "champion": "and in use now; the page Models has the history",
        "proposed": "and proposed: both sides sign it on the page Alignment",
    }
    return f"Saved as version {version.number}" + (
        f", {said[version.state]}." if version.state in said else "; the page Models has the history."
    )


def changes_list(changes: tuple[Change, ...], most: int | None = None) -> str:
    """Changes as a list, one a line; those beyond `most` counted."""
    named = [f"- {as_markdown(change.words)}" for change in changes[:most]]
    left = len(changes) - len(named)
    return "\n".join([*named, *([f"- and {left} more"] if left else [])]) or "nothing differs"


def figures_line(version: Version) -> str:
    """What the top tier converted when a version was saved."""
    figures = version.figures
    if figures is None:
        return "no figures were recorded with it"
    pooled = figures.backtest["pooled"]
    top = pooled["tiers"][-1]
    tier = as_markdown(version.model.tiers[-1].shown_label)
    if not top["leads"]:
        return f"when it was saved, no complete lead stood in {tier}"
    share = top.get("worked_share")
    worked = "" if share is None else f" (sales worked {percent(share)} of them)"
    return (
        f"when it was saved: {tier} converted {percent(top['rate'])} of "
        f"{count(top['leads'])} leads{worked}, {percent(top['capture'])} of wins caught, picks the buyer "
        f"{times_in_100(pooled['auc'])}"
    )
