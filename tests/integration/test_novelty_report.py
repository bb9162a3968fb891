"""The search report: the same content in three formats and two languages, harmless in each."""

from __future__ import annotations

import io
import re
import string
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from click.testing import CliRunner
from lxml import etree, html

import ipsearch
from ipsearch.cli.main import cli
from ipsearch.errors import IpsearchError, UnknownNameError
from ipsearch.novelty import NoveltyResults, report_file
from ipsearch.novelty.report_parts import Language, Run, harmless, marked
from ipsearch.novelty.report_words import WORDS
from ipsearch.records import to_batch

CLAIM = "一种草原巡检无人机，其特征在于，机身下方装有红外相机；所述红外相机由充电桩供电。"
HOSTILE = "<script>alert(1)</script>|红外*相机*\u202e\x1b[31m"
FORMULA = "=cmd|' /c calc'!A1"

FORMATS = ("md", "html", "docx")
LANGUAGES: tuple[Language, ...] = ("zh", "en")


def patent(number: str, title: str | None, published: str | None, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "publication_number": number,
        "office": number[:2],
        "publication_date": date.fromisoformat(published) if published else None,
        "titles": [{"language": "zh", "text": title}] if title else [],
        "is_event": False,
        "source": "ipsearch_records",
        "product": "",
    } | more


RECORDS = [
    patent(
        "CN108900009A",
        "一种草原巡检无人机",
        "2021-06-01",
        filing_date=date(2020, 6, 1),
        application_number="CN202010000009.5",
        claims=[{"language": "zh", "label": "1", "text": CLAIM}],
        ipc=["B64C39/02"],
    ),
    patent(
        "CN104500001A",
        "一种无人机",
        "2015-03-04",
        filing_date=date(2014, 10, 9),
        priority_date=date(2014, 2, 3),
        applicants=[{"name": "某某航空有限公司"}],
        ipc=["B64C39/02"],
        description=[
            {"language": "zh", "label": "0001", "text": "无人机用于草原。"},
            {"language": "zh", "label": "0023", "text": "机身下方装有红外相机，可在夜间巡检。"},
        ],
    ),
    patent("CN104500002A", "充电桩供电的红外相机", "2016-05-06"),
    patent("CN104500003A", HOSTILE, "2016-07-08", applicants=[{"name": FORMULA}]),
    patent(
        "CN112900001A",
        "无人机的红外相机",
        "2020-12-01",
        filing_date=date(2019, 1, 2),
        application_number="CN201910000001.9",
    ),
    patent("CN104500004A", "红外相机的包装", None),
]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> ipsearch.Corpus:
    corpus = ipsearch.create(tmp_path_factory.mktemp("report") / "草原", shards=2)
    empty = dict.fromkeys(to_batch([], "patent").schema.names)
    corpus.ingest(to_batch([empty | record for record in RECORDS], "patent"))
    return corpus


@pytest.fixture(scope="module")
def results(corpus: ipsearch.Corpus) -> NoveltyResults:
    return corpus.novelty(number="CN108900009A", evidence=10)


Write = Callable[..., str]


@pytest.fixture
def write(corpus: ipsearch.Corpus, tmp_path: Path) -> Write:
    """Write a report of results; gives what a reader of the file sees."""

    def written(results: NoveltyResults, ending: str, language: Language = "zh") -> str:
        path = tmp_path / f"report.{ending}"
        corpus.novelty_report(results, path, language=language)
        return shown(path)

    return written


