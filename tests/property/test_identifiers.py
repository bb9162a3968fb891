"""Numbers: laws that hold for all of them."""

from __future__ import annotations

import contextlib
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from ipsearch.errors import IdentifierError
from ipsearch.identifiers import (
    ApplicationNumber,
    PublicationNumber,
    explain,
    filed_as,
    filed_numbers,
    filing_keys,
    lookup_keys,
    mark_number,
)

publications = st.one_of(
    st.from_regex(r"CN[123][0-9]{8}[ABUSY]", fullmatch=True),
    st.from_regex(r"CN1[0-9]{6}[AC]", fullmatch=True),
    st.from_regex(r"US([3-9][0-9]{6}|1[0-9]{7})(A|B1|B2)", fullmatch=True),
    st.from_regex(r"US20[0-2][0-9]0[0-9]{6}A[129]", fullmatch=True),
    st.from_regex(r"US(D[1-9][0-9]{5}S1|RE[1-9][0-9]{4}E1?|PP[1-9][0-9]{4}P[23])", fullmatch=True),
    st.from_regex(r"EP[0-4][0-9]{6}[AB][1-9]", fullmatch=True),
    st.from_regex(r"WO(19[89]|20[0-2])[0-9]0[0-9]{5}A[1-3]", fullmatch=True),
    st.from_regex(r"JP20[0-2][0-9]{7}A", fullmatch=True),
    st.from_regex(r"JP[HS]0?[1-9][1-9][0-9]{1,5}A", fullmatch=True).filter(
        lambda text: text[3:5].isdigit() and text[5] != "0"
    ),
    st.from_regex(r"KR20[0-2][0-9]{8}A", fullmatch=True),
    st.from_regex(r"(DE|FR|GB|CA)[1-9][0-9]{5,11}(A1|C|B)", fullmatch=True),
    st.from_regex(r"TW[IM][0-9]{6}[BU]", fullmatch=True),
)
chinese_numbers = st.one_of(
    st.from_regex(r"(8[5-9]|9[0-9]|0[0-2])[1-389][0-9]{5}", fullmatch=True),
    st.from_regex(r"20(0[4-9]|[12][0-9])[1-389][0-9]{7}", fullmatch=True),
)
FULL_WIDTH = str.maketrans({code: code + 0xFEE0 for code in range(0x21, 0x7F)})


def _spellings(number: PublicationNumber) -> list[str]:
    office, digits, kind = number.office, number.number, number.kind_code
    text = f"{office}{digits}{kind}"
    return [
        text,
        text.lower(),
        text.translate(FULL_WIDTH),
        f"{office} {digits} {kind}",
        f"{office}-{digits}-{kind}",
        f" {office}  {digits}({kind}) ",
        f"公开（公告）号：{text}",
        f"Publication No. {text}",
        office + digits,
        f"No. {digits}",
        digits,
    ]


@given(publications)
def test_printing_and_reading_a_publication_number_are_inverse(text: str) -> None:
    """A canonical publication number reads as itself, and its other spellings as it."""
    number = PublicationNumber.parse(text)
    assert str(number) == text
    for spelling in _spellings(number)[:8]:
        assert PublicationNumber.parse(spelling) == number


@given(publications, st.booleans())
def test_every_spelling_of_a_publication_meets_its_record(text: str, with_kind: bool) -> None:
    """Whether a record and a query have a kind code and an office or not, they meet."""
    number = PublicationNumber.parse(text)
    filed = text if with_kind else number.office + number.number
    keys = set(filing_keys(publication_number=filed, application_number=None))
    for spelling in _spellings(number):
        assert keys.intersection(lookup_keys(spelling)), spelling


@given(publications, st.sampled_from("ABCU"))
def test_another_kind_does_not_meet(text: str, kind: str) -> None:
    """A look-up with office and kind code does not meet a publication of another known kind."""
    number = PublicationNumber.parse(text)
    if number.kind_code.startswith(kind):
        return
    keys = set(filing_keys(publication_number=text, application_number=None))
    assert not keys.intersection(lookup_keys(f"{number.office} {number.number} {kind}9"))


def _remainder(digits: str) -> str:
    """The check digit as one would reckon it on paper, weights 2 to 9 and again from 2."""
    total = 0
    for position, digit in enumerate(digits):
        total += int(digit) * (2 + position % 8)
    return "X" if total % 11 == 10 else str(total % 11)


@given(chinese_numbers, st.sampled_from("0123456789X"))
def test_chinese_numbers_have_one_key_and_one_print(digits: str, given_digit: str) -> None:
    """All spellings of a Chinese application number, a wrong check digit too, are the same."""
    expected = _remainder(digits)
    for spelling in (
        f"CN{digits}",
        f"CN{digits}.{expected}",
        f"ZL{digits}.{given_digit}",
        f"ＣＮ{digits}．{given_digit}",
        f"专利号: ZL {digits[:-8]} {digits[-8:]}.{given_digit}",
        f"CN{digits}{given_digit.lower()}",
    ):
        number = ApplicationNumber.parse(spelling)
        assert (number.key, str(number)) == (f"CN{digits}", f"CN{digits}.{expected}")
        assert number.check_digit_is_wrong == (number.check_digit not in ("", expected))
        if "." in spelling:
            assert (explain(spelling) is not None) == number.check_digit_is_wrong


