"""The browser's arithmetic: JavaScript, SQL and the plain loop agree, number for number."""

import json
import os
import random
import shutil
import subprocess
from datetime import datetime
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from pages.components import format as text
from pages.components.console.payload import counts_payload, response_payload, tiers_payload
from scoring.backtest import compute_backtest
from scoring.cells import Cells, count_by_score
from scoring.distribution import score_distribution
from scoring.model import Category, Rule
from scoring.model_file import model_from_dict
from scoring.response import ResponseTable
from tests import reference
from tests.sql_path import open_flow
from tests.strategies import POINTS, cases, models

ROOT = Path(__file__).parents[1]
EXAMPLES = int(os.environ.get("TIERLINE_EXAMPLES", "500"))
CAPS = (None, 1, 3, 12, 50)
TELLING_COUNTS = (0, 1, 9, 10, 11, 19, 20, 21, 30, 50, 90, 110, 399, 20_000)
GENERATE_ONLY = [Phase.generate]
PATIENT = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture]


def node():
    """Where Node.js is; the test fails, and says so, where it is missing."""
    path = shutil.which("node")
    if path is None:
        pytest.fail("Node.js must be installed for the console's tests (Debian: apt-get install nodejs)")
    return path


def evaluate(folder, **given_cases):
    """What the console's modules make of the cases."""
    file = folder / "cases.json"
    file.write_text(json.dumps(given_cases), encoding="utf-8")
    command = [node(), str(ROOT / "tests" / "console" / "evaluate.mjs"), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@cache
def random_models():
    """Random models as the plain loop takes them, the same ones every time."""
    values = []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        phases=GENERATE_ONLY,
        suppress_health_check=PATIENT,
        database=None,
    )
    @given(models(with_grid=False))  # the console never shows a grid
    def keep(value):
        values.append(value)

    keep()
    return values


def random_table(model, seed):
    """A response table of random cells, crowded around the limits and around halves of points."""
    rng = np.random.default_rng(seed)
    rows, periods, segments = int(rng.integers(0, 60)), int(rng.integers(1, 5)), ("a", "b")
    cells = Cells(
        periods=tuple(f"2025-Q{place + 1}" for place in range(periods)),
        segments=segments,
        segment=rng.integers(0, 2, rows),
        period=rng.integers(0, periods, rows),
        score=np.zeros(rows, dtype=np.int64),
        mature=rng.random(rows) < 0.8,
        converted=rng.random(rows) < 0.4,
        leads=rng.choice([1, 2, 3, 300, 70_000], rows),
        amount=np.zeros(rows, dtype=np.int64),
        unscored_conversions=np.zeros((2, periods), dtype=np.int64),
        horizon_days=90,
        observed_until=datetime(2026, 1, 1),
    )
    low, high = sorted(rng.choice([-20, -3, 0, 2, 10, 30], 2).tolist())
    limits = {"min_points": low} if rng.random() < 0.5 else {}
    limits |= {"max_points": high} if rng.random() < 0.5 else {}
    return ResponseTable(
        cells=cells,
        rest_of_category=rng.integers(-40, 200, rows),
        rest=rng.integers(-60, 140, rows),
        count=rng.choice(TELLING_COUNTS, rows),
        category=Category(name="engagement", **limits),
        min_score=model.min_score,
        max_score=model.max_score,
    )


def random_changes(seed):
    draw = random.Random(seed)
    return [(draw.choice(POINTS), draw.choice(CAPS)) for _ in range(2)]


def counts_of(cells, low, high):
    counts = count_by_score(cells, low, high)
    return counts.converted.ravel().tolist(), counts.not_converted.ravel().tolist()


def assert_figures(figures, cells, model):
    """The browser's figures are those of the back-test: counts equal, fractions to 1e-9."""
    backtest = compute_backtest(cells, model)
    assert_rates(figures, backtest.pooled)
    for name, expected in (("auc", "auc"), ("aucLow", "auc_low"), ("aucHigh", "auc_high")):
        assert figures[name] == pytest.approx(getattr(backtest.pooled, expected), abs=1e-9)
    by_period = {period["period"]: period for period in figures["byPeriod"]}
    for period in backtest.periods:
        assert by_period[period.period]["open"] == period.immature_leads
        assert_rates(by_period[period.period], period)
    bins = score_distribution(cells, model.min_score, model.max_score)
    assert figures["distribution"] == {
        "low": bins.low.tolist(),
        "width": bins.width,
        "converted": bins.converted.tolist(),
        "notConverted": bins.not_converted.tolist(),
        "convertedHalf": bins.converted_half,
        "notConvertedHalf": bins.not_converted_half,
    }


