"""Turn the UCI Bank Marketing file into ``leads.csv`` and ``outcomes.csv``.

No mapping can say this: the file is in order of time and has months without years. A month that is smaller
than the one before begins a new year. A call is created on the first of its month and ends, won or lost,
on the second.

    python examples/bank/prepare.py bank-additional-full.csv out/
    tierline load --workspace bank out/
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

FIRST_YEAR = 2008
MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTHS = {name: number for number, name in enumerate(MONTH_NAMES, start=1)}
ATTRIBUTES = (
    "age",
    "job",
    "marital",
    "education",
    "default",
    "housing",
    "loan",
    "contact",
    "campaign",
    "pdays",
    "previous",
    "poutcome",
)
# The length of the call, known only when it is over; kept on request, to see the warning.
LEAK = "duration"


def dated(calls: Iterable[dict[str, str]]) -> Iterator[tuple[str, dict[str, str]]]:
    """Each call with its month as ``2008-05``."""
    year, before = FIRST_YEAR, 0
    for call in calls:
        month = MONTHS[call["month"]]
        year += month < before
        before = month
        yield f"{year}-{month:02d}", call


def prepare(source: Path, target: Path, *, with_duration: bool = False) -> None:
    """Write ``leads.csv`` and ``outcomes.csv`` into the folder `target`."""
    attributes = (*ATTRIBUTES, LEAK) if with_duration else ATTRIBUTES
    target.mkdir(parents=True, exist_ok=True)
    with (
        source.open(encoding="utf-8", newline="") as calls,
        (target / "leads.csv").open("w", encoding="utf-8", newline="") as leads,
        (target / "outcomes.csv").open("w", encoding="utf-8", newline="") as outcomes,
    ):
        lead_writer, outcome_writer = csv.writer(leads), csv.writer(outcomes)
        lead_writer.writerow(["lead_id", "created_at", *attributes])
        outcome_writer.writerow(["lead_id", "occurred_at", "stage"])
        for number, (month, call) in enumerate(dated(csv.DictReader(calls, delimiter=";")), start=1):
            lead_writer.writerow([number, f"{month}-01", *(call[name] for name in attributes)])
            outcome_writer.writerow([number, f"{month}-02", "won" if call["y"] == "yes" else "lost"])


def main() -> None:
    parser = argparse.ArgumentParser(description="Bank Marketing as leads.csv and outcomes.csv")
    parser.add_argument("source", type=Path, help="bank-additional-full.csv")
    parser.add_argument("target", type=Path, help="folder to write to")
    parser.add_argument("--with-duration", action="store_true", help="keep the column that leaks the outcome")
    arguments = parser.parse_args()
    prepare(arguments.source, arguments.target, with_duration=arguments.with_duration)


if __name__ == "__main__":
    main()
