"""The errors of the query layer."""


class QueryError(Exception):
    """Base of everything that goes wrong in ``queries``; the message is fit for a user."""


class ModelMisfitError(QueryError):
    """A model names what the loaded data do not have."""
