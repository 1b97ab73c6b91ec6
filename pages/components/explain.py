"""One sentence about a figure, on demand, with the technical word in it."""

from __future__ import annotations

import streamlit as st

EXPLANATIONS: dict[str, str] = {
    "tier": "A tier is a band of scores, from its threshold up to the next one.",
    "rate": "Of 100 leads in this tier, so many converted within the days allowed (conversion rate).",
    "likely_range": (
        "With this many leads, chance alone could have put the rate anywhere in this range "
        "(Wilson interval, 95 %)."
    ),
    "lift": (
        "How many times the average of all scored leads a tier converts (lift); 1 is no better than average."
    ),
    "capture": (
        "Of all scored leads that converted, the share that stood in this tier (capture); high is good only "
        "while the tier stays small enough to work."
    ),
    "auc": (
        "Take one lead that bought and one that did not: so many times in 100 the score ranks the buyer "
        "higher (AUC, ties count half, range by DeLong); 50 is tossing a coin."
    ),
    "distribution": (
        "How many leads have which score, those that converted apart from the others: the further apart "
        "the two lie, the better the score tells them apart (score distribution)."
    ),
    "lead_quarters": (
        "A lead is scored anew in every period while it is open, so one lead can count in several "
        "(lead-quarters); the Back-test page says how many different leads these are."
    ),
    "still_open": (
        "These leads still have days left to convert (immature); they are counted but enter no rate, because "
        "they would make the newest period look worse than it is."
    ),
    "never_scored": (
        "Wins of leads that came and bought before the score ever saw them (unscored conversions); no share "
        "of wins caught can include them."
    ),
    "worked": (
        "Of these leads, the share about which sales recorded something within the days allowed, other than "
        "the hand-over; what the others would convert if called is not known (selection bias)."
    ),
    "small": "Too few leads to judge: the figure is shown in grey and nothing is concluded from it.",
    "drift": (
        "How far the scores of a period's leads have moved since the period before (PSI): below 0.1 hardly, "
        "above 0.25 these are clearly other leads."
    ),
    "ks": (
        "The largest distance between the scores of those that converted and those that did not (KS): "
        "0 is no difference, 1 is perfect."
    ),
    "as_of": (
        "Every lead is scored as it stood on that day (its moment): activities after it are not used, so the "
        "score could not know what came later; attributes, such as job title, are as known today."
    ),
    "draft": (
        "Your draft and the model in use, back-tested on the same data; the difference is your draft "
        "(challenger) minus the model in use (champion)."
    ),
    "forecast": (
        "Past quarters say at which rate leads convert and how many of their conversions had come in at this "
        "age; how much quarters differ in both makes the interval, which is made to hold the truth nine "
        "times in ten (beta-binomial, spread between quarters learned)."
    ),
    "amount": "What the first win of each converted lead brought, in the currency of your data.",
}


def explanation(topic: str) -> str:
    """The sentence about a figure, for the ``help`` of a widget.

    Raises
    ------
    KeyError
        For a topic that has none.
    """
    return EXPLANATIONS[topic]


def explain(label: str, *topics: str, key: str) -> None:
    """A quiet button that opens what a figure means.

    Parameters
    ----------
    label : str
        Names the figure, since a screen reader may come to the button alone: "What is the likely range?".
    *topics : str
        Keys of `EXPLANATIONS`, one paragraph each.
    key : str
        Unique on the page.
    """
    with st.popover(label, type="tertiary", icon=":material/help:", key=key):
        for topic in topics:
            st.markdown(explanation(topic))