def assert_rates(figures, expected):
    assert (figures["leads"], figures["conversions"]) == (expected.leads, expected.conversions)
    assert figures["rate"] == pytest.approx(expected.rate, abs=1e-9)
    assert [tier["name"] for tier in figures["tiers"]] == [tier.tier for tier in expected.tiers]
    for tier, expected_tier in zip(figures["tiers"], expected.tiers, strict=True):
        assert (tier["leads"], tier["conversions"]) == (expected_tier.leads, expected_tier.conversions)
        for name in ("rate", "low", "high", "lift", "capture"):
            assert tier[name] == pytest.approx(getattr(expected_tier, name), abs=1e-9)


def test_scores_of_random_models_and_counts_equal_those_of_the_plain_loop(tmp_path, monkeypatch):
    draw = random.Random(0)
    given_models = random_models()
    vectors = []
    for model in given_models:
        enabled = [rule["id"] for rule in model["rules"] if rule.get("enabled", True)]
        vectors.append([{rule: draw.choice(TELLING_COUNTS) for rule in enabled} for _ in range(8)])
    scores = evaluate(
        tmp_path,
        scores=[
            {"model": model, "counts": [list(counts.values()) for counts in given_counts]}
            for model, given_counts in zip(given_models, vectors, strict=True)
        ],
    )["scores"]
    monkeypatch.setattr(reference, "rule_count", lambda rule, lead, *_: lead[rule["id"]])
    expected = [
        [reference.score_lead(counts, None, model, None)["score"] for counts in given_counts]
        for model, given_counts in zip(given_models, vectors, strict=True)
    ]
    assert scores == expected


def test_counts_and_figures_from_random_response_tables_equal_those_of_python(tmp_path):
    given_models = [model_from_dict(model) for model in random_models()]
    tables = [random_table(model, seed) for seed, model in enumerate(given_models)]
    responses = evaluate(
        tmp_path,
        responses=[
            {
                "response": response_payload(table, "rule", "draft"),
                "tiers": tiers_payload(model),
                "changes": [{"points": p, "maxPoints": cap} for p, cap in random_changes(seed)],
            }
            for seed, (model, table) in enumerate(zip(given_models, tables, strict=True))
        ],
    )["responses"]
    for seed, (model, table, results) in enumerate(zip(given_models, tables, responses, strict=True)):
        for (points, cap), result in zip(random_changes(seed), results, strict=True):
            cells = table.at(points, cap)
            counts = result["counts"]
            expected = counts_of(cells, model.min_score, model.max_score)
            assert (counts["converted"], counts["notConverted"]) == expected
            assert_figures(result["figures"], cells, model)


def test_javascript_and_sql_give_random_models_the_same_figures(tmp_path):
    given_cases, expected = [], []
    change = st.tuples(st.sampled_from(POINTS), st.sampled_from(CAPS), st.integers(0, 4))

    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=PATIENT)
    @given(case=cases(with_grid=False), change=change)
    def keep(case, change):
        model, (points, cap, place) = model_from_dict(case.model), change
        assume(model.enabled_rules)
        rule = model.enabled_rules[place % len(model.enabled_rules)]
        changed = with_rule(model, rule, points, cap)
        with open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
            assume(flow.observed_until is not None or case.observed_until is not None)
            table = flow.response_table(model, rule.id, None, case.observed_until)
            cells = flow.cells(changed, None, case.observed_until)
        given_cases.append(
            {
                "response": response_payload(table, rule.id, "draft"),
                "tiers": tiers_payload(changed),
                "changes": [{"points": points, "maxPoints": cap}],
            }
        )
        expected.append((changed, cells))

    keep()
    responses = evaluate(tmp_path, responses=given_cases)["responses"]
    for (model, cells), (result,) in zip(expected, responses, strict=True):
        counts = result["counts"]
        assert counts["periods"] == list(cells.periods)
        assert (counts["converted"], counts["notConverted"]) == counts_of(
            cells, model.min_score, model.max_score
        )
        assert_figures(result["figures"], cells, model)


