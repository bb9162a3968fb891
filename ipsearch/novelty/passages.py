"""Here is a record, give me its passages, their places, and how often words stand in each.

A word of Han stands wherever its characters do, within longer words too; a run of letters only by
itself. Nothing is segmented, and documents are looked through as one text: some hundred of them are
read while somebody waits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import Any

import numpy as np
import numpy.typing as npt

from ipsearch.analysis import RESERVED, TEXT_END, VALUE_END
from ipsearch.analysis.folding import fold_joined

_MOST_PASSAGES = 2_000  # of one document
_LETTERS = re.compile(r"[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+")
_NO_RESERVED = str.maketrans(dict.fromkeys(RESERVED, " "))

Table = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of a document and its place."""

    field: str  # ti, ab, cl, de
    place: str  # "claim 3", "[0023]", "abstract"
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """The passages of a record, in its order, and their folded texts as one."""

    passages: Sequence[Passage]
    folded: str  # `VALUE_END` between two passages

    @property
    def lengths(self) -> list[int]:
        """How many folded characters each passage has."""
        return list(map(len, self.folded.split(VALUE_END)))[: len(self.passages)]


def make_documents(rows: Iterable[Mapping[str, Any]]) -> list[Document]:
    """Make documents of records, whose texts are folded in one call.

    Rows may lack columns of texts; their passages have places as they label or count.
    """
    passages = [list(islice(_passages(row), _MOST_PASSAGES)) for row in rows]
    if not passages:
        return []
    texts = (VALUE_END.join(_without_reserved(p.text) for p in some) for some in passages)
    folded = fold_joined(TEXT_END.join(texts))
    return list(map(Document, passages, folded.split(TEXT_END)))


def _without_reserved(text: str) -> str:
    return text.translate(_NO_RESERVED) if any(mark in text for mark in RESERVED) else text


def _passages(row: Mapping[str, Any]) -> Iterator[Passage]:
    for name, column, place in (("ti", "titles", "title"), ("ab", "abstracts", "abstract")):
        for text in row.get(column) or ():
            if text["text"]:
                yield Passage(name, place, text["text"])
    for number, claim in enumerate(row.get("claims") or (), start=1):
        if claim["text"]:
            yield Passage("cl", f"claim {claim.get('label') or number}", claim["text"])
    for number, paragraph in enumerate(row.get("description") or (), start=1):
        if paragraph["text"]:
            label = paragraph.get("label") or f"{number:04d}"
            yield Passage("de", f"[{label.strip('[]')}]", paragraph["text"])


class Words:
    """Words to be looked for, by the forms in which they may stand."""

    def __init__(self, forms: Mapping[str, Iterable[str]]) -> None:
        """`forms` gives the words that each form stands for; all are folded."""
        self.columns: dict[str, int] = {}
        """Word -> its column in a table of counts."""
        self._runs: dict[str, list[int]] = {}
        self._others: dict[str, list[int]] = {}
        for form, words in forms.items():
            kept = self._runs if _LETTERS.fullmatch(form) else self._others
            kept[form] = [self.columns.setdefault(w, len(self.columns)) for w in words]

    def only(self, kept: npt.NDArray[np.bool_]) -> Words:
        """Give those whose columns are kept, in the same order."""
        names = {column: word for word, column in self.columns.items() if kept[column]}
        words = Words({})
        words.columns = {name: at for at, name in enumerate(names.values())}
        new = {column: at for at, column in enumerate(names)}
        for forms, others in ((self._runs, words._runs), (self._others, words._others)):
            for form, columns in forms.items():
                if some := [new[column] for column in columns if column in new]:
                    others[form] = some
        return words

    def table(self, documents: Sequence[Document]) -> Table:
        """Count the words in each passage of each document: a row a passage, a column a word."""
        held = [document for document in documents if document.passages]
        folded = VALUE_END.join(document.folded for document in held)
        shape = sum(len(document.passages) for document in held), len(self.columns)
        columns: list[int] = []
        many: list[int] = []
        places: list[int] = []
        for column, at in self._found(folded):
            columns.append(column)
            many.append(len(at))
            places += at
        if not places:
            return np.zeros(shape)
        ends = [match.start() for match in re.finditer(VALUE_END, folded)]
        rows = np.searchsorted([*ends, len(folded)], places)
        cells = np.bincount(
            rows * shape[1] + np.repeat(columns, many), minlength=shape[0] * shape[1]
        )
        return cells.reshape(shape).astype(float)

    def standing_in(self, folded: str) -> set[str]:
        """Give the words that stand in a folded text."""
        found = {column for column, _ in self._found(folded)}
        return {word for word, column in self.columns.items() if column in found}

    def _found(self, folded: str) -> Iterator[tuple[int, list[int]]]:
        """Give the column of each word that stands somewhere, and where; once for each form."""
        for form, columns in self._others.items():
            if form in folded:
                lengths = map(len, folded.split(form)[:-1])
                places = [at + n * len(form) for n, at in enumerate(accumulate(lengths))]
                for column in columns:
                    yield column, places
        if self._runs:
            for match in _LETTERS.finditer(folded):
                for column in self._runs.get(match[0], ()):
                    yield column, [match.start()]


def densest(length: int, spans: Sequence[tuple[int, int]], most: int) -> tuple[int, int]:
    """Say where to cut a text of some length so that `most` characters show most of its spans."""
    if length <= most:
        return 0, length
    first = max(
        (begin for begin, _ in spans),
        key=lambda b: sum(b <= begin and end <= b + most for begin, end in spans),
        default=0,
    )
    begin = max(0, min(first - most // 10, length - most))
    return begin, begin + most
