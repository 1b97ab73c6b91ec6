"""Which editor stands in the place of the inputs: that of a rule, that of the tiers, or none."""

from __future__ import annotations

from pages.components.tiers.editor import are_tiers_open, show_tiers
from pages.components.tune import rule_editor
from queries.flow import Flow
from scoring.model import Model


def is_editor_open() -> bool:
    """Whether an editor stands in the place of the inputs."""
    return rule_editor.current_form() is not None or are_tiers_open()


def show_open_editor(flow: Flow, draft: Model) -> None:
    """Draw the editor that is open."""
    form = rule_editor.current_form()
    if form is not None:
        rule_editor.show_editor(flow, form)
    else:
        show_tiers(flow, draft)
