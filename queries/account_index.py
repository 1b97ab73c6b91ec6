"""Which leads belong to which account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from queries.engine import Engine
from queries.flow import Flow
from queries.statements import load_statement
from queries.structures import structure_key


@dataclass(frozen=True, eq=False)
class AccountIndex:
    """The accounts that leads belong to, in the order of their ids.

    Attributes
    ----------
    ids : Arrow array of text, shape (accounts,)
        Whether or not they stand in ``accounts``.
    of_lead : int array of shape (lead numbers,)
        By lead number, the place of its account in `ids`; -1 for a lead without one.
    """

    ids: pa.Array
    of_lead: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return int(self.ids.nbytes) + self.of_lead.nbytes

    def place(self, account_id: str) -> int | None:
        """Where an account stands; None when no lead belongs to it."""
        found = pc.index(self.ids, account_id).as_py()
        return None if found < 0 else int(found)

    def places(self, lead_numbers: NDArray[np.integer[Any]]) -> NDArray[np.int32]:
        """The accounts of leads, -1 for none."""
        # Leads after the last one that has an account are not in the array.
        found = np.full(len(lead_numbers), -1, dtype=np.int32)
        known = lead_numbers < len(self.of_lead)
        found[known] = self.of_lead[lead_numbers[known]]
        return found


def account_index(flow: Flow) -> AccountIndex:
    """The accounts of all leads; kept."""
    return flow.store.derive(structure_key("account_index", None), lambda: _read_index(flow.engine))


def _read_index(engine: Engine) -> AccountIndex:
    table = engine.fetch(load_statement("lead_accounts"))
    encoded = table.column("account_id").combine_chunks().dictionary_encode()
    order = pc.sort_indices(encoded.dictionary)
    rank = np.empty(len(order), dtype=np.int32)
    rank[order.to_numpy()] = np.arange(len(order), dtype=np.int32)
    numbers = table.column("lead_number").to_numpy()
    of_lead = np.full(int(numbers.max(initial=-1)) + 1, -1, dtype=np.int32)
    of_lead[numbers] = rank[encoded.indices.to_numpy()]
    return AccountIndex(encoded.dictionary.take(order), of_lead)
