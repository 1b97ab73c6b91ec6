"""The tables behind what was learned."""

from __future__ import annotations

import pandas as pd

from pages.components.evidence.chart import SHARE, THREE_DECIMALS, TWO_DECIMALS, WHOLE
from scoring.model import Model
from scoring.prediction import Prediction

PERIODS_CONFIG = {
    "Leads": WHOLE,
    "Converted": WHOLE,
    "Expected": WHOLE,
    "Wins learned from": WHOLE,
    "Picks the buyer, points": THREE_DECIMALS,
    "Picks the buyer, learned": THREE_DECIMALS,
    "Difference": THREE_DECIMALS,
    "Likely from": THREE_DECIMALS,
    "Likely to": THREE_DECIMALS,
}
RULES_CONFIG = {"Odds times, for one more": TWO_DECIMALS, "Points": WHOLE}
CHANCES_CONFIG = {"probability": SHARE, "score": WHOLE}


def periods_table(prediction: Prediction) -> pd.DataFrame:
    """One row for each period that was foretold."""
    return pd.DataFrame(
        [
            {
                "Period": period.period,
                "Leads": period.leads,
                "Converted": period.conversions,
                "Expected": round(period.expected_conversions),
                "Wins learned from": period.learned_conversions,
                "Picks the buyer, points": period.ranking.auc_a,
                "Picks the buyer, learned": period.ranking.auc_b,
                "Difference": period.ranking.difference,
                "Likely from": period.ranking.low,
                "Likely to": period.ranking.high,
            }
            for period in prediction.periods
        ]
    )


def skipped_table(prediction: Prediction) -> pd.DataFrame:
    """One row for each period that could not be foretold, and why."""
    return pd.DataFrame(prediction.skipped, columns=["Period", "Not foretold, because"])


def rules_table(prediction: Prediction, model: Model) -> pd.DataFrame:
    """What each enabled rule tells when all the others are known; the strongest first."""
    if prediction.fit is None:
        return pd.DataFrame()
    frame = pd.DataFrame(
        {
            "Rule": list(prediction.rules),
            "Odds times, for one more": prediction.fit.odds_factors,
            "Points": [rule.points for rule in model.enabled_rules],
        }
    )
    strength = abs(prediction.fit.coefficients)
    return frame.iloc[(-strength).argsort(kind="stable")].reset_index(drop=True)
