"""What is put on a terminal: harmless, aligned in cells, and complete in both languages."""

from __future__ import annotations

import json
import string
import unicodedata
from dataclasses import fields
from datetime import date

import pytest
from click.testing import CliRunner

from ipsearch.cli import output, terminal
from ipsearch.cli.ingest import ingest
from ipsearch.cli.main import COMMANDS, cli
from ipsearch.cli.messages import MESSAGES, language, message
from ipsearch.corpus.summary import Summary
from ipsearch.records import PATENT, TRADEMARK
from ipsearch.sources.unpacking import Limits

HOSTILE = "a\x1b[31mb\x07c\x9b2Jd\u202ee\u2066f\u200fg\ud800h\x7fi"


def test_clean_leaves_nothing_that_moves_or_turns() -> None:
    """No control character, direction override or lone surrogate is left, and none vanishes."""
    cleaned = terminal.clean(HOSTILE)
    assert not {"Cc", "Cf", "Cs"} & {unicodedata.category(char) for char in cleaned}
    assert "<U+202E>" in cleaned and "␛[31m" in cleaned
    assert [char for char in cleaned if char in "abcdefghi"] == list("abcdefghi")


def test_clean_keeps_what_is_harmless() -> None:
    """Chinese, accents, combining marks, symbols and spaces stay as they are."""
    text = "锂离子  电池（正极）é e\u0301 μm ≤ 𠀀 👍"
    assert terminal.clean(text) == text


def test_clean_gives_one_line() -> None:
    """Line ends of every sort become a space; `clean_lines` makes lines of them."""
    text = "one\r\ntwo\nthree\u2028four\x85five"
    assert terminal.clean(text) == "one two three four five"
    assert terminal.clean_lines(text) == ["one", "two", "three", "four", "five"]


@pytest.mark.parametrize(
    ("text", "cells"), [("abc", 3), ("电池", 4), ("ａ", 2), ("e\u0301", 1), ("한글", 4), ("", 0)]
)
def test_width_counts_cells(text: str, cells: int) -> None:
    """A wide character takes two cells, a combining mark none."""
    assert terminal.width(text) == cells


@pytest.mark.parametrize("most", range(1, 12))
def test_shorten_never_exceeds_its_room(most: int) -> None:
    """What is cut fits and says that it was cut; what fits is not cut."""
    for text in ("锂离子电池", "lithium", "a锂b离c"):
        cut = terminal.shorten(text, most)
        assert terminal.width(cut) <= most
        assert cut == text if terminal.width(text) <= most else cut.endswith("…")


def test_pad_fills_to_cells() -> None:
    """Padded texts are equally wide, whatever they are made of."""
    assert terminal.width(terminal.pad("电池", 7)) == terminal.width(terminal.pad("ab", 7)) == 7
    assert terminal.pad("12", 4, right=True) == "  12"


def test_json_is_exact_and_harmless() -> None:
    """JSON reads back as what it was, has no unsafe character in it, and keeps Chinese readable."""
    row = {"title": "电池" + HOSTILE, "date": date(2021, 3, 5), "spans": ((1, 2),)}
    text = output.to_json(row)
    expected = {"title": "电池" + HOSTILE, "date": "2021-03-05", "spans": [[1, 2]]}
    assert json.loads(text.encode("utf-8", "backslashreplace")) == expected
    assert "电池" in text and "\x1b" not in text and "\u202e" not in text and "\x9b" not in text


@pytest.mark.parametrize(
    ("value", "flat"),
    [
        (None, ""),
        ((), ""),
        (["H01M4/36", "H01M10/0525"], "H01M4/36; H01M10/0525"),
        ((9, 12), "9; 12"),
        (date(2021, 3, 5), "2021-03-05"),
        (True, "true"),
        ([{"name": "某某公司", "address": "示例路1号", "organization": None}], "某某公司"),
        ([{"name": None, "address": None, "organization": "某某代理所"}], "某某代理所"),
        ([{"language": "zh", "label": "1", "text": "一种电池"}], "一种电池"),
        ([{"office": "CN", "number": "CN1", "date": date(2020, 1, 2)}], "CN CN1 2020-01-02"),
        ([{"nice_class": 9, "goods": ["电池", "芯片"]}, {"nice_class": 12}], "9 电池, 芯片; 12"),
    ],
)
def test_flatten(value: object, flat: str) -> None:
    """Lists are joined by "; ", passages are their text, parties their name, dates ISO 8601."""
    assert output.flatten(value) == flat


def test_every_message_has_both_languages_and_the_same_values() -> None:
    """Chinese and English put in the same values, so that no message fails in one of them."""
    for key, texts in MESSAGES.items():
        assert set(texts) == {"en", "zh"}, key
        names = [
            sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)
            for text in texts.values()
        ]
        assert names[0] == names[1], key


def test_every_column_and_figure_has_a_name() -> None:
    """Whatever a record or a summary has is labelled in both languages."""
    shown = set(PATENT.names) | set(TRADEMARK.names)
    elsewhere = {"id", "claims", "description", "is_event", "product"}
    assert {f"field.{name}" for name in shown - elsewhere} <= set(MESSAGES)
    kept = {field.name for field in fields(Summary)}
    assert {key.removeprefix("sum.") for key in MESSAGES if key.startswith("sum.")} <= kept | {
        "patent",
        "trademark",
    }


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW"}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE"}, "en"),
        ({}, "en"),
        ({"LC_ALL": "C", "LANG": "zh_CN"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "zh_CN", "LANG": "en_US"}, "zh"),
    ],
)
def test_language_follows_the_locale(
    environment: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LC_ALL before LC_MESSAGES before LANG; an empty one does not count; zh* is Chinese."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language() == expected
    assert message("interrupted") == MESSAGES["interrupted"]["zh" if expected == "zh" else "en"]


def test_help_names_the_limits_that_hold() -> None:
    """The defaults that `ingest --help` names are those of the library."""
    limits = Limits()
    helped = {option.name: getattr(option, "help", "") or "" for option in ingest.params}
    for name in ("max_ratio", "max_nesting", "max_members"):
        assert helped[name].endswith(f"default {getattr(limits, name)}."), name


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    """`--help` of each command works, shows an example, and has a word of Chinese."""
    result = CliRunner().invoke(cli, [name, "--help"])
    assert result.exit_code == 0
    assert f"ipsearch {name}" in result.stdout.partition("Example:")[2]
    assert any("\u4e00" <= char <= "\u9fff" for char in result.stdout)


def test_no_cell_of_csv_is_a_formula(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """A text that a spreadsheet would compute has an apostrophe before it; a number has none."""
    columns = [output.Column("a"), output.Column("b")]
    output._write_csv([{"a": '=HYPERLINK("x")', "b": -1.5}, {"a": "a=b", "b": "+1"}], columns)
    lines = capfdbinary.readouterr().out.decode().splitlines()
    assert lines == ["a,b", '"\'=HYPERLINK(""x"")",-1.5000', "a=b,'+1"]
