"""The demo data keep their promises: equal every time, in order, and with every planted effect to be seen."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from scipy.stats import fisher_exact

from demo_data.generator import generate
from scoring.model_file import parse_model

LEADS = 6_000
SEED = 7
FIRST = pd.Timestamp("2024-01-01")
AFTER_LAST = pd.Timestamp("2026-07-01")
QUARTER_STARTS = pd.date_range("2024-04-01", "2026-01-01", freq="QS")
HORIZON = pd.Timedelta(days=90)
CLOSING = ("won", "lost", "disqualified")
MODELS = Path(__file__).parent.parent / "models"
GUIDELINES = ("b2b_guideline.toml", "b2c_guideline.toml")


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    return generate(LEADS, SEED)


@pytest.fixture(scope="module")
def frames(tables):
    return {name: table.to_pandas() for name, table in tables.items()}


@pytest.fixture(scope="module")
def first_win(frames):
    outcomes = frames["outcomes"]
    return outcomes[outcomes.stage == "won"].groupby("lead_id").occurred_at.min()


@pytest.fixture(scope="module")
def lead_quarters(frames, first_win):
    """One row per quarter's first instant and lead not closed before it, and whether it bought in 90 days."""
    leads, outcomes = frames["leads"], frames["outcomes"]
    first_close = outcomes[outcomes.stage.isin(CLOSING)].groupby("lead_id").occurred_at.min()
    known = leads.merge(
        frames["accounts"][["account_id", "industry", "employees"]], how="left", on="account_id"
    )
    known["first_close"] = known.lead_id.map(first_close).fillna(AFTER_LAST)
    known["first_win"] = known.lead_id.map(first_win)
    rows = []
    for moment in QUARTER_STARTS:
        here = known[(known.created_at < moment) & (known.first_close >= moment)]
        rows.append(here.assign(moment=moment, converted=here.first_win < moment + HORIZON))
    return pd.concat(rows, ignore_index=True)


def did(lead_quarters, activities, days, at_least=1, older_than_days=0):
    """Whether each row's lead has `at_least` of the activities in the `days` before the moment."""
    pairs = lead_quarters[["lead_id", "moment"]].merge(activities[["lead_id", "occurred_at"]], on="lead_id")
    age = pairs.moment - pairs.occurred_at
    pairs = pairs[(age > pd.Timedelta(days=older_than_days)) & (age <= pd.Timedelta(days=days))]
    counts = pairs.groupby(["lead_id", "moment"]).size()
    index = pd.MultiIndex.from_frame(lead_quarters[["lead_id", "moment"]])
    return (counts.reindex(index, fill_value=0) >= at_least).to_numpy()


def compare(one, other):
    """Rates of two groups of lead-quarters and the p-value of their difference."""
    counts = [[group.converted.sum(), (~group.converted).sum()] for group in (one, other)]
    return one.converted.mean(), other.converted.mean(), fisher_exact(counts).pvalue


# --- Promises


def test_the_same_size_and_seed_give_the_same_tables(tables):
    again = generate(LEADS, SEED)
    assert all(again[name].equals(tables[name]) for name in tables)


def test_another_seed_gives_other_tables():
    one, other = generate(1_000, 1), generate(1_000, 2)
    assert not any(one[name].equals(other[name]) for name in one)


@pytest.mark.parametrize("leads", [1_000, 3_001])
def test_the_size_is_what_was_asked_for(leads):
    tables = generate(leads, 0)
    assert tables["leads"].num_rows == leads
    assert 14 * leads < tables["activities"].num_rows < 22 * leads


def test_busier_leads_do_more_and_buy_the_same():
    usual, busy = generate(2_000, 4), generate(2_000, 4, busy=2.5)
    assert 2.3 < busy["activities"].num_rows / usual["activities"].num_rows < 2.7
    assert busy["accounts"].equals(usual["accounts"])
    won = [tables["outcomes"].to_pandas().query("stage == 'won'") for tables in (usual, busy)]
    assert won[0][["lead_id", "occurred_at"]].equals(won[1][["lead_id", "occurred_at"]])


