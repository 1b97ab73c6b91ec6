"""How much memory the program may use: one setting, shared out between its parts.

The first of these that is given holds: the command line (``--memory``), the environment variable
``TIERLINE_MEMORY``, ``memory`` in the workspace's ``settings.toml``. When none is, it is a share of what the
machine has.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from queries.errors import QueryError

FILE_NAME = "settings.toml"
MEMORY_VARIABLE = "TIERLINE_MEMORY"
MEMORY_OPTION = "--memory"

LEAST_BYTES = 500_000_000
# Most machines have other work to do, and beyond this a million leads do not get faster.
MACHINE_SHARE = 0.5
MOST_BY_DEFAULT = 4_000_000_000
# What stays for Python, the libraries and results on their way from one part to the next is the rest.
ENGINE_SHARE = 0.5
STRUCTURES_SHARE = 0.25

_UNITS = {"mb": 1000**2, "gb": 1000**3, "tb": 1000**4, "mib": 1024**2, "gib": 1024**3, "tib": 1024**4}
_AMOUNT = re.compile(r"(\d{1,9}(?:\.\d{1,9})?) ?([a-z]+)", re.IGNORECASE)
_CONTAINER_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


@dataclass(frozen=True)
class Memory:
    """What the process may use, and the parts of it.

    Attributes
    ----------
    total_bytes : int
        The setting.
    """

    total_bytes: int

    @property
    def engine_bytes(self) -> int:
        """What a database may use before it spills to disk."""
        return int(self.total_bytes * ENGINE_SHARE)

    @property
    def structures_bytes(self) -> int:
        """What computed structures may hold in memory; those that were let go come from disk."""
        return int(self.total_bytes * STRUCTURES_SHARE)


def find_memory(folder: Path, given: str | None = None) -> Memory:
    """The memory that the program may use on a workspace.

    Parameters
    ----------
    folder : Path
        The workspace's folder; it need not exist.
    given : str, optional
        What was said on the command line.

    Raises
    ------
    QueryError
        Names where a value that cannot be used comes from, and what is valid.
    """
    if given is not None:
        return parse_memory(given, MEMORY_OPTION)
    variable = os.environ.get(MEMORY_VARIABLE, "").strip()
    if variable:
        return parse_memory(variable, f"the environment variable {MEMORY_VARIABLE}")
    return _read_settings(folder / FILE_NAME) or default_memory()


def parse_memory(value: object, source: str) -> Memory:
    """The memory that ``2GB`` or ``1.5 GiB`` stands for.

    Parameters
    ----------
    value : object
        Text with a unit: MB, GB, TB are thousands, MiB, GiB, TiB are 1024s; case does not matter.
    source : str
        Where it was given, for messages.

    Raises
    ------
    QueryError
        When it is no amount of memory, or too little to work with.

    Examples
    --------
    >>> parse_memory("1.5GB", "here").total_bytes
    1500000000
    """
    rule = f"must be an amount of memory of at least {LEAST_BYTES // 10**6} MB, such as '2GB' or '1500MB'"
    found = _AMOUNT.fullmatch(value.strip()) if isinstance(value, str) else None
    unit = _UNITS.get(found.group(2).lower()) if found is not None else None
    if found is None or unit is None:
        raise QueryError(f"{source} {rule}, got {value!r}; correct it")
    size = int(float(found.group(1)) * unit)
    if size < LEAST_BYTES:
        raise QueryError(f"{source} {rule}, got {value!r}; raise it")
    return Memory(size)


def default_memory() -> Memory:
    """Half of what the machine, or the container, has; at most 4 GB."""
    share = int(_machine_bytes() * MACHINE_SHARE)
    return Memory(max(LEAST_BYTES, min(share, MOST_BY_DEFAULT)))


def _machine_bytes() -> int:
    sizes = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for limit in map(Path, _CONTAINER_LIMITS):
        try:
            text = limit.read_text(encoding="ascii").strip()
        except OSError:
            continue
        if text.isdecimal():  # "max" stands for no limit
            sizes.append(int(text))
    return min(sizes)


def _read_settings(path: Path) -> Memory | None:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise QueryError(f"{path} must be a readable TOML file, got: {error}; correct it") from None
    unknown = sorted(set(content) - {"memory"})
    if unknown:
        raise QueryError(
            f"{path}: a key must be among memory, got {', '.join(map(repr, unknown))}; remove it"
        )
    return parse_memory(content["memory"], f"{path}: memory") if "memory" in content else None
