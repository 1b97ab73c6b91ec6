"""What rules add: the model with them beside the model without them, counted again the slow way."""

import json

import numpy as np
import pytest
from click.testing import CliRunner
from sklearn.metrics import roc_auc_score

from commands.main import main
from queries.comparison import lead_rows
from queries.dataset import open_flow, ready_models
from queries.nested import rules_add
from scoring.backtest import compute_backtest
from scoring.comparison import Level
from scoring.errors import ScoringError
from scoring.joint_cells import JointCells, LeadRows
from scoring.model import Condition, Conversion, Model, Rule, Tier
from scoring.nested import choose_rules, measure_added, social_rules, without_rules
from scoring.nested_words import added_sentences, added_title
from scoring.returning_leads import Returns

SOCIAL = ready_models()["social"]


@pytest.fixture(scope="module")
def flow(demo_workspace):
    return open_flow(demo_workspace)


@pytest.fixture(scope="module")
def added(flow):
    return rules_add(flow, SOCIAL, categories=["social"])


def best_share(score, won, room):
    """Share of wins among the `room` best leads, leads at the last score in proportion."""
    caught, left = 0.0, float(room)
    for value in sorted(set(score.tolist()), reverse=True):
        here = score == value
        part = min(1.0, left / here.sum())
        caught += part * won[here].sum()
        left -= part * here.sum()
        if left <= 0:
            break
    return caught


def test_figures_are_those_of_a_slow_count(flow, added):
    without = without_rules(SOCIAL, added.rules)
    rows = lead_rows(flow, SOCIAL, without)
    caught_with = caught_without = 0.0
    threshold = SOCIAL.tiers[-1].threshold
    for number, part in enumerate(added.periods):
        here = rows.period == number
        score, other, won = rows.score_a[here], rows.score_b[here], rows.converted[here]
        assert (part.leads, part.conversions) == (here.sum(), won.sum())
        assert part.auc.auc_b == pytest.approx(roc_auc_score(won, score))
        assert part.auc.auc_a == pytest.approx(roc_auc_score(won, other))
        room = (score >= threshold).sum()
        assert part.worked_leads == room
        wins = (best_share(other, won, room), best_share(score, won, room))
        assert part.caught_without == pytest.approx(wins[0] / won.sum())
        assert part.caught.value == pytest.approx(wins[1] / won.sum())
        caught_without, caught_with = caught_without + wins[0], caught_with + wins[1]
    pooled = added.pooled
    assert pooled.conversions == rows.converted.sum()
    assert pooled.auc.difference == pytest.approx(
        roc_auc_score(rows.converted, rows.score_a) - roc_auc_score(rows.converted, rows.score_b)
    )
    assert pooled.caught_without == pytest.approx(caught_without / pooled.conversions)
    assert pooled.caught.value == pytest.approx(caught_with / pooled.conversions)
    assert added.leads_moved == (rows.score_a != rows.score_b).sum()


def test_the_model_with_the_rules_is_the_back_test_itself(flow, added):
    figures = compute_backtest(flow.cells(SOCIAL), SOCIAL)
    top = figures.pooled.tiers[-1]
    assert added.pooled.auc.auc_b == pytest.approx(figures.pooled.auc)
    assert added.pooled.caught.value == pytest.approx(top.capture)
    assert added.pooled.worked_leads == top.leads


def test_a_period_kept_back_enters_nothing(flow, added):
    newest = added.periods[-1].period
    part = rules_add(flow, SOCIAL, categories=["social"], left_out=[newest])
    assert part.left_out == (newest,)
    assert part.periods == added.periods[:-1]
    assert part.pooled.leads == added.pooled.leads - added.periods[-1].leads


def small(leads=1):
    """Two leads of four win; without the rules the second winner is last, with them second."""
    model = Model(
        schema_version=1,
        name="small",
        conversion=Conversion(stages=("won",), horizon_days=90),
        tiers=(Tier(name="low", threshold=0), Tier(name="high", threshold=5)),
        rules=(
            Rule(id="one", category="rest", source="lead", points=1),
            Rule(id="two", category="social", source="lead", points=5),
        ),
    )
    score_a, score_b = np.array([6, 4, 3, 1]), np.array([6, 4, 3, 6])
    won = np.array([True, False, False, True])
    joint = JointCells(("2025-Q1",), np.zeros(4, int), score_a, score_b, won, np.full(4, leads))
    lead = np.arange(4 * leads)
    columns = (np.repeat(one, leads) for one in (np.zeros(4, int), score_a, score_b, won))
    return model, joint, LeadRows(("2025-Q1",), lead, *columns)


