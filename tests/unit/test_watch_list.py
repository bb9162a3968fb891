"""Watches, and watch lists as TOML."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipsearch.errors import CorpusError, IpsearchError
from ipsearch.records import KINDS
from ipsearch.watch.list_file import as_table, from_table, read_watches, write_watches
from ipsearch.watch.lists import (
    CompetitorWatch,
    MarkWatch,
    PatentWatch,
    TopicWatch,
    Watch,
    kind_of,
    subject_of,
)

words = st.text("云雀晨谷山水电池材料abcXYZ09 \"\\'\n，；#=[]", min_size=1, max_size=20).filter(
    lambda text: any(char.isalnum() for char in text)
)
notes = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
names = st.text("云雀晨谷 -_.\"\\'aZ0", min_size=1, max_size=20).filter(
    lambda text: text == text.strip()
)
shares = st.one_of(st.none(), st.floats(0.01, 1.0), st.just(1))
offices = st.lists(st.sampled_from(["CN", "US", "EP"]), unique=True).map(tuple)
watches = st.one_of(
    st.builds(
        MarkWatch,
        text=words,
        classes=st.lists(st.integers(1, 45), unique=True).map(tuple),
        groups=st.lists(st.sampled_from(["0901", "0913-一"]), unique=True).map(tuple),
        goods=st.lists(words, unique=True, max_size=2).map(tuple),
        threshold=shares,
        owners=st.lists(words, unique=True, max_size=2).map(tuple),
        offices=offices,
        also_dead=st.booleans(),
        name=names,
        note=notes,
    ),
    st.builds(
        PatentWatch,
        number=st.sampled_from(["CN101234567B", "US 10,172,347 B2"]),
        claim=st.one_of(st.none(), st.integers(1, 99)),
        threshold=shares,
        owners=st.lists(words, unique=True, max_size=2).map(tuple),
        offices=offices,
        name=names,
        note=notes,
    ),
    st.builds(
        CompetitorWatch,
        names=st.lists(st.sampled_from(["云雀*", "晨谷有限公司", 'A "B" & C']), min_size=1).map(
            lambda some: tuple(dict.fromkeys(some))
        ),
        kinds=st.sampled_from([KINDS, ("patent",), ("trademark",)]),
        offices=offices,
        name=names,
        note=notes,
    ),
    st.builds(
        TopicWatch,
        expression=st.sampled_from(['"石墨烯" AND ipc:H01M', "电池", "tm:云雀"]),
        kind=st.sampled_from(KINDS),
        name=names,
        note=notes,
    ),
)


@settings(max_examples=40)
@given(st.data())
def test_reading_inverts_writing(data: st.DataObject) -> None:
    """Whatever a watch is made of, reading the file gives the same watches."""
    written: list[Watch] = []
    for _ in range(data.draw(st.integers(0, 4))):
        try:
            watch = data.draw(watches)
        except IpsearchError:  # tm: is no field of a patent
            continue
        if watch.name not in {other.name for other in written}:
            written.append(watch)
    text = write_watches(written)
    read = read_watches(text, "test")
    assert sorted(read, key=lambda w: w.name) == sorted(written, key=lambda w: w.name)
    assert read_watches(text.replace("\n", "\r\n"), "test") == read
    for watch in written:
        assert from_table(kind_of(watch), as_table(watch), "test") == watch
        assert subject_of(watch)


def test_a_file_by_hand() -> None:
    """What may be left out may be; a name is by default what is watched."""
    text = """
version = 1
[[mark]]
text = "云雀 LARKO"
classes = [9]
groups = ["0901（一）"]
[[patent]]
number = "CN101234567B"
[[competitor]]
names = ["某某电子*", "某某电子有限公司"]
kinds = ["trademark"]
[[topic]]
expression = "石墨烯"
name = "石墨烯"
"""
    assert read_watches(text, "test") == [
        MarkWatch("云雀 LARKO", classes=(9,), groups=("0901-一",), name="云雀 LARKO"),
        PatentWatch("CN101234567B", name="CN101234567B"),
        CompetitorWatch(("某某电子*", "某某电子有限公司"), kinds=("trademark",), name="某某电子"),
        TopicWatch("石墨烯", name="石墨烯"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("version = 1\nname =", "f.toml: not TOML"),
        ("", "f.toml: version None, this library reads 1"),
        ("version = 1\n[[marks]]\ntext = 'a'", r"expected \[\[mark\]\], .* found 'marks'"),
        ("version = 1\nmark = 3", r"expected \[\[mark\]\] tables, found 3"),
        ("version = 1\nmark = [3]", "mark 1: not a table"),
        ("version = 1\n[[mark]]\nname = 'a'", "mark 1: no text"),
        ("version = 1\n[[mark]]\ntext = 3", "mark 1: text = 3 is not a text"),
        ("version = 1\n[[mark]]\ntext = 'a'\nclasses = ['9']", "classes = .* whole numbers"),
        ("version = 1\n[[mark]]\ntext = 'a'\nclasses = [46]", "mark 1: not a Nice class.*46"),
        ("version = 1\n[[mark]]\ntext = 'a'\ngroups = ['0999999']", "mark 1: not a similar group"),
        ("version = 1\n[[mark]]\ntext = ''", "mark 1: "),
        ("version = 1\n[[mark]]\ntext = 'ab'\nthreshold = 2", "mark 1: threshold 2"),
        ("version = 1\n[[mark]]\ntext = 'ab'\nthreshold = true", "threshold = True is not"),
        ("version = 1\n[[mark]]\ntext = 'ab'\noffices = ['CHN']", "not an office.*CHN"),
        ("version = 1\n[[mark]]\ntext = 'ab'\nnotes = 'x'", "notes has no meaning"),
        ("version = 1\n[[mark]]\ntext = 'ab'\n" + "[[mark]]\ntext = 'ab'", "named twice: ab"),
        ("version = 1\n[[patent]]\nnumber = '??'", "patent 1: not a number"),
        ("version = 1\n[[patent]]\nnumber = 'CN101234567B'\nclaim = 0", "patent 1: .*no claim 0"),
        ("version = 1\n[[competitor]]\nnames = []", "competitor 1: 0 names"),
        ("version = 1\n[[competitor]]\nnames = ['*']", "competitor 1: name '\\*'"),
        ("version = 1\n[[competitor]]\nnames = ['云雀']\nkinds = ['x']", "no kind 'x'"),
        ("version = 1\n[[topic]]\nexpression = '(('", "topic 1: watch '\\(\\('"),
        ("version = 1\n[[topic]]\nexpression = '#1'", "#1 is a query of a session"),
        ("version = 1\n[[topic]]\nexpression = 'a'\nname = ' b'", "no name of a watch"),
    ],
)
def test_what_is_wrong_is_said(text: str, reason: str) -> None:
    """A file that is not what it should be is refused, with its name and the place."""
    with pytest.raises(CorpusError, match=reason) as error:
        read_watches(text, "f.toml")
    assert str(error.value).startswith("f.toml: ")
