"""Topics as TOML."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipsearch.corpus.notebook import TopicText
from ipsearch.corpus.topic_file import read_topics, write_topics
from ipsearch.errors import CorpusError

texts = st.text(st.characters(exclude_categories=["Cs"]))
named = texts.filter(bool)
topics = st.lists(
    st.builds(TopicText, named, st.sampled_from(["patent", "trademark"]), named, texts),
    unique_by=lambda topic: topic.name,
)


@given(topics)
def test_reading_inverts_writing(written: list[TopicText]) -> None:
    """Whatever characters topics are made of, reading the file gives the same topics."""
    text = write_topics(written)
    assert read_topics(text, "test") == written
    assert read_topics(text.encode().decode("utf-8"), "test") == written


@given(topics)
def test_line_ends_that_an_editor_changes_do_not_count(written: list[TopicText]) -> None:
    """A file with the line ends of another system holds the same topics."""
    assert read_topics(write_topics(written).replace("\n", "\r\n"), "test") == written


def test_a_file_by_hand() -> None:
    """Kind and note may be left out; TOML's own ways to write long texts are read."""
    text = 'version = 1\n[[topic]]\nname = "电池"\nexpression = \'ti:"电池" AND pd>=2018\'\n'
    text += '[[topic]]\nname = "b"\nkind = "trademark"\nexpression = "a"\nnote = """\n一\n二"""\n'
    assert read_topics(text, "test") == [
        TopicText("电池", "patent", 'ti:"电池" AND pd>=2018', ""),
        TopicText("b", "trademark", "a", "一\n二"),
    ]
    assert tomllib.loads(write_topics([])) == {"version": 1}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("version = 1\nname =", "f.toml: not TOML"),
        ("", "f.toml: version None, this library reads 1"),
        ("version = 2", "version 2"),
        ("version = 1\nother = 3", "other"),
        ("version = 1\ntopic = 3", "expected \\[\\[topic\\]\\]"),
        ("version = 1\ntopic = [3]", "topic 1: not a table"),
        ('version = 1\n[[topic]]\nname = "a"', "topic 1: no expression"),
        ("version = 1\n[[topic]]\nname = 3", "topic 1: name = 3"),
        ('version = 1\n[[topic]]\nname = "a"\nexpression = "b"\nnotes = "c"', "notes"),
        ('version = 1\n[[topic]]\nname = "a"\nexpression = "b"\nkind = "design"', "'design'"),
        ('version = 1\n[[topic]]\nname = "a"\nexpression = "b"\n' * 1 + "[[topic]]", "topic 2"),
        (
            "version = 1\n" + '[[topic]]\nname = "a"\nexpression = "b"\n' * 2,
            "named twice: a",
        ),
        ("version = 1\na = " + "[" * 5_000, "not TOML"),
    ],
)
def test_what_is_wrong_is_said(text: str, reason: str) -> None:
    """A file that is not what it should be is refused, with its name and the place."""
    with pytest.raises(
        CorpusError, match=f"f.toml.*{reason}" if "f.toml" not in reason else reason
    ):
        read_topics(text, "f.toml")
