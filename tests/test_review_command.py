"""``tierline review``: the figures of the back-test, forecasts replayed, and the leads behind a figure."""

import csv
import json

import pytest
from click.testing import CliRunner

from commands.main import main
from commands.percent import likely_text, percent_text


@pytest.fixture
def tierline(demo_workspace):
    def run(*arguments, fails=False):
        result = CliRunner().invoke(main, [*arguments, "--workspace", str(demo_workspace.path)])
        assert result.exit_code == (2 if fails else 0), result.output
        return result.stderr if fails else result.stdout

    return run


def figures_of(printed, period):
    """Those of a period; what sales worked stands elsewhere in a review."""
    found = next(figures for figures in printed["periods"] if figures["period"] == period)
    beside = ("worked", "worked_share")
    tiers = [{key: value for key, value in tier.items() if key not in beside} for tier in found["tiers"]]
    return found | {"tiers": tiers}


def test_its_figures_equal_the_back_tests_to_the_digit(tierline):
    review, backtest = json.loads(tierline("review", "--json")), json.loads(tierline("backtest", "--json"))
    backtest.pop("evidence")
    assert review["backtest"] == backtest
    this, before = figures_of(backtest, review["period"]), figures_of(backtest, review["before_label"])
    assert review["this"] == this
    assert review["before"] == before
    assert [tier["this"] for tier in review["tiers"]] == this["tiers"]
    assert [tier["before"] for tier in review["tiers"]] == before["tiers"]
    segments = json.loads(tierline("backtest", "--segment", "source", "--json"))["segments"]
    for row in review["sources"]["rows"]:
        if row["all"]["leads"]:
            part = figures_of(segments[row["value"]], review["period"])
            assert (row["all"]["leads"], row["all"]["rate"]) == (part["leads"], part["rate"])
            assert row["top"] == part["tiers"][-1]


def test_the_text_says_what_happened_with_counts_and_ranges(tierline):
    text, review = tierline("review"), json.loads(tierline("review", "--json"))
    assert review["headline"] in text
    assert all(sentence in text for sentence in review["sentences"] + review["caveats"])
    top = review["tiers"][-1]["this"]
    assert f"{percent_text(top['rate'])} ({likely_text(top['low'], top['high'])}) of {top['leads']:,}" in text


def test_beside_each_rate_it_prints_what_sales_worked(tierline):
    text, review = tierline("review"), json.loads(tierline("review", "--json"))
    tiers = json.loads(tierline("alignment", "--json"))["models"][0]["tiers"]
    for tier, aligned in zip(review["tiers"], tiers, strict=True):
        pooled = tier["worked"]["pooled"]
        assert (pooled["worked"], pooled["share"]) == (aligned["worked"], aligned["worked_share"])
        for label in (review["period"], review["before_label"], review["year_before_label"]):
            found = tier["worked"][label]
            assert f"{percent_text(found['share'])} ({found['worked']:,} of {found['leads']:,})" in text


def test_the_replay_prints_every_forecast_and_how_many_held(tierline):
    printed = json.loads(tierline("review", "--replay", "--json"))
    made = [replay for replay in printed["replays"] if replay["holds"] is not None]
    assert printed["conversions"]["forecasts"] == len(made)
    assert printed["conversions"]["held"] == sum(replay["holds"] for replay in made)
    assert printed["conversions"]["share"] >= 0.85
    for replay in made:
        wins = replay["forecast"]["conversions"]
        assert replay["holds"] == (wins["low"] <= replay["conversions"] <= wins["high"])
    text = tierline("review", "--replay")
    assert f"{printed['conversions']['held']} of {len(made)} intervals of the conversions" in text
    assert "not forecast, it takes 3 complete periods" in text


def test_the_leads_behind_a_figure_are_written(tierline, tmp_path):
    review = json.loads(tierline("review", "--json"))
    out = tmp_path / "leads.csv"
    tierline("review", "--leads-out", str(out), "--tier", "SQL", "--outcome", "converted")
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == review["tiers"][-1]["this"]["conversions"]
    assert {row["tier"] for row in rows} == {"SQL"}
    value = review["sources"]["rows"][0]["value"]
    said = tierline("review", "--leads-out", str(out), "--source", value)
    assert said.startswith(f"{review['sources']['rows'][0]['scored']:,} leads of {review['period']}")
    row = next(one for one in review["campaigns"]["rows"] if one["value"] != "(missing)")
    said = tierline("review", "--leads-out", str(out), "--campaign", row["value"])
    assert said.startswith(f"{row['scored']:,} leads of {review['period']}")
    column = review["campaigns"]["column"]
    segments = json.loads(tierline("backtest", "--segment", column, "--json"))["segments"]
    part = figures_of(segments[row["value"]], review["period"])
    assert (row["all"]["leads"], row["all"]["rate"]) == (part["leads"], part["rate"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--period", "1999-Q1"), "period must be one of"),
        (("--tier", "SQL"), "must stand with --leads-out"),
        (("--leads-out", "leads.txt"), "must end in .csv"),
        (("--leads-out", "leads.csv", "--tier", "Platinum"), "tier must be one of Nurture, MQL, SQL"),
        (("--leads-out", "leads.csv", "--replay"), "must stand without --replay"),
        (("--leads-out", "leads.csv", "--source", "a", "--campaign", "b"), "must stand without --campaign"),
    ],
)
def test_bad_input_ends_in_one_line(tierline, arguments, message):
    error = tierline("review", *arguments, fails=True)
    assert message in error
    assert error.count("\n") == 1
