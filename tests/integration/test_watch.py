"""Watches: from files to alerts, in Python and on the command line."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import ipsearch
from ipsearch.cli.main import cli
from ipsearch.errors import CorpusError, QueryError, UnknownNameError
from ipsearch.records import to_batch
from ipsearch.watch import CompetitorWatch, MarkWatch, PatentWatch, TopicWatch

CLAIM = (
    "一种石墨烯正极片，其特征在于，包括集流体和涂覆于所述集流体表面的活性层；"
    "所述活性层由磷酸铁锂颗粒和石墨烯薄片组成；所述石墨烯薄片的厚度为三纳米。"
)


def run(*arguments: str | Path, lang: str = "en", stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["--lang", lang, *map(str, arguments)], input=stdin)


def jsonl(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code in (0, 3), result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def patent(number: int, title: str, **more: Any) -> dict[str, Any]:
    record_id = f"CN{100000000 + number}A"
    row = {
        "id": record_id,
        "publication_number": record_id,
        "application_number": f"CN2020{10000000 + number}",
        "office": "CN",
        "source": "test",
        "titles": [{"language": "zh", "text": title}],
        "applicants": [{"name": f"某某公司{number}"}],
        "publication_date": date(2026, 3, 2),
    }
    claims = more.pop("claims", None)
    if claims is not None:
        row["claims"] = [{"language": "zh", "label": "1", "text": claims}]
    cites = more.pop("cites", None)
    if cites is not None:
        row["citations"] = [{"publication_number": cites}]
    return row | more


def mark(number: int, text: str | None, **more: Any) -> dict[str, Any]:
    classes = more.pop("classes", [9])
    groups = more.pop("groups", [])
    owner = more.pop("owner", f"某某公司{number}")
    office = more.pop("office", "CN")
    return {
        "id": f"{office}{70000000 + number}",
        "application_number": f"{office}{70000000 + number}",
        "office": office,
        "source": "test",
        "mark_text": text,
        "owners": [{"name": owner}],
        "classes": [
            {"nice_class": n, "similar_groups": [{"group": g} for g in groups], "goods": []}
            for n in classes
        ],
        "legal_status": "pending",
        "filing_date": date(2026, 1, 5),
        "preliminary_publication_date": date(2026, 3, 6),
        **more,
    }


def give(corpus: ipsearch.Corpus, *rows: dict[str, Any]) -> None:
    kind = "trademark" if "mark_text" in rows[0] else "patent"
    corpus.ingest(to_batch(list(rows), kind), workers=1)


@pytest.fixture
def corpus(tmp_path: Path) -> ipsearch.Corpus:
    corpus = ipsearch.create(tmp_path / "corpus", shards=2)
    give(corpus, patent(1, "石墨烯正极片", claims=CLAIM, applicants=[{"name": "云雀材料有限公司"}]))
    give(corpus, patent(2, "茶叶加工方法", claims="一种茶叶加工方法，包括萎凋和揉捻。"))
    return corpus


def seen(corpus: ipsearch.Corpus, watch: str) -> dict[str, str]:
    return {alert.record_id: alert.severity for alert in corpus.watches.alerts(watch=watch)}


def test_a_query_raises_one_alert_a_record(corpus: ipsearch.Corpus) -> None:
    """What matches raises an alert once; later runs look only at what came in since."""
    corpus.watches.add(TopicWatch('"石墨烯"', name="石墨烯"))
    first = corpus.watches.run(workers=1)
    assert [(one.records, one.new) for one in first.looked] == [(2, 1)]
    (alert,) = corpus.watches.alerts(run=first.number)
    assert (alert.record_id, alert.severity, alert.score) == ("CN100000001A", "found", None)
    assert alert.facts.title == "石墨烯正极片"
    assert "石墨烯" in alert.evidence[0]["text"]
    again = corpus.watches.run(workers=1)
    assert [(one.records, one.new) for one in again.looked] == [(0, 0)]
    give(corpus, patent(3, "石墨烯涂料"), patent(4, "铝合金门窗"))
    third = corpus.watches.run(workers=1)
    assert [(one.records, one.new) for one in third.looked] == [(2, 1)]
    assert seen(corpus, "石墨烯") == {"CN100000001A": "found", "CN100000003A": "found"}
    assert corpus.watches.alerts(run=third.number)[0].record_id == "CN100000003A"


def test_from_now_on(corpus: ipsearch.Corpus) -> None:
    """A watch that looks from now on raises nothing for what is there already."""
    corpus.watches.add(TopicWatch("石墨烯", name="a"), from_now=True)
    assert corpus.watches.run(workers=1).alerts == 0
    give(corpus, patent(3, "石墨烯涂料"))
    assert corpus.watches.run(workers=1).alerts == 1
    assert seen(corpus, "a") == {"CN100000003A": "found"}


def test_a_patent_is_watched_by_its_claims_and_by_citations(corpus: ipsearch.Corpus) -> None:
    """New documents near the claims and those that cite it, but none of the owner's own."""
    corpus.watches.add(PatentWatch("CN100000001A", name="正极片"), from_now=True)
    near = CLAIM.replace("三纳米", "五纳米").replace("正极片", "电极片")
    give(
        corpus,
        patent(11, "石墨烯电极片", claims=near),
        patent(12, "茶杯", claims="一种茶杯，包括杯体和杯盖。", cites="CN100000001B"),
        patent(13, "电极", claims=near, applicants=[{"name": "云雀材料股份有限公司"}]),
        patent(14, "门窗", claims="一种门窗，包括窗框。"),
        patent(15, "又一电极片", claims=near, cites="CN100000001A"),
    )
    corpus.watches.run(workers=1)
    assert seen(corpus, "正极片") == {
        "CN100000011A": "very_near",
        "CN100000012A": "cites",
        "CN100000015A": "very_near",
    }
    first, second, cites = corpus.watches.alerts(watch="正极片")
    assert [reason.aspect for reason in second.reasons] in (["claim"], ["claim", "citation"])
    assert {r.aspect for a in (first, second) for r in a.reasons} == {"claim", "citation"}
    assert cites.reasons[0].detail == "CN100000001A"
    evidence = first.evidence
    assert evidence[0]["label"] == "1.a" and "集流体" in evidence[0]["text"]


