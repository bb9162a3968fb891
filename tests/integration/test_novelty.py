"""Novelty search: two lists by date, one row a family, evidence with its place, honest errors."""

from __future__ import annotations

import json
import random
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import ipsearch
from ipsearch.cli.main import cli
from ipsearch.errors import QueryError
from ipsearch.novelty import Settings
from ipsearch.novelty import search as novelty_search
from ipsearch.novelty.synonyms import Synonyms
from ipsearch.records import to_batch

CLAIM = (
    "1. 一种石墨烯导电剂的制备方法，其特征在于：将石墨与溶剂混合；超声剥离所述石墨；"
    "干燥得到石墨烯导电剂。"
    "2. 根据权利要求1所述的制备方法，其特征在于，所述溶剂为乙醇。"
)


def patent(number: str, title: str, published: str | None, **more: Any) -> dict[str, Any]:
    day = date.fromisoformat(published) if published else None
    text = more.pop("abstract", title)
    return {
        "id": number,
        "publication_number": number,
        "office": number[:2],
        "publication_date": day,
        "titles": [{"language": "zh", "text": title}],
        "abstracts": [{"language": "zh", "text": text}],
        "is_event": False,
        "source": "ipsearch_records",
        "product": "",
    } | more


def claims(*texts: str) -> list[dict[str, Any]]:
    return [{"language": "zh", "label": str(i), "text": t} for i, t in enumerate(texts, start=1)]


GRAPHENE = "石墨烯导电剂的制备方法，将石墨与溶剂混合，超声剥离后干燥"
RECORDS = [
    patent("CN101000001A", GRAPHENE, "2015-03-04", family_id="F1", ipc=["H01M4/36"]),
    patent("US20150000001A1", GRAPHENE, "2015-06-01", family_id="F1", ipc=["H01M4/36"]),
    patent(
        "CN101000002A",
        "一种导电浆料",
        "2016-01-01",
        claims=claims("一种导电浆料，其特征在于，含有石墨烯导电剂和乙醇。"),
        description=[
            {"language": "zh", "label": "0001", "text": "本发明涉及导电浆料。"},
            {"language": "zh", "label": "0002", "text": "超声剥离所述石墨，时间为两小时。"},
        ],
    ),
    patent(
        "CN101000003A",
        "石墨烯导电剂及其用途",
        "2019-05-05",
        filing_date=date(2017, 1, 1),
        application_number="CN201710000001.9",
    ),
    patent(
        "CN101000004A",
        "石墨烯导电剂的干燥装置",
        "2019-06-06",
        filing_date=date(2018, 6, 1),
        priority_date=date(2017, 12, 1),
        application_number="CN201810000002.3",
    ),
    patent("US20190000003A1", "石墨烯导电剂", "2019-07-01", filing_date=date(2017, 1, 1)),
    patent("CN101000005A", "石墨烯导电剂的包装", None, filing_date=date(2012, 1, 1)),
    patent(
        "CN101000009A",
        "一种石墨烯导电剂的制备方法",
        "2019-12-12",
        filing_date=date(2018, 3, 4),
        application_number="CN201810000009.5",
        family_id="OWN",
        claims=claims(*CLAIM.split("2. ")),
        abstract="与CN101000002A相比，本发明更简单。",
        ipc=["H01M4/62"],
    ),
    patent("CN101000009B", "一种石墨烯导电剂的制备方法", "2017-01-01", family_id="OWN"),
    patent("CN101000010A", "一种茶叶揉捻机", "2010-01-01", ipc=["A23F3/12"]),
]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> ipsearch.Corpus:
    corpus = ipsearch.create(tmp_path_factory.mktemp("novelty") / "corpus", shards=2)
    empty = dict.fromkeys(to_batch([], "patent").schema.names)
    corpus.ingest(to_batch([empty | record for record in RECORDS], "patent"))
    return corpus


