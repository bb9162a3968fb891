"""Here is the place of a passage, say it in the reader's language."""

from __future__ import annotations

from ipsearch.novelty.report_parts import Say


def say_place(field: str, place: str, say: Say) -> str:
    """Say where a passage stands: `field` and `place` are those of a `Match`."""
    if field in ("ti", "ab"):
        return say("place.title" if field == "ti" else "place.abstract")
    key = "place.claim" if field == "cl" else "place.paragraph"
    return say(key, number=place.removeprefix("claim "))