def test_a_patent_that_is_not_there_is_a_fault_and_waits(corpus: ipsearch.Corpus) -> None:
    """It looks at everything once its record has come, and others look meanwhile."""
    corpus.watches.add(PatentWatch("CN100000050A"), TopicWatch("茶叶", name="茶"))
    ran = corpus.watches.run(workers=1)
    assert [one.fault is None for one in ran.looked] == [False, True]
    assert "CN100000050A" in str(ran.faults[0].fault)
    give(corpus, patent(50, "电极", claims=CLAIM))
    ran = corpus.watches.run(workers=1)
    assert ran.faults == ()
    assert set(seen(corpus, "CN100000050A")) == {"CN100000001A"}


def test_a_mark_is_watched(corpus: ipsearch.Corpus) -> None:
    """Marks of others that are near, for similar goods, and not known to be dead."""
    watch = MarkWatch(
        "云雀之歌", classes=(9,), groups=("0901",), owners=("云雀电子有限公司",), name="m"
    )
    corpus.watches.add(watch)
    corpus.watches.run(workers=1)
    give(
        corpus,
        mark(1, "云雀之歌", groups=["0901"]),
        mark(2, "雲雀之歌", classes=[9, 35]),
        mark(3, "云鹊之歌", groups=["0901"]),
        mark(4, "云雀之歌", classes=[30]),
        mark(5, "云雀之歌", groups=["0920"]),
        mark(6, "云雀之歌", groups=["0901"], owner="雲雀電子股份有限公司"),
        mark(7, "云雀之歌", groups=["0901"], legal_status="refused"),
        mark(8, "晨谷山水", groups=["0901"]),
        mark(9, None, groups=["0901"]),
        mark(10, "LARK", groups=["0901"], transliteration="云雀之歌"),
        mark(11, "云雀之歌", groups=["0901"], legal_status=None, office="JM"),
    )
    ran = corpus.watches.run(workers=1)
    assert ran.faults == ()
    assert seen(corpus, "m") == {
        "CN70000001": "identical",
        "CN70000002": "identical",
        "CN70000003": "very_near",
        "CN70000010": "identical",
        "JM70000011": "identical",
    }
    alerts = {alert.record_id: alert for alert in corpus.watches.alerts(watch="m")}
    first = alerts["CN70000001"]
    assert [reason.aspect for reason in first.reasons] == ["identity", "goods"]
    assert first.deadline == date(2026, 6, 6) and "2026-06-06" in first.deadline_note
    assert alerts["JM70000011"].deadline is None
    assert alerts["JM70000011"].deadline_note.startswith("deadline unknown")
    assert [alert.severity for alert in corpus.watches.alerts(watch="m")][-1] == "very_near"


