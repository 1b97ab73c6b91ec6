"""From a rule's form into the draft."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import ValidationError

from pages.components import state
from pages.components.tune import changes
from pages.components.tune.rule_form import RuleForm, problems_of
from queries.errors import QueryError
from scoring.errors import ModelError
from scoring.model import Model, Rule


def commit_form(
    form: RuleForm, find_id: Callable[[Model], str], put: Callable[[Model, Rule], Model], whose: str = ""
) -> None:
    """Put the form into the draft where it is whole; otherwise the draft stays and the form says why.

    Parameters
    ----------
    form : RuleForm
    find_id : callable
        The id of its rule in a model.
    put : callable
        The model with the rule, seen to fit the data.
    whose : str
        Ends what Undo says.
    """
    form.refused = {}
    if form.problems():
        return
    model = state.draft()
    try:
        rule = form.build(find_id(model))
        changed = put(model, rule)
    except ValidationError as error:
        form.refused = problems_of(error)
    except (QueryError, ModelError) as error:
        form.refused = {"rule": str(error).replace(f"{changes.SOURCE}: ", "")}
    else:
        verb = "adding" if form.rule_id is None else "editing"
        state.set_draft(changed, f"{verb} {rule.shown_label}{whose}")
        form.rule_id, form.applied = rule.id, rule
