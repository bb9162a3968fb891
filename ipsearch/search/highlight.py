"""What matched, marked in the original text: traditional stays traditional, wide stays wide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ipsearch.analysis import fold_with_offsets
from ipsearch.analysis.folding import WORD, classes_of, to_codes
from ipsearch.search.compiled import Needle

PASSAGE_CHARS = 120
"""How much of a text is shown around its matches."""


@dataclass(frozen=True, slots=True)
class Highlight:
    """A passage of one field and the spans in it that matched: offsets in characters."""

    field: str  # as in the query language: ti, ab, cl ...
    text: str
    spans: tuple[tuple[int, int], ...]


def find_spans(text: str, needles: Iterable[Needle]) -> list[tuple[int, int]]:
    """Find every place in `text` where a needle stands; sorted, overlapping ones joined."""
    folded, offsets = fold_with_offsets(text)
    found: list[tuple[int, int]] = []
    for needle in needles:
        if needle.sought is not None:
            for begin, end in needle.sought.find(folded):
                first, stop = offsets[begin], _end_in_text(offsets, end)
                found.append((first, first + len(text[first:stop].rstrip())))
            continue
        at = folded.find(needle.text)
        while at >= 0:
            end = at + len(needle.text)
            if not needle.is_word or _is_whole_word(folded, at, end):
                begin, stop = offsets[at], _end_in_text(offsets, end)
                found.append((begin, begin + len(text[begin:stop].rstrip())))
            at = folded.find(needle.text, at + 1)
    joined: list[tuple[int, int]] = []
    for begin, end in sorted(set(found)):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined


def _end_in_text(offsets: Sequence[int], end: int) -> int:
    """Say where the original character that gave folded character `end - 1` ends."""
    while offsets[end] == offsets[end - 1]:  # one character that folds to several is marked whole
        end += 1
    return offsets[end]


def _is_whole_word(folded: str, begin: int, end: int) -> bool:
    classes = classes_of(to_codes(folded[max(begin - 1, 0) : end + 1])).tolist()
    before = begin > 0 and classes[0] == WORD
    after = end < len(folded) and classes[-1] == WORD
    return not before and not after


def highlight(field: str, values: Iterable[str], needles: Sequence[Needle]) -> Highlight | None:
    """Mark the first of `values` in which a needle stands; None if there is none."""
    here = [needle for needle in needles if field in needle.fields]
    if not here:
        return None
    for text in values:
        spans = find_spans(text, here)
        if spans:
            return _passage(field, text, spans)
    return None


def _passage(field: str, text: str, spans: Sequence[tuple[int, int]]) -> Highlight:
    """Cut the passage that holds most spans, counted from the first that it can show whole."""
    best = max(
        range(len(spans)),
        key=lambda i: sum(b >= spans[i][0] and e <= spans[i][0] + PASSAGE_CHARS for b, e in spans),
    )
    begin = max(0, spans[best][0] - PASSAGE_CHARS // 4)
    end = min(len(text), max(begin + PASSAGE_CHARS, spans[best][1]))
    inside = tuple((b - begin, min(e, end) - begin) for b, e in spans if b >= begin and b < end)
    return Highlight(field, text[begin:end], inside)
