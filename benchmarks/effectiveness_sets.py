"""Corpora with queries and with what is relevant to each: what effectiveness is measured on.

What is measured: nothing here; `effectiveness` measures.
Corpus model: see `effectiveness_texts` (known items) and `effectiveness_related` (citations).
Notes: the data lie beside the project (`DATA`) and are not part of it; a set whose data are not
    there is `Missing`.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.effectiveness_related import RELATED, load_related
from benchmarks.effectiveness_texts import TEXT_SETS, load_texts
from benchmarks.judged import JudgedSet, Missing

DATA = Path(__file__).parents[2] / "shared" / "data"
NAMES = (*TEXT_SETS, *RELATED)


def load(name: str, folder: Path, count: int, seed: int) -> JudgedSet:
    """Make a set, its corpus in `folder`, with `count` of its queries or all if they are fewer.

    A corpus of the same data that is there already is used. Raises `Missing` if the data are not
    there, `ValueError` for a name that is not in `NAMES`.
    """
    if name not in NAMES:
        raise ValueError(f"no set {name}; there are: {', '.join(NAMES)}")
    try:
        if name in RELATED:
            return load_related(name, DATA, folder, count, seed)
        return load_texts(name, TEXT_SETS[name], DATA, folder, count, seed)
    except FileNotFoundError as error:
        raise Missing(f"{error.filename} is not there") from None
