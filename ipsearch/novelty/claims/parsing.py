"""Here is the text of claims, give me each claim, what it depends on and its features.

The same steps for Chinese and English: `sets` divides the text, `two_parts` each claim, `features`
its parts, all on the `plain` copy, whose offsets are those of the text.
"""

from __future__ import annotations

from collections.abc import Sequence

from ipsearch.errors import QueryError
from ipsearch.novelty.claims.claim import Claim, Feature
from ipsearch.novelty.claims.features import feature_spans
from ipsearch.novelty.claims.plain import to_plain, trim
from ipsearch.novelty.claims.references import find_references
from ipsearch.novelty.claims.sets import numbered_claims
from ipsearch.novelty.claims.two_parts import divide, telling_parts


def parse_claims(texts: Sequence[str]) -> list[Claim]:
    """Read the claims of one record in one language, or what was typed, each text one or several.

    Numbers are the printed ones where they go up, else counted from the claim before; to have the
    labels of a record followed, put them in front: `f"{label}. {text}"`. Cancelled claims are left
    out. Raises `QueryError` if no text holds a letter or a digit.
    """
    texts = [texts] if isinstance(texts, str) else texts
    claims = [parse_claim(text, number) for number, text in numbered_claims(texts)]
    if not claims:
        raise QueryError("there is no claim: the text is empty")
    return claims


def parse_claim(text: str, number: int = 1) -> Claim:
    """Read one claim, or any text as if it were one; never fails.

    `number` is the claim's own: "any preceding claim" is all below it.

    >>> [feature.text for feature in parse_claim("一种电池，其特征在于，包括正极；负极。").features]
    ['一种电池', '正极', '负极']
    """
    text = text.strip()
    plain = to_plain(text)
    preamble_end, body_begin = divide(plain)
    spans = feature_spans(plain, telling_parts(plain, preamble_end, body_begin))
    features = tuple(
        Feature(f"{number}.{_letters(index)}", text[begin:end], begin, end)
        for index, (begin, end) in enumerate(spans)
    )
    preamble = text[slice(*trim(plain, 0, preamble_end))]
    body = text[body_begin:].strip()
    return Claim(number, text, find_references(plain, number), preamble, body, features)


def _letters(index: int) -> str:
    """Count in letters: a ... z, aa ..."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters
