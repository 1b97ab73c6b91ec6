"""What a group of rules adds to the rest of a model, over one data version."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from queries.comparison import joint_cells, lead_rows
from queries.flow import Flow, Progress, silent
from scoring.model import Model
from scoring.nested import Added, choose_rules, measure_added, swapped, without_rules
from scoring.returning_leads import Returns


def rules_add(
    flow: Flow,
    model: Model,
    *,
    categories: Collection[str] = (),
    rules: Collection[str] = (),
    left_out: Collection[str] = (),
    observed_until: datetime | None = None,
    progress: Progress = silent,
) -> Added:
    """Compare a model with itself without some rules.

    Costs two scans of the counts that the model has anyway: leaving rules out counts nothing new.

    Parameters
    ----------
    flow : Flow
    model : Model
    categories, rules : collection of str
        Whose rules, and which; see `scoring.nested.choose_rules`.
    left_out : collection of str
        Periods kept back for the final check of a draft.
    observed_until : datetime, optional
        Pretend that the data ended here.

    Raises
    ------
    ScoringError
        A name that the model does not have, or no rule to compare with.
    QueryError
        The model names a column that the data do not have; nothing was observed yet.
    """
    chosen = choose_rules(model, categories, rules)
    without = without_rules(model, {rule.id for rule in chosen})
    cells = flow.cells(model, None, observed_until, progress)
    # The model with all rules comes first: its patterns are those that the other one needs, too.
    joint = swapped(joint_cells(flow, model, without, observed_until, progress))
    rows = lead_rows(flow, model, without, observed_until)
    rows = replace(
        rows, score_a=rows.score_b, score_b=rows.score_a, place_a=rows.place_b, place_b=rows.place_a
    )
    progress(1.0, "Done")
    return measure_added(joint, rows, model, chosen, Returns.of(model, cells), left_out)
