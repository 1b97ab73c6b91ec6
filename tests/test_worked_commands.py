"""The commands that print a tier's rate print what sales worked of its leads, or that nobody knows it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from commands.main import main
from queries.account_worked import known_worked_accounts
from queries.dataset import open_flow, ready_models
from queries.worked import known_worked, known_worked_cells
from scoring.worked import pooled
from scoring.worked_words import NOT_TOLD, WORKED_MEANS

MODELS = Path(__file__).parents[1] / "models"
ASKED = {
    "grid": ("fit_engagement", ["grid"]),
    "levels": ("gamified", ["levels"]),
    "accounts": ("account_based", ["accounts", "--backtest"]),
}


def run(workspace, name, *more):
    model, arguments = ASKED[name]
    given = ["--workspace", str(workspace.path), "--model", str(MODELS / f"{model}.toml"), *more]
    result = CliRunner().invoke(main, [*arguments, *given])
    assert result.exit_code == 0, result.output
    return result.stdout


def rates(document, name):
    """Rows with a rate by their name: those of all periods together."""
    if name == "levels":
        return {level["level"]: level["backtest"] for level in document["levels"]}
    rows = document["pooled"]["cells" if name == "grid" else "tiers"]
    return {row["cell" if name == "grid" else "tier"]: row for row in rows}


@pytest.mark.parametrize("name", ASKED)
def test_each_rate_has_the_share_beside_it(demo_workspace, name):
    flow, model = open_flow(demo_workspace), ready_models()[ASKED[name][0]]
    find = {"grid": known_worked_cells, "levels": known_worked, "accounts": known_worked_accounts}[name]
    shares = pooled(find(flow, model))
    rows = rates(json.loads(run(demo_workspace, name, "--json")), name)
    assert {key: (row["worked"], row["worked_share"]) for key, row in rows.items()} == {
        key: (one.worked, one.share) for key, one in shares.items()
    }
    size = "accounts" if name == "accounts" else "leads"
    assert {key: row[size] for key, row in rows.items()} == {key: one.leads for key, one in shares.items()}
    text = run(demo_workspace, name)
    assert NOT_TOLD not in text
    if name == "grid":
        assert text.splitlines()[-1] == WORKED_MEANS
        for line in text.splitlines()[-1 - len(shares) : -1]:
            assert line.endswith(f"{shares[line.split()[1]].share * 100:.1f} %")
    else:
        (line,) = [line for line in text.splitlines() if "sales worked: " in line]
        for one in shares.values():
            assert f" {100 * one.share:.0f}\u00a0%" in line


@pytest.mark.parametrize("name", ASKED)
def test_with_wins_alone_nothing_is_claimed(wins_only, name):
    rows = rates(json.loads(run(wins_only, name, "--json")), name)
    assert {(row["worked"], row["worked_share"]) for row in rows.values()} == {(None, None)}
    text = run(wins_only, name)
    assert text.count(NOT_TOLD) == 1
    assert "worked" not in text.replace(NOT_TOLD, "")


def test_periods_of_accounts_and_cells_have_theirs(demo_workspace):
    for name, rows in (("accounts", "tiers"), ("grid", "cells")):
        document = json.loads(run(demo_workspace, name, "--json"))
        summed = sum(row["worked"] for period in document["periods"] for row in period[rows])
        assert summed == sum(row["worked"] for row in document["pooled"][rows]) > 0
