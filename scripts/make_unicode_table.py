"""Make `ipsearch/data/unicode.npz`: how every code point is folded, and what it is.

Sources: the Unicode Character Database as Python's `unicodedata` carries it (Unicode licence v3:
NFKC, case folding, general categories), and the first choices of OpenCC's character table
TSCharacters (Apache-2.0; github.com/BYVoid/OpenCC) through the `opencc` package. A file, and not a
computation at start-up, so that an index and a query agree whatever Python reads them.

    python scripts/make_unicode_table.py
"""

from __future__ import annotations

import sys
import unicodedata
from pathlib import Path

import numpy as np

OTHER, WORD, HAN, SYLLABLE = 0, 1, 2, 3

HAN_RANGES = [(0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF)]
HAN_SINGLES = [0x3005, 0x3007, 0x303B]  # 々 〇 〻
SYLLABLE_RANGES = [
    (0x3041, 0x309F),
    (0x30A1, 0x30FA),
    (0x30FC, 0x30FF),
    (0x31F0, 0x31FF),
    (0x1100, 0x11FF),
    (0x3131, 0x318E),
    (0xA960, 0xA97C),
    (0xAC00, 0xD7A3),
    (0xD7B0, 0xD7FB),
    (0x1B000, 0x1B16F),
]


def traditional_to_simplified() -> dict[str, str]:
    """The first choice of OpenCC's table for every single character that it changes."""
    import opencc

    han = [chr(code) for first, last in HAN_RANGES for code in range(first, last + 1)]
    simplified = opencc.OpenCC("t2s").convert("\n".join(han)).split("\n")
    return {a: b for a, b in zip(han, simplified, strict=True) if a != b}


def fold_one(char: str, simplified: dict[str, str]) -> str:
    """Fold one character: NFKC, case, traditional to simplified, white space; "" if invisible."""
    category = unicodedata.category(char)
    if category == "Cf":
        return ""  # zero-width spaces, soft hyphens, directional marks: never typed, never seen
    if char.isspace() or category in ("Cc", "Zs", "Zl", "Zp"):
        return " "
    if category in ("Cs", "Co", "Cn"):
        return char
    folded = char
    while True:
        after = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", folded).casefold())
        after = "".join(simplified.get(c, c) for c in after)
        if after == folded:
            break
        folded = after
    return "".join(" " if c.isspace() else c for c in folded)


def classify(code: int) -> int:
    """Say what a code point is for tokenizing."""
    char = chr(code)
    if code in HAN_SINGLES or any(a <= code <= b for a, b in HAN_RANGES):
        return HAN
    if any(a <= code <= b for a, b in SYLLABLE_RANGES):
        return SYLLABLE
    return WORD if unicodedata.category(char)[0] in "LNM" else OTHER


def main() -> None:
    simplified = traditional_to_simplified()
    sources, lengths, targets, classes = [], [], [], []
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        classes.append(classify(code))
        folded = fold_one(char, simplified)
        if folded != char:
            sources.append(code)
            lengths.append(len(folded))
            targets.extend(map(ord, folded))
    classes_array = np.array(classes, np.uint8)
    starts = np.flatnonzero(np.diff(classes_array, prepend=255)).astype(np.uint32)
    target = Path(__file__).parents[1] / "ipsearch" / "data" / "unicode.npz"
    np.savez_compressed(
        target,
        sources=np.array(sources, np.uint32),
        lengths=np.array(lengths, np.uint8),
        targets=np.array(targets, np.uint32),
        class_starts=starts,
        class_values=classes_array[starts],
        unicode_version=np.array(unicodedata.unidata_version),
    )
    print(f"{target}: {len(sources)} folded, Unicode {unicodedata.unidata_version}")


if __name__ == "__main__":
    main()
