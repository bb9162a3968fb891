"""Class symbols: laws that hold for all of them."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipsearch.classification import (
    ancestors,
    parse_locarno,
    parse_main_class,
    parse_nice,
    parse_similar_group,
    parse_symbol,
    parse_vienna,
)
from ipsearch.errors import ClassificationError

subclasses = st.from_regex(r"[A-HY][0-9]{2}[A-Z]", fullmatch=True)
main_groups = st.integers(1, 9999)
# two digits, or more of which the last is no zero
subgroups = st.from_regex(r"[0-9]{2}|[0-9]{2}[0-9]{0,3}[1-9]", fullmatch=True)


@given(subclasses, main_groups, subgroups)
def test_st8_and_spaced_forms_read_back(subclass: str, main_group: int, subgroup: str) -> None:
    """ST.8's 14 characters, and the spaced form, read as the symbol that they were made of."""
    symbol = f"{subclass}{main_group}/{subgroup}"
    assert parse_symbol(symbol) == symbol
    assert parse_symbol(f"{subclass}{main_group:04}{subgroup:0<6}") == symbol
    assert parse_symbol(f"{subclass.lower()} {main_group:4}/{subgroup} (2006.01)") == symbol


@given(subclasses, main_groups, subgroups)
def test_ancestors_are_prefixes_that_parse(subclass: str, main_group: int, subgroup: str) -> None:
    """Each ancestor is a symbol, and the beginning of the next one."""
    levels = ancestors(f"{subclass}{main_group}/{subgroup}")
    assert len(levels) == 5
    for level, below in itertools.pairwise(levels):
        assert parse_symbol(level) == level
        assert below.startswith(level)


@given(st.integers(1, 45), st.integers(1, 99), st.integers(1, 99))
def test_parts_of_similar_groups_read_back(class_: int, group: int, part: int) -> None:
    """A part given in Arabic digits is printed in Chinese, and reads back as printed."""
    code = f"{class_:02}{group:02}"
    read = parse_similar_group(f"{code}({part})")
    assert read[0] == code
    assert parse_similar_group(f"{code}（{read[1]}）") == read


@given(st.integers(1, 29), st.integers(1, 99), st.integers(0, 99))
def test_vienna_codes_read_back(category: int, division: int, section: int) -> None:
    """A Vienna code reads the same with and without its zeros."""
    code = f"{category:02}.{division:02}.{section:02}"
    assert parse_vienna(code) == code
    assert parse_vienna(f"{category}.{division}.{section}") == code
    assert parse_vienna(code.replace(".", "")) == code


@pytest.mark.parametrize(
    "parse",
    [parse_symbol, parse_locarno, parse_main_class, parse_nice, parse_similar_group, parse_vienna],
)
@given(text=st.text() | st.text("HAY01/.-()第类一十 LOCINTCL:", max_size=120))
def test_any_text_reads_or_raises_our_error(parse: Callable[[str], object], text: str) -> None:
    """No text makes a reader fail in any other way than its own error."""
    with contextlib.suppress(ClassificationError):
        parse(text)
