"""The numbers of patents and marks: read any spelling of them, print one.

`PublicationNumber` names a published document, `ApplicationNumber` what was filed, and
`mark_number` either number of a mark. `lookup_keys` and `filing_keys` are the two sides of
finding a record by a number: what a person may type, and what a record is filed under.
"""

from ipsearch.identifiers.application import ApplicationNumber
from ipsearch.identifiers.filing import filed_as, filed_numbers, filing_keys
from ipsearch.identifiers.keys import explain, lookup_keys
from ipsearch.identifiers.mark import mark_number
from ipsearch.identifiers.publication import PublicationNumber

__all__ = [
    "ApplicationNumber",
    "PublicationNumber",
    "explain",
    "filed_as",
    "filed_numbers",
    "filing_keys",
    "lookup_keys",
    "mark_number",
]
