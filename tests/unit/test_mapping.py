"""A user's own headers: what a mapping file may say, and what is told of one that is wrong."""

from __future__ import annotations

import io
import pickle
from pathlib import Path

import pytest

from ipsearch.errors import SourceError
from ipsearch.sources import table
from ipsearch.sources.base import Input, Notes, Record
from ipsearch.sources.mapping import parse_mapping, read_mapping

GOOD = """# 客户导出
[patent]
application_number = "案卷申请号"
titles = ["项目名称", "名称(客户)"]
"applicants.province" = "客户省份"
"""


def test_mapping_goes_into_a_table() -> None:
    """Headers that only the user knows are recognised and read; ours are still known."""
    mapping = parse_mapping(GOOD.encode(), "m.toml")
    content = (
        "案卷申请号,项目名称,客户省份,申请人\n202219900001.3,一种电池,湖北,某某公司\n".encode()
    )
    assert not table.recognises(content, "a.csv")
    assert table.recognises(content, "a.csv", mapping.aliases)
    notes = Notes()
    input = Input("a.csv", io.BytesIO(content), None, True, notes)
    (item,) = table.read(input, mapping.aliases)
    assert isinstance(item, Record)
    assert item.row["id"] == "CN202219900001.3"
    assert item.row["titles"] == [{"language": "zh", "text": "一种电池"}]
    assert item.row["applicants"][0]["province"] == "湖北省"
    assert notes.unmapped == set()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_same_mapping_however_saved(encoding: str, line_end: str, tmp_path: Path) -> None:
    """Encoding, line ends and the order of the targets make no difference."""
    path = tmp_path / "m.toml"
    path.write_bytes(GOOD.replace("\n", line_end).encode(encoding))
    reordered = GOOD.replace('application_number = "案卷申请号"\n', "").replace(
        "[patent]\n", '[patent]\napplication_number = ["案卷申请号"]\n'
    )
    found, other = read_mapping(path), parse_mapping(reordered.encode(), "m.toml")
    assert found.aliases["patent"]["titles"] == ["项目名称", "名称(客户)"]
    assert found.fingerprint == other.fingerprint
    assert pickle.loads(pickle.dumps(found)) == found


def test_unquoted_nested_target() -> None:
    """`applicants.province` without quotes means the same as with them."""
    plain = parse_mapping(b'[patent]\napplicants.province = "x1"\n', "m.toml")
    assert plain.aliases == {"patent": {"applicants.province": ["x1"]}}


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("[patent]\ntitles = \n", "line 2, column 10", "not TOML"),
        ("[patent]\ntitle = 'x'\n", "line 2", "'title', did you mean 'titles'"),
        ("\n[patents]\ntitles = 'x'\n", "line 2", "no section 'patents'; there are: [patent]"),
        ("patent = 3\n", "line 1", "'patent' is no section"),
        ("[patent]\nipc = 'a'\ntitles = 5\n", "line 3", "'titles' is neither a header nor a list"),
        ("[patent]\ntitles = ['a', 5]\n", "line 2", "['a', 5]"),
        ("[patent]\ntitles = '()'\n", "line 2", "'titles' has no header: '()'"),
        ("[patent]\nipc = 'A b'\n\ntitles = 'a-B'\n", "line 4", "means 'titles' here and 'ipc'"),
        ("[trademark]\nowners.planet = 'x'\n", "line 2", "'owners.planet'"),
        ("[trademark.owners]\ncity = 'x'\nplanet = 'y'\n", "line 3", "'owners.planet'"),
        ("# nothing\n", "", "no headers in it"),
        ("[patent]\n", "", "no headers in it"),
    ],
)
def test_wrong_mapping(text: str, position: str, words: str) -> None:
    """What is wrong is told with the file, the line and the key or value."""
    with pytest.raises(SourceError) as caught:
        parse_mapping(text.encode(), "m.toml")
    assert caught.value.position == position
    assert words in caught.value.reason
    assert str(caught.value).startswith("m.toml")


def test_file_that_is_none(tmp_path: Path) -> None:
    """A missing file, one that is far too long and one in no encoding are refused by name."""
    long = tmp_path / "long.toml"
    long.write_bytes(b"#" * (2 << 20))
    for path in (tmp_path / "none.toml", long, tmp_path):
        with pytest.raises(SourceError, match=path.name):
            read_mapping(path)
