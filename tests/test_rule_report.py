"""The rule report on counts made by hand: shares, shifts, redundancy and the sentences about them."""

import numpy as np
import pytest

from scoring.plain_json import to_plain
from scoring.rule_evidence import Evidence
from scoring.rule_report import RuleFiring, rule_report, rule_sentences
from scoring.stability import Shift

LEADS, WON = 1_000, 100


def firing(fired, points, nested=False):
    """Periods of 1,000 leads, 100 of which convert.

    `fired` gives, for each rule and period, leads without and with a conversion for which it fires. Two rules
    fire independently, or, nested, whenever the rarer one does.
    """
    fired = np.array(fired, dtype=np.int64)
    rules, periods, _ = fired.shape
    leads = np.tile([LEADS - WON, WON], (periods, 1))
    levels = np.zeros((rules, periods, 2, 5), dtype=np.int64)
    levels[..., 1] = fired
    levels[..., 0] = leads - fired
    counts = fired.sum(axis=2)
    together = np.minimum if nested else lambda a, b: a * b // LEADS
    both = together(counts[:, None, :], counts[None, :, :]).transpose(2, 0, 1)
    for number in range(rules):
        both[:, number, number] = counts[number]
    labels = tuple(f"2025-Q{number + 1}" for number in range(periods))
    names = tuple(f"rule_{number}" for number in range(rules))
    return RuleFiring(names, labels, leads, levels, both, np.array(points, dtype=np.int64))


def test_each_rule_is_judged_over_all_periods_and_in_each():
    fired = [
        [[90, 40], [90, 40]],
        [[90, 10], [90, 10]],
        [[180, 2], [180, 2]],
        [[0, 0], [0, 0]],
        [[900, 100]] * 2,
    ]
    report = rule_report(firing(fired, [[300, 300], [100, 100], [-80, -120], [0, 0], [0, 0]]))
    assert [line.evidence.evidence for line in report.rules] == [
        Evidence.HELPS,
        Evidence.NOTHING,
        Evidence.HARMS,
        Evidence.NEVER_FIRES,
        Evidence.ALWAYS_FIRES,
    ]
    helps = report.rules[0]
    assert helps.evidence.lift == pytest.approx((80 / 260) / 0.1)
    assert helps.evidence.rate_without == pytest.approx(120 / 1_740)
    assert [figures.fired for _, figures in helps.by_period] == [130, 130]
    assert [line.points for line in report.rules] == [600, 200, -200, 0, 0]
    assert [line.points_share for line in report.rules] == [0.6, 0.2, 0.2, 0, 0]
    assert {line.shift.shift for line in report.rules} == {Shift.STABLE}
    assert rule_sentences(report, {"rule_1": "Opens"}) == (
        "Opens: tells nothing about who buys (10.0 % convert with it, 10.0 % without).",
        "rule_3: never fires.",
        "rule_4: fires for every lead; only how often it counts can tell them apart.",
    )


def test_points_against_the_evidence_are_said():
    fired = [[[90, 40], [90, 40]], [[180, 2], [180, 2]]]
    report = rule_report(firing(fired, [[-10, -10], [10, 10]]))
    assert rule_sentences(report, {}) == (
        "rule_0: takes points from leads that buy more (30.8 % convert with it, 6.9 % without).",
        "rule_1: gives points to leads that buy less (1.1 % convert with it, 12.0 % without).",
    )


def test_what_moved_is_named_with_its_period_and_comes_first():
    fired = [[[90, 40], [90, 40], [90, 40]], [[90, 40], [400, 60], [90, 40]]]
    report = rule_report(firing(fired, np.ones((2, 3))))
    assert [verdict.shift for _, verdict in report.rules[1].shifts] == [Shift.LARGE, Shift.SOME]
    assert [label for label, _ in report.rules[1].shifts] == ["2025-Q2", "2025-Q3"]
    assert report.moved[0] == ("rule_1", report.rules[1].shift)
    assert "rule_1: counts otherwise than before in 2025-Q2, 2025-Q3." in rule_sentences(report, {})


def test_rules_that_fire_for_the_same_leads_are_a_pair():
    report = rule_report(firing([[[90, 40]], [[90, 38]], [[300, 30]]], np.ones((3, 1)), nested=True))
    assert [(pair.first, pair.second) for pair in report.redundant] == [("rule_0", "rule_1")]
    assert report.rules[0].shift is None and report.moved == ()
    assert "rule_0 and rule_1 fire for nearly the same leads." in rule_sentences(report, {})


def test_what_is_kept_back_has_no_part():
    counts = firing([[[90, 40], [0, 0]]], [[5, 7]])
    report = rule_report(counts, left_out=["2025-Q2"])
    assert report.periods == ("2025-Q1",)
    assert (report.rules[0].evidence.leads, report.rules[0].points) == (LEADS, 5)
    nothing = rule_report(counts, left_out=["2025-Q1", "2025-Q2"])
    assert nothing.rules[0].evidence.evidence is Evidence.TOO_LITTLE_DATA
    assert nothing.rules[0].points_share is None


def test_a_report_becomes_plain_json():
    report = rule_report(firing([[[90, 40], [90, 40]]], [[1, 2]]))
    plain = to_plain(report)
    assert plain["rules"][0]["evidence"]["evidence"] == "fires for better leads"
    assert plain["rules"][0]["by_period"][0][0] == "2025-Q1"
    assert to_plain({"a": np.array([[1, 2]]), "b": float("inf"), "c": np.float64("nan")}) == {
        "a": [[1, 2]],
        "b": None,
        "c": None,
    }
