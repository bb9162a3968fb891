"""Memory that a costly question took and no longer needs goes back to the machine."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Any

_INTERVAL_S = 0.2
"""Of searching, after which memory is given back: that takes a hundredth of it."""

_searched_s = 0.0


def searched(elapsed_s: float) -> None:
    """Note how long a question took; now and then, give back what was freed since."""
    global _searched_s
    _searched_s += elapsed_s  # two threads at once may lose a little of it: no matter
    if _searched_s > _INTERVAL_S:
        _searched_s = 0.0
        _give_back()


def _give_back() -> None:
    """Return freed memory, which the allocators would keep for each thread by itself."""
    if "pyarrow" in sys.modules:
        sys.modules["pyarrow"].default_memory_pool().release_unused()
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Any:
    """Find glibc's function for it; None where the C library is another."""
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
