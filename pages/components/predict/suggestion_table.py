"""The table behind the suggested points."""

from __future__ import annotations

import pandas as pd

from pages.components.evidence.chart import THREE_DECIMALS, WHOLE
from scoring.model import Model
from scoring.suggestion import Suggestions

SUGGESTIONS_CONFIG = {
    "Points now": WHOLE,
    "Suggested": WHOLE,
    "Most now": WHOLE,
    "Most suggested": WHOLE,
    "Gain where searched": THREE_DECIMALS,
    "Gain out of time": THREE_DECIMALS,
    "Likely from": THREE_DECIMALS,
    "Likely to": THREE_DECIMALS,
}
TOGETHER = "All together"


def suggestions_table(found: Suggestions, model: Model) -> pd.DataFrame:
    """One row for each rule that is to change, and one for all of them; gains are fractions."""
    rows = []
    for change in found.changes:
        rows.append(
            {
                "Rule": model.rule(change.rule).shown_label,
                "Points now": change.points_now,
                "Suggested": change.points,
                "Most now": change.max_points_now,
                "Most suggested": change.max_points,
                "Gain where searched": change.gain,
                "Gain out of time": change.alone.difference,
                "Likely from": change.alone.low,
                "Likely to": change.alone.high,
                "Verdict": change.alone.level.value,
            }
        )
    if found.together is not None:
        before, after = found.value_now, found.value
        rows.append(
            {
                "Rule": TOGETHER,
                "Gain where searched": None if before is None or after is None else after - before,
                "Gain out of time": found.together.difference,
                "Likely from": found.together.low,
                "Likely to": found.together.high,
                "Verdict": found.together.level.value,
            }
        )
    return pd.DataFrame(rows)
