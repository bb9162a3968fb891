"""Here is a quoted text, give me the query for the records that hold it, no more and no fewer.

A text that holds the quoted one holds it at some place among its terms: it begins inside a term or
with one, and ends inside a term or with one. Between two boundaries of terms the segmenter's way is
the same wherever the piece stands (see `analysis.segmentation`), so for each choice of the first
and the last boundary inside the quoted text there is one phrase: a term that ends with the piece
before, the terms between, a term that begins with the piece behind. The vocabulary says which
choices there are. Their union, and any single term that holds the whole, is the answer.

A word of the dictionary needs less: the vocabulary says which longer terms hold it, and the index
has each record's hidden words, those across the border of two terms.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, combinations, groupby, islice, product
from typing import NamedTuple, Self

import tantivy

from ipsearch.analysis import LONGEST_WORD, SPACE, Segmenter, units
from ipsearch.analysis.folding import HAN, OTHER, SYLLABLE, WORD, classes_of, to_codes
from ipsearch.errors import QueryError
from ipsearch.index.phrases import MOST_EXPANDED, MOST_UNITS, Phrase, Slot, any_of, phrase_queries
from ipsearch.index.schema import FACTS, engine_schema, hidden, with_ids
from ipsearch.index.vocabulary import Vocabulary
from ipsearch.records import Kind

_MOST_OPENED = 60_000  # terms in a field that one quoted text may stand for: a second, 100 MB
_MOST_LISTED = 20_000  # terms that hold a text: beyond it, the engine looks for them itself
_CHEAP_TERMS = 100  # of all phrases together: so few are opened sooner than a record is read
_MOST_REORDERED = 1_000  # slots of all ways together


class Holding(NamedTuple):
    """How one field of a record may hold a quoted text."""

    field: str
    weight: float
    holds: tantivy.Query  # matches the records that do, each with `weight` as its score
    ranked: tantivy.Query  # how often the text stands there by itself
    terms: tuple[str, ...]  # what `ranked` looks for, side by side
    elsewhere: tantivy.Query  # where it stands otherwise, which may be in the same records

    def query(self, factor: float = 1.0) -> tantivy.Query:
        """Give the query of this field; `factor` raises what is ranked (see `frequency`)."""
        weight = self.weight * factor
        ranked = tantivy.Query.boost_query(self.ranked, weight) if weight != 1.0 else self.ranked
        must, should = tantivy.Occur.Must, tantivy.Occur.Should
        return tantivy.Query.boolean_query([(must, self.holds), (should, ranked)])


Verify = Callable[[str, Sequence[str], tantivy.Query], list[str] | None]
"""Field, terms side by side and the query for them -> the ids of those records that hold the whole
quoted text there; None if there are more candidates than are worth reading."""


def exact_query(
    kind: Kind,
    weights: Mapping[str, float],
    folded: str,
    segmenter: Segmenter,
    vocabulary: Vocabulary,
    warnings: list[str],
) -> tantivy.Query:
    """Find the records that hold the text `folded`, already folded, in one of some fields.

    `weights` says which fields, and what a match in each counts for. What a searcher should know
    is added to `warnings`. Raises `QueryError` for a text of more than `MOST_UNITS` units.
    """
    holdings = exact_holdings(kind, weights, folded, segmenter, vocabulary, warnings)
    return any_of([holding.query() for holding in holdings])


def exact_holdings(
    kind: Kind,
    weights: Mapping[str, float],
    folded: str,
    segmenter: Segmenter,
    vocabulary: Vocabulary,
    warnings: list[str],
    verify: Verify | None = None,
) -> list[Holding]:
    """Give the same field by field, for who weighs them shard by shard.

    Where the ends of the text may belong to very many words, and the terms between them are in few
    records, it is cheaper to read those records: `verify` does, where it is given.
    """
    schema = engine_schema(kind)
    as_cut = [Slot(term.position, (term.text,)) for term in segmenter.terms(folded)]
    if len(as_cut) == 1 and len(folded) > 1 and set(classes_of(to_codes(folded))) == {HAN}:
        longer = sorted(vocabulary.containing(folded, _MOST_LISTED) - {folded})
        return [_word_holding(schema, f, weight, folded, longer) for f, weight in weights.items()]
    quoted = _Quoted.read(folded)
    if quoted.offsets[-1] > MOST_UNITS:
        raise QueryError(
            f"a quoted text of {quoted.offsets[-1]} characters and words, {MOST_UNITS} at most:"
            f" {folded[:20]!r}..."
        )
    found: list[str] = []
    phrases = list(_phrases(quoted, segmenter, vocabulary, found))
    sure = _in_all(phrases) if verify and (found or _terms_in(phrases) > _CHEAP_TERMS) else []
    whole = _whole_terms(quoted, vocabulary)
    terms = tuple(slot.terms[0] for slot in as_cut)
    holdings = []
    for field, weight in weights.items():
        alternatives: list[tantivy.Query] = []
        elsewhere: list[tantivy.Query] = []
        ids = None
        if verify and sure:
            (candidates,) = phrase_queries(schema, field, sure)
            ids = verify(field, [slot.terms[0] for slot in sure], candidates)
        if ids is None:
            warnings.extend(found)
            for phrase in phrases:
                queries = phrase_queries(schema, field, phrase)
                alternatives += queries
                if not _is_cut_so(phrase, as_cut):
                    elsewhere += queries
        elif ids:
            elsewhere = alternatives = [with_ids(kind, ids)]
        if whole:
            alternatives = [*alternatives, _any_term(schema, field, whole, folded)]
        if longer := [term for term in whole if (term,) != terms]:
            elsewhere = [*elsewhere, _any_term(schema, field, longer, folded)]
        if not alternatives:
            continue
        # What counts is that it stands there: that a rare longer word holds it makes no record
        # better. How often it stands there by itself does.
        holds = tantivy.Query.const_score_query(any_of(alternatives), weight)
        (ranked,) = phrase_queries(schema, field, as_cut)
        holdings.append(Holding(field, weight, holds, ranked, terms, any_of(elsewhere)))
    return holdings


def _word_holding(
    schema: tantivy.Schema, field: str, weight: float, word: str, longer: list[str]
) -> Holding:
    """Say how a field holds a word of the dictionary: as a term, within longer ones, or hidden."""
    ranked = tantivy.Query.term_query(schema, field, word)
    elsewhere = tantivy.Query.term_query(schema, FACTS, hidden(field, word))
    if longer:
        elsewhere = any_of([elsewhere, _any_term(schema, field, longer, word)])
    holds = tantivy.Query.const_score_query(any_of([ranked, elsewhere]), weight)
    return Holding(field, weight, holds, ranked, (word,), elsewhere)


def _in_all(phrases: Sequence[Phrase]) -> Phrase:
    """Give the terms that stand at one place in all phrases."""
    fixed = [{slot for slot in phrase if len(slot.terms) == 1} for phrase in phrases]
    return sorted(set.intersection(*fixed)) if fixed else []


def _is_cut_so(phrase: Phrase, as_cut: Phrase) -> bool:
    return [(s.offset, s.terms) for s in phrase] == [(s.offset, s.terms) for s in as_cut]


def _terms_in(phrases: Sequence[Phrase]) -> int:
    return sum(len(slot.terms) for phrase in phrases for slot in phrase)


def _whole_terms(quoted: _Quoted, vocabulary: Vocabulary) -> list[str]:
    """Find the single terms that hold the whole text; of more than `_MOST_LISTED`, some."""
    if quoted.classes == [OTHER]:
        return [SPACE if quoted.text == " " else quoted.text]
    if OTHER in quoted.classes or len(set(quoted.classes)) > 1:
        return []
    return sorted(vocabulary.containing(quoted.text, _MOST_LISTED))


def _any_term(schema: tantivy.Schema, field: str, terms: list[str], folded: str) -> tantivy.Query:
    if len(terms) > _MOST_LISTED:
        return tantivy.Query.regex_query(schema, field, f".*{re.escape(folded)}.*")
    if len(terms) > 1:
        return tantivy.Query.term_set_query(schema, field, terms)
    return tantivy.Query.term_query(schema, field, terms[0])


def _phrases(
    quoted: _Quoted, segmenter: Segmenter, vocabulary: Vocabulary, warnings: list[str]
) -> Iterator[Phrase]:
    """Give each phrase of two slots or more that spells the text.

    One slot alone is one term: `_whole_terms` has it.
    """
    heads, tails = _open_sides(quoted, vocabulary, warnings)
    length = len(quoted.text)
    for begin, first in heads.items():
        closed = _between(quoted, begin, length, segmenter)
        for end, tail in tails.items():
            if end < begin:
                continue
            middles = _between(quoted, begin, end, segmenter)
            last = Slot(tail.offset, (tail.piece,))
            spelled = [[*middle, last] for middle in middles]
            closed = [way for way in closed if way not in spelled]  # the open end has them
            for head, middle in product(first, middles):
                if head or middle:
                    yield [*head, *middle, tail]
        for head, way in product(first, closed):
            if len(head) + len(way) > 1:
                yield [*head, *way]


def _open_sides(
    quoted: _Quoted, vocabulary: Vocabulary, warnings: list[str]
) -> tuple[dict[int, list[Phrase]], dict[int, Slot]]:
    """Give what may stand before each first boundary, and from each last one on.

    A term that begins with the text stands before boundary 0: nothing. Letters that too many words
    end or begin with are taken for a word of their own, and a warning says so: the engine would
    have to open them all.
    """
    heads: dict[int, list[Phrase]] = {0: [[]]}
    most_before, most_behind = 0, 0
    for begin in quoted.open_begins():
        slots = list(_heads(quoted.text[:begin], vocabulary))
        if slots:
            heads[begin] = [[slot] for slot in slots]
            most_before = max(most_before, *(len(slot.terms) for slot in slots))
    tails: dict[int, Slot] = {}
    for end in quoted.open_ends():
        tail = _tail(quoted.text[end:], quoted.offsets[end], vocabulary)
        if tail:
            tails[end] = tail
            most_behind = max(most_behind, len(tail.terms))
    while _opened(most_before, most_behind) > _MOST_OPENED:
        if most_before > most_behind:
            what = f"end in {quoted.text[: max(heads)]!r}"
            heads, most_before = {0: [[]]}, 0
        else:
            what = f"begin with {quoted.text[min(tails) :]!r}"
            tails, most_behind = {}, 0
        warnings.append(
            f"too many words {what}: at the edge of the quoted text it was looked for as a word of"
            " its own"
        )
    return heads, tails


def _opened(before: int, behind: int) -> int:
    """Say how many terms the engine opens for phrases with so many terms at their sides."""
    patterns_before = math.ceil(before / MOST_EXPANDED) or 1
    patterns_behind = math.ceil(behind / MOST_EXPANDED) or 1
    return before * patterns_behind + behind * patterns_before


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
        """Say where a term may end that began before the text."""
        most = next(
            (i for i, class_ in enumerate(self.classes) if class_ != self.classes[0]),
            len(self.classes) - 1,
        )
        return [i for i in range(1, self._reach(0, most) + 1) if self._is_boundary(i)]

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
    return list(islice(_ways(slots), _MOST_REORDERED // (len(slots) or 1) + 1))


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
    for term in vocabulary.ending_with(piece, _MOST_OPENED) - {piece}:
        by_units[units(term)].append(term)
    for count, terms in sorted(by_units.items()):
        yield Slot(units(piece) - count, tuple(sorted(terms)), "front", piece)


def _tail(piece: str, offset: int, vocabulary: Vocabulary) -> Slot | None:
    """Give the slot for the terms that begin with `piece`, itself among them, if any is longer."""
    terms = vocabulary.starting_with(piece, _MOST_OPENED) | {piece}
    return Slot(offset, tuple(sorted(terms)), "back", piece) if len(terms) > 1 else None
