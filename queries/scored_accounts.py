"""What every account scores at any instant, kept as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from queries.account_index import AccountIndex, account_index
from queries.account_members import engaged_leads, lead_departments, rule_matches, rule_points
from queries.account_wins import account_wins
from queries.flow import Flow, Progress, silent
from queries.observed import Observed
from queries.scored_leads import ScoredLeads, scored_leads
from queries.structures import structure_key
from scoring.account_points import AccountPoints, Members, account_points
from scoring.account_scoring import Flags, Integers, account_model, account_score_of
from scoring.model import Model
from scoring.tiers import tier_indices, tiers_key


@dataclass(frozen=True, eq=False)
class ScoredAccounts:
    """Every account that has a lead scored at an instant and was not won before, by account id.

    Attributes
    ----------
    key : str
        Equal exactly for the same accounts and scores.
    at : datetime
    index : AccountIndex
    accounts : int array of shape (accounts,)
        Places in `index`.
    points : AccountPoints
    tiers : int array of shape (accounts,)
        Places in the tiers of the account score.
    matches : mapping of str to bool array of shape (accounts,)
        By the id of each enabled rule on accounts, whether it holds.
    last_activity : datetime64 array of shape (accounts,)
        The latest of its scored leads; NaT where none ever did anything.
    leads : ScoredLeads
    lead_account : int array of shape (scored leads,)
        The place of each scored lead's account in `accounts`; -1 for none that is scored.
    lead_engaged : bool array of shape (scored leads,)
    """

    key: str
    at: datetime
    index: AccountIndex
    accounts: Integers
    points: AccountPoints
    tiers: Integers
    matches: Mapping[str, Flags]
    last_activity: NDArray[np.datetime64]
    leads: ScoredLeads
    lead_account: Integers
    lead_engaged: Flags

    def __len__(self) -> int:
        return len(self.accounts)

    @property
    def nbytes(self) -> int:
        """Bytes of memory, without the leads, which are kept on their own."""
        arrays = (self.accounts, self.tiers, self.last_activity, self.lead_account, self.lead_engaged)
        return sum(array.nbytes for array in (*arrays, *self.matches.values())) + self.points.nbytes

    def account_ids(self) -> pa.Array:
        """The ids, in order."""
        return self.index.ids.take(pa.array(self.accounts))

    def place(self, account_id: str) -> int | None:
        """Where an account stands; None when it is not scored."""
        found = self.index.place(account_id)
        if found is None:
            return None
        place = int(np.searchsorted(self.accounts, found))
        return place if place < len(self) and self.accounts[place] == found else None


def scored_accounts(
    flow: Flow, model: Model, at: datetime | None = None, progress: Progress = silent
) -> ScoredAccounts:
    """Score every account as of an instant; kept, so that asking again costs nothing.

    Parameters
    ----------
    flow : Flow
    model : Model
        With `account_score`, or what holds without it.
    at : datetime, optional
        The end of the data when not given.
    progress : callable, optional

    Raises
    ------
    QueryError
        The model names a column that the data do not have; nothing was observed yet and no instant is given.
    """
    leads = scored_leads(flow, model, at, progress)
    observed = flow.open_leads(model, leads.at)
    stages = model.conversion.model_dump(include={"stages", "repeatable"})
    tiers = tiers_key(model)
    key = structure_key("scored_accounts", [leads.key, account_score_of(model).model_dump(), stages, tiers])
    return flow.store.derive(key, lambda: _score(flow, model, leads, observed, key))


def _score(flow: Flow, model: Model, leads: ScoredLeads, observed: Observed, key: str) -> ScoredAccounts:
    block, index = account_score_of(model), account_index(flow)
    engaged = engaged_leads(flow, model, observed, leads.scores, leads.tiers)
    account = index.places(leads.lead_numbers)
    kept = np.flatnonzero(account >= 0)
    if not model.conversion.repeatable:
        first_win = account_wins(flow, model, observed, index).first()
        moment = int(np.datetime64(leads.at, "us").astype(np.int64))
        kept = kept[moment <= first_win[account[kept]]]
    accounts, group = np.unique(account[kept].astype(np.int64), return_inverse=True)
    departments = lead_departments(flow, block, leads.lead_numbers[kept])
    members = Members(group, leads.scores[kept], engaged[kept], departments, len(accounts))
    matches = {name: holds[accounts] for name, holds in rule_matches(flow, block, index).items()}
    points = account_points(block, members, rule_points(block, matches, len(accounts)))
    lead_account = np.full(len(account), -1, dtype=np.int64)
    lead_account[kept] = group
    return ScoredAccounts(
        key=key,
        at=leads.at,
        index=index,
        accounts=accounts,
        points=points,
        tiers=tier_indices(points.score, account_model(model)),
        matches=matches,
        last_activity=_latest(group, leads.last_activity[kept], len(accounts)),
        leads=leads,
        lead_account=lead_account,
        lead_engaged=engaged,
    )


def _latest(group: Integers, times: NDArray[np.datetime64], account_count: int) -> NDArray[np.datetime64]:
    known = ~np.isnat(times)
    latest = np.full(account_count, np.iinfo(np.int64).min)
    np.maximum.at(latest, group[known], times[known].astype("datetime64[us]").view(np.int64))
    # The smallest integer is how numpy writes that there is no time.
    return latest.view("datetime64[us]")
