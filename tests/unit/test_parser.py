"""The query language, clause by clause: what is read, and what is refused where."""

from __future__ import annotations

import pytest

from ipsearch.errors import QueryError
from ipsearch.records import LEGAL_STATUSES, LIVENESS, Kind
from ipsearch.search import parse
from ipsearch.search.fields import FIELDS, find_field
from ipsearch.search.parser import MAX_DEPTH
from ipsearch.search.tree import (
    And,
    Boosted,
    Earlier,
    Everything,
    Exact,
    Near,
    Node,
    Not,
    Number,
    Or,
    Pattern,
    Range,
    Value,
    Words,
)

TACD = find_field("tacd", "patent")
TI = find_field("ti", "patent")
IPC = find_field("ipc", "patent")
PD = find_field("pd", "patent")


def exact(text: str) -> Exact:
    return Exact(text, TACD)


def word(text: str) -> Words:
    return Words(text, TACD)


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
        ('“a"b', And((exact("a"), Words("b", TACD)), True)),
        ("and or not", And(tuple(Words(w, TACD) for w in ("and", "or", "not")), True)),
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
        ("10:30", Words("10:30", TACD)),
        ("甲 W/5 乙", Near(word("甲"), word("乙"), 5, True)),
        ("甲 n/0 乙", Near(word("甲"), word("乙"), 0, False)),
        ("甲　Ｗ／５　乙", Near(word("甲"), word("乙"), 5, True)),
        ("甲 near/999 乙", Near(word("甲"), word("乙"), 999, False)),
        ('"a" W/1 (b OR c*)', Near(exact("a"), Or((word("b"), Pattern("c*", TACD))), 1, True)),
        ("ti:a W/1 b", Near(Words("a", TI, False), Words("b", TI, False), 1, True)),
        ('ti:(a W/1 "b")', Near(Words("a", TI, False), Exact("b", TI), 1, True)),
        ("a W/1 tacd:b", Near(word("a"), Words("b", TACD, False), 1, True)),
        (
            "NOT a W/1 b c",
            And((Not(Near(word("a"), word("b"), 1, True)), word("c")), True),
        ),
        (
            "a N/2 b OR c AND d N/2 e",
            Or(
                (
                    Near(word("a"), word("b"), 2, False),
                    And((word("c"), Near(word("d"), word("e"), 2, False))),
                )
            ),
        ),
        ("a^3", Boosted(word("a"), 3.0)),
        ("甲＾０.５", Boosted(word("甲"), 0.5)),
        ("a ^3", Boosted(word("a"), 3.0)),
        ("a^2^.5", Boosted(Boosted(word("a"), 2.0), 0.5)),
        ('NOT "a"^3', Not(Boosted(exact("a"), 3.0))),
        ("(a b)^3", Boosted(And((word("a"), word("b")), True), 3.0)),
        ("(a W/1 b)^3", Boosted(Near(word("a"), word("b"), 1, True), 3.0)),
        ("ti:a^3", Boosted(Words("a", TI, False), 3.0)),
        ("pd>=2021^3", Boosted(Range(20210101, None, PD), 3.0)),
        ("pd:[2021 TO *]^3", Boosted(Range(20210101, None, PD), 3.0)),
        ("10^-3", word("10^-3")),
        ("x^2+1", word("x^2+1")),
        ("a^b^2", Boosted(word("a^b"), 2.0)),
        ("^", word("^")),
        ("^a", word("^a")),
        ("#3 AND ＃12", And((Earlier(3), Earlier(12)))),
        ("#3a", word("#3a")),
        ("C#", word("C#")),
        ("ti:(#3 OR a)", Or((Earlier(3), Words("a", TI, False)))),
        ("batter*", Pattern("batter*", TACD)),
        ("石？烯", Pattern("石？烯", TACD)),
        ("ti:(*烯 OR a)", Or((Pattern("*烯", TI, False), Words("a", TI, False)))),
        ('"a*"', exact("a*")),
        ("＊", Everything()),
        ("ipc:H01M*", Value("H01M*", IPC)),
        ("ipc:H01M＊", Value("H01M*", IPC)),
        ('an:"200710123456.7 "', Number("200710123456.7 ", find_field("an", "patent"))),
        ("ＮＯＴ 甲", Not(word("甲"))),
        ("w/o", word("w/o")),
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
        ("pd:[2021 2022]", 10),
        ("pd:[2021 TO", 12),
        ("ti>2021", 3),
        (">2021", 1),
        ("pd>", 4),
        ("nclaims:many", 9),
        ("a ]", 3),
        ("a \ud800", 3),
        ("W/3 a", 1),
        ("a W/3", 6),
        ("a W/3 NOT b", 7),
        ("a W/1000 b", 3),
        ("a W/3 b W/3 c", 9),
        ("(a W/3 b) W/3 c", 1),
        ("ti:a W/3 ab:b", 10),
        ("a W/3 ti:b", 7),
        ("(ti:a OR ab:b) W/3 c", 1),
        ("a W/3 (b c)", 7),
        ("a W/3 b^2", 7),
        ("a W/3 pd:2021", 7),
        ("a W/3 *", 7),
        ("a W/3 #1", 7),
        ("^3", 1),
        ("a^0", 2),
        ("a^1000001", 2),
        ('"a"^b', 4),
        ("(a)^-3", 4),
        ("#0", 1),
        ("#1234567890", 1),
        ("ti:#1", 4),
        ("ti:*", 4),
        ("？", 1),
        ("a **", 3),
        ("pd:2021*", 4),
        ("pd>202?", 4),
        ("office:C*", 8),
        ("an:2007*", 4),
        ("nclaims:1?", 9),
        ("ipc:H*1M", 5),
        ("ipc:H01?", 5),
        ("ipc:*", 5),
        ('titel:"a"', 1),
        ('office:" "', 8),
    ],
)
def test_errors_name_the_column(text: str, column: int) -> None:
    """What cannot be read is refused with its column, from 1, and what could stand there."""
    with pytest.raises(QueryError) as caught:
        parse(text, "patent")
    assert caught.value.column == column
    said = str(caught.value)
    assert said.startswith(f"column {column}: ")
    assert any(sign in said for sign in (" expected", "there are: ", "is not a", "there is no "))


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a W/3 b W/3 c", "join two by AND"),
        ("a W/3 b^2", r"boost it as a whole: \(A W/3 B\)\^2"),
        ("a N/3 ti:b", "fields tacd and ti where one field"),
        ("office:C*", "a whole value for office"),
        ("ti>2021", "'>' where : was expected: ti holds neither"),
        ("pd:2021-13", "there is no month 13"),
    ],
)
def test_errors_say_what_to_do(text: str, hint: str) -> None:
    """An error that a searcher is likely to meet names the cure, or the field."""
    with pytest.raises(QueryError, match=hint):
        parse(text, "patent")