def test_blocks_join_into_tables_with_unique_ids(monkeypatch):
    monkeypatch.setattr("demo_data.generator.BLOCK_LEADS", 700)
    tables = {name: table.to_pandas() for name, table in generate(1_500, 3).items()}
    assert tables["leads"].lead_id.tolist() == [f"L{number:07d}" for number in range(1, 1_501)]
    assert tables["accounts"].account_id.is_unique
    assert tables["accounts"].name.is_unique
    leads_of_deal = tables["outcomes"].dropna(subset="deal_id").merge(tables["leads"], on="lead_id")
    assert (leads_of_deal.groupby("deal_id").account_id.nunique() <= 1).all()


@pytest.mark.parametrize(("leads", "seed"), [(999, 1), (1_000_001, 1), (1_000, -1)])
def test_a_size_or_seed_out_of_range_is_refused(leads, seed):
    with pytest.raises(ValueError, match="must be"):
        generate(leads, seed)


def test_times_are_timestamps_and_everything_else_is_text(tables):
    for table in tables.values():
        for field in table.schema:
            is_time = field.name in {"created_at", "occurred_at"}
            assert field.type == (pa.timestamp("us") if is_time else pa.string()), field


def test_ids_are_unique_and_references_hold(frames):
    leads, accounts = frames["leads"], frames["accounts"]
    assert leads.lead_id.is_unique
    assert accounts.account_id.is_unique
    assert set(leads.account_id.dropna()) <= set(accounts.account_id)
    assert set(frames["activities"].lead_id) <= set(leads.lead_id)
    assert set(frames["outcomes"].lead_id) <= set(leads.lead_id)
    assert leads.account_id.isna().mean() == pytest.approx(0.18, abs=0.03)
    assert leads.account_id.value_counts().median() >= 2


def test_every_address_is_one_that_nobody_can_own(frames):
    for name in ("leads", "accounts"):
        assert frames[name].email_domain.str.fullmatch(r"[a-z0-9-]+\.example").all()


def test_times_lie_within_the_ten_quarters_and_leave_the_last_one_open(frames):
    times = pd.concat(
        [frames["leads"].created_at, frames["activities"].occurred_at, frames["outcomes"].occurred_at]
    )
    assert times.min() >= FIRST
    assert times.dt.to_period("Q").nunique() == 10
    assert pd.Timestamp("2026-06-01") < times.max() < pd.Timestamp("2026-04-01") + HORIZON


def test_nothing_happens_before_a_lead_is_known(frames):
    created = frames["leads"].set_index("lead_id").created_at
    for name in ("activities", "outcomes"):
        assert (frames[name].occurred_at >= frames[name].lead_id.map(created)).all()


def test_some_leads_never_do_anything(frames):
    idle = ~frames["leads"].lead_id.isin(frames["activities"].lead_id)
    assert 0.04 < idle.mean() < 0.15


def test_stages_follow_each_other(frames):
    outcomes = frames["outcomes"].sort_values(["lead_id", "occurred_at"], kind="stable")
    assert set(outcomes.stage) == {
        *("mql", "accepted", "rejected", "sql", "opportunity"),
        *("won", "lost", "disqualified", "reopened"),
    }
    first = outcomes.groupby(["lead_id", "stage"]).occurred_at.min().unstack()
    won = first[first.won.notna()]
    for earlier, later in (
        ("mql", "accepted"),
        ("accepted", "sql"),
        ("sql", "opportunity"),
        ("opportunity", "won"),
    ):
        assert (won[earlier] < won[later]).all(), earlier
    assert (first.reopened.dropna() > first.lost[first.reopened.notna()]).all()
    last = outcomes.groupby("lead_id").tail(1)
    assert last[last.lead_id.isin(won.index)].stage.eq("won").all()


def test_reasons_stand_where_sales_says_no(frames):
    outcomes = frames["outcomes"]
    said_no = outcomes.stage.isin(["rejected", "disqualified", "lost"])
    assert outcomes[said_no].reason.notna().all()
    assert outcomes[~said_no].reason.isna().all()
    assert outcomes[said_no].reason.nunique() >= 8