def shown(path: Path) -> str:
    """Give a report's text without its markup."""
    if path.suffix == ".docx":
        document = docx.Document(str(path))
        cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
        return "\n".join([p.text for p in document.paragraphs] + cells)
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        body = html.document_fromstring(text).find("body")
        return "\n".join(body.itertext())
    text = re.sub(r"<br>|\*\*", "", text)
    text = re.sub(rf"\\([{re.escape(string.punctuation)}])", r"\1", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_says_all_of_it(
    results: NoveltyResults, write: Write, ending: str, language: Language
) -> None:
    """Subject, features, places, both lists, corpus and closing sentence stand in each format and
    language."""
    text = write(results, ending, language)
    assert results.subject.claim is not None
    wanted = ["一种草原巡检无人机", "CN108900009A", CLAIM, "2020-06-01", "草原", "B64C39/02"]
    wanted += [feature.text for feature in results.subject.claim.features]
    wanted += [feature.label for feature in results.subject.claim.features]
    wanted += ["CN104500001A", "CN104500002A", "CN112900001A", "某某航空有限公司"]
    wanted += ["2015-03-04", "2014-10-09", "2014-02-03", "[0023]", "100%"]
    for key in (
        *("title", "subject", "elements", "queries", "coverage", "documents", "charts", "pairs"),
        *("documents.prior_art", "documents.conflicting", "documents.suggestion"),
        *("documents.category", "statement.text", "place.title"),
    ):
        wanted.append(WORDS[key][language])
    whole = re.sub(r"\s", "", text)
    assert [part for part in wanted if re.sub(r"\s", "", part) not in whole] == []
    prior, conflicting = (
        text.index(WORDS[f"documents.{name}"][language], text.index(WORDS["documents"][language]))
        for name in ("prior_art", "conflicting")
    )
    assert prior < conflicting


@pytest.mark.parametrize("ending", FORMATS)
def test_the_languages_do_not_mix(results: NoveltyResults, write: Write, ending: str) -> None:
    """No phrase of one language's table stands in the other's report, not even a warning."""
    for language, other in (LANGUAGES, LANGUAGES[::-1]):
        text = write(results, ending, language)
        foreign = [
            words[other]
            for words in WORDS.values()
            if len(words[other]) > 8 and "{" not in words[other] and words[other] in text
        ]
        assert foreign == []
    assert "records have no" not in write(results, ending, "zh")


def test_the_table_of_words_is_complete() -> None:
    """Every phrase is there in both languages, with the same values to be put in."""
    for key, words in WORDS.items():
        assert set(words) == {"zh", "en"}, key
        fields = [
            {name for _, name, _, _ in string.Formatter().parse(w)} - {None} for w in words.values()
        ]
        assert fields[0] == fields[1], key
        assert all(words.values()), key


@pytest.mark.parametrize("ending", FORMATS)
def test_what_is_not_known_is_said(
    corpus: ipsearch.Corpus, write: Write, ending: str, results: NoveltyResults
) -> None:
    """A date that no source gave, records without any, an effective date that nobody gave: each
    is said, not left blank."""
    text = write(results, ending)
    assert "申请 未载明" in text and "优先权 未载明" in text
    assert "1 件记录没有公开日" in text
    undated = write(corpus.novelty("红外相机", evidence=1), ending)
    assert WORDS["date.none"]["zh"] in undated
    assert WORDS["warning.no_date"]["zh"] in undated
    assert WORDS["documents.no_date"]["zh"] in undated
    assert WORDS["subject.typed"]["zh"] in undated
    assert "公开 未载明" in undated


@pytest.mark.parametrize("ending", FORMATS)
def test_only_what_was_charted_has_a_chart(
    corpus: ipsearch.Corpus, write: Write, ending: str
) -> None:
    """Without evidence there is no chart and no suggestion; the report says so."""
    text = write(corpus.novelty(number="CN108900009A"), ending)
    assert WORDS["charts.none"]["zh"] in text
    assert WORDS["pairs.none"]["zh"] in text
    assert "CN104500001A" in text


def test_hostile_text_is_text_in_html(
    corpus: ipsearch.Corpus, results: NoveltyResults, tmp_path: Path
) -> None:
    """A title with markup makes no element, nothing is asked for from outside, nothing runs; a
    spreadsheet that opens the page is told that cells are text."""
    path = tmp_path / "r.html"
    corpus.novelty_report(results, path)
    page = path.read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)" in page
    assert "\u202e" not in page and "\x1b" not in page and "&lt;U+202E&gt;" in page
    tree = html.document_fromstring(page)
    known = (
        "html head meta title style body h1 h2 h3 section p table colgroup col thead tbody tr th"
    )
    tags = {element.tag for element in tree.iter()}
    assert tags <= {*known.split(), "td", "mark"}
    attributes = {name for element in tree.iter() for name in element.attrib}
    assert not {name for name in attributes if name.startswith("on") or name in ("src", "href")}
    assert "url(" not in page and "@import" not in page
    assert "default-src 'none'" in page
    assert 'mso-number-format: "\\@"' in page
    cells = [cell.text_content() for cell in tree.iter("td")]
    assert FORMULA in cells


