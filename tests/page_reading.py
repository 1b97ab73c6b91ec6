"""What a page says, read from an AppTest."""

import pandas as pd


def checked(at):
    """The page, which must not show an error."""
    assert not at.exception, at.exception[0].value
    assert not at.error, at.error[0].value
    return at


def table(at, name):
    """The table with this description, which is its name for screen readers."""
    found = [one.value for one in at.dataframe if one.proto.alt == name]
    assert len(found) == 1, [one.proto.alt for one in at.dataframe]
    return found[0]


def column(frame, name):
    """A column as plain values, None where a figure is missing."""
    return [None if pd.isna(value) else value for value in frame[name]]
