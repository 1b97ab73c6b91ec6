"""The inputs of one tier, for every page that shows tiers: its names, where it begins, and how it goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import streamlit as st

from pages.components import state
from pages.components.tiers.tier_sets import TierSet
from pages.components.tune import widgets
from pages.components.tune.labels import as_label
from scoring.model import Model, Tier

LONGEST_NAME = 200


def remove_style(key: str) -> str:
    """The style sheet of the remove buttons of one page, whose keys begin with `key`."""
    button = f'[class*="st-key-{key}_remove_"] button'
    return f"""
<style>
/* The names of these buttons are for screen readers; eyes have the icon and the row. */
{button} [data-testid="stMarkdownContainer"] {{
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
}}
{button} [aria-hidden="true"]:not([data-testid]) {{ display: none; }}
</style>
"""


def enter_label(kind: TierSet, tier: Tier, key: str, label: str) -> None:
    """What a tier is called on the pages and in documents."""
    widgets.text(
        label,
        f"{key}_label_{tier.name}",
        tier.shown_label,
        partial(_shown_as, kind, tier.name),
        f"name of {tier.shown_label}{kind.of}",
        max_chars=LONGEST_NAME,
    )


def enter_name(kind: TierSet, tier: Tier, key: str, label: str, **options: Any) -> None:
    """What lists, files and the command line call a tier."""
    widgets.text(
        label,
        f"{key}_name_{tier.name}",
        tier.name,
        partial(_renamed, kind, tier.name),
        f"name of {tier.shown_label}{kind.of} in lists and files",
        max_chars=LONGEST_NAME,
        **options,
    )


def enter_start(kind: TierSet, draft: Model, tier: Tier, key: str, label: str | None = None) -> None:
    """From which score on one belongs to a tier; between its neighbours, so that none passes another."""
    tiers = kind.tiers(draft)
    place = [one.name for one in tiers].index(tier.name)
    # The lowest tier begins where the range of scores does, which is set elsewhere.
    low = tiers[place - 1].threshold + 1 if place else tier.threshold
    end = tiers[place + 1].threshold if place + 1 < len(tiers) else kind.ends(draft)[1] + 1
    widgets.number(
        f"{as_label(tier.shown_label)} from" if label is None else label,
        f"{key}_{tier.name}",
        tier.threshold,
        partial(_from, kind, tier.name),
        f"threshold of {tier.shown_label}{kind.of}",
        low=low,
        high=end - 1 if place else tier.threshold,
        disabled=not place,
    )


def show_remove(
    kind: TierSet, draft: Model, tier: Tier, key: str, consequences: Callable[[], Sequence[str]]
) -> None:
    """A button that first says what follows: `consequences`, lines of Markdown, asked for once it is open."""
    if len(kind.tiers(draft)) == 1:
        return
    label = as_label(tier.shown_label)
    popover = st.popover(
        f"Remove {label}",
        icon=":material/delete:",
        type="tertiary",
        help="Remove; first says what follows",
        key=f"{key}_remove_{tier.name}",
        on_change="rerun",
    )
    if not popover.open:
        return
    with popover:
        for line in consequences():
            st.markdown(line)
        st.button(
            f"Remove {label}",
            key=f"{key}_removed_{tier.name}",
            type="primary",
            on_click=widgets.apply,
            args=(partial(_without, kind, tier.name), f"removing {tier.shown_label}{kind.of}"),
            help="Undo brings it back",
        )


def show_add(kind: TierSet, draft: Model, key: str, word: str = "tier") -> None:
    """Name and first score of a new tier, and the button that adds it."""
    suggested = widest_gap(kind, draft)
    name_key = f"{key}_new_name"
    # With another suggestion it is another input, which begins with that.
    start_key = f"{key}_new_from_{suggested}"
    low, high = kind.ends(draft)
    name, start, add = st.columns([4, 3, 3], vertical_alignment="bottom")
    name.text_input(f"Name of a new {word}", key=name_key, max_chars=LONGEST_NAME)
    start.number_input("from score", min_value=low, max_value=high, value=suggested, step=1, key=start_key)
    add.button(
        f"Add this {word}",
        key=f"{key}_add",
        icon=":material/add:",
        on_click=_add,
        args=(kind, name_key, start_key),
        width="stretch",
    )


def widest_gap(kind: TierSet, draft: Model) -> int | None:
    """The middle of the widest band of scores between two thresholds; None where no score is free.

    The band above the highest tier counts, too: that is where a tier for the very best begins.
    """
    starts = [*(tier.threshold for tier in kind.tiers(draft)), kind.ends(draft)[1] + 1]
    width, low = max((end - start, start) for start, end in pairwise(starts))
    return low + width // 2 if width > 1 else None


def _shown_as(kind: TierSet, name: str, draft: Model, value: str) -> Model:
    return kind.show_as(draft, name, value)


def _renamed(kind: TierSet, name: str, draft: Model, value: str) -> Model:
    return kind.rename(draft, name, value)


def _from(kind: TierSet, name: str, draft: Model, value: int) -> Model:
    return kind.change(draft, name, threshold=value)


def _without(kind: TierSet, name: str, draft: Model) -> Model:
    return kind.remove(draft, name)


def _add(kind: TierSet, name_key: str, start_key: str) -> None:
    name, start = st.session_state[name_key], st.session_state[start_key]
    before = state.draft()
    widgets.apply(partial(_with_new, kind, name, start), f"adding {name.strip()}{kind.of}")
    # What was refused stays to be corrected.
    if state.draft() != before:
        st.session_state[name_key] = ""


def _with_new(kind: TierSet, name: str, start: int | None, draft: Model) -> Model:
    return kind.add(draft, name, start)
