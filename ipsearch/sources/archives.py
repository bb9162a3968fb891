"""What the archives of deliveries have in common: members, and the names to call them by.

Nothing is ever written to the disk under a member's name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Member:
    """One file in an archive."""

    name: str  # as a person reads it, and no other member's of this archive
    size: int  # bytes unpacked, as the archive says
    fault: str = ""  # why it cannot be read; empty if it can


def display_name(raw: bytes) -> str:
    """Make of a stored name one to show.

    UTF-8 if it is valid UTF-8, else GB18030 (what Chinese Windows writes), whatever the archive's
    flags claim; control characters, also those that turn the direction of text, are replaced.
    """
    for encoding in ("utf-8", "gb18030", "cp437"):
        try:
            name = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    name = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", "\ufffd", name)
    return re.sub(r"^(\./+)+", "", name)


class Names:
    """The names given so far in one archive: a second `a.xml` is called `a.xml#2`."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def give(self, raw: bytes) -> str:
        """Return the name for the next member, stored as `raw`."""
        name = display_name(raw)
        number = self._counts.get(name, 0) + 1
        given = name if number == 1 else f"{name}#{number}"
        while given != name and given in self._counts:
            number += 1
            given = f"{name}#{number}"
        self._counts[name] = number
        self._counts.setdefault(given, 1)
        return given

    def __len__(self) -> int:
        return len(self._counts)


def leads_outside(name: str) -> bool:
    """Tell whether a member's name, taken as a path, would leave the folder it is unpacked in."""
    path = name.replace("\\", "/")
    return path.startswith("/") or path[1:2] == ":" or ".." in path.split("/")
