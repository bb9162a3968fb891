"""Patterns, and things near each other: what the index can say of them, and what it cannot.

Positions in the index count signs and spaces as well as units, and a word may stand within a longer
one. So what stands side by side as terms of its own, with no more positions between than units are
allowed, is near for sure (signs only bring things nearer); what has both sides in one field is
possibly near; the rest is settled by reading (`doubts`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import tantivy

from ipsearch.analysis import VALUE, Segmenter, fold, units
from ipsearch.analysis.folding import WORD, classes_of, to_codes
from ipsearch.errors import QueryError
from ipsearch.index import Holding, Slot, Vocabulary, any_of, phrase_queries
from ipsearch.search.doubts import Doubt
from ipsearch.search.sought import Pair, Piece, RunPattern, Runs, Sought, TextPattern, run_pattern
from ipsearch.search.tree import Exact, Near, Node, Or, Pattern, Words

MUST, MUST_NOT = tantivy.Occur.Must, tantivy.Occur.MustNot
_MOST_GAPS = 12  # units between that are spelled out as phrases, where a side is several terms
_MOST_PHRASES = 600

_MOST_SIGNS = 12
"""Signs between two things near each other, beyond one for each unit that may stand there: more are
not looked for where both are frequent."""
_MOST_WINDOWS = 60  # pairs of terms whose distance the engine is asked for
MOST_PAIRS = 1_000
"""Of things near each other in one clause: each takes some hundred kilobytes meanwhile."""

Hold = Callable[[str, str], Holding | None]
"""Field and folded text -> how the records hold it there; None if none does."""


@dataclass(frozen=True, slots=True)
class Form:
    """One thing that may stand at a side."""

    sought: Sought
    slots: tuple[Slot, ...]  # as terms of its own; empty if it has none that are sure
    units: int  # how many positions those take
    holds: Callable[[str], tantivy.Query]  # field -> the records where it stands
    elsewhere: Callable[[str], tantivy.Query]  # field -> where it stands otherwise than as `slots`


@dataclass(frozen=True, slots=True)
class Clauses:
    """Makes doubts of nodes, with what is known of one state of a corpus."""

    schema: tantivy.Schema
    segmenter: Segmenter
    vocabulary: Vocabulary
    hold: Hold

    def near(self, node: Near, field: str) -> Doubt:
        """Say what is known of `node` in one field; raise `QueryError` beyond `MOST_PAIRS`."""
        lefts, rights = self.forms(node.left), self.forms(node.right)
        pairs = len(lefts) * len(rights)
        if pairs > MOST_PAIRS:
            raise QueryError(
                f"{len(lefts)} things near {len(rights)} others are {pairs:,} pairs, where at most"
                f" {MOST_PAIRS:,} can be asked for"
            )
        orders = [(lefts, rights)] if node.is_ordered else [(lefts, rights), (rights, lefts)]
        sure: list[tantivy.Query] = []
        possible: list[tantivy.Query] = []
        for firsts, seconds in orders:
            for first, second in product(firsts, seconds):
                sure += self._beside(first, second, node.most, field)
                possible += self._about(first, second, node.most, field)
        pair = Pair(
            tuple(form.sought for form in lefts),
            tuple(form.sought for form in rights),
            node.most,
            node.is_ordered,
        )
        return Doubt(field, any_of(sure), any_of(possible), pair)

    def _beside(self, first: Form, second: Form, most: int, field: str) -> Iterator[tantivy.Query]:
        """Give queries for records in which one form surely stands before the other."""
        if not first.slots or not second.slots:
            return
        near = self._windows(first, second, most, field)
        if near is None:
            near = self._spelled(first, second, most, field)
        if not near:
            return
        # From the end of one value into the next: such a record may hold it elsewhere as well.
        before, behind = first.slots[-1].terms, second.slots[0].terms
        into = self._beside_value([(term, VALUE) for term in before], most, field)
        out = self._beside_value([(VALUE, term) for term in behind], most, field)
        crossing = tantivy.Query.boolean_query([(MUST, into), (MUST, out)])
        yield tantivy.Query.boolean_query([(MUST, any_of(near)), (MUST_NOT, crossing)])

    def _beside_value(
        self, pairs: Sequence[tuple[str, str]], most: int, field: str
    ) -> tantivy.Query:
        """Find what may stand near the end of a value; longer terms reach further."""
        return any_of(
            [
                tantivy.Query.phrase_query(
                    self.schema, field, list(pair), slop=most + units(pair[0])
                )
                for pair in pairs
            ]
        )

    def _windows(
        self, first: Form, second: Form, most: int, field: str
    ) -> list[tantivy.Query] | None:
        """Ask the engine for pairs of terms, one before the other, with so many positions between.

        None where a side is several terms, or there are many pairs. The engine's slop is to both
        sides of the place where the second term is looked for; so it is looked for in the middle
        of where it may be. Of one term alone it sees no distance.
        """
        if len(first.slots) > 1 or len(second.slots) > 1:
            return None
        pairs = list(product(first.slots[0].terms, second.slots[0].terms))
        if len(pairs) > _MOST_WINDOWS or any(one == other for one, other in pairs):
            return None
        half, is_odd = divmod(most, 2)
        places = [(half, half), (most, 0)] if is_odd else [(half, half)]
        return [
            tantivy.Query.phrase_query(
                self.schema, field, [(0, one), (first.units + gap, other)], slop=slop
            )
            for one, other in pairs
            for gap, slop in places
        ]

    def _spelled(self, first: Form, second: Form, most: int, field: str) -> list[tantivy.Query]:
        """Spell out the phrases in which one form stands before the other, one a distance."""
        ways = math.prod(len(slot.terms) for slot in (*first.slots, *second.slots))
        gaps = min(most, _MOST_GAPS)
        while gaps >= 0 and ways * (gaps + 1) > _MOST_PHRASES:
            gaps -= 1
        phrases: list[tantivy.Query] = []
        for gap in range(gaps + 1):
            start = first.units + gap
            behind = [slot._replace(offset=slot.offset + start) for slot in second.slots]
            phrases += phrase_queries(self.schema, field, [*first.slots, *behind])
        return phrases

    def _about(self, first: Form, second: Form, most: int, field: str) -> Iterator[tantivy.Query]:
        """Give queries whose union finds all records in which one form may be before the other."""
        both = [(MUST, first.holds(field)), (MUST, second.holds(field))]
        windows = None
        if first.slots and second.slots:
            last, length = first.slots[-1:], first.units - first.slots[-1].offset
            windows = self._windows(
                replace(first, slots=last, units=length),
                replace(second, slots=second.slots[:1]),
                2 * most + _MOST_SIGNS,
                field,
            )
        if windows is None:
            yield tantivy.Query.boolean_query(both)
            return
        if windows:
            yield tantivy.Query.boolean_query([*both, (MUST, any_of(windows))])
        yield tantivy.Query.boolean_query([(MUST, first.elsewhere(field)), both[1]])
        yield tantivy.Query.boolean_query([both[0], (MUST, second.elsewhere(field))])

    def _holds(self, field: str, folded: str) -> tantivy.Query:
        holding = self.hold(field, folded)
        return holding.holds if holding else tantivy.Query.empty_query()

    def pattern(self, node: Pattern, field: str) -> Doubt:
        """Say what is known of a pattern of Han characters with ? in one field of the index."""
        text = fold(node.text).strip("*")
        sought = TextPattern(text)
        pieces = [piece for piece in text.split("?") if piece]
        longest = max(pieces, key=len)
        whole = [term for term in self.vocabulary.containing(longest) if sought.find(term)]
        sure = any_of([tantivy.Query.term_set_query(self.schema, field, whole)] if whole else [])
        possible = tantivy.Query.boolean_query(
            [(MUST, self._holds(field, piece)) for piece in dict.fromkeys(pieces)]
        )
        return Doubt(field, sure, possible, sought)

    def forms(self, node: Node) -> list[Form]:
        """Give what a side of `Near` may be."""
        match node:
            case Or(children):
                return [form for child in dict.fromkeys(children) for form in self.forms(child)]
            case Words(text, _, _):
                folded = fold(text)
                if is_run(folded):
                    forms = self.vocabulary.sharing_stem(folded)
                    return [self._runs(Runs(frozenset(forms)), sorted(forms))]
                return [self._piece(folded, text)]
            case Exact(text, _):
                return [self._piece(fold(text), text)]
            case Pattern(text, _, _):
                return [self._pattern_form(text)]
        raise QueryError("beside W/n and N/n stand words, quoted texts, patterns or an OR of these")

    def _piece(self, folded: str, text: str) -> Form:
        if not folded:
            raise QueryError(f"there is nothing to look for in {text!r}")
        terms = self.segmenter.terms(folded)
        slots = tuple(Slot(term.position, (term.text,)) for term in terms)
        length = terms[-1].position + terms[-1].units if terms else 0

        def elsewhere(field: str) -> tantivy.Query:
            holding = self.hold(field, folded)
            return holding.elsewhere if holding else tantivy.Query.empty_query()

        return Form(
            Piece(folded), slots, length, lambda field: self._holds(field, folded), elsewhere
        )

    def _runs(self, sought: Sought, terms: Sequence[str]) -> Form:
        """Give the form of any of some runs of letters."""

        def holds(field: str) -> tantivy.Query:
            if not terms:
                return tantivy.Query.empty_query()
            return tantivy.Query.term_set_query(self.schema, field, list(terms))

        slots = (Slot(0, tuple(terms)),) if terms else ()
        return Form(sought, slots, 1, holds, lambda _: tantivy.Query.empty_query())

    def _pattern_form(self, text: str) -> Form:
        folded = fold(text)
        if is_run_pattern(folded):
            return self._runs(RunPattern(folded), list(runs_like(folded, self.vocabulary)))
        plain = checked_pattern(text)
        if "?" not in plain:
            return self._piece(plain, text)
        pieces = [piece for piece in plain.split("?") if piece]
        return Form(
            TextPattern(plain),
            (),
            0,
            lambda field: tantivy.Query.boolean_query(
                [(MUST, self._holds(field, piece)) for piece in pieces]
            ),
            lambda _: tantivy.Query.empty_query(),
        )


def is_run(folded: str) -> bool:
    """Say whether a text is one run of letters and digits."""
    return bool(folded) and bool((classes_of(to_codes(folded)) == WORD).all())


def is_run_pattern(folded: str) -> bool:
    """Say whether a pattern, folded, is about runs of letters and digits."""
    return is_run(folded.replace("*", "").replace("?", ""))


def checked_pattern(text: str) -> str:
    """Give a pattern about Han, kana or hangul, folded, without the * at its ends.

    Raises `QueryError` for one that says nothing, or has a * within.
    """
    folded = fold(text).strip("*")
    rest = folded.replace("?", "")
    if not rest.strip():
        raise QueryError(f"{text!r} is nothing but signs for what is not known")
    if "*" in folded:
        raise QueryError(
            f"* within {text!r}: write W/n between its parts, or ? for a character each"
        )
    return folded


def runs_like(folded: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Give the terms of the index that a pattern of letters stands for."""
    fits = run_pattern(folded).fullmatch
    head, tail = folded.split("*")[0].split("?")[0], folded.split("*")[-1].split("?")[-1]
    if head:
        terms = vocabulary.starting_with(head)
    elif tail:
        terms = vocabulary.ending_with(tail)
    else:
        pieces = folded.replace("?", "*").split("*")
        terms = vocabulary.containing(max(pieces, key=len))
    for term in sorted(terms):
        if fits(term) and is_run(term):
            yield term
