"""Made patents and marks, of invented words and nobody's: all columns that a query can ask for.

Their texts mix scripts, signs and spaces as badly as real ones do.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from ipsearch.records import LEGAL_STATUSES, MARK_KINDS, PATENT_TYPES

Row = dict[str, Any]


def _words(text: str) -> list[str]:
    return text.split()


_HAN = _words(
    """
    石墨烯 石墨 电池 锂离子电池 锂离子 正极 正极材料 负极 装置 方法 制备方法 一种 的 及其 应用
    系统 控制 传感器 温度 无人机 草原 发动机 电动机 水泵 過濾器 電極 材料 高分子 聚合物 复合
    纳米 管 薄膜 半导体 发光 二极管 图像 识别 神经网络 数据 处理 服务器 网络 安全 阀 轴承 齿轮
    混凝土 钢 桥梁 种子 小麦 茶
    """
)
_LATIN = _words(
    """
    battery batteries graphene method methods heat heating heated heater the of and a for
    colour color polymer polymers copolymer Li-ion C++ LiFePO4/C pH4.5 5G 4S A1 x1 Ti3C2Tx
    α-Fe2O3 1,5-二甲基 AT&T 100% 3D V2.0 café naïve батарея батареи Straße control controlling
    controller cell cells cellar
    """
)
_OTHER = _words("バッテリー カメラ の を 電池パック 배터리 장치 ー あ 한")
_SIGNS = (
    "，",
    "、",
    "。",
    "（",
    "）",
    "-",
    "·",
    " ",
    "  ",
    "/",
    "％",
    ": ",
    "；",
    "\u3000",
    "&",
    "'",
)
_PLACES = (("北京市", "海淀区", "某某路1号"), ("湖北省", "武汉市", "某某大道 25-3号"))
_NAMES = (
    "某某公司",
    "某某科技有限公司",
    "Example Works Ltd.",
    "某某大学",
    "株式会社サンプル",
    "某某研究院",
)
_SYMBOLS = ("H01M10/0525", "H01M4/38", "C01B32/184", "G06F17/30", "H02K17/02", "B60L50/60", "A61K")
_MARKS = _words(
    """
    草原 金鹿 蓝海 星河 云 Orchid BLUE River 7 88 A+ 一品 茶香 小麦 Sunny sunshine running runs
    run Kö 3M 好 の 様 ソラ 나무 天天 天 大 ECO-9
    """
)
_GOODS = _words(
    """
    计算机程序 可下载软件 电池 锂离子电池 广告 茶 茶饮料 运动鞋 服装 computers batteries; tea
    (non-medicated)
    """
)


def text(pick: random.Random, longest: int = 14) -> str:
    """Make a text of up to so many words, in one script or in several, with signs between."""
    groups = pick.choice((_HAN, _HAN, _LATIN, _LATIN + _HAN, _LATIN + _OTHER + _HAN, _OTHER))
    made = ""
    for word in pick.choices(groups, k=pick.randint(1, longest)):
        is_apart = made[-1:].isascii() and made[-1:].isalnum() and word[0].isascii()
        made += " " if is_apart else pick.choice(_SIGNS) if pick.random() < 0.2 else ""
        made += word.upper() if pick.random() < 0.1 else word
    return made


def _texts(pick: random.Random, most: int, longest: int) -> list[dict[str, str]]:
    return [{"text": text(pick, longest)} for _ in range(pick.randint(0, most))]


def _parties(pick: random.Random, names: Sequence[str] = _NAMES) -> list[Row] | None:
    if pick.random() < 0.2:
        return None
    found = []
    for name in pick.sample(names, pick.randint(0, 2)):
        province, city, line = pick.choice(_PLACES)
        found.append({"name": name, "country": "CN", "province": province, "address": line})
        if pick.random() < 0.5:
            found[-1] |= {"city": city, "organization": pick.choice(_NAMES)}
    return found


def _day(pick: random.Random) -> date | None:
    return date(1995, 1, 1) + timedelta(pick.randrange(10_500)) if pick.random() < 0.85 else None


def _some(pick: random.Random, values: Sequence[str], most: int) -> list[str]:
    return pick.sample(values, pick.randint(0, most))


def _checked(digits: str) -> str:
    """Put the check digit of the Chinese office behind an application's number."""
    total = sum(
        int(digit) * int(weight) for digit, weight in zip(digits, "234567892345", strict=True)
    )
    return f"{digits}.{'X' if total % 11 == 10 else total % 11}"


def made_patents(count: int, seed: int) -> list[Row]:
    """Make patents of five offices, each of an application of its own."""
    pick = random.Random(seed)
    return [_patent(pick, number) for number in range(count)]


