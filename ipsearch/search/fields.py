"""What a searcher calls a field, and which fields of the index it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ipsearch.errors import QueryError
from ipsearch.records import Kind

Nature = Literal["text", "number", "class", "value", "date", "integer"]
"""How a value is read: segmented text; a number in any spelling; a class symbol, found with all
below it; a value as it stands; a day, month or year; an integer."""


@dataclass(frozen=True, slots=True)
class Field:
    """One name in the query language."""

    name: str
    nature: Nature
    indexed: tuple[str, ...]  # fields of the index; any of them may match
    aliases: tuple[str, ...]
    meaning: str


def _field(name: str, nature: Nature, indexed: str, aliases: str, meaning: str) -> Field:
    return Field(name, nature, tuple(indexed.split()), tuple(aliases.split()), meaning)


_PATENT = (
    _field("ti", "text", "ti", "title 标题 名称 发明名称 专利名称", "title"),
    _field("ab", "text", "ab", "abstract 摘要", "abstract"),
    _field("cl", "text", "cl", "claims 权利要求 权利要求书", "claims"),
    _field("de", "text", "de", "description 说明书", "description"),
    _field("ta", "text", "ti ab", "标题摘要", "title or abstract"),
    _field("tac", "text", "ti ab cl", "标题摘要权利要求", "title, abstract or claims"),
    _field("tacd", "text", "ti ab cl de", "全文", "title, abstract, claims or description"),
    _field("pa", "text", "pa ow", "applicant 申请人 申请专利权人", "applicant or owner"),
    _field("ow", "text", "ow", "owner assignee 专利权人 权利人", "owner"),
    _field("in", "text", "in", "inventor 发明人 设计人", "inventor"),
    _field("ag", "text", "ag", "agent 代理机构 代理人 代理", "agent or agency"),
    _field("addr", "text", "addr", "address 地址", "address of applicant or owner"),
    _field("num", "number", "num", "number 号码 号", "any number of the record"),
    _field("pn", "number", "num", "publication 公开号 公告号 授权公告号 公开公告号", "publication"),
    _field("an", "number", "num", "application 申请号 专利号", "application"),
    _field("pr", "number", "pr", "priority 优先权 优先权号", "number of a priority"),
    _field("ct", "number", "ct", "cites 引证 引用", "publication cited"),
    _field("fam", "value", "fam", "family 同族", "family"),
    _field("office", "value", "office", "国家 受理局 公开国", "office"),
    _field("kind", "value", "kind", "文献种类", "kind code, or its letter"),
    _field("type", "value", "type", "专利类型 类型", "type of patent"),
    _field("ls", "value", "ls", "status 法律状态", "legal status"),
    _field("ipc", "class", "ipc", "分类号 IPC分类号 国际分类", "IPC, at any level"),
    _field("cpc", "class", "cpc", "CPC分类号", "CPC, at any level"),
    _field("class", "class", "ipc cpc", "分类", "IPC or CPC, at any level"),
    _field("loc", "value", "loc", "locarno 洛迦诺 外观分类", "Locarno class"),
    _field("pd", "date", "pd", "published 公开日 公告日 公开公告日", "publication date"),
    _field("ad", "date", "ad", "filed 申请日", "filing date"),
    _field("prd", "date", "prd", "优先权日", "earliest priority date"),
    _field("gd", "date", "gd", "granted 授权日 授权公告日", "grant date"),
    _field("nclaims", "integer", "nclaims", "权利要求数", "number of claims"),
    _field("src", "value", "src", "source 来源", "source"),
)

_TRADEMARK = (
    _field("tm", "text", "tm", "mark title ti 商标 商标名称 标题 名称", "words of the mark"),
    _field("gs", "text", "gs", "goods 商品 服务 商品服务", "goods and services"),
    _field("ow", "text", "ow", "owner pa applicant 申请人 注册人 商标权人 权利人", "owner"),
    _field("ag", "text", "ag", "agent 代理机构 代理人 代理", "agent or agency"),
    _field("addr", "text", "addr", "address 地址", "owner's address"),
    _field("md", "text", "md", "说明 商标说明", "description of the mark, disclaimer"),
    _field("num", "number", "num", "number 号码 号", "any number of the mark"),
    _field("rn", "number", "num", "registration 注册号", "registration"),
    _field("an", "number", "num", "application 申请号", "application"),
    _field("pr", "number", "pr", "priority 优先权 优先权号", "number of a priority"),
    _field("office", "value", "office", "国家 受理局", "office"),
    _field("type", "value", "type", "商标类型 类型", "kind or category of mark"),
    _field("ls", "value", "ls", "status 法律状态 商标状态", "legal status"),
    _field("ld", "value", "ls", "alive 有效性 存续状态", "live or dead: `records.LIVENESS`"),
    _field("nc", "value", "nc", "class nice 类别 国际分类 分类", "Nice class"),
    _field("sg", "value", "sg", "group 类似群 类似群组", "similar group"),
    _field("vc", "value", "vc", "vienna 图形要素", "Vienna code, at any level"),
    _field("ad", "date", "ad", "filed 申请日", "filing date"),
    _field("prd", "date", "prd", "优先权日", "earliest priority date"),
    _field("pd", "date", "pd", "published 初审公告日 公告日", "preliminary publication date"),
    _field("rd", "date", "rd", "registered 注册日 注册公告日", "registration date"),
    _field("ed", "date", "ed", "expires 到期日 有效期", "expiry date"),
    _field("src", "value", "src", "source 来源", "source"),
)

FIELDS: dict[Kind, tuple[Field, ...]] = {"patent": _PATENT, "trademark": _TRADEMARK}

DEFAULT: dict[Kind, str] = {"patent": "tacd", "trademark": "tm"}
"""Where words without a field are looked for."""

WEIGHTS: dict[str, float] = {"ti": 3.0, "ab": 1.5, "cl": 1.0, "de": 0.5, "tm": 2.0}
"""What a match in a field of the index counts for, where that is not 1.

Every field is weighed against its own mean length, so by itself a word that a long description
says often counts as much as one of the dozen that an applicant chose for the title. A title says
what the document is of; an abstract what is new; claims repeat their words by rule; a description
also tells of all that others did.
"""

LIVENESS_WORDS: dict[str, str] = {
    **dict.fromkeys(("live", "alive", "有效", "存续", "有效中"), "live"),
    **dict.fromkeys(("dead", "无效", "失效", "已失效"), "dead"),
}
"""What may be typed for a value of `ld`."""

_BY_NAME: dict[Kind, dict[str, Field]] = {
    kind: {name.casefold(): field for field in fields for name in (field.name, *field.aliases)}
    for kind, fields in FIELDS.items()
}


def find_field(name: str, kind: Kind, column: int | None = None) -> Field:
    """Give the field of this name; raise `QueryError` that names those there are."""
    field = _BY_NAME[kind].get(name.casefold())
    if field is None:
        known = " ".join(field.name for field in FIELDS[kind])
        name = name if len(name) <= 40 else f"{name[:39]}…"
        raise QueryError(f"no field {name!r} for a {kind}; there are: {known}", column)
    return field


def is_field(name: str, kind: Kind) -> bool:
    """Say whether a field has this name."""
    return name.casefold() in _BY_NAME[kind]
