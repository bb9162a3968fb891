"""Here is a record, give me what is shown of it beside an alert, and what tells that it changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from ipsearch.records import Kind
from ipsearch.watch.alerts import RecordFacts

_IPC_SHOWN = 5

FACT_COLUMNS: dict[Kind, tuple[str, ...]] = {
    "trademark": (
        *("id", "office", "mark_text", "owners", "classes", "legal_status", "filing_date"),
        *("preliminary_publication_date", "registration_date", "expiry_date"),
        *("application_number", "international_registration_date"),
    ),
    "patent": (
        *("id", "office", "titles", "abstracts", "claims", "applicants", "owners", "ipc"),
        *("legal_status", "filing_date", "publication_date", "grant_date", "kind_code"),
        "application_number",
    ),
}
"""What is read of a record that raised an alert."""


def facts_of(row: Mapping[str, Any], kind: Kind) -> RecordFacts:
    """Take what is shown out of a record's columns."""
    if kind == "trademark":
        title = row["mark_text"]
        classes = sorted({c["nice_class"] for c in row["classes"] or () if c["nice_class"]})
        published = row["preliminary_publication_date"]
    else:
        title = next((t["text"] for t in row["titles"] or ()), None)
        classes = list(row["ipc"] or ())[:_IPC_SHOWN]
        published = row["publication_date"]
    return RecordFacts(
        title=title,
        office=row["office"],
        parties=parties_of(row),
        classes=tuple(map(str, classes)),
        status=row["legal_status"],
        filing_date=row["filing_date"],
        publication_date=published,
    )


def parties_of(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the names of a record's owners, or else of its applicants."""
    parties = row.get("owners") or row.get("applicants") or ()
    return tuple(party["name"] for party in parties if party["name"])


def fingerprint(row: Mapping[str, Any], kind: Kind) -> dict[str, str]:
    """Give hashes of what matters in a record: its text, classes, status and owners.

    Where one of them differs, a person who judged the record before should look again.
    """
    if kind == "trademark":
        classes = [(c["nice_class"], c["similar_groups"], c["goods"]) for c in row["classes"] or ()]
        states = [(c["nice_class"], c["status"]) for c in row["classes"] or ()]
        parts: dict[str, Any] = {
            "text": row["mark_text"],
            "classes": sorted(map(_json, classes)),
            "status": [row["legal_status"], *sorted(map(_json, states))],
            "owner": sorted(parties_of(row)),
        }
    else:
        texts = [[t["text"] for t in row[name] or ()] for name in ("titles", "abstracts", "claims")]
        parts = {
            "text": texts,
            "classes": sorted(row["ipc"] or ()),
            "status": row["legal_status"],
            "owner": sorted(parties_of(row)),
        }
    return {name: _hash(_json(value)) for name, value in parts.items()}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str, sort_keys=True)


def _hash(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
