"""Filing a record under its numbers: the other side of `keys`.

Keys that are pieces of one another are filed as one, `101234567/CN/B`: an index pays for each
different term, and finds all that begin so as fast as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ipsearch.errors import IdentifierError
from ipsearch.identifiers.application import ApplicationNumber
from ipsearch.identifiers.keys import bare, bare_readings, key_of, korean_short_form, may_be_a_mark
from ipsearch.identifiers.publication import PublicationNumber
from ipsearch.identifiers.spelling import compact, fold, without_labels

# What `ApplicationNumber` reads as it stands: CN202010123456.7.
_PLAIN_APPLICATION = re.compile(r"CN(20\d\d[1-9]\d{7})\.[\dX]", re.ASCII)
_PLAIN_PUBLICATION = re.compile(r"(CN|US)([1-9]\d{6,8})([A-Z]\d?)", re.ASCII)
"""What `PublicationNumber` reads as it stands."""
# The commonest numbers of marks and American applications: canonical, nothing to look into.
_PLAIN = re.compile(r"(?:CN|US)[1-9][0-9]{3,7}|EM[0-9]{9}")
_NAMED = re.compile(r"([A-Z]{2})([A-Z]{0,3}[0-9]{1,20})(?:[A-Z][0-9]?)?")
_OFFICE_AND_REST = re.compile(r"([A-Z]{2})(.+)")
_NUMBER_AND_KIND = re.compile(r"(.+?)([A-Z][0-9]?|-)")
_INTERNATIONAL_MARK = re.compile(r"(?:CN(G)|EM(W))0*([1-9][0-9]*[A-Z]?)")


def filing_keys(
    *,
    publication_number: str | None,
    application_number: str | None,
    others: Sequence[str] = (),
) -> tuple[str, ...]:
    """Give the search keys that one record is filed under, without repetition.

    Any spelling of one of the numbers has a `lookup_keys` in common with them. `others` are
    further numbers of any sort: registrations, PCT applications, other publications. Never raises:
    what cannot be read is filed under its letters and digits.
    """
    filed = filed_numbers(
        publication_number=publication_number, application_number=application_number, others=others
    )
    return tuple(dict.fromkeys(key for number in filed for key in _keys_of(number)))


def filed_numbers(
    *,
    publication_number: str | None,
    application_number: str | None,
    others: Sequence[str] = (),
) -> tuple[str, ...]:
    """Give what stands for the `filing_keys` in an index, without repetition.

    Each is a key as it is, or `number/office/kind` or `number/office`: the number alone, with the
    office before it, and with the kind behind that.

    >>> filed_numbers(publication_number="CN102025678A", application_number="CN200910190429.0")
    ('102025678/CN/A', '200910190429/CN')
    """
    keys: dict[str, None] = {}
    plain = _PLAIN_PUBLICATION.fullmatch(publication_number or "")
    if plain is not None:  # the usual case: reading it as any number takes as long as all the rest
        keys = {f"{plain[2]}/{plain[1]}/{plain[3]}": None}
    elif publication_number:
        try:
            publication = PublicationNumber.parse(publication_number)
        except IdentifierError:
            _file_as_it_is(publication_number, keys)
        else:
            _file_publication(publication, keys)
    if application_number:
        _file_application(application_number, keys)
    for other in others:
        _file_other(other, keys)
    return tuple(keys)


def filed_as(key: str) -> tuple[list[str], list[str]]:
    """Say as what a key may be filed: whole terms, and what terms begin with.

    >>> filed_as("CN101234567B")
    (['CN101234567B', '101234567/CN/B'], ['CN101234567B/', '101234567B/CN'])
    """
    whole, begins = [key], [f"{key}/"]
    if named := _OFFICE_AND_REST.fullmatch(key):
        office, rest = named.groups()
        begins.append(f"{rest}/{office}")
        if kind := _NUMBER_AND_KIND.fullmatch(rest):
            whole.append(f"{kind[1]}/{office}/{kind[2]}")
    return whole, begins if key.isalnum() and key.isascii() else []


def _file_publication(publication: PublicationNumber, keys: dict[str, None]) -> None:
    office, number = publication.office, publication.number
    _file(key_of(office, number), bare(number), keys, kind=publication.kind_code or "-")


def _file(key: str, number: str, keys: dict[str, None], kind: str = "") -> None:
    """File a number with its office, without it, and with the kind if it has one."""
    if key[2:] == number and number.isalnum() and number.isascii():
        keys[f"{number}/{key[:2]}/{kind}" if kind else f"{number}/{key[:2]}"] = None
        return
    if kind:
        keys[key + kind] = None
    keys[key] = None
    keys[number] = None


def _keys_of(filed: str) -> Iterator[str]:
    """Give the keys that are filed as one."""
    number, is_one, rest = filed.partition("/")
    if is_one:
        office, _, kind = rest.partition("/")
        if kind:
            yield office + number + kind
        yield office + number
    yield number


def _file_application(text: str, keys: dict[str, None]) -> None:
    plain = _PLAIN_APPLICATION.fullmatch(text)
    if plain is not None:
        keys[f"{plain[1]}/CN"] = None
        return
    if _PLAIN.fullmatch(text):
        _file(text, bare(text[2:]), keys)
        return
    try:
        application = ApplicationNumber.parse(text)
    except IdentifierError:
        _file_as_it_is(text, keys)
        return
    key = key_of(application.office, application.number)
    _file(key, bare(application.number), keys)
    for short in korean_short_form(application):
        _file(short, short[2:], keys)
    mark = _INTERNATIONAL_MARK.fullmatch(key)
    if mark is not None:
        for prefix in ("WO", mark[1] or mark[2], ""):
            keys[prefix + mark[3]] = None


def _file_other(text: str, keys: dict[str, None]) -> None:
    """File a number of which nobody said what it is: as both, where it can be both."""
    if _PLAIN.fullmatch(text):  # both readings have the same key
        _file_application(text, keys)
        return
    try:
        publication = PublicationNumber.parse(text)
    except IdentifierError:
        _file_application(text, keys)
        return
    if publication.kind_code:
        _file_publication(publication, keys)
        if may_be_a_mark(publication):
            _file_application(text, keys)
        return
    _file_application(text, keys)
    _file(key_of(publication.office, publication.number), bare(publication.number), keys)


def _file_as_it_is(text: str, keys: dict[str, None]) -> None:
    try:
        spaced = without_labels(fold(text))
    except IdentifierError:
        return  # too long for anybody to look for it
    compacted = compact(spaced)
    if not re.search("[0-9A-Z]", compacted):
        return
    keys[compacted] = None
    keys.update(dict.fromkeys(bare_readings(spaced)))
    named = _NAMED.fullmatch(compacted)
    if named is not None:
        _file(key_of(named[1], named[2]), bare(named[2]), keys)
