"""What sales did, as plain loops: the funnel's times, responses to tiers, leads worked, answers."""

from datetime import timedelta

from tests import reference

ROLES = {
    "accepted": {"accepted"},
    "rejected": {"rejected", "disqualified"},
    "qualified": {"sql", "opportunity"},
    "handed_over": {"mql"},
}
"""The stages of `tests.strategies` and their roles, but for the model's own."""


def role_of(stage, model):
    """What a stage says about sales; None for one that is nothing sales did."""
    stage = stage.lower()
    if stage in [one.lower() for one in model["conversion"]["stages"]]:
        return "won"
    if stage in ROLES["handed_over"] or stage in [
        one.lower() for one in model["conversion"].get("reopening_stages", [])
    ]:
        return None
    return next((role for role in ("accepted", "rejected", "qualified") if stage in ROLES[role]), "other")


def marks(lead_id, model, facts):
    """Time and role of everything that sales did about a lead."""
    found = [(row["occurred_at"], role_of(row["stage"], model)) for row in facts.outcomes.get(lead_id, [])]
    return [(time, role) for time, role in found if role is not None]


def last_before(found, instant):
    """The role of the last mark before an instant; at equal times what ends a claim, then the furthest."""
    before = [(time, role) for time, role in found if time < instant]
    if not before:
        return None
    latest = max(time for time, _ in before)
    roles = {role for time, role in before if time == latest}
    ended = roles - {"accepted", "qualified"}
    if ended:
        return "ended"
    return "qualified" if "qualified" in roles else "accepted"


def funnel(data, model, tier, imported_at):
    """By lead: when it was created, reached the tier, was accepted, qualified and won; and wins before."""
    facts = reference.Facts(data, model, imported_at)
    entered = {
        row["lead_id"]: row["entered_at"]
        for row in reference.entries(data, model, imported_at)
        if row["tier"] == tier
    }
    rows, before = [], 0
    for lead_id, lead in sorted(facts.leads.items()):
        if lead_id in facts.excluded or lead["created_at"] > facts.observed_until:
            continue
        found, at = marks(lead_id, model, facts), entered.get(lead_id)
        steps = [None, None, None]
        if at is not None:
            for place, roles in enumerate([{"accepted", "qualified", "won"}, {"qualified", "won"}, {"won"}]):
                steps[place] = min(
                    (time for time, role in found if time >= at and role in roles), default=None
                )
            standing = last_before(found, at)
            if standing in ("accepted", "qualified"):
                steps[0] = at
            if standing == "qualified":
                steps[1] = at
        wins = [time for time, role in found if role == "won"]
        before += bool(wins) and (at is None or min(wins) < at)
        rows.append([lead["created_at"], at, *steps])
    return rows, before


def responses(data, model, imported_at):
    """Lead, tier, entry, first touch and whether sales had it: the highest tier of each instant."""
    facts = reference.Facts(data, model, imported_at)
    order = [tier["name"] for tier in model["tiers"]]
    highest = {}
    for row in reference.entries(data, model, imported_at):
        key = (row["lead_id"], row["entered_at"])
        highest[key] = max(highest.get(key, 0), order.index(row["tier"]))
    rows = []
    for (lead_id, at), tier in highest.items():
        found = marks(lead_id, model, facts)
        touched = min((time for time, _ in found if time >= at), default=None)
        in_hands = last_before(found, at) in ("accepted", "qualified")
        rows.append((lead_id, tier, at, touched, in_hands))
    return sorted(rows)


def worked(data, model, imported_at, observed_until=None, name=None):
    """By period and name: complete leads, and those about which sales did something within the horizon.

    The name is the lead's tier unless another one is given: a function of lead, moment and score.
    """
    name = name or (lambda lead, moment, scored: scored["tier"])
    facts = reference.Facts(data, model, imported_at, observed_until)
    horizon = timedelta(days=model["conversion"]["horizon_days"])
    counts = {}
    for lead in facts.leads.values():
        for moment in reference.moments(lead, model, facts.observed_until):
            if not reference.is_scored(lead, moment, model, facts) or moment + horizon > facts.observed_until:
                continue
            called = name(lead, moment, reference.score_lead(lead, moment, model, facts))
            did = any(moment <= time < moment + horizon for time, _ in marks(lead["lead_id"], model, facts))
            count(counts, model, moment, called, did)
    return counts


def worked_accounts(data, model, imported_at, observed_until=None):
    """The same of accounts: those about anybody of whom that is not left out sales did something."""
    facts = reference.Facts(data, model, imported_at, observed_until)
    horizon = timedelta(days=model["conversion"]["horizon_days"])
    counts = {}
    for row in reference.account_rows(facts, model):
        if not row["mature"]:
            continue
        people = [lead["lead_id"] for lead in reference.leads_of_account(row["account_id"], facts)]
        times = [time for one in people if one not in facts.excluded for time, _ in marks(one, model, facts)]
        did = any(row["moment"] <= time < row["moment"] + horizon for time in times)
        count(counts, model, row["moment"], row["tier"], did)
    return counts


def count(counts, model, moment, name, did):
    """One more complete lead or account in its period and in all of them."""
    label = reference.period_label(reference.period_start(moment, model), model)
    for period in (label, "pooled"):
        leads, of_them = counts.get((period, name), (0, 0))
        counts[period, name] = leads + 1, of_them + did


def answers(data, model, imported_at):
    """Lead, time, whether rejected, score and tier just before: of every acceptance and rejection."""
    facts = reference.Facts(data, model, imported_at)
    found = {}
    takes = {"accepted"}
    if not any(role_of(row["stage"], model) == "accepted" for row in data["outcomes"] if known(row)):
        takes = {"qualified"}
    for lead_id in sorted(facts.leads.keys() - facts.excluded):
        for time, role in marks(lead_id, model, facts):
            if role == "rejected" or role in takes:
                found[lead_id, time] = found.get((lead_id, time), False) or role == "rejected"
    rows = []
    for (lead_id, time), rejected in sorted(found.items()):
        scored = reference.score_lead(facts.leads[lead_id], time, model, facts)
        rows.append((lead_id, time, rejected, scored["score"], scored["tier"]))
    return rows


def known(row):
    """Stages are told apart by all that the data hold, whenever and of whomever."""
    return reference.text_of(row["stage"]) is not None
