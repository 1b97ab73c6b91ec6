"""Tables of leads as files: CSV or Parquet, by the ending of the name."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from commands.errors import BadInput
from commands.inputs import written_whole

ENDINGS = (".csv", ".parquet")
TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def check_table_path(path: Path) -> None:
    """Refuse a name whose ending does not say what to write; BadInput names it."""
    if path.suffix.lower() not in ENDINGS:
        raise BadInput(f"{path}: --out must end in .csv or .parquet, got {path.suffix or 'no ending'!r}")


def write_table(table: pa.Table, path: Path) -> None:
    """Write a table with a column ``moment``, as a whole or not at all."""
    with written_whole(path) as partial:
        if path.suffix.lower() == ".parquet":
            pq.write_table(table, partial)
            return
        place = table.column_names.index("moment")
        moments = pc.strftime(pc.cast(table.column("moment"), pa.timestamp("s"), safe=False), TIME_FORMAT)
        pa.csv.write_csv(table.set_column(place, "moment", moments), partial)