def with_rule(model, rule: Rule, points, cap):
    changed = rule.model_copy(update={"points": points, "max_points": cap})
    return model.model_copy(
        update={"rules": tuple(changed if each is rule else each for each in model.rules)}
    )


def test_figures_of_counts_equal_those_of_the_back_test(tmp_path):
    given_models = [model_from_dict(model) for model in random_models()[: max(1, EXAMPLES // 5)]]
    cells = [random_table(model, seed).at(7, None) for seed, model in enumerate(given_models)]
    results = evaluate(
        tmp_path,
        figures=[
            {"counts": counts_payload(each, model.min_score, model.max_score), "tiers": tiers_payload(model)}
            for model, each in zip(given_models, cells, strict=True)
        ],
    )["figures"]
    for model, each, figures in zip(given_models, cells, results, strict=True):
        assert_figures(figures, each, model)


def test_a_part_of_the_segments_gives_the_counts_of_that_part(tmp_path):
    given_models = [model_from_dict(model) for model in random_models()[: max(1, EXAMPLES // 5)]]
    tables = [random_table(model, seed) for seed, model in enumerate(given_models)]
    responses = evaluate(
        tmp_path,
        responses=[
            {
                "response": response_payload(table, "rule", "draft", ["b"]),
                "tiers": tiers_payload(model),
                "changes": [{"points": 5, "maxPoints": None}],
            }
            for model, table in zip(given_models, tables, strict=True)
        ],
    )["responses"]
    for model, table, (result,) in zip(given_models, tables, responses, strict=True):
        cells = table.at(5, None).filter(["b"])
        counts = result["counts"]
        assert counts["periods"] == list(cells.periods)
        assert (counts["converted"], counts["notConverted"]) == counts_of(
            cells, model.min_score, model.max_score
        )


def test_figures_are_written_as_python_writes_them(tmp_path):
    draw = random.Random(1)
    # Ties to the even digit, what rounds to nothing, what only looks like a tie, thousands.
    telling = [0, 0.0004, 0.0005, 0.00125, 0.0025, 0.0075, 0.0625, 0.125, 0.35, 0.145, 0.9995, 0.99951, 1]
    rates = [None, *telling, *(draw.random() for _ in range(300)), *(n / 800 for n in range(800))]
    numbers = [None, 0, 7, 999, 1000, 1234567, -1, -35, -1000]
    deltas = [None, *(sign * rate for rate in rates[1:] for sign in (1, -1))]
    written = {
        "percent": [((rate,), text.percent(rate)) for rate in rates]
        + [((rate, 0), text.percent(rate, 0)) for rate in rates],
        "count": [((number,), text.count(number)) for number in numbers[:6]],
        "signedCount": [((number,), text.signed_count(number)) for number in numbers],
        "signedPoints": [((delta,), text.signed_points(delta)) for delta in deltas],
        "times": [((rate and 7 * rate,), text.times(rate and 7 * rate)) for rate in rates],
        "timesIn100": [((rate,), text.times_in_100(rate)) for rate in rates],
        "likelyRange": [((rate, 0.5), text.likely_range(rate, 0.5)) for rate in rates],
        "likelyTimes": [((rate, 0.5), text.likely_times(rate, 0.5)) for rate in rates],
    }
    cases_in_order = [(name, *case) for name, given in written.items() for case in given]
    texts = evaluate(tmp_path, texts=[[name, *given] for name, given, _ in cases_in_order])["texts"]
    differing = [(case, shown) for case, shown in zip(cases_in_order, texts, strict=True) if case[2] != shown]
    assert differing == []


def test_the_tests_written_in_javascript_pass():
    files = sorted(str(path) for path in (ROOT / "tests" / "console").glob("*.test.mjs"))
    assert files
    done = subprocess.run([node(), "--test", *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
