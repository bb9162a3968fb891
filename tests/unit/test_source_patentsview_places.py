"""PatentsView's table of places, joined to the tables that lie beside it."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from ipsearch.sources.base import Notes, Record
from ipsearch.sources.registry import detect
from ipsearch.sources.walk import Item, Opener, peek, walk

INVENTORS = (
    "patent_id\tinventor_sequence\tdisambig_inventor_name_first\tdisambig_inventor_name_last"
    "\tlocation_id\n7\t0\tAlpha\tInventor\tl1\n7\t1\tBeta\tInventor\tl9\n"
)
PLACES = (
    "location_id\tdisambig_city\tdisambig_state\tdisambig_country\tcounty\n"
    "l1\tWuhan\t\tCN\t\nl2\tExampleville\tCA\tUS\tExample\n"
)


def _inventors(folder: Path) -> tuple[list[dict[str, Any]], Notes]:
    """The inventors of the only record in a folder, and what was noted of their table."""
    rows, kept = [], Notes()
    with Opener() as opener:
        for item in walk([folder]):
            assert isinstance(item, Item)
            notes = Notes()
            with opener.open(item, notes) as opened:
                head, opened = peek(opened)
                for result in detect(head, opened.name).read(opened):
                    assert isinstance(result, Record)
                    rows.append(result.row)
                    kept = notes
    (row,) = rows
    return row["inventors"], kept


@pytest.mark.parametrize("layout", ["plain", "packed each", "one archive"])
def test_inventors_get_their_places(tmp_path: Path, layout: str) -> None:
    """The table of places is found in the same folder, packed or not, or in the same archive."""
    tables = {
        "g_inventor_disambiguated.tsv": INVENTORS,
        "g_location_disambiguated.tsv": PLACES,
    }
    for name, text in tables.items():
        if layout == "plain":
            (tmp_path / name).write_text(text)
            continue
        path = tmp_path / ("all.zip" if layout == "one archive" else f"{name}.zip")
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(name, text)
    (alpha, beta), notes = _inventors(tmp_path)
    assert (alpha["country"], alpha["province"], alpha["city"]) == ("CN", None, "Wuhan")
    assert (beta["country"], beta["city"]) == (None, None)  # a place that the table has not
    assert "location_id" not in notes.unmapped


def test_a_table_alone_says_what_it_lacks(tmp_path: Path) -> None:
    """Without places, nothing is made up, and the column is named as unmapped."""
    (tmp_path / "g_inventor_disambiguated.tsv").write_text(INVENTORS)
    (alpha, _), notes = _inventors(tmp_path)
    assert alpha["country"] is None
    assert "location_id" in notes.unmapped
