"""Here are records, keep them findable. The only place that knows tantivy."""

from ipsearch.index.exact import any_of, exact_query
from ipsearch.index.schema import ADDRESS, FIELDS, INDEX_VERSION, IndexField, engine_schema
from ipsearch.index.shard import Found, Shard
from ipsearch.index.vocabulary import Vocabulary
from ipsearch.index.writer import BATCH_ROWS, ShardWriter

__all__ = [
    "ADDRESS",
    "BATCH_ROWS",
    "FIELDS",
    "INDEX_VERSION",
    "Found",
    "IndexField",
    "Shard",
    "ShardWriter",
    "Vocabulary",
    "any_of",
    "engine_schema",
    "exact_query",
]
