"""The semantics of Tierline as a plain loop over dictionaries: slow, and meant to be read beside the design.

The chapters follow the design: values and conditions, one lead at one moment (steps 1 to 8), moments, numbers
and the rows of ``tierline score`` and ``tierline backtest``. Nothing of the project is imported, so that
agreement with the project means something.

Data are ``{"leads": [...], "accounts": [...], "activities": [...], "outcomes": [...]}``, lists of rows as
dictionaries. ``created_at`` and ``occurred_at`` are naive UTC ``datetime``, everything else is text or None.
A model is the dictionary that ``tomllib`` reads from a model file; it is taken to be valid, and a field that
a row lacks is missing there.

Where the design leaves something open, the plainest reading is taken and marked by a comment "Reading:".
"""

import math
import re
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise

Z = 1.959963984540054
BLANKS = " \t\r\n\f"
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


# --- Values and conditions


def text_of(value):
    """The text as imported, or None when it is missing: empty or blank."""
    return None if value is None or value.strip(BLANKS) == "" else value


def number_of(value):
    """The number that a text is, trimmed, or None."""
    text = (value or "").strip(BLANKS)
    return float(text) if NUMBER.fullmatch(text) else None


def amount_of(outcome):
    """The amount with four decimals, rounded half away from zero; missing is 0."""
    # Reading: an amount that is no number counts as missing.
    if number_of(outcome.get("amount")) is None:
        return Decimal(0)
    return Decimal(outcome["amount"].strip(BLANKS)).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def equal(text, value):
    if isinstance(value, int | float):
        return number_of(text) == value
    return text.lower() == value.lower()


def holds(condition, row):
    """Whether a row satisfies one condition."""
    text, operator, value = text_of(row.get(condition["field"])), condition["is"], condition.get("value")
    if operator == "is_missing":
        return text is None
    if text is None:
        return False
    match operator:
        case "is_present":
            return True
        case "equals":
            return equal(text, value)
        case "not_equals":
            return not equal(text, value)
        case "in":
            return any(equal(text, element) for element in value)
        case "not_in":
            return not any(equal(text, element) for element in value)
        case "contains":
            return value.lower() in text.lower()
        case "starts_with":
            return text.lower().startswith(value.lower())
        case "matches":
            # Reading: Python's expressions stand in for RE2; the tests keep to what both understand alike.
            return re.search(value, text, re.IGNORECASE) is not None
    number = number_of(text)
    if number is None:
        return False
    match operator:
        case "gt":
            return number > value
        case "ge":
            return number >= value
        case "lt":
            return number < value
        case "le":
            return number <= value
        case "between":
            return value[0] <= number <= value[1]
    raise ValueError(operator)


def matches(rule, row):
    """Whether a row satisfies the conditions of a rule; no condition at all matches everything."""
    results = [holds(condition, row) for condition in rule.get("where", [])]
    if not results:
        return True
    return any(results) if rule.get("match", "all") == "any" else all(results)


# --- The data, found by lead and account


class Facts:
    """The data by lead and account, observed_until, and what follows: excluded leads and owners of deals."""

    def __init__(self, data, model, imported_at, observed_until=None):
        self.leads = {lead["lead_id"]: lead for lead in data["leads"]}
        self.accounts = {account["account_id"]: account for account in data["accounts"]}
        self.lead_ids_of_account = defaultdict(list)
        for lead in data["leads"]:
            if text_of(lead.get("account_id")) is not None:
                self.lead_ids_of_account[lead["account_id"]].append(lead["lead_id"])

        activities = [row for row in data["activities"] if row["lead_id"] in self.leads]
        outcomes = [row for row in data["outcomes"] if row["lead_id"] in self.leads]
        self.observed_until = observed_until
        if observed_until is None:
            # Reading: where no activity and no outcome was observed there is no moment, and no row.
            times = [row["occurred_at"] for row in activities + outcomes if row["occurred_at"] <= imported_at]
            self.observed_until = max(times, default=None)

        self.activities, self.outcomes = defaultdict(list), defaultdict(list)
        for row in activities:
            self.activities[row["lead_id"]].append(row)
        for row in outcomes:
            # Outcomes after observed_until count nowhere.
            # Reading: not for `tierline score --at T` either, when T is later than observed_until.
            if self.observed_until is not None and row["occurred_at"] <= self.observed_until:
                self.outcomes[row["lead_id"]].append(row)

        self.excluded = {
            lead_id
            for lead_id, lead in self.leads.items()
            if any(holds(condition, lead) for condition in model.get("exclude", []))
        }

        first = {}  # of each deal: earliest outcome in stages, then smallest lead_id
        # Reading: a deal has one owner at all moments, whether or not the owner has a row at any of them.
        for lead_id in self.outcomes.keys() - self.excluded:
            for outcome in self.outcomes[lead_id]:
                deal = text_of(outcome.get("deal_id"))
                if deal is not None and in_stages(outcome, model, "stages"):
                    candidate = (outcome["occurred_at"], lead_id)
                    first[deal] = min(first.get(deal, candidate), candidate)
        self.deal_owners = {deal: lead_id for deal, (_, lead_id) in first.items()}

    def own_amount(self, outcome):
        """The amount of an outcome, 0 where another lead owns its deal."""
        deal = text_of(outcome.get("deal_id"))
        if deal is not None and self.deal_owners.get(deal) != outcome["lead_id"]:
            return Decimal(0)
        return amount_of(outcome)


