"""The way back into the CRM: a model as a build sheet, to download."""

from __future__ import annotations

import streamlit as st

from pages.components import state
from pages.components.format import as_markdown
from pages.components.table import file_stem
from reports.build_sheet.products import sheet_for
from reports.build_sheet.sheet import BuildSheet, Verdict
from reports.build_sheet.writing import to_csv, to_html, to_markdown
from scoring.model import Model

PRODUCT_LABELS = {"hubspot": "HubSpot", "salesforce": "Salesforce Account Engagement"}
FORMATS = {
    "html": ("A page to print", "text/html"),
    "md": ("Markdown", "text/markdown"),
    "csv": ("A table (CSV)", "text/csv"),
}


def show_build_sheet() -> None:
    """A popover with choices: which model, for which product, in which form."""
    with st.popover("Build sheet for your CRM", icon=":material/assignment:"):
        st.markdown("What to enter where so that your CRM runs this model, and what it cannot do.")
        model = _chosen_model()
        product = st.radio(
            "For",
            list(PRODUCT_LABELS),
            format_func=PRODUCT_LABELS.__getitem__,
            key="build_sheet_product",
            horizontal=True,
        )
        form = st.radio(
            "As",
            list(FORMATS),
            format_func=lambda key: FORMATS[key][0],
            key="build_sheet_format",
            horizontal=True,
        )
        sheet = sheet_for(product, model)
        st.markdown(as_markdown(sheet.summary))
        if missing := _not_possible(sheet):
            st.markdown(missing)
        st.download_button(
            "Download the build sheet",
            data=_content(sheet, form),
            file_name=f"{file_stem(model.name)}-{product}.{form}",
            mime=FORMATS[form][1],
            key="build_sheet_download",
            on_click="ignore",
            icon=":material/download:",
            type="primary",
        )


def _chosen_model() -> Model:
    in_use = state.model_in_use()
    if not state.is_changed():
        return in_use
    models = {f"The model in use, {in_use.name}": in_use, f"Your draft, {state.draft().name}": state.draft()}
    return models[st.radio("Which model?", list(models), key="build_sheet_model", format_func=as_markdown)]


def _not_possible(sheet: BuildSheet) -> str:
    lost = [line for line in sheet.lines if line.verdict is Verdict.IMPOSSIBLE]
    names = [as_markdown(line.label) for line in lost if line.part != "account"]
    names += ["the score of accounts"] if any(line.part == "account" for line in lost) else []
    return f"Not possible: {', '.join(names)}." if names else ""


def _content(sheet: BuildSheet, form: str) -> bytes:
    if form == "csv":
        return to_csv(sheet)
    return (to_html(sheet) if form == "html" else to_markdown(sheet)).encode("utf-8")
