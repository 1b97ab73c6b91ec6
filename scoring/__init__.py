"""The domain of lead scoring: models, their exact meaning, figures and statistics. No I/O."""
