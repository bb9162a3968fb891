"""The words of Chinese and English exports for a legal status -> `LEGAL_STATUSES`.

The words are those of CNIPA's announcements and of the status columns of commercial exports.
A word that stands for an event which leaves the status as it is has the value None. 失效 and
商标无效 say that a right or an application is dead without saying why: they are `lapsed`.
"""

from __future__ import annotations

import re
import unicodedata

STATUS_WORDS: dict[str, str | None] = {
    # both kinds: applications under way
    "审中": "pending",
    "在审": "pending",
    "审查中": "pending",
    "申请中": "pending",
    "待审": "pending",
    "受理": "pending",
    "受理中": "pending",
    "已受理": "pending",
    "未决": "pending",
    "复审中": "pending",
    "驳回复审": "pending",
    "驳回复审中": "pending",
    "等待驳回复审": "pending",
    "等待受理": "pending",
    "等待受理通知书发文": "pending",
    # patents
    "公开": "pending",
    "公布": "pending",
    "申请公布": "pending",
    "公开未审": "pending",
    "实质审查": "pending",
    "实质审查的生效": "pending",
    "进入实质审查": "pending",
    "实审": "pending",
    "审定": "pending",
    "等待实审": "pending",
    "pct国际公布": "pending",
    "pct指定期内": "pending",
    "pct公开": "pending",
    "授权": "granted",
    "已授权": "granted",
    "有权": "granted",
    "有效": "granted",
    "专利权有效": "granted",
    "专利权维持": "granted",
    "部分无效": "granted",
    "专利权部分无效": "granted",
    "专利权部分无效宣告": "granted",
    "专利权的恢复": "granted",
    "未缴年费": "lapsed",
    "未缴年费专利权终止": "lapsed",
    "未缴年费终止失效": "lapsed",
    "专利权终止": "lapsed",
    "专利权的终止": "lapsed",
    "权利终止": "lapsed",
    "终止": "lapsed",
    "失效": "lapsed",
    "无权": "lapsed",
    "已失效": "lapsed",
    "避重放弃": "lapsed",
    "避免重复授权": "lapsed",
    "避免重复授权放弃专利权": "lapsed",
    "专利权的主动放弃": "lapsed",
    "主动放弃专利权": "lapsed",
    "放弃": "lapsed",
    "期限届满": "expired",
    "届满": "expired",
    "期满": "expired",
    "专利权有效期届满": "expired",
    "有效期届满": "expired",
    "撤回": "withdrawn",
    "主动撤回": "withdrawn",
    "视为撤回": "withdrawn",
    "视撤": "withdrawn",
    "申请撤回": "withdrawn",
    "发明专利申请公布后的撤回": "withdrawn",
    "发明专利申请公布后的视为撤回": "withdrawn",
    "专利申请的视为撤回": "withdrawn",
    "视为放弃": "withdrawn",
    "视为放弃取得专利权": "withdrawn",
    "驳回": "refused",
    "被驳回": "refused",
    "申请驳回": "refused",
    "申请被驳回": "refused",
    "已驳回": "refused",
    "驳回失效": "refused",
    "发明专利申请公布后的驳回": "refused",
    "无效": "revoked",
    "全部无效": "revoked",
    "全部撤销": "revoked",
    "撤销": "revoked",
    "专利权全部无效": "revoked",
    "专利权的无效宣告": "revoked",
    "专利权全部无效宣告": "revoked",
    "专利权的无效、部分无效宣告": None,
    "权利转移": None,
    "专利权转移": None,
    "专利申请权、专利权的转移": None,
    "专利申请权的转移": None,
    "申请权转移": None,
    "专利权人的姓名或者名称、地址的变更": None,
    "质押": None,
    "质押解除": None,
    "许可": None,
    "开放许可": None,
    "专利实施许可合同备案的生效": None,
    "专利权质押合同登记的生效": None,
    "保全": None,
    "诉讼": None,
    "一案双申": None,
    "复审": None,
    "口头审理": None,
    "无效程序": None,
    "优先审查": None,
    "著录事项变更": None,
    "著录项目变更": None,
    "海关备案": None,
    "恢复": None,
    "pct指定期满": None,
    # trademarks
    "等待实质审查": "pending",
    "等待审查": "pending",
    "待审中": "pending",
    "实质审查中": "pending",
    "商标申请中": "pending",
    "注册申请中": "pending",
    "申请收文": "pending",
    "初审": "pending",
    "初审公告": "pending",
    "已初审": "pending",
    "初步审定": "pending",
    "初步审定公告": "pending",
    "等待注册公告": "pending",
    "等待注册公告中": "pending",
    "部分驳回": "pending",
    "等待驳回通知发文": "pending",
    "注册": "registered",
    "已注册": "registered",
    "注册商标": "registered",
    "注册公告": "registered",
    "已注册公告": "registered",
    "核准注册": "registered",
    "商标已注册": "registered",
    "续展": "registered",
    "已续展": "registered",
    "撤销/无效宣告申请审查中": "registered",
    "撤销申请审查中": "registered",
    "无效宣告申请审查中": "registered",
    "无效宣告审查中": "registered",
    "异议": "opposed",
    "异议中": "opposed",
    "商标异议中": "opposed",
    "异议程序中": "opposed",
    "异议申请中": "opposed",
    "商标无效": "lapsed",
    "商标失效": "lapsed",
    "未续展": "expired",
    "期满未续展": "expired",
    "到期未续展": "expired",
    "期满未续展注销": "expired",
    "商标已过期": "expired",
    "注销": "lapsed",
    "已注销": "lapsed",
    "商标已注销": "lapsed",
    "商标驳回": "refused",
    "不予注册": "refused",
    "不予受理": "refused",
    "不予核准": "refused",
    "商标注册申请驳回": "refused",
    "商标撤回": "withdrawn",
    "商标注册申请撤回": "withdrawn",
    "撤回申请": "withdrawn",
    "已撤销": "revoked",
    "商标撤销": "revoked",
    "撤销注册": "revoked",
    "连续三年不使用撤销": "revoked",
    "无效宣告": "revoked",
    "被宣告无效": "revoked",
    "宣告无效": "revoked",
    "商标变更": None,
    "变更": None,
    "商标转让": None,
    "转让": None,
    "商标使用许可备案": None,
    "许可备案": None,
    "商标续展": None,
    # English
    "pending": "pending",
    "application": "pending",
    "published": "pending",
    "examination": "pending",
    "under examination": "pending",
    "filed": "pending",
    "active": "granted",
    "granted": "granted",
    "grant": "granted",
    "in force": "granted",
    "registered": "registered",
    "live": "registered",
    "opposed": "opposed",
    "opposition pending": "opposed",
    "inactive": "lapsed",
    "lapsed": "lapsed",
    "ceased": "lapsed",
    "non-payment": "lapsed",
    "expired": "expired",
    "withdrawn": "withdrawn",
    "abandoned": "withdrawn",
    "discontinued": "withdrawn",
    "refused": "refused",
    "rejected": "refused",
    "revoked": "revoked",
    "cancelled": "revoked",
    "canceled": "revoked",
    "invalidated": "revoked",
    "patented": "granted",
    # that nothing is known is no status
    "未确认": None,
    "未知": None,
    "暂缺": None,
    "unknown": None,
}

