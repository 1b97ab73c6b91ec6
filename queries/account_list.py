"""The ranked list of all accounts as of any instant: filtered, sorted and handed over page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from queries.conditions import ParameterBag
from queries.errors import QueryError
from queries.flow import Flow
from queries.lead_filter import any_contains, attribute_column, attribute_names
from queries.scored_accounts import ScoredAccounts
from queries.statements import Item, load_statement
from queries.structures import structure_key
from scoring.account_scoring import Flags, Integers, account_model
from scoring.model import Model
from scoring.tiers import tier_names

NUMBERS = ("score", "people", "engaged", "departments")
"""What accounts can be sorted by, beside the time of the last activity."""

LAST_ACTIVITY = "last_activity_at"

Places = NDArray[np.intp]
"""Where accounts stand in a `ScoredAccounts`."""


@dataclass(frozen=True)
class AccountFilter:
    """Which accounts are listed; what is left empty filters nothing.

    Attributes
    ----------
    search : str
        Part of the id or of any attribute of the account.
    tiers : tuple of str
        Names.
    """

    search: str = ""
    tiers: tuple[str, ...] = ()


ALL = AccountFilter()


def account_attributes(flow: Flow) -> list[str]:
    """The columns of ``accounts`` that can be shown: ``accounts.x``."""
    return [name for name in attribute_names(flow) if name.startswith("accounts.")]


def find_accounts(
    flow: Flow, model: Model, found: ScoredAccounts, wanted: AccountFilter = ALL, by: str = "score"
) -> Places:
    """The accounts that a filter leaves, the highest first; kept, so that turning pages costs nothing.

    Parameters
    ----------
    flow : Flow
    model : Model
        The one that the accounts were scored with.
    found : ScoredAccounts
    wanted : AccountFilter
    by : str
        One of `NUMBERS`, or `LAST_ACTIVITY`.

    Returns
    -------
    int array
        Places in `found`; ties keep the order of the ids, accounts without an activity come last.

    Raises
    ------
    QueryError
        A tier that accounts do not have, or nothing that they can be sorted by.
    """
    if by not in (*NUMBERS, LAST_ACTIVITY):
        raise QueryError(f"accounts must be sorted by {', '.join(NUMBERS)} or {LAST_ACTIVITY}, got {by!r}")

    def compute() -> Places:
        places = np.flatnonzero(_kept(flow, model, found, wanted))
        return places[np.argsort(-_sort_keys(found, by)[places], kind="stable")]

    key = structure_key("found_accounts", [found.key, account_model(model).tiers, astuple(wanted), by])
    return flow.store.derive(key, compute)


def _sort_keys(found: ScoredAccounts, by: str) -> Integers:
    if by == LAST_ACTIVITY:
        times = found.last_activity.view(np.int64)
        # What is no time is the smallest integer, which has no opposite.
        return np.where(np.isnat(found.last_activity), np.iinfo(np.int64).min + 1, times)
    keys: Integers = getattr(found.points, by)
    return keys


def _kept(flow: Flow, model: Model, found: ScoredAccounts, wanted: AccountFilter) -> Flags:
    kept = np.ones(len(found), dtype=np.bool_)
    if wanted.tiers:
        names = [tier.name for tier in account_model(model).tiers]
        for name in wanted.tiers:
            if name not in names:
                raise QueryError(f"tier must be one of the accounts' {', '.join(names)}, got {name!r}")
        kept &= np.isin(found.tiers, [names.index(name) for name in wanted.tiers])
    text = wanted.search.strip()
    if text:
        kept &= _searched(flow, found, text)
    return kept


def _searched(flow: Flow, found: ScoredAccounts, text: str) -> Flags:
    bag = ParameterBag()
    columns = [attribute_column(flow, name) for name in account_attributes(flow)]
    test = any_contains(columns, bag.add(text.lower()))
    rows = flow.engine.fetch(
        load_statement("searched_accounts", bindings={"ACCOUNT_FOUND": test}), bag.values
    )
    ids = found.account_ids()
    named = pc.is_in(ids, rows.column("account_id").combine_chunks())
    by_id = pc.match_substring(ids, text, ignore_case=True)
    chosen: Flags = pc.or_(named, by_id).to_numpy(zero_copy_only=False)
    return chosen


def list_accounts(
    flow: Flow, model: Model, found: ScoredAccounts, places: Places, attributes: Sequence[str] = ()
) -> pa.Table:
    """Look up some of the accounts.

    Parameters
    ----------
    places : int array
        As `find_accounts` returns them; one page of it, or all of it for a download.
    attributes : sequence of str
        ``accounts.x``.

    Returns
    -------
    Arrow table
        account_id, the attributes, score, tier, people, engaged, departments, last_activity_at, and the parts
        of the score: lead_points, person_points, department_points, rule_points; in the order of `places`.
    """
    items = [
        Item(f"column_{i}", {"ATTRIBUTE": attribute_column(flow, name)}) for i, name in enumerate(attributes)
    ]
    ids = found.account_ids().take(pa.array(places))
    wanted = pa.table({"place": pa.array(np.arange(len(places)), pa.int32()), "account_id": ids})
    rows = flow.engine.fetch(load_statement("account_rows", {"columns": items}), None, {"wanted": wanted})
    points = found.points
    tiers = tier_names(points.score[places], account_model(model))
    return pa.table(
        {"account_id": rows.column("account_id")}
        | {name: rows.column(f"column_{i}") for i, name in enumerate(attributes)}
        | {"score": pa.array(points.score[places]), "tier": pa.array(tiers, pa.string())}
        | {name: pa.array(getattr(points, name)[places]) for name in ("people", "engaged", "departments")}
        | {LAST_ACTIVITY: pa.array(found.last_activity[places])}
        | {
            name: pa.array(getattr(points, name)[places])
            for name in ("lead_points", "person_points", "department_points", "rule_points")
        }
    )