def test_a_competitor_in_other_spellings(corpus: ipsearch.Corpus) -> None:
    """All that is filed under a name of the firm, patents and marks, whatever its spelling."""
    watch = CompetitorWatch(("雲雀材料有限公司", "Larko Materials GmbH"), name="云雀")
    corpus.watches.add(watch)
    corpus.watches.run(workers=1)
    assert seen(corpus, "云雀") == {"CN100000001A": "identical"}
    give(
        corpus,
        patent(21, "茶", applicants=[{"name": "某某公司"}, {"name": "LARKO MATERIALS AG"}]),
        patent(22, "茶", applicants=[{"name": "深圳市云雀材料有限公司"}]),
        patent(23, "茶", applicants=[{"name": "云雀食品有限公司"}]),
    )
    give(corpus, mark(1, "晨谷", owner="云雀材料集团有限公司"), mark(2, "晨谷"))
    ran = corpus.watches.run(workers=1)
    assert seen(corpus, "云雀") == {
        "CN100000001A": "identical",
        "CN100000021A": "identical",
        "CN100000022A": "very_near",
        "CN70000001": "identical",
    }
    assert [(one.records, one.new) for one in ran.looked] == [(5, 3)]
    (alert,) = [a for a in corpus.watches.alerts() if a.record_id == "CN70000001"]
    assert alert.deadline == date(2026, 6, 6)
    assert alert.kind == "trademark" and alert.reasons[0].aspect == "name"


def test_states(corpus: ipsearch.Corpus) -> None:
    """An alert that was dealt with is silent until what matters in its record changes."""
    corpus.watches.add(CompetitorWatch(("云雀材料有限公司",), name="云雀"))
    give(corpus, *(mark(n, "晨谷", owner="云雀材料有限公司") for n in range(1, 5)))
    corpus.watches.run(workers=1)
    alerts = {alert.record_id: alert for alert in corpus.watches.alerts()}
    corpus.watches.acknowledge(alerts["CN70000001"].id, alerts["CN70000004"].id)
    corpus.watches.dismiss(alerts["CN70000002"].id, reason="别的商品")
    with pytest.raises(CorpusError, match="with a reason"):
        corpus.watches.dismiss(alerts["CN70000003"].id, reason=" ")
    with pytest.raises(UnknownNameError, match="999"):
        corpus.watches.acknowledge(alerts["CN70000003"].id, 999)
    assert {a.record_id for a in corpus.watches.alerts(state=["open", "reopened"])} == {
        "CN100000001A",
        "CN70000003",
    }
    day = {"transaction_date": date(2026, 5, 1)}
    give(
        corpus,
        mark(1, "晨谷", owner="云雀材料有限公司", legal_status="registered", **day),
        mark(2, "晨谷山", owner="云雀材料有限公司", **day),
        mark(3, "晨谷", owner="云雀材料有限公司", legal_status="refused", **day),
        mark(4, "晨谷", owner="云雀材料有限公司", agents=[{"name": "某某代理"}], **day),
    )
    ran = corpus.watches.run(workers=1)
    assert [(one.new, one.reopened) for one in ran.looked] == [(0, 2)]
    states = {a.record_id: (a.state, a.note) for a in corpus.watches.alerts()}
    assert states == {
        "CN100000001A": ("open", ""),
        "CN70000001": ("reopened", "changed: status"),
        "CN70000002": ("reopened", "changed: text; dismissed before: 别的商品"),
        "CN70000003": ("open", "changed: status"),
        "CN70000004": ("acknowledged", ""),
    }
    corpus.watches.acknowledge(alerts["CN70000001"].id)
    give(
        corpus,
        mark(1, "晨谷", owner="某某公司", transaction_date=date(2026, 6, 1)),
    )
    corpus.watches.run(workers=1)
    gone = corpus.watches.alert(alerts["CN70000001"].id)
    assert (gone.severity, gone.state, gone.facts.parties) == ("ceased", "reopened", ("某某公司",))
    assert gone.note == "changed: status, owner"
    corpus.watches.reopen(alerts["CN70000004"].id, note="再看")
    assert corpus.watches.alert(alerts["CN70000004"].id).state == "reopened"


