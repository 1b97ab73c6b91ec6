"""On the bank's data what is learned foretells each quarter about as well as a reference regression did."""

import re
import tomllib
from datetime import datetime
from pathlib import Path

import pytest

from queries.dataset import open_flow
from queries.prediction import history_of
from scoring.model_file import parse_model
from scoring.prediction import predict
from tests.test_real_data import EXAMPLES, load_example, needs_data

REFERENCE: dict[str, float] = tomllib.loads(
    (EXAMPLES / "bank" / "reference.toml").read_text(encoding="utf-8")
)["auc"]
END = datetime(2010, 12, 31)
"""The last calls are dated before the year ends; with it all of them are complete."""

LEARNED_FROM_LESS = "2009-Q2"
"""There the reference is what a regression finds that has seen nothing but the quarter before."""


def model():
    path = EXAMPLES / "bank" / "history.toml"
    return parse_model(path.read_text(encoding="utf-8"), path.name)


def test_the_model_knows_nothing_that_comes_after_the_call():
    fields = {condition.field for rule in model().rules for condition in rule.where}
    assert "duration" not in fields
    assert {"poutcome", "pdays", "previous", "job", "age", "contact"} <= fields


@needs_data
def test_each_quarter_is_foretold_about_as_well_as_by_the_reference(tmp_path: Path) -> None:
    flow = open_flow(load_example("bank", tmp_path))
    assert flow is not None
    found = predict(history_of(flow, model(), observed_until=END), model().enabled_rules)
    learned = {period.period: period.ranking.auc_b for period in found.periods}
    assert list(learned) == list(REFERENCE)
    for period, expected in REFERENCE.items():
        if period == LEARNED_FROM_LESS:
            assert learned[period] > expected
        else:
            assert learned[period] == pytest.approx(expected, abs=0.035), period
    assert [f"{auc:.3f}".removeprefix("0") for auc in learned.values()] == printed("`tierline predict`")


def test_the_figures_beside_are_those_of_the_file():
    assert [f"{auc:.3f}".removeprefix("0") for auc in REFERENCE.values()] == printed("reference")


def printed(row: str) -> list[str]:
    """The figures of a row of the table in examples/README.md."""
    lines = (EXAMPLES / "README.md").read_text(encoding="utf-8").splitlines()
    [line] = [line for line in lines if line.startswith(f"| {row} |")]
    return re.findall(r"\.\d{3}", line)
