"""Conditions as a product's filters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoring.model import Condition, Operator

_META = frozenset(".^$*+?{}[]|()\\")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True)
class Filter:
    """A condition in a product's words, and what it does otherwise."""

    text: str
    difference: str | None = None


@dataclass(frozen=True)
class PhraseBook:
    """How a product writes filters.

    Attributes
    ----------
    words : mapping of operator to str
        For the operators that it has.
    separator : str
        Between several values.
    missing_passes : bool
        Whether "is not" also lets records pass that have no value.
    """

    words: Mapping[Operator, str]
    separator: str
    missing_passes: bool


def filter_of(condition: Condition, book: PhraseBook) -> Filter | None:
    """A condition as a filter; None where the product cannot ask for it."""
    operator, value = condition.operator, condition.value
    if operator == "matches":
        return _pattern_filter(condition, book)
    if operator not in book.words:
        return None
    start = f"{quoted(condition.field)} {book.words[operator]}"
    if value is None:
        return Filter(start)
    if operator == "between" and isinstance(value, tuple):
        return Filter(f"{start} {value[0]} and {value[1]} (a number)")
    values = value if isinstance(value, tuple) else (value,)
    shown = book.separator.join(quoted(str(one)) for one in values)
    number = " (a number)" if any(not isinstance(one, str) for one in values) else ""
    if operator in ("not_equals", "not_in") and book.missing_passes:
        present = f"{quoted(condition.field)} {book.words['is_present']}"
        return Filter(f"{start} {shown}{number} and {present}")
    return Filter(f"{start} {shown}{number}")


def filters_of(conditions: Sequence[Condition], book: PhraseBook) -> tuple[list[Filter], list[Condition]]:
    """All of them, and the conditions for which there is none."""
    filters, lost = [], []
    for condition in conditions:
        found = filter_of(condition, book)
        if found is None:
            lost.append(condition)
        else:
            filters.append(found)
    return filters, lost


def quoted(text: str) -> str:
    """A name or value, set apart from the words around it."""
    return f"“{text}”"


def plain_pattern(pattern: str) -> tuple[Operator, tuple[str, ...], bool] | None:
    r"""A pattern that only lists texts, as an operator and its values.

    Returns
    -------
    (operator, texts, word_bound) or None
        None where the pattern is more than a list of texts. `word_bound` says that the pattern asked for
        whole words, which the operator does not.

    Examples
    --------
    >>> plain_pattern("^vp|^chief"), plain_pattern("^(ceo|cfo)$")
    (('starts_with', ('vp', 'chief'), False), ('in', ('ceo', 'cfo'), False))
    >>> plain_pattern(r"\b(head|director)\b"), plain_pattern("[0-9]+")
    (('contains', ('head', 'director'), True), None)
    """
    spread = _spread(pattern)
    if spread is None:
        return None
    found = [_one_text(part) for part in spread]
    kinds = {one[0] for one in found if one is not None}
    if None in found or len(kinds) != 1:
        return None
    texts = tuple(one[1] for one in found if one is not None)
    return kinds.pop(), texts, any(one[2] for one in found if one is not None)


def _pattern_filter(condition: Condition, book: PhraseBook) -> Filter | None:
    plain = plain_pattern(str(condition.value))
    if plain is None:
        return None
    operator, texts, word_bound = plain
    if operator not in book.words:
        return None
    shown = book.separator.join(quoted(text) for text in texts)
    difference = f"{shown} is also found inside longer words" if word_bound else None
    text = f"{quoted(condition.field)} {book.words[operator]} {shown} (the pattern {condition.value})"
    return Filter(text, difference)


def _spread(pattern: str) -> list[str] | None:
    """``a(b|c)d`` as ``abd``, ``acd``; ``a|b`` as it is; None for anything deeper."""
    group = re.fullmatch(r"((?:\^|\\b)?)\((?:\?:)?([^()]*)\)((?:\$|\\b)?)", pattern)
    if group:
        return [f"{group[1]}{part}{group[3]}" for part in group[2].split("|")]
    if "(" in pattern or ")" in pattern:
        return None
    return re.split(r"(?<!\\)\|", pattern)


def _one_text(part: str) -> tuple[Operator, str, bool] | None:
    word_bound = part.startswith(r"\b") or part.endswith(r"\b")
    part = part.removeprefix(r"\b").removesuffix(r"\b")
    starts, ends = part.startswith("^"), part.endswith("$") and not part.endswith(r"\$")
    body = part[starts : len(part) - ends]
    if not _is_plain(body):
        return None
    text = _ESCAPED.sub(r"\1", body)
    if ends and not starts:
        return None
    return ("in" if ends else "starts_with" if starts else "contains"), text, word_bound


def _is_plain(body: str) -> bool:
    """Whether nothing in it means more than itself; a backslash may only make a sign plain."""
    if any(escaped.isalnum() for escaped in _ESCAPED.findall(body)):
        return False
    rest = _ESCAPED.sub("", body)
    return bool(body) and not (_META & set(rest))