def test_two_lists_by_the_effective_date(corpus: ipsearch.Corpus) -> None:
    """Prior art was published before the day; conflicting applications filed before it, at the same
    office, by their own priority where they have one."""
    results = corpus.novelty(number="CN101000009A")
    assert results.subject.effective_date == date(2018, 3, 4)
    assert results.subject.date_source == "filing"
    prior = {hit.id for hit in results.prior_art}
    assert {"CN101000001A", "CN101000002A", "CN101000010A"} & prior == {
        "CN101000001A",
        "CN101000002A",
    } or "CN101000010A" in prior
    assert all(
        hit.publication_date and hit.publication_date < date(2018, 3, 4)
        for hit in results.prior_art
    )
    assert {hit.id for hit in results.conflicting} == {"CN101000003A", "CN101000004A"}
    given = corpus.novelty(number="CN101000009A", before=date(2017, 11, 30))
    assert given.subject.date_source == "given"
    assert {hit.id for hit in given.conflicting} == {"CN101000003A"}


def test_own_family_is_in_no_list(corpus: ipsearch.Corpus) -> None:
    """Neither the record itself nor another publication of its family is found."""
    ids = {hit.id for hit in corpus.novelty(number="CN101000009A")}
    assert not ids & {"CN101000009A", "CN101000009B"}


def test_one_row_a_family(corpus: ipsearch.Corpus) -> None:
    """Of several publications of a family the best alone is listed."""
    ids = [hit.id for hit in corpus.novelty(CLAIM).prior_art]
    assert len({"CN101000001A", "US20150000001A1"} & set(ids)) == 1
    assert len(ids) == len(set(ids))


def test_what_is_not_known_is_said(corpus: ipsearch.Corpus) -> None:
    """A record without publication date is in neither list, and how many there are is said; so is
    that no effective date is known."""
    dated = corpus.novelty(CLAIM, before=date(2018, 1, 1))
    assert "CN101000005A" not in {hit.id for hit in dated}
    assert any("1 records have no publication date" in str(said) for said in dated.warnings)
    undated = corpus.novelty(CLAIM)
    assert not undated.conflicting
    assert any("No effective date" in str(said) for said in undated.warnings)


def test_documents_that_the_text_names_come_first(corpus: ipsearch.Corpus) -> None:
    """A document that the subject's own text names is put forward, and marked."""
    first = corpus.novelty(number="CN101000009A").prior_art[0]
    assert first.id == "CN101000002A"
    assert first.is_named


def test_evidence_names_its_place(corpus: ipsearch.Corpus) -> None:
    """Each feature has the passage that covers it best, its place, and spans within its text."""
    results = corpus.novelty(number="CN101000009A", evidence=10)
    chart = {hit.id: hit.features for hit in results.prior_art}["CN101000002A"]
    by_text = {match.label: match for match in chart}
    features = {f.label: f.text for f in results.subject.claim.features}
    ultrasonic = next(label for label, text in features.items() if "超声" in text)
    match = by_text[ultrasonic]
    assert (match.field, match.place) == ("de", "[0002]")
    assert match.coverage == pytest.approx(1.0)
    marked = "".join(match.text[begin:end] for begin, end in match.spans)
    assert "超声" in marked and "剥离" in marked
    for hit in results:
        assert [m.label for m in hit.features] == list(features)
        assert all(0 <= m.coverage <= 1 for m in hit.features)
        for m in hit.features:
            assert all(0 <= b < e <= len(m.text) for b, e in m.spans)


def test_another_claim_may_be_charted(corpus: ipsearch.Corpus) -> None:
    """The features are those of the chosen claim and of those it depends on; a claim that is not
    there is an error that says which there are."""
    results = corpus.novelty(CLAIM, claim=2, evidence=1)
    assert [match.label[0] for match in results[0].features] == ["1", "1", "1", "1", "2"]
    with pytest.raises(QueryError, match="1, 2"):
        corpus.novelty(CLAIM, claim=7)


def test_pairs_cover_more_than_each_alone(corpus: ipsearch.Corpus) -> None:
    """A pair is listed only if together its documents cover more than the better of the two."""
    results = corpus.novelty(CLAIM, evidence=10)
    coverage = {hit.id: hit.coverage for hit in results.prior_art}
    for pair in results.pairs:
        assert pair.coverage > max(coverage[one] or 0 for one in pair.ids)


