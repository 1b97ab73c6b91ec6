"""The demo company: how many leads, and a button."""

from __future__ import annotations

import streamlit as st

from demo_data.generator import LARGEST, SMALLEST, generate
from pages.components.data.running_import import Cancelled, Say, start_import
from queries.importing import ImportCancelled, ImportReport, load_tables
from queries.workspace import Workspace

DEFAULT_LEADS = 20_000
DEMO_SOURCE = "demo"
SEED = 1
GENERATING_SHARE = 0.5


def load_demo(workspace: Workspace, leads: int, say: Say, cancelled: Cancelled) -> ImportReport:
    """Make the demo data and load them in place of all data.

    Raises
    ------
    ImportRefused, ImportCancelled
        The data are as before.
    """
    say(0.02, f"inventing {leads:,} leads and what they did")
    tables = generate(leads, SEED)
    if cancelled():
        raise ImportCancelled("the import was cancelled; the data are as before")

    def say_rest(fraction: float, text: str) -> None:
        say(GENERATING_SHARE + (1 - GENERATING_SHARE) * fraction, text)

    return load_tables(workspace, tables, source_name=DEMO_SOURCE, progress=say_rest, cancelled=cancelled)


def show_demo(workspace: Workspace, *, replaces_data: bool) -> None:
    """The choice of a size and the button; a confirmation stands before data are replaced.

    Parameters
    ----------
    workspace : Workspace
    replaces_data : bool
        Whether data are loaded that the demo would replace.
    """
    st.markdown(
        "An invented software company: ten quarters of leads, what they clicked and read, and who bought. "
        "It has rules that work, one that fools everybody, and a quarter gone wrong."
    )
    leads = st.number_input(
        "Number of leads",
        min_value=SMALLEST,
        max_value=LARGEST,
        value=DEFAULT_LEADS,
        step=1_000,
        key="demo_leads",
        help="20,000 take a few seconds; a million take some minutes.",
        width=240,
    )
    confirmed = True
    if replaces_data:
        confirmed = st.checkbox("Yes, replace the data that are loaded now", key="demo_confirm")
        st.caption("Your model stays. To have your data back, load your files again.")
    wanted = st.button(
        "Load the demo",
        key="demo_load",
        type="secondary" if replaces_data else "primary",
        icon=":material/science:",
        disabled=not confirmed,
    )
    if wanted:
        start_import(
            f"Loading the demo with {leads:,} leads",
            lambda say, cancelled: load_demo(workspace, leads, say, cancelled),
        )
        st.rerun()
