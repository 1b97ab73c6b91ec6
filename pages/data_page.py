"""Data: what is loaded, what is wrong with it, loading other files, and the demo."""

from __future__ import annotations

import streamlit as st

from pages.components import state
from pages.components.data.demo import show_demo
from pages.components.data.findings import all_findings, show_findings
from pages.components.data.load import choose_files, show_load
from pages.components.data.loaded import show_left_out, show_loaded, show_notes
from pages.components.data.running_import import import_running, show_last_result, show_running_import
from pages.components.data.uploads import forget_uploads

st.title("Data")
workspace = state.current_workspace()

if import_running():
    result = show_running_import()
    if result.report is not None:
        state.use_newer_data()
        forget_uploads()
    st.rerun()

show_last_result()
manifest, flow = state.current_manifest(), state.current_flow()

if manifest is None or flow is None:
    st.markdown("Nothing is loaded yet. There are two ways to begin:")
    own, demo = st.columns(2, gap="medium")
    with own, st.container(border=True, height="stretch"):
        st.header("Load your files")
        st.markdown("Leads and what became of them, from your CRM; what they did, from your marketing tools.")
        chosen = choose_files()
    with demo, st.container(border=True, height="stretch"):
        st.header("Try the demo")
        show_demo(workspace, replaces_data=False)
    show_load(workspace, None, chosen)
else:
    st.header("What is loaded")
    show_loaded(manifest)
    show_left_out(manifest, flow.engine)
    show_notes(manifest)
    st.header("What to look at")
    if state.newer_manifest() is None:
        show_findings(all_findings(workspace, flow, manifest, state.model_in_use()))
    else:
        st.caption("Newer data are there. Use them to see what stands out in them.")
    st.header("Load other files")
    show_load(workspace, manifest, choose_files())
    st.header("Try the demo")
    show_demo(workspace, replaces_data=True)
