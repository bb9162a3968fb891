"""Here are international applications, which of them entered the national phase at an office?

An international application that entered and was published there counts among that office's own
earlier ones (China: Guidelines for Patent Examination, part II, chapter 3; EPC article 153(5)). A
corpus tells by what it holds: a record of the office that goes by the application's number; for
China also one of its family whose own number is that of a national phase; or a legal event of the
application itself (INPADOC's ENP and WWE). Nothing is known of the others: it is not said that they
did not enter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ipsearch.errors import IdentifierError
from ipsearch.identifiers import ApplicationNumber, lookup_keys
from ipsearch.index import any_of, fact_query, narrowed
from ipsearch.search.execute import Place, fan_out, rows_at

if TYPE_CHECKING:
    from ipsearch.corpus.state import KindState

COLUMNS = (
    *("id", "publication_number", "application_number", "other_numbers", "family_id"),
    *("legal_events.list.element.code", "legal_events.list.element.text"),
)
"""The columns of a record that tell."""

_ENTRY_CODES = ("ENP", "WWE")
_NATIONAL_PHASE = ("8", "9")
"""Types of Chinese application numbers: invention and utility model, as a national phase."""
_MOST = 50  # records of an office that go by one application's numbers or family


def entered(state: KindState, places: Sequence[Place], office: str) -> list[bool]:
    """Say of each record whether the corpus shows that it entered at an office."""
    return [
        _says_so(row, office) or _is_there(state, row, office)
        for row in rows_at(state, places, COLUMNS)
    ]


def _says_so(row: Mapping[str, Any], office: str) -> bool:
    """Whether a legal event of the application itself names the office as one of entry."""
    named = re.compile(rf"(?<![A-Z]){office}(?![A-Z])")
    return any(
        event["code"] in _ENTRY_CODES and named.search(event["text"] or "")
        for event in row["legal_events"] or ()
    )


def _is_there(state: KindState, row: Mapping[str, Any], office: str) -> bool:
    numbers = [row["publication_number"], row["application_number"], *(row["other_numbers"] or ())]
    keys = dict.fromkeys(key for number in numbers if number for key in _keys(number))
    same = [fact_query("patent", "num", key) for key in keys]
    if _holds(state, same, office):
        return True
    family = row["family_id"]
    if office != "CN" or family is None:
        return False
    return any(map(_is_national_phase, _holds(state, [fact_query("patent", "fam", family)], "CN")))


def _keys(number: str) -> tuple[str, ...]:
    try:
        return lookup_keys(number)
    except IdentifierError:
        return ()


def _holds(state: KindState, queries: Sequence[Any], office: str) -> list[dict[str, Any]]:
    """Give the records of an office that any of the queries finds."""
    if not queries:
        return []
    query = narrowed(any_of(queries), [fact_query("patent", "office", office)])
    found = fan_out(state, [query] * len(state.shards), _MOST)
    return rows_at(state, found, ["application_number"])


def _is_national_phase(row: Mapping[str, Any]) -> bool:
    """Whether a Chinese number is that of a national phase: its type stands behind the year."""
    try:
        number = ApplicationNumber.parse(row["application_number"] or "", office="CN").number
    except IdentifierError:
        return False
    at = 2 if len(number) == 8 else 4
    return number[at : at + 1] in _NATIONAL_PHASE
