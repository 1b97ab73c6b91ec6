"""Texts of users inside Markdown: shown as they are, never as markup."""

from __future__ import annotations

import re

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:])")


def plain(text: object) -> str:
    r"""A text that Markdown shows as it is: no links, pictures, emphasis, formulas, colours or lines.

    >>> plain("![x](http://a) *b*")
    '\\!\\[x\\]\\(http\\://a\\) \\*b\\*'
    """
    return _MARKUP.sub(r"\\\1", " ".join(str(text).split()))
