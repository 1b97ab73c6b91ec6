"""What loading some files replaces, and what stays: said before the button is pressed."""

from __future__ import annotations

import streamlit as st

from pages.components.data_demo import DEMO_SOURCE
from pages.components.data_words import TABLE_TITLES, TABLE_WORDS, listed
from queries.mapping import Mapping
from queries.workspace import Manifest, TableSummary


def say_replaced(mapping: Mapping, manifest: Manifest) -> None:
    """What is replaced and what stays."""
    fed = set(mapping.tables())
    loaded = [name for name in TABLE_TITLES if manifest.tables[name].accepted]
    replaced = [TABLE_WORDS[name] for name in loaded if name in fed]
    kept = [name for name in loaded if name not in fed]
    sentences = []
    if replaced:
        sentences.append(f"This replaces the {listed(replaced)} that are loaded now.")
    if kept:
        sentences.append(f"The {listed(TABLE_WORDS[name] for name in kept)} that are loaded now stay.")
    st.caption(" ".join(sentences))
    invented = [name for name in kept if _is_demo(manifest.tables[name])]
    if invented and "leads" in fed:
        st.warning(
            f"The {listed(TABLE_WORDS[name] for name in invented)} that stay belong to the demo, "
            "not to your leads. Load your own together with these files, or take no notice of them.",
            icon=":material/science:",
        )


def _is_demo(table: TableSummary) -> bool:
    return any(source.name.startswith(f"{DEMO_SOURCE} ") for source in table.sources)
