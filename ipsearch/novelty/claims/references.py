"""Here is a claim, give me the claims it refers to and whether it depends on one.

All functions read the plain copy of a claim's text (`plain`).
"""

from __future__ import annotations

import re
from functools import cache

from ipsearch.novelty.claims.plain import CLAIM_WORD, DASH, NUMERAL, numeral_value, spaced

MOST_REFERENCES = 1_000
"""Of one claim to others: `claims 1 to 9999` names no more."""

_NUMBER = r"(?:第\s{0,2})?\d{1,4}(?![\d%]|\.\d)(?:\s{0,2}项)?"
# 权利要求一至三, but neither 权利要求一种 nor 权利要求一项或多项
_HAN_NUMBER = (
    rf"(?:第\s{{0,2}}{NUMERAL}\s{{0,2}}项"
    rf"|(?:第\s{{0,2}})?{NUMERAL}(?=\s{{0,2}}(?:[,、和或及与至到{DASH}所中之任的以]|$)))"
)
_ANY_NUMBER = rf"(?:{_NUMBER}|{_HAN_NUMBER})"
_AND = rf"\s{{0,3}}(?:和/或|以及|或者|[、,和或及与至到/{DASH}])\s{{0,3}}"
_AND_EN = (
    r"(?:\s{0,3},\s{0,3}(?:(?:and/or|and|or|to)\s{1,3}"
    r"|(?=claim|\d{1,4}\s{0,3}(?:[,;:.)/&–-]|and\b|or\b|to\b|through\b|wherein|$)))"  # not "3 wt%"
    rf"|\s{{1,3}}(?:and/or|and|or|to|through|thru)\s{{1,3}}|\s{{0,3}}[/&{DASH}]\s{{0,3}})"
)
REFERENCE = re.compile(
    rf"(?P<zh>{CLAIM_WORD}\s{{0,3}}{_ANY_NUMBER}(?:{_AND}(?:{CLAIM_WORD}\s{{0,3}})?{_ANY_NUMBER})*)"
    rf"|(?P<en>(?i:\bclaims?\s{{0,3}}(?:nos?\.?\s{{0,3}})?{_NUMBER}"
    rf"(?:{_AND_EN}(?:(?:in|of|to)\s{{1,3}})?(?:claims?\s{{1,3}})?{_NUMBER})*))"
    rf"|(?P<earlier_zh>(?:{spaced('前述', '上述', '前面', '以上', '之前', '在前', '先前')})"
    rf"[的任一意项个之中所有各\s]{{0,8}}{CLAIM_WORD}(?!\s{{0,3}}(?:[第书\d]|{_HAN_NUMBER})))"
    r"|(?P<earlier_en>(?i:\b(?:prece{1,2}ding|previous|foregoing|prior|above|earlier|aforementioned)"
    r"\s{1,3}claims?\b(?!\s{1,3}\d)|\bclaims?\s{1,3}(?:above|hereinbefore)\b))"
)
_REFERENCE_PART = re.compile(rf"(?i)\d+|{NUMERAL}|[至到{DASH}]|to|thr(?:ough|u)")

OPENING_CHARS = 800
"""A reference further from the beginning does not make a claim a dependent one."""

BARE_LEADS = frozenset({"", "一种", "一个", "一类", "一套", "一款", "一组"})
"""What may stand before a reference or a transition and names nothing."""

_INTRODUCTION = re.compile(
    r"(?:根据|按照?|依据|依照|依|如|据|基于|在|对于|任[一意]一?[项个]?|的)+$"
)
_USING = re.compile(
    r"包括|包含|含有|特征|采用|使用|利用|应用|用于|实现|实施|执行|制备|制造|生产|由"
)
_MADE = re.compile(r"[^,;:。]{1,80}的(?:制备|制造|生产|合成|加工|使用|应用|检测|控制)(?:方法|工艺)")
_USE = re.compile(r"[^,;:。]{0,200}在[^,;:。]{1,200}(?:应用|用途)[\s。.]*$")
_INTRODUCTION_EN = re.compile(
    r"(?:\b(?:as|according|to|in|accordance|with|of|by|per|under|or|on|from|any|one|each|either|all|the"
    r"|at|least|claimed|recited|defined|set|forth|described|specified|stated)\b\W*)+$"
)
_USING_EN = re.compile(
    r"\b(?:compris(?:ing|es)|including|containing|having|using|incorporating|employing|with|made|prepared"
    r"|produced|obtained|obtainable|manufactured|which|that|wherein|configured|adapted|storing|executing"
    r"|performing|implementing|carrying|operating|equipped|provided)\b"
)
_DETERMINER = re.compile(r"\b(the|said|an?)\b(?!.*\b(?:the|said|an?)\b)")  # the last one
_LIMITING = re.compile(
    r"(?i)\s{0,3},?\s{0,3}(?:and\s{1,3})?(?:wherein|where|whereby|in\s{1,3}which|further|characteri)"
)


@cache
def _all_numbers() -> tuple[int, ...]:
    return tuple(range(10_000))  # shared by all claims: each may refer to all before it


def find_references(plain: str, number: int) -> tuple[int, ...]:
    """Give the numbers that a claim refers to, once each, in the order they are mentioned.

    `number` is the claim's own: "any preceding claim" is all below it. At most `MOST_REFERENCES`.
    """
    found: dict[int, None] = {}
    for match in REFERENCE.finditer(plain):
        if match.lastgroup in ("earlier_zh", "earlier_en"):
            if not found:
                found = dict.fromkeys(_all_numbers()[1:number][:MOST_REFERENCES])
            continue
        first, is_range = 0, False
        for part in _REFERENCE_PART.findall(match.group()):
            last = numeral_value(part)
            if not last and not part.isdigit():
                is_range = True
                continue
            if is_range and first < last:
                named = _all_numbers()[first : last + 1][:MOST_REFERENCES]
                found.update(dict.fromkeys(named))
            else:
                found[last] = None
            first, is_range = last, False
        if len(found) >= MOST_REFERENCES:
            break
    return tuple(found)[:MOST_REFERENCES]


def opening_reference(plain: str) -> int | None:
    """Give where the reference ends with which a dependent claim begins; None if it does not."""
    match = REFERENCE.search(plain, 0, OPENING_CHARS)
    if match is None:
        return None
    lead = plain[: match.start()]
    is_english = match.lastgroup in ("en", "earlier_en")
    is_dependent = _leads_english if is_english else _leads_chinese
    return match.end() if is_dependent(lead, plain[match.end() :]) else None


def _leads_chinese(lead: str, rest: str) -> bool:
    """Whether a claim that begins with `lead` and a reference is a dependent one."""
    lead = _INTRODUCTION.sub("", re.sub(r"\s+", "", lead))
    if lead not in BARE_LEADS:
        return not lead.startswith(("一种", "一个")) and _USING.search(lead) is None
    rest = re.sub(r"\s+", "", rest[:OPENING_CHARS])
    return not (lead and _MADE.match(rest)) and not _USE.match(rest)


def _leads_english(lead: str, rest: str) -> bool:
    lead = _INTRODUCTION_EN.sub("", " ".join(lead.lower().split()))
    first, _, more = lead.partition(" ")
    if not more or first in ("the", "said"):
        return True
    lead = more if first in ("a", "an") else lead
    if _USING_EN.search(lead):
        return False
    last = _DETERMINER.search(lead)
    if last is None:
        return True
    if last[1] in ("the", "said") and " of " not in lead[last.end() :]:
        return False
    # "A method for making a plate according to claim 1" may be either: what follows decides.
    return _LIMITING.match(rest) is not None
