"""How long somebody waits: the times of many changes, of which the usual and the slow ones matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Latency:
    """The milliseconds that each of many changes took, in order.

    Parameters
    ----------
    name : str
        What was changed, and until when the time was taken.
    milliseconds : tuple of float
        At least one.
    """

    name: str
    milliseconds: tuple[float, ...]

    @property
    def p50(self) -> float:
        """The usual change."""
        return self.percentile(50)

    @property
    def p95(self) -> float:
        """Of twenty changes one is slower."""
        return self.percentile(95)

    def percentile(self, percent: float) -> float:
        """The milliseconds that this percentage of the changes stays within, interpolated."""
        return float(np.percentile(self.milliseconds, percent))

    def to_json(self) -> dict[str, Any]:
        """The percentiles, the number of changes, and all times."""
        return {
            "name": self.name,
            "p50_ms": self.p50,
            "p95_ms": self.p95,
            "changes": len(self.milliseconds),
            "milliseconds": [round(value, 2) for value in self.milliseconds],
        }
