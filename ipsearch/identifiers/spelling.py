"""What the numbers of all offices have in common: width, case, labels, joints, the office's code.

Every pattern here runs in time linear in the text, and no text over `LONGEST` is looked at.
"""

from __future__ import annotations

import re
import unicodedata

from ipsearch.errors import IdentifierError

LONGEST = 100
"""No spelling of a number has more characters."""

# Not everything that looks like a dash or a dot is one to NFKC.
_LOOKALIKES = {
    **dict.fromkeys(map(ord, "‐‑‒–—―−－ー﹣﹘"), "-"),
    **dict.fromkeys(map(ord, "·・•"), "."),
    **dict.fromkeys(map(ord, "、。「」【】《》〈〉“”‘’"), " "),
    ord("№"): "NO.",
}

# The characters of 申请号, 授权公告号, 注册号, 第...号, 公開番号 and their like.
_CHINESE_LABEL = re.compile(
    "[中国國际際家专專利商标標本原申请請优優先权權公开開布公告授注册冊登记記录録錄证證文献獻编編"
    "号號码碼番第願为為是]+"
)
_ENGLISH_LABEL = re.compile(
    r"\b(?:PATENTS?|PATS?|APPLICATIONS?|APPL?N?|PUBLICATIONS?|PUBL?N?|PUBLISHED|REGISTRATIONS?|REGN?"
    r"|INTERNATIONAL|INTL?|SERIAL|SER|TRADE ?MARKS?|CHINESE|MARKS?|NUMBERS?|NUM|SN|NOS?(?=[.:])"
    r"|(?<=[A-Z.] )NO(?= ?[0-9]))\b[.:]*"
)
_NICKNAMES = (("U.S.", "US "), ("DES.", "D"), ("RE.", "RE"), ("U.K.", "UK "))

_JOINTS = str.maketrans("", "", " ,.-/:;()[]{}<>'\"#_|\\")

# Two letters that begin a number but name no office: US reissues and plants, Brazilian PI, Chinese
# ZL ("patent") before a number; and PCT/.., which is no publication of an office PC.
_NOT_AN_OFFICE = ("RE", "PP", "PI", "ZL", "PCT")
# Offices whose own numbers begin with letters that would pass for another office (MI20101234).
_LETTERED_OFFICES = ("IT", "BR", "MX")


def fold(text: str) -> str:
    """Make `text` half-width and upper case, with one kind of dash, dot and space.

    Raises `IdentifierError` if it is longer than `LONGEST`.
    """
    if len(text) > LONGEST:
        raise IdentifierError(f"too long for a number: {text[:40]!r}...")
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_LOOKALIKES)).translate(_LOOKALIKES)
        if len(text) > 2 * LONGEST:  # one ligature can become eighteen letters
            raise IdentifierError(f"too long for a number: {text[:40]!r}...")
    return " ".join(text.upper().split())


def without_labels(folded: str) -> str:
    """Take out the words around a number: `申请号:`, `No.`, `U.S. Pat.`, `第...号`."""
    if folded.isalnum() and folded.isascii():
        return folded
    for nickname, plain in _NICKNAMES:
        if nickname in folded:
            folded = folded.replace(nickname, plain)
    if not folded.isascii():
        folded = _CHINESE_LABEL.sub(" ", folded)
    return _ENGLISH_LABEL.sub(" ", folded).strip(" .,:;()[]<>'\"")


def compact(spaced: str) -> str:
    """Take out what may stand between the parts of a number; anything else stays."""
    return spaced.translate(_JOINTS)


def split_office(compacted: str, office: str | None) -> tuple[str | None, str]:
    """Split off the office's code; `office` is assumed if there is none."""
    if compacted.startswith(_NOT_AN_OFFICE) or not compacted[:2].isalpha():
        return office, compacted
    if office in _LETTERED_OFFICES and not compacted.startswith(office):
        return office, compacted
    return compacted[:2], compacted[2:]
