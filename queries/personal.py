"""Which columns say who somebody is: e-mail addresses, phone numbers and names, by name and by content.

Judged on the cautious side: a column that looks personal and is not is left out of a list that others get,
and comes back when it is asked for; the other mistake cannot be mended.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

import pyarrow as pa
import pyarrow.compute as pc

from queries.catalogue import frequent_values
from queries.flow import Flow
from queries.structures import structure_key

NEVER = frozenset({"created_at", "account_id"})
ALL_VALUES = 2**31 - 1
PHONE_SHARE = 0.05
NAME_SHARE = 0.8
NAME_VARIETY = 0.2
LEAST_NAMES = 20

EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s]"
PHONE = r"^\s*(\+[\d\s().\-/]{7,24}|\(?\d{2,5}\)?[\s\-/][\d\s\-/]{4,18}\d)\s*$"
DATE = r"^\s*\d{1,4}[\-/ ]\d{1,2}[\-/ ]\d{1,4}(\s.*)?$"
PERSON = r"^\s*\p{Lu}[\p{L}'’.\-]+(,? \p{Lu}[\p{L}'’.\-]*){1,3}\s*$"

_PERSONAL_WORDS = frozenset(
    {
        *("email", "mail", "phone", "telephone", "tel", "mobile", "cell", "fax", "whatsapp", "skype"),
        *("firstname", "lastname", "fullname", "surname", "forename", "nickname", "salutation"),
        *("birthday", "birthdate", "birth", "linkedin", "twitter", "address", "street", "ip", "passport"),
    }
)
_NAME_OF_THINGS = frozenset(
    {
        *("company", "account", "organisation", "organization", "employer", "business", "firm", "brand"),
        *("campaign", "product", "event", "source", "segment", "industry", "team", "list", "form", "asset"),
        *("country", "region", "city", "state", "file", "page", "title", "stage", "desk", "domain", "host"),
    }
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def personal_columns(flow: Flow) -> Mapping[str, str]:
    """The columns of the leads that are personal, each with why; the id is one of them if it is an address.

    Every value of a column is looked at once for a data version.

    Returns
    -------
    mapping of str to str
        In the order of the columns: ``{"contact_email": "its name says so"}``.
    """

    def judge() -> pa.Table:
        names = [name for name in flow.engine.columns("leads") if name not in NEVER]
        reasons = [_why(flow, name) for name in names]
        return pa.table({"name": pa.array(names, pa.string()), "why": pa.array(reasons, pa.string())})

    judged = flow.store.get(structure_key("personal_columns", PERSON), judge)
    pairs = zip(judged.column("name").to_pylist(), judged.column("why").to_pylist(), strict=True)
    return {name: why for name, why in pairs if why is not None}


def personal_name(column: str) -> bool:
    """Whether a column's name says that it is personal.

    Examples
    --------
    >>> [personal_name(name) for name in ("Work E-Mail", "FirstName", "name", "company_name", "email_domain")]
    [True, True, True, False, False]
    """
    words = [word.lower() for word in _WORD.findall(column)]
    joined = "".join(words)
    if _NAME_OF_THINGS & set(words):
        return False
    if _PERSONAL_WORDS & {*words, joined}:
        return True
    pairs = {a + b for a, b in pairwise(words)}
    return "email" in pairs or bool(_PERSONAL_WORDS & pairs) or (bool(words) and words[-1] == "name")


def personal_content(values: pa.ChunkedArray, rows: pa.ChunkedArray, column: str) -> str | None:
    """What personal a column holds, judged by its values; None for nothing.

    Parameters
    ----------
    values : Arrow text column
        Each value once.
    rows : Arrow whole numbers
        How many leads have it.
    column : str
        Its name: companies and products have names too.
    """
    total = pc.sum(rows).as_py() or 0
    if not total:
        return None
    if pc.any(pc.match_substring_regex(values, EMAIL)).as_py():
        return "it holds e-mail addresses"
    phones = pc.and_(
        pc.match_substring_regex(values, PHONE), pc.invert(pc.match_substring_regex(values, DATE))
    )
    if _rows_where(phones, rows) >= PHONE_SHARE * total:
        return "it holds phone numbers"
    words = {word.lower() for word in _WORD.findall(column)}
    if words & _NAME_OF_THINGS or len(values) < max(LEAST_NAMES, NAME_VARIETY * total):
        return None
    if _rows_where(pc.match_substring_regex(values, PERSON), rows) >= NAME_SHARE * total:
        return "it holds what looks like people's names"
    return None


def _why(flow: Flow, name: str) -> str | None:
    if personal_name(name):
        return "its name says so"
    found = frequent_values(flow.engine, "leads", name, ALL_VALUES)
    values = pa.chunked_array([[value for value, _ in found]], pa.string())
    return personal_content(values, pa.chunked_array([[rows for _, rows in found]], pa.int64()), name)


def _rows_where(chosen: pa.ChunkedArray, rows: pa.ChunkedArray) -> int:
    return pc.sum(pc.if_else(pc.fill_null(chosen, False), rows, 0)).as_py() or 0
