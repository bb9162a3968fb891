"""What a number in its canonical form looks like, where reading it again would change nothing."""

from __future__ import annotations

import re
from operator import mul

PUBLICATION = r"(CN[12]\d{8}|CN1\d{6}|EP\d{7}|WO(?:19|20)\d{8}|US[1-9]\d{6,7})([A-Z]\d?)"
"""A pattern for Python's `re` and Arrow's alike, if no digits but ASCII ones are there."""

CANONICAL = re.compile(PUBLICATION, re.ASCII)
CANONICAL_MARK = re.compile(r"(CN|US)[1-9]\d{0,13}", re.ASCII)
_CHINESE_APPLICATION = re.compile(r"CN(\d{8}|\d{12})\.([\dX])", re.ASCII)
_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)  # of the check digit: see identifiers/chinese.py


def is_canonical_application(text: str) -> bool:
    """Whether this is a Chinese application number with its dot and the right check digit."""
    match = _CHINESE_APPLICATION.fullmatch(text)
    if match is None:
        return False
    digits = match[1].encode()  # the ASCII code of a digit is 48 more than its value
    weights = _WEIGHTS[: len(digits)]
    return "0123456789X"[(sum(map(mul, digits, weights)) - 48 * sum(weights)) % 11] == match[2]
