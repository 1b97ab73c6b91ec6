"""What arrays leave behind is kept for the next ones, not handed back to the system and fetched anew.

Counting makes and drops arrays of some megabytes without end. By itself the C library hands them back, and
the system clears every page of the next ones: a quarter of the time that adding up takes.
"""

from __future__ import annotations

import ctypes
import platform

MAPPED_FROM = 32 * 2**20
"""Bytes from which on an array is a piece of memory by itself, handed back; no more can be set."""

KEPT = 256 * 2**20
"""Bytes that are kept at most."""

# Of malloc.h.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3


def keep_freed_memory() -> bool:
    """Ask the C library for it; where it is another one than glibc, nothing changes.

    Returns
    -------
    bool
        Whether it does so.

    References
    ----------
    mallopt(3)
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    library = ctypes.CDLL(None)
    return bool(library.mallopt(_MMAP_THRESHOLD, MAPPED_FROM) and library.mallopt(_TRIM_THRESHOLD, KEPT))
