"""Tables behind the charts of the page Over time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from scoring.model import Model
from scoring.tier_timeline import Move, TierTimeline, summed
from scoring.timeline_words import cause_words

NOT_SCORED = "not scored"


def weeks_table(timeline: TierTimeline, labels: Mapping[str, str]) -> pd.DataFrame:
    """One row an instant: the leads of each tier, how many came in and how many left since the one before."""
    columns: dict[str, object] = {"As of": list(timeline.instants)}
    for place, tier in enumerate(timeline.tiers):
        label = labels[tier]
        columns[label] = timeline.leads[:, place]
        # Nobody knows who came or left before the first instant.
        for word, counts in (("came in", timeline.entries), ("left", timeline.exits)):
            column = pd.array(counts[:, place], dtype="Int64")
            column[0] = pd.NA
            columns[f"{label}, {word}"] = column
    return pd.DataFrame(columns)


def causes_table(
    moves: Iterator[Move], model: Model, labels: Mapping[str, str], entering: bool
) -> pd.DataFrame:
    """One row a cause and tier at the other end, most leads first, all weeks together."""
    names: dict[str | None, str] = {None: NOT_SCORED}
    names.update(labels)
    other = "From" if entering else "To"
    rows = [
        {
            "Because": cause_words(cause, rule, model),
            other: names[source if entering else target],
            "Times": leads,
        }
        for cause, rule, source, target, leads in summed(moves)
    ]
    frame = pd.DataFrame(rows, columns=["Because", other, "Times"])
    whole = int(frame["Times"].sum())
    return frame.assign(Share=frame["Times"] / whole if whole else frame["Times"].astype("float64"))
