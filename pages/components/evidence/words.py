"""What the figures of the evidence mean: one sentence each, with the technical word in it."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "leads_changed": (
        "How far the leads of a quarter differ from all leads before it, by their scores and by where they "
        "came from (PSI): below 0.1 hardly, above 0.25 clearly other leads."
    ),
    "drift": (
        "When the score ranks worse, either other leads came or the model no longer fits. If the mix of "
        "sources of before would have been ranked as well as then, the leads are the cause (drift), else "
        "the model."
    ),
    "base_rate": "Of 100 leads, so many converted, whatever their score (base rate).",
    "calibration": (
        "Each quarter's leads at the rates that equal scores had before: how many conversions that "
        "promised, and how many came (calibration, isotonic regression); 1 is as promised."
    ),
    "brier": (
        "The mean squared distance between the promised rate and what happened (Brier score): lower is "
        "better, and a score has to beat giving every lead the average rate."
    ),
    "rule_lift": (
        "Leads for which the rule gives points convert so many times as often as all leads (lift), with its "
        "likely range; a range that holds 1 is no more than chance."
    ),
    "adds": (
        "Each quarter's leads are ranked twice, with these rules and without. The difference is what they "
        "tell beyond the others (nested models, difference of two AUCs, range by DeLong): a rule can convert "
        "well by itself and add nothing, because other rules know the same. For the share of wins equally "
        "many leads are taken both times, as many as the highest tier holds."
    ),
    "points_share": ("Of all points that the model gives or takes away, the share that is this rule's."),
    "information": (
        "How much knowing whether the rule fires tells about who buys (information value): below 0.02 next "
        "to nothing, above 0.3 a lot. Weight of evidence is the same for firing alone, with its direction."
    ),
    "known_today": (
        "Known today: a rule on an attribute uses today's value for past quarters too. If the attribute was "
        "filled in or changed later, the past looks better than it was."
    ),
    "entry": (
        "A lead enters a tier at the first moment at which its score, worked out right after each of its "
        "own activities, reaches the threshold; it counts once. So leads that come and buy within a quarter "
        "count too."
    ),
    "entry_days": (
        "Days from entering the tier to converting: half of the conversions came within the middle figure, "
        "a quarter within the first and three quarters within the last."
    ),
    "verdict": (
        "Both models score the same leads on the same days. The difference counts as real when its whole "
        "likely range lies on one side of 0; the range allows for leads that count in several quarters "
        "(paired DeLong, clustered by lead)."
    ),
    "top_tier": (
        "The highest tier of both models on the same leads; the likely range allows for leads that count in "
        "several quarters (jackknife by lead)."
    ),
    "final_check": (
        "A draft that was tuned on some quarters looks better on these than it is. A quarter that nobody "
        "looked at while tuning tells the truth, but only once: each look uses it up a little."
    ),
    "swap": (
        "Each field counts the leads that stand in one tier of the model in use and in one of your draft "
        "(swap set). On the diagonal nothing changes."
    ),
    "gains": (
        "If sales worked the best-scored leads first: after this share of the leads, that share of all wins "
        "would be caught (gains curve). The dotted line is working them in any order."
    ),
    "tenths": (
        "All leads in ten equal parts by score, best first: how many times the average each part converts "
        "(lift by decile). Equal scores at a cut are divided in proportion."
    ),
    "threshold_curves": (
        "If every lead from this score up were worked: how many of them convert (precision), and what share "
        "of all wins is among them (recall)."
    ),
    "probability": (
        "What a score has been worth: the share of leads with it that converted, never falling with the "
        "score (isotonic regression)."
    ),
    "capacity": (
        "The lowest threshold that gives sales no more leads a week than it can work, over complete "
        "quarters; its range is what chance in the number of leads leaves open (Poisson)."
    ),
    "profit": (
        "The threshold from which the worth of the conversions less the cost of working the leads is "
        "greatest. It was found on these very leads and so is a little too good."
    ),
}
"""By topic; the words of the screen first, the technical one in brackets."""
