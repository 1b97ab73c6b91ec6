"""When accounts converted: whenever one of their leads did."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from queries.account_index import AccountIndex
from queries.conversions import conversions_key
from queries.flow import Flow
from queries.hits import microseconds
from queries.observed import Observed
from queries.structures import structure_key
from scoring.account_scoring import Integers
from scoring.model import Model
from scoring.timelines import Timelines


@dataclass(frozen=True, eq=False)
class AccountWins:
    """When the leads of accounts converted; leads that the model leaves out have no part in it.

    Attributes
    ----------
    times : Timelines
        The instants of conversions of every account, in order; of equal ones the largest amount first.
    amount : int array of shape (conversions,)
        Ten-thousandths of the currency unit.
    """

    times: Timelines
    amount: Integers

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return self.times.owners.nbytes + self.times.instants.nbytes + self.amount.nbytes

    def first(self) -> Integers:
        """The first conversion of each account in microseconds since 1970; the largest integer for none."""
        found = np.full(self.times.owner_count, np.iinfo(np.int64).max)
        starts, ends = self.times.starts[:-1], self.times.starts[1:]
        won = starts < ends
        found[won] = self.times.instants[starts[won]]
        return found


def account_wins(flow: Flow, model: Model, observed: Observed, index: AccountIndex) -> AccountWins:
    """The conversions of all accounts up to the end of what was observed; kept."""

    def compute() -> AccountWins:
        table = flow.conversions(observed)
        owner = index.places(table.column("lead_number").to_numpy())
        ours = np.flatnonzero(owner >= 0)
        times = microseconds(table.column("occurred_at"))[ours]
        amount = table.column("amount").to_numpy()[ours].astype(np.int64)
        owners = owner[ours].astype(np.int64)
        order = np.lexsort((-amount, times, owners))
        return AccountWins(Timelines(owners[order], times[order], len(index)), amount[order])

    depends_on = conversions_key(model, observed.moments.observed_until)
    return flow.store.derive(structure_key("account_wins", depends_on), compute)
