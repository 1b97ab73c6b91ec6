"""The mapping file: TOML text to a Mapping and back."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Any

import tomli_w
from pydantic import ValidationError

from queries.imports.errors import ImportRefused
from queries.mapping import FileMapping, Mapping, Match, RowCondition, TableMapping

_KEYS = {
    "Mapping": Mapping,
    "FileMapping": FileMapping,
    "TableMapping": TableMapping,
    "RowCondition": RowCondition,
    "Match": Match,
}


def parse_mapping(text: str, source: str = "mapping.toml") -> Mapping:
    """Read a mapping file.

    Parameters
    ----------
    text : str
        TOML.
    source : str
        The file's name, for messages.

    Raises
    ------
    ImportRefused
        Names the file, the key, what was found and what is allowed; every mistake is listed, one a line.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ImportRefused(f"{source}: must be a TOML file, got a mistake: {error}; correct it") from None
    try:
        return Mapping.model_validate(document)
    except ValidationError as error:
        lines = [f"{source}: {_explain(details['loc'], dict(details))}" for details in error.errors()]
        raise ImportRefused("\n".join(dict.fromkeys(lines))) from None


def _explain(location: Sequence[int | str], details: dict[str, Any]) -> str:
    names = [
        f"[{part + 1}]" if isinstance(part, int) else part
        for part in location
        if part not in ("str", "function-before")
    ]
    key = ".".join(str(name) for name in names).replace(".[", "[")
    if details["type"] == "extra_forbidden":
        return f"{key} must not be given: there is no such key; remove it or correct its name"
    message = str(details["msg"]).removeprefix("Value error, ").replace("Input should be", "must be")
    got = (
        ""
        if details["type"] == "value_error" or details["type"] == "missing"
        else f", got {details['input']!r}"
    )
    return f"{key}: {message}{got}" if key else message


def format_mapping(mapping: Mapping) -> str:
    """The mapping as TOML; keys that have their default value are left out."""
    document = mapping.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return tomli_w.dumps({"schema_version": mapping.schema_version, **document})
