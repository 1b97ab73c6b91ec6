"""The ranked list of all open leads as of any instant: filtered, sorted and handed over page by page.

The scores of all leads are worked out once for a data version, a model and an instant, and kept as arrays. A
filter on attributes or activities is one statement that returns lead numbers; sorting and paging are numpy on
these arrays, and only the leads of one page are looked up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from queries.errors import QueryError
from queries.flow import Flow
from queries.lead_filter import (
    LeadFilter,
    attribute_column,
    chosen_by_activity,
    chosen_by_attributes,
    chosen_by_search,
)
from queries.lead_ids import numbered
from queries.lead_order import MISSING, Order, points_of, sort_keys
from queries.scored_leads import LAST_ACTIVITY, OWNER, ScoredLeads
from queries.statements import Item, load_statement
from queries.structures import structure_key
from scoring.model import Model
from scoring.tiers import names_of_tiers

EVERYBODY, BEST_FIRST = LeadFilter(), Order()

Places = NDArray[np.int32]
"""Where leads stand in a `ScoredLeads`."""


def find_leads(
    flow: Flow,
    model: Model,
    leads: ScoredLeads,
    wanted: LeadFilter = EVERYBODY,
    order: Order = BEST_FIRST,
) -> Places:
    """The leads that a filter leaves, in order; kept, so that turning pages costs nothing.

    Parameters
    ----------
    flow : Flow
    model : Model
        The one that `leads` were scored with.
    leads : ScoredLeads
    wanted : LeadFilter
    order : Order

    Returns
    -------
    int array
        Places in `leads`; ties keep the order of the lead numbers, and what has nothing to be sorted by comes
        last in both directions.

    Raises
    ------
    QueryError
        A column is named that the data do not have, or a tier or category that the model does not have.
    """

    def compute() -> Places:
        places = np.flatnonzero(_kept(flow, model, leads, wanted)).astype(np.int32)
        keys = sort_keys(flow, leads, order.by)[places]
        ranked = np.argsort(-keys if order.descending else keys, kind="stable")
        missing = keys[ranked] == MISSING
        found: Places = places[np.concatenate([ranked[~missing], ranked[missing]])]
        return found

    return flow.store.derive(
        structure_key("found_leads", [leads.key, astuple(wanted), astuple(order)]), compute
    )


def _kept(flow: Flow, model: Model, leads: ScoredLeads, wanted: LeadFilter) -> NDArray[np.bool_]:
    kept = np.ones(len(leads.scores), dtype=np.bool_)
    if wanted.tiers:
        kept &= np.isin(leads.tiers, [_tier_place(model, name) for name in wanted.tiers])
    for name, lowest, highest in wanted.categories:
        points = leads.points_in(name)
        kept &= (lowest <= points) & (points <= highest)
    for chosen in (
        chosen_by_attributes(flow, wanted),
        chosen_by_search(flow, wanted),
        chosen_by_activity(flow, wanted, leads.at),
    ):
        if chosen is not None:
            # Leads after the last one that was chosen are not in the array.
            known = leads.lead_numbers < len(chosen)
            kept &= known
            kept[known] &= chosen[leads.lead_numbers[known]]
    return kept


def list_leads(
    flow: Flow, model: Model, leads: ScoredLeads, places: Places, attributes: Sequence[str] = ()
) -> pa.Table:
    """Look up some of the leads.

    Parameters
    ----------
    places : int array
        As `find_leads` returns them; one page of it, or all of it for a download.
    attributes : sequence of str
        ``leads.x`` or ``accounts.x``.

    Returns
    -------
    Arrow table
        lead_id, score, tier, owner, last_activity_at, then the attributes and the points of each category, in
        the order of `places`.
    """
    items = [
        Item(f"column_{i}", {"ATTRIBUTE": attribute_column(flow, name)}) for i, name in enumerate(attributes)
    ]
    statement = load_statement("lead_attributes", {"columns": items})
    found = flow.engine.fetch(statement, None, {"wanted": numbered(leads.lead_numbers[places])})
    columns: dict[str, Any] = {
        "lead_id": found.column("lead_id"),
        "score": pa.array(leads.scores[places]),
        "tier": pa.array(names_of_tiers(leads.tiers[places], model), pa.string()),
        OWNER: leads.owner.take(pa.array(places)),
        LAST_ACTIVITY: pa.array(leads.last_activity[places]),
    }
    columns |= {name: found.column(f"column_{i}") for i, name in enumerate(attributes)}
    columns |= {points_of(name): pa.array(points[places]) for name, points in leads.categories.items()}
    return pa.table(columns)


def _tier_place(model: Model, name: str) -> int:
    names = [tier.name for tier in model.tiers]
    if name not in names:
        raise QueryError(f"tier must be one of {', '.join(names)}, got {name!r}")
    return names.index(name)
