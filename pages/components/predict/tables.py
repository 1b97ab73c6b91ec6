"""The tables behind what was learned."""

from __future__ import annotations

import pandas as pd

from pages.components.evidence.chart import SHARE, THREE_DECIMALS, TWO_DECIMALS, WHOLE
from scoring.chances import ChanceBand
from scoring.model import Model
from scoring.prediction import Prediction

PERIODS_CONFIG = {
    "Leads": WHOLE,
    "Converted": WHOLE,
    "Promised": WHOLE,
    "Came for 100 promised": WHOLE,
    "Wins learned from": WHOLE,
    "Picks the buyer, points": THREE_DECIMALS,
    "Picks the buyer, learned": THREE_DECIMALS,
    "Difference": THREE_DECIMALS,
    "Likely from": THREE_DECIMALS,
    "Likely to": THREE_DECIMALS,
}
RULES_CONFIG = {"Odds times, for one more": TWO_DECIMALS, "Points": WHOLE}
BANDS_CONFIG = {
    "Leads": WHOLE,
    "Promised wins": WHOLE,
    "Wins": WHOLE,
    "Promised": SHARE,
    "Came": SHARE,
    "Likely from": SHARE,
    "Likely to": SHARE,
}
CHANCES_CONFIG = {"Chance": SHARE, "Score": WHOLE}


def periods_table(prediction: Prediction) -> pd.DataFrame:
    """One row for each period that was foretold."""
    return pd.DataFrame(
        [
            {
                "Period": period.period,
                "Leads": period.leads,
                "Promised": round(period.promised.expected),
                "Converted": period.conversions,
                "Came for 100 promised": None
                if period.promised.ratio is None
                else round(100 * period.promised.ratio),
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


def bands_table(prediction: Prediction) -> pd.DataFrame:
    """One row for each band of chances that held leads of foretold periods."""
    return pd.DataFrame(
        [
            {
                "Chance": band_label(band),
                "Leads": band.leads,
                "Promised wins": round(band.expected),
                "Wins": band.conversions,
                "Promised": band.expected / band.leads,
                "Came": band.rate,
                "Likely from": band.low,
                "Likely to": band.high,
            }
            for band in prediction.bands
        ]
    )


def band_label(band: ChanceBand) -> str:
    """From which chance to which."""
    return f"{100 * band.chance_from:g} to {100 * band.chance_to:g} %"


def chances_table(chances: pd.DataFrame, model: Model) -> pd.DataFrame:
    """Open leads with their chance, as `queries.prediction.lead_probabilities` gives them."""
    labels = {tier.name: tier.shown_label for tier in model.tiers}
    return pd.DataFrame(
        {
            "Lead": chances["lead_id"],
            "Chance": chances["probability"],
            "Score": chances["score"],
            "Tier": chances["tier"].map(labels),
        }
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
