"""How text is set: what belongs together stays on one line, and nothing unprintable gets into a file."""

from __future__ import annotations

import re

from scoring.figure_words import NO_BREAK


def set_text(text: str) -> str:
    """Text of one line, in which a number and its percent sign are not parted.

    Examples
    --------
    >>> set_text("7.3 % of\\x07 130") == "7.3\\u00a0% of  130"
    True
    """
    printable = "".join(letter if letter.isprintable() or letter == NO_BREAK else " " for letter in text)
    return re.sub(r"(?<=\d) (?=%)", NO_BREAK, printable)
