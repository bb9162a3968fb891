"""Which application a record speaks of, and which shard keeps it.

All publications and events of one application meet in one shard, under one `application_key`: the
canonical application number without its check digit, or, where no application number is known,
the record's own id. Such an `orphan` moves to its application's shard once some record tells
which application its publication or registration belongs to.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from ipsearch.records import Kind, Row

ORPHAN = 1 << 31
"""Set in the row number of a document's key if the row is an orphan."""


def application_key(row: Row, kind: Kind) -> str:
    """Give the key of the application that `row` speaks of."""
    number: str | None = row.get("application_number")
    if not number and kind == "trademark" and row["office"] == "CN":
        number = row.get("registration_number")  # in China the two are one number
    if not number:
        return str(row["id"])
    return number.partition(".")[0] if number.startswith("CN") else number


def document_key(row: Row, kind: Kind) -> str | None:
    """Give what an orphan can be recognised by: its publication or registration number."""
    name = "publication_number" if kind == "patent" else "registration_number"
    value: Any = row.get(name)
    return value or None


def is_orphan(row: Row, kind: Kind) -> bool:
    """Say whether a row does not know its application."""
    if kind == "trademark" and row["office"] == "CN":
        return False
    return not row.get("application_number")


def key_hash(key: str) -> int:
    """Hash a key to 64 bits; the same on every machine and in every process."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "little")


def shard_of(hashed: int, shards: int) -> int:
    """Say which of `shards` shards keeps an application."""
    return hashed % shards
