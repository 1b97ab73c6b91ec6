"""How one file feeds one table, as a form: id, time, what the row is about, dates that become outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.components.data.files import DataFile
from pages.components.data.words import shown
from pages.components.mapping.details import show_details
from pages.components.mapping.guess import (
    guess_column,
    guess_date_columns,
    guess_stage,
    guess_time_format,
)
from pages.components.mapping.times import choose_times
from queries.contract import CONTRACTS, TableContract
from queries.mapping import TableMapping

Origin = tuple[Literal["column", "row_number", "constant"], str]
ROW_NUMBER: Origin = ("row_number", "")
CONSTANT: Origin = ("constant", "")
EXAMPLE_LENGTH = 30
LABELS = {
    "lead_id": "Which column tells the leads apart (id)?",
    "account_id": "Which column tells the companies apart (id)?",
    "created_at": "When was the lead created?",
    "occurred_at": "When did it happen?",
    "activity_type": "What did the lead do?",
    "stage": "Which stage was reached (won, lost, …)?",
    "amount": "Amount (optional)",
    "deal_id": "Deal (optional)",
    "reason": "Reason (optional)",
    "owner": "Owner (optional)",
}
OTHER_LABELS = {
    ("leads", "account_id"): "Which company is the lead from? (optional)",
    ("activities", "lead_id"): "Whose activity is it (the lead's id)?",
    ("outcomes", "lead_id"): "Whose outcome is it (the lead's id)?",
}


class FeedForm:
    """The form of one feed; `read` draws it and gives the mapping.

    Parameters
    ----------
    table : str
        Name of the table.
    file : DataFile
    base : TableMapping
        What the form starts from; what it does not show is kept from it.
    key : str
        Prefix of the keys of its widgets.
    """

    def __init__(self, table: str, file: DataFile, base: TableMapping, key: str) -> None:
        self.contract: TableContract = CONTRACTS[table]
        self.file = file
        self.base = base
        self.key = key
        self.fresh = base == TableMapping()
        self._cells = _cells()
        self.missing: list[str] = []
        self.columns: dict[str, str] = {}
        self.constants: dict[str, str] = {}
        self.row_number_as: str | None = None
        self.from_dates: dict[str, str] = {}

    def read(self) -> tuple[dict[str, Any], list[str]]:
        """Draw the form.

        Returns
        -------
        fields : dict
            What a TableMapping is made from.
        missing : list of str
            What must still be chosen, in words; the fields make no mapping before it is.
        """
        contract = self.contract
        self._choose(contract.key, numbered=contract.unique)
        in_dates = contract.kind is not None and self._stands_in_dates()
        if contract.kind is not None:
            self._cells = _cells()  # what follows the question stands below it
        if in_dates:
            self._choose_dates()
        else:
            for name in (contract.time, contract.kind):
                if name is not None:
                    self._choose(name, constant=name == contract.kind)
        for name in contract.optional:
            self._choose(name, optional=True)
        times: dict[str, Any] = {}
        if contract.time is not None:
            times = choose_times(self.base, self._start_formats(), self._times_key())
        details, mistakes = show_details(self)
        if details.get("match") is not None:
            self._give_way_to_match()
        columns = self.columns | details.pop("columns")
        fields = {
            "columns": columns,
            "constants": details.pop("constants") | self.constants,
            "row_number_as": self.row_number_as,
            "from_dates": self.from_dates,
        }
        return fields | times | details, self.missing + mistakes

    def _time_columns(self) -> list[str]:
        named = self.columns.get(self.contract.time or "")
        return [*self.from_dates.values(), *([named] if named is not None else [])]

    def _start_formats(self) -> tuple[str, ...]:
        """The base's formats, or what the first values of the time's columns look like."""
        if not self.fresh:
            return self.base.time_format
        guesses = [guess_time_format(self.file.examples[column]) for column in self._time_columns()]
        return tuple(dict.fromkeys(guesses)) or ("iso",)

    def _times_key(self) -> str:
        """Other columns, other guess: until a time's columns are chosen, there is nothing to keep."""
        chosen = [self.file.columns.index(column) for column in self._time_columns()] if self.fresh else []
        return "_".join([self.key, *map(str, chosen), "times"])

    def _give_way_to_match(self) -> None:
        """What is found by another column needs no id in these rows."""
        found = "account_id" if self.contract.name == "leads" else self.contract.key
        self.columns.pop(found, None)
        self.missing = [said for said in self.missing if not said.endswith(self._label(found))]

    def _label(self, name: str) -> str:
        return OTHER_LABELS.get((self.contract.name, name), LABELS[name])

    def _choose(
        self, name: str, *, numbered: bool = False, constant: bool = False, optional: bool = False
    ) -> None:
        """A column for one of ours, or another origin for it."""
        options: list[Origin] = [("column", column) for column in self.file.columns]
        options += [ROW_NUMBER] * numbered + [CONSTANT] * constant
        start = self._start(name)
        label = self._label(name)
        with next(self._cells):
            chosen = st.selectbox(
                label,
                options,
                index=options.index(start) if start in options else None,
                format_func=self._origin_words,
                placeholder="Leave empty" if optional else "Choose a column",
                key=f"{self.key}_{name}",
            )
            if chosen == CONSTANT:
                self._write_constant(name)
        if chosen is None:
            self.missing += [] if optional else [f"choose a column: {label}"]
        elif chosen == ROW_NUMBER:
            self.row_number_as = name
        elif chosen != CONSTANT:
            self.columns[name] = chosen[1]

    def _origin_words(self, origin: Origin) -> str:
        kind, column = origin
        if kind == "row_number":
            return "No column: number the rows"
        if kind == "constant":
            return "No column: the same in every row"
        examples = self.file.examples[column]
        return f"{column} (such as {examples[0][:EXAMPLE_LENGTH]})" if examples else f"{column} (empty)"

    def _start(self, name: str) -> Origin | None:
        if name in self.base.constants:
            return CONSTANT
        if self.base.row_number_as == name:
            return ROW_NUMBER
        column = self.base.columns.get(name)
        if column is None:
            lowered = {theirs.lower(): theirs for theirs in self.file.columns}
            column = lowered.get(name)
        if column is None and self.fresh:
            column = guess_column(name, self.file.columns)
        lowered = {theirs.lower(): theirs for theirs in self.file.columns}
        return None if column is None else ("column", lowered.get(column.lower(), column))

    def _write_constant(self, name: str) -> None:
        text = st.text_input(
            f"The same in every row: {self._label(name)}",
            value=self.base.constants.get(name, ""),
            key=f"{self.key}_{name}_constant",
        ).strip()
        if text:
            self.constants[name] = text
        else:
            self.missing.append(f"write what stands in every row: {self._label(name)}")

    def _stands_in_dates(self) -> bool:
        """Whether the table's rows stand side by side, as one date column for each stage."""
        noun = "stage" if self.contract.name == "outcomes" else "kind of activity"
        rows, dates = (
            "one below the other, each in a row of its own",
            f"side by side: a date column for each {noun}",
        )
        start_dates = bool(self.base.from_dates) or (self.fresh and self._guessed_dates() != [])
        chosen = st.radio(
            f"How do the {self.contract.name} stand in {shown(self.file.upload.name, 60)}?",
            [rows, dates],
            index=int(start_dates),
            key=f"{self.key}_in_dates",
        )
        return chosen == dates

    def _guessed_dates(self) -> Sequence[str]:
        return guess_date_columns(self.file.columns) if self.contract.name == "outcomes" else []

    def _choose_dates(self) -> None:
        """Date columns, and for each of them the stage that it stands for."""
        known = {column: stage for stage, column in self.base.from_dates.items()}
        start = [column for column in known if column in self.file.columns] or (
            self._guessed_dates() if self.fresh else []
        )
        chosen = st.multiselect(
            "Which columns hold a date?", self.file.columns, default=start, key=f"{self.key}_dates"
        )
        if not chosen:
            self.missing.append("choose the date columns")
        for column in chosen:
            stage = st.text_input(
                f"A date in “{shown(column, 60)}” means",
                value=known.get(column, guess_stage(column)),
                key=f"{self.key}_stage_{self.file.columns.index(column)}",
            ).strip()
            if not stage or stage in self.from_dates:
                self.missing.append(f"write another name for what a date in “{column}” means")
            else:
                self.from_dates[stage] = column


def _cells() -> Iterator[DeltaGenerator]:
    """Places side by side, two in a row; on a phone one below the other, in the same order."""
    while True:
        yield from st.columns(2)
