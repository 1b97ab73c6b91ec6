"""What a page says when something goes wrong: known mistakes in words, the unexpected as an id."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from pages.components.format import as_markdown
from pages.components.misfit import show_misfit
from queries.errors import ModelMisfitError, QueryError
from scoring.errors import ScoringError

logger = logging.getLogger("tierline")


@contextmanager
def shown_on_page() -> Iterator[None]:
    """Show what goes wrong inside in place of what would have been drawn.

    Errors of the lower layers are written for users and shown as they are. Anything else is logged with its
    traceback under an id, and only the id is shown. Fragments need it too: they rerun without `app.py`.
    """
    try:
        yield
    except ModelMisfitError as error:
        if not show_misfit():
            _show_known(error)
    except (QueryError, ScoringError) as error:
        _show_known(error)
    except Exception:
        number = secrets.token_hex(4)
        logger.exception("unexpected error %s", number)
        st.error(
            "Something went wrong that should not have. Your draft is kept. If it happens again, pass on the "
            f"number **{number}**: the details stand in the log under it.",
            icon=":material/error:",
        )


def _show_known(error: Exception) -> None:
    st.error("\n\n".join(as_markdown(line) for line in str(error).splitlines()), icon=":material/error:")
