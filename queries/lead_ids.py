"""The ids of leads that are known by number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from queries.engine import Engine
from queries.statements import load_statement


def numbered(lead_numbers: NDArray[np.integer[Any]]) -> pa.Table:
    """Leads that a statement is asked about: place, from 0, and lead_number."""
    return pa.table(
        {
            "place": pa.array(np.arange(len(lead_numbers)), pa.int32()),
            "lead_number": pa.array(lead_numbers, pa.int32()),
        }
    )


def lead_ids(engine: Engine, lead_numbers: NDArray[np.integer[Any]]) -> pa.ChunkedArray:
    """The id of each lead, in the order given."""
    statement = load_statement("lead_attributes", {"columns": []})
    return engine.fetch(statement, None, {"wanted": numbered(lead_numbers)}).column("lead_id")
