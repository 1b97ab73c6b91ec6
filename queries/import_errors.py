"""How an import can end without a new data version."""

from queries.errors import QueryError


class ImportRefused(QueryError):
    """The files must be put right first; the message names file, line or column, what was found, what to do."""


class ImportCancelled(QueryError):
    """The import was stopped on request; the data are as before."""