_SEPARATORS = re.compile(r"[|;；\n]+|(?<=[\u4e00-\u9fff])[,，](?=[\u4e00-\u9fff])")


def read_status(text: str) -> tuple[str | None, list[str], list[str]]:
    """Read a cell of status words: the status, the words that are none, the unknown ones of them.

    The first word that has a status gives it; every other word is an event. A word in brackets
    after another (`失效(未缴年费)`) is read too, and wins, as it says more.

    >>> read_status("授权 | 权利转移")
    ('granted', ['权利转移'], [])
    """
    status: str | None = None
    events: list[str] = []
    unknown: list[str] = []
    for part in _SEPARATORS.split(text):
        words = part.strip()
        if not words:
            continue
        found, known = _look_up(words)
        if found is None or (status is not None and found != status):
            events.append(words)
        if not known:
            unknown.append(words)
        status = status or found
    return status, events, unknown


def _look_up(words: str) -> tuple[str | None, bool]:
    plain = " ".join(unicodedata.normalize("NFKC", words).casefold().split()).rstrip(".。")
    if plain in STATUS_WORDS:
        return STATUS_WORDS[plain], True
    outer, bracket, inner = plain.rstrip(")").partition("(")
    if not bracket:
        return None, False
    for candidate in (inner.strip(), outer.strip()):
        if STATUS_WORDS.get(candidate) is not None:
            return STATUS_WORDS[candidate], True
    return None, False
