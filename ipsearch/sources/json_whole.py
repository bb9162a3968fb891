"""JSON files that are one object over many lines, or an answer with the objects in a list.

`json_objects` reads lines and arrays. Files saved one object each, mostly indented, and answers of
a service (`{"total": 2, "data": [...]}`) are read here; what is neither is handed on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ipsearch.sources.base import Input, Reject
from ipsearch.sources.json_objects import Found, read_json, read_values
from ipsearch.sources.opening import peek

_INDENTED = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{[ \t]*\r?\n\s*[\"}]")  # nothing behind the brace


def read_any_json(input: Input, wrapper: str = "") -> Iterator[Found]:
    """Yield the objects of `input` with their positions, whatever of these forms it has.

    Of an object with a list under the key `wrapper`, the list's objects are yielded. Only lines can
    be divided into ranges: all else is read whole by the range that begins at 0.
    """
    head, input = peek(input)
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        return
    if _INDENTED.match(head) is None:
        found = read_json(input, head)
    elif input.start == 0:
        found = read_values(input)
    else:
        return
    for item in found:
        yield from _unwrap(item, wrapper)


def _unwrap(item: Found, wrapper: str) -> Iterator[Found]:
    inner = None if isinstance(item, Reject) or not wrapper else item[1].get(wrapper)
    if isinstance(item, Reject) or not isinstance(inner, list):
        yield item
        return
    for number, entry in enumerate(inner, start=1):
        position = f"{item[0]} {wrapper} {number}"
        if isinstance(entry, dict):
            yield position, entry
        else:
            yield Reject(position, f"not an object: {type(entry).__name__}")
