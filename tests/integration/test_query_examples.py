"""The pages on the query language: every example of them is asked, read or built."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

import ipsearch
from ipsearch import exact, field, near, within, word
from ipsearch.errors import QueryError
from ipsearch.records import Kind
from ipsearch.search import parse
from ipsearch.search.fields import FIELDS, find_field

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "docs/query-language.md", ROOT / "docs/query-language.zh.md"]
FOUND: dict[str, Kind] = {"patents found": "patent", "marks found": "trademark"}
FOUND |= {"命中专利": "patent", "命中商标": "trademark"}
CODE = re.compile(r"`([^`]+)`")


class Row(NamedTuple):
    """A row of a table, and the heading of its second column."""

    heading: str
    cells: list[str]


def rows(page: Path) -> Iterator[Row]:
    """Give the rows of the tables of a page."""
    heading = ""
    lines = page.read_text(encoding="utf-8").splitlines()
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if below.startswith("| ---"):
            heading = cells[1]
        elif cells and not line.startswith("| ---"):
            yield Row(heading, [cell.replace(r"\|", "|") for cell in cells])


EXAMPLES = [
    pytest.param(CODE.findall(row.cells[0])[0], row.cells[1], FOUND[row.heading], id=row.cells[0])
    for page in PAGES
    for row in rows(page)
    if row.heading in FOUND
]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ipsearch.Corpus]:
    """All samples."""
    folder = tmp_path_factory.mktemp("examples")
    shutil.copytree(ROOT / "samples", folder / "samples")
    with ipsearch.create(folder / "corpus", shards=2) as corpus:
        corpus.ingest(folder / "samples", workers=1)
        yield corpus


@pytest.mark.parametrize(("query", "found", "kind"), EXAMPLES)
def test_examples_find_what_the_page_says(
    corpus: ipsearch.Corpus, query: str, found: str, kind: Kind
) -> None:
    """A query finds the ids that stand beside it, or so many."""
    results = corpus.query(query, kind=kind, limit=100)
    ids = CODE.findall(found)
    if ids:
        assert sorted(hit.id for hit in results) == ids
    assert results.total == (len(ids) or int(found))


@pytest.mark.parametrize(
    ("query", "message"),
    [(CODE.findall(r.cells[0])[0], r.cells[1]) for r in rows(PAGES[0]) if r.heading == "refused"],
)
def test_errors_are_those_of_the_page(query: str, message: str) -> None:
    """A query that is refused is refused in these words."""
    with pytest.raises(QueryError) as caught:
        parse(query, "patent")
    assert str(caught.value) == message


def test_expressions_print_as_the_page_says() -> None:
    """What is built in Python prints as the text beside it, and that is a query."""
    names = {"exact": exact, "field": field, "near": near, "within": within, "word": word}
    for row in rows(PAGES[0]):
        if row.heading == "text":
            built = [str(eval(code, names | {"date": date})) for code in CODE.findall(row.cells[0])]
            assert built == CODE.findall(row.cells[1])
            for text in built:
                parse(text, "patent")
    block = re.search("```python\n(.*?)```", PAGES[0].read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    code, printed = block[1].split("str(query)  # ")
    scope: dict[str, object] = {}
    exec(code, scope)
    assert repr(str(scope["query"])) == printed.splitlines()[0]


@pytest.mark.parametrize("kind", ["patent", "trademark"])
def test_pages_name_every_field(kind: Kind) -> None:
    """The lists of fields are those of the language, the Chinese names are theirs."""
    english, chinese = (
        re.search(
            f"<!-- {name}: {kind} -->\n(.*?)\n\n", page.read_text(encoding="utf-8"), re.DOTALL
        )
        for page, name in zip(PAGES, ("fields", "names"), strict=True)
    )
    assert english is not None and chinese is not None
    assert sorted(CODE.findall(english[1])) == sorted(field.name for field in FIELDS[kind])
    named = re.findall(r"`(\w+)` ([^·]+?)\s*(?:·|$)", chinese[1])
    assert sorted(name for name, _ in named) == sorted(field.name for field in FIELDS[kind])
    for name, aliases in named:
        for alias in aliases.split("、"):
            assert find_field(alias, kind).name == name