@pytest.mark.parametrize("word", ["live", "alive", "有效"])
def test_marks_are_live_or_dead(word: str) -> None:
    """Live and dead are read in both languages; each legal status is one or the other."""
    live = find_field("ld", "trademark")
    assert parse(f"ld:{word}", "trademark") == Value("live", live)
    assert parse("有效性:失效", "trademark") == Value("dead", live)
    with pytest.raises(QueryError, match="column 4: 'granted' where live"):
        parse("ld:granted", "trademark")
    statuses = [status for name in ("live", "dead") for status in LIVENESS[name]]
    assert sorted(statuses) == sorted(LEGAL_STATUSES)


@pytest.mark.parametrize("kind", ["patent", "trademark"])
def test_every_name_of_a_field_is_read(kind: Kind) -> None:
    """A field is known by its name and each alias, in either case and with either colon."""
    for field in FIELDS[kind]:
        value = {"date": "2021", "integer": "3"}.get(field.nature, "电池")
        value = "有效" if field.name == "ld" else value
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
    parse(opening * MAX_DEPTH + "a" + closing * MAX_DEPTH, "patent")
    for levels in (MAX_DEPTH + 1, 100_000):
        with pytest.raises(QueryError, match="levels"):
            parse(opening * levels + "a" + closing * levels, "patent")
