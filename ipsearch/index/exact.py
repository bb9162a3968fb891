"""Here is a quoted text, give me the query for the records that hold it, no more and no fewer.

A text that holds the quoted one holds it at some place among its terms: it begins inside a term or
with one, and ends inside a term or with one. Between two boundaries of terms the segmenter's way is
the same wherever the piece stands (see `analysis.segmentation`), so for each choice of the first
and the last boundary inside the quoted text there is one phrase: a term that ends with the piece
before, the terms between, a term that begins with the piece behind. The vocabulary says which
choices there are. Their union, and any single term that holds the whole, is the answer.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, combinations, groupby, islice, product
from typing import Literal, NamedTuple, Self

import tantivy

from ipsearch.analysis import LONGEST_WORD, SPACE, Segmenter, units
from ipsearch.analysis.folding import HAN, OTHER, SYLLABLE, WORD, classes_of, to_codes
from ipsearch.index.vocabulary import Vocabulary

_MOST_SPELLED = 400  # phrases; a pattern costs the engine a thousand times as much to prepare
_MOST_IN_PATTERN = 100  # terms; the engine refuses an automaton of more than 1,000 states
_MOST_PATTERNS = 5  # beyond it, walking the engine's whole list of terms is cheaper
_MOST_EXPANDED = 12_000  # terms that one pattern stands for; the engine refuses 16,384


class Slot(NamedTuple):
    """A place in a phrase and what may stand there."""

    offset: int  # in units
    terms: tuple[str, ...]  # any of them
    open_side: Literal["", "front", "back"] = ""  # they share an ending, or a beginning
    piece: str = ""  # the ending or beginning that they share


Phrase = list[Slot]


def exact_query(
    schema: tantivy.Schema,
    weights: Mapping[str, float],
    folded: str,
    segmenter: Segmenter,
    vocabulary: Vocabulary,
) -> tantivy.Query:
    """Find the records that hold the text `folded`, already folded, in one of some fields.

    `weights` says which fields, and what a match in each counts for.
    """
    phrases = list(_phrases(folded, segmenter, vocabulary))
    whole = sorted(_whole_terms(folded, vocabulary))
    as_cut = [Slot(term.position, (term.text,)) for term in segmenter.terms(folded)]
    queries: list[tantivy.Query] = []
    for field, weight in weights.items():
        alternatives = [q for phrase in phrases for q in _phrase_queries(schema, field, phrase)]
        if len(whole) > 1:
            alternatives.append(tantivy.Query.term_set_query(schema, field, whole))
        elif whole:
            alternatives.append(tantivy.Query.term_query(schema, field, whole[0]))
        if not alternatives:
            continue
        holds = tantivy.Query.const_score_query(any_of(alternatives), weight)
        # What counts is that it stands there: that a rare longer word holds it makes no record
        # better. How often it stands there by itself does.
        (ranked,) = _phrase_queries(schema, field, as_cut)
        if weight != 1.0:
            ranked = tantivy.Query.boost_query(ranked, weight)
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


def _phrases(folded: str, segmenter: Segmenter, vocabulary: Vocabulary) -> Iterator[Phrase]:
    """Give each phrase of two slots or more that spells the text.

    One slot alone is one term: `_whole_terms` has it.
    """
    quoted = _Quoted.read(folded)
    tails = {
        end: tail
        for end in quoted.open_ends()
        if (tail := _tail(folded[end:], quoted.offsets[end], vocabulary))
    }
    for begin in quoted.open_begins():
        heads = [[]] if begin == 0 else [[head] for head in _heads(folded[:begin], vocabulary)]
        if not heads:
            continue
        closed = _between(quoted, begin, len(folded), segmenter)
        for end, tail in tails.items():
            if end < begin:
                continue
            middles = _between(quoted, begin, end, segmenter)
            last = Slot(tail.offset, (tail.piece,))
            spelled = [[*middle, last] for middle in middles]
            closed = [way for way in closed if way not in spelled]  # the open end has them
            for head, middle in product(heads, middles):
                if head or middle:
                    yield [*head, *middle, tail]
        for head, way in product(heads, closed):
            if len(head) + len(way) > 1:
                yield [*head, *way]


def _phrase_queries(schema: tantivy.Schema, field: str, phrase: Phrase) -> list[tantivy.Query]:
    lowest = phrase[0].offset  # below zero where the first term begins before the quoted text
    offsets = [slot.offset - lowest for slot in phrase]
    if math.prod(len(slot.terms) for slot in phrase) <= _MOST_SPELLED:
        spelled = product(*(slot.terms for slot in phrase))
        return [_spelled(schema, field, offsets, terms) for terms in spelled]
    return [
        tantivy.Query.regex_phrase_query(schema, field, list(zip(offsets, patterns, strict=True)))
        for patterns in product(*(list(_patterns(slot)) for slot in phrase))
    ]


def _spelled(
    schema: tantivy.Schema, field: str, offsets: Sequence[int], terms: Sequence[str]
) -> tantivy.Query:
    if len(terms) == 1:
        return tantivy.Query.term_query(schema, field, terms[0])
    return tantivy.Query.phrase_query(schema, field, list(zip(offsets, terms, strict=True)))


class _Quoted(NamedTuple):
    """A quoted text and, of each of its characters, what it is and at which unit it stands."""

    text: str
    classes: list[int]
    offsets: list[int]  # one longer: the last is how many units there are

    @classmethod
    def read(cls, folded: str) -> Self:
        classes: list[int] = classes_of(to_codes(folded)).tolist()
        offsets, count = [], 0
        for i, (char, class_) in enumerate(zip(folded, classes, strict=True)):
            offsets.append(count)
            after_word = i > 0 and classes[i - 1] == WORD
            before_word = i + 1 < len(folded) and classes[i + 1] == WORD
            is_silent = char == " " and after_word and before_word
            count += not (is_silent or (after_word and class_ == WORD))
        return cls(folded, classes, [*offsets, count])

    def open_begins(self) -> list[int]:
        """Say where the first term that begins in the text may begin: 0, or behind the end of one
        that began before it."""
        most = next(
            (i for i, class_ in enumerate(self.classes) if class_ != self.classes[0]),
            len(self.classes) - 1,
        )
        return [0, *(i for i in range(1, self._reach(0, most) + 1) if self._is_boundary(i))]

    def open_ends(self) -> list[int]:
        """Say where the last term that begins in the text may begin, if it may end behind it."""
        last = self.classes[-1]
        size = next(
            (i for i, class_ in enumerate(reversed(self.classes)) if class_ != last),
            len(self.classes) - 1,
        )
        reach = self._reach(-1, size)
        return [i for i in range(len(self.text) - reach, len(self.text)) if self._is_boundary(i)]

    def _reach(self, at: int, run: int) -> int:
        """Say how much of a run at an end of the text one term may hold that goes beyond it."""
        class_ = self.classes[at]
        return 0 if class_ == OTHER else min(run, LONGEST_WORD) if class_ == HAN else run

    def _is_boundary(self, at: int) -> bool:
        """Say whether a term may begin there: not inside a run of letters or of kana."""
        before, after = self.classes[at - 1 : at + 1]
        return before != after or after not in (WORD, SYLLABLE)


def _between(quoted: _Quoted, begin: int, end: int, segmenter: Segmenter) -> list[Phrase]:
    """Cut a piece as it is cut in its place, in each way in which it may be."""
    if begin == end:
        return [[]]
    piece, classes = quoted.text[begin:end], quoted.classes
    # Whether a space is silent, both neighbours tell.
    before = "x" if begin and classes[begin - 1] == WORD and piece[0] == " " else ""
    after = "x" if end < len(classes) and classes[end] == WORD and piece[-1] == " " else ""
    terms = segmenter.terms(before + piece + after)
    if before:
        terms = terms[1:]
    if after:
        terms = terms[:-1]
    shift = quoted.offsets[begin] - len(before)
    slots = [Slot(term.position + shift, (term.text,)) for term in terms]
    return list(islice(_ways(slots), _MOST_SPELLED))


def _ways(slots: Phrase) -> Iterator[Phrase]:
    """Give the ways of cutting that are as probable as this one whatever the dictionary says.

    Of a repeated character, 天天 天 is as probable as 天 天天: which of them jieba takes is up to
    the rounding of its sums over all that follows in the text.
    """
    groups = [list(group) for _, group in groupby(slots, key=_repeated)]
    for orders in product(*map(_orders, groups)):
        yield list(chain.from_iterable(orders))


def _repeated(slot: Slot) -> str:
    """Give the one Han character that a term consists of; "" if it is another term."""
    (term,) = slot.terms
    return term[0] if set(classes_of(to_codes(term))) == {HAN} and len(set(term)) == 1 else ""


def _orders(group: Phrase) -> Iterator[Phrase]:
    """Give the orders of a repeated character's terms of two lengths."""
    rare, common = min(group, key=_size), max(group, key=_size)
    sizes = [_size(slot) for slot in group]
    if not _repeated(group[0]) or len(set(sizes)) != 2:
        yield group
        return
    if sizes.count(_size(rare)) > sizes.count(_size(common)):
        rare, common = common, rare
    for chosen in combinations(range(len(group)), sizes.count(_size(rare))):
        order, offset = [], group[0].offset
        for i in range(len(group)):
            slot = rare if i in chosen else common
            order.append(slot._replace(offset=offset))
            offset += _size(slot)
        yield order


