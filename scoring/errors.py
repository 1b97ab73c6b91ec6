"""The errors of the scoring layer."""


class ScoringError(Exception):
    """Base of everything that goes wrong in ``scoring``."""


class ModelError(ScoringError):
    """A model breaks a rule of the model format; the message names file, rule and key."""