def test_classes_narrow_and_raise(corpus: ipsearch.Corpus) -> None:
    """A class as a filter keeps nothing else; as a boost it leaves nothing out."""
    kept = corpus.novelty(CLAIM, in_class="H01M").prior_art
    assert [hit.id for hit in kept if hit.family_id == "F1"]
    assert all(any(symbol.startswith("H01M") for symbol in hit.ipc) for hit in kept)
    for boost in (0.0, 5.0):
        found = corpus.novelty(number="CN101000009A", settings=Settings(ipc_boost=boost))
        assert {"CN101000001A", "CN101000002A"} <= {hit.id for hit in found}


def test_judged_documents_move_the_ranking(corpus: ipsearch.Corpus) -> None:
    """Words of a document marked as like raise it; marked as unlike, they no longer count."""
    settings = Settings(second_stage=0)
    text = "一种装置"
    liked = corpus.novelty(text, like=["CN101000010A"], settings=settings)
    assert liked[0].id == "CN101000010A"
    unlike = corpus.novelty(CLAIM, unlike=["CN101000001A"], settings=settings)
    plain = corpus.novelty(CLAIM, settings=settings)
    score = {hit.family_id: hit.score for hit in plain if hit.family_id}
    assert {h.family_id: h.score for h in unlike if h.family_id}["F1"] < score["F1"]


def test_synonyms_of_a_user_find_and_cover(corpus: ipsearch.Corpus) -> None:
    """A word that the user says is the same is found and counts as the feature's own."""
    same = Synonyms.read(["搓茶 = 揉捻  # 同义", ""])
    results = corpus.novelty("茶叶搓茶", synonyms=same, evidence=1)
    assert results[0].id == "CN101000010A"


@pytest.mark.parametrize("text", ["", "   ", "，。！", "ไม่มีคำนี้", "电池\ud800"])
def test_texts_that_say_nothing_are_refused(corpus: ipsearch.Corpus, text: str) -> None:
    """An empty text, signs alone, a language of which no record has a word: each is an error."""
    with pytest.raises(QueryError):
        corpus.novelty(text)


def test_numbers_that_are_not_there_are_named(corpus: ipsearch.Corpus) -> None:
    """A number that no record goes by, or that is none, is named in the error."""
    with pytest.raises(QueryError, match="CN109999999A"):
        corpus.novelty(number="CN109999999A")
    with pytest.raises(QueryError, match="not a number"):
        corpus.novelty(number="what?")
    with pytest.raises(QueryError, match="CN109999999A"):
        corpus.novelty(CLAIM, like=["CN109999999A"])


def test_a_very_long_text_is_searched_with(corpus: ipsearch.Corpus) -> None:
    """Five megabytes of description end in an honest result, the nearest first."""
    text = "石墨烯导电剂，将石墨与溶剂混合，超声剥离。" * 80_000
    results = corpus.novelty(text)
    assert results[0].family_id == "F1"
    assert any("first 200000 characters" in str(said) for said in results.warnings)


# international applications

LATER = {"publication_date": date(2019, 9, 9), "filing_date": date(2017, 6, 1)}
PHASE = "CN201780000001.2"  # type 8: the national phase of an international application


def _international(number: str, **more: Any) -> dict[str, Any]:
    return patent(number, GRAPHENE, "2019-09-09", filing_date=date(2017, 6, 1), **more)


def _event(code: str, text: str) -> list[dict[str, Any]]:
    return [{"date": date(2020, 1, 1), "code": code, "name": None, "text": text}]


ENTERING = [
    RECORDS[7],  # the subject
    _international("WO2019000001A1", application_number="PCT/CN2018/000001"),
    _international("WO2019000002A1", family_id="ENTERED"),
    patent("CN110000002A", "茶", "2020-02-02", application_number=PHASE, family_id="ENTERED"),
    _international("WO2019000003A1", family_id="CLAIMED"),
    patent(
        "CN110000003A",
        "茶",
        "2020-02-02",
        application_number="CN201710000001.9",
        family_id="CLAIMED",
    ),
    _international("WO2019000004A1", legal_events=_event("ENP", "REF COUNTRY CODE: CN")),
    _international("WO2019000005A1", legal_events=_event("ENP", "REF COUNTRY CODE: US")),
    _international("WO2019000006A1", legal_events=_event("NENP", "REF COUNTRY CODE: CN")),
    patent("CN110000001A", "茶", "2020-02-02", other_numbers=["PCT/CN2018/000001"]),
    patent("CN110000007A", GRAPHENE, "2019-09-09"),
]


