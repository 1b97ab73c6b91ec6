"""Different leads behind lead-moments, and how soon they were won, equal a plain loop over the reference."""

from collections import Counter
from datetime import timedelta

from hypothesis import given

from queries.unique_leads import unique_leads
from queries.win_delays import wins_by_days
from scoring.model_file import model_from_dict
from tests import reference
from tests.seeded import examples
from tests.sql_path import open_flow
from tests.test_comparison_queries import crowded

DAY = timedelta(days=1)


def plain_leads(rows, model):
    """By tier, None for all: distinct leads and distinct converted ones."""
    chosen = {tier.name: [row for row in rows if row["tier"] == tier.name] for tier in model.tiers}
    chosen[None] = rows
    return {
        name: (
            len({row["lead_id"] for row in group}),
            len({row["lead_id"] for row in group if row["converted"]}),
        )
        for name, group in chosen.items()
    }


def plain_days(facts, rows, model):
    """Leads by whole days from their last moment to the first conversion; None where none came before it."""
    days = Counter()
    for lead_id in facts.outcomes.keys() - facts.excluded:
        outcomes = facts.outcomes[lead_id]
        times = [row["occurred_at"] for row in outcomes if reference.in_stages(row, model, "stages")]
        if not times:
            continue
        moments = [row["moment"] for row in rows if row["lead_id"] == lead_id and row["moment"] <= min(times)]
        days[(min(times) - max(moments)) // DAY if moments else None] += 1
    return days


@examples(30)
@given(case=crowded())
def test_unique_leads_and_days_to_wins_equal_the_plain_loop(tmp_path, case):
    model = model_from_dict(case.model)
    with open_flow(tmp_path / "data.duckdb", case.data, case.imported_at) as flow:
        if flow.observed_until is None:
            return
        leads = unique_leads(flow, model)
        wins, total = wins_by_days(flow, model)
    facts = reference.Facts(case.data, case.model, case.imported_at)
    rows = reference.lead_moments(case.data, case.model, case.imported_at)
    assert leads == plain_leads([row for row in rows if row["mature"]], model)
    days = plain_days(facts, rows, case.model)
    assert total == days.total()
    assert dict(enumerate(wins.tolist())) == {day: days[day] for day in range(len(wins))}
    assert sum(wins) == total - days[None]
