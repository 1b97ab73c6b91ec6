"""How an import can end without a new data version."""

from queries.errors import QueryError


class ImportRefused(QueryError):  # noqa: N818
    """The files must be put right first; the message says where, what was found and what to do."""


class ImportCancelled(QueryError):  # noqa: N818
    """The import was stopped on request; the data are as before."""
