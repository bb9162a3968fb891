"""The query language, clause by clause: what is read, and what is refused where."""

from __future__ import annotations

import pytest

from ipsearch.errors import QueryError
from ipsearch.records import Kind
from ipsearch.search import parse
from ipsearch.search.fields import FIELDS, find_field
from ipsearch.search.parser import MAX_DEPTH
from ipsearch.search.tree import And, Everything, Exact, Node, Not, Number, Or, Range, Value, Words

TAC = find_field("tac", "patent")
TI = find_field("ti", "patent")
IPC = find_field("ipc", "patent")
PD = find_field("pd", "patent")


def exact(text: str) -> Exact:
    return Exact(text, TAC)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ('"a" OR "b" AND "c"', Or((exact("a"), And((exact("b"), exact("c")))))),
        ('"a" "b" OR "c"', Or((And((exact("a"), exact("b")), True), exact("c")))),
        ('NOT "a" "b"', And((Not(exact("a")), exact("b")), True)),
        ('NOT NOT "a"', Not(Not(exact("a")))),
        ('NOT ("a" OR "b")', Not(Or((exact("a"), exact("b"))))),
        (
            "（“甲” 或 「乙」） 与 非 『丙』",
            And((Or((exact("甲"), exact("乙"))), Not(exact("丙")))),
        ),
        ('"a AND (b OR"', exact("a AND (b OR")),
        ('“a"b', And((exact("a"), Words("b", TAC)), True)),
        ("and or not", And(tuple(Words(w, TAC) for w in ("and", "or", "not")), True)),
        ('ti:("a" OR "b")', Or((Exact("a", TI), Exact("b", TI)))),
        ('ti:("a" OR ipc:H01M)', Or((Exact("a", TI), Value("H01M", IPC)))),
        ("标题：“电池” 分类号:H01M", And((Exact("电池", TI), Value("H01M", IPC)), True)),
        ("TITLE:电池", Words("电池", TI, False)),
        ("*", Everything()),
        ("pd:2021", Range(20210101, 20211231, PD)),
        ("pd:2021..2022-03", Range(20210101, 20220331, PD)),
        ("pd:[2021-02 TO *]", Range(20210201, None, PD)),
        ("公开日：［2021年 至 2022年］", Range(20210101, 20221231, PD)),
        ("pd>=2021", Range(20210101, None, PD)),
        ("pd>2021", Range(20211232, None, PD)),
        ("pd<2021", Range(None, 20210100, PD)),
        ("pd＜＝2021", Range(None, 20211231, PD)),
        ("pd=2021-03-05", Range(20210305, 20210305, PD)),
        ("pd:..", Range(None, None, PD)),
        ("an:200710123456.7", Number("200710123456.7", find_field("an", "patent"))),
        ("10:30", Words("10:30", TAC)),
    ],
)
def test_trees(text: str, tree: Node) -> None:
    """OR binds least, words side by side are joined by AND, a field reaches over its brackets."""
    assert parse(text, "patent") == tree


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", 1),
        ("   ", 1),
        ('a "b', 3),
        ("“a", 1),
        ("(a", 1),
        ("((a)", 1),
        ("a)", 2),
        ("a AND", 6),
        ("AND a", 1),
        ("a OR OR b", 6),
        ("NOT", 4),
        ('a ""', 3),
        ("“　”", 1),
        ("ti:", 4),
        ("a nosuch:b", 3),
        ("pd:2021-13", 4),
        ("pd:2022..2021", 4),
        ("pd:[2021 2022]", 4),
        ("pd:[2021 TO", 4),
        ("ti>2021", 3),
        (">2021", 1),
        ("pd>", 4),
        ("nclaims:many", 9),
        ("a ]", 3),
        ("a \ud800", 3),
    ],
)
def test_errors_name_the_column(text: str, column: int) -> None:
    """What cannot be read is refused with the column where it begins, counted from 1."""
    with pytest.raises(QueryError) as caught:
        parse(text, "patent")
    assert caught.value.column == column
    assert str(caught.value).startswith(f"column {column}: ")


@pytest.mark.parametrize("kind", ["patent", "trademark"])
def test_every_name_of_a_field_is_read(kind: Kind) -> None:
    """A field is known by its name and each alias, in either case and with either colon."""
    for field in FIELDS[kind]:
        value = {"date": "2021", "integer": "3"}.get(field.nature, "电池")
        expected = parse(f"{field.name}:{value}", kind)
        for name in (field.name, field.name.upper(), *field.aliases):
            assert parse(f"{name}:{value}", kind) == expected
            assert parse(f"{name}：{value}", kind) == expected


def test_names_mean_one_field() -> None:
    """No two fields of a kind share a name."""
    for fields in FIELDS.values():
        names = [name.casefold() for field in fields for name in (field.name, *field.aliases)]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("opening", ["(", "NOT ", "ti:(", "NOT("])
def test_depth_is_bounded(opening: str) -> None:
    """What is nested deeper than anyone writes is refused, however deep; what is not, is read."""
    closing = ")" if "(" in opening else ""
    levels = MAX_DEPTH // 2 - 1
    parse(opening * levels + "a" + closing * levels, "patent")
    for levels in (MAX_DEPTH + 1, 100_000):
        with pytest.raises(QueryError, match="levels"):
            parse(opening * levels + "a" + closing * levels, "patent")
