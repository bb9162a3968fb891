"""The words of ST.66 and ST.96 for the status of a mark or a design -> `LEGAL_STATUSES`.

The words are those of the two standards' own lists, and of the Canadian, European and Swedish
offices, which write words of theirs in the same place. The USPTO writes its status codes there.
"""

from __future__ import annotations

from ipsearch.sources.status_words import read_status
from ipsearch.sources.uspto_trademark_status import STATUS

WORDS: dict[str, str] = {
    "accepted": "pending",
    "acceptance pending": "pending",
    "advertised": "pending",  # Canada: open to opposition
    "allowed": "pending",  # Canada, until 2019: a declaration of use is awaited
    "appeal pending": "pending",
    "application accepted": "pending",
    "application filed": "pending",
    "application incorrect": "pending",
    "application published": "pending",
    "application received": "pending",
    "application under examination": "pending",
    "approved": "pending",  # Canada: for advertisement
    "classification checked": "pending",
    "default": "pending",  # Canada: an answer is overdue
    "filing date accorded": "pending",
    "formalized": "pending",
    "interruption of proceeding": "pending",
    "published": "pending",
    "registration pending": "pending",
    "searched": "pending",
    "start of opposition period": "pending",
    "under examination": "pending",
    "application opposed": "opposed",
    "opposed": "opposed",
    "opposition pending": "opposed",
    "ir accepted": "registered",
    "protected": "registered",
    "registered": "registered",
    "registration cancellation pending": "registered",
    "registration invalidity pending": "registered",
    "registration published": "registered",
    "registration renewed": "registered",
    "renewed": "registered",
    "registered and fully published": "registered",
    "registered and subject to deferment": "registered",
    "expired": "expired",
    "registration expired": "expired",
    "ended": "lapsed",
    "expunged": "lapsed",  # Canada: not renewed, or not used
    "lapsed": "lapsed",
    "registration surrendered": "lapsed",
    "removed from register": "lapsed",
    "surrendered": "lapsed",
    "abandoned": "withdrawn",
    "application withdrawn": "withdrawn",
    "withdrawn": "withdrawn",
    "application refused": "refused",
    "ir refused": "refused",
    "refused": "refused",
    "cancelled": "revoked",
    "declared invalid": "revoked",
    "registration cancelled": "revoked",
    "registration invalidated": "revoked",
    "revoked": "revoked",
}


def status_of(text: str | None, office: str) -> str | None:
    """The legal status that a status code or its words stand for; None if they are unknown.

    >>> status_of("Registration surrendered", "EM"), status_of("800", "US")
    ('lapsed', 'registered')
    """
    if not text:
        return None
    if office == "US" and text in STATUS:
        return STATUS[text]
    words = " ".join(text.replace("_", " ").split()).casefold()
    return WORDS.get(words) or read_status(text)[0]
