"""What the columns of a hand-over list are called, for each CRM."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

Crm = Literal["plain", "hubspot", "salesforce"]
CRMS: tuple[Crm, ...] = ("plain", "hubspot", "salesforce")


@dataclass(frozen=True)
class ListNames:
    """The names of the columns that every list has.

    Attributes
    ----------
    lead_id, score, tier, score_before, tier_before, scored_on, owner, last_activity : str
    """

    lead_id: str
    score: str
    tier: str
    score_before: str
    tier_before: str
    scored_on: str
    owner: str
    last_activity: str


_FIELDS_OF_ITS_OWN = ListNames(
    lead_id="Record ID",
    score="Tierline Score",
    tier="Tierline Tier",
    score_before="Tierline Previous Score",
    tier_before="Tierline Previous Tier",
    scored_on="Tierline Scored On",
    owner="Tierline Owner",
    last_activity="Tierline Last Activity",
)
NAMES: dict[Crm, ListNames] = {
    "plain": ListNames(
        "lead_id", "score", "tier", "score_before", "tier_before", "scored_on", "owner", "last_activity_at"
    ),
    "hubspot": _FIELDS_OF_ITS_OWN,
    "salesforce": replace(_FIELDS_OF_ITS_OWN, lead_id="Lead ID"),
}
"""Ids are matched by the CRM's own name for them; the rest are custom fields to be made once."""

_FIELDS: dict[str, tuple[str, str]] = {
    "email": ("Email", "Email"),
    "emailaddress": ("Email", "Email"),
    "workemail": ("Email", "Email"),
    "firstname": ("First Name", "First Name"),
    "lastname": ("Last Name", "Last Name"),
    "surname": ("Last Name", "Last Name"),
    "phone": ("Phone Number", "Phone"),
    "phonenumber": ("Phone Number", "Phone"),
    "telephone": ("Phone Number", "Phone"),
    "mobile": ("Mobile Phone Number", "Mobile"),
    "mobilephone": ("Mobile Phone Number", "Mobile"),
    "jobtitle": ("Job Title", "Title"),
    "title": ("Job Title", "Title"),
    "company": ("Company Name", "Company"),
    "companyname": ("Company Name", "Company"),
    "city": ("City", "City"),
    "state": ("State/Region", "State/Province"),
    "country": ("Country/Region", "Country"),
    "website": ("Website URL", "Website"),
    "industry": ("Industry", "Industry"),
}
_LETTERS = re.compile(r"[^a-z0-9]+")


def attribute_columns(crm: Crm, columns: Sequence[str], personal: frozenset[str]) -> dict[str, str]:
    """Which columns of the leads a list carries, and under which name.

    A plain list carries all of them. A CRM's list carries only those that the CRM has a field for: anything
    else would overwrite there what is newer. Personal ones are not among `columns` unless they were asked
    for.

    Parameters
    ----------
    crm : str
    columns : sequence of str
        Columns of the leads, without the personal ones unless asked for.
    personal : frozenset of str
        Those of them that are personal; a CRM gets these too, under their own name where it has no field.

    Returns
    -------
    mapping of str to str
        Column to name; no name twice, the first column wins and others keep their own.

    Examples
    --------
    >>> attribute_columns("hubspot", ["job_title", "plan"], frozenset())
    {'job_title': 'Job Title'}
    """
    if crm == "plain":
        return {name: name for name in columns}
    chosen: dict[str, str] = {}
    for name in columns:
        field = _FIELDS.get(_LETTERS.sub("", name.lower()))
        label = field[CRMS.index(crm) - 1] if field else None
        if label is not None and label not in chosen.values():
            chosen[name] = label
        elif name in personal:
            chosen[name] = name
    return chosen
