"""Attributes of leads and accounts that know the outcome, or change with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from queries.engine import Engine
from queries.findings import Finding
from queries.flow import Flow, Progress, silent
from queries.guard.facts import (
    Filled,
    ValueCounts,
    attributes,
    count_fills,
    count_numbers,
    count_values,
    find_example,
    rules_on,
)
from queries.guard.words import gap_evidence, leak, ranking_evidence, rule_names, seen_by
from scoring.cohort_ranking import Ranking, rank_numbers, rank_values
from scoring.figure_words import percent
from scoring.hindsight import filled_when_closed
from scoring.leakage import (
    CONVERTED,
    IMPLAUSIBLE_ATTRIBUTE_AUC,
    LOST,
    OPEN,
    ranks_too_well,
    values_of_winners,
)
from scoring.model import Model

NUMBER_SHARE = 0.95
"""A column is ranked by number, too, when nearly all its values are numbers."""


def check_attributes(
    flow: Flow, model: Model, lead_ends: pa.Table, progress: Progress = silent
) -> list[Finding]:
    """Findings about every attribute of leads and accounts, at most one each.

    Parameters
    ----------
    flow : Flow
    model : Model
        Only for attributes that its enabled rules use a ``hindsight`` is reported: elsewhere it does no harm.
    lead_ends : Arrow table
        Columns of ``lead_ends.sql``.
    progress : callable, optional
        Is told the share done, 0 to 1, and what is being done.
    """
    findings = []
    fills = count_fills(flow.engine, lead_ends, attributes(flow.engine))
    for place, filled in enumerate(fills):
        progress(place / len(fills), f"Looking at {filled.attribute.table}.{filled.attribute.name}")
        rules = [rule.id for rule in rules_on(model, filled.attribute)]
        found = _Checked(flow.engine, model, lead_ends, filled, rules).finding()
        findings += [] if found is None else [found]
    return findings


@dataclass(frozen=True, eq=False)
class _Checked:
    """One attribute while it is looked at."""

    engine: Engine
    model: Model
    lead_ends: pa.Table
    filled: Filled
    rules: Sequence[str]

    def finding(self) -> Finding | None:
        """The first test that finds something."""
        if not self.filled.fills.filled.any():
            return None
        return self._one_sided() or self._known_by_value() or (self._hindsight() if self.rules else None)

    def _one_sided(self) -> Finding | None:
        for test, ending, others, word, rest in (
            ("filled_when_won", CONVERTED, (OPEN, LOST), "converted", "the others"),
            ("filled_when_lost", LOST, (OPEN,), "were lost", "those still open"),
        ):
            gap = self.filled.fills.gap(ending, others)
            if gap.one_sided:
                message = (
                    f"is filled for {percent(gap.share)} of the leads that {word} and "
                    f"{percent(gap.other_share)} of {rest} of the same age: it is filled in once "
                    "the outcome is known"
                )
                return self._leak(test, ending, message, gap_evidence(gap))
        return None

    def _known_by_value(self) -> Finding | None:
        if self.filled.attribute.name == "account_id":
            # Colleagues buy together: whose account it is may well say that somebody bought.
            return None
        values = count_values(self.engine, self.lead_ends, self.filled.attribute)
        ranking = self._ranking(values, (OPEN, LOST))
        if ranking is not None and ranks_too_well(ranking, IMPLAUSIBLE_ATTRIBUTE_AUC):
            message = (
                "alone picks the lead that converted over one that did not "
                f"{100 * ranking.strength:.0f} times in 100: that is more than anything known beforehand "
                "does, so it was probably measured afterwards"
            )
            return self._leak("ranks_too_well", CONVERTED, message, ranking_evidence(ranking))
        return self._pure_value(values)

    def _pure_value(self, values: ValueCounts) -> Finding | None:
        won, leads = (np.zeros(len(values.names), dtype=np.int64) for _ in range(2))
        np.add.at(won, values.value, values.endings[:, CONVERTED])
        np.add.at(leads, values.value, values.endings.sum(axis=1))
        for place in values_of_winners(won, leads - won):
            name = values.names[place]
            if name is not None:
                others = (won.sum() - won[place]) / (leads.sum() - leads[place])
                message = (
                    f"is {name!r} for {leads[place]:,} leads, of which {won[place]:,} converted, while of "
                    f"the other leads {percent(float(others))} did: the value says that a lead converted"
                )
                evidence = {"converted": int(won[place]), "leads": int(leads[place])}
                return self._leak("value_of_winners", CONVERTED, message, evidence, name)
        return None

    def _hindsight(self) -> Finding | None:
        changed = filled_when_closed(self.filled.fills)
        if changed is not None:
            gap, evidence = changed[0], gap_evidence(changed[0])
            found = (
                f"is filled for {percent(gap.share, 0)} of the leads that converted and "
                f"{percent(gap.other_share, 0)} of those still open of the same age: it "
                "changes as leads close"
            )
        else:
            values = count_values(self.engine, self.lead_ends, self.filled.attribute)
            ranking = self._ranking(values, (OPEN,))
            if ranking is None or not ranks_too_well(ranking, IMPLAUSIBLE_ATTRIBUTE_AUC):
                return None
            evidence = ranking_evidence(ranking)
            found = (
                "tells a lead that converted from one of the same age that is still open "
                f"{100 * ranking.strength:.0f} times in 100: it may change as leads close"
            )
        column, names = self.filled.attribute, rule_names(self.model, self.rules)
        message = (
            f"{column.name} {found}; past quarters use today's values, so figures with {names} look better "
            "than they would have been: leave it out, or load the values as they were"
        )
        evidence |= {"example": find_example(self.engine, self.lead_ends, column, CONVERTED)}
        place = {"table": column.table, "field": column.name}
        return leak("changes_with_outcome", message, evidence, rules=self.rules, kind="hindsight", **place)

    def _ranking(self, values: ValueCounts, others: Sequence[int]) -> Ranking | None:
        """The better one of the rankings by value, and by number where the values are numbers."""
        rest = values.endings[:, list(others)].sum(axis=1)
        won = values.endings[:, CONVERTED]
        found = [rank_values(values.value, values.cohort, values.fold, won, rest)]
        if self.filled.number_share >= NUMBER_SHARE:
            numbers, cohort, endings = count_numbers(self.engine, self.lead_ends, self.filled.attribute)
            rest = endings[:, list(others)].sum(axis=1)
            found.append(rank_numbers(numbers, cohort, endings[:, CONVERTED], rest))
        return max((ranking for ranking in found if ranking), key=lambda r: r.at_least, default=None)

    def _leak(
        self, test: str, ending: int, message: str, evidence: dict[str, Any], value: str | None = None
    ) -> Finding:
        column = self.filled.attribute
        example = find_example(self.engine, self.lead_ends, column, ending, value)
        known = evidence | ({} if value is None else {"value": value}) | {"example": example}
        text = f"{column.name} {message}{seen_by(self.model, self.rules, 'should not use it')}"
        return leak(test, text, known, rules=self.rules, table=column.table, field=column.name)
