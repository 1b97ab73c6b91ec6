"""What stands below a list of accounts: why it is empty, and whether the model says how to score accounts."""

from __future__ import annotations

from commands.backtest_output import TIME_FORMAT
from queries.account_list import AccountFilter
from queries.scored_accounts import ScoredAccounts
from scoring.model import Model

BY_BEST_LEAD = (
    "The model does not say how accounts are scored, so each scores what its best lead does, in the tiers of "
    "leads. For engaged people, departments and what is known about the company write "
    "'tierline models ready-made account_based --out account_based.toml' and name it with --model."
)


def list_notes(model: Model, found: ScoredAccounts, wanted: AccountFilter, listed: int) -> tuple[str, ...]:
    """What a reader of the list has to know, and what to do about it.

    Parameters
    ----------
    model : Model
    found : ScoredAccounts
        Every account that is scored.
    wanted : AccountFilter
    listed : int
        How many of them the filter leaves.

    Returns
    -------
    tuple of str
        Sentences; none where the model says how accounts are scored and the list has a row.
    """
    notes = [] if listed else [_why_empty(found, wanted)]
    return (*notes, *([BY_BEST_LEAD] if model.account_score is None else []))


def _why_empty(found: ScoredAccounts, wanted: AccountFilter) -> str:
    if len(found):
        asked = [f"--tier {name}" for name in wanted.tiers]
        asked += [f"--search {wanted.search!r}"] if wanted.search.strip() else []
        return f"None of {len(found):,} accounts satisfies {' and '.join(asked)}; leave out what narrows it."
    at = found.at.strftime(TIME_FORMAT)
    if not len(found.leads.scores):
        return (
            f"No account is scored as of {at}, since no lead is: none was created before, or all of them "
            "were closed, too old or left out by the model. Name another instant with --at, or load more."
        )
    return (
        f"No account is scored as of {at}: every lead that is scored has no account_id, or its account was "
        "won before. Name another instant with --at, or load leads with account_id."
    )
