"""Here are records, keep them findable. The only place that knows tantivy.

The names here are the reading side. `index.writer` is imported by who builds: it takes Arrow's
compute functions, a part of every command's start that only building needs.
"""

from ipsearch.index.exact import Holding, Verify, exact_holdings, exact_query
from ipsearch.index.frequency import Frequencies
from ipsearch.index.numbers import id_of
from ipsearch.index.phrases import Slot, any_of, phrase_queries
from ipsearch.index.schema import (
    ADDRESS,
    FACTS,
    FIELDS,
    INDEX_VERSION,
    IndexField,
    engine_schema,
    fact,
    fact_query,
    with_ids,
)
from ipsearch.index.shard import Found, Shard, Span, narrowed
from ipsearch.index.vocabulary import Vocabulary

__all__ = [
    "ADDRESS",
    "FACTS",
    "FIELDS",
    "INDEX_VERSION",
    "Found",
    "Frequencies",
    "Holding",
    "IndexField",
    "Shard",
    "Slot",
    "Span",
    "Verify",
    "Vocabulary",
    "any_of",
    "engine_schema",
    "exact_holdings",
    "exact_query",
    "fact",
    "fact_query",
    "id_of",
    "narrowed",
    "phrase_queries",
    "with_ids",
]
