"""The search report of a made-up search against a committed one, in both languages.

`--update-golden` writes them anew: read the difference.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ipsearch.novelty import (
    Chart,
    CorpusFacts,
    Match,
    NoveltyHit,
    NoveltyResults,
    Pair,
    Settings,
    from_record,
)
from ipsearch.novelty.report import make_report
from ipsearch.novelty.report_categories import suggestions
from ipsearch.novelty.report_markdown import as_markdown
from ipsearch.novelty.report_parts import Language
from ipsearch.novelty.results import Asked, Caution, List
from ipsearch.records import SCHEMAS

GOLDEN = Path(__file__).parent / "data"

FEATURES = ("一种巡检无人机，包括机身", "所述机身下方装有红外相机", "所述相机由充电桩供电")
CLAIM = f"{FEATURES[0]}，其特征在于，{'；'.join(FEATURES[1:])}。"
PASSAGE = "机身下方装有红外相机，夜间沿围栏巡检。"


def subject_record() -> dict[str, object]:
    return {
        **dict.fromkeys(SCHEMAS["patent"].names),
        "id": "CN108900009A",
        "office": "CN",
        "filing_date": date(2020, 6, 1),
        "priority_date": date(2020, 2, 3),
        "titles": [{"language": "zh", "text": "一种巡检无人机"}],
        "abstracts": [{"language": "zh", "text": "与CN104500001A相比，能在夜间巡检。"}],
        "claims": [{"language": "zh", "label": "1", "text": CLAIM}],
        "ipc": ["B64C39/02"],
    }


def chart(labels: list[str], *coverages: float) -> tuple[Match, ...]:
    return tuple(
        Match(label, coverage, "de", "[0012]", PASSAGE, ((0, 4), (6, 10)))
        if coverage
        else Match(label, 0.0, "", "", "", ())
        for label, coverage in zip(labels, coverages, strict=True)
    )


def hit(
    rank: int, number: str, title: str | None, which: List, features: tuple[Match, ...]
) -> NoveltyHit:
    published = date(2021, 1, 5) if which == "conflicting" else date(2014, 4, rank)
    return NoveltyHit(
        rank=rank,
        score=1.0 / rank,
        id=number,
        family_id=None,
        list=which,
        title=title,
        office=number[:2],
        publication_date=published,
        filing_date=date(2013, 1, 1) if rank == 1 else None,
        priority_date=None,
        applicants=("某某航空有限公司", "某某大学") if rank == 1 else (),
        ipc=("B64C39/02", "G01J5/00") if rank == 1 else (),
        is_named=number == "CN104500001A",
        coverage=Chart(features).coverage if features else None,
        features=features,
    )


def made_up() -> NoveltyResults:
    """A search that found each sort of document."""
    subject = from_record(subject_record())
    assert subject.claim is not None
    labels = [feature.label for feature in subject.claim.features]
    terms = ("无人机", "红外", "相机", "充电", "巡检", "机身")
    asked = (Asked("prior art", terms, 1234), Asked("conflicting applications", terms, 7))
    return NoveltyResults(
        subject=subject,
        hits=(
            hit(1, "CN104500001A", "一种无人机", "prior_art", chart(labels, 0.95, 0.9, 0.91)),
            hit(2, "US20140000002A1", "Drone with camera", "prior_art", chart(labels, 1, 0.2, 0)),
            hit(3, "CN104500003A", "*充电桩* | <b>", "prior_art", chart(labels, 0, 0.95, 1)),
            hit(4, "CN104500004A", None, "prior_art", chart(labels, 0.3, 0.8999, 0)),
            hit(5, "CN104500005A", "1. 一种围栏", "prior_art", ()),
            hit(1, "CN112900001A", "夜间巡检设备", "conflicting", chart(labels, 1, 1, 0.9)),
        ),
        pairs=(Pair(("US20140000002A1", "CN104500003A"), (1 + 0.95 + 1) / 3),),
        counting=lambda: asked,
        warnings=(
            Caution("warning.undated", {"records": 3}),
            Caution(
                "warning.not_entered",
                {"records": 2, "office": "CN", "numbers": "WO2019100001A1, WO2019100002A1"},
            ),
        ),
        settings=Settings(ipc_boost=2.5, by_script=False, fields={"ti": 1, "ab": 0.5}),
        elapsed_s=0.5,
    )


FACTS = CorpusFacts(
    name="made-up",
    records=12_345,
    first_published=date(1985, 9, 10),
    last_published=date(2023, 12, 29),
    offices=(("CN", 12_000), ("US", 345)),
    sources=(("cnipa_patent", 12_000), ("google_patents", 345)),
    last_ingested=date(2024, 1, 2),
    version="9.9.9",
    searched=date(2024, 2, 3),
)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_report_matches_golden(language: Language, update_golden: bool) -> None:
    """A search that found each sort of document gives exactly the report that we committed."""
    asked = {"in_class": ["B64C", "G01J"], "like": []}
    report = as_markdown(make_report(made_up(), FACTS, language=language, conditions=asked))
    golden = GOLDEN / f"novelty_report.{language}.md"
    if update_golden:
        golden.write_text(report, encoding="utf-8")
    assert golden.is_file(), "no golden report: run pytest --update-golden and look at it"
    assert report == golden.read_text(encoding="utf-8")


def test_a_category_is_suggested_by_the_words_alone() -> None:
    """X covers every feature, two of a pair cover them together (Y), an application published later
    covers all (E), others do not (A); what was not charted has no letter."""
    assert suggestions(made_up()) == {
        "CN104500001A": "X",
        "US20140000002A1": "Y",
        "CN104500003A": "Y",
        "CN104500004A": "A",
        "CN112900001A": "E",
    }
