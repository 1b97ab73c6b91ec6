"""Drafts of a model with undo and redo, as a value."""

from __future__ import annotations

from dataclasses import dataclass, replace

from scoring.model import Model

MAX_STEPS = 200
"""Older steps are forgotten; a model is small, a session may last a day."""


@dataclass(frozen=True)
class Step:
    """A draft, and what was done to get there ('' for the first)."""

    model: Model
    note: str


@dataclass(frozen=True)
class DraftHistory:
    """Every draft of a session, and which one is shown.

    Parameters
    ----------
    steps : tuple of Step, at least one
        Oldest first.
    position : int
        The step that is shown; the later ones can be redone.
    """

    steps: tuple[Step, ...]
    position: int = 0

    @classmethod
    def start(cls, model: Model, note: str = "") -> DraftHistory:
        """A history of one step."""
        return cls((Step(model, note),))

    @property
    def model(self) -> Model:
        """The draft that is shown."""
        return self.steps[self.position].model

    @property
    def undo_note(self) -> str | None:
        """What undo takes back, None when there is nothing."""
        return self.steps[self.position].note if self.position > 0 else None

    @property
    def redo_note(self) -> str | None:
        """What redo does again, None when there is nothing."""
        ahead = self.steps[self.position + 1 :]
        return ahead[0].note if ahead else None

    def add(self, model: Model, note: str) -> DraftHistory:
        """The history after a change; an equal model changes nothing, what could be redone is forgotten."""
        if model == self.model:
            return self
        steps = (*self.steps[: self.position + 1], Step(model, note))[-MAX_STEPS:]
        return DraftHistory(steps, len(steps) - 1)

    def undo(self) -> DraftHistory:
        """One step back, or the same where there is none."""
        return replace(self, position=max(self.position - 1, 0))

    def redo(self) -> DraftHistory:
        """One step forward, or the same where there is none."""
        return replace(self, position=min(self.position + 1, len(self.steps) - 1))
