"""What is asked of a novelty search besides its subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import tantivy

from ipsearch.novelty.settings import Settings
from ipsearch.novelty.synonyms import Synonyms


@dataclass(frozen=True, slots=True)
class Request:
    """How much is wanted, what is judged already, and what every hit must be."""

    limit: int = 100  # hits of each list
    evidence: int = 0  # hits of each list that are charted
    liked: Sequence[Mapping[str, str]] = ()  # texts, by field, of documents like what is sought
    unliked: Sequence[Mapping[str, str]] = ()
    named: tuple[str, ...] = ()  # ids of the records whose numbers the subject names
    synonyms: Synonyms = field(default_factory=Synonyms)
    settings: Settings = field(default_factory=Settings)
    filters: tuple[tantivy.Query, ...] = ()  # what else every hit must match