def test_lists_are_kept_changed_and_carried(corpus: ipsearch.Corpus, tmp_path: Path) -> None:
    """A name is taken once; what is the same is passed over; a file takes the list elsewhere."""
    watches = corpus.watches
    watches.add(TopicWatch("茶叶", name="a"), PatentWatch("CN100000001A", name="b"))
    watches.add(TopicWatch("茶叶", name="a"))
    with pytest.raises(CorpusError, match="already: a"):
        watches.add(TopicWatch("茶杯", name="a"), TopicWatch("茶壶", name="c"))
    assert [kept.name for kept in watches] == ["a", "b"]
    watches.run(workers=1)
    assert watches.get("a").waiting == 1
    watches.add(TopicWatch("茶叶", name="a", note="每周"), replace=True)
    assert (watches.get("a").looked_to, watches.get("a").waiting) == (2, 1)
    watches.add(TopicWatch("茶", name="a"), replace=True)
    assert watches.get("a").looked_to == 0
    watches.export(tmp_path / "list.toml")
    other = ipsearch.create(tmp_path / "other")
    other.watches.load(tmp_path / "list.toml")
    kept = {one.name: one.watch for one in watches}
    assert {one.name: one.watch for one in other.watches} == kept
    watches.remove("a")
    assert watches.alerts() == []
    with pytest.raises(UnknownNameError, match="there are: b"):
        watches.get("a")
    with pytest.raises(QueryError, match="watch 'x'"):
        watches.add(TopicWatch("((", name="x"))


PROGRAM = """
import sys, ipsearch
from ipsearch.watch import book
book_write = book.Watchbook.write_looks
def slow(self, run, looks):
    import time
    book_write(self, run, looks)
    print("written", flush=True)
    time.sleep(0.02)
book.Watchbook.write_looks = slow
from ipsearch.watch import run
run._WRITTEN_AT_ONCE = 5
ipsearch.open(sys.argv[1]).watches.run(workers=1)
"""


