"""What is done on a page and what it says, through AppTest."""

import pandas as pd


def checked(at):
    """The page, which must not show an error."""
    assert not at.exception, at.exception[0].value
    assert not at.error, at.error[0].value
    return at


def click(at, key):
    return checked(at.button(key=key).click().run())


def choose(at, key, value):
    return checked(at.selectbox(key=key).set_value(value).run())


def switch(at, key, value):
    return checked(at.checkbox(key=key).set_value(value).run())


def set_number(at, key, value):
    return checked(at.number_input(key=key).set_value(value).run())


def set_text(at, key, value):
    return checked(at.text_input(key=key).set_value(value).run())


def draft(at):
    """The draft that the page's inputs write into."""
    return at.session_state["draft_history"].model


def texts(at):
    """What the page says, without the marks that keep it from being markdown."""
    said = (*at.markdown, *at.info, *at.caption, *at.warning)
    return "\n".join(one.value for one in said).replace("\\", "")


def table(at, name):
    """The table with this description, which is its name for screen readers."""
    found = [one.value for one in at.dataframe if one.proto.alt == name]
    assert len(found) == 1, [one.proto.alt for one in at.dataframe]
    return found[0]


def column(frame, name):
    """A column as plain values, None where a figure is missing."""
    return [None if pd.isna(value) else value for value in frame[name]]