def _patent(pick: random.Random, number: int) -> Row:
    office = pick.choice(("CN", "CN", "US", "EP", "JP", "WO"))
    kind = pick.choice({"CN": ("A", "B", "U"), "US": ("A1", "B2")}.get(office, ("A1",)))
    publication = {
        "CN": f"CN{109_000_000 + 7 * number}",
        "US": f"US2019{number:07}" if kind == "A1" else f"US{10_900_000 + number}",
        "EP": f"EP{3_900_000 + number}",
        "JP": f"JP2019{number:06}",
        "WO": f"WO2019{number:06}",
    }[office]
    application = _checked(f"2019{pick.choice('12')}{number:07}")
    cited = [f"CN{101_900_000 + pick.randrange(50)}{pick.choice('AB')}" for _ in range(3)]
    priority = pick.choice(("US62999001", "JP2018999001", "DE102018999001", "CN201910100044.4"))
    return {
        "id": publication + kind,
        "publication_number": publication + kind,
        "application_number": f"CN{application}" if office == "CN" else None,
        "other_numbers": [f"PCT/CN2019/{number:06}"] if pick.random() < 0.2 else None,
        "office": office,
        "kind_code": kind,
        "patent_type": pick.choice((*PATENT_TYPES, None)),
        "family_id": str(90_000_000 + number % 150),
        "filing_date": _day(pick),
        "publication_date": _day(pick),
        "grant_date": _day(pick),
        "priority_date": _day(pick),
        "titles": _texts(pick, 2, 6),
        "abstracts": _texts(pick, 2, 25),
        "claims": _texts(pick, 5, 20) if pick.random() < 0.8 else None,
        "description": _texts(pick, 6, 25),
        "claim_count": pick.choice((None, pick.randint(0, 30))),
        "ipc": _some(pick, _SYMBOLS, 3),
        "cpc": _some(pick, _SYMBOLS, 2),
        "locarno": _some(pick, ("08-05", "21-01", "14-02"), 1),
        "applicants": _parties(pick),
        "owners": _parties(pick),
        "inventors": _parties(pick, ("发明人甲", "发明人乙", "Inventor A")),
        "agents": _parties(pick, ("代理人甲", "Agent A")),
        "priorities": [{"office": priority[:2], "number": priority}] if number % 3 else [],
        "citations": [{"publication_number": one} for one in cited[: pick.randint(0, 3)]],
        "legal_status": pick.choice((*LEGAL_STATUSES, None)),
        "source": "test",
    }


def made_marks(count: int, seed: int) -> list[Row]:
    """Make marks: words, goods with their groups, owners, dates, statuses."""
    pick = random.Random(seed)
    return [_mark(pick, number) for number in range(count)]


def _mark(pick: random.Random, number: int) -> Row:
    office = pick.choice(("CN", "CN", "US", "EM"))
    name = f"EM{18_000_000 + number:09}" if office == "EM" else f"{office}{70_000_000 + number}"
    words = pick.choices(_MARKS, k=pick.randint(1, 4))
    return {
        "id": name,
        "application_number": name,
        "registration_number": f"{office}{6_000_000 + number}" if pick.random() < 0.4 else None,
        "office": office,
        "mark_text": pick.choice(("", " ", "·")).join(words) if pick.random() < 0.95 else None,
        "transliteration": "cao yuan" if pick.random() < 0.05 else None,
        "translation": text(pick, 3) if pick.random() < 0.1 else None,
        "mark_kind": pick.choice((*MARK_KINDS, None)),
        "mark_category": pick.choice(("trademark", "service", "collective", None)),
        "mark_description": text(pick, 12) if pick.random() < 0.3 else None,
        "disclaimer": text(pick, 4) if pick.random() < 0.2 else None,
        "vienna_codes": _some(pick, ("03.01.08", "03.01.16", "26.11.01", "05.03"), 2),
        "owners": _parties(pick),
        "agents": _parties(pick, ("某某代理有限公司", "Agent A")),
        "filing_date": _day(pick),
        "priority_date": _day(pick),
        "preliminary_publication_date": _day(pick),
        "registration_date": _day(pick),
        "expiry_date": _day(pick),
        "classes": [
            _class(pick, nice) for nice in pick.sample((9, 25, 30, 35), pick.randint(1, 2))
        ],
        "priorities": [{"office": "US", "number": "US97999001"}] if number % 10 == 0 else None,
        "legal_status": pick.choice((*LEGAL_STATUSES, None)),
        "source": "test",
    }


def _class(pick: random.Random, nice: int) -> Row:
    groups = [
        {
            "group": f"{nice:02}{pick.randint(1, 9):02}",
            "part": pick.choice((None, "一", "二", "十一")),
        }
        for _ in range(pick.randint(0, 3))
    ]
    goods = pick.sample(_GOODS, pick.randint(1, 4)) + (
        [text(pick, 4)] if pick.random() < 0.3 else []
    )
    return {"nice_class": nice, "similar_groups": groups, "goods": goods}
