"""Names and symbols by rule: persons, companies, agencies, places, IPC symbols.

What is measured: nothing; this is the generator's table.
Corpus model: parts thrown together at random or by number. Provinces, cities and IPC classes are
    real; persons and companies are not meant to be anybody.
Notes: a company is a function of its number, so that the pool needs no memory of its own.
"""

from __future__ import annotations

import random
from functools import cache, lru_cache
from typing import Any

from benchmarks.text_model import Draws

SURNAMES = tuple(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程"
    "苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝"
    "龚邵万钱严覃武戴莫孔向汤"
)

GIVEN = tuple(
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉文建国红春梅志海波宁辉飞鹏浩宇轩博睿晨曦"
    "雨欣佳琪思远子涵俊峰凯泽天翔瑞雪婷晓东南北立新民生光亮成林森山河云龙虎安康福寿德仁义礼智信"
    "和顺庆祥永恒长青松柏竹兰菊梓萱诗琳琅珊瑜瑾璇"
)

BRANDS = tuple(
    "华科盛达恒泰瑞丰创新联合信诚宏远博源鼎立天宇海润金川银河星辰东方旭日云帆启明凌志嘉禾安康正"
    "大同兴隆昌茂永固精锐迅捷通用普利美佳维思德美晶莹磐石蓝图绿洲"
)

TRADES = (
    "电子", "机械", "化工", "医药", "新材料", "电力设备", "汽车部件", "信息技术", "生物", "环保",
    "智能装备", "光电", "仪器", "建材", "食品", "纺织", "能源", "半导体", "通信", "自动化", "塑料",
    "冶金", "家具", "农业", "包装", "照明", "水处理", "轨道交通", "航空", "船舶", "陶瓷", "印刷",
)  # fmt: skip

COMPANY_ENDINGS = (
    "有限公司", "有限公司", "股份有限公司", "科技有限公司", "集团有限公司", "有限责任公司",
    "研究所", "研究院", "厂", "实业有限公司", "中心",
)  # fmt: skip

PROVINCES: dict[str, tuple[str, ...]] = {
    "北京市": ("北京市",),
    "上海市": ("上海市",),
    "天津市": ("天津市",),
    "重庆市": ("重庆市",),
    "广东省": ("广州市", "深圳市", "佛山市", "东莞市", "珠海市", "中山市", "惠州市"),
    "江苏省": ("南京市", "苏州市", "无锡市", "常州市", "南通市", "徐州市", "扬州市"),
    "浙江省": ("杭州市", "宁波市", "温州市", "绍兴市", "嘉兴市", "台州市", "金华市"),
    "山东省": ("济南市", "青岛市", "烟台市", "潍坊市", "淄博市", "威海市"),
    "四川省": ("成都市", "绵阳市", "德阳市", "宜宾市"),
    "湖北省": ("武汉市", "宜昌市", "襄阳市", "黄石市"),
    "湖南省": ("长沙市", "株洲市", "湘潭市", "衡阳市"),
    "安徽省": ("合肥市", "芜湖市", "马鞍山市", "蚌埠市"),
    "河南省": ("郑州市", "洛阳市", "新乡市", "许昌市"),
    "河北省": ("石家庄市", "唐山市", "保定市", "廊坊市"),
    "福建省": ("福州市", "厦门市", "泉州市", "漳州市"),
    "辽宁省": ("沈阳市", "大连市", "鞍山市", "抚顺市"),
    "陕西省": ("西安市", "宝鸡市", "咸阳市"),
    "黑龙江省": ("哈尔滨市", "大庆市", "齐齐哈尔市"),
    "吉林省": ("长春市", "吉林市"),
    "江西省": ("南昌市", "九江市", "赣州市"),
    "广西壮族自治区": ("南宁市", "柳州市", "桂林市"),
    "云南省": ("昆明市", "曲靖市"),
    "贵州省": ("贵阳市", "遵义市"),
    "山西省": ("太原市", "大同市"),
    "甘肃省": ("兰州市", "天水市"),
    "新疆维吾尔自治区": ("乌鲁木齐市", "克拉玛依市"),
    "内蒙古自治区": ("呼和浩特市", "包头市"),
    "海南省": ("海口市", "三亚市"),
    "宁夏回族自治区": ("银川市",),
    "青海省": ("西宁市",),
    "西藏自治区": ("拉萨市",),
}