def test_international_applications_conflict_once_they_entered(tmp_path: Path) -> None:
    """One that entered at the subject's office is listed: where a record there goes by its number,
    is of its family and has the number of a national phase, or an event says so. The others are
    named, as not known to have entered; what has no filing date is said."""
    with ipsearch.create(tmp_path / "corpus", shards=2) as corpus:
        empty = dict.fromkeys(to_batch([], "patent").schema.names)
        corpus.ingest(to_batch([empty | record for record in ENTERING], "patent"))
        results = corpus.novelty(number="CN101000009A")
        found = {hit.id for hit in results.conflicting}
        assert found == {"WO2019000001A1", "WO2019000002A1", "WO2019000004A1"}
        (said,) = (str(each) for each in results.warnings if "international" in str(each))
        assert said.startswith("3 international applications are not listed")
        for number in ("WO2019000003A1", "WO2019000005A1", "WO2019000006A1"):
            assert number in said
        assert any("no filing date" in str(each) for each in results.warnings)


def test_an_applicants_own_earlier_application_conflicts(tmp_path: Path) -> None:
    """What the subject's own applicant filed before is listed, unless it is of its family."""
    party = [{"name": "某某公司"}]
    more = {"filing_date": date(2017, 1, 1), "applicants": party}
    records = [
        RECORDS[7] | {"applicants": party},
        patent("CN110000001A", GRAPHENE, "2019-09-09", **more),
        patent("CN110000002A", GRAPHENE, "2019-09-09", family_id="OWN", **more),
    ]
    with ipsearch.create(tmp_path / "corpus", shards=1) as corpus:
        empty = dict.fromkeys(to_batch([], "patent").schema.names)
        corpus.ingest(to_batch([empty | record for record in records], "patent"))
        found = corpus.novelty(number="CN101000009A").conflicting
        assert [hit.id for hit in found] == ["CN110000001A"]


# what is searched with


def test_words_of_the_subject_alone_take_no_room(corpus: ipsearch.Corpus) -> None:
    """Of a few words taken, none is one that only the subject's own family has."""
    results = corpus.novelty(number="CN101000009A", settings=Settings(most_terms=5))
    (terms,) = {asked.terms for asked in results.asked}
    assert len(terms) == 5
    assert "cn101000002a" not in terms and "简单" not in terms  # only its own abstract has them
    assert results.settings.most_terms == 5


def test_a_class_holds_for_documents_that_are_named(corpus: ipsearch.Corpus) -> None:
    """A document that the text names and that is not in the class is not put forward."""
    named = corpus.novelty(number="CN101000009A", in_class="H01M").prior_art
    assert [hit.id for hit in named if hit.is_named] == []
    text = f"{CLAIM} 如CN101000001A所述。"
    assert corpus.novelty(text, in_class="H01M")[0].is_named


@pytest.mark.parametrize("second_stage", [0, 200])
def test_the_order_of_a_list_is_that_of_its_scores(
    corpus: ipsearch.Corpus, second_stage: int
) -> None:
    """A document that the text names scores above all others, though it be no nearer."""
    text = f"{CLAIM} 如CN101000002A和CN101000004A所述。"
    hits = corpus.novelty(text, settings=Settings(second_stage=second_stage)).prior_art
    assert [hit.is_named for hit in hits[:3]] == [True, True, False]
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert scores[1] > scores[2]


def test_synonyms_of_several_words_are_one(corpus: ipsearch.Corpus) -> None:
    """A user's synonym may be several words, and the subject's word too."""
    same = Synonyms.read(["搓制机器 = 茶叶揉捻机"])
    results = corpus.novelty("搓制机器", synonyms=same, evidence=1)
    assert results[0].id == "CN101000010A"
    assert results[0].coverage == pytest.approx(1.0)


