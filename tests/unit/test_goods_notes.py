"""The sentences of notes: what each says, on goods of our own."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def notes() -> ModuleType:
    """The script's reader of notes."""
    path = Path(__file__).parents[2] / "scripts" / "goods_notes.py"
    spec = importlib.util.spec_from_file_location("goods_notes", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["goods_notes"] = module  # its dataclasses look themselves up
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("本类似群与9902类似", ["similar 9901 ~ 9902"]),
        ("红笔,蓝笔与9902第(二)部分墨类似", ["similar 9901:红笔|蓝笔 ~ 9902(二):墨"]),
        (
            "第一、二自然段与9902,9903纸(书写用,白),本类似群第(三)部分类似",
            [
                "similar 9901#1 ~ 9902",
                "similar 9901#1 ~ 9903:纸(书写用,白)",
                "similar 9901#1 ~ 9901(三)",
                "similar 9901#2 ~ 9902",
                "similar 9901#2 ~ 9903:纸(书写用,白)",
                "similar 9901#2 ~ 9901(三)",
            ],
        ),
        (
            "笔与9902墨类似,与第十一版及以前版本9902墨汁,第九版及以前版本水交叉检索",
            [
                "similar 9901:笔 ~ 9902:墨",
                "searched 9901:笔 ~ 9902:墨汁 (11)",
                "searched 9901:笔 ~ 9902:水 (9)",
            ],
        ),
        (
            "本类似群与第八版及以前版本9904已接受商品笔杆等商品交叉检索",
            ["searched 9901 ~ 9904:笔杆… (8)"],
        ),
        ("本类似群(红笔除外)与9902类似", ["similar 9901-红笔 ~ 9902"]),
        ("本类似群与9902除墨水以外的其他商品类似", ["similar 9901 ~ 9902-墨水"]),
        ("笔与9902,9903各种瓶类似", ["similar 9901:笔 ~ 9902*瓶", "similar 9901:笔 ~ 9903*瓶"]),
        ("笔与9902木门,铁门等门窗类似", ["similar 9901:笔 ~ 9902:木门|铁门…"]),
        (
            "跨类似群保护商品：毛笔(软)(9901,9905第(二)部分),刷(9901,9906)",
            ["shared 9901:毛笔(软) ~ 9905(二):毛笔(软)", "shared 9901:刷 ~ 9906:刷"],
        ),
        ("本类似群各部分之间商品不类似", ["9901* parts_apart"]),
        (
            "本类似群各部分之间商品不类似,但第(一)部分笔与第(二)部分墨类似",
            ["9901* parts_apart", "similar 9901(一):笔 ~ 9901(二):墨"],
        ),
        (
            "本类似群第(一)、(二)部分互为类似商品,其他各部分之间商品不类似",
            ["9901* parts_apart", "similar 9901(一) ~ 9901(二)"],
        ),
        ("本类似群为单一服务,各自然段间互不类似", ["9901* paragraphs_apart"]),
        ("本类似群第(五)部分为单一服务,各自然段间互不类似", ["9901五 paragraphs_apart"]),
        ("第(四)部分的商品互相之间不判为类似商品", ["9901四 items_apart"]),
        ("本类似群第一自然段商品与各部分商品均类似", ["9901* first_with_all"]),
        ("第(三)部分根据商品的功能、用途确定类似商品", ["9901三 by_function"]),
        ("本部分为墨", []),
    ],
)
def test_sentences(notes: ModuleType, sentence: str, expected: list[str]) -> None:
    """A sentence gives the relations and rules that it states."""

    def shown(scope: object) -> str:
        part = "" if scope.part == "*" else f"({scope.part})"  # type: ignore[attr-defined]
        paragraph = f"#{scope.paragraph}" if scope.paragraph else ""  # type: ignore[attr-defined]
        names = "|".join(scope.names)  # type: ignore[attr-defined]
        mark = {"all": "", "named": ":", "open": ":", "except": "-", "ending": "*"}
        end = "…" if scope.only == "open" else ""  # type: ignore[attr-defined]
        return f"{scope.group}{part}{paragraph}{mark[scope.only]}{names}{end}"  # type: ignore[attr-defined]

    found = []
    for one in notes.read_clause(sentence, "9901", "*"):
        if isinstance(one, notes.Rule):
            found.append(f"{one.group}{one.part} {one.name}")
        else:
            edition = f" ({one.edition})" if one.edition else ""
            found.append(f"{one.kind} {shown(one.left)} ~ {shown(one.right)}{edition}")
    assert found == expected


def test_notes_are_cut(notes: ModuleType) -> None:
    """Numbered sentences are cut apart, wherever a line is broken or a full stop is missing."""
    note = "1.笔与9902类\n似；2.跨类似群保护商品：刷(9901,9906)3.墨与9903类似。"
    assert list(notes.clauses(note)) == [
        "笔与9902类似",
        "跨类似群保护商品：刷(9901,9906)",
        "墨与9903类似",
    ]


def test_what_is_not_understood_is_said(notes: ModuleType) -> None:
    """A sentence of no known pattern is refused, not guessed."""
    with pytest.raises(notes.NotUnderstoodError):
        notes.read_clause("本类似群商品须经审批", "9901", "*")
