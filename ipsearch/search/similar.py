"""A text in, the nearest records out, by its most telling terms."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable

import tantivy

from ipsearch.analysis import Segmenter, fold
from ipsearch.errors import QueryError
from ipsearch.index import Frequencies, Vocabulary, any_of, engine_schema
from ipsearch.search.compile import Compiled, Needle, is_content, is_letters

FIELDS = ("ti", "ab", "cl")
MOST_TERMS = 60
_MOST_MARKED = 20


def telling_terms(
    text: str, segmenter: Segmenter, frequency: Callable[[str], int], records: int
) -> list[tuple[str, float]]:
    """Choose the terms that tell `text` from other records, most telling first, with weights.

    The weight is the square root of how often the text has the term: a plain count lets the
    commonest words of a long text drown the rest. Chosen by that times idf, ln(1 + N / n).
    """
    counts = Counter(term.text for term in segmenter.terms(fold(text)) if is_content(term.text))
    weighted = []
    for term, count in counts.items():
        records_with = frequency(term)
        if records_with:
            idf = math.log1p(records / records_with)
            weighted.append((math.sqrt(count) * idf, term, math.sqrt(count)))
    weighted.sort(key=lambda entry: (-entry[0], entry[1]))
    return [(term, weight) for _, term, weight in weighted[:MOST_TERMS]]


def compile_similar(
    text: str, segmenter: Segmenter, frequencies: Frequencies, vocabulary: Vocabulary, shards: int
) -> Compiled:
    """Make the query for the records nearest to `text`; raise `QueryError` if it has no term.

    `frequencies` are those of the `shards` shards to be asked.
    """
    if not text.strip():
        raise QueryError("the text is empty")
    schema = engine_schema("patent")

    def frequency(term: str) -> int:
        forms = vocabulary.sharing_stem(term)
        return sum(max(frequencies.of(name, form) for name in FIELDS) for form in forms)

    terms = telling_terms(text, segmenter, frequency, frequencies.record_count)
    if not terms:
        raise QueryError("none of the text's words stands in any record")
    clauses: list[list[tantivy.Query]] = [[] for _ in range(shards)]
    for term, weight in terms:
        for form in sorted(vocabulary.sharing_stem(term)):
            for name in FIELDS:
                query = tantivy.Query.term_query(schema, name, form)
                factors = frequencies.factors(name, [form])
                for shard, factor in zip(clauses, factors, strict=True):
                    shard.append(tantivy.Query.boost_query(query, weight * factor))
    needles = [
        Needle(form, FIELDS, is_letters(form))
        for term, _ in terms[:_MOST_MARKED]
        if len(term) > 1
        for form in sorted(vocabulary.sharing_stem(term))
    ]
    return Compiled([any_of(shard) for shard in clauses], needles=needles)
