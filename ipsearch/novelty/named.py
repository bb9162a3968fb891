"""Here is a text, give me the numbers of the patent documents that it names.

Such documents are nearly always relevant: a description names what it sets out from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ipsearch.errors import IdentifierError
from ipsearch.identifiers import lookup_keys

_MOST_NUMBERS = 100
_OFFICES = "CN|US|EP|WO|JP|KR|DE|GB|FR|TW|RU|CA|AU"
_NUMBER = re.compile(
    # of an office: CN101234567B, US 10,172,347 B2, ZL200710123456.7, PCT/CN2019/123456
    rf"(?<![A-Za-z0-9])(?:(?:{_OFFICES})[ -]?(?:[A-Z]{{1,2}}[ -]?)?\d[\d,/. -]{{4,20}}\d"
    r"(?: ?[A-Z]\d?)?|ZL ?\d{8,12}\.?[\dX]?|PCT/[A-Z]{2}\d{2,4}/\d{4,6})(?![A-Za-z0-9])"
    # with its sort before it: 申请号为200710123456.7
    r"|(?:申请|专利|公开|公告)号\s?(?:为|是|[:：])?\s?(?P<chinese>\d{7,12}(?:\.[\dX])?[A-Z]?)(?!\d)"
    # as American texts have it: U.S. Pat. Nos. 5,123,456; 6,234,567 and 7,345,678
    r"|U\.?\s?S\.?\s{1,3}Pat(?:ents?|s?\.)\s{0,3}(?:App(?:lication|l?\.)\s{1,3})?"
    r"(?:Pub(?:lications?|s?\.)\s{1,3})?(?:(?:Nos?\.?|Numbers?)\s{0,3})?(?P<american>"
    r"(?:(?:,|;|and|\s){0,4}(?:\d{4}/\d{7}|\d{1,2},\d{3},\d{3})(?!\d)(?:\s?[AB]\d)?){1,20})"
)
_AMERICAN = re.compile(r"(?:\d{4}/\d{7}|\d{1,2},\d{3},\d{3})(?:\s?[AB]\d)?")


def named_documents(text: str) -> tuple[str, ...]:
    """Find the numbers of patent documents that a text names, once each, in order.

    As they stand there, and with their office where only the words before them tell it.

    >>> named_documents("如CN101234567B和 US 10,172,347 B2 所述，长度为100-200mm")
    ('CN101234567B', 'US 10,172,347 B2')
    >>> named_documents("见申请号为200710123456.7的专利; U.S. Pat. Nos. 5,123,456 and 6,234,567")
    ('CN200710123456.7', 'US 5,123,456', 'US 6,234,567')
    """
    found: dict[str, None] = {}
    for number in _numbers(text):
        try:
            lookup_keys(number)
        except IdentifierError:
            continue
        found[number] = None
        if len(found) == _MOST_NUMBERS:
            break
    return tuple(found)


def _numbers(text: str) -> Iterator[str]:
    for match in _NUMBER.finditer(text):
        if match["chinese"]:
            yield f"CN{match['chinese']}"
        elif match["american"]:
            yield from (f"US {number}" for number in _AMERICAN.findall(match["american"]))
        else:
            yield match[0].strip(" ,.-/")
