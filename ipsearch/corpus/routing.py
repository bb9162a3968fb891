"""Which application a record speaks of, and which shard keeps it.

All publications and events of one application meet in one shard, under one `application_key`: the
canonical application number without its check digit, or, where no application number is known,
the number of its publication without kind code. Such an orphan moves to its application's shard
once some record tells which application its publication or registration belongs to.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Any

from ipsearch.errors import CorpusError
from ipsearch.records import Kind, Row

MOST_SHARDS = 64

ORPHAN_PREFIX = "of:"
"""Begins the application key of a row that knows only its publication or registration."""

ORPHAN = 1 << 31
"""Set in the row number of a document's key if the row is an orphan."""


def application_key(row: Row, kind: Kind) -> str:
    """Give the key of the application that `row` speaks of."""
    number: str | None = row.get("application_number")
    if not number and kind == "trademark" and row["office"] == "CN":
        number = row.get("registration_number")  # in China the two are one number
    if not number:  # marked: a publication's number may be another application's
        document = document_key(row, kind)
        return ORPHAN_PREFIX + document if document else str(row["id"])
    return number_key(number)


def number_key(number: str) -> str:
    """Give what tells a canonical application number from others: not its check digit.

    Some sources have it and some do not; in a canonical number it stands behind a dot.

    >>> number_key("CN200710123456.7"), number_key("DE102010012345.6"), number_key("EP10167109")
    ('CN200710123456', 'DE102010012345', 'EP10167109')
    """
    return number[:-2] if number[-2:-1] == "." else number


_KIND_CODE = re.compile(r"(?<=\d)[A-Z]\d?$")


def document_key(row: Row, kind: Kind) -> str | None:
    """Give what an orphan can be recognised by: its publication or registration number.

    Publications without their kind code: some sources do not give it, and all publications of one
    number belong to one application.
    """
    name = "publication_number" if kind == "patent" else "registration_number"
    value: Any = row.get(name)
    return without_kind(value) if value else None


def without_kind(publication: str) -> str:
    """Cut the kind code off a canonical publication number.

    >>> without_kind("CN101234567B"), without_kind("US10172347")
    ('CN101234567', 'US10172347')
    """
    return _KIND_CODE.sub("", publication)


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


def check_shards(shards: int) -> None:
    """Raise `CorpusError` unless a corpus can have so many shards."""
    if not 1 <= shards <= MOST_SHARDS:
        raise CorpusError(f"{shards} shards: 1 to {MOST_SHARDS} are possible")
