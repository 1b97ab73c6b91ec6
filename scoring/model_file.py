"""The model file: TOML text to a Model and back."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

import tomli_w
from pydantic import BaseModel, ValidationError

from scoring.account_scoring import AccountRule, AccountScore
from scoring.errors import ModelError
from scoring.grid import Grid, GridAxis
from scoring.model import Category, Condition, Conversion, Decay, Model, Observation, Rule, Tier

_PARTS: dict[str, type[BaseModel]] = {
    "conversion": Conversion,
    "observation": Observation,
    "exclude": Condition,
    "tiers": Tier,
    "categories": Category,
    "grid": Grid,
    "rows": GridAxis,
    "columns": GridAxis,
    "rules": Rule,
    "where": Condition,
    "decay": Decay,
    "account_score": AccountScore,
    "account_score.rules": AccountRule,
}


def parse_model(text: str, source: str = "model.toml") -> Model:
    """Read a model file.

    Parameters
    ----------
    text : str
        The file's content, TOML.
    source : str
        The file's name, for messages.

    Raises
    ------
    ModelError
        Names the file, the rule (or tier, category) and the key, what was found and what is allowed.
        Every mistake is listed, one a line.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ModelError(f"{source}: must be a TOML file, got a mistake: {error}") from None
    return model_from_dict(document, source)


def model_from_dict(document: Mapping[str, Any], source: str = "model.toml") -> Model:
    """Build a model from the dictionary that a model file holds; see `parse_model`."""
    try:
        return Model.model_validate(_tuples(document))
    except ValidationError as error:
        lines = dict.fromkeys(f"{source}: {_line(document, dict(e))}" for e in error.errors())
    # Outside, so that pydantic's error goes now: kept as the context, it would hold the frames of all
    # callers, and what these hold, beyond the end of the program.
    raise ModelError("\n".join(lines))


def model_to_dict(model: Model) -> dict[str, Any]:
    """The dictionary that a model file holds, without the keys that equal their default."""
    document = model.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    head: dict[str, Any] = {"schema_version": 1, "name": model.name}
    if model.description is not None:
        head["description"] = model.description
    head["base_points"] = model.base_points
    return head | {"min_score": model.min_score, "max_score": model.max_score} | document


def format_model(model: Model) -> str:
    """Write a model as TOML; ``parse_model(format_model(m)) == m``."""
    document = model_to_dict(model)
    tables = {key: value for key, value in document.items() if key in _PARTS}
    scalars = {key: value for key, value in document.items() if key not in _PARTS}
    ordered = {key: tables[key] for key in _PARTS if key in tables}
    return tomli_w.dumps(scalars | ordered)


def _tuples(value: Any) -> Any:
    """Lists as tuples, all the way down: strict validation takes nothing else for a frozen value."""
    if isinstance(value, Mapping):
        return {key: _tuples(item) for key, item in value.items()}
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    return value


def _line(document: Mapping[str, Any], error: dict[str, Any]) -> str:
    place = [part for part in error["loc"] if not _is_union_branch(part)]
    if "value" in place:
        place = place[: place.index("value") + 1]
    where = _place(document, place)
    kind = error["type"]
    if kind == "extra_forbidden":
        return f"{where} is an unknown key{_suggestion(place)}"
    if kind == "missing":
        return f"{where} must be given"
    if "value" in place:
        return f"{where} must be a text, a number or a list of these, got {error['input']!r}"
    if kind == "too_short":
        return f"{where} must not be empty"
    message = str(error["msg"]).removeprefix("Value error, ")
    if kind == "value_error":
        return f"{where}: {message}" if where else message
    rule = message.replace("Input should", "must", 1).replace("String should", "must", 1)
    if rule == message:
        rule = f"must be valid: {message}"
    return f"{where} {rule}, got {error['input']!r}"


def _is_union_branch(part: object) -> bool:
    """Pydantic puts the branch of a union that it tried into the place, for example ``int``."""
    return isinstance(part, str) and (part in ("int", "float", "str") or part.startswith("tuple["))


def _place(document: Mapping[str, Any], place: Sequence[int | str]) -> str:
    """``rules[2] 'email_click' points`` for ``("rules", 2, "points")``."""
    words: list[str] = []
    value: Any = document
    for part in place:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            value = None
        if isinstance(part, int):
            name = value.get("id", value.get("name")) if isinstance(value, Mapping) else None
            words[-1] += f"[{part + 1}]" + (f" {name!r}" if name is not None else "")
        else:
            words.append(part)
    return ": ".join(words)


def _suggestion(place: Sequence[int | str]) -> str:
    names = [part for part in place if isinstance(part, str)]
    path = ".".join(names[:-1])
    owner = _PARTS.get(path) or _PARTS.get(path.rpartition(".")[2], Model)
    known = [field.alias or key for key, field in owner.model_fields.items()]
    close = difflib.get_close_matches(names[-1], known, n=1)
    return f", did you mean {close[0]!r}?" if close else f"; known keys are {', '.join(known)}"
