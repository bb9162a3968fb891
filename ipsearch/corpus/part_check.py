"""Here is a part, is it as it was written, and is what lies beside it made of it?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from ipsearch.corpus import sides
from ipsearch.corpus.catalog import Part
from ipsearch.corpus.checksums import content_fault, part_file
from ipsearch.corpus.faults import Fault, Role, fault_at
from ipsearch.corpus.footers import footer_of
from ipsearch.corpus.layout import Layout, footer_path, keys_path, links_path, signs_path
from ipsearch.corpus.parts import PART_SCHEMAS, ROW_GROUP_ROWS, PartReader
from ipsearch.errors import DamagedError


@dataclass(frozen=True, slots=True)
class PartCheck:
    """A part to be looked at, and what lies beside it."""

    root: Path
    part: Part
    is_live: bool


def check_part(task: PartCheck) -> list[Fault]:
    """Compare the sums of a part's files, read all of its rows, and make again what is beside."""
    layout, part = Layout(task.root), task.part
    path = layout.part(part.kind, part.shard, part.number)
    found: list[Fault] = []
    whole: set[Path] = set()
    for entry in part.files:
        file = part_file(path, entry.name)
        if reason := content_fault(file, entry):
            found.append(fault_at(layout.root, file, _role(task, path, file), reason, part))
        else:
            whole.add(file)
    if path in whole:
        for file, reason in _disagreements(part, path, whole):
            found.append(fault_at(layout.root, file, _role(task, path, file), reason, part))
    return found


def _role(task: PartCheck, path: Path, file: Path) -> Role:
    if not task.is_live:
        return "unfinished"
    if task.part.is_merged:
        return "merged"
    if file == path:
        return "records"
    return "keys" if file in (keys_path(path), links_path(path)) else "beside"


def _disagreements(part: Part, path: Path, whole: set[Path]) -> Iterator[tuple[Path, str]]:
    """Read a part to its end, and say which of the files beside it are not made of it."""
    try:
        reader = PartReader(path, compares_footer=False)
        if not reader.schema.equals(PART_SCHEMAS[part.kind]):
            yield path, "its columns are not those of this version"
            return
        made = sides.of_batches(part.kind, reader.batches(ROW_GROUP_ROWS))
    except DamagedError as error:
        yield path, error.reason
        return
    if made.row_count != part.rows:
        yield path, f"{made.row_count:,} rows, the catalog says {part.rows:,}"
    for file, keys in ((keys_path(path), made.applications), (links_path(path), made.documents)):
        if file in whole and not np.array_equal(sides.load_keys(file), keys):
            yield file, "its keys are not those of the records"
    if (file := signs_path(path)) in whole:
        with pa.memory_map(str(file)) as source:
            rows = pa.ipc.open_file(source).read_all().num_rows
        if rows != made.row_count:
            yield file, f"{rows:,} rows, the part has {made.row_count:,}"
    if (file := footer_path(path)) in whole and file.read_bytes() != footer_of(path):
        yield file, "it is not the footer of the part"
