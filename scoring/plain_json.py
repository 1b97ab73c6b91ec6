"""Results as plain dictionaries and lists, for programs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

import numpy as np


def to_plain(value: Any) -> Any:
    """Turn dataclasses, arrays and enums into what JSON can hold.

    A dataclass becomes a dictionary in the order of its fields, an array a list, an enum its value. What JSON
    cannot hold, a NaN or an infinite number, becomes None.

    Examples
    --------
    >>> to_plain({"rates": np.array([0.5, np.nan]), "level": None})
    {'rates': [0.5, None], 'level': None}
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
