"""Plain texts -> the `TEXT` and `PASSAGE` structs of a record: language, claims, paragraphs."""

from __future__ import annotations

import re

from ipsearch.records import Row

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_KANA = re.compile(r"[ぁ-ゖァ-ヺ]{2}")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_LATIN = re.compile(r"[A-Za-z]")

# A claim's number: at the beginning of a line; else, where a text is one line, after the end of
# a sentence. The inline form wants a Han or capital letter after it, as `FIG. 2. The` is rare.
_CLAIM_LINE = re.compile(r"^[^\S\n]*(\d{1,4})[^\S\n]*[.．、:：](?!\d)[^\S\n]*", re.MULTILINE)
_CLAIM_INLINE = re.compile(
    r"(?:\A|[。；]\s*|[.;]\s+)(\d{1,4})\s*[.．、]\s*(?=[\u3400-\u9fffA-Z(（])"
)
_PARAGRAPH_LABEL = re.compile(r"[\[［【]\s*(\d{3,6})\s*[\]］】]\s*")


def guess_language(text: str) -> str | None:
    """Return `zh`, `en`, `ja`, `ko`, or None for a text without letters; by script alone.

    Any Han character makes a text Chinese (or Japanese, if kana stand together in it); Latin
    letters alone are taken for English.
    """
    if text.isascii():  # known of every string, while a search reads all of it
        return "en" if _LATIN.search(text) else None
    if _HAN.search(text):
        return "ja" if _KANA.search(text) else "zh"
    if _LATIN.search(text):
        return "en"
    if _HANGUL.search(text):
        return "ko"
    return "ja" if _KANA.search(text) else None


def make_text(text: str, language: str | None = None) -> Row:
    """Make one `TEXT`, guessing the language if none is given."""
    return {"language": language or guess_language(text), "text": text}


def split_claims(text: str, language: str | None = None) -> list[Row]:
    """Split the text of all claims at their numbers 1, 2, 3 ... into `PASSAGE`s.

    Only the next number counts as one, so that a list inside a claim stays in it. What stands
    before claim 1 (`What is claimed is:`) is dropped. A text without a 1 is one unlabelled claim.
    """
    language = language or guess_language(text)
    starts = _claim_starts(_CLAIM_LINE, text)
    if len(starts) < 2:
        starts = max(starts, _claim_starts(_CLAIM_INLINE, text), key=len)
    if not starts:
        whole = " ".join(text.split())
        return [{"language": language, "label": None, "text": whole}] if whole else []
    claims = []
    for position, (_, begin) in enumerate(starts):
        end = starts[position + 1][0] if position + 1 < len(starts) else len(text)
        claim = " ".join(text[begin:end].split())
        claims.append({"language": language, "label": str(position + 1), "text": claim})
    return claims


def _claim_starts(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """Where the numbers 1, 2, 3 ... begin and where the claim after each begins."""
    starts: list[tuple[int, int]] = []
    for match in pattern.finditer(text):
        if int(match[1]) == len(starts) + 1:
            starts.append((match.start(1), match.end()))
    return starts


def split_paragraphs(text: str, language: str | None = None) -> list[Row]:
    """Split a description at its line breaks into `PASSAGE`s; `[0012]` before one is its label.

    A text whose paragraphs are marked by labels alone, without line breaks, is split there too.
    """
    language = language or guess_language(text)
    passages: list[Row] = []
    label: str | None = None  # one that stands alone belongs to what comes next
    for line in text.splitlines():
        has_label = "[" in line or "［" in line or "【" in line  # most lines have none
        pieces = _PARAGRAPH_LABEL.split(line) if has_label else [line]  # text, label, text, label
        for position, piece in enumerate(pieces):
            if position % 2:
                label = piece
                continue
            plain = " ".join(piece.split())
            if plain:
                passages.append({"language": language, "label": label, "text": plain})
                label = None
    return passages
