"""Here are the numbers of watched patents, give me what of their claims is looked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ipsearch.analysis import Segmenter, fold
from ipsearch.corpus.routing import without_kind
from ipsearch.errors import IpsearchError, QueryError
from ipsearch.identifiers import lookup_keys
from ipsearch.novelty import Claim, Feature, from_record, parse_claims
from ipsearch.novelty.evidence import Charter
from ipsearch.novelty.synonyms import Synonyms
from ipsearch.novelty.weighing import rareness
from ipsearch.search.lookup import places_of, records_by_keys
from ipsearch.search.wording import is_content
from ipsearch.watch.coverage import Shape
from ipsearch.watch.lists import PatentWatch
from ipsearch.watch.names import Wanted
from ipsearch.watch.record_facts import parties_of

if TYPE_CHECKING:
    from ipsearch.corpus.state import KindState

FIELDS = ("ti", "ab", "cl")
"""Where the words of a watched claim are looked for: in what a document says is new in it."""
_COLUMNS = (
    *("id", "office", "application_key", "family_id", "extended_family_id", "priority_date"),
    *("filing_date", "titles", "abstracts", "claims", "ipc", "cpc", "applicants", "owners"),
)
_SPELLED = 20  # names of owners of one patent


@dataclass(frozen=True, slots=True)
class Claimed:
    """A watched patent, made ready."""

    watch: PatentWatch
    row: Mapping[str, Any]  # its record
    keys: frozenset[str]  # numbers of all publications of its application, without kind codes
    owners: tuple[Wanted, ...]  # whose documents raise no alert
    label: str  # what is looked for: "claim 1", or "the abstract"
    features: tuple[Feature, ...]  # none where there is no text

    def is_own(self, row: Mapping[str, Any]) -> bool:
        """Say whether a document is of the same application, family or owner."""
        for name in ("application_key", "family_id", "extended_family_id"):
            if row[name] and row[name] == self.row[name]:
                return True
        names = parties_of(row)
        return any(owner.liken(name) for owner in self.owners for name in names)


class Words:
    """The words of all watched claims, numbered: forms of one English word have one number."""

    def __init__(self, state: KindState, segmenter: Segmenter) -> None:
        self._state, self._segmenter = state, segmenter
        self.numbers: dict[str, int] = {}  # form -> number
        self.forms: list[frozenset[str]] = []  # by number
        self.rareness: list[float] = []

    def shape(self, features: Sequence[Feature]) -> Shape:
        """Weigh the words of a claim's features."""
        weighed = []
        for feature in features:
            terms = {t.text for t in self._segmenter.terms(fold(feature.text))}
            numbers = {self._number(term) for term in terms if is_content(term)}
            total = sum(self.rareness[number] for number in numbers) or 1.0
            weighed.append({number: self.rareness[number] / total for number in numbers})
        return Shape(tuple(weighed))

    def charter(self, features: Sequence[Feature]) -> Charter:
        """Give what charts documents against the features, by the same weights."""
        return Charter(
            features,
            self._segmenter,
            lambda term: self.rareness[self._number(term)],
            lambda term: self.forms[self._number(term)],
            Synonyms(),
        )

    def _number(self, term: str) -> int:
        number = self.numbers.get(term)
        if number is None:
            frequencies = self._state.frequencies
            forms = frozenset(self._state.vocabulary.sharing_stem(term))
            having = sum(max(frequencies.of(f, form) for f in (*FIELDS, "de")) for form in forms)
            number = len(self.forms)
            self.forms.append(forms)
            self.rareness.append(rareness(frequencies.record_count, having or 1))
            self.numbers.update(dict.fromkeys(forms, number))
        return number


def claimed(
    state: KindState, watches: Mapping[int, PatentWatch]
) -> tuple[dict[int, Claimed], dict[int, str]]:
    """Make watched patents ready; give them by the watches' numbers, and why others cannot be.

    Of several publications of one number that one counts which says most.
    """
    wanted = {watch.number: lookup_keys(watch.number) for watch in watches.values()}
    rows_of = records_by_keys(state, wanted, _COLUMNS)
    applications = {row["application_key"] for rows in rows_of.values() for row in rows}
    publications: dict[str, set[str]] = {}
    places = places_of(state, "app", sorted(applications))
    for row in state.rows(places, ["application_key", "publication_number"]):
        if row["publication_number"]:
            key = without_kind(row["publication_number"])
            publications.setdefault(row["application_key"], set()).add(key)
    found, faults = {}, {}
    for number, watch in watches.items():
        try:
            found[number] = _claimed(watch, rows_of[watch.number], publications)
        except IpsearchError as error:
            faults[number] = str(error)
    return found, faults


def _claimed(
    watch: PatentWatch, rows: Sequence[Mapping[str, Any]], publications: Mapping[str, set[str]]
) -> Claimed:
    if not rows:
        raise QueryError(f"no patent in the corpus goes by {watch.number!r}")
    row = max(rows, key=lambda row: (_said(row), row["id"]))
    keys = frozenset(publications.get(row["application_key"], ()))
    names = dict.fromkeys([*parties_of(row), *_applicants(row), *watch.owners])
    owners = tuple(Wanted(name) for name in list(names)[:_SPELLED] if _says_something(name))
    claim, label = _claim(row, watch)
    return Claimed(watch, row, keys, owners, label, claim.features if claim is not None else ())


def _claim(row: Mapping[str, Any], watch: PatentWatch) -> tuple[Claim | None, str]:
    if row["claims"]:
        claim = from_record({**row, "description": None}, claim=watch.claim).claim
        if claim is not None and claim.features:
            return claim, f"claim {claim.number}"
    if watch.claim is not None:
        raise QueryError(f"{row['id']} has no claims")
    text = next((t["text"] for t in row["abstracts"] or () if t["text"]), "")
    parsed = parse_claims([text]) if text else []
    return (parsed[0] if parsed and parsed[0].features else None), "the abstract"


def _said(row: Mapping[str, Any]) -> int:
    return sum(len(claim["text"] or "") for claim in row["claims"] or ())


def _applicants(row: Mapping[str, Any]) -> list[str]:
    return [party["name"] for party in row["applicants"] or () if party["name"]]


def _says_something(name: str) -> bool:
    try:
        Wanted(name)
    except QueryError:
        return False
    return True