def _size(slot: Slot) -> int:
    return len(slot.terms[0])


def _heads(piece: str, vocabulary: Vocabulary) -> Iterator[Slot]:
    """Give slots for the terms that end with `piece` and are longer; offsets may be negative."""
    by_units: dict[int, list[str]] = defaultdict(list)
    for term in vocabulary.ending_with(piece) - {piece}:
        by_units[units(term)].append(term)
    for count, terms in sorted(by_units.items()):
        yield Slot(units(piece) - count, tuple(sorted(terms)), "front", piece)


def _tail(piece: str, offset: int, vocabulary: Vocabulary) -> Slot | None:
    """Give the slot for the terms that begin with `piece`, itself among them, if any is longer."""
    terms = vocabulary.starting_with(piece) | {piece}
    return Slot(offset, tuple(sorted(terms)), "back", piece) if len(terms) > 1 else None


def _patterns(slot: Slot) -> Iterator[str]:
    """Give patterns that together stand for a slot's terms, none too much for the engine."""
    terms, piece = slot.terms, re.escape(slot.piece)
    if slot.open_side == "back":
        yield from (f"{re.escape(start)}.*" for start in _starts(terms, len(slot.piece)))
    elif slot.open_side == "":
        yield re.escape(terms[0])
    elif units(terms[0]) > 1:  # Han: of one length, as many characters as units
        gap = len(terms[0]) - len(slot.piece)
        if len(terms) > _MOST_IN_PATTERN * _MOST_PATTERNS:
            yield "." * gap + piece
            return
        for i in range(0, len(terms), _MOST_IN_PATTERN):
            some = terms[i : i + _MOST_IN_PATTERN]
            # Any character that one of them has at a place: what else the engine has so, ends with
            # the piece as well.
            yield "".join(_class({term[at] for term in some}) for at in range(gap)) + piece
    else:
        yield from (f"{re.escape(start)}.*{piece}" for start in _starts(terms, 0))


def _class(chars: set[str]) -> str:
    return f"[{''.join(map(re.escape, sorted(chars)))}]"


def _starts(terms: Sequence[str], size: int) -> Iterator[str]:
    """Give beginnings of `size` or more characters that divide sorted `terms` into groups, none
    of them more than one pattern may stand for."""
    groups = [list(group) for _, group in groupby(terms, key=lambda term: term[:size])]
    for group in groups:
        if len(group) > _MOST_EXPANDED and size < 40:
            yield from _starts(group, size + 1)
        else:
            yield group[0][:size]
