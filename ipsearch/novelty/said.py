"""Here is a warning of a search, or the place of a passage, say it in the reader's language."""

from __future__ import annotations

import re

from ipsearch.novelty.report_parts import Say

_WARNINGS = (
    ("warning.no_date", re.compile(r"no effective date is known: ")),
    ("warning.long", re.compile(r"the text is long: its first (?P<characters>\d+) ")),
    ("warning.undated", re.compile(r"(?P<records>\d+) records have no publication date: ")),
    ("warning.unfiled", re.compile(r"(?P<records>\d+) records have no filing date: ")),
    (
        "warning.not_entered",
        re.compile(
            r"(?P<records>\d+) international applications are not listed: nothing here says that"
            r" they entered at (?P<office>[A-Z]{2}): (?P<numbers>.*)"
        ),
    ),
    ("warning.no_office", re.compile(r"the subject's office is not known: ")),
)


def say_warning(warning: str, say: Say) -> str:
    """Say a warning in a language of `report_words`; one that is not known, as it is."""
    for key, pattern in _WARNINGS:
        if match := pattern.match(warning):
            return say(key, **match.groupdict())
    return warning


def say_place(field: str, place: str, say: Say) -> str:
    """Say where a passage stands: `field` and `place` are those of a `Match`."""
    if field in ("ti", "ab"):
        return say("place.title" if field == "ti" else "place.abstract")
    key = "place.claim" if field == "cl" else "place.paragraph"
    return say(key, number=place.removeprefix("claim "))
