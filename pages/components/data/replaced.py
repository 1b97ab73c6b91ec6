"""What loading some files replaces, and what stays: said before the button is pressed."""

from __future__ import annotations

import streamlit as st

from pages.components.data.demo import DEMO_SOURCE
from pages.components.data.words import TABLE_TITLES, TABLE_WORDS, listed
from queries.mapping import Mapping
from queries.workspace import Manifest, TableSummary


def choose_replaced(mapping: Mapping, manifest: Manifest) -> bool:
    """Say what is replaced, and ask what becomes of the rest; True when it stays."""
    fed = set(mapping.tables())
    loaded = [name for name in TABLE_TITLES if manifest.tables[name].accepted]
    replaced = [TABLE_WORDS[name] for name in loaded if name in fed]
    others = [name for name in loaded if name not in fed]
    if replaced:
        st.caption(f"This replaces the {listed(replaced)} that are loaded now.")
    if not others:
        return True
    words = listed(TABLE_WORDS[name] for name in others)
    invented = "leads" in fed and any(_is_demo(manifest.tables[name]) for name in others)
    belong = "belong to the demo, not to your leads" if invented else "are not in your files"
    return not st.checkbox(
        f"Remove the {words} that are loaded now: they {belong}",
        value=invented,
        key="remove_others",
        help="Left in place, they count wherever they name one of your leads.",
    )


def _is_demo(table: TableSummary) -> bool:
    return any(source.name.startswith(f"{DEMO_SOURCE} ") for source in table.sources)
