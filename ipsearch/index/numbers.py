"""Here is a number, give me the terms by which an index knows the records that go by it.

A term that nothing else shares costs an index more than all it says, and a record has a dozen
numbers in as many spellings. So those that are pieces of one another are one term, found by how it
begins (`identifiers.filing`); and where a patent's id or its application's key is such a number,
that is no term of its own: `OWN` behind the number says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import tantivy

from ipsearch.identifiers import filed_as
from ipsearch.index.phrases import any_of

NUMBERS = frozenset(("num", "pr", "ct"))
"""The fields of terms whose values are numbers, as filed."""
OWN = "="
_ID = re.compile(r"([A-Z]{2})([1-9][0-9]*)([A-Z][0-9]?)")
_APPLICATION = re.compile(r"([A-Z]{2})([1-9][0-9]*)")
_OWN_ID = re.compile(f"num:([0-9]+)/([A-Z]{{2}})/([A-Z][0-9]?){OWN}")
PACKED = {"id": f"^{_ID.pattern}$", "app": f"^{_APPLICATION.pattern}$"}
"""Fields of patents -> which of their values are terms of the field `num`."""
_ANY_REST = "[-A-Z0-9/=]*"
"""Behind how a term begins. Said so narrowly it takes a tenth of the time of any character."""
_SCORE = 16.0
"""What going by a number counts for in a ranking: it names a record, and no word tells as much."""


def own_number(field: str, value: str) -> str | None:
    """Give the value of `num` that stands for an id or a key; None if it stands for itself."""
    if field == "id" and (named := _ID.fullmatch(value)):
        return f"{named[2]}/{named[1]}/{named[3]}{OWN}"
    if field == "app" and (named := _APPLICATION.fullmatch(value)):
        return f"{named[2]}/{named[1]}{OWN}"
    return None


def id_of(term: str) -> str | None:
    """Give the id that a fact stands for, in either form; None if it is another fact.

    >>> id_of("id:some id"), id_of("num:101234567/CN/B="), id_of("num:200710123456/CN=")
    ('some id', 'CN101234567B', None)
    """
    field, _, value = term.partition(":")
    if field == "id":
        return value
    named = _OWN_ID.fullmatch(term)
    return f"{named[2]}{named[1]}{named[3]}" if named else None


def with_own(filed: Sequence[str], record_id: str, application: str) -> str:
    """Join the numbers of a patent and what says which of them are its own, by spaces."""
    own = [own_number("id", record_id), own_number("app", application)]
    return " ".join([*filter(None, own), *(n for n in filed if f"{n}{OWN}" not in own)])


def number_query(schema: tantivy.Schema, engine_field: str, field: str, key: str) -> tantivy.Query:
    """Find the records that are filed under a key of `identifiers.lookup_keys` in a field."""
    whole, begins = filed_as(key.replace(" ", ""))
    terms = [f"{field}:{term}{own}" for term in whole for own in ("", OWN)]
    queries = [tantivy.Query.term_set_query(schema, engine_field, terms)]
    queries += [
        tantivy.Query.regex_query(schema, engine_field, f"{field}:{begin}{_ANY_REST}")
        for begin in begins
    ]
    return tantivy.Query.const_score_query(any_of(queries), _SCORE)
