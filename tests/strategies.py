"""Random small data and random valid models, crowded around the edges where two implementations differ.

All times of one data set come from a handful of instants that lie on period starts, a usual number of days
beside them or a microsecond off; windows, horizons, waits and resets are the same usual numbers of days. So
activities fall on moments and on the ends of windows, outcomes on the ends of horizons, and times are equal.
"""

from collections import ChainMap
from datetime import datetime, timedelta
from itertools import product
from typing import NamedTuple

from hypothesis import strategies as st

COLUMNS = {
    "leads": ("lead_id", "created_at", "account_id", "job_title", "region", "employees"),
    "accounts": ("account_id", "industry", "size"),
    "activities": ("lead_id", "occurred_at", "activity_type", "channel", "value"),
    "outcomes": ("lead_id", "occurred_at", "stage", "amount", "deal_id", "reason", "owner"),
}
LEAD_IDS = ("L1", "L10", "L2", "l1", "1E5", "100000", "007", "7")
ACCOUNT_IDS = ("A1", "a1", "A2", "1")
UNKNOWN_ID = "X9"

MISSING = (None, "", "  ", "\t")
TITLES = (*MISSING[:2], "VP Sales", "vp sales", "Sales Manager", "CEO", "intern", "10")
REGIONS = (None, " ", "EMEA", "emea", "APAC", "US ", "(missing)")
NUMBERS = ("10", " 10 ", "10.0", "1e1", "1E+1", "100", "1e2", "-5", "-5.0", "0", "-0", "007", "2.5", "25e-1")
NO_NUMBERS = (
    *MISSING,
    "abc",
    "10abc",
    ".5",
    "5.",
    "+5",
    "1 0",
    "1_000",
    "1,5",
    "NaN",
    "inf",
    "0x10",
    "1e",
    "--5",
)
INDUSTRIES = (None, "\t", "Software", "SOFTWARE", "retail", "Public sector")
ACTIVITY_TYPES = ("email_click", "Email_Click", "email_open", "visit", "contact_form")
CHANNELS = (None, "", "email", "Email", " email", "web", "10")
STAGES = ("won", "Won", "lost", "LOST", "disqualified", "reopened", "Reopened", "accepted")
AMOUNTS = (
    None,
    " ",
    "abc",
    "100",
    "100",
    " 50.5 ",
    "1e2",
    "-20",
    "0.00005",
    "-0.00005",
    "1.00015",
    "99.99995",
)
DEALS = (None, None, "", "D1", "D1", "D2", "d1")

ATTRIBUTES = {"job_title": TITLES, "region": REGIONS, "employees": NUMBERS + NO_NUMBERS}
ACCOUNT_ATTRIBUTES = {"industry": INDUSTRIES, "size": NUMBERS + NO_NUMBERS}
PROPERTIES = {"activity_type": ACTIVITY_TYPES, "channel": CHANNELS, "value": NUMBERS + NO_NUMBERS}
FIELDS = {
    "lead": ATTRIBUTES,
    "account": ACCOUNT_ATTRIBUTES,
    "activity": PROPERTIES,
    "account_activity": PROPERTIES,
}

