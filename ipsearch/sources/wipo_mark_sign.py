"""The sign of a mark in ST.66 and ST.96: its words, its figures, what kind of sign it is."""

from __future__ import annotations

from lxml import etree

from ipsearch.classification import parse_vienna
from ipsearch.errors import ClassificationError
from ipsearch.sources.wipo_elements import (
    elements_of,
    every,
    in_one_language,
    name_of,
    plain,
    value,
)
from ipsearch.sources.wipo_mark_history import Mark, add_event

_KINDS_BY_CODE = {"1": "word", "2": "figurative", "3": "combined", "4": "word", "5": "word"}
"""What the USPTO's mark drawing codes say; 6 is for what cannot be drawn, such as a sound."""

_KINDS = {  # words of a feature; the first that is in the text
    "without any word": "figurative",
    "3-d": "3d",
    "3d": "3d",
    "three": "3d",
    "shape": "3d",
    "sound": "sound",
    "colour": "colour",
    "color": "colour",
    "combined": "combined",
    "figurative": "figurative",
    "design": "figurative",
    "illustration": "figurative",
    "standard character": "word",
    "stylized": "word",
    "typeset": "word",
    "word": "word",
}
_OTHER_KINDS = frozenset(
    ("hologram", "motion", "multimedia", "olfactory", "pattern", "position", "other", "taste")
)
STATEMENTS = {  # statements that no column is for -> the names of their events
    "MarkImageColourClaimedText": "COLORS CLAIMED",
    "MarkImageColourPartClaimedText": "DESCRIPTION OF THE COLORS CLAIMED",
    "AmentmentToRegistationCertificateText": "AMENDMENT TO A REGISTRATION OR RENEWAL CERTIFICATE",
    "RegistationCertificateAmendmentText": "AMENDMENT TO A REGISTRATION OR RENEWAL CERTIFICATE",
    "CertificateCorrectingRegistrationText": "CERTIFICATE OF CORRECTION",
    "RegistrationCertificateCorrectionText": "CERTIFICATE OF CORRECTION",
    "RestrictionStatementText": "ORDER RESTRICTING SCOPE",
    "TradeDistinctivenessText": "SECTION 2(F) LIMITATION STATEMENT",
}
_VIENNA = ("ViennaCategory", "ViennaDivision", "ViennaSection")
_WORDS: dict[str, tuple[str, ...]] = {
    "mark_text": ("MarkVerbalElementText",),
    "translation": ("MarkTranslationText", "MarkTranslation"),
    "transliteration": ("MarkTransliterationText", "MarkTransliteration"),
}


def kind_of(mark: Mark) -> str | None:
    code = (mark.feature_code or "")[:1]
    kind = _KINDS_BY_CODE.get(code) if mark.row["office"] == "US" else None
    for text in mark.feature if kind is None else ():
        lower = text.casefold()
        kind = kind or next((ours for word, ours in _KINDS.items() if word in lower), None)
        if kind is None and any(word in lower for word in _OTHER_KINDS):
            kind = "other"
    if kind == "figurative" and mark.row.get("mark_text"):
        return "combined"  # the European office calls both so
    return kind


def read_words(element: etree._Element, mark: Mark) -> None:
    for column, names in _WORDS.items():
        texts = in_one_language(every(element, *names), mark.language)
        if texts:
            mark.row[column] = " ".join(dict.fromkeys(texts))
    if value(element, "MarkStandardCharacterIndicator") == "true":
        mark.feature.append("standard character")


def read_description(element: etree._Element, mark: Mark) -> None:
    texts = in_one_language(every(element, "MarkDescriptionText", "MarkDescription"), mark.language)
    if texts:
        mark.row["mark_description"] = "\n".join(texts)
    code = value(element, "NationalMarkDescription", "MarkFeatureCode")
    mark.feature_code = code or mark.feature_code


def read_images(element: etree._Element, mark: Mark) -> None:
    """Figures: Vienna codes, or those of the office; claims of colour."""
    for image in elements_of(element):
        for code in every(image, "ViennaClassification"):
            parts = [value(code, part) for part in _VIENNA]
            _add_vienna(mark, ".".join(filter(None, parts)) or plain(code))
        for category in every(image, "MarkImageCategory"):
            kind = (value(category, "CategoryKind") or "Vienna").casefold()
            for code in every(category, "CategoryCode"):
                if "vienna" in kind:
                    _add_vienna(mark, plain(code))
                else:
                    _add_design_code(mark, plain(code))
        for code in every(image, "DesignSearchCode", "NationalDesignCode"):
            _add_design_code(mark, plain(code))
        for child in elements_of(image):
            if name_of(child) in STATEMENTS and (text := plain(child)):
                add_event(mark, None, None, STATEMENTS[name_of(child)], text)


def _add_vienna(mark: Mark, text: str | None) -> None:
    try:
        code = parse_vienna(text or "")
    except ClassificationError:
        mark.notes.warn("vienna_codes: not a Vienna code")
        return
    if code not in mark.row["vienna_codes"]:
        mark.row["vienna_codes"].append(code)


def _add_design_code(mark: Mark, symbol: str | None) -> None:
    scheme = "USPTO" if mark.row["office"] == "US" else mark.row["office"]
    code = {"scheme": scheme, "symbol": symbol}
    if symbol and code not in mark.row["design_codes"]:
        mark.row["design_codes"].append(code)