def test_deals_have_one_amount_and_some_are_shared(frames):
    outcomes = frames["outcomes"]
    has_deal = outcomes.stage.isin(["opportunity", "won", "lost"])
    assert outcomes[has_deal].deal_id.notna().all()
    assert outcomes[~has_deal][["deal_id", "amount"]].isna().all(axis=None)
    deals = outcomes[has_deal].groupby("deal_id")
    assert (deals.amount.nunique() == 1).all()
    assert outcomes[has_deal].amount.str.fullmatch(r"\d+\.\d\d").all()
    won = outcomes[outcomes.stage == "won"].groupby("deal_id").lead_id.nunique()
    assert 0.05 < (won > 1).mean() < 0.4


# --- Planted effects


def test_one_lead_in_forty_to_sixty_converts_in_a_quarter(lead_quarters):
    assert 0.015 < lead_quarters.converted.mean() < 0.035


def test_looking_at_prices_multiplies_the_conversion_rate(frames, lead_quarters):
    activities = frames["activities"]
    looked = did(lead_quarters, activities[activities.page == "/pricing"], days=60)
    rate, other, p_value = compare(lead_quarters[looked], lead_quarters[~looked])
    assert rate > 3 * other
    assert p_value < 1e-6


def test_attending_a_webinar_or_event_multiplies_the_conversion_rate(frames, lead_quarters):
    activities = frames["activities"]
    attended = activities[activities.activity_type.isin(["webinar_attendance", "event_attendance"])]
    came = did(lead_quarters, attended, days=90)
    rate, other, p_value = compare(lead_quarters[came], lead_quarters[~came])
    assert rate > 2.5 * other
    assert p_value < 1e-6


def test_opening_emails_is_the_most_frequent_activity_and_says_nothing(frames, lead_quarters):
    activities = frames["activities"]
    assert activities.activity_type.mode().item() == "email_open"
    opens = activities[activities.activity_type == "email_open"]
    many = did(lead_quarters, opens, days=90, at_least=5)
    assert many.mean() > 0.1
    rate, other, _ = compare(lead_quarters[many], lead_quarters[~many])
    assert rate < 1.3 * other


def test_careers_page_visitors_do_not_buy_although_they_look_busy(frames, lead_quarters):
    activities = frames["activities"]
    on_site = did(lead_quarters, activities[activities.activity_type == "page_view"], days=180)
    careers = did(lead_quarters, activities[activities.page == "/careers"], days=180)
    rate, other, p_value = compare(lead_quarters[on_site & careers], lead_quarters[on_site & ~careers])
    assert rate < 0.35 * other
    assert p_value < 0.001


def test_a_trial_matters_for_days_only(frames, first_win):
    activities = frames["activities"]
    trials = activities[activities.activity_type == "trial_start"]
    wait = (trials.lead_id.map(first_win) - trials.occurred_at).fillna(AFTER_LAST - FIRST)
    window = pd.Timedelta(days=14)
    watched = trials.occurred_at < frames["outcomes"].occurred_at.max() - 5 * window
    rates = []
    for start in (0 * window, 4 * window):
        still_open = watched & (wait >= start)
        rates.append((wait[still_open] < start + window).mean())
    assert rates[0] > 2 * rates[1]


def test_fit_multiplies_engagement(frames, lead_quarters):
    activities = frames["activities"]
    pricing = activities.page == "/pricing"
    attended = activities.activity_type.isin(["webinar_attendance", "event_attendance"])
    engaged = did(lead_quarters, activities[pricing | attended], days=90)
    senior = lead_quarters.seniority.isin(["C-level", "VP", "Director"])
    right_size = pd.to_numeric(lead_quarters.employees).between(200, 5000)
    fits = senior & right_size & lead_quarters.industry.isin(["Manufacturing", "Logistics", "Wholesale"])
    gain = {}
    for value, group in lead_quarters.assign(engaged=engaged).groupby(fits):
        rates = group.groupby("engaged").converted.mean()
        gain[value] = rates[True] - rates[False]
    assert gain[True] > 3 * gain[False] > 0