def test_hostile_text_is_text_in_markdown(
    corpus: ipsearch.Corpus, results: NoveltyResults, tmp_path: Path
) -> None:
    """Markup in a title is escaped, a cell never begins as a formula does, and every row has the
    columns of its table."""
    path = tmp_path / "r.md"
    corpus.novelty_report(results, path)
    text = path.read_text(encoding="utf-8")
    assert "<script" not in text and "&lt;script&gt;" in text
    assert "\u202e" not in text and "\x1b" not in text
    assert "| =cmd" not in text and "\\=cmd\\|" in text
    columns = 0
    for line in text.splitlines():
        if not line.startswith("|"):
            columns = 0
            continue
        found = len(re.findall(r"(?<!\\)\|", line))
        assert found == (columns or found), line
        columns = found
    assert set(re.findall(r"<(\w+)", text)) == {"br"}


def test_hostile_text_is_text_in_word(
    corpus: ipsearch.Corpus, results: NoveltyResults, tmp_path: Path
) -> None:
    """The file opens, its parts are whole XML, and there is no field but the page's number; matched
    words are bold and underlined; headings of tables are repeated."""
    path = tmp_path / "r.docx"
    corpus.novelty_report(results, path)
    text = shown(path)
    assert "<script>alert(1)</script>|" in text and FORMULA in text
    assert "\u202e" not in text and "\x1b" not in text
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.parse(io.BytesIO(archive.read(name)))
        body = archive.read("word/document.xml").decode()
        assert "instr" not in body and "hyperlink" not in body
        assert re.findall(r'instr="(\w+)"', archive.read("word/footer1.xml").decode()) == ["PAGE"]
    document = docx.Document(str(path))
    runs = [
        run
        for table in document.tables
        for row in table.rows
        for cell in row.cells
        for paragraph in cell.paragraphs
        for run in paragraph.runs
    ]
    assert any(run.bold and run.underline and "红外" in run.text for run in runs)
    assert body.count("tblHeader") >= 5
    page = document.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)


@pytest.mark.parametrize("ending", FORMATS)
def test_any_typed_text_can_be_reported(corpus: ipsearch.Corpus, write: Write, ending: str) -> None:
    """Controls, what is no character, turned directions and very long lines stop no format."""
    odd = "".join(map(chr, [*range(0x20), 0x7F, 0x85, 0xFFFE, 0xFFFF, 0x2028, 0x202E, 0x2066]))
    text = write(corpus.novelty(f"{odd * 20}红外相机{'，装有充电桩' * 300}", evidence=2), ending)
    assert "红外相机" in text
    assert not set(text) & set(odd) - {"\n"}


def test_spans_stay_on_their_words() -> None:
    """What is marked is what matched, also where the text was cut or made harmless before it."""
    value = "\u202e" * 5 + "前文" * 200 + "红外相机装在机身" + "后文" * 200
    at = value.index("红外")
    runs = marked(value, [(at, at + 2), (at + 4, at + 5)], 100)
    assert [run.text for run in runs if run.is_marked] == ["红外", "装"]
    assert runs[0] == Run("…") and runs[-1] == Run("…")
    whole = marked("\x00ab", [(1, 2)], 100)
    assert whole == (Run("␀"), Run("a", True), Run("b"))
    assert harmless("a\r\nb\ud800") == "a b<U+D800>"


