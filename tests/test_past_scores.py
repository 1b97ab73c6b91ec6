"""What happens on or after a moment changes no score at that moment."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from queries.score_table import score_table
from scoring.model_file import model_from_dict
from tests.sql_path import open_flow
from tests.strategies import QUARTER_STARTS, cases

LATER = (timedelta(0), timedelta(microseconds=1), timedelta(days=1), timedelta(days=40))


@settings(max_examples=60)
@given(case=cases(), moment=st.sampled_from(QUARTER_STARTS), later=st.sampled_from(LATER), data=st.data())
def test_an_activity_or_outcome_on_or_after_a_moment_changes_no_score_at_it(
    tmp_path, case, moment, later, data
):
    model = model_from_dict(case.model)
    lead_id = data.draw(st.sampled_from([lead["lead_id"] for lead in case.data["leads"]]))
    future = {"lead_id": lead_id, "occurred_at": moment + later}
    more = dict(case.data)
    if data.draw(st.booleans()):
        activity_type = data.draw(st.sampled_from(["email_click", "webinar", "email_open"]))
        more["activities"] = [*more["activities"], future | {"activity_type": activity_type}]
    else:
        more["outcomes"] = [
            *more["outcomes"],
            future | {"stage": data.draw(st.sampled_from(["won", "lost"]))},
        ]
    imported_at = moment + timedelta(days=400)
    tables = []
    for rows in (case.data, more):
        with open_flow(tmp_path / "data.duckdb", rows, imported_at) as flow:
            tables.append(score_table(flow, model, moment).to_pylist())
    assert tables[0] == tables[1]
