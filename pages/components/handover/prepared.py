"""A list that was prepared for download, kept for as long as nothing that it depends on changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa
import streamlit as st

from pages.components.format import as_markdown, count
from queries.errors import QueryError
from queries.handover import HandOver
from queries.safe_csv import write_safe_parts
from scoring.errors import ScoringError

_KEPT = "handover_prepared"


@dataclass(frozen=True)
class _Prepared:
    key: tuple[object, ...]
    leads: int
    left_out: dict[str, str]
    content: bytes


def offer_list(name: str, key: tuple[object, ...], file_name: str, make: Callable[[], HandOver]) -> None:
    """A button that prepares the list and, once it is there, one that downloads it.

    Parameters
    ----------
    name : str
        Of the place on screen; keys of widgets begin with it.
    key : tuple
        Equal exactly for equal lists.
    file_name : str
    make : callable
        Makes the list; what goes wrong is shown in place of it.
    """
    if st.button("Prepare the list", key=f"{name}_prepare", type="primary"):
        try:
            with st.spinner("Preparing the list …"):
                found = make()
                buffer = pa.BufferOutputStream()
                write_safe_parts(found.parts(), buffer)
                content = bytes(buffer.getvalue().to_pybytes())
        except (QueryError, ScoringError) as error:
            st.error(as_markdown(str(error)), icon=":material/error:")
            return
        st.session_state[_KEPT] = _Prepared(key, found.leads, dict(found.left_out), content)
    prepared = st.session_state.get(_KEPT)
    if isinstance(prepared, _Prepared) and prepared.key == key:
        _show(name, prepared, file_name)


def _show(name: str, prepared: _Prepared, file_name: str) -> None:
    if not prepared.leads:
        st.info("No lead belongs on this list.", icon=":material/person_off:")
        return
    leads = "lead" if prepared.leads == 1 else "leads"
    st.markdown(f"**{count(prepared.leads)}** {leads}.{_left_out(prepared.left_out)}")
    st.download_button(
        f"Download {count(prepared.leads)} {leads} (CSV)",
        data=prepared.content,
        file_name=file_name,
        mime="text/csv",
        key=f"{name}_download",
        on_click="ignore",
        icon=":material/download:",
    )


def _left_out(left_out: dict[str, str]) -> str:
    if not left_out:
        return ""
    why = ", ".join(f"**{as_markdown(name)}** ({as_markdown(reason)})" for name, reason in left_out.items())
    return f" Left out as personal: {why}."