def test_facts_of_the_corpus(
    corpus: ipsearch.Corpus, results: NoveltyResults, write: Write
) -> None:
    """The report says how much was searched, of which days, offices and sources, and how fresh."""
    text = write(results, "md", "en")
    rows = dict(
        re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", text[text.index("## Coverage") :], re.MULTILINE)
    )
    assert rows["Corpus"] == "草原"
    assert rows["Patent records"] == "6"
    assert rows["Published"] == "2015-03-04 to 2021-06-01"
    assert rows["Offices (records)"] == "CN (6)"
    assert rows["Sources (records)"] == "ipsearch_records (6)"
    assert rows["Day of the search"] == date.today().isoformat()
    assert rows["Date of data (last ingestion)"] == corpus.info()["last_ingestion"][:10]
    assert rows["Program"] == f"ipsearch {ipsearch.__version__}"
    for asked in results.asked:
        assert f"| {asked.label} | " in text
        assert f" | {asked.found:,} |" in text
        assert "; ".join(asked.terms) in text


# the file and the command


def run(*arguments: str | Path) -> Any:
    return CliRunner().invoke(cli, ["--lang", "zh", "novelty", *map(str, arguments)])


@pytest.mark.parametrize("ending", FORMATS)
def test_the_command_writes_a_report_beside_its_rows(
    corpus: ipsearch.Corpus, tmp_path: Path, ending: str
) -> None:
    """Rows come out as ever, the report is in the language chosen, with charts unless told."""
    path = tmp_path / f"r.{ending.upper()}"
    result = run(corpus.path, "--number", "CN108900009A", "--report", path, "-o", "jsonl")
    assert result.exit_code == 0, result.output
    assert "CN104500001A" in result.stdout
    assert f"已写出检索报告：{path}" in result.stderr
    renamed = path.rename(tmp_path / f"s.{ending}")
    assert "说明书[0023]" in shown(renamed)
    assert [file.name for file in tmp_path.iterdir()] == [renamed.name]
    arguments = (corpus.path, "--number", "CN108900009A", "--ipc-filter", "B64C", "--evidence", 0)
    assert run(*arguments, "--report", renamed).exit_code == 0
    text = shown(renamed)
    assert WORDS["charts.none"]["zh"] in text
    assert WORDS["condition.in_class"]["zh"] in text


def test_other_endings_are_named_before_anything_is_searched(
    corpus: ipsearch.Corpus, results: NoveltyResults, tmp_path: Path
) -> None:
    """An ending that no writer knows is a misuse that names the three; so is a report of many
    searches."""
    for name in ("r.pdf", "r"):
        result = run(tmp_path / "none", "--text", "相机", "--report", tmp_path / name)
        assert result.exit_code == 2
        assert all(ending in result.stderr for ending in (".md", ".html", ".docx"))
        with pytest.raises(UnknownNameError, match=r"\.md, \.html, \.docx"):
            corpus.novelty_report(results, tmp_path / name)
    batch = tmp_path / "q.jsonl"
    batch.write_text('{"id": "1", "text": "相机"}', encoding="utf-8")
    assert run(corpus.path, "--batch", batch, "--report", tmp_path / "r.md").exit_code == 2


def test_word_needs_its_library(
    corpus: ipsearch.Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without python-docx the other formats are written; .docx says what to install."""
    monkeypatch.setattr(report_file, "find_spec", lambda name: None)
    result = run(corpus.path, "--text", "相机", "--report", tmp_path / "r.docx")
    assert result.exit_code == 1
    assert "pip install 'ipsearch[docx]'" in result.stderr
    assert run(corpus.path, "--text", "相机", "--report", tmp_path / "r.html").exit_code == 0
    with pytest.raises(IpsearchError, match="python-docx"):
        report_file.check_file("r.docx")


def test_a_report_is_written_whole_or_not_at_all(
    corpus: ipsearch.Corpus,
    results: NoveltyResults,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A folder that is not there is an error; a writer that fails leaves what was there."""
    with pytest.raises(FileNotFoundError):
        corpus.novelty_report(results, tmp_path / "none" / "r.md")
    path = tmp_path / "r.md"
    path.write_text("before", encoding="utf-8")

    def fail(self: Path, target: Path) -> None:
        raise OSError("no space")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="no space"):
        corpus.novelty_report(results, path)
    assert path.read_text(encoding="utf-8") == "before"
    assert [file.name for file in tmp_path.iterdir()] == ["r.md"]
