"""What is said of rights and deadlines, in English and in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Language = Literal["en", "zh"]

WORDS: dict[str, dict[Language, str]] = {
    "joint": {"en": "; ", "zh": "；"},
    # whether a right is in force
    "in force": {"en": "in force", "zh": "有效"},
    "not in force": {"en": "not in force", "zh": "无效"},
    "unknown": {"en": "unknown", "zh": "不详"},
    "in_procedure": {"en": "pending", "zh": "申请中"},
    "granted": {"en": "granted on {day}", "zh": "{day} 授权或注册"},
    "granted_later": {"en": "granted on {day} only", "zh": "至 {day} 才授权或注册"},
    "application": {
        "en": "a published application: whether it was granted is not known",
        "zh": "仅有申请公布，是否授权不详",
    },
    "not_registered": {
        "en": "whether it was registered is not known",
        "zh": "是否核准注册不详",
    },
    "pending": {
        "en": "an application, not granted as of {day}",
        "zh": "申请中，截至 {day} 未获授权或注册",
    },
    "international": {
        "en": "an international application: rights come from the offices it entered",
        "zh": "国际申请：权利由其进入的各局授予",
    },
    "dead": {"en": "{status} as of {day}", "zh": "{status}（{day}）"},
    "dead_later": {
        "en": "{status} on {day}, which counts from the beginning",
        "zh": "{day} {status}，自始不存在",
    },
    "ended_later": {
        "en": "announced as {status} on {day}: whether that came about before the day asked is not"
        " known",
        "zh": "{day} 公告{status}，所问之日是否已经{status}不详",
    },
    "alive": {"en": "{status} as of {day}", "zh": "{status}（截至 {day}）"},
    "no_status": {
        "en": "no status since the grant is known: it may have lapsed",
        "zh": "授权后的法律状态不详，可能已经终止",
    },
    "term_runs": {"en": "its term ends on {day}", "zh": "期限至 {day}"},
    "term_over": {"en": "its term ended on {day}", "zh": "期限已于 {day} 届满"},
    "term_over_at_latest": {
        "en": "its term ended on {day} at the latest",
        "zh": "期限至迟于 {day} 届满",
    },
    "extension": {
        "en": "its term ended on {day} unless extended, which is not known",
        "zh": "期限已于 {day} 届满，是否延长不详",
    },
    "term_unknown": {"en": "its term is not known", "zh": "期限不详"},
    "renewed": {"en": "its term ended on {day} and was renewed", "zh": "期限于 {day} 届满并已续展"},
    "grace": {
        "en": "its term ended on {day}: it may still be renewed",
        "zh": "期限于 {day} 届满，尚在宽展期内",
    },
    "renewal": {
        "en": "its term ended on {day}: whether it was renewed is not known",
        "zh": "期限于 {day} 届满，是否续展不详",
    },
    "pending_undated": {"en": "an application, not granted", "zh": "申请中，未获授权或注册"},
    "dead_undated": {"en": "{status}", "zh": "{status}"},
    "alive_undated": {"en": "{status}", "zh": "{status}"},
    # what is to be said of a search for conflicts
    "no_patents": {"en": "there are no patents in this corpus", "zh": "库中没有专利"},
    "no_marks": {"en": "there are no marks in this corpus", "zh": "库中没有商标"},
    "no_known_word": {
        "en": "none of the text's words stands in any patent",
        "zh": "文中的词在任何专利中都没有出现",
    },
    "no_name": {
        "en": "no name was found in the text: marks were not searched",
        "zh": "文中没有发现名称，未检索商标",
    },
    "many_names": {
        "en": "{count} names stand in the text; the first {most} were looked up",
        "zh": "文中有 {count} 个名称，只检索了前 {most} 个",
    },
    "name_refused": {
        "en": "{name!r} was not looked up: {reason}",
        "zh": "“{name}”未能检索：{reason}",
    },
    "pending_left_out": {
        "en": "pending applications that come near and are left out: {count}",
        "zh": "另有 {count} 件相近的申请尚未授权，未列出",
    },
    "without_claims": {
        "en": "patents without claims in the corpus, ranked by words alone: {count}",
        "zh": "有 {count} 件在库中没有权利要求，仅按用词排序",
    },
    # deadlines
    "deadline_unknown": {"en": "deadline unknown", "zh": "期限不详"},
    "no_opposition": {"en": "no opposition", "zh": "无异议程序"},
    "provisional": {"en": "provisional", "zh": "暂定"},
    "no_rule": {
        "en": "no rule of this office is known here",
        "zh": "没有该局的规则",
    },
    "no_rule_then": {
        "en": "no rule of this office for that time is known here",
        "zh": "没有该局当时的规则",
    },
    "no_rule_international": {
        "en": "no rule of this office for international registrations is known here",
        "zh": "没有该局关于国际注册的规则",
    },
    "no_date": {
        "en": "the record has no date to count from",
        "zh": "记录中没有起算日",
    },
    "no_earlier": {"en": "not before {day}", "zh": "不早于 {day}"},
    "weekend": {
        "en": "a Saturday or Sunday: many offices accept the next working day",
        "zh": "该日为周末，多数局顺延至下一工作日",
    },
    "months": {"en": "{count} months from {what}", "zh": "自{what}起 {count} 个月"},
    "days": {"en": "{count} days from {what}", "zh": "自{what}起 {count} 日"},
    "later_months": {
        "en": "{count} months, which begin {begins} month after {what}",
        "zh": "{what}满 {begins} 个月后起 {count} 个月",
    },
    "preliminary_publication_date": {
        "en": "publication for opposition",
        "zh": "初步审定公告（异议公告）",
    },
    "registration_publication_date": {
        "en": "publication of the registration",
        "zh": "注册公告",
    },
    "gazette_publication_date": {
        "en": "the month after publication in the WIPO Gazette",
        "zh": "《国际商标公告》出版次月1日",
    },
    "grant_date": {"en": "the grant", "zh": "授权公告"},
    "grant_publication_date": {"en": "publication of the granted patent", "zh": "授权公报发行"},
}


@dataclass(frozen=True, slots=True)
class Note:
    """Something to be said: a key of `WORDS` and what to put in."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def say(self, language: Language) -> str:
        """Say it."""
        return say(language, self.key, **self.values)

    def __str__(self) -> str:
        return self.say("en")


_STATUSES: dict[str, str] = {
    "pending": "审查中",
    "granted": "授权",
    "registered": "注册",
    "opposed": "异议中",
    "expired": "届满",
    "lapsed": "终止",
    "withdrawn": "撤回",
    "refused": "驳回",
    "revoked": "无效或撤销",
}
_NO_DAY: dict[Language, str] = {"en": "a day not known", "zh": "日期不详"}


def say(language: Language, key: str, **values: Any) -> str:
    """Say a phrase of `WORDS`, with values put in: days, a legal status, counts.

    Where the day is None, a phrase for that is taken if there is one.
    """
    if "day" in values and values["day"] is None and f"{key}_undated" in WORDS:
        key = f"{key}_undated"
    shown = {name: _shown(language, name, value) for name, value in values.items()}
    return WORDS[key][language].format(**shown)


def _shown(language: Language, name: str, value: Any) -> Any:
    if name == "day":
        return value.isoformat() if isinstance(value, date) else _NO_DAY[language]
    if name == "status" and language == "zh":
        return _STATUSES.get(value, value)
    return value
