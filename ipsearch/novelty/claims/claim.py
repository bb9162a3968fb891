"""Here is a claim as it was read: its parts, its features, and what it takes from others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ipsearch.errors import QueryError
from ipsearch.novelty.claims.plain import to_plain
from ipsearch.novelty.claims.references import OPENING_CHARS, opening_reference


@dataclass(frozen=True, slots=True)
class Feature:
    """A part of a claim that says one thing; `claim.text[begin:end] == text`."""

    label: str  # the claim's number and a letter: "1.a" ... "1.z", "1.aa"
    text: str  # a mark of a step (S1, (a)) is part of it: other features name it
    begin: int  # in characters of the claim's text
    end: int


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim, without its printed number."""

    number: int
    text: str
    depends_on: tuple[int, ...]  # every claim that it refers to, as first mentioned
    preamble: str  # what stands before the transition; "" if there is none
    characterising: str  # what stands behind it; everything if there is none
    features: tuple[Feature, ...]  # in order, without overlaps; the preamble first if it tells

    @property
    def is_independent(self) -> bool:
        """Whether the claim stands by itself.

        A claim of another category may refer to one (一种包括权利要求1所述电池的车辆; A vehicle
        comprising the battery of claim 1): `depends_on` then names it, and the claim is
        independent all the same. It is told from a dependent one (EPC rule 43(4): the reference
        stands at the beginning if possible) by the words before the reference: 一种, A or another
        noun, with more than the name of the category itself between that and the reference.
        """
        return opening_reference(to_plain(self.text[: 2 * OPENING_CHARS])) is None


def choose(claims: Sequence[Claim], number: int | None) -> Claim:
    """Give the claim of a number, or without one the first independent claim, else the first.

    Raises `QueryError`, naming the numbers there are, if there is none.
    """
    if number is None and claims:
        return next((claim for claim in claims if claim.is_independent), claims[0])
    for claim in claims:
        if claim.number == number:
            return claim
    there_are = ", ".join(str(claim.number) for claim in claims) or "none"
    raise QueryError(f"there is no claim {number}; there are: {there_are}")


def with_parents(claims: Sequence[Claim], claim: Claim) -> tuple[Feature, ...]:
    """Give a claim's features behind those of the claims that it depends on, the root's first.

    Of several claims that one refers to, the first that is there counts.
    """
    by_number = {other.number: other for other in reversed(claims)}
    line = [claim]
    seen = {claim.number}
    while True:
        parents = (by_number[n] for n in line[-1].depends_on if n in by_number and n not in seen)
        parent = next(parents, None)
        if parent is None:
            return tuple(feature for member in reversed(line) for feature in member.features)
        line.append(parent)
        seen.add(parent.number)
