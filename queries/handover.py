"""Hand-over lists: open leads of a tier, or that change tier under another model, for people or a CRM."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from queries.errors import QueryError
from queries.flow import Flow, Progress, silent
from queries.handover_columns import NAMES, Crm, attribute_columns
from queries.lead_filter import attribute_column, attribute_names
from queries.lead_ids import numbered
from queries.personal import personal_columns
from queries.scored_leads import ScoredLeads, scored_leads
from queries.statements import Item, load_statement
from scoring.model import Model

ROWS_AT_ONCE = 50_000


@dataclass(frozen=True)
class ListForm:
    """How a list is written.

    Attributes
    ----------
    crm : str
        Whose names the columns have.
    personal : bool
        Whether e-mail addresses, names and phone numbers are among them.
    """

    crm: Crm = "plain"
    personal: bool = False


PLAIN = ListForm()


@dataclass(frozen=True, eq=False)
class HandOver:
    """A list that is ready to be written, part by part.

    Attributes
    ----------
    leads : int
    columns : tuple of str
        Their names, in order.
    left_out : mapping of str to str
        Personal columns that the list would have carried, each with why it is personal.
    """

    leads: int
    columns: tuple[str, ...]
    left_out: Mapping[str, str]
    _flow: Flow
    _numbers: NDArray[np.integer[Any]]
    _own: Mapping[str, pa.Array]
    _attributes: Mapping[str, str]

    def parts(self) -> Iterator[pa.Table]:
        """The list in parts of 50,000 leads, looked up when asked for; one empty part for nobody."""
        items = [
            Item(f"column_{place}", {"ATTRIBUTE": attribute_column(self._flow, f"leads.{name}")})
            for place, name in enumerate(self._attributes)
        ]
        statement = load_statement("lead_attributes", {"columns": items})
        for start in range(0, max(self.leads, 1), ROWS_AT_ONCE):
            numbers = self._numbers[start : start + ROWS_AT_ONCE]
            found = self._flow.engine.fetch(statement, None, {"wanted": numbered(numbers)})
            own = [column.slice(start, ROWS_AT_ONCE) for column in self._own.values()]
            more = [found.column(item.name).cast(pa.string()) for item in items]
            ids = found.column("lead_id").cast(pa.string())
            yield pa.Table.from_arrays([ids, *own, *more], names=list(self.columns))


def tier_list(
    flow: Flow,
    model: Model,
    tier: str,
    at: datetime | None = None,
    form: ListForm = PLAIN,
    progress: Progress = silent,
) -> HandOver:
    """The open leads of a tier, highest score first.

    Raises
    ------
    QueryError
        The model has no such tier; the leads' ids are personal and personal columns were not asked for; as
        `scored_leads`.
    """
    names = [one.name for one in model.tiers]
    if tier not in names:
        raise QueryError(f"tier must be one of {', '.join(names)}, got {tier!r}")
    leads = scored_leads(flow, model, at, progress)
    places = np.flatnonzero(leads.tiers == names.index(tier))
    places = places[np.argsort(-leads.scores[places], kind="stable")]
    title = NAMES[form.crm]
    own = {title.score: pa.array(leads.scores[places]), title.tier: _tiers(model, leads.tiers[places])}
    return _list(flow, leads, places, own, form)


def swap_list_now(
    flow: Flow,
    in_use: Model,
    draft: Model,
    at: datetime | None = None,
    form: ListForm = PLAIN,
    progress: Progress = silent,
) -> HandOver:
    """The leads, open under both models, whose tier has another name in the draft; most points gained first.

    Raises
    ------
    QueryError
        The leads' ids are personal and personal columns were not asked for; as `scored_leads`.
    """
    old = scored_leads(flow, in_use, at, lambda share, text: progress(share / 2, text))
    new = scored_leads(flow, draft, at, lambda share, text: progress((1 + share) / 2, text))
    _, old_places, new_places = np.intersect1d(
        old.lead_numbers, new.lead_numbers, assume_unique=True, return_indices=True
    )
    old_names = np.array([tier.name for tier in in_use.tiers], dtype=object)
    new_names = np.array([tier.name for tier in draft.tiers], dtype=object)
    moved = old_names[old.tiers[old_places]] != new_names[new.tiers[new_places]]
    old_places, new_places = old_places[moved], new_places[moved]
    gained = new.scores[new_places] - old.scores[old_places]
    order = np.lexsort((new.lead_numbers[new_places], -new.scores[new_places], -gained))
    old_places, new_places = old_places[order], new_places[order]
    title = NAMES[form.crm]
    own = {
        title.score: pa.array(new.scores[new_places]),
        title.tier: _tiers(draft, new.tiers[new_places]),
        title.score_before: pa.array(old.scores[old_places]),
        title.tier_before: _tiers(in_use, old.tiers[old_places]),
    }
    return _list(flow, new, new_places, own, form)


def _list(
    flow: Flow, leads: ScoredLeads, places: NDArray[np.intp], own: dict[str, pa.Array], form: ListForm
) -> HandOver:
    personal = personal_columns(flow)
    if "lead_id" in personal and not form.personal:
        raise QueryError(
            "a list without personal columns must have ids that are not personal, got lead_id "
            f"({personal['lead_id']}); "
            "ask for personal columns (--personal), or import the leads under another id"
        )
    title = NAMES[form.crm]
    chosen = pa.array(places)
    own |= {
        title.owner: leads.owner.take(chosen).cast(pa.string()).combine_chunks(),
        title.last_activity: pa.array(leads.last_activity[places]),
        title.scored_on: pa.array([leads.at] * len(places), pa.timestamp("us")),
    }
    names = [
        column
        for table, _, column in (name.partition(".") for name in attribute_names(flow))
        if table == "leads"
    ]
    known = frozenset(personal) - {"lead_id"}
    carried = attribute_columns(form.crm, _without(names, () if form.personal else known), known)
    would_carry = attribute_columns(form.crm, names, known)
    left_out = {name: why for name, why in personal.items() if name in would_carry and name not in carried}
    taken = {title.lead_id, *own}
    shown = [f"{label} (imported)" if label in taken else label for label in carried.values()]
    columns = (title.lead_id, *own, *shown)
    return HandOver(len(places), columns, left_out, flow, leads.lead_numbers[places], own, carried)


def _without(names: Sequence[str], others: Sequence[str] | frozenset[str]) -> list[str]:
    return [name for name in names if name not in others]


def _tiers(model: Model, tiers: NDArray[np.integer[Any]]) -> pa.Array:
    names = pa.array([tier.name for tier in model.tiers], pa.string())
    return names.take(pa.array(tiers))
