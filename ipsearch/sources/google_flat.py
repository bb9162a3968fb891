"""Google's patents in flat excerpts: number, texts whose keys may name their language, citations.

The citations are numbers with commas between them, hundreds in some records: most of what there is
to read. So a record whose numbers are all of the usual forms is read in one go.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from ipsearch.identifiers.publication import international_number
from ipsearch.records import Row
from ipsearch.sources.base import Notes
from ipsearch.sources.google_elements import cited, plain, put_text, start_row

_TEXT_KEY = re.compile(r"(title|abstract|claim|description)s?(?:_([a-z]{2}))?")
_COLUMNS = {
    "title": "titles",
    "abstract": "abstracts",
    "claim": "claims",
    "description": "description",
}

# Numbers that are canonical without their hyphens, but for digits that may be left out: a zero in a
# US application's, the century and a zero in an international one's before 2003.
_USUAL = (
    r"(?:US-(?:20\d{8}|(?:D|RE|PP|H|T)?[1-9]\d{0,7}+)"
    r"|EP-\d{7}|WO-(?:(?:19(?:7[89]|[89]\d)|20\d\d)\d{6}|\d{7,8})"
    r"|JP-(?:\d{5,15}|[SH]\d\d[1-9]\d{0,5})"
    r"|CN-[1-9]\d{6}(?:\d\d)?(?=-[ABCDSUY])"
    r"|KR-\d{7,11}|(?:AT|AU|BE|CA|CH|DD|DE|FR|GB|NL|RU|SU|TW)-\d{1,15})-[A-Z]\d?"
)
_ALL_USUAL = re.compile(rf"(?:(?:{_USUAL})?,)*+(?:{_USUAL})?", re.ASCII)


def read_flat(found: dict[str, Any], notes: Notes, plan: Plan) -> Row:
    """Make a row of an object or CSV row; raises `IdentifierError` or `RecordError`."""
    row = start_row(found.get(plan.number), "flat")
    if plan.unmapped:
        notes.unmapped |= plan.unmapped
    citations = found.get(plan.citations)
    if isinstance(citations, str):
        row["citations"] = read_citations(citations, notes)
    elif citations is not None:
        notes.unmapped.add(plan.citations.lower())
    for key, column, language in plan.texts:
        value = found[key]
        if isinstance(value, str):
            if text := plain(value):
                put_text(row, column, text, language)
        elif value is not None:
            notes.unmapped.add(key.lower())
    if "claims" in row or "description" in row:
        row["product"] = "flat_text"
    return row


class Plan(NamedTuple):
    """What the keys of an object mean: all objects of a file have the same."""

    number: str
    citations: str
    texts: tuple[tuple[str, str, str | None], ...]  # key, column, language
    unmapped: frozenset[str]


def make_plan(keys: Iterable[str]) -> Plan:
    """Tell what the keys of an object mean."""
    plain_keys = {key.lower(): key for key in keys}
    number = plain_keys.pop("publication_number", "publication_number")
    citations = plain_keys.pop("citations", "citations")
    texts, unmapped = [], set()
    for lower, key in plain_keys.items():
        if match := _TEXT_KEY.fullmatch(lower):
            texts.append((key, _COLUMNS[match[1]], match[2]))
        else:
            unmapped.add(lower)
    return Plan(number, citations, tuple(texts), frozenset(unmapped))


def _american(rest: str) -> str:
    """What stands behind `US-20`, `04137729-A1,...`, with the zero that ten digits lack."""
    return f"{rest[:2]}0{rest[2:]}" if rest[8:9] == "-" else rest


def _international(rest: str) -> str:
    """What stands behind `WO-`, `9912345-A1,...`, with the century and the zero left out."""
    digits, hyphen, more = rest.partition("-")
    return rest if len(digits) > 8 else f"{international_number(digits)}{hyphen}{more}"


_COMPLETIONS = {"US-20": _american, "WO-": _international}


def are_usual(citations: str) -> bool:
    """Whether `complete` makes canonical numbers of them."""
    return _ALL_USUAL.fullmatch(citations) is not None


def complete(citations: str) -> str:
    """Write usual numbers, with anything but hyphens between them, in canonical form."""
    for begin, completion in _COMPLETIONS.items():
        if begin in citations:
            first, *others = citations.split(begin)
            citations = begin.join([first, *map(completion, others)])
    return citations.replace("-", "")


def read_citations(citations: str, notes: Notes) -> list[Row] | list[str]:
    """Read numbers with commas between them, each once; where all are numbers, as such."""
    if are_usual(citations):
        numbers = dict.fromkeys(complete(citations).split(","))
        numbers.pop("", None)
        return list(numbers)
    read, others = dict[str, None](), list[Row]()
    for text in _texts(citations):
        row = cited(text, notes)
        if "text" in row:
            others.append(row)
        else:
            read[row["publication_number"]] = None
    if not others:
        return list(read)
    return [*({"publication_number": number} for number in read), *others]


def _texts(citations: str) -> list[str]:
    return [text.strip() for text in dict.fromkeys(citations.split(",")) if text.strip()]
