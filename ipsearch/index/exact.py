"""Here is a quoted text, give me the query for the records that hold it, no more and no fewer.

A text that holds the quoted one holds it at some place among its terms: it begins inside a term or
with one, and ends inside a term or with one. Between two boundaries of terms the segmenter's way is
the same wherever the piece stands (see `analysis.segmentation`), so for each choice of the first
and the last boundary inside the quoted text there is one phrase: a term that ends with the piece
before, the terms between, a term that begins with the piece behind. The vocabulary says which
choices there are. Their union, and any single term that holds the whole, is the answer.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

import tantivy

from ipsearch.analysis import SPACE, Segmenter, units
from ipsearch.analysis.folding import OTHER, SYLLABLE, WORD, classes_of, to_codes
from ipsearch.index.vocabulary import Vocabulary

_MOST_IN_ALTERNATION = 60  # the engine refuses an automaton of more than 1,000 states
_MOST_EXPANDED = 12_000  # and a pattern of more than 16,384 terms
_MAX_OPEN_CHARS = 16  # no dictionary word is longer; runs of letters have no bound


class Slot(NamedTuple):
    """A place in a phrase and what stands there."""

    offset: int  # in units
    text: str  # a term, or a pattern that stands for several
    is_pattern: bool = False


def exact_query(
    schema: tantivy.Schema,
    fields: Sequence[str],
    folded: str,
    segmenter: Segmenter,
    vocabulary: Vocabulary,
) -> tantivy.Query:
    """Find the records one of whose `fields` holds the text `folded`, already folded."""
    phrases = list(_phrases(folded, segmenter, vocabulary))
    whole = sorted(_whole_terms(folded, vocabulary))
    as_cut = [Slot(term.position, term.text) for term in segmenter.terms(folded)]
    queries: list[tantivy.Query] = []
    for field in fields:
        alternatives = [_phrase_query(schema, field, phrase) for phrase in phrases]
        if len(whole) > 1:
            alternatives.append(tantivy.Query.term_set_query(schema, field, whole))
        elif whole:
            alternatives.append(tantivy.Query.term_query(schema, field, whole[0]))
        if not alternatives:
            continue
        holds = tantivy.Query.const_score_query(any_of(alternatives), 1.0)
        # What counts is that it stands there: that a rare longer word holds it makes no record
        # better. How often it stands there by itself does.
        ranked = _phrase_query(schema, field, as_cut)
        queries.append(
            tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, holds), (tantivy.Occur.Should, ranked)]
            )
        )
    return any_of(queries)


def any_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    """Give the union of `queries`."""
    if not queries:
        return tantivy.Query.empty_query()
    if len(queries) == 1:
        return queries[0]
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def _whole_terms(folded: str, vocabulary: Vocabulary) -> set[str]:
    """Find the single terms that hold the whole text."""
    classes = classes_of(to_codes(folded))
    if len(folded) > 1 and (classes == OTHER).any():
        return set()
    if len(set(classes.tolist())) > 1:
        return set()
    if classes[0] == OTHER:
        return {SPACE if folded == " " else folded}
    return vocabulary.containing(folded)


def _phrases(folded: str, segmenter: Segmenter, vocabulary: Vocabulary) -> Iterator[list[Slot]]:
    """Give each phrase of two slots or more that spells the text.

    One slot alone is one term: `_whole_terms` has it.
    """
    is_boundary = _boundaries(folded)
    length = len(folded)
    begins = [0, *(i for i in range(1, length) if is_boundary[i] and _is_one_run(folded, 0, i))]
    ends = [j for j in range(1, length) if is_boundary[j] and _is_one_run(folded, j, length)]
    tails = {end: list(_tails(folded[end:], _offset_of(folded, end), vocabulary)) for end in ends}
    for begin in begins:
        heads = [[]] if begin == 0 else [[head] for head in _heads(folded[:begin], vocabulary)]
        if not heads:
            continue
        closed = _between(folded, begin, length, segmenter)
        for end in ends:
            if end < begin or not tails[end]:
                continue
            middle = _between(folded, begin, end, segmenter)
            if closed == [*middle, Slot(_offset_of(folded, end), folded[end:])]:
                closed = []  # the open end stands for the closed one too
            for head, tail in product(heads, tails[end]):
                if head or middle:
                    yield [*head, *middle, tail]
        for head in heads if closed else ():
            if len(head) + len(closed) > 1:
                yield [*head, *closed]


def _phrase_query(schema: tantivy.Schema, field: str, slots: list[Slot]) -> tantivy.Query:
    if len(slots) == 1:
        return tantivy.Query.term_query(schema, field, slots[0].text)
    lowest = slots[0].offset  # below zero where the first term begins before the quoted text
    if not any(slot.is_pattern for slot in slots):
        words: list[str | tuple[int, str]] = [(s.offset - lowest, s.text) for s in slots]
        return tantivy.Query.phrase_query(schema, field, words)
    patterns: list[str | tuple[int, str]] = [
        (s.offset - lowest, s.text if s.is_pattern else re.escape(s.text)) for s in slots
    ]
    return tantivy.Query.regex_phrase_query(schema, field, patterns)


def _boundaries(folded: str) -> list[bool]:
    """Say before which characters a term may begin: not inside a run of letters or of kana."""
    classes = classes_of(to_codes(folded)).tolist()
    inside = [a == b and a in (WORD, SYLLABLE) for a, b in zip(classes, classes[1:], strict=False)]
    return [True, *(not is_inside for is_inside in inside)]


def _is_one_run(folded: str, begin: int, end: int) -> bool:
    """Say whether a term could hold this piece and more: one class, neither space nor sign."""
    classes = set(classes_of(to_codes(folded[begin:end])).tolist())
    return len(classes) == 1 and OTHER not in classes


def _offset_of(folded: str, index: int) -> int:
    """Count the units of the text before character `index`; a silent space is none."""
    classes = classes_of(to_codes(folded)).tolist()
    count = 0
    for i in range(index):
        after_word = i > 0 and classes[i - 1] == WORD
        if after_word and classes[i] == WORD:
            continue
        if folded[i] == " " and after_word and i + 1 < len(folded) and classes[i + 1] == WORD:
            continue
        count += 1
    return count


def _between(folded: str, begin: int, end: int, segmenter: Segmenter) -> list[Slot]:
    """Cut a piece as it is cut in its place: whether a space is silent, both neighbours tell."""
    if begin == end:
        return []
    before = "x" if begin and _is_word(folded[begin - 1]) and folded[begin] == " " else ""
    after = "x" if end < len(folded) and _is_word(folded[end]) and folded[end - 1] == " " else ""
    terms = segmenter.terms(before + folded[begin:end] + after)
    if before:
        terms = terms[1:]
    if after:
        terms = terms[:-1]
    shift = _offset_of(folded, begin) - len(before)
    return [Slot(term.position + shift, term.text) for term in terms]


def _is_word(char: str) -> bool:
    return bool(classes_of(to_codes(char))[0] == WORD)


def _heads(piece: str, vocabulary: Vocabulary) -> Iterator[Slot]:
    """Give slots for the terms that end with `piece` and are longer; offsets may be negative."""
    by_units: dict[int, set[str]] = defaultdict(set)
    for term in vocabulary.ending_with(piece) - {piece}:
        by_units[units(term)].add(term)
    for count, terms in sorted(by_units.items()):
        gap = "." * (count - units(piece)) if count > 1 else ".+"
        for pattern in _patterns(terms, f"{gap}{re.escape(piece)}"):
            yield Slot(units(piece) - count, pattern, is_pattern=True)


def _tails(piece: str, offset: int, vocabulary: Vocabulary) -> Iterator[Slot]:
    """Give slots for the terms that begin with `piece`, itself among them, if any is longer."""
    terms = vocabulary.starting_with(piece)
    if terms - {piece}:
        for pattern in _patterns(terms | {piece}, f"{re.escape(piece)}.*"):
            yield Slot(offset, pattern, is_pattern=True)


def _patterns(terms: Iterable[str], wildcard: str) -> Iterator[str]:
    """Give patterns that together stand for `terms`, none of them too much for the engine.

    `wildcard` stands for all of them at once: cheap in Python, while the engine walks all its
    terms for it where the open side is in front.
    """
    ordered = sorted(terms)
    if 10 * _MOST_IN_ALTERNATION < len(ordered) <= _MOST_EXPANDED:
        yield wildcard
        return
    for i in range(0, len(ordered), _MOST_IN_ALTERNATION):
        yield "|".join(map(re.escape, ordered[i : i + _MOST_IN_ALTERNATION]))
