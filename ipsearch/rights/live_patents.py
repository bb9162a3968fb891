"""Here is a description of a product, give me the live patents whose claims it may meet.

Each independent claim of the nearest applications is compared, feature by feature, with the text;
the one that it meets best stands for its patent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ipsearch.analysis import Segmenter
from ipsearch.errors import QueryError
from ipsearch.novelty.claims import Claim, choose
from ipsearch.novelty.subject import from_record
from ipsearch.records import SCHEMAS
from ipsearch.rights.candidates import (
    Application,
    Document,
    PatentRequest,
    Rareness,
    find_applications,
    telling_words,
)
from ipsearch.rights.coverage import Charted, chart, evidence, prepare
from ipsearch.rights.product import Passages, Words, passages_of
from ipsearch.rights.results import PatentLead
from ipsearch.rights.wording import Note
from ipsearch.search.execute import rows_at

if TYPE_CHECKING:
    from ipsearch.corpus.state import KindState

CHARTED = 100
"""Applications whose claims are compared with the text; more where more are wanted."""
_SHOWN_COLUMNS = (
    *("id", "office", "titles", "filing_date", "publication_date"),
    *("owners.list.element.name", "applicants.list.element.name"),
)
_MOST_CLAIMS = 10  # independent ones of one document

_Met = tuple[Charted, Document]


def live_patents(
    state: KindState, segmenter: Segmenter, text: str, request: PatentRequest
) -> tuple[list[PatentLead], list[Note]]:
    """Give the leads, the best first, and what is to be said of them."""
    rare = Rareness(state)
    telling = telling_words(text, segmenter, rare)
    if not telling:
        return [], [Note("no_known_word")]
    notes = []
    wanted = max(CHARTED, request.limit)
    found, pending = find_applications(state, telling, rare, request, wanted)
    if pending:
        notes.append(Note("pending_left_out", {"count": pending}))
    words = Words(segmenter)
    passages = passages_of(text, words)
    met = _met(state, found, words, rare, passages)

    def order(number: int) -> tuple[float, bool, float, str]:
        score = met[number][0].score if number in met else -1.0
        one = found[number]
        is_doubtful = one.force.value != "in force"
        return -score, is_doubtful, -one.score, one.documents[0].row["id"]

    shown = sorted(range(len(found)), key=order)[: request.limit]
    without = sum(number not in met for number in shown)
    if without:
        notes.append(Note("without_claims", {"count": without}))
    rows = rows_at(state, [found[number].documents[0].place for number in shown], _SHOWN_COLUMNS)
    leads = [
        _lead(rank, found[number], row, met.get(number), passages)
        for rank, (number, row) in enumerate(zip(shown, rows, strict=True), start=1)
    ]
    return leads, notes


def _met(
    state: KindState,
    found: Sequence[Application],
    words: Words,
    rare: Rareness,
    passages: Passages,
) -> dict[int, _Met]:
    """Give for each application, by its number, the claim that the text meets best."""
    claims = list(_claims(state, found))
    prepared = prepare([claim for _, _, claim in claims], words, rare.of, rare.forms)
    best: dict[int, _Met] = {}
    for (number, document, claim), features in zip(claims, prepared, strict=True):
        charted = chart(claim, features, passages)
        if number not in best or charted.score > best[number][0].score:
            best[number] = charted, document
    return best


def _claims(
    state: KindState, found: Sequence[Application]
) -> Iterator[tuple[int, Document, Claim]]:
    """Give the independent claims of each application; granted ones go before those applied for."""
    documents = [(n, d) for n, application in enumerate(found) for d in application.documents]
    rows = rows_at(state, [document.place for _, document in documents], ["claims"])
    done = set()
    for (number, document), row in zip(documents, rows, strict=True):
        if number in done:
            continue
        for claim in _independent({**document.row, **row}):
            done.add(number)
            yield number, document, claim


def _independent(row: Mapping[str, Any]) -> list[Claim]:
    """Give the independent claims of a record, in each language; of none the first claim."""
    empty: dict[str, Any] = dict.fromkeys((*SCHEMAS["patent"].names, "application_key"))
    by_language: dict[str | None, list[Mapping[str, Any]]] = {}
    for claim in row["claims"] or ():
        by_language.setdefault(claim["language"], []).append(claim)
    found: list[Claim] = []
    for some in by_language.values():
        try:
            claims = from_record(
                empty | {"id": row["id"], "office": row["office"], "claims": some}
            ).claims
        except QueryError:
            continue  # claims without a letter
        independent = [claim for claim in claims if claim.is_independent]
        found += (independent or [choose(claims, None)])[:_MOST_CLAIMS]
    return [claim for claim in found if claim.features]


def _lead(
    rank: int,
    application: Application,
    row: Mapping[str, Any],
    met: _Met | None,
    passages: Passages,
) -> PatentLead:
    charted, document = met if met is not None else (None, None)
    parties = row["owners"] or row["applicants"] or ()
    return PatentLead(
        rank=rank,
        score=charted.score if charted is not None else 0.0,
        id=row["id"],
        office=row["office"],
        title=next((t["text"] for t in row["titles"] or ()), None),
        owners=tuple(party["name"] for party in parties if party["name"]),
        filing_date=row["filing_date"],
        publication_date=row["publication_date"],
        force=application.force,
        claim=charted.claim.number if charted is not None else None,
        claims_of=document.row["id"] if document is not None else None,
        coverage=charted.coverage if charted is not None else None,
        features=evidence(charted, passages) if charted is not None else (),
        missing=charted.missing if charted is not None else (),
        texts=tuple((f.label, f.text) for f in charted.claim.features) if charted else (),
    )