COUNTIES = tuple("东西南北中新江河山海城郊")
ROADS = ("科技", "创业", "工业", "人民", "建设", "中山", "解放", "学府", "滨江", "园区")

IPC_CLASSES: dict[str, str] = {  # section -> its classes
    "A": "01 21 22 23 24 41 42 43 44 45 46 47 61 62 63",
    "B": "01 02 03 04 05 06 07 08 09 21 22 23 24 25 26 27 28 29 30 31 32 41 42 60 61 62 63 64 65",
    "C": "01 02 03 04 05 06 07 08 09 10 11 12 21 22 23 25 30",
    "D": "01 02 03 04 05 06 07 21",
    "E": "01 02 03 04 05 06 21",
    "F": "01 02 03 04 15 16 17 21 22 23 24 25 26 27 28",
    "G": "01 02 03 04 05 06 07 08 09 10 11 16",
    "H": "01 02 03 04 05",
}
_SECTION_WEIGHTS = (15, 24, 14, 4, 7, 10, 14, 12)
_SUBCLASSES = "BBCCDDFGHJKLM"

Party = dict[str, Any]


def person(draws: Draws) -> str:
    """Throw a family name and one or two more characters together."""
    draw = next(draws)
    second = GIVEN[next(draws) % len(GIVEN)] if draw & 3 else ""
    return SURNAMES[draw % len(SURNAMES)] + GIVEN[draw * 7 // 64 % len(GIVEN)] + second


@lru_cache(maxsize=1 << 16)
def applicant(number: int) -> Party:
    """Make the applicant of this number; no two have the same name. Shared: do not change it."""
    province, city = _places()[number * 37 % len(_places())]
    place = city.removesuffix("市")
    # the two characters of the brand and the trade count the number out: unique below 2^32
    rest, trade = divmod(number * 2_654_435_761 % 4_294_967_296, len(TRADES))
    rest, ending = divmod(rest, len(COMPANY_ENDINGS))
    brand = ""
    while rest or len(brand) < 2:
        rest, at = divmod(rest, len(BRANDS))
        brand += BRANDS[at]
    first = number * 11 % len(COUNTIES)
    second = (first + 1 + number * 5 % (len(COUNTIES) - 1)) % len(COUNTIES)
    county = f"{COUNTIES[first]}{COUNTIES[second]}区"
    region = city if province == city else province + city
    road = ROADS[number * 13 % len(ROADS)]
    return {
        "name": f"{place}{brand}{TRADES[trade]}{COMPANY_ENDINGS[ending]}",
        "country": "CN",
        "province": province,
        "city": city,
        "county": county,
        "address": f"{region}{county}{road}路{number % 990 + 1}号",
    }


@cache
def _places() -> list[tuple[str, str]]:
    places = []
    for province, cities in PROVINCES.items():
        for rank, city in enumerate(cities):
            places.extend([(province, city)] * (4 - min(rank, 3)))
    random.Random("places").shuffle(places)
    return places


@lru_cache(maxsize=1 << 16)
def agency(number: int) -> str:
    """Make the agency of this number; there are 400."""
    number = number * number % 400
    _, city = _places()[number % len(_places())]
    brand = BRANDS[number % len(BRANDS)] + BRANDS[number * 7 % 61]
    return f"{city.removesuffix('市')}{brand}专利代理{'事务所' if number & 1 else '有限公司'}"


@lru_cache(maxsize=1 << 17)
def ipc_symbol(topic: int, rank: int) -> str:
    """Make the symbol of this rank (0 is the main one) of a topic: `H05K5/06`."""
    pick = random.Random(f"ipc/{topic}/{rank // 12}")  # a dozen symbols of one subclass
    section = pick.choices("ABCDEFGH", _SECTION_WEIGHTS)[0]
    subclass = f"{section}{pick.choice(IPC_CLASSES[section].split())}{pick.choice(_SUBCLASSES)}"
    group = random.Random(f"ipc/{topic}/{rank}")
    main = 2 * int(30 ** group.random()) - 1
    if group.random() < 0.25:
        return f"{subclass}{main}/00"
    return f"{subclass}{main}/{2 * group.randrange(1, 45):02d}"