def test_a_killed_run_goes_on(corpus: ipsearch.Corpus) -> None:
    """Killed again and again, the runs together raise what one raises, each alert once."""
    give(corpus, *(patent(n, f"茶叶{n}", claims="茶叶") for n in range(100, 160)))
    corpus.watches.add(TopicWatch("茶叶", name="a"), TopicWatch("石墨烯", name="b"))
    for writes in (1, 4, 9):
        command = [sys.executable, "-c", PROGRAM, str(corpus.path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            for _ in range(writes):
                process.stdout.readline()
            process.kill()
    ran = corpus.watches.run(workers=1)
    assert ran.number == 1  # the one that did not come to its end
    assert [(one.name, one.new) for one in ran.looked] == [("a", 61), ("b", 1)]
    assert len(corpus.watches.alerts()) == 62
    assert corpus.watches.run(workers=1).number == 2
    assert len(corpus.watches.alerts()) == 62


def test_two_at_once(corpus: ipsearch.Corpus) -> None:
    """Runs of several processes take turns: each alert is raised once."""
    give(corpus, *(patent(n, f"茶叶{n}") for n in range(100, 160)))
    corpus.watches.add(*(TopicWatch(f"茶叶 AND pd>={2000 + n}", name=str(n)) for n in range(5)))
    command = [sys.executable, "-c", PROGRAM, str(corpus.path)]
    processes = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait() for process in processes] == [0, 0]
    assert len(corpus.watches.alerts()) == 5 * 61


def test_on_the_command_line(corpus: ipsearch.Corpus, tmp_path: Path) -> None:
    """From a list to a digest, each step by its command."""
    folder = corpus.path
    added = run("watch", "add", folder, "--mark", "云雀之歌", "--class", "9", "--name", "云雀")
    assert (added.exit_code, added.stderr) == (0, "watch 云雀 kept\n")
    toml = tmp_path / "list.toml"
    toml.write_text('version = 1\n[[competitor]]\nnames = ["某某公司2"]\nnote = "对手"\n', "utf-8")
    assert "1" in run("watch", "import", folder, toml, lang="zh").stderr
    names = [row["name"] for row in jsonl(run("watch", "list", folder, "-o", "jsonl"))]
    assert names == ["云雀", "某某公司2"]
    ran = run("watch", "run", folder, "--fail-on-alert", "-o", "jsonl")
    assert ran.exit_code == 3
    assert [(row["name"], row["new"], row["run"]) for row in jsonl(ran)] == [
        ("云雀", 0, 1),
        ("某某公司2", 1, 1),
    ]
    assert run("watch", "run", folder, "--fail-on-alert").exit_code == 0
    delivery = tmp_path / "delivery.jsonl"
    row = {"record": "trademark", **mark(1, "云雀之歌")}
    delivery.write_text(json.dumps(row, default=str) + "\n", encoding="utf-8")
    ingested = run("ingest", delivery, "--into", folder, "--watch", "--workers", "1")
    assert ingested.exit_code == 0
    assert "run 3: watches that looked: 2; alerts: new 1, reopened 0" in ingested.stderr
    (found,) = jsonl(run("watch", "alerts", folder, "--watch", "云雀", "-o", "jsonl"))
    assert (found["record_id"], found["severity"]) == ("CN70000001", "identical")
    assert found["deadline"] == "2026-06-06"
    table = run("watch", "alerts", folder, lang="zh").stdout
    assert "相同" in table and "CN70000001" in table and "2026-06-06" in table
    shown = run("watch", "alert", folder, found["id"], lang="zh").stdout
    assert "云雀之歌" in shown and "异议" in shown
    assert json.loads(run("watch", "show", folder, "云雀", "-o", "jsonl").stdout)["waiting"] == 1
    dismissed = run("watch", "dismiss", folder, found["id"], "--reason", "自己的")
    assert dismissed.stderr == "dismissed: 1\n"
    assert run("watch", "acknowledge", folder, "--watch", "某某公司2").exit_code == 0
    assert jsonl(run("watch", "alerts", folder, "-o", "jsonl")) == []
    states = jsonl(run("watch", "alerts", folder, "--state", "all", "-o", "jsonl"))
    assert [row["state"] for row in states] == ["dismissed", "acknowledged"]
    assert run("watch", "reopen", folder, found["id"]).exit_code == 0
    page, feed = tmp_path / "digest.html", tmp_path / "feed.xml"
    assert run("watch", "digest", folder, page, lang="zh").exit_code == 0
    assert "监测提醒" in page.read_text("utf-8")
    assert run("watch", "digest", folder, feed, "--state", "all").exit_code == 0
    assert feed.read_text("utf-8").count("<item>") == 2
    csv = run("watch", "digest", folder, "-", "--format", "csv").stdout
    assert csv.splitlines()[0].startswith("id,watch,watch_kind,severity")
    exported = run("watch", "export", folder, "-").stdout
    assert '[[mark]]\nname = "云雀"\ntext = "云雀之歌"\nclasses = [9]\n' in exported
    assert run("watch", "remove", folder, "云雀").exit_code == 0
    assert [row["name"] for row in jsonl(run("watch", "list", folder, "-o", "jsonl"))] == [
        "某某公司2"
    ]


@pytest.mark.parametrize(
    ("arguments", "status", "reason"),
    [
        (["add", "DIR"], 2, "give one of --mark"),
        (["add", "DIR", "--mark", "a", "--patent", "CN1"], 2, "give one of --mark"),
        (["add", "DIR", "--patent", "CN100000001A", "--class", "9"], 2, "--class does not go"),
        (["add", "DIR", "--mark", "云雀", "--class", "46"], 1, "46"),
        (["add", "DIR", "--mark", "云雀", "--group", "0999"], 1, "0999"),
        (["add", "DIR", "--mark", "云雀", "--goods", "qqxqq"], 1, "qqxqq"),
        (["add", "DIR", "--mark", " "], 1, "sign"),
        (["add", "DIR", "--query", "(("], 1, "column"),
        (["add", "DIR", "--competitor", "*"], 1, "name '*'"),
        (["show", "DIR", "x"], 1, "no watch called 'x'; there are: none"),
        (["alert", "DIR", "5"], 1, "no alert of this number: 5"),
        (["acknowledge", "DIR"], 2, "give the alerts' numbers"),
        (["digest", "DIR", "a.pdf"], 1, "no format 'pdf'; there are: csv"),
        (["digest", "DIR", "-"], 2, "--format"),
        (["alerts", "DIR", "--watch", "x"], 1, "no watch called 'x'"),
    ],
)
def test_what_is_wrong_is_said(
    corpus: ipsearch.Corpus, arguments: list[str], status: int, reason: str
) -> None:
    """One line and an exit status; nothing is kept."""
    given = [str(corpus.path) if argument == "DIR" else argument for argument in arguments]
    result = run("watch", *given)
    assert (result.exit_code, reason in result.stderr) == (status, True), result.stderr
    assert list(corpus.watches) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_both_ways_of_looking_give_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    """Held against what came in, in one process or several, or asked of the index: one result."""
    from ipsearch.watch import marks, patents

    pick = random.Random(4)
    words = ["石墨烯", "正极片", "集流体", "磷酸铁锂", "颗粒", "薄片", "机器人", "传感器", "电机"]

    def claim() -> str:
        parts = ["、".join(pick.sample(words, 3)) for _ in range(3)]
        return f"一种装置，其特征在于，包括{parts[0]}；{parts[1]}；{parts[2]}。"

    def sign() -> str:
        return "".join(pick.choices("云雀晨谷山水金银星月", k=pick.choice((2, 3, 4))))

    corpus = ipsearch.create(tmp_path / "corpus", shards=2)
    give(corpus, *(patent(n, f"装置{n}", claims=claim()) for n in range(5)))
    own = [
        *(PatentWatch(f"CN{100000000 + n}A", threshold=0.6) for n in range(5)),
        *(MarkWatch(sign(), classes=(9,) if n % 2 else (), name=f"m{n}") for n in range(12)),
    ]
    give(corpus, *(patent(n, "装置", claims=claim()) for n in range(10, 240)))
    give(corpus, *(mark(n, sign(), classes=[pick.choice((9, 30))]) for n in range(220)))
    found = []
    for is_joined in (True, False):
        corpus.watches.add(*own)
        for module in (marks, patents):
            monkeypatch.setattr(module, "is_joined", lambda *_, joined=is_joined: joined)
        corpus.watches.run(workers=workers)
        found.append({(a.watch, a.record_id, a.severity, a.score) for a in corpus.watches.alerts()})
        corpus.watches.remove(*(kept.name for kept in corpus.watches))
    assert found[0] == found[1]
    assert {watch[:2] for watch, *_ in found[0]} >= {"m1", "CN"}


def test_the_sample_list_raises_alerts(tmp_path: Path) -> None:
    """The list among the samples finds something in the samples, of every kind it may."""
    samples = Path(__file__).parents[2] / "samples"
    corpus = ipsearch.create(tmp_path / "corpus", shards=1)
    corpus.ingest([samples / "records.jsonl", samples / "trademarks_zh.csv"], workers=1)
    corpus.watches.load(samples / "watch.toml")
    ran = corpus.watches.run(workers=1)
    assert {one.kind for one in ran.looked if one.new} >= {"mark", "competitor"}
    assert {one.kind for one in ran.looked} == {"mark", "patent", "competitor", "topic"}
