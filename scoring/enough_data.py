"""How much data a judgement needs. Below these numbers a figure is shown in grey and nothing is concluded."""

MIN_LEADS_FOR_RATE = 30
"""Fewer leads in a tier or quarter: its rate is shown with its likely range and marked as small."""

MIN_CONVERSIONS_FOR_VERDICT = 30
"""Fewer conversions (or fewer leads that did not convert): no verdict on AUC. The normal approximation of
DeLong's interval is off by less than two points of coverage from about here on."""

MIN_FIRINGS_FOR_RULE = 30
"""A rule that fires for fewer leads, or is silent for fewer, is not judged."""

MIN_CONVERSIONS_FOR_RULE = 10
"""Fewer conversions in all: no rule is judged. Ten events a variable: Peduzzi et al. (1996), J. Clin.
Epidemiol. 49, 1373-1379."""

MIN_CONVERSIONS_FOR_CALIBRATION = 50
"""Fewer conversions: scores are not turned into probabilities."""


def enough_for_verdict(conversions: int, leads: int) -> bool:
    """Whether both classes are large enough to judge an AUC."""
    return min(conversions, leads - conversions) >= MIN_CONVERSIONS_FOR_VERDICT
