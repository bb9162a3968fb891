"""Here is what a user asks, numbers and files among it, give me the search that answers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from ipsearch.analysis import Segmenter
from ipsearch.errors import IdentifierError, QueryError
from ipsearch.identifiers import lookup_keys
from ipsearch.index import any_of
from ipsearch.novelty.request import Request
from ipsearch.novelty.results import NoveltyResults
from ipsearch.novelty.search import search
from ipsearch.novelty.settings import Settings
from ipsearch.novelty.subject import (
    COLUMNS,
    Subject,
    from_record,
    from_text,
    joined,
    texts_of,
)
from ipsearch.novelty.synonyms import Synonyms
from ipsearch.records import SCHEMAS
from ipsearch.search.fields import find_field
from ipsearch.search.lookup import places_of, records_by_keys
from ipsearch.search.values import with_value

if TYPE_CHECKING:
    from ipsearch.corpus.state import KindState

_NAMED_EACH = 5  # records that one number in a text may be


def ask(
    state: KindState,
    segmenter: Segmenter,
    *,
    text: str | None,
    number: str | None,
    record: Mapping[str, Any] | None,
    claim: int | None,
    before: date | None,
    limit: int,
    evidence: int,
    in_class: Sequence[str],
    like: Sequence[str],
    unlike: Sequence[str],
    synonyms: Synonyms,
    settings: Settings,
) -> NoveltyResults:
    """Search for a text, for the record of a number, or for a record that is in no corpus."""
    if sum(given is not None for given in (text, number, record)) != 1:
        raise QueryError("give one of a text, a number and a record")
    subject = _subject(state, text, number, record, claim, before)
    request = Request(
        limit=limit,
        evidence=evidence,
        liked=[texts_of(row) for row in _records(state, like)],
        unliked=[texts_of(row) for row in _records(state, unlike)],
        named=_named(state, subject),
        synonyms=synonyms,
        settings=settings,
        filters=_in_classes(in_class),
    )
    return search(state, segmenter, subject, request)


def _subject(
    state: KindState,
    text: str | None,
    number: str | None,
    record: Mapping[str, Any] | None,
    claim: int | None,
    before: date | None,
) -> Subject:
    if text is not None:
        return from_text(text, claim=claim, before=before)
    if number is not None:
        (record,) = _records(state, [number])
    if record is None:
        raise QueryError("there is no record")
    empty = dict.fromkeys((*SCHEMAS["patent"].names, "application_key"))
    return from_record({**empty, **record}, claim=claim, before=before)


def _records(state: KindState, numbers: Sequence[str]) -> list[dict[str, Any]]:
    """Give the record of each number: of several publications the one that says most.

    Raises `QueryError`, naming it, for what is no number or is not there.
    """
    records = []
    for number in numbers:
        try:
            keys = lookup_keys(number)
        except IdentifierError as error:
            raise QueryError(str(error)) from None
        rows = state.rows(places_of(state, "num", keys)[:100], COLUMNS)
        if not rows:
            raise QueryError(f"no patent in the corpus goes by {number!r}")
        records.append(max(rows, key=lambda row: (len(joined(texts_of(row))), row["id"])))
    return records


def _named(state: KindState, subject: Subject) -> tuple[str, ...]:
    """Give the ids of the documents that the subject's text names, in its order."""
    wanted = {number: lookup_keys(number) for number in subject.named}
    found = records_by_keys(state, wanted, ["id"])
    rows = (row for number in wanted for row in found[number][:_NAMED_EACH])
    return tuple(dict.fromkeys(row["id"] for row in rows))


def _in_classes(symbols: Sequence[str]) -> tuple[Any, ...]:
    if not symbols:
        return ()
    named = find_field("class", "patent")
    return (any_of([with_value("patent", symbol, named) for symbol in symbols]),)