def in_stages(outcome, model, key):
    return outcome["stage"].lower() in [stage.lower() for stage in model["conversion"].get(key, [])]


# --- One lead at moment T, steps 1 to 8


def activities_seen(activities, moment, reset_days):
    """Step 1: the activities before the moment that no silence of reset_days wipes out."""
    seen = [row for row in activities if row["occurred_at"] < moment]
    if reset_days is None:
        return seen
    times = [*sorted(row["occurred_at"] for row in seen), moment]
    for time, next_time in pairwise(times):
        if next_time - time >= timedelta(days=reset_days):
            seen = [row for row in seen if row["occurred_at"] > time]
    return seen


@cache
def decay_factor(age_days, kind=None, days=1, percent=100):
    """Step 3: what is left of an activity at an age in whole days, in whole thousandths."""
    if kind is None:
        return 1000
    if kind == "half_life":
        return math.floor(1000 * 0.5 ** (age_days / days) + 0.5)
    if kind == "linear":
        left = max(Fraction(0), 1 - Fraction(age_days, days))
    else:
        left = (1 - Fraction(percent, 100)) ** (age_days // days)
    return math.floor(1000 * left + Fraction(1, 2))


def matching_activities(rule, lead, moment, model, facts):
    """Steps 1 and 2: what a rule on activities sees and matches, of the lead or of its colleagues."""
    lead_ids = [lead["lead_id"]]
    if rule["source"] == "account_activity":
        colleagues = facts.lead_ids_of_account.get(lead.get("account_id"), [])
        lead_ids = [lead_id for lead_id in colleagues if lead_id != lead["lead_id"]]
    seen = []
    for lead_id in lead_ids:
        activities = facts.activities.get(lead_id, [])
        seen += activities_seen(activities, moment, model.get("inactivity_reset_days"))
    if "window_days" in rule:
        window = timedelta(days=rule["window_days"])
        seen = [activity for activity in seen if moment - activity["occurred_at"] <= window]
    return [activity for activity in seen if matches(rule, activity)]


def rule_count(rule, lead, moment, model, facts):
    """Step 4: the count f of one rule, in twentieths."""
    if rule["source"] == "lead":
        return 20 if matches(rule, lead) else 0
    if rule["source"] == "account":
        account = facts.accounts.get(lead.get("account_id"))
        return 20 if account is not None and matches(rule, account) else 0

    matching = matching_activities(rule, lead, moment, model, facts)
    count, at_least = rule.get("count", "each"), rule.get("at_least", 1)
    if count == "absent":
        old_enough = moment - lead["created_at"] >= timedelta(days=rule["window_days"])
        return 20 if not matching and old_enough else 0
    if count == "people":
        people = len({activity["lead_id"] for activity in matching})
        return 20 * min(people, rule.get("max_count", people)) if people >= at_least else 0
    if len(matching) < at_least:
        return 0
    ages = [(moment - activity["occurred_at"]).days for activity in matching]
    factors = [decay_factor(age, **rule.get("decay", {})) for age in ages]
    thousandths = sum(factors) if count == "each" else max(factors)
    return min((thousandths + 25) // 50, 20_000, 20 * rule.get("max_count", 1_000))


def rule_points(rule, count):
    """Step 5: what a count contributes, in whole points."""
    twentieths = abs(rule["points"]) * count
    if "max_points" in rule:
        twentieths = min(twentieths, rule["max_points"] * 20)
    whole = (twentieths + 10) // 20
    return whole if rule["points"] > 0 else -whole


def grade(axis, labels, points):
    """A category's grade: labels are best first, each cut that is not reached is one grade worse."""
    return labels[sum(points < cut for cut in axis["cuts"])]


def grid_labels(grid):
    """The labels of rows and columns, best first: letters and numbers where the file names none."""
    row_count, column_count = len(grid["rows"]["cuts"]) + 1, len(grid["columns"]["cuts"]) + 1
    rows = grid["rows"].get("labels", [chr(ord("A") + place) for place in range(row_count)])
    return rows, grid["columns"].get("labels", [str(place + 1) for place in range(column_count)])


def grid_cell(grid, sums):
    """The labels of the lead's row and column, from the limited sums of both categories."""
    # Reading: a category without an enabled rule gives 0 here, too.
    rows, columns = grid_labels(grid)
    row = grade(grid["rows"], rows, sums.get(grid["rows"]["category"], 0))
    return row, grade(grid["columns"], columns, sums.get(grid["columns"]["category"], 0))


def tier_of(model, score, cell):
    """Step 8: by the thresholds, or by the lead's cell in the grid."""
    if cell is None:
        return [tier["name"] for tier in model["tiers"] if tier["threshold"] <= score][-1]
    rows, columns = grid_labels(model["grid"])
    return model["grid"]["tiers"][rows.index(cell[0])][columns.index(cell[1])]


def score_lead(lead, moment, model, facts):
    """Steps 1 to 8: counts and points by rule, score and tier."""
    rules = [rule for rule in model.get("rules", []) if rule.get("enabled", True)]
    counts = {rule["id"]: rule_count(rule, lead, moment, model, facts) for rule in rules}
    points = {rule["id"]: rule_points(rule, counts[rule["id"]]) for rule in rules}

    sums = defaultdict(int)  # step 6; a category without an enabled rule is not among them, so it gives 0
    for rule in rules:
        sums[rule["category"]] += points[rule["id"]]
    for category in model.get("categories", []):
        if category["name"] in sums:
            at_least = max(sums[category["name"]], category.get("min_points", -math.inf))
            sums[category["name"]] = min(at_least, category.get("max_points", math.inf))

    total = model.get("base_points", 0) + sum(sums.values())
    score = min(max(total, model.get("min_score", 0)), model.get("max_score", 100))
    cell = grid_cell(model["grid"], sums) if "grid" in model else None
    tier = tier_of(model, score, cell)
    return {"score": score, "tier": tier, "cell": cell, "points": points, "counts": counts}


# --- Quests and lifetime points


def earns(rule):
    """Whether a rule gives lifetime points: enabled, on the lead's own activities, positive."""
    counts = rule.get("count", "each") in ("each", "once")
    return rule.get("enabled", True) and rule["source"] == "activity" and rule["points"] > 0 and counts


def life_of(lead, moment, model, facts):
    """Lifetime points, and by the id of each quest whether it is completed.

    All activities before the moment count, however old they are, whatever silence lies between.
    """
    points, completed = model.get("base_points", 0), {}
    done_before = [a for a in facts.activities.get(lead["lead_id"], []) if a["occurred_at"] < moment]
    for rule in model.get("rules", []):
        if not earns(rule):
            continue
        done = sum(matches(rule, activity) for activity in done_before)
        most = 1 if rule.get("count") == "once" else min(rule.get("max_count", 1_000), 1_000)
        counted = min(done, most) if done >= rule.get("at_least", 1) else 0
        points += min(rule["points"] * counted, rule.get("max_points", math.inf))
        marked = [category["name"] for category in model.get("categories", []) if category.get("quests")]
        if rule["category"] in marked and (rule.get("count") == "once" or "max_count" in rule):
            completed[rule["id"]] = counted == most
    return {"lifetime_points": points, "completed": completed}


# --- Moments


def observation(model, key, default):
    return model.get("observation", {}).get(key, default)


def months_in_period(model):
    return 3 if observation(model, "period", "quarter") == "quarter" else 1


def add_months(first_of_month, months):
    index = first_of_month.year * 12 + first_of_month.month - 1 + months
    return first_of_month.replace(year=index // 12, month=index % 12 + 1)


def period_start(time, model):
    """First instant of the period that contains a time."""
    first_month = observation(model, "fiscal_year_start_month", 1)
    months_back = (time.month - first_month) % months_in_period(model)
    return add_months(datetime(time.year, time.month, 1), -months_back)


def period_label(start, model):
    """2025-Q1 or 2025-01; a fiscal quarter's year is the one that its fiscal year ends in."""
    if months_in_period(model) == 1:
        return f"{start.year:04}-{start.month:02}"
    first_month = observation(model, "fiscal_year_start_month", 1)
    year = start.year + 1 if first_month > 1 and start.month >= first_month else start.year
    return f"{year:04}-Q{(start.month - first_month) % 12 // 3 + 1}"


def moments(lead, model, observed_until):
    """The instants at which one lead may be scored, in order."""
    if observed_until is None:
        return []
    if observation(model, "moment", "period_start") == "days_after_creation":
        wait = timedelta(days=observation(model, "days_after_creation", 7))
        return [lead["created_at"] + wait] if observed_until - lead["created_at"] >= wait else []
    found, start = [], period_start(lead["created_at"], model)
    while start <= observed_until:
        if lead["created_at"] < start:
            found.append(start)
        start = add_months(start, months_in_period(model))
    return found


def is_scored(lead, moment, model, facts):
    """Whether a lead has a row at a moment: not excluded, not too old, open, not yet converted."""
    if lead["lead_id"] in facts.excluded:
        return False
    max_age_days = observation(model, "max_age_days", None)
    if max_age_days is not None and moment - lead["created_at"] > timedelta(days=max_age_days):
        return False
    before = [row for row in facts.outcomes.get(lead["lead_id"], []) if row["occurred_at"] < moment]
    closings = [row["occurred_at"] for row in before if in_stages(row, model, "closing_stages")]
    reopenings = [row["occurred_at"] for row in before if in_stages(row, model, "reopening_stages")]
    if closings and (not reopenings or max(closings) >= max(reopenings)):
        return False
    repeatable = model["conversion"].get("repeatable", False)
    return repeatable or not any(in_stages(row, model, "stages") for row in before)


def conversion(lead, moment, model, facts):
    """Whether the lead converted within the horizon, and the amount that counts for it."""
    horizon = timedelta(days=model["conversion"]["horizon_days"])
    outcomes = [row for row in facts.outcomes.get(lead["lead_id"], []) if in_stages(row, model, "stages")]
    within = [row for row in outcomes if timedelta(0) <= row["occurred_at"] - moment < horizon]
    if not within:
        return False, Decimal(0)
    first = min(row["occurred_at"] for row in within)
    # Reading: amounts of deals that others own are 0 before the largest of equal times is taken.
    return True, max(facts.own_amount(row) for row in within if row["occurred_at"] == first)


def first_touch(lead_id, column, moment, facts):
    """What the earliest activity before a moment that has a value says; of equal times the smallest."""
    named = [
        (activity["occurred_at"], text_of(activity.get(column)))
        for activity in facts.activities[lead_id]
        if activity["occurred_at"] < moment and text_of(activity.get(column)) is not None
    ]
    return min(named)[1] if named else None


def segment_of(lead, segment, facts, moment):
    """The lead's value of a column of leads, else of accounts, or of the table that is named before a dot.

    Of activities it is that of the first touch, as known at the moment.
    """
    if segment is None:
        return ""
    table, _, column = segment.partition(".")
    if table == "activities":
        return first_touch(lead["lead_id"], column, moment, facts) or "(missing)"
    if table not in ("leads", "accounts"):
        column = segment
        table = "leads" if any(column in row for row in facts.leads.values()) else "accounts"
    row = lead if table == "leads" else facts.accounts.get(lead.get("account_id"), {})
    # Reading: segments keep their text, so "EMEA" and "emea" are two.
    value = text_of(row.get(column))
    return "(missing)" if value is None else value


def lead_moments(data, model, imported_at, observed_until=None, segment=None):
    """One dictionary per scored lead and moment, by lead_id and time."""
    return scored_rows(Facts(data, model, imported_at, observed_until), model, segment)


def scored_rows(facts, model, segment):
    rows = []
    horizon = timedelta(days=model["conversion"]["horizon_days"])
    for lead_id, lead in sorted(facts.leads.items()):
        for moment in moments(lead, model, facts.observed_until):
            if not is_scored(lead, moment, model, facts):
                continue
            converted, amount = conversion(lead, moment, model, facts)
            row = {"lead_id": lead_id, "moment": moment, **score_lead(lead, moment, model, facts)}
            row["period_start"] = period_start(moment, model)
            row["period"] = period_label(row["period_start"], model)
            row["mature"] = facts.observed_until - moment >= horizon
            row["converted"], row["amount"] = converted, amount
            row["segment"] = segment_of(lead, segment, facts, moment)
            rows.append(row)
    return rows


def score_at(data, model, at=None, *, imported_at, observed_until=None):
    """The rows of ``tierline score``: every open lead created before the moment, by lead_id."""
    facts = Facts(data, model, imported_at, observed_until)
    moment = facts.observed_until if at is None else at
    rows = []
    for lead_id, lead in sorted(facts.leads.items()):
        if moment is not None and lead["created_at"] < moment and is_scored(lead, moment, model, facts):
            scored = score_lead(lead, moment, model, facts)
            row = {"lead_id": lead_id, "moment": moment, "score": scored["score"], "tier": scored["tier"]}
            rows.append(row | {f"points_{rule_id}": points for rule_id, points in scored["points"].items()})
    return rows


# --- Numbers


def ratio(part, whole):
    """A share, or None of nothing."""
    return part / whole if part is not None and whole else None


def wilson_interval(conversions, leads):
    if leads == 0:
        return None, None
    rate, scale = conversions / leads, 1 + Z**2 / leads
    centre = (rate + Z**2 / (2 * leads)) / scale
    half = Z / scale * math.sqrt(rate * (1 - rate) / leads + Z**2 / (4 * leads**2))
    return max(0.0, centre - half), min(1.0, centre + half)


def auc_interval(converted, others):
    """AUC from the scores of the two classes, with its interval by DeLong: variances of the placements."""
    if not converted or not others:
        return None, None, None
    m, n, m_counts, n_counts = len(converted), len(others), Counter(converted), Counter(others)

    def count_below(score, counts):
        """How many of a class score lower; equal scores count one half."""
        return sum(counts[other] for other in counts if other < score) + Fraction(counts[score], 2)

    wins = {score: count_below(score, n_counts) / n for score in m_counts}
    losses = {score: 1 - count_below(score, m_counts) / m for score in n_counts}
    auc = sum(wins[score] * m_counts[score] for score in wins) / m
    if m < 2 or n < 2:
        return float(auc), None, None
    m_variance = sum((wins[score] - auc) ** 2 * m_counts[score] for score in wins) / (m - 1)
    n_variance = sum((losses[score] - auc) ** 2 * n_counts[score] for score in losses) / (n - 1)
    half = Z * math.sqrt(m_variance / m + n_variance / n)
    return float(auc), max(0.0, float(auc) - half), min(1.0, float(auc) + half)


def ks_distance(converted, others):
    """Largest distance between the two classes' shares of leads at or below a score."""
    if not converted or not others:
        return None
    m_counts, n_counts = Counter(converted), Counter(others)
    difference, largest = Fraction(0), Fraction(0)
    for score in sorted(m_counts | n_counts):
        difference += Fraction(m_counts[score], len(converted)) - Fraction(n_counts[score], len(others))
        largest = max(largest, abs(difference))
    return float(largest)


def stability_index(scores, earlier_scores, model):
    """PSI over ten equal bins of [min_score, max_score], the last one closed."""
    if not scores or not earlier_scores:
        return None
    low, high = model.get("min_score", 0), model.get("max_score", 100)

    def shares(values):
        bins = Counter(min((value - low) * 10 // (high - low), 9) for value in values)
        return [max(bins[i] / len(values), 0.0001) for i in range(10)]

    pairs = zip(shares(scores), shares(earlier_scores), strict=True)
    return sum((now - before) * math.log(now / before) for now, before in pairs)


# --- Back-test


def tier_figures(name, mature):
    """One entry of "tiers"; lift and capture are against all mature rows of the same figure."""
    rows = [row for row in mature if row["tier"] == name]
    leads, conversions = len(rows), sum(row["converted"] for row in rows)
    all_conversions = sum(row["converted"] for row in mature)
    rate = ratio(conversions, leads)
    low, high = wilson_interval(conversions, leads)
    return {
        "tier": name,
        "leads": leads,
        "conversions": conversions,
        "rate": rate,
        "low": low,
        "high": high,
        "lift": ratio(rate, ratio(all_conversions, len(mature))),
        "capture": ratio(conversions, all_conversions),
        "amount": float(sum(row["amount"] for row in rows)),
    }


def period_figures(label, rows, earlier_scores, unscored, model):
    """One entry of "periods", or "pooled": everything but immature_leads is over the mature rows."""
    mature = [row for row in rows if row["mature"]]
    converted = [row["score"] for row in mature if row["converted"]]
    others = [row["score"] for row in mature if not row["converted"]]
    auc, auc_low, auc_high = auc_interval(converted, others)
    return {
        "period": label,
        "leads": len(mature),
        "conversions": len(converted),
        "immature_leads": len(rows) - len(mature),
        "unscored_conversions": unscored,
        "rate": ratio(len(converted), len(mature)),
        "auc": auc,
        "auc_low": auc_low,
        "auc_high": auc_high,
        "ks": ks_distance(converted, others),
        "psi": stability_index([row["score"] for row in mature], earlier_scores, model),
        "amount": float(sum(row["amount"] for row in mature)),
        "tiers": [tier_figures(tier["name"], mature) for tier in model["tiers"]],
    }


def unscored_conversions(facts, rows, model, segment):
    """First conversions of leads that had no row at or before them, by segment and period start."""
    scored = defaultdict(list)
    for row in rows:
        scored[row["lead_id"]].append(row["moment"])
    found = []
    for lead_id in facts.outcomes.keys() - facts.excluded:
        times = [row["occurred_at"] for row in facts.outcomes[lead_id] if in_stages(row, model, "stages")]
        # Reading: a moment "at or before it" is one at or before the outcome, not the period.
        if times and not any(moment <= min(times) for moment in scored[lead_id]):
            part = segment_of(facts.leads[lead_id], segment, facts, min(times))
            found.append((part, period_start(min(times), model)))
    return found


def figures(facts, rows, unscored_starts, model):
    """The object of ``tierline backtest --json``, from rows and the period starts of unscored conversions."""
    periods, earlier_scores = [], []
    for start in sorted({row["period_start"] for row in rows}):
        period_rows = [row for row in rows if row["period_start"] == start]
        unscored = unscored_starts.count(start)
        periods.append(
            period_figures(period_label(start, model), period_rows, earlier_scores, unscored, model)
        )
        earlier_scores = [row["score"] for row in period_rows if row["mature"]] or earlier_scores
    # Reading: unscored conversions in a period that has no row, so is not listed, are not in the sum either.
    unscored = sum(period["unscored_conversions"] for period in periods)
    return {
        "model": model["name"],
        "horizon_days": model["conversion"]["horizon_days"],
        # Reading: microseconds are printed only when there are any.
        "observed_until": facts.observed_until and facts.observed_until.isoformat() + "Z",
        "periods": periods,
        "pooled": period_figures("pooled", rows, [], unscored, model),
    }


def backtest(data, model, imported_at, observed_until=None, segment=None):
    """The JSON of ``tierline backtest``; with a segment column its parts stand under "segments" beside it."""
    facts = Facts(data, model, imported_at, observed_until)
    rows = scored_rows(facts, model, segment)
    unscored = unscored_conversions(facts, rows, model, segment)
    result = figures(facts, rows, [start for _, start in unscored], model)
    if segment is not None:
        # Reading: the whole keeps its keys; a value is listed when a lead of it has a row.
        result["segments"] = {}
        for value in sorted({row["segment"] for row in rows}):
            part_rows = [row for row in rows if row["segment"] == value]
            part_starts = [start for part, start in unscored if part == value]
            result["segments"][value] = figures(facts, part_rows, part_starts, model)
    return result


# --- Entry view: when each lead entered each tier, and what became of it


def entry_instants(lead, facts):
    """The lead's creation and its own activities' times from then on, up to observed_until."""
    # Reading: before its creation there is no lead; what it did earlier counts at its creation.
    own = [row["occurred_at"] for row in facts.activities.get(lead["lead_id"], [])]
    instants = {lead["created_at"], *(time for time in own if time > lead["created_at"])}
    until = facts.observed_until
    return sorted(time for time in instants if until is not None and time <= until)


def entries(data, model, imported_at, observed_until=None):
    """One dictionary per lead and tier that it ever entered, by lead_id and tier."""
    facts = Facts(data, model, imported_at, observed_until)
    horizon = timedelta(days=model["conversion"]["horizon_days"])
    rows = []
    for lead_id, lead in sorted(facts.leads.items()):
        entered = {}
        for instant in entry_instants(lead, facts):
            # Reading: open at the instant itself, so that an outcome at that very time does not close before.
            if not is_scored(lead, instant, model, facts):
                continue
            # Reading: right after is one microsecond later; windows, ages and resets are seen from there.
            reached = score_lead(lead, instant + timedelta(microseconds=1), model, facts)["tier"]
            for tier in model["tiers"]:
                entered.setdefault(tier["name"], instant)
                if tier["name"] == reached:
                    break
        outcomes = [row for row in facts.outcomes.get(lead_id, []) if in_stages(row, model, "stages")]
        for tier, instant in entered.items():
            after = [row["occurred_at"] - instant for row in outcomes if row["occurred_at"] >= instant]
            converted = bool(after) and min(after) < horizon
            row = {"lead_id": lead_id, "tier": tier, "entered_at": instant, "converted": converted}
            row["mature"] = facts.observed_until - instant >= horizon
            row["days"] = min(after).days if converted else None
            row["converted_at"] = instant + min(after) if converted else None
            row["period_start"] = period_start(instant, model)
            rows.append(row)
    return rows


def days_within(days, quarters):
    """The fewest days within which at least this many quarters of the conversions came."""
    for day in sorted(days):
        if 4 * sum(other <= day for other in days) >= quarters * len(days):
            return day
    return None


def entry_figures(label, rows, start, end, model):
    """One entry of "periods", or "pooled", of the entry view."""
    # Reading: a week is a week that was observed; entries of nothing observed have no number a week.
    weeks = max(end - start, timedelta(0)) / timedelta(weeks=1)
    tiers = []
    for tier in model["tiers"]:
        entered = [row for row in rows if row["tier"] == tier["name"]]
        mature = [row for row in entered if row["mature"]]
        days = [row["days"] for row in mature if row["converted"]]
        low, high = wilson_interval(len(days), len(mature))
        tiers.append(
            {
                "tier": tier["name"],
                "entries": len(entered),
                "open_entries": len(entered) - len(mature),
                "entries_per_week": ratio(len(entered), weeks),
                "conversions": len(days),
                "rate": ratio(len(days), len(mature)),
                "low": low,
                "high": high,
                "days_low": days_within(days, 1),
                "days_median": days_within(days, 2),
                "days_high": days_within(days, 3),
            }
        )
    return {"period": label, "weeks": weeks, "tiers": tiers}


def entry_view(data, model, imported_at, observed_until=None):
    """The JSON of ``tierline backtest --view entry``."""
    facts = Facts(data, model, imported_at, observed_until)
    until, rows = facts.observed_until, entries(data, model, imported_at, observed_until)
    first = min((lead["created_at"] for lead in facts.leads.values()), default=until)
    periods = []
    for start in sorted({row["period_start"] for row in rows}):
        of_period = [row for row in rows if row["period_start"] == start]
        end = add_months(start, months_in_period(model))
        label = period_label(start, model)
        periods.append(entry_figures(label, of_period, max(start, first), min(end, until), model))
    return {
        "model": model["name"],
        "view": "entry",
        "horizon_days": model["conversion"]["horizon_days"],
        "observed_until": until and until.isoformat() + "Z",
        "periods": periods,
        "pooled": entry_figures("pooled", rows, first, until, model),
    }


# --- What rules add


def rules_add(data, model, rule_ids, imported_at, observed_until=None):
    """By period and pooled: AUC and share of wins among equally many leads, without and with the rules."""
    rules = [rule | ({"enabled": False} if rule["id"] in rule_ids else {}) for rule in model["rules"]]
    without, with_rules = (
        [row for row in lead_moments(data, one, imported_at, observed_until) if row["mature"]]
        for one in (model | {"rules": rules}, model)
    )
    found, caught = {}, [Fraction(0), Fraction(0)]
    for label in dict.fromkeys(row["period"] for row in sorted(with_rules, key=lambda row: row["moment"])):
        both = [[row for row in rows if row["period"] == label] for rows in (without, with_rules)]
        room = sum(row["tier"] == model["tiers"][-1]["name"] for row in both[1])
        wins = [wins_among_best(rows, room) for rows in both]
        caught = [sum(pair) for pair in zip(caught, wins, strict=True)]
        found[label] = added_figures(both, wins) | {"worked": room}
    found["pooled"] = added_figures([without, with_rules], caught)
    return found


def added_figures(both, wins):
    converted = [[row["score"] for row in rows if row["converted"]] for rows in both]
    others = [[row["score"] for row in rows if not row["converted"]] for rows in both]
    return {
        "conversions": len(converted[0]),
        "auc": [auc_interval(*classes)[0] for classes in zip(converted, others, strict=True)],
        "caught": [ratio(won, len(converted[0])) for won in wins],
    }


def wins_among_best(rows, room):
    """Leads with the score at which the room ends are taken in proportion."""
    won, left = Fraction(0), room
    for score in sorted({row["score"] for row in rows}, reverse=True):
        here = [row for row in rows if row["score"] == score]
        part = min(Fraction(1), Fraction(left, len(here)))
        won += part * sum(row["converted"] for row in here)
        left -= min(left, len(here))
    return won


# --- Accounts: their score from their leads' scores, and whether they converted


def account_block(model):
    """The model's account_score, or what holds without it: the best lead's score, in the model's tiers."""
    if "account_score" in model:
        return model["account_score"]
    block = {"from": "max", "tiers": model["tiers"]}
    block |= {"min_score": model.get("min_score", 0), "max_score": model.get("max_score", 100)}
    if len(model["tiers"]) > 1:
        block["engaged_tier"] = model["tiers"][1]["name"]
    return block


def leads_of_account(account_id, facts):
    return [facts.leads[lead_id] for lead_id in facts.lead_ids_of_account.get(account_id, [])]


def account_conversions(account_id, model, facts):
    """Outcomes in stages of the account's leads that are not left out."""
    return [
        row
        for lead in leads_of_account(account_id, facts)
        if lead["lead_id"] not in facts.excluded
        for row in facts.outcomes.get(lead["lead_id"], [])
        if in_stages(row, model, "stages")
    ]


def account_members(account_id, moment, model, facts):
    """The account's leads that are scored at the moment, with score and tier; none once it was won."""
    won = any(row["occurred_at"] < moment for row in account_conversions(account_id, model, facts))
    if won and not model["conversion"].get("repeatable", False):
        return []
    found = []
    for lead in leads_of_account(account_id, facts):
        if lead["created_at"] < moment and is_scored(lead, moment, model, facts):
            scored = score_lead(lead, moment, model, facts)
            found.append((lead, scored["score"], scored["tier"]))
    return found


def is_engaged(lead, score, tier, moment, model, facts):
    block, reasons = account_block(model), []
    if "engaged_tier" in block:
        names = [tier["name"] for tier in model["tiers"]]
        reasons.append(names.index(tier) >= names.index(block["engaged_tier"]))
    if "engaged_score" in block:
        reasons.append(score >= block["engaged_score"])
    if "engaged_within_days" in block:
        own = facts.activities.get(lead["lead_id"], [])
        seen = activities_seen(own, moment, model.get("inactivity_reset_days"))
        days = timedelta(days=block["engaged_within_days"])
        reasons.append(any(moment - row["occurred_at"] <= days for row in seen))
    return any(reasons) if reasons else True


def score_account(account_id, members, moment, model, facts):
    """The score of an account from its members, and where it comes from."""
    block = account_block(model)
    scores = sorted((score for _, score, _ in members), reverse=True)
    match block["from"]:
        case "sum":
            lead_points = sum(scores)
        case "max":
            lead_points = scores[0]
        case "top":
            lead_points = sum(scores[: block["top"]])
        case "mean":
            lead_points = math.floor(Fraction(sum(scores), len(scores)) + Fraction(1, 2))
    engaged = [lead for lead, score, tier in members if is_engaged(lead, score, tier, moment, model, facts)]
    # Reading: the usual column is only shown; without a field there is no department.
    named = (text_of(lead.get(block.get("department_field"))) for lead in engaged)
    departments = {name.lower() for name in named if name is not None}
    person_points = block.get("points_per_person", 0) * len(engaged)
    person_points = min(person_points, block.get("max_person_points", math.inf))
    department_points = block.get("points_per_department", 0) * len(departments)
    department_points = min(department_points, block.get("max_department_points", math.inf))
    account = facts.accounts.get(account_id)
    rules = [rule for rule in block.get("rules", []) if rule.get("enabled", True)]
    given = sum(rule["points"] for rule in rules if account is not None and matches(rule, account))
    total = lead_points + person_points + department_points + given
    score = min(max(total, block.get("min_score", 0)), block.get("max_score", 1000))
    return {
        "score": score,
        "tier": [tier["name"] for tier in block["tiers"] if tier["threshold"] <= score][-1],
        "people": len(members),
        "engaged": len(engaged),
        "departments": len(departments),
        "lead_points": lead_points,
        "person_points": person_points,
        "department_points": department_points,
        "rule_points": given,
    }


def accounts_at(data, model, at=None, *, imported_at, observed_until=None):
    """The rows of ``tierline accounts``, by account_id: every account with a lead that is scored then."""
    facts = Facts(data, model, imported_at, observed_until)
    moment = facts.observed_until if at is None else at
    rows = []
    for account_id in sorted(facts.lead_ids_of_account):
        members = account_members(account_id, moment, model, facts)
        if members:
            scored = score_account(account_id, members, moment, model, facts)
            rows.append({"account_id": account_id, **scored})
    return rows


def account_rows(facts, model):
    """One dictionary per account and period start at which it is scored."""
    at_starts = model | {"observation": model.get("observation", {}) | {"moment": "period_start"}}
    horizon = timedelta(days=model["conversion"]["horizon_days"])
    rows = []
    for account_id in sorted(facts.lead_ids_of_account):
        leads = leads_of_account(account_id, facts)
        starts = {start for lead in leads for start in moments(lead, at_starts, facts.observed_until)}
        won = account_conversions(account_id, model, facts)
        for moment in sorted(starts):
            members = account_members(account_id, moment, model, facts)
            if not members:
                continue
            within = [row for row in won if timedelta(0) <= row["occurred_at"] - moment < horizon]
            first = min((row["occurred_at"] for row in within), default=None)
            scored_ids = {lead["lead_id"] for lead, _, _ in members}
            row = {"account_id": account_id, "moment": moment, "period_start": period_start(moment, model)}
            row |= score_account(account_id, members, moment, model, facts)
            row["mature"] = facts.observed_until - moment >= horizon
            row["converted"] = bool(within)
            row["through_others"] = bool(within) and not any(one["lead_id"] in scored_ids for one in within)
            row["amount"] = max(
                (facts.own_amount(one) for one in within if one["occurred_at"] == first), default=Decimal(0)
            )
            rows.append(row)
    return rows


def account_backtest(data, model, imported_at, observed_until=None):
    """The figures of ``tierline accounts --backtest``, and by period the conversions through other leads."""
    facts = Facts(data, model, imported_at, observed_until)
    rows, unscored = account_rows(facts, model), []
    for account_id in facts.lead_ids_of_account:
        won = [row["occurred_at"] for row in account_conversions(account_id, model, facts)]
        own = [row["moment"] for row in rows if row["account_id"] == account_id]
        if won and not any(moment <= min(won) for moment in own):
            unscored.append(period_start(min(won), model))
    block = account_block(model)
    limits = {"min_score": block.get("min_score", 0), "max_score": block.get("max_score", 1000)}
    of_leads = {key: value for key, value in model.items() if key != "grid"}
    result = figures(facts, rows, unscored, of_leads | {"tiers": block["tiers"]} | limits)
    others = Counter(
        period_label(row["period_start"], model) for row in rows if row["mature"] and row["through_others"]
    )
    through_others = {period["period"]: others[period["period"]] for period in result["periods"]}
    return result, through_others | {"pooled": others.total()}
