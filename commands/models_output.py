"""What ``tierline models`` prints for people."""

from __future__ import annotations

from commands.percent import percent_text
from queries.agreement import Agreement
from queries.registry import Registry
from queries.signatures import Point, Signature
from queries.version_report import changes_since_parent
from queries.versions import State, Version
from scoring.model_changes import changes_in_words

STATES: dict[State, str] = {
    "draft": "draft",
    "proposed": "proposed",
    "champion": "in use",
    "retired": "retired",
}
WITHOUT_SIGN_OFF = "without sign-off by sales and marketing"
MOST_CHANGES = 4
"""In a list; the whole of them stands in ``show``."""


def state_text(state: State) -> str:
    """A state in the words of the screen."""
    return STATES[state]


def versions_text(registry: Registry) -> str:
    """One version a line, newest first, what it changed below."""
    versions = registry.versions()
    if not versions:
        return "no version was saved yet; 'tierline models save' begins the history"
    known = {version.number: version for version in versions}
    lines = []
    for version in versions:
        note = " ".join(version.note.split())
        lines.append(
            f"{version.number:>4}  {state_text(version.state):<8}  {version.saved_at:%Y-%m-%d %H:%M}  "
            f"{version.author}: {note}"
        )
        if version.parent is not None:
            words = changes_in_words(changes_since_parent(version, known), MOST_CHANGES)
            lines.append(f"{'':>6}from {version.parent}: {words}")
    return "\n".join(lines)


def version_text(registry: Registry, version: Version) -> str:
    """One version with everything that is known about it."""
    lines = [
        f"version {version.number}, {state_text(version.state)}: {version.model.name}",
        f"recorded by {version.author}, {version.saved_at:%Y-%m-%d %H:%M} UTC",
        version.note,
    ]
    if version.parent is not None:
        known = {version.parent: registry.version(version.parent)}
        changes = changes_since_parent(version, known)
        lines += [f"changed since version {version.parent}:", *(f"  {one.words}" for one in changes)]
    lines += ["figures when it was saved:", *(f"  {line}" for line in _figures(version))]
    lines += ["history:"]
    for step in registry.history(version.number):
        note = f": {' '.join(step.note.split())}" if step.note else ""
        lines.append(f"  {step.at:%Y-%m-%d %H:%M}  {state_text(step.state):<8}  {step.author}{note}")
        if step.state == "champion" and not step.is_signed:
            lines.append(f"{'':>20}{WITHOUT_SIGN_OFF}")
    agreement = Agreement(registry)
    for one in agreement.signatures(version.number):
        lines.append(f"signed for {one.side}: {signature_text(one)}")
    lines += [point_text(point) for point in agreement.points(version.number)]
    return "\n".join(lines)


def signature_text(one: Signature) -> str:
    """Who signed, when and with what comment, in one line."""
    comment = f": {' '.join(one.comment.split())}" if one.comment else ""
    return f"recorded by {one.name}, {one.role}, {one.at:%Y-%m-%d %H:%M} UTC{comment}"


def point_text(point: Point) -> str:
    """An open point or a decision, in one line."""
    done = point.resolution
    word = "decided" if point.kind == "decision" else "open" if done is None else "resolved"
    end = "" if done is None else f" -> {' '.join(done.note.split())} ({done.author}, {done.at:%Y-%m-%d})"
    text = " ".join(point.text.split())
    return (
        f"point {point.id}, {word}, version {point.version}: {text} "
        f"({point.author}, {point.at:%Y-%m-%d}){end}"
    )


def _figures(version: Version) -> list[str]:
    if version.figures is None:
        return ["none"]
    tiers = version.figures.backtest["pooled"]["tiers"]
    lines = [
        f"{tier['tier']}: {tier['conversions']:,} of {tier['leads']:,} leads converted"
        + ("" if tier["rate"] is None else f" ({percent_text(tier['rate'])})")
        # A version that was saved before the share was kept with it has none.
        + ("" if tier.get("worked_share") is None else f", sales worked {percent_text(tier['worked_share'])}")
        for tier in reversed(tiers)
    ]
    return [*lines, f"data {version.figures.data_version}"]
