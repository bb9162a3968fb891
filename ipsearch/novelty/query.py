"""Here is a subject, give me its words, what they count for, and the engine's query."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import tantivy

from ipsearch.analysis import Segmenter, fold
from ipsearch.errors import QueryError
from ipsearch.index import any_of, engine_schema
from ipsearch.novelty import lists
from ipsearch.novelty.evidence import Charter
from ipsearch.novelty.passages import Document
from ipsearch.novelty.request import Request
from ipsearch.novelty.second_stage import passage_scores
from ipsearch.novelty.subject import Subject, joined
from ipsearch.novelty.weighing import (
    LONG,
    Rareness,
    Weighed,
    count_terms,
    emphasis,
    parts_of,
    weigh,
    with_feedback,
    without_commonest,
)
from ipsearch.search.execute import count
from ipsearch.search.wording import is_content

if TYPE_CHECKING:
    from ipsearch.corpus.state import KindState


class SubjectQuery:
    """What a subject is searched with in one state of a corpus."""

    def __init__(
        self, state: KindState, segmenter: Segmenter, subject: Subject, request: Request
    ) -> None:
        """Raise `QueryError` if no record but the subject's own has one of its words."""
        self._state, self._segmenter = state, segmenter
        self._subject, self._request = subject, request
        settings = request.settings
        self._fields = [name for name, weight in settings.fields.items() if weight]
        self._own = lists.own(subject)
        self._own_records = self._count(any_of(self._own)) if self._own else 0
        self._known: dict[str, int] = {}
        self._own_terms = count_terms(subject.text, segmenter)
        said = self._emphasis(self._own_terms, subject.texts)
        self._rareness = Rareness(
            said,
            self._frequency,
            state.frequencies.record_count,
            by_script=settings.by_script,
        )
        self._power = settings.rareness * (1.0 if len(self._own_terms) >= LONG else 0.5)
        adjusted = with_feedback(
            said,
            [self._emphasis(count_terms(joined(t), segmenter), t) for t in request.liked],
            [self._emphasis(count_terms(joined(t), segmenter), t) for t in request.unliked],
            settings.like_weight,
            settings.unlike_weight,
        )
        if settings.commonest < 1:
            adjusted = without_commonest(adjusted, self._rareness, settings.commonest)
        words = weigh(adjusted, self._rareness, power=self._power, most=settings.most_terms)
        self.terms: list[str] = []
        """What is searched with, the most telling first, a user's synonyms last."""
        self._ranked = self._ranking(words)
        self.telling = self._of_others_alone(self._ranked.telling(settings.negligible))
        """One a shard, without words that hardly count: they give the best, nearly as all do."""

    @cached_property
    def queries(self) -> list[tantivy.Query]:
        """Those with all words, one a shard; what is the subject's own is left out."""
        return self._of_others_alone(self._ranked.queries())

    def charter(self) -> Charter | None:
        """Give what charts documents against the features of the claim; None if it has none."""
        if not self._subject.features:
            return None

        def rareness(term: str) -> float:
            return self._rareness(term) or math.log1p(self._rareness.records(term))

        forms, synonyms = self._state.vocabulary.sharing_stem, self._request.synonyms
        return Charter(self._subject.features, self._segmenter, rareness, forms, synonyms)

    def passage_scores(self, charter: Charter, documents: Sequence[Document]) -> list[float]:
        """Score documents by their passages, by the words of the same features."""
        return passage_scores(charter.words, charter.weights ** (1 + self._power), documents)

    def _of_others_alone(self, queries: Sequence[tantivy.Query]) -> list[tantivy.Query]:
        return [lists.without(query, self._own) for query in queries]

    def _count(self, query: tantivy.Query) -> int:
        return count(self._state, [query] * len(self._state.shards))

    def _emphasis(self, counts: Mapping[str, int], texts: Mapping[str, str]) -> dict[str, float]:
        """Say how much texts with these words say each, those within longer words among them."""
        settings = self._request.settings
        title = count_terms(texts.get("ti", ""), self._segmenter)
        said = emphasis({t: n + (settings.title - 1) * title[t] for t, n in counts.items()})
        if settings.parts:
            for part in sorted(parts_of(counts, self._segmenter)):
                said.setdefault(part, settings.parts)
        return said

    def _frequency(self, term: str) -> int:
        """Say how many records have a word in any form, the subject's own left out."""
        known = self._known.get(term)
        if known is None:
            of = self._state.frequencies.of
            forms = self._state.vocabulary.sharing_stem(term)
            known = sum(max(of(name, form) for name in self._fields) for form in forms)
            if self._own_records and term in self._own_terms:
                known = self._of_others(forms, known)
            self._known[term] = known
        return known

    def _of_others(self, forms: Iterable[str], having: int) -> int:
        """Take the subject's own records off; counted where that may leave none."""
        if self._own_records == 1 or having > self._own_records:
            return max(having - self._own_records, 0)
        schema = engine_schema("patent")
        term = tantivy.Query.term_query
        found = any_of([term(schema, name, form) for name in self._fields for form in forms])
        return self._count(lists.without(found, self._own))

    def _ranking(self, words: Sequence[Weighed]) -> lists.Ranking:
        settings, synonyms, state = self._request.settings, self._request.synonyms, self._state
        ranking = lists.Ranking(
            settings,
            state.frequencies,
            state.vocabulary,
            synonyms,
            self._rareness,
            self._power,
            len(state.shards),
        )
        for word in words:
            ranking.add_word(word)
            self.terms.append(word.term)
        ranked = set(self.terms)
        for said, others in synonyms.standing_in(fold(self._subject.text)).items():
            for other in others:
                terms = [t for t in self._segmenter.terms(other) if is_content(t.text)]
                is_ranked = len(terms) == 1 and (said in ranked or other in ranked)
                if terms and not is_ranked:
                    slots = [(t.position - terms[0].position, t.text) for t in terms]
                    if ranking.add_phrase(slots):
                        self.terms.append(other)
        if not self.terms:
            raise QueryError("none of the text's words stands in any record")
        if settings.ipc_boost:
            ranking.add_classes(self._subject.classes)
        return ranking
