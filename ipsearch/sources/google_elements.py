"""What the nested and the flat form of Google's patents have in common: number, type, texts."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from functools import lru_cache

from ipsearch.errors import IdentifierError, RecordError
from ipsearch.identifiers.publication import read_publication
from ipsearch.records import Row
from ipsearch.sources.base import Notes
from ipsearch.sources.passages import guess_language, split_claims, split_paragraphs

_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-f]{1,5}|amp|lt|gt|quot|apos|nbsp);", re.IGNORECASE)
_TYPE_OF_APPLICATION = {"U": "utility_model", "F": "design", "D": "design"}
_TYPE_OF_KIND = {  # by the first letter of the kind code
    **dict.fromkeys("ABCE", "invention"),
    **dict.fromkeys("UYZ", "utility_model"),
    **dict.fromkeys("SF", "design"),
    "P": "plant",
}


def is_nested(keys: Iterable[str]) -> bool:
    """Whether an object with these keys has the nested form."""
    return any(key == "country_code" or key.endswith("_localized") for key in keys)


def start_row(text: object, product: str, kind_code: str = "", application_kind: str = "") -> Row:
    """Begin a row with all that its publication number says.

    `kind_code` counts where the number has none. Raises `IdentifierError` or `RecordError` if
    `text` is no publication number.
    """
    if not isinstance(text, str) or not text.strip():
        raise RecordError(f"no publication number: {text!r}")
    office, number, kind = read_publication(text)
    name = office + number + kind
    row: Row = {
        "id": name,
        "publication_number": name,
        "office": office,
        "is_event": False,
        "source": "google_patents",
        "product": product,
    }
    kind = kind or kind_code
    if kind:
        row["kind_code"] = kind
    if type_ := patent_type(office, number, kind, application_kind):
        row["patent_type"] = type_
    return row


def patent_type(office: str, number: str, kind: str, application_kind: str = "") -> str | None:
    """Tell the type by the number of a US design or plant, else by a kind."""
    if office == "US" and number[0] in "DP":
        return "design" if number[0] == "D" else "plant"
    return _TYPE_OF_APPLICATION.get(application_kind) or _TYPE_OF_KIND.get(kind[:1])


def plain(text: str) -> str:
    """Give `text` with characters for the entities in it."""
    return html.unescape(text) if "&" in text and _ENTITY.search(text) else text


def put_text(row: Row, column: str, text: str, language: str | None) -> None:
    """Add a text to `titles`, `abstracts`, `claims` or `description` of a row."""
    language = language or guess_language(text)
    if column == "claims":
        row.setdefault("claims", []).extend(split_claims(text, language))
    elif column == "description":
        row.setdefault("description", []).extend(split_paragraphs(text, language))
    else:
        row.setdefault(column, []).append({"language": language, "text": text})


def cited(text: str, notes: Notes) -> Row:
    """Make a citation of a number; one that cannot be read is kept as it is."""
    try:
        return {"publication_number": _publication(text)}
    except IdentifierError as error:
        notes.warn(str(error))
        return {"text": text}


@lru_cache(maxsize=1 << 16)
def _publication(text: str) -> str:
    return "".join(read_publication(text))
