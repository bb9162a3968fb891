"""What can be wrong with a file of a corpus, and what is found when all of them are looked at."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from ipsearch.corpus.catalog import Generation, Part
from ipsearch.records import Kind

Role = Literal[
    "catalog",
    "catalog_copy",
    "notes",
    "records",
    "keys",
    "beside",
    "merged",
    "unfinished",
    "index",
    "gone_copy",
    "leftover",
]
"""What a file is to its corpus, and so what becomes of it: `records` as delivered are the truth;
`keys` and what else lies `beside` them, `merged` records and the `index` are made of them;
`unfinished` is what an interrupted ingestion wrote; a `leftover` does not count."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong."""

    file: str  # its path in the corpus's folder
    role: Role
    reason: str
    kind: Kind | None = None
    shard: int | None = None
    part: int | None = None  # its number, if the file is one or lies beside one

    @property
    def is_damage(self) -> bool:
        """Whether anything is not as it was written; a leftover only takes room."""
        return self.role != "leftover"


def fault_at(
    root: Path, path: Path, role: Role, reason: str, of: Part | Generation | None = None
) -> Fault:
    """Say what is wrong with a file in the folder `root`, of a part or a generation."""
    name = path.relative_to(root).as_posix()
    if of is None:
        return Fault(name, role, reason)
    return Fault(name, role, reason, of.kind, of.shard, of.number if isinstance(of, Part) else None)


@dataclass(slots=True)
class Check:
    """What was looked at and found: plain values."""

    faults: list[Fault] = field(default_factory=list)
    files: int = 0  # read whole
    bytes: int = 0  # in them
    records: dict[str, int] = field(default_factory=dict)  # kind -> records shown
    is_written_to: bool = False
    """Another process was writing: what it has not named yet was not looked for."""
    elapsed_s: float = 0.0

    @property
    def is_damaged(self) -> bool:
        """Whether anything is not as it was written."""
        return any(fault.is_damage for fault in self.faults)

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain values."""
        return asdict(self)
