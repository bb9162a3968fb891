"""Here is a text, or the record of an application, give me what a novelty search is to be about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from ipsearch.errors import QueryError
from ipsearch.novelty.claims import (
    Claim,
    Feature,
    choose,
    parse_claims,
    split_claims,
    with_parents,
)
from ipsearch.novelty.named import named_documents
from ipsearch.novelty.weighing import MOST_CHARS
from ipsearch.search.record_texts import TEXTS

DateSource = Literal["given", "priority", "filing", "none"]
"""Where an effective date comes from; none: it is not known, and nothing is assumed."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is searched for, and what of the corpus is its own."""

    texts: Mapping[str, str]  # field of the index -> text; a typed text stands under "cl"
    claims: tuple[Claim, ...]
    claim: Claim | None  # the one whose features are charted; None if there is no claim
    effective_date: date | None
    date_source: DateSource
    id: str | None = None
    office: str | None = None
    application_key: str | None = None
    families: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()  # IPC and CPC symbols
    named: tuple[str, ...] = ()  # numbers of documents that its own text names

    @property
    def text(self) -> str:
        """All of its text, the shortest fields first."""
        return joined(self.texts)

    @property
    def features(self) -> tuple[Feature, ...]:
        """What is charted: the claim's features, behind those of the claims it depends on."""
        return with_parents(self.claims, self.claim) if self.claim else ()


COLUMNS = (
    *("id", "office", "application_key", "family_id", "extended_family_id", "ipc", "cpc"),
    *("priority_date", "filing_date", "titles.list.element.text", "abstracts.list.element.text"),
    *("claims.list.element.label", "claims.list.element.text", "description.list.element.text"),
)
"""The columns of a record that a subject is made of."""


def joined(texts: Mapping[str, str]) -> str:
    """Join texts by field, the shortest fields first."""
    return "\n".join(texts[name] for name in ("ti", "ab", "cl", "de") if name in texts)


def texts_of(row: Mapping[str, Any]) -> dict[str, str]:
    """Give the texts of a record by field, those that say something."""
    texts = {name: "\n".join(TEXTS["patent"][name](row)) for name in ("ti", "ab", "cl", "de")}
    return {name: text for name, text in texts.items() if text.strip()}


def from_text(text: str, *, claim: int | None = None, before: date | None = None) -> Subject:
    """Make a subject of a typed text: a claim set, a claim, or an idea in any words.

    Raises `QueryError` for a text without a letter, or a claim that is not there.
    """
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise QueryError("the text holds half a character: it was not decoded rightly")
    if not any(map(str.isalnum, text)):
        raise QueryError("the text is empty" if not text.strip() else "the text holds no word")
    claims = tuple(parse_claims([text[:MOST_CHARS]]))
    return Subject(
        texts={"cl": text},
        claims=claims,
        claim=choose(claims, claim),
        effective_date=before,
        date_source="given" if before else "none",
        named=named_documents(text),
    )


def from_record(
    row: Mapping[str, Any], *, claim: int | None = None, before: date | None = None
) -> Subject:
    """Make a subject of a patent's record: searched before its priority, or else its filing.

    Raises `QueryError` for a claim that is not there.
    """
    texts = texts_of(row)
    if not texts:
        raise QueryError(f"{row['id']} has no text to search with")
    claims = tuple(parse_claims(_claim_texts(row))) if "cl" in texts else ()
    if claim is not None and not claims:
        raise QueryError(f"{row['id']} has no claims")
    effective, source = _effective_date(row, before)
    families = dict.fromkeys(filter(None, (row["family_id"], row["extended_family_id"])))
    return Subject(
        texts=texts,
        claims=claims,
        claim=choose(claims, claim) if claims else None,
        effective_date=effective,
        date_source=source,
        id=row["id"],
        office=row["office"],
        application_key=row.get("application_key"),
        families=tuple(families),
        classes=tuple(dict.fromkeys([*(row["ipc"] or ()), *(row["cpc"] or ())])),
        named=named_documents("\n".join(texts.values())),
    )


def _claim_texts(row: Mapping[str, Any]) -> list[str]:
    """Give a record's claims, each behind its label, so that cancelled ones shift no number.

    A label stays away where the text has a number of its own, and where it would have the steps of
    a method taken for claims: `1. 一种方法：1、混合。2、加热。` Of several sets, each in a language
    of its own, the first counts.
    """
    texts: list[str] = []
    for claim in row.get("claims") or ():
        text, label = claim["text"], claim.get("label") or ""
        if label == "1" and texts:
            break
        if text and label.isascii() and label.isdigit():
            labelled = f"{label}. {text}"
            text = labelled if _unnumbered(labelled) == _unnumbered(text) else text
        if text:
            texts.append(text)
    return texts


def _unnumbered(text: str) -> list[str]:
    return [claim.rstrip(";；") for _, claim in split_claims(text)]


def _effective_date(row: Mapping[str, Any], before: date | None) -> tuple[date | None, DateSource]:
    if before is not None:
        return before, "given"
    if row["priority_date"] is not None:
        return row["priority_date"], "priority"
    if row["filing_date"] is not None:
        return row["filing_date"], "filing"
    return None, "none"
