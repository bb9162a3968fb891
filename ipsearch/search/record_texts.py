"""Here is a field of the index, give me its texts as a record has them; and look into a few."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import tantivy

from ipsearch.analysis import fold
from ipsearch.records import Kind

if TYPE_CHECKING:
    from ipsearch.corpus.state import KindState

_ADDRESS = ("country", "province", "city", "county", "address")

TEXTS: dict[Kind, dict[str, Callable[[Mapping[str, Any]], list[str]]]] = {
    "patent": {
        "ti": lambda row: _inner(row, "titles", "text"),
        "ab": lambda row: _inner(row, "abstracts", "text"),
        "cl": lambda row: _inner(row, "claims", "text"),
        "de": lambda row: _inner(row, "description", "text"),
        "pa": lambda row: _inner(row, "applicants", "name"),
        "ow": lambda row: _inner(row, "owners", "name"),
        "in": lambda row: _inner(row, "inventors", "name"),
        "ag": lambda row: _inner(row, "agents", "name") + _inner(row, "agents", "organization"),
        "addr": lambda row: _addresses(row, "applicants") + _addresses(row, "owners"),
    },
    "trademark": {
        "tm": lambda row: [
            row[name] for name in ("mark_text", "transliteration", "translation") if row.get(name)
        ],
        "gs": lambda row: [g for c in row.get("classes") or () for g in c["goods"] or ()],
        "ow": lambda row: _inner(row, "owners", "name"),
        "ag": lambda row: _inner(row, "agents", "name") + _inner(row, "agents", "organization"),
        "addr": lambda row: _addresses(row, "owners"),
        "md": lambda row: [
            row[name] for name in ("mark_description", "disclaimer") if row.get(name)
        ],
    },
}
TEXT_COLUMNS: dict[Kind, dict[str, tuple[str, ...]]] = {
    "patent": {
        "ti": ("titles.list.element.text",),
        "ab": ("abstracts.list.element.text",),
        "cl": ("claims.list.element.text",),
        "de": ("description.list.element.text",),
        "pa": ("applicants.list.element.name",),
        "ow": ("owners.list.element.name",),
        "in": ("inventors.list.element.name",),
        "ag": ("agents.list.element.name", "agents.list.element.organization"),
        "addr": tuple(
            f"{who}.list.element.{part}" for who in ("applicants", "owners") for part in _ADDRESS
        ),
    },
    "trademark": {
        "tm": ("mark_text", "transliteration", "translation"),
        "gs": ("classes.list.element.goods",),
        "ow": ("owners.list.element.name",),
        "ag": ("agents.list.element.name", "agents.list.element.organization"),
        "addr": tuple(f"owners.list.element.{part}" for part in _ADDRESS),
        "md": ("mark_description", "disclaimer"),
    },
}


def _inner(row: Mapping[str, Any], column: str, name: str) -> list[str]:
    return [item[name] for item in row.get(column) or () if item[name]]


def _addresses(row: Mapping[str, Any], column: str) -> list[str]:
    return [value for part in _ADDRESS for value in _inner(row, column, part)]


_READ_AT_LEAST, _READ_OF_MILLION = 12, 4
"""Candidates of a shard that are read: one takes two or three thousandths of a second, and the
engine's way to do without grows with the records."""
_RARE, _RARE_SHARE = 5_000, 0.01
"""Candidates are looked for by terms of which one is in no more records, or in this share."""


def holders(
    state: KindState,
    folded: str,
    field: str,
    terms: Sequence[str],
    candidates: tantivy.Query,
) -> list[str] | None:
    """Give the ids of the candidates, records with these terms, that hold a folded text in a field.

    None if there are too many to be read, or the texts of the field cannot be read back.
    """
    if field not in TEXTS[state.kind]:
        return None
    records = state.frequencies.record_count
    if min(state.frequencies.of(field, term) for term in terms) > max(_RARE, _RARE_SHARE * records):
        return None
    most = _READ_AT_LEAST + _READ_OF_MILLION * records // 1_000_000
    found = state.each(lambda shard: shard.search(candidates, most + 1), state.shards)
    if any(len(hits) > most for hits in found):
        return None
    places = [
        (shard.number, hit.address)
        for shard, hits in zip(state.shards, found, strict=True)
        for hit in hits
    ]
    if not places:
        return []
    rows = state.rows(places, ["id", *TEXT_COLUMNS[state.kind][field]])
    texts = TEXTS[state.kind][field]
    return [row["id"] for row in rows if any(folded in fold(text) for text in texts(row))]
