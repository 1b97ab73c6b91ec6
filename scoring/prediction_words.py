"""What a learned model is worth, in words."""

from __future__ import annotations

from scoring.prediction import Prediction

SMALLEST_DIFFERENCE = 0.0005
"""Of two rankings; less is no difference to anybody, however sure it is."""


def sentence(prediction: Prediction) -> str:
    """What the periods say about learning from the outcomes instead of giving points by hand."""
    judged = [
        (p.ranking.difference, p.ranking.low, p.ranking.high)
        for p in prediction.periods
        if p.ranking.difference is not None and p.ranking.low is not None and p.ranking.high is not None
    ]
    if not judged and prediction.fit is not None:
        return (
            "What was learned cannot be judged yet: no period could be foretold from what was known before."
        )
    if not judged:
        return f"Nothing can be learned yet: {prediction.refusal or 'no period could be foretold'}."
    better = sum(low > 0 and difference >= SMALLEST_DIFFERENCE for difference, low, _ in judged)
    worse = sum(high < 0 and difference <= -SMALLEST_DIFFERENCE for difference, _, high in judged)
    even = len(judged) - better - worse
    if len(judged) == 1:
        words = "better than" if better else "worse than" if worse else "no better than chance might beside"
        return (
            "In the one period that could be foretold from what was known before it, the learned model ranks "
            f"leads {words} the points."
        )
    return (
        f"Of {len(judged)} periods foretold from what was known before them, the learned model ranks leads "
        f"better than the points in {better}, worse in {worse}, and with no real difference in {even}."
    )


def promise_sentence(prediction: Prediction) -> str:
    """Whether as many were won as the chances promised; '' where no period was foretold."""
    checks = [period.promised for period in prediction.periods]
    ratios = [100 * check.ratio for check in checks if check.ratio is not None]
    if not ratios:
        return ""
    came, promised = sum(check.observed for check in checks), sum(check.expected for check in checks)
    text = f"{promised:,.0f} wins were promised before they were known, and {came:,} came"
    if len(ratios) == 1:
        return f"{text}, in one period."
    held = sum(
        check.low <= 1 <= check.high for check in checks if check.low is not None and check.high is not None
    )
    return (
        f"{text}: {100 * came / promised:.0f} for 100 promised, in single periods {min(ratios):.0f} to "
        f"{max(ratios):.0f}. In {held} of {len(ratios)} periods the difference is no more than chance."
    )


def level_sentence(prediction: Prediction) -> str:
    """By how much chances are set off from what was learned, so that past promises would have come true."""
    if prediction.fit is None:
        return ""
    if prediction.level_factor == 1:
        return (
            "Chances are as they were learned: too few wins came in foretold periods to set their level by."
        )
    return (
        f"Chances have the level that came: the odds that were learned, times {prediction.level_factor:.2f}, "
        "so that what was promised before each period adds up to what came in it."
    )
