"""Where PatentsView's assignees and inventors live: `g_location_disambiguated`, looked up by id.

It has a row for each place (about a hundred thousand), so it is held in memory, once for each table
that is read. It is found beside that table: in the same folder, packed or not, or the same ZIP.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ipsearch.errors import SourceError
from ipsearch.records import Row
from ipsearch.sources.base import Notes, Reject
from ipsearch.sources.patentsview_rows import TableRow, read_rows
from ipsearch.sources.uspto_legacy import country

if TYPE_CHECKING:
    from ipsearch.sources.opening import Item

PLACES_MAX = 500_000
"""So many places are held at most, some 150 MB; what comes after them is not joined."""

_STEM = "g_location_disambiguated"
_SIGNATURE = frozenset({"location_id", "disambig_city", "disambig_country"})

Places = Mapping[str, Row]
"""Id -> `country`, `province`, `city`, `county` of a party, as far as they are known."""


def is_places(names: Iterable[str]) -> bool:
    """Whether a table with these columns is the one of places, which has no patents."""
    return _SIGNATURE.issubset(names)


def find_places(name: str, notes: Notes) -> Places:
    """Read the places that belong to the table called `name`, as `Input.name` has it.

    Empty where there are none. What cannot be read of them is warned of.
    """
    from ipsearch.sources.walk import Opener

    places: dict[str, Row] = {}
    with Opener() as opener:
        for item in _candidates(name):
            try:
                with opener.open(item, notes) as opened:
                    for place_id, place in _read_places(read_rows(opened), notes):
                        if len(places) >= PLACES_MAX:
                            notes.warn(f"{item.name}: more than {PLACES_MAX} places")
                            return places
                        places[place_id] = place
            except (SourceError, OSError) as error:
                notes.warn(f"places: {error}")
            if places:
                break
    return places


def _candidates(name: str) -> Iterator[Item]:
    from ipsearch.sources.walk import Item, walk

    outer, *members = name.split("!")
    path = Path(outer)
    packed = [path] if members and path.suffix.lower() == ".zip" else []
    for item in walk([*packed, *sorted(path.parent.glob(f"{_STEM}.*"))]):
        if isinstance(item, Item):
            last = item.members[-1] if item.members else item.path.name
            if last.rpartition("/")[2].startswith(_STEM):
                yield item


def _read_places(rows: Iterator[Reject | TableRow], notes: Notes) -> Iterator[tuple[str, Row]]:
    header = next(rows, None)
    if header is None or isinstance(header, Reject):
        return
    names = [name.strip().lower() for name in header[1]]
    if not is_places(names):
        return
    for item in rows:
        if isinstance(item, Reject):
            notes.warn(f"places: {item.reason}")
            continue
        cells = dict(zip(names, (cell.strip() for cell in item[1]), strict=True))
        yield (
            cells["location_id"],
            {
                "country": country(cells["disambig_country"]),
                "province": cells.get("disambig_state") or None,
                "city": cells["disambig_city"] or None,
                "county": cells.get("county") or None,
            },
        )