def test_one_passage_with_all_is_nearer_than_many_with_some(tmp_path: Path) -> None:
    """Of two long documents of the same words the one that has them together comes first, once
    texts are read again."""
    words = ["石墨烯", "无人机", "电池", "红外"]
    filler = [f"第{n}段说的是茶叶。" for n in range(4)]
    together = ["".join(words), *filler[1:], filler[0]]
    apart = [f"{word}{line}" for word, line in zip(words, filler, strict=True)]
    records = [
        patent(number, "茶", "2015-01-01", description=[{"text": text} for text in texts])
        for number, texts in (("CN101000001A", apart), ("CN101000002A", together))
    ]
    with ipsearch.create(tmp_path / "corpus", shards=1) as corpus:
        empty = dict.fromkeys(to_batch([], "patent").schema.names)
        corpus.ingest(to_batch([empty | record for record in records], "patent"))
        once = corpus.novelty("".join(words), settings=Settings(second_stage=0))
        again = corpus.novelty("".join(words))
        assert again[0].id == "CN101000002A"
        gap = {hit.id: hit.score for hit in once}
        assert gap["CN101000001A"] == pytest.approx(gap["CN101000002A"], rel=0.05)


# the command


def run(*arguments: str | Path) -> Any:
    return CliRunner().invoke(cli, ["--lang", "en", "novelty", *map(str, arguments)])


def test_the_command_charts_and_says_what_it_knows(corpus: ipsearch.Corpus) -> None:
    """JSON Lines have every field; the table has a line for each feature."""
    result = run(corpus.path, "--number", "CN101000009A", "--evidence", "2", "-o", "jsonl")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert {"rank", "score", "id", "family_id", "list", "features"} <= set(rows[0])
    assert {row["list"] for row in rows} == {"prior_art", "conflicting"}
    table = run(corpus.path, "--number", "CN101000009A", "--evidence", "2")
    assert "[0002]" in table.stdout
    assert "conflicting applications: 2" in table.stderr


def test_files_of_three_sorts_are_read(corpus: ipsearch.Corpus, tmp_path: Path) -> None:
    """A text, a Word document and an office's XML give hits; what is neither is an error."""
    (tmp_path / "claim.txt").write_text(CLAIM, encoding="gb18030")
    body = (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body><w:p><w:r><w:t>{CLAIM}</w:t></w:r></w:p></w:body></w:document>"
    )
    with zipfile.ZipFile(tmp_path / "claim.docx", "w") as archive:
        archive.writestr("word/document.xml", body)
    typed = run(corpus.path, "--text", CLAIM, "-o", "jsonl").stdout
    for name in ("claim.txt", "claim.docx"):
        assert run(corpus.path, "--file", tmp_path / name, "-o", "jsonl").stdout == typed
    samples = Path(__file__).parents[2] / "samples"
    xml = samples / "cnipa" / "CN199900001A.xml"
    assert run(corpus.path, "--file", xml).exit_code == 0
    (tmp_path / "bad.docx").write_bytes(b"PK\x03\x04 broken")
    assert run(corpus.path, "--file", tmp_path / "bad.docx").exit_code == 1


def test_many_searches_make_a_trec_run(corpus: ipsearch.Corpus, tmp_path: Path) -> None:
    """Each line of the batch gives its prior art in TREC's form; bad ones are named."""
    queries = [
        {"id": "q1", "text": CLAIM, "before": "2018-01-01"},
        {"id": "q2", "number": "CN109999999A"},
        {"id": "q3", "number": "CN101000009A"},
    ]
    (tmp_path / "q.jsonl").write_text("\n".join(map(json.dumps, queries)), encoding="utf-8")
    result = run(corpus.path, "--batch", tmp_path / "q.jsonl", "--tag", "t")
    assert result.exit_code == 4
    rows = [line.split() for line in result.stdout.splitlines()]
    assert {row[0] for row in rows} == {"q1", "q3"}
    assert all(row[1] == "Q0" and row[5] == "t" and float(row[4]) >= 0 for row in rows)
    assert [int(row[3]) for row in rows if row[0] == "q1"] == list(
        range(1, sum(row[0] == "q1" for row in rows) + 1)
    )
    assert "q.jsonl:2" in result.stderr


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> ipsearch.Corpus:
    """Records of a few words, of three offices and fourteen years, in families of one to three."""
    draw = random.Random("both lists")
    words = ["石墨", "电池", "导电", "涂层", "薄膜", "阀门", "轴承", "泵体", "叶片", "支架"]
    rows = []
    for number in range(600):
        filed = date(2005, 1, 1) + timedelta(days=draw.randrange(5_000))
        published = filed + timedelta(days=draw.randrange(100, 1_500))
        office = draw.choices(["CN", "WO", "US"], [8, 1, 1])[0]
        rows.append(
            patent(
                f"{office}{101_100_000 + number}A",
                "".join(draw.choices(words, k=6)),
                published.isoformat() if draw.random() < 0.97 else None,
                filing_date=filed if draw.random() < 0.97 else None,
                family_id=f"F{draw.randrange(400)}",
            )
        )
    corpus = ipsearch.create(tmp_path_factory.mktemp("many") / "corpus", shards=3)
    empty = dict.fromkeys(to_batch([], "patent").schema.names)
    corpus.ingest(to_batch([empty | row for row in rows], "patent"))
    return corpus


