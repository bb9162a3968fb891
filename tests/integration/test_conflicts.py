"""Conflicts: live rights that a product may touch, from files to the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import ipsearch
from ipsearch.cli.main import cli
from ipsearch.errors import CorpusError, QueryError
from ipsearch.records import to_batch

ON = date(2026, 11, 26)
PRODUCT = (
    "一种格沃尔牌智能保温杯，由杯体和杯盖组成。杯盖内设有温度传感器，杯盖外侧设有显示屏。"
    "杯体由不锈钢制成。"
)
CUP = (
    "一种智能保温杯，其特征在于，包括杯体、杯盖和设于杯盖内的温度传感器；所述杯盖外侧设有显示屏；"
    "所述杯体底部设有无线充电线圈。",
    "根据权利要求1所述的保温杯，其特征在于，显示屏为墨水屏。",
)
LID = ("一种杯盖，其特征在于，杯盖内设有温度传感器，杯盖外侧设有显示屏。",)


def claims(texts: tuple[str, ...], language: str = "zh") -> list[dict[str, Any]]:
    return [
        {"language": language, "label": str(number), "text": text}
        for number, text in enumerate(texts, start=1)
    ]


def patent(number: str, title: str, texts: tuple[str, ...] | None, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "publication_number": number,
        "office": number[:2],
        "kind_code": number.lstrip("CNUSWO0123456789"),
        "filing_date": date(2018, 3, 4),
        "publication_date": date(2020, 5, 6),
        "titles": [{"language": "zh", "text": title}],
        "claims": claims(texts) if texts else None,
        "is_event": False,
        "source": "ipsearch_records",
        "product": "",
    } | more


GRANTED = {"legal_status": "granted", "status_date": date(2020, 5, 6)}
PATENTS = [
    patent("CN208000002U", "带温度显示的杯盖", LID, **GRANTED),
    patent("CN108000001B", "智能保温杯", CUP, application_number="CN201810000001.6", **GRANTED),
    patent(
        "CN108000001A",
        "智能保温杯",
        ("一种智能保温杯，包括杯体和杯盖。",),
        publication_date=date(2018, 9, 4),
        application_number="CN201810000001.6",
    ),
    patent(
        "CN108000003B", "保温杯的杯盖", LID, legal_status="lapsed", status_date=date(2022, 1, 1)
    ),
    patent("CN208000006U", "老式杯盖", LID, filing_date=date(2008, 1, 1)),
    patent("CN108000004A", "保温杯温度传感器", None),
    patent(
        "CN108000005A", "保温杯显示方法", LID, legal_status="pending", status_date=date(2020, 6, 6)
    ),
    patent("CN108000007A", "保温杯的杯盖结构", LID),
    patent("WO2018000008A1", "保温杯的杯盖", LID),
    patent(
        "US10000009B2",
        "保温杯 thermos",
        None,
        **GRANTED,
        claims=claims(("A thermos with a lid and a temperature sensor in the lid.",), "en"),
    ),
]


def mark(number: str, text: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "application_number": number,
        "office": number[:2],
        "mark_text": text,
        "classes": [{"nice_class": 21, "goods": ["保温杯"]}],
        "is_event": False,
        "source": "ipsearch_records",
        "product": "",
    } | more


REGISTERED = {
    "registration_date": date(2019, 1, 7),
    "expiry_date": date(2029, 1, 6),
    "legal_status": "registered",
    "status_date": date(2019, 1, 7),
}
MARKS = [
    mark("CN12345678", "格沃尔", **REGISTERED),
    mark("CN12345679", "格渥尔", legal_status="pending", filing_date=date(2026, 1, 1)),
    mark("CN12345680", "格沃尔", **(REGISTERED | {"legal_status": "revoked"})),
    mark("US98000001", "Gewoer", **REGISTERED),
    mark("CN12345681", "完全不同", **REGISTERED),
]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ipsearch.Corpus]:
    """Ten patents and five marks."""
    path = tmp_path_factory.mktemp("conflicts") / "corpus"
    with ipsearch.create(path, shards=2) as made:
        made.ingest(to_batch(PATENTS, "patent"), workers=1)
        made.ingest(to_batch(MARKS, "trademark"), workers=1)
        yield made


def ids(leads: Any) -> list[str]:
    return [lead.id for lead in leads]


def test_live_patents_are_ranked_by_the_features_of_their_claims(corpus: ipsearch.Corpus) -> None:
    """A claim whose features are all shown goes before one that lacks some, in force first."""
    results = corpus.conflicts(PRODUCT, office="CN", on=ON)
    assert ids(results.patents) == [
        "CN208000002U",
        "CN108000007A",
        "CN108000001B",
        "CN108000004A",
    ]
    first, _, cup, bare = results.patents
    assert (first.force.value, first.missing, first.claim) == ("in force", (), 1)
    assert first.coverage == pytest.approx(1.0)
    assert len(cup.missing) == 1
    assert dict(cup.texts)[cup.missing[0]] == "所述杯体底部设有无线充电线圈"
    assert (bare.claim, bare.coverage, bare.score) == (None, None, 0.0)
    assert any("without claims" in str(note) for note in results.notes)


def test_what_is_unknown_is_kept_and_says_so(corpus: ipsearch.Corpus) -> None:
    """A published application may have been granted: it stays, labelled."""
    found = {lead.id: lead for lead in corpus.conflicts(PRODUCT, on=ON).patents}
    assert found["CN108000007A"].force.value == "unknown"
    assert "whether it was granted is not known" in found["CN108000007A"].force.reason


def test_an_application_is_one_lead_by_its_granted_claims(corpus: ipsearch.Corpus) -> None:
    """The claims that were granted count, not those applied for, and the application once."""
    found = corpus.conflicts(PRODUCT, office="CN", on=ON).patents
    assert "CN108000001A" not in ids(found)
    (cup,) = (lead for lead in found if lead.id == "CN108000001B")
    assert cup.claims_of == "CN108000001B"
    assert len(cup.features) == 4


def test_dead_old_pending_and_international_are_left_out(corpus: ipsearch.Corpus) -> None:
    """Lapsed, expired and never granted rights are no leads; pending ones can be asked for."""
    results = corpus.conflicts(PRODUCT, on=ON)
    gone = {"CN108000003B", "CN208000006U", "CN108000005A", "WO2018000008A1"}
    assert not gone & set(ids(results))
    assert any("pending" in str(note) for note in results.notes)
    pending = corpus.conflicts(PRODUCT, on=ON, pending=True)
    assert set(ids(pending.patents)) - set(ids(results.patents)) == {"CN108000005A"}


def test_the_day_decides(corpus: ipsearch.Corpus) -> None:
    """On an earlier day what lapsed later may have been in force, and newer rights were not."""
    then = {lead.id: lead for lead in corpus.conflicts(PRODUCT, on=date(2021, 1, 1)).patents}
    assert then["CN108000003B"].force.value == "unknown"
    assert "CN208000002U" in then
    assert "CN208000002U" not in ids(corpus.conflicts(PRODUCT, on=date(2019, 1, 1)).patents)
    assert "CN208000002U" not in ids(corpus.conflicts(PRODUCT, on=date(2028, 3, 4)).patents)


def test_an_office_narrows_both_lists(corpus: ipsearch.Corpus) -> None:
    """Only rights of the office asked for are leads."""
    text = f"{PRODUCT} A thermos with a temperature sensor in the lid, sold as Gewoer."
    american = corpus.conflicts(text, office="us", on=ON)
    assert {lead.office for lead in american} == {"US"}
    assert ids(american.patents) == ["US10000009B2"]
    assert ids(american.marks) == ["US98000001"]
    both = corpus.conflicts(text, office=["CN", "US"], on=ON)
    assert {lead.office for lead in both.patents} == {"CN", "US"}


def test_live_marks_are_found_by_the_names_in_the_text(corpus: ipsearch.Corpus) -> None:
    """Each mark is listed once, for the name it is most like, with the reason and its force."""
    results = corpus.conflicts(PRODUCT, office="CN", on=ON)
    assert [name.text for name in results.names] == ["格沃尔"]
    assert ids(results.marks) == ["CN12345678", "CN12345679"]
    same, near = results.marks
    assert (same.force.value, same.name.why) == ("in force", "branded")
    assert same.reasons[0].aspect == "identity"
    assert near.force.is_pending
    other = corpus.conflicts(PRODUCT, office="CN", on=ON, classes=[45]).marks
    assert "CN12345678" not in ids(other)


def test_a_text_without_a_name_says_so(corpus: ipsearch.Corpus) -> None:
    """No name, no marks: an honest note, and the patents all the same."""
    results = corpus.conflicts("杯盖内设有温度传感器", on=ON)
    assert results.marks == ()
    assert results.patents
    assert any("no name" in str(note) for note in results.notes)


def test_a_text_that_no_patent_shares_a_word_with(corpus: ipsearch.Corpus) -> None:
    """It is no error: the list is empty and says why."""
    results = corpus.conflicts("xqzwvv", on=ON)
    assert len(results) == 0
    assert any("none of the text's words" in str(note) for note in results.notes)


@pytest.mark.parametrize("text", ["", " \n ", "，。", "长" * 200_001])
def test_a_text_of_no_use_is_a_clear_error(text: str, corpus: ipsearch.Corpus) -> None:
    """Empty, without a word or far too long."""
    with pytest.raises(QueryError, match="text"):
        corpus.conflicts(text)


def test_a_long_text_is_read_whole(corpus: ipsearch.Corpus) -> None:
    """What a long description says at its very end is found."""
    text = "本品外形美观。" * 8_000 + PRODUCT
    assert corpus.conflicts(text, on=ON).patents[0].coverage == pytest.approx(1.0)


def test_a_corpus_with_one_kind_or_none(tmp_path: Path) -> None:
    """Without marks the patents are searched and it is said; an empty corpus is an error."""
    with ipsearch.create(tmp_path / "patents") as made:
        with pytest.raises(CorpusError):
            made.conflicts(PRODUCT)
        made.ingest(to_batch(PATENTS[:1], "patent"), workers=1)
        results = made.conflicts(PRODUCT, on=ON)
        assert ids(results) == ["CN208000002U"]
        assert any("no marks" in str(note) for note in results.notes)


def run(corpus: ipsearch.Corpus, *arguments: str, **more: Any) -> Result:
    return CliRunner().invoke(cli, ["conflicts", str(corpus.path), *arguments], **more)


def test_the_command_writes_both_lists_as_leads(corpus: ipsearch.Corpus, tmp_path: Path) -> None:
    """JSON Lines have patents before marks, every row labelled a lead with its force and reason."""
    file = tmp_path / "产品 说明.txt"
    file.write_bytes(PRODUCT.encode("gb18030"))
    result = run(corpus, "--file", str(file), "--on", ON.isoformat(), "-o", "jsonl")
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["list"] for row in rows] == sorted((row["list"] for row in rows), reverse=True)
    assert {row["label"] for row in rows} == {"lead"}
    assert all(row["force"]["value"] and row["force"]["reason"] for row in rows)
    patents = [row for row in rows if row["list"] == "patents"]
    assert {"label", "feature", "coverage", "place", "text", "spans"} == set(
        patents[0]["features"][0]
    )
    assert "never" in result.stderr or "leads" in result.stderr


@pytest.mark.parametrize(("language", "words"), [("zh", "仅为线索"), ("en", "leads")])
def test_the_table_speaks_both_languages(
    language: str, words: str, corpus: ipsearch.Corpus
) -> None:
    """What is to be minded is said in the language asked for."""
    arguments = ["--lang", language, "conflicts", str(corpus.path), "--text", PRODUCT]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    assert words in result.stderr
    assert "CN208000002U" in result.stdout
    assert ("期限至" if language == "zh" else "its term ends") in result.stdout


def test_the_command_refuses_what_it_cannot_do(corpus: ipsearch.Corpus, tmp_path: Path) -> None:
    """No text or two are misuse; an empty one fails in one line."""
    assert run(corpus).exit_code == 2
    assert run(corpus, "--text", "a", "-").exit_code == 2
    empty = tmp_path / "empty.txt"
    empty.touch()
    result = run(corpus, "--file", str(empty))
    assert result.exit_code == 1
    assert "the text is empty" in result.stderr
    assert run(corpus, "-", input=PRODUCT).exit_code == 0


def test_csv_has_a_row_a_lead(corpus: ipsearch.Corpus) -> None:
    """The same columns for both lists."""
    result = run(corpus, "--text", PRODUCT, "--on", ON.isoformat(), "-o", "csv")
    lines = result.stdout.splitlines()
    assert lines[0].startswith("list,rank,score,id,subject")
    assert len(lines) == 1 + len(corpus.conflicts(PRODUCT, on=ON))
