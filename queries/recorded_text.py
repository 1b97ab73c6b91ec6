"""Names and notes as they are recorded: trimmed, not too long, and nothing that cannot be shown."""

from __future__ import annotations

import unicodedata

from queries.versions import RegistryError

MOST_AUTHOR_LETTERS = 200
MOST_NOTE_LETTERS = 4000


def check_author(author: str, what: str = "author") -> str:
    """The name as it is recorded; RegistryError when there is none, or it cannot be kept."""
    name = _kept(what, author, MOST_AUTHOR_LETTERS)
    if not name:
        if what == "role":
            raise RegistryError("role must be filled in, got nothing; type it, such as head of sales")
        raise RegistryError(f"{what} must be a name, got nothing; type who records this")
    return " ".join(name.split())


def check_note(note: str) -> str:
    """The note as it is recorded, '' for none; RegistryError when it cannot be kept."""
    return _kept("note", note, MOST_NOTE_LETTERS)


def _kept(what: str, text: str, most: int) -> str:
    text = text.strip()
    if len(text) > most:
        raise RegistryError(f"{what} must have at most {most:,} letters, got {len(text):,}; shorten it")
    # Lone surrogates (bytes that are no text) and control signs can be stored and shown nowhere.
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t\r" for sign in text):
        raise RegistryError(f"{what} must be plain text, got control signs; type it again")
    return text