@pytest.mark.parametrize(("share", "limit"), [(1, 30), (24, 3), (24, 40)])
def test_both_lists_at_once_are_what_two_searches_give(
    many: ipsearch.Corpus, monkeypatch: pytest.MonkeyPatch, share: int, limit: int
) -> None:
    """However many records are looked at once, each list is as if it had been asked for alone."""

    def found(number: str) -> list[tuple[Any, ...]]:
        results = many.novelty(number=number, limit=limit)
        return [(h.list, h.rank, h.id, round(h.score, 4)) for h in results], results.warnings

    numbers = [hit.id for hit in many.query("office:CN", limit=400)][::16]
    monkeypatch.setattr(novelty_search, "_LOOKED_AT_CONFLICTING", share)
    monkeypatch.setattr(novelty_search, "_LOOKED_AT_PRIOR", 1)
    at_once = [found(number) for number in numbers]
    assert {row[0] for rows, _ in at_once for row in rows} == {"prior_art", "conflicting"}
    monkeypatch.setattr(novelty_search._Run, "_look_at_once", lambda run: None)
    assert at_once == [found(number) for number in numbers]


def test_words_that_hardly_count_are_left_out_to_a_hundredth(tmp_path: Path) -> None:
    """Without the words that nearly all records have, the best are those that all words give, and
    their scores lower by less than a hundredth."""
    draw = random.Random("hardly")
    words = ["石墨", "电池", "导电", "涂层", "薄膜", "阀门", "轴承", "叶片", "支架", "齿轮", "弹簧"]
    rows = [
        patent(
            f"CN{101_000_000 + n}A",
            "一种装置" * (draw.random() < 0.98)
            + "".join(draw.choices(words, [1 / k for k in range(1, 12)], k=4)),
            "2010-01-01",
        )
        for n in range(400)
    ]
    corpus = ipsearch.create(tmp_path / "corpus", shards=2)
    empty = dict.fromkeys(to_batch([], "patent").schema.names)
    corpus.ingest(to_batch([empty | row for row in rows], "patent"))
    is_lower = False
    for row in rows[::20]:
        text = row["titles"][0]["text"]
        scores = []
        for negligible in (0.0, 0.01):
            settings = Settings(negligible=negligible, second_stage=0)
            hits = corpus.novelty(text=text, limit=50, settings=settings)
            scores.append({hit.id: hit.score for hit in hits})
        with_all, without = scores
        is_lower |= with_all != without
        assert len(without) == len(with_all) == 50
        least = min(with_all.values())
        for id_, score in without.items():
            assert 0.99 * with_all.get(id_, least) < score <= 1.00001 * with_all.get(id_, least)
    assert is_lower


def test_a_list_is_filled_with_what_has_a_common_word_alone(tmp_path: Path) -> None:
    """Where too few records have a telling word, those come too that have a common one."""
    rows = [patent(f"CN{101_000_000 + n}A", "一种装置", "2010-01-01") for n in range(30)]
    rows.append(patent("CN101000099A", "一种石墨烯散热膜装置", "2010-01-01"))
    corpus = ipsearch.create(tmp_path / "corpus", shards=2)
    empty = dict.fromkeys(to_batch([], "patent").schema.names)
    corpus.ingest(to_batch([empty | row for row in rows], "patent"))
    settings = Settings(negligible=0.2)
    few = corpus.novelty(text="一种石墨烯散热膜装置", limit=1, settings=settings)
    assert [hit.id for hit in few] == ["CN101000099A"]
    all_ = corpus.novelty(text="一种石墨烯散热膜装置", limit=40, settings=settings)
    assert next(iter(all_)).id == "CN101000099A"
    assert len(list(all_)) == 31
