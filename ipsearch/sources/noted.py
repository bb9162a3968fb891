"""Here is a class or a number as it is printed, put it into the record, or note that it is none."""

from __future__ import annotations

from collections.abc import Callable

from ipsearch.classification import parse_symbol
from ipsearch.errors import ClassificationError, IdentifierError
from ipsearch.identifiers import ApplicationNumber
from ipsearch.records import Row
from ipsearch.sources.base import Notes


def add_symbol(
    symbols: list[str],
    text: str | None,
    notes: Notes,
    column: str,
    parse: Callable[[str], str] = parse_symbol,
) -> None:
    """Add a class symbol once; a text of nothing adds nothing."""
    if not text or not text.strip():
        return
    try:
        symbol = parse(text)
    except ClassificationError:
        notes.warn(f"{column}: not a class symbol")
        return
    if symbol not in symbols:
        symbols.append(symbol)


def put_application(row: Row, text: str | None, office: str, notes: Notes) -> None:
    """Put the application's number into its column; a wrong check digit is noted, and kept."""
    if not text:
        return
    try:
        application = ApplicationNumber.parse(text, office)
    except IdentifierError:
        notes.warn("application_number: not a number")
        return
    if application.check_digit_is_wrong:
        notes.warn("application_number: its check digit is wrong")
    row["application_number"] = str(application)
