"""Names of users as labels of inputs, which are both drawn as Markdown and read aloud as they are."""

from __future__ import annotations

import re

_MARKUP = re.compile(
    r"[\\`*<>$~\[\]]"  # code, emphasis, markup, formulas, links and pictures
    r"|(?<![^\W_])_|_(?![^\W_])"  # emphasis; not the underscores inside a name
    r"|:(?=\S)"  # icons, colours, addresses
    r"|(?<=www)\."
)


def as_label(text: str) -> str:
    r"""A text that Markdown draws as it is, with as few escapes as that takes.

    Screen readers are given labels unrendered: with every sign escaped they would read backslashes.

    Examples
    --------
    >>> as_label("Sales-ready (SQL)"), as_label("email_click"), as_label("![x](http://a)")
    ('Sales-ready (SQL)', 'email_click', '!\\[x\\](http\\://a)')
    """
    return _MARKUP.sub(lambda match: f"\\{match[0]}", " ".join(text.split()))