USUAL_DAYS = (1, 7, 30, 60, 90)
PERIOD_STARTS = [datetime(2024 + month // 12, month % 12 + 1, 1) for month in range(15)]
QUARTER_STARTS = PERIOD_STARTS[::3]
LATE = datetime(2025, 12, 1)  # when the horizon of every moment in the data has passed
DAY_OFFSETS = (0, 0, 0, *USUAL_DAYS, *(-days for days in USUAL_DAYS), -15, 30 - 7, 60 - 1)
SMALL_OFFSETS = [
    timedelta(0),
    timedelta(0),
    timedelta(0),
    timedelta(microseconds=1),
    timedelta(microseconds=-1),
    timedelta(hours=13, minutes=30),
]

RULE_TEXTS = ("10", " 10 ", "sales", "email", "e", "nothing like it")
RULE_NUMBERS = (10, 10.0, 100, -5, 0, 2.5, 7, 1000)
# What Python's re and RE2 read alike.
PATTERNS = (
    "^vp",
    "sales$",
    "s.*s",
    "[0-9]+",
    r"\d",
    r"\bsales\b",
    "email_(click|open)",
    "^[a-c]",
    "e{2,}|^1",
    "X?",
)
CUTS = (-7, 0, 1, 2, 4, 6, 10, 12, 30)
POINTS = (-33, -7, -3, -1, 0, 1, 1, 3, 3, 5, 5, 7, 7, 10, 10, 25, 25, 100)


class Case(NamedTuple):
    """Everything that the reference's functions take."""

    data: dict
    model: dict
    imported_at: datetime
    observed_until: datetime | None
    at: datetime | None
    segment: str | None


def instants():
    """Times on period starts, a usual number of days or a microsecond beside them."""
    starts = st.sampled_from([*PERIOD_STARTS, *QUARTER_STARTS, *QUARTER_STARTS])
    day_offsets = st.sampled_from([timedelta(days=days) for days in DAY_OFFSETS])
    return st.builds(
        lambda *parts: sum(parts[1:], parts[0]), starts, day_offsets, st.sampled_from(SMALL_OFFSETS)
    )


def rows(columns):
    """Rows of independent columns, each row drawn at once: many small draws would make the tests slow."""
    return st.sampled_from([dict(zip(columns, values, strict=True)) for values in product(*columns.values())])


LEADS = rows({**ATTRIBUTES, "account_id": (*ACCOUNT_IDS[:2], *ACCOUNT_IDS, UNKNOWN_ID, None, " ")})
ACCOUNTS = rows(ACCOUNT_ATTRIBUTES)
ACTIVITIES = rows(PROPERTIES)
OUTCOMES = rows(
    {
        "stage": (*STAGES, *["won"] * 4),
        "amount": AMOUNTS,
        "deal_id": DEALS,
        "reason": (None, "price"),
        "owner": ("Ada",),
    }
)


@st.composite
def tables(draw, most, *parts):
    """Up to so many rows, the largest number often, each joined of its parts."""
    size = draw(st.sampled_from([0, 1, most // 4, most // 2, most, most]))
    drawn = draw(st.lists(st.tuples(*parts), min_size=size, max_size=size))
    return [dict(ChainMap(*row)) for row in drawn]


@st.composite
def datasets(draw):
    """Up to 8 leads, 4 accounts, 40 activities and 12 outcomes, orphans among them."""
    times = sorted(draw(st.lists(instants(), min_size=4, max_size=12)))
    half = len(times) // 2
    early_times, late_times = [*times, *times[:half] * 3], [*times, *times[half:] * 2]
    lead_ids = draw(st.permutations(LEAD_IDS))[: draw(st.sampled_from([1, 2, 3, 4, 5, 6, 7, 8, 8]))]
    account_ids = draw(st.lists(st.sampled_from(ACCOUNT_IDS), max_size=4, unique=True))
    some_lead_ids = [*lead_ids, *lead_ids, UNKNOWN_ID]
    events = rows({"lead_id": some_lead_ids, "occurred_at": times})
    late_events = rows({"lead_id": some_lead_ids, "occurred_at": late_times})
    leads = [
        {"lead_id": lead_id, "created_at": draw(st.sampled_from(early_times)), **draw(LEADS)}
        for lead_id in lead_ids
    ]
    return {
        "leads": leads,
        "accounts": [{"account_id": account_id, **draw(ACCOUNTS)} for account_id in account_ids],
        "activities": draw(tables(40, events, ACTIVITIES)),
        "outcomes": draw(tables(12, late_events, OUTCOMES)),
    }


@st.composite
def conditions(draw, source):
    """One condition on a field of the source's table, often with a value that the data have."""
    field = draw(st.sampled_from(list(FIELDS[source])))
    present = [value for value in FIELDS[source][field] if value is not None and value.strip()]
    texts = st.sampled_from(present) | st.sampled_from([*map(str.swapcase, present), *RULE_TEXTS])
    numbers = st.sampled_from(RULE_NUMBERS)
    values = {
        ("is_missing", "is_present"): None,
        ("equals", "not_equals"): texts | numbers,
        ("in", "not_in"): st.lists(texts | numbers, min_size=1, max_size=3),
        ("contains", "starts_with"): texts,
        ("matches",): st.sampled_from(PATTERNS),
        ("gt", "ge", "lt", "le"): numbers,
        ("between",): st.lists(numbers, min_size=2, max_size=2).map(sorted),
    }
    operators = draw(st.sampled_from(list(values)))
    condition = {"field": field, "is": draw(st.sampled_from(operators))}
    if values[operators] is not None:
        condition["value"] = draw(values[operators])
    return condition


def sometimes(strategy):
    """The strategy's value, or None, which stands for a key that is left out."""
    return st.none() | strategy


def rarely(strategy):
    return st.none() | st.none() | st.none() | strategy


def given_keys(table):
    return {key: value for key, value in table.items() if value is not None}


def decays():
    usual_days = st.sampled_from([*USUAL_DAYS, 45])
    fading = st.fixed_dictionaries({"kind": st.sampled_from(["half_life", "linear"]), "days": usual_days})
    percents = st.sampled_from([1, 25, 33, 50, 100])
    return fading | st.fixed_dictionaries({"kind": st.just("step"), "days": usual_days, "percent": percents})


@st.composite
def rules(draw, rule_id):
    """One rule of any source, with the keys that its source and count allow."""
    source = draw(
        st.sampled_from(["activity", "activity", "activity", "lead", "account", "account_activity"])
    )
    rule = {
        "id": rule_id,
        "label": draw(sometimes(st.just(f"Rule {rule_id}"))),
        "category": draw(st.sampled_from(["engagement", "fit", "other"])),
        "source": source,
        "points": draw(st.sampled_from(POINTS)),
        "max_points": draw(sometimes(st.sampled_from([1, 2, 5, 12, 50]))),
        "enabled": draw(st.sampled_from([None, None, True, True, False])),
        "match": draw(sometimes(st.sampled_from(["all", "any"]))),
        "where": draw(sometimes(st.lists(conditions(source), max_size=2))),
    }
    if source in ("lead", "account"):
        return given_keys(rule)
    third_count = "absent" if source == "activity" else "people"
    count = rule["count"] = draw(sometimes(st.sampled_from(["each", "once", third_count])))
    window = st.sampled_from(USUAL_DAYS)
    rule["window_days"] = draw(window if count == "absent" else sometimes(window))
    if count != "absent":
        rule["at_least"] = draw(sometimes(st.sampled_from([1, 2, 3])))
    if count in (None, "each", "people"):
        rule["max_count"] = draw(rarely(st.sampled_from([1, 2, 3, 5])))
    if count not in ("absent", "people"):
        rule["decay"] = draw(sometimes(decays()))
    return given_keys(rule)


@st.composite
def categories(draw, name):
    limits = draw(st.lists(st.sampled_from([-20, -3, 0, 2, 10, 30]), min_size=2, max_size=2).map(sorted))
    low, high = (limit if draw(st.booleans()) else None for limit in limits)
    return given_keys({"name": name, "min_points": low, "max_points": high})


@st.composite
def conversions(draw):
    repeatable = draw(sometimes(st.booleans()))
    closing = ["lost", "Disqualified"] if repeatable else ["lost", "Disqualified", "WON"]
    some_closing = st.lists(st.sampled_from(closing), max_size=3, unique=True)
    return given_keys(
        {
            "stages": draw(st.sampled_from([["won"], ["WON"], ["won", "accepted"]])),
            "horizon_days": draw(st.sampled_from([*USUAL_DAYS, 60, 90, 90, 90, 120])),
            "closing_stages": draw(sometimes(some_closing)),
            "reopening_stages": draw(sometimes(st.just(["reopened"]))),
            "repeatable": repeatable,
        }
    )


@st.composite
def observations(draw):
    return given_keys(
        {
            "moment": draw(sometimes(st.sampled_from(["period_start", "days_after_creation"]))),
            "period": draw(sometimes(st.sampled_from(["quarter", "month"]))),
            "days_after_creation": draw(sometimes(st.sampled_from([0, *USUAL_DAYS]))),
            "fiscal_year_start_month": draw(sometimes(st.integers(1, 12))),
            "max_age_days": draw(rarely(st.sampled_from([30, 60, 90, 180, 365]))),
        }
    )


@st.composite
def grids(draw, tiers):
    """Two categories with cuts where their points lie; rows and columns in either order."""
    names = draw(st.permutations(["engagement", "fit", "other"]))[:2]
    axes = [
        {
            "category": name,
            "cuts": sorted(draw(st.lists(st.sampled_from(CUTS), min_size=1, max_size=3, unique=True))),
        }
        for name in names
    ]
    if draw(st.booleans()):
        axes[0]["labels"] = [f"row {place}" for place in range(len(axes[0]["cuts"]) + 1)]
    size = [len(axis["cuts"]) + 1 for axis in axes]
    assigned = draw(st.lists(st.sampled_from(tiers), min_size=size[0] * size[1], max_size=size[0] * size[1]))
    rows = [assigned[place : place + size[1]] for place in range(0, len(assigned), size[1])]
    return {"rows": axes[0], "columns": axes[1], "tiers": rows}


@st.composite
def models(draw, with_grid=True):
    """A valid model whose fields exist in every data set of ``datasets``, one in three with a grid."""
    low, high = draw(st.sampled_from([(0, 100), (0, 10), (-10, 13), (-100, 201), (-1000, 1000)]))
    above_low = [threshold for threshold in (-5, 1, 2, 4, 6, 9, 10, 12, 30, 99) if low < threshold <= high]
    thresholds = draw(st.lists(st.sampled_from(above_low), max_size=3, unique=True).map(sorted))
    names = st.sampled_from([[], ["engagement"], ["engagement", "fit", "unused"]])
    rule_count = draw(st.sampled_from([1, 2, 3, 4, 5, 5, 0]))
    model = {
        "schema_version": 1,
        "name": "Random model",
        "description": draw(rarely(st.sampled_from(["One sentence.", "It says \u201chi\u201d\nand more"]))),
        "base_points": draw(sometimes(st.sampled_from([-4, 0, 3, 40]))),
        "min_score": low if low != 0 or draw(st.booleans()) else None,
        "max_score": high if high != 100 or draw(st.booleans()) else None,
        "inactivity_reset_days": draw(rarely(st.sampled_from([*USUAL_DAYS, 180]))),
        "conversion": draw(conversions()),
        "observation": draw(sometimes(observations())),
        "exclude": draw(st.sampled_from([None, None, None, None, None, None, 1, 2])),
        "tiers": [
            {"name": f"Tier {place}", "threshold": threshold}
            for place, threshold in enumerate([low, *thresholds])
        ],
        "categories": [draw(categories(name)) for name in draw(names)],
        "rules": [draw(rules(f"rule_{place}")) for place in range(rule_count)],
    }
    if with_grid and draw(st.sampled_from([False, False, True])):
        model["grid"] = draw(grids([tier["name"] for tier in model["tiers"]]))
        known = {one["name"] for one in model["categories"]} | {rule["category"] for rule in model["rules"]}
        axes = (model["grid"][part]["category"] for part in ("rows", "columns"))
        model["categories"] += [{"name": name} for name in axes if name not in known]
    if model["exclude"] is not None:
        model["exclude"] = [draw(conditions("lead")) for _ in range(model["exclude"])]
    return given_keys(model)


@st.composite
def cases(draw, with_grid=True):
    """Data, model and the arguments of a back-test: a time of import, perhaps before some of the data."""
    model = draw(models(with_grid))
    # Some data end at the very instant at which a horizon does: the edge between mature and open.
    horizon_end = PERIOD_STARTS[-4] + timedelta(days=model["conversion"]["horizon_days"])
    return Case(
        data=draw(datasets()),
        model=model,
        imported_at=draw(st.sampled_from([LATE, LATE, LATE, *PERIOD_STARTS[-6:]])),
        observed_until=draw(st.sampled_from([None, None, LATE, horizon_end, *PERIOD_STARTS[-6:]])),
        at=draw(st.none() | instants()),
        segment=draw(
            st.sampled_from(
                [None, "region", "leads.employees", "industry", "accounts.size", "accounts.industry"]
            )
        ),
    )
