"""The back-test of accounts: the figures of leads' back-tests, over accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scoring.backtest import POOLED, Backtest, to_json

RENAMED = {"leads": "accounts", "immature_leads": "immature_accounts"}


@dataclass(frozen=True)
class AccountBacktest:
    """What each tier of accounts converted.

    Attributes
    ----------
    backtest : Backtest
        Its leads are accounts, its tiers those of accounts.
    through_others : mapping of str to int
        By period, and pooled: of the conversions of complete accounts, those of which no lead that was
        scored at the moment had any part; the buyer came later or was closed then.
    """

    backtest: Backtest
    through_others: Mapping[str, int]


def account_backtest_json(found: AccountBacktest) -> dict[str, Any]:
    """The object of ``tierline accounts --backtest --json``: a back-test's keys, with accounts for leads."""
    document = to_json(found.backtest)
    periods = [_period(period, found) for period in document["periods"]]
    return document | {"periods": periods, "pooled": _period(document[POOLED], found)}


def _period(figures: Mapping[str, Any], found: AccountBacktest) -> dict[str, Any]:
    renamed: dict[str, Any] = {}
    for key, value in figures.items():
        if key == "tiers":
            renamed["conversions_through_others"] = found.through_others[figures["period"]]
            renamed[key] = [{RENAMED.get(name, name): one for name, one in tier.items()} for tier in value]
        else:
            renamed[RENAMED.get(key, key)] = value
    return renamed
