"""The application and registration numbers of marks (WIPO ST.13; INID 111 and 210)."""

from __future__ import annotations

import re

from ipsearch.errors import IdentifierError
from ipsearch.identifiers.spelling import compact, fold, without_labels

OFFICE_OF_PREFIX: dict[str, str] = {
    "EUTM": "EM",
    "CTM": "EM",
    "EU": "EM",
    "EM": "EM",
    "UK": "GB",
    "IR": "WO",
    "G": "WO",  # an international registration, as the Chinese office writes it
}
"""Letters before a mark's number that stand for an office under another name."""

_NUMBER = re.compile(r"([A-Z]{0,6})([0-9]{1,14})([A-Z]{0,2})")

_FLOAT = re.compile(r"(?<=[0-9])\.0$")  # what a spreadsheet makes of a number


def mark_number(text: str, office: str) -> str:
    """Write the number of a mark's application or registration: `CN12345678`, `US98763166`.

    `office` is the office of the record. Zeros before a number go, except that EU marks have 9
    digits (`EM018123456`) and international registrations designating the EU 8 (`EMW01234567`).
    A letter after the number stays (`CN1234567A`), and so does the G of an international
    registration in China (`CNG1234567`). Raises `IdentifierError` if `text` is no such number.
    """
    match = _NUMBER.fullmatch(compact(_FLOAT.sub("", without_labels(fold(text)))))
    if match is None or len(office) != 2:
        raise IdentifierError(f"not the number of a mark: {text!r}")
    letters, digits, suffix = match.groups()
    letters = letters.removeprefix(office)
    if OFFICE_OF_PREFIX.get(letters) == office:
        letters = ""
    digits = digits.lstrip("0") or "0"
    if office == "EM":
        digits = digits.zfill(8 if letters == "W" else 9)
    return f"{office}{letters}{digits}{suffix}"
