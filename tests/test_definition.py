"""The definition of the tiers says what the model does."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given

from queries.dataset import DEFAULT_MODEL, ready_models
from scoring.definition import action_words, definition
from scoring.model import Model
from scoring.model_file import model_from_dict
from scoring.tiers import tier_names
from tests.strategies import models

GUIDELINE = ready_models()[DEFAULT_MODEL]


def sentence(model: Model, tier: str) -> str:
    return next(one.sentence for one in definition(model).tiers if one.tier == tier)


def test_the_guideline_in_words():
    assert sentence(GUIDELINE, "MQL") == (
        "Marketing-ready (MQL) is an open lead with 35 to 99 points; inside sales: invite to a webinar, "
        "qualify by phone, within 48 hours."
    )
    assert sentence(GUIDELINE, "SQL") == (
        "Sales-ready (SQL) is an open lead with 100 points or more; “Sent the contact form” alone is enough; "
        "sales: call, within 4 hours."
    )
    assert sentence(GUIDELINE, "Nurture").startswith("Nurture is an open lead with fewer than 35 points;")


def test_what_the_score_adds_up_and_what_counts_as_success():
    words = definition(GUIDELINE)
    assert "engagement (0 to 160 points from 12 rules, most for “Sent the contact form” +100" in words.score
    assert "fit (at most 40 points from" in words.score
    assert "365 days of silence" in words.score
    assert words.success == "A lead has converted when it reaches the stage “won” within 90 days."


def test_a_threshold_moves_the_sentence_of_both_its_neighbours():
    low, mql, sql = GUIDELINE.tiers
    moved = GUIDELINE.model_copy(update={"tiers": (low, mql, sql.model_copy(update={"threshold": 120}))})
    assert "with 35 to 119 points" in sentence(moved, "MQL")
    assert "with 120 points or more; sales: call" in sentence(moved, "SQL")
    assert "“Sent the contact form” alone is enough" in sentence(moved, "MQL")


def test_a_tier_without_action_ends_after_its_points():
    tiers = tuple(
        tier.model_copy(update={"action": None, "owner": None, "respond_within_hours": None})
        for tier in GUIDELINE.tiers
    )
    plain = GUIDELINE.model_copy(update={"tiers": tiers})
    assert sentence(plain, "MQL").endswith("with 35 to 99 points.")
    assert action_words(tiers[0]) == ""


@given(models())
def test_every_score_of_a_band_belongs_to_the_tier_that_the_sentence_names(document):
    model = model_from_dict(document)
    words = definition(model)
    assert [one.tier for one in words.tiers] == [tier.name for tier in model.tiers]
    for one in words.tiers:
        if model.grid is not None:
            cells = zip(model.grid.cell_names, model.grid.tier_of_place, strict=True)
            assert all((name in one.sentence) == (tier == one.tier) for name, tier in cells)
            continue
        text = one.sentence.removeprefix(one.label).split(";")[0]
        if found := re.search(r"with (-?\d+) to (-?\d+) points", text):
            ends = [int(end) for end in found.groups()]
        elif found := re.search(r"with (-?\d+) points", text):
            ends = [int(found[1])]
        elif found := re.search(r"with fewer than (-?\d+) points", text):
            ends = [model.min_score, int(found[1]) - 1]
        else:
            assert "with any score" in text
            ends = [model.min_score, model.max_score]
        assert set(tier_names(np.array(ends), model)) == {one.tier}
