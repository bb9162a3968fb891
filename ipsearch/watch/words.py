"""What a digest says in its own words, in both languages."""

from __future__ import annotations

import re
from typing import Any, Literal

Language = Literal["zh", "en"]

WORDS: dict[str, dict[Language, str]] = {
    "title": {"zh": "监测提醒", "en": "Watch alerts"},
    "summary": {
        "zh": "共 {count} 条提醒，{watches} 项监测",
        "en": "{count} alerts of {watches} watches",
    },
    "as_of": {"zh": "截至 {day}", "en": "As of {day}"},
    "none": {"zh": "没有提醒。", "en": "There are no alerts."},
    "lead": {
        "zh": "提醒只是线索：是否近似、是否侵权，由人判断。",
        "en": "Alerts are leads: whether something is similar or infringes, a person judges.",
    },
    "severity": {"zh": "程度", "en": "Severity"},
    "score": {"zh": "分值", "en": "Score"},
    "record": {"zh": "记录", "en": "Record"},
    "parties": {"zh": "权利人", "en": "Owner"},
    "classes": {"zh": "类别", "en": "Classes"},
    "office": {"zh": "受理局", "en": "Office"},
    "status": {"zh": "法律状态", "en": "Status"},
    "filed": {"zh": "申请日", "en": "Filed"},
    "published": {"zh": "公告日", "en": "Published"},
    "deadline": {"zh": "异议期限", "en": "Opposition until"},
    "reasons": {"zh": "理由", "en": "Reasons"},
    "evidence": {"zh": "依据", "en": "Evidence"},
    "state": {"zh": "处理状态", "en": "State"},
    "first_seen": {"zh": "首次发现", "en": "First seen"},
    "untitled": {"zh": "（无文字）", "en": "(no words)"},
    "watch.mark": {"zh": "自有商标", "en": "own mark"},
    "watch.patent": {"zh": "自有专利", "en": "own patent"},
    "watch.competitor": {"zh": "竞争对手", "en": "competitor"},
    "watch.topic": {"zh": "检索式", "en": "query"},
    "severity.identical": {"zh": "相同", "en": "identical"},
    "severity.very_near": {"zh": "极近似", "en": "very near"},
    "severity.near": {"zh": "近似", "en": "near"},
    "severity.cites": {"zh": "引用", "en": "cites"},
    "severity.found": {"zh": "命中", "en": "found"},
    "severity.ceased": {"zh": "已不符合", "en": "ceased"},
    "state.open": {"zh": "待处理", "en": "open"},
    "state.acknowledged": {"zh": "已知悉", "en": "acknowledged"},
    "state.dismissed": {"zh": "已排除", "en": "dismissed"},
    "state.reopened": {"zh": "重新打开", "en": "reopened"},
    "aspect.identity": {"zh": "相同", "en": "identity"},
    "aspect.form": {"zh": "形", "en": "form"},
    "aspect.sound": {"zh": "音", "en": "sound"},
    "aspect.meaning": {"zh": "义", "en": "meaning"},
    "aspect.containment": {"zh": "包含", "en": "containment"},
    "aspect.goods": {"zh": "商品", "en": "goods"},
    "aspect.claim": {"zh": "权利要求", "en": "claim"},
    "aspect.citation": {"zh": "引证", "en": "citation"},
    "aspect.name": {"zh": "名称", "en": "name"},
    "aspect.query": {"zh": "检索式", "en": "query"},
    "aspect.record": {"zh": "记录", "en": "record"},
}

RULES_ZH: dict[str, str] = {
    # of names
    "the same name": "名称相同",
    "the same but for the form of the firm": "除公司形式外相同",
    "the same but for the place it begins with": "除开头的地名外相同",
    "begins as the wanted name does": "以所监测的名称开头",
    "the distinctive part is the pinyin of the other's": "字号为另一名称字号的拼音",
    # of queries, patents, records
    "matches the query": "符合检索式",
    "cites the patent": "引用了该专利",
    "has the words of the abstract": "含有摘要的用词",
    "meets the watch no more": "不再符合监测条件",
    # of signs
    "equal after normalising": "规范化后相同",
    "same characters": "文字相同",
    "same characters of another script": "同一文字的另一种字体",
    "same letters": "字母相同",
    "a weak word is added": "增加弱显著性文字",
    "one character within a longer sign": "单字包含于较长标志",
    "first character differs": "首字不同",
    "first letter differs": "首字母不同",
    "another word": "含义不同的词",
    "another number": "数字不同",
    "one sign within the other": "一标志完整包含于另一标志",
    "one word within the other": "一词包含于另一词",
    "characters differ": "个别文字不同",
    "characters added or dropped": "增减文字",
    "same or near sounds": "读音相同或相近",
    "same characters, two words": "文字相同而词义不同",
    "same characters in another order": "文字相同、顺序不同",
    "long signs, characters in common": "较长标志，文字部分相同",
    "one character, near": "单字近似",
    "letters drawn alike": "字母形似",
    "same words in another order": "词相同、顺序不同",
    "same meaning": "含义相同",
    "same meaning in another language": "另一语言的相同含义",
    "same number": "数字相同",
    "same sound": "读音相同",
    "near in sound": "读音相近",
    "few letters differ": "个别字母不同",
    "short, a letter differs": "较短，一字母不同",
    "pinyin": "拼音",
    "sounds like the pinyin": "读音同拼音",
    "near the pinyin": "与拼音相近",
    "usual transliteration": "通常音译",
    # of goods: the names in `marks.goods_rules`
    "same_goods": "商品名称相同",
    "same_part": "同一类似群同一部分",
    "same_group": "同一类似群",
    "whole_class": "监测整个类别",
    "first_paragraph": "注释：各部分之前的商品与全群类似",
    "part_unknown": "同一类似群，部分不详",
    "similar_by_note": "注释：类似",
    "searched_by_edition": "注释：与该版本商品交叉检索",
    "by_function": "按功能用途判断",
    "similar_by_note_some": "注释：部分商品类似，是否在内不详",
    "class_only": "同一类别，类似群不详",
    "class_unknown": "记录未载明类别",
    "not_asked": "未限定商品",
    "searched_by_edition_some": "注释：交叉检索，版本或商品不详",
    "paragraph_unknown": "同群，段落不详",
    "same_class": "同一类别的其他类似群",
    "class_related": "其他类别，部分商品类似",
    "parts_not_similar": "注释：各部分不类似",
    "goods_not_similar": "注释：商品不类似",
    "different": "类别不同",
}
"""What the rules are called in Chinese; one that is not here is shown by its own name."""
_CLAIM = re.compile(r"has the words of claim (\d+)")


def say_rule(language: Language, rule: str) -> str:
    """Give a rule in the language, or by its name where there are no words for it."""
    if language == "en":
        return rule
    claim = _CLAIM.fullmatch(rule)
    return f"含有权利要求{claim[1]}的用词" if claim else RULES_ZH.get(rule, rule)


def say(language: Language, key: str, **values: Any) -> str:
    """Give the words called `key`, with `values` put in."""
    return WORDS[key][language].format(**values)


def say_or_plain(language: Language, group: str, name: str) -> str:
    """Give the words for a name of a group, or the name itself where there are none."""
    known = WORDS.get(f"{group}.{name}")
    return known[language] if known else name