@given(chinese_numbers)
def test_the_standard_form_is_another_spelling(digits: str) -> None:
    """CNIPA's form of 15 digits reads as the number that it stands for."""
    if len(digits) == 8:
        year, kind, serial = digits[:2], digits[2], digits[3:]
        year = ("20" if year < "50" else "19") + year
    else:
        year, kind, serial = digits[:4], digits[4], digits[5:]
    type_, phase = {"8": ("1", "8"), "9": ("2", "9")}.get(kind, (kind, "0"))
    standard = f"{type_}0{year}0{phase}{serial:0>7}"
    assert ApplicationNumber.parse(standard, "CN").key == f"CN{digits}"
    filed = filing_keys(publication_number=None, application_number=f"CN{digits}")
    assert set(lookup_keys(standard)).intersection(filed)


@given(chinese_numbers, st.sampled_from("0123456789X"))
def test_every_spelling_of_a_chinese_application_meets_its_record(
    digits: str, given_digit: str
) -> None:
    """With and without office and check digit, right or wrong, the record is found."""
    filed = set(
        filing_keys(
            publication_number=None,
            application_number=str(ApplicationNumber("CN", digits)),
        )
    )
    for spelling in (
        digits,
        f"{digits}.{given_digit}",
        f"{digits}.{_remainder(digits)}",
        f"{digits}{_remainder(digits)}",
        f"CN{digits}",
        f"CN{digits}.{given_digit}",
        f"CN{digits}{given_digit}",
        f"ZL{digits}.{given_digit}",
        f"申请号：{digits}.{given_digit}",
    ):
        assert filed.intersection(lookup_keys(spelling)), spelling


@given(
    st.sampled_from(["CN", "US", "EM", "WO", "GB", "JP", "DE"]),
    st.integers(1000, 99_999_999),
    st.sampled_from(["{}", "第{}号", "No. {}", "注册号：{}", "Reg. No. {:,}", "{:09}"]),
)
def test_every_spelling_of_a_mark_meets_its_record(office: str, number: int, form: str) -> None:
    """A mark is found by its digits alone, and by office and digits."""
    text = form.format(number)
    canonical = mark_number(text, office)
    assert mark_number(canonical, office) == canonical
    filed = set(filing_keys(publication_number=None, application_number=canonical))
    assert filed.intersection(lookup_keys(text))
    assert filed.intersection(lookup_keys(canonical))


texts = st.text() | st.text("CNZLUSEPWO特開願平号第公0123456789X.-/ ,()A:", max_size=100)


@given(texts, st.sampled_from([None, "CN", "US", "JP", "IT"]))
def test_any_text_reads_or_raises_our_error(text: str, office: str | None) -> None:
    """No text makes a reader fail otherwise than by its own error; filing takes anything.

    What reads prints as something that reads the same.
    """
    with contextlib.suppress(IdentifierError):
        publication = PublicationNumber.parse(text, office)
        assert PublicationNumber.parse(str(publication)) == publication
    with contextlib.suppress(IdentifierError):
        application = ApplicationNumber.parse(text, office)
        assert ApplicationNumber.parse(str(application)).key == application.key
    with contextlib.suppress(IdentifierError):
        mark_number(text, office or "EM")
    with contextlib.suppress(IdentifierError):
        assert lookup_keys(text)
    assert explain(text) is None or "expected" in str(explain(text))
    keys = filing_keys(publication_number=text, application_number=text, others=[text])
    assert len(keys) == len(set(keys))


@settings(deadline=None)
@given(st.sampled_from("1 A-/.()第平号X,"), st.sampled_from("1A /."), st.integers(1, 5000))
def test_hostile_texts_cost_no_time(one: str, other: str, length: int) -> None:
    """Repetition does not slow the reading down."""
    for text in (one * length, (one + other) * (length // 2), one * 99 + other, other + one * 98):
        started = time.perf_counter()
        with contextlib.suppress(IdentifierError):
            lookup_keys(text)
        filing_keys(publication_number=text, application_number=text, others=[text])
        explain(text)
        assert time.perf_counter() - started < 1.0


@given(
    st.lists(
        st.one_of(publications, chinese_numbers, st.text(max_size=15)), min_size=3, max_size=3
    ),
    st.one_of(publications, chinese_numbers, st.from_regex(r"[A-Z0-9]{1,14}", fullmatch=True)),
)
def test_what_is_filed_as_one_is_found_by_each_of_its_keys(texts: list[str], other: str) -> None:
    """Looking for a key, as it is or at the beginning of what is filed, finds whom it belongs to,
    and nobody else."""
    publication, application, another = texts
    filed = filed_numbers(
        publication_number=publication, application_number=application, others=[another]
    )
    keys = filing_keys(
        publication_number=publication, application_number=application, others=[another]
    )
    asked = set(keys) | {key[:-1] for key in keys} | {key[2:] for key in keys} | {other}
    asked |= {f"{key}-" for key in keys} | {f"{key}B1" for key in keys}
    for key in asked - {""}:
        whole, begins = filed_as(key)
        found = [term for term in filed if term in whole or term.startswith(tuple(begins))]
        assert bool(found) == (key in keys), (key, filed)
