"""Here is a claim, give me its preamble and its characterising part.

The two-part form: China, Implementing Regulations of the Patent Law, rule 24 (2023; rule 21
before); EPC rule 43(1); in the US 37 CFR 1.75(e). Other transitions (comprising, 包括) are custom.
All functions read the plain copy of a claim's text (`plain`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ipsearch.novelty.claims.plain import spaced, trim
from ipsearch.novelty.claims.references import BARE_LEADS, OPENING_CHARS, opening_reference

_TWO_PART_ZH = spaced(
    "其特征在于",
    "其特征是",
    "其特征为",
    "其特征包括",
    "特征在于",
    "其特点在于",
    "其特点是",
    "其改进在于",
    "其改进之处在于",
)
_TWO_PART = re.compile(
    rf"(?:{_TWO_PART_ZH}|{spaced('其特征')}(?=\s?[:,]))"
    r"|(?i:(?<!is\s)(?<!are\s)(?<!be\s)(?<!being\s)\bcharacteri[sz]ed\s{1,3}(?:in\s{1,3}that"
    r"|(?P<by>by))\b|(?:wherein\s{1,3})?\bthe\s{1,3}improvement\s{1,3}(?:which\s{1,3})?"
    r"(?:compris(?:es|ing)|consist(?:s|ing)\s{1,3}(?:of|in)|being|is|wherein)\b)"
)
_STEPS_EN = (
    r"(?:\s{1,3}(?:at\s{1,3}least\s{1,3})?(?:the\s{1,3})?(?:following\s{1,3})?"
    r"(?:steps?|acts|operations|elements|components)(?:\s{1,3}of)?\b)?"
)
_HOLDS_EN = (
    r"(?:compris(?:es|ing|e)|includ(?:es|ing)|consist(?:s|ing)\s{1,3}(?:essentially\s{1,3})?of)\b"
    + _STEPS_EN
)
_HOLDS = (
    rf"(?:还|又|具体|进一步|至少|主要|\s){{0,6}}(?:{spaced('包括', '包含')})(?:有|了)?"
    rf"(?:\s?(?:{spaced('以下', '如下', '下述', '下列')})的?)?"
    rf"(?:\s?(?:{spaced('步骤', '部分', '工序')})(?![\s(]{{0,3}}[\dA-Za-z一二三]))?"
)
_STRONG = re.compile(
    r"(?i:\bcompris(?:es|ing|ed\s{1,3}of)\b|\b(?:consist(?:s|ing)|composed)\s{1,3}"
    rf"(?:essentially\s{{1,3}})?of\b){_STEPS_EN}|(?<!不){_HOLDS}"
    rf"|(?P<whole>(?<!自)由(?!于)(?=[^,;:。]{{1,200}}?(?:{spaced('组成', '构成', '制成')})))"
)
_WEAK = re.compile(
    r"(?i:\b(?:including|includes|having|has|containing|contains)\b)"
    rf"|{spaced('具有', '含有', '设有')}"
)
_SUBJECT = re.compile(
    r"[,\s]{1,8}(?:(?P<zh>该|所述|所说|其|它|本)|(?i:(?:the|said|which|it|that)\b))"
    r"(?P<noun>[^,;:。]{0,60})$"
)
_REGION = re.compile(
    rf"[;。]|(?<=[a-z])\.\s|(?P<wherein>(?<=[,:\s])(?:{spaced('其中')})|\b(?i:wherein|whereby)\b)"
)
_REGION_CHARS = 4_000  # a preamble is shorter
_AFTER_REFERENCE = re.compile(
    r"[,:\n]|(?i:\b(?:wherein|where|whereby|in\s{1,3}which|further|comprising|including|having|which"
    rf"|that)\b)|{spaced('其中', '还包括', '进一步包括')}"
)
_CONNECTIVE = re.compile(
    r"[\s,:]{0,8}(?:(?i:(?:and\s{1,3})?(?:wherein|whereby|in\s{1,3}which)\b"
    rf"|(?:(?:which|that|and|it)\s{{1,3}})?(?:(?:further|also)\s{{1,3}})?{_HOLDS_EN})"
    rf"|{spaced('其中')}|其?(?:{_HOLDS}))[\s,:]{{0,8}}"
)
_LEAD_IN = re.compile(
    rf"[\s,:]{{0,8}}(?P<subject>[^,:;。\n]{{0,60}}?)(?:(?i:\b(?:(?:further|also)\s{{1,3}})?{_HOLDS_EN})"
    rf"|{_HOLDS})\s{{0,4}}(?:[:,]|\n)\s{{0,8}}"
)
_ARTICLES = re.compile(r"(?i)^(?:所述|所说|该|本|其|它|的|(?:the|said|it|which|that)\b|\s)+|\s+$")
_GENERIC = re.compile(
    r"(?i)(?:一[种个类]|(?:an?|the)\s)?(?:方法|装置|系统|设备|产品|组合物|工艺|结构|机构|材料|制品|应用|用途|技术方案"
    r"|method|process|apparatus|device|system|composition|article|product|machine|arrangement|assembly"
    r"|use)"
)


def divide(plain: str) -> tuple[int, int]:
    """Give where the preamble ends and where the characterising part begins; 0, 0 if undivided."""
    reference = opening_reference(plain)
    for match in _TWO_PART.finditer(plain):
        before = plain[max(match.start() - 8, 0) : match.start()].rstrip(" \t")[-1:]
        if match["by"] and not (before in ",;\n" or before.isdigit()):
            continue  # "a compound characterized by its melting point" is no transition
        return match.start(), _skip(plain, match.end(), plain[: match.start()])
    if reference is not None:
        cue = _AFTER_REFERENCE.search(plain, reference, reference + OPENING_CHARS)
        if cue is None:
            return 0, 0
        at = cue.end() if cue.group() in (",", ":", "\n") else cue.start()
        return cue.start(), _skip(plain, at, plain[: cue.start()])
    stop = _REGION.search(plain)
    region = plain[: min(stop.start() if stop else len(plain), _REGION_CHARS)]
    for pattern in (_STRONG, _WEAK):
        matches = [match for match in pattern.finditer(region) if not _is_bare(region, match)]
        if matches:
            first = matches[0]
            named = (match for match in matches if _SUBJECT.search(region, *_before(match)))
            chosen = next((m for m in named if plain[m.end() : m.end() + 1] == ":"), first)
            end = _end_of_preamble(region, chosen)
            whole = pattern is _STRONG and chosen["whole"]
            return end, _skip(plain, chosen.start() if whole else chosen.end(), plain[:end])
    if stop and stop["wherein"]:
        return stop.start(), _skip(plain, stop.end(), plain[: stop.start()])
    return 0, 0


def telling_parts(plain: str, preamble_end: int, body_begin: int) -> Iterator[tuple[int, int]]:
    """Give the parts of a claim that say something: the preamble, unless it names only the
    category or the claim referred to, and what follows."""
    reference = opening_reference(plain)
    if reference is not None and reference <= preamble_end:
        cue = _AFTER_REFERENCE.search(plain, reference, preamble_end)
        if cue is not None:
            yield cue.start(), preamble_end
    elif preamble_end:
        named = plain[slice(*trim(plain, 0, preamble_end))]
        if not _GENERIC.fullmatch(named):
            yield 0, preamble_end
    yield body_begin, len(plain)


def _is_bare(region: str, match: re.Match[str]) -> bool:
    """Whether nothing is named before a transition: 一种包括正极的电池."""
    lead = re.sub(r"\s+", "", region[max(match.start() - 12, 0) : match.start()])
    return lead.lower() in BARE_LEADS | {"a", "an", "the"}


def _before(match: re.Match[str]) -> tuple[int, int]:
    return max(match.start() - 80, 0), match.start()


def _end_of_preamble(region: str, match: re.Match[str]) -> int:
    """Leave out the category where it is said again: `A method of ..., the method comprising`."""
    subject = _SUBJECT.search(region, *_before(match))
    if subject and _names(subject["noun"], region[: subject.start()]):
        return subject.start()
    return match.start()


def _names(noun: str, preamble: str) -> bool:
    """Whether a preamble names what a noun with or without its article does; "" is named."""
    return _ARTICLES.sub("", noun).lower() in preamble.lower()


def _skip(plain: str, at: int, preamble: str) -> int:
    """Go over connectives that say nothing: `, 所述方法还包括：`, `wherein`, `the steps of:`."""
    for _ in range(3):
        match = _LEAD_IN.match(plain, at)
        if match is None or not _names(match["subject"], preamble):
            match = _CONNECTIVE.match(plain, at)
        if match is None:
            break
        at = match.end()
    return trim(plain, at, len(plain))[0]
