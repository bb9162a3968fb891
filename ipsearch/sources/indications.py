"""What all readers of geographical indications (地理标志) have in common.

An indication is a mark's record: the applicant is its owner. Nobody else owns it, so somebody who
may use it is an event of the code `AUTHORISED_USER`, dated where the day is known, whose text is
the user's name.
"""

from __future__ import annotations

CATEGORY = "geographical_indication"
"""The `mark_category` of an indication that is no collective or certification mark."""

AUTHORISED_USER = "AuthorizedUser"
"""The code of the event that somebody may use the sign, as WIPO ST.96 names it."""
