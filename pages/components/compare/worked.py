"""What sales worked of the leads behind the rates of a comparison: under both models, and of each move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages.components.compare import tables
from pages.components.compare.load import Pair
from pages.components.figures.style import tier_labels
from pages.components.format import as_markdown
from pages.components.worked import WORKED, Shares, add_worked_by, load_worked_moves, load_worked_periods
from queries.flow import Flow
from scoring.model import Model
from scoring.worked import WorkedShare, of_period, of_tier, pooled
from scoring.worked_words import NOT_TOLD, worked_words


@dataclass(frozen=True)
class WorkedOfBoth:
    """The shares under the draft and the model in use, of the moments that they are compared at.

    Both are empty where the data do not tell what sales worked.
    """

    draft: Model
    in_use: Model
    of_draft: Shares
    of_in_use: Shares

    @classmethod
    def load(cls, flow: Flow, pair: Pair) -> WorkedOfBoth:
        """From the one loader; raises QueryError as the comparison does."""
        draft, in_use = (load_worked_periods(flow, model) for model in (pair.asked, pair.in_use))
        return cls(pair.asked, pair.in_use, draft, in_use)

    def show_sentences(self, left_out: Sequence[str]) -> None:
        """Of all periods but those that are kept back."""
        self._show(pooled(self.of_draft, left_out), pooled(self.of_in_use, left_out))

    def show_sentences_of(self, period: str) -> None:
        """Of one period."""
        self._show(of_period(self.of_draft, period), of_period(self.of_in_use, period))

    def beside_top_tier(self, table: pd.DataFrame, word: str) -> pd.DataFrame:
        """The table of the highest tier by period, with the share worked under either model."""
        for named, model, shares in (
            (tables.WORKED_DRAFT, self.draft, self.of_draft),
            (tables.WORKED_IN_USE, self.in_use, self.of_in_use),
        ):
            by_period = of_tier(shares, model.tiers[-1].name)
            table = add_worked_by(table, word.capitalize(), by_period, named)
        return table

    def _show(self, draft: Mapping[str, WorkedShare], in_use: Mapping[str, WorkedShare]) -> None:
        if not self.of_draft:
            st.caption(as_markdown(NOT_TOLD))
            return
        for start, model, shares in (
            ("With your draft, of the complete leads", self.draft, draft),
            ("With the model in use", self.in_use, in_use),
        ):
            labels = dict(reversed(tier_labels(model).items()))
            st.caption(as_markdown(worked_words(labels, shares, start)))


def beside_moves(flow: Flow, pair: Pair, left_out: tuple[str, ...], table: pd.DataFrame) -> pd.DataFrame:
    """The table of the moves from tier to tier, with the share of each that sales worked."""
    shares = load_worked_moves(flow, pair.in_use, pair.draft, left_out)
    if shares and not table.empty:
        in_use, draft = tier_labels(pair.in_use), tier_labels(pair.draft)
        by_label = {(in_use[a], draft[b]): one.share for (a, b), one in shares.items()}
        pairs = zip(table[tables.TIER_IN_USE], table[tables.TIER_IN_DRAFT], strict=True)
        table[WORKED] = pd.Series([by_label[move] for move in pairs], index=table.index, dtype="float64")
    return table
