"""The component's modules as the one script that Streamlit wants.

Streamlit's components take a script either inline or from a folder that an installed package of the
application's own name declares, which an application started from its folder does not have. So the modules,
which tests and editors read as ordinary ES modules, are joined: each becomes a function that returns what it
exports, in an order in which every module stands behind those that it imports.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent

_IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.{1,2}/[\w./-]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (\w+))", re.MULTILINE)
_DEFAULT = re.compile(r"^export default function\b", re.MULTILINE)
_LEFT_OVER = re.compile(r"^\s*(?:import|export)\b.*", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*/\*(?:(?!\*/).)*\*/[ \t]*\n", re.MULTILINE | re.DOTALL)


@cache
def joined_script(entry: Path) -> str:
    """A module and everything that it imports, as one module with the same default export.

    Parameters
    ----------
    entry : Path
        A module with an ``export default function``.

    Raises
    ------
    ValueError
        For a form of import or export that is not one of ``import { a, b } from "./file.js";``,
        ``export function``, ``export const``, ``export class``; for modules that import each other.
    """
    order = modules_of(entry)
    names = {path: f"module{number}" for number, path in enumerate(order)}
    parts = [_as_function(path, names) for path in order]
    return "\n".join([*parts, f"export default {names[order[-1]]}.main;\n"])


def modules_of(entry: Path) -> list[Path]:
    """A module and everything that it imports, each behind what it needs itself."""
    order: list[Path] = []
    _collect(entry.resolve(), order, ())
    return order


def joined_style(*paths: Path) -> str:
    """Several style sheets as one."""
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def _collect(path: Path, order: list[Path], importers: tuple[Path, ...]) -> None:
    if path in importers:
        raise ValueError(f"{path.name}: modules must not import each other in a circle")
    if path in order:
        return
    for match in _IMPORT.finditer(path.read_text(encoding="utf-8")):
        _collect((path.parent / match[2]).resolve(), order, (*importers, path))
    order.append(path)


def _as_function(path: Path, names: dict[Path, str]) -> str:
    text = _COMMENT.sub("", path.read_text(encoding="utf-8"))
    exported = [match[1] for match in _EXPORT.finditer(text)]

    def from_function(match: re.Match[str]) -> str:
        return f"const {{{match[1]}}} = {names[(path.parent / match[2]).resolve()]};\n"

    text = _EXPORT.sub("", _IMPORT.sub(from_function, text))
    if _DEFAULT.search(text):
        text = _DEFAULT.sub("exported.main = function", text)
        text = f"const exported = {{}};\n{text}"
    if left := _LEFT_OVER.search(text):
        raise ValueError(f"{path.name}: imports and exports must name what they mean, got {left[0].strip()}")
    results = ", ".join([*exported, *(["main: exported.main"] if "exported.main" in text else [])])
    return f"const {names[path]} = (() => {{\n{text}return {{ {results} }};\n}})();"
