"""What an ingestion did, for people and as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ipsearch.corpus.upkeep import Upkeep


@dataclass(slots=True)
class Stage:
    """One stage's cost."""

    name: str
    wall_s: float
    cpu_s: float  # over all processes


@dataclass(slots=True)
class Summary:
    """The figures of one ingestion."""

    ingestion: int = 0
    files: int = 0  # read in this run, or in one that it went on with
    known_files: list[str] = field(default_factory=list)  # ingested before: skipped
    skipped_files: dict[str, int] = field(default_factory=dict)  # reason -> how many
    delivered: dict[str, int] = field(default_factory=dict)  # source -> rows
    records: dict[str, int] = field(default_factory=dict)  # kind -> records in the corpus now
    added: int = 0  # records in the corpus now less those before
    replaced: int = 0  # rows that a later delivery of the same source stands for
    merged: int = 0  # records shown that several deliveries made
    rejected: int = 0
    rejects: list[dict[str, Any]] = field(default_factory=list)  # the first of them
    rejects_by_file: dict[str, int] = field(default_factory=dict)
    warnings: dict[str, int] = field(default_factory=dict)
    unmapped: dict[str, list[str]] = field(default_factory=dict)  # file -> columns, elements
    elapsed_s: float = 0.0
    records_per_s: float = 0.0  # rows delivered, over the whole time
    stages: list[Stage] = field(default_factory=list)
    compacted: Upkeep | None = None  # what was left behind afterwards, if it had become much

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain values."""
        return asdict(self)