def test_busy_colleagues_announce_a_deal(frames, lead_quarters):
    activities = frames["activities"].merge(frames["leads"][["lead_id", "account_id"]], on="lead_id")
    strong = (activities.page == "/pricing") | (activities.activity_type == "webinar_attendance")
    account_rows = lead_quarters[lead_quarters.account_id.notna()]
    pairs = account_rows[["lead_id", "moment", "account_id"]].merge(
        activities[strong], on="account_id", suffixes=("", "_of_colleague")
    )
    age = pairs.moment - pairs.occurred_at
    recent = (age > pd.Timedelta(0)) & (age <= pd.Timedelta(days=90))
    busy = pairs[recent & (pairs.lead_id != pairs.lead_id_of_colleague)][
        ["lead_id", "moment"]
    ].drop_duplicates()
    marked = account_rows.merge(busy, how="left", on=["lead_id", "moment"], indicator=True)
    has_busy = marked["_merge"] == "both"
    rate, other, p_value = compare(marked[has_busy], marked[~has_busy])
    assert rate > 1.3 * other
    assert p_value < 0.01


def test_the_bought_list_floods_one_quarter_looks_engaged_and_never_buys(frames, first_win):
    leads, activities = frames["leads"], frames["activities"]
    listed = leads.source == "purchased_list"
    created = leads.created_at.dt.to_period("Q")
    assert set(created[listed].astype(str)) == {"2025Q3"}
    assert 0.2 < listed[created == "2025Q3"].mean() < 0.4
    assert not leads[listed].lead_id.isin(first_win.index).any()
    clicks = activities[activities.activity_type == "email_click"].lead_id.value_counts()
    counts = leads.lead_id.map(clicks).fillna(0)
    assert counts[listed].mean() > 3 * counts[~listed].mean()


def test_onboarding_only_follows_a_win(frames, first_win):
    activities = frames["activities"]
    won_at = activities.lead_id.map(first_win)
    after = activities.activity_type.isin(["onboarding_call", "support_ticket"])
    assert (activities[after].occurred_at > won_at[after]).all()
    assert (activities[~after].occurred_at < won_at[~after].fillna(AFTER_LAST)).all()
    assert activities[activities.activity_type == "onboarding_call"].lead_id.nunique() > 0.8 * len(first_win)


def test_the_last_quarter_of_a_year_sells_and_the_summer_does_not(first_win):
    wins = first_win.dt.to_period("Q").astype(str).value_counts()
    for year in (2024, 2025):
        assert wins[f"{year}Q4"] > 1.5 * wins[f"{year}Q3"]


# --- The models


@pytest.mark.parametrize("name", GUIDELINES)
def test_every_field_and_value_of_the_guideline_exists_in_the_demo_data(name, frames):
    model = tomllib.loads((MODELS / name).read_text())
    table_of = {
        "activity": "activities",
        "account_activity": "activities",
        "lead": "leads",
        "account": "accounts",
    }
    for rule in model["rules"]:
        table = frames[table_of[rule["source"]]]
        for condition in rule.get("where", []):
            assert condition["field"] in table.columns, rule["id"]
            values = condition["value"] if isinstance(condition["value"], list) else [condition["value"]]
            texts = [value for value in values if isinstance(value, str)]
            assert set(texts) <= set(table[condition["field"]].dropna()), rule["id"]


@pytest.mark.parametrize(("name", "sales_ready"), [("b2b_guideline.toml", 100), ("b2c_guideline.toml", 60)])
def test_the_guideline_has_the_points_that_teams_start_from(name, sales_ready):
    model = parse_model((MODELS / name).read_text(), name)
    points = {rule.id: rule.points for rule in model.rules}
    start = {"email_open": 1, "email_click": 5, "white_paper": 10, "event": 15, "contact_form": 100}
    assert start.items() <= points.items()
    assert [tier.threshold for tier in model.tiers] == [0, 35, sales_ready]
    assert model.rule("contact_form").decay is None
    assert model.rule("contact_form").window_days is None
    assert model.inactivity_reset_days == (60 if name.startswith("b2c") else 365)
    assert model.max_score == 200
    assert model.conversion.horizon_days == 90