def test_a_case_counted_by_hand():
    model, joint, rows = small(leads=50)
    found = measure_added(joint, rows, model, choose_rules(model, ["social"]), Returns(1, 1))
    assert (found.pooled.auc.auc_a, found.pooled.auc.auc_b) == (0.5, 1.0)
    assert found.pooled.worked_leads == 100
    # Without the rule the hundred best are fifty winners and fifty who were not.
    assert (found.pooled.caught_without, found.pooled.caught.value) == (0.5, 1.0)
    assert found.leads_moved == 50
    assert found.pooled.level is Level.BETTER
    assert added_title(found) == "These rules add something"
    assert "100.0 times in 100, without them 50.0 times: +50.0" in added_sentences(found)[0]


def test_few_wins_give_no_verdict():
    model, joint, rows = small()
    found = measure_added(joint, rows, model, choose_rules(model, ["social"]), Returns(1, 1))
    assert added_title(found) == "Too little data to say what these rules add"
    assert added_sentences(found)[-1] == "2 of 4 leads converted, too few for a verdict."


def test_rules_that_move_nobody_say_so(flow):
    idle = SOCIAL.rule("social_like").model_copy(update={"id": "idle", "points": 0})
    model = SOCIAL.model_copy(update={"rules": (*SOCIAL.rules, idle)})
    found = rules_add(flow, model, rules=["idle"])
    assert found.leads_moved == 0
    assert found.pooled.auc.difference == 0
    assert added_title(found) == "These rules change no score"


def test_nothing_mature_gives_no_figures():
    model, joint, rows = small()
    empty = measure_added(
        joint.only([]), rows.only([]), model, choose_rules(model, ["social"]), Returns(1, 1)
    )
    assert empty.periods == ()
    assert empty.pooled.auc.difference is None
    assert empty.pooled.caught.value is None
    assert empty.pooled.level is Level.TOO_LITTLE_DATA


def test_social_rules_are_found_by_category_or_by_what_they_ask_for():
    guideline = ready_models()["b2b_guideline"]
    assert social_rules(guideline) == ("social",)
    assert len(social_rules(SOCIAL)) == 6
    assert social_rules(ready_models()["retail"]) == ()
    not_social = Condition(field="channel", operator="not_equals", value="social")
    rule = Rule(id="r", category="c", source="activity", points=1, where=(not_social,))
    assert social_rules(guideline.model_copy(update={"rules": (rule,)})) == ()


def test_rules_are_chosen_by_category_and_by_name_in_the_models_order():
    chosen = choose_rules(SOCIAL, ["FIT"], ["social_like"])
    assert [rule.id for rule in chosen] == ["social_like", "seniority", "company_size", "industry"]
    off = SOCIAL.rule("social_like").model_copy(update={"enabled": False})
    model = SOCIAL.model_copy(update={"rules": (off, *SOCIAL.rules[:4])})
    for categories, rules, named in (
        (["nothing"], [], "must be one of social, engagement, fit"),
        ([], ["nothing"], "got 'nothing'"),
        ([], [], "got none"),
        (["social", "engagement", "fit"], [], "got all of them"),
    ):
        with pytest.raises(ScoringError, match=named):
            choose_rules(SOCIAL, categories, rules)
    with pytest.raises(ScoringError, match="got 'social_like'"):
        choose_rules(model, [], ["social_like"])


def run(workspace, *words, code=0):
    result = CliRunner().invoke(main, ["adds", "--workspace", str(workspace.path), *map(str, words)])
    assert result.exit_code == code, result.output
    return result


def test_the_command_prints_what_the_function_gives(demo_workspace, tmp_path, added):
    path = tmp_path / "social.toml"
    CliRunner().invoke(main, ["models", "ready-made", "social", "--out", str(path)])
    printed = json.loads(run(demo_workspace, "--model", path, "--category", "social", "--json").stdout)
    assert printed["verdict"] == added_title(added)
    assert printed["rules"] == list(added.rules)
    assert printed["pooled"]["auc"]["difference"] == added.pooled.auc.difference
    assert [part["period"] for part in printed["periods"]] == [part.period for part in added.periods]
    by_default = json.loads(run(demo_workspace, "--model", path, "--json").stdout)
    assert by_default["pooled"] == printed["pooled"]
    text = run(demo_workspace, "--model", path).stdout
    assert all(sentence in text for sentence in added_sentences(added))


def test_the_command_asks_which_rules_where_none_is_social(demo_workspace, tmp_path):
    path = tmp_path / "retail.toml"
    CliRunner().invoke(main, ["models", "ready-made", "retail", "--out", str(path)])
    error = run(demo_workspace, "--model", path, code=2).stderr
    assert "its categories are browsing, cart, loyalty" in error
