"""Here is a weighed subject, give me the engine's queries: prior art, and conflicting applications.

Prior art is what was published before the effective date. A conflicting application (抵触申请,
article 22 of China's Patent Law; EPC article 54(3)) was filed with the same office before that day,
by its own effective date, and published on it or after: it counts for novelty alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import tantivy

from ipsearch.index import (
    FACTS,
    Frequencies,
    Span,
    Vocabulary,
    any_of,
    engine_schema,
    fact,
    fact_query,
)
from ipsearch.index.frequency import rarity
from ipsearch.novelty.settings import Settings
from ipsearch.novelty.subject import Subject
from ipsearch.novelty.weighing import Synonyms, Weighed
from ipsearch.search.execute import Filters, as_point
from ipsearch.search.texts import raised

MUST, MUST_NOT = tantivy.Occur.Must, tantivy.Occur.MustNot


def ranking(
    words: Sequence[Weighed],
    classes: Sequence[str],
    settings: Settings,
    frequencies: Frequencies,
    vocabulary: Vocabulary,
    synonyms: Synonyms,
    shards: int,
) -> list[tantivy.Query]:
    """Make the query that ranks by the words, and by the classes that agree: one a shard."""
    schema = engine_schema("patent")
    clauses: list[list[tantivy.Query]] = [[] for _ in range(shards)]

    def weighed(name: str, term: str, weight: float) -> list[tantivy.Query]:
        query = tantivy.Query.term_query(schema, name, term)
        return [raised(query, weight * factor) for factor in frequencies.factors(name, [term])]

    for word in words:
        same = {word.term, *synonyms.of(word.term)}
        forms = sorted(same | vocabulary.sharing_stem(word.term))
        for name, field_weight in settings.fields.items():
            having = {form: n for form in forms if (n := frequencies.of(name, form))}
            if not field_weight or not having:
                continue
            # All forms are as rare as they are together, and the best alone counts: else a form
            # that hardly anybody uses would outweigh the word that was asked for.
            records = frequencies.record_count
            together = rarity(records, min(sum(having.values()), records))
            queries = [
                weighed(
                    name,
                    form,
                    word.weight
                    * field_weight
                    * (together / rarity(records, n))
                    * (1.0 if form in same else settings.other_forms),
                )
                for form, n in having.items()
            ]
            for shard, each in zip(clauses, zip(*queries, strict=True), strict=True):
                best = tantivy.Query.disjunction_max_query(list(each)) if each[1:] else each[0]
                shard.append(best)
    if settings.ipc_boost:
        for term in class_facts(classes):
            for shard, query in zip(clauses, weighed(FACTS, term, settings.ipc_boost), strict=True):
                shard.append(query)
    return [any_of(shard) for shard in clauses]


def class_facts(classes: Sequence[str]) -> list[str]:
    """Give the facts that agree with some of the classes: subclass, main group and symbol."""
    from ipsearch.classification import ancestors

    levels = dict.fromkeys(
        level
        for symbol in classes
        for level in (ancestors(symbol) or (symbol,))
        if len(level) >= 4  # sections and classes tell too little
    )
    return [fact(name, level) for level in levels for name in ("ipc", "cpc")]


def own(subject: Subject) -> list[tantivy.Query]:
    """Find what is the subject's own: itself, its application, its family."""
    pairs = [("id", subject.id), ("app", subject.application_key)]
    pairs += [("fam", family) for family in subject.families]
    return [fact_query("patent", name, value) for name, value in pairs if value]


def without(query: tantivy.Query, others: Sequence[tantivy.Query]) -> tantivy.Query:
    """Leave out what any of the others finds."""
    if not others:
        return query
    return tantivy.Query.boolean_query([(MUST, query), *((MUST_NOT, other) for other in others)])


def published_before(day: date | None, more: Sequence[tantivy.Query] = ()) -> Filters:
    """Keep what was published before a day."""
    if day is None:
        return Filters(tuple(more))
    return Filters(tuple(more), (Span("pd", None, as_point(day - timedelta(days=1))),))


def in_conflict(day: date, office: str | None, more: Sequence[tantivy.Query] = ()) -> Filters:
    """Keep what was filed before a day, by its own effective date, and published on it or after.

    Where `office` is None, that of the subject is not known and none is left out.
    """
    schema = engine_schema("patent")
    before, point = as_point(day - timedelta(days=1)), as_point(day)
    no_priority = [
        (MUST, Span("ad", None, before).query(schema)),
        (MUST_NOT, tantivy.Query.exists_query("prd")),
    ]
    filed = any_of(
        [Span("prd", None, before).query(schema), tantivy.Query.boolean_query(no_priority)]
    )
    clauses = [filed, *more]
    if office is not None:
        clauses.append(fact_query("patent", "office", office))
    return Filters(tuple(clauses), (Span("pd", point, None),))
