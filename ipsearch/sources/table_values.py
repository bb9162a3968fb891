"""What one cell of a table holds -> values of a record: lists, names, parties, places."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ipsearch.records import Row

_LIST = re.compile(r"\s*(?:\|+|[;；]+|\n+)\s*")
_COMMAS = re.compile(r"\s*[,，、]\s*")
_HAN_NAME = re.compile(r"[\u3400-\u9fff\u00b7·•()（）〇]{2,}")

PROVINCES: dict[str, str] = {  # GB/T 2260, the first two digits; CNIPA's 国省代码 uses them
    "11": "北京市",
    "12": "天津市",
    "13": "河北省",
    "14": "山西省",
    "15": "内蒙古自治区",
    "21": "辽宁省",
    "22": "吉林省",
    "23": "黑龙江省",
    "31": "上海市",
    "32": "江苏省",
    "33": "浙江省",
    "34": "安徽省",
    "35": "福建省",
    "36": "江西省",
    "37": "山东省",
    "41": "河南省",
    "42": "湖北省",
    "43": "湖南省",
    "44": "广东省",
    "45": "广西壮族自治区",
    "46": "海南省",
    "50": "重庆市",
    "51": "四川省",
    "52": "贵州省",
    "53": "云南省",
    "54": "西藏自治区",
    "61": "陕西省",
    "62": "甘肃省",
    "63": "青海省",
    "64": "宁夏回族自治区",
    "65": "新疆维吾尔自治区",
    "71": "台湾省",
    "81": "香港特别行政区",
    "82": "澳门特别行政区",
}
_SHORT = {
    re.sub(r"(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)$", "", p): p
    for p in PROVINCES.values()
}

_COUNTRIES: dict[str, str] = {  # WIPO ST.3
    "中国": "CN",
    "美国": "US",
    "日本": "JP",
    "韩国": "KR",
    "德国": "DE",
    "法国": "FR",
    "英国": "GB",
    "俄罗斯": "RU",
    "瑞士": "CH",
    "瑞典": "SE",
    "荷兰": "NL",
    "意大利": "IT",
    "加拿大": "CA",
    "澳大利亚": "AU",
    "芬兰": "FI",
    "丹麦": "DK",
    "奥地利": "AT",
    "比利时": "BE",
    "西班牙": "ES",
    "以色列": "IL",
    "印度": "IN",
    "新加坡": "SG",
    "巴西": "BR",
    "中国台湾": "TW",
    "台湾": "TW",
    "中国香港": "HK",
    "香港": "HK",
    "中国澳门": "MO",
    "澳门": "MO",
    "欧专局": "EP",
    "欧洲专利局": "EP",
    "欧洲": "EP",
    "世界知识产权组织": "WO",
    "世界知识产权组织国际局": "WO",
    "欧盟": "EM",
    "欧盟知识产权局": "EM",
    "china": "CN",
    "united states": "US",
    "united states of america": "US",
    "japan": "JP",
    "korea": "KR",
    "republic of korea": "KR",
    "germany": "DE",
    "france": "FR",
    "united kingdom": "GB",
    "european patent office": "EP",
    "wipo": "WO",
}

_NAMES = "|".join(sorted((*_SHORT, *_SHORT.values()), key=len, reverse=True))
_PROVINCE = re.compile(
    rf"^(?:\d{{6}}[\s,，]*)?(?:中国|中华人民共和国)?\s*({_NAMES})(?!藏族|蒙古族)(?=\S)"
)
_CITY = re.compile(r"\s*([\u4e00-\u9fff]{1,10}?(?:自治州|地区|盟|市))(?!场)")
_COUNTY = re.compile(
    r"\s*([\u4e00-\u9fff]{1,12}?(?:自治县|自治旗|新区|开发区|林区|特区|区|县|旗|市))"
)
_PROVINCE_AND_CODE = re.compile(r"([\u4e00-\u9fff]+)[;；]\s*(?:\d{2}|[A-Z]{2})(?![\w-])")
_MUNICIPALITIES = frozenset({"北京市", "上海市", "天津市", "重庆市"})
_SPECIAL = frozenset({"香港特别行政区", "澳门特别行政区", "台湾省"})
_COUNTRY_FORM = re.compile(r"[A-Z]{2}")


def split_list(text: str) -> list[str]:
    """Split at `|`, `;`, `；` and line breaks; never at commas.

    >>> split_list("H01M10/0525 | H01M4/62")
    ['H01M10/0525', 'H01M4/62']
    """
    return [part for part in _LIST.split(text.strip()) if part]


def split_names(text: str) -> list[str]:
    """Split names at `|`, `;` and line breaks, or else at commas where that is safe.

    Commas part Chinese names only, each of two characters or more: `某某大学,示例公司` are two
    names; `姓, 名` is one, and so is `Example Co., Ltd.`

    >>> split_names("姓, 名|姓, 名")
    ['姓, 名', '姓, 名']
    """
    names = split_list(text)
    if len(names) != 1:
        return names
    pieces = [piece for piece in _COMMAS.split(names[0]) if piece]
    if len(pieces) > 1 and all(_HAN_NAME.fullmatch(piece) for piece in pieces):
        return pieces
    return names


def split_classes(text: str) -> list[str]:
    """Split class symbols: at commas too, and at spaces before the next letter or number."""
    return [
        part for part in re.split(r"[|;；,，、\n]+|(?<=\))\s+(?=[A-H0-9])", text) if part.strip()
    ]


def read_country(text: str) -> str | None:
    """Read a country or office: its two letters, or a name in Chinese or English."""
    first = split_list(text)[:1]
    if not first:
        return None
    plain = first[0].strip()
    if _COUNTRY_FORM.fullmatch(plain.upper()):
        return plain.upper()
    bracket = re.search(r"[(（]([A-Z]{2})[)）]", plain)
    return bracket[1] if bracket else _COUNTRIES.get(plain.casefold())


def read_province(text: str) -> tuple[str | None, str | None]:
    """Read 湖北, 湖北省, `42`, `湖北;42` or `美国;US`: the country and the province, if told."""
    for part in split_list(text):
        code = re.fullmatch(r"(?:CN)?(\d{2})(?:\d{4})?", part)
        if code is not None and code[1] in PROVINCES:
            return "CN", PROVINCES[code[1]]
        name = _SHORT.get(part, part)
        if name in _SHORT.values():
            return "CN", name
    country = read_country(text)
    return (country, None) if country else (None, text or None)


def read_chinese_address(address: str) -> Row:
    """Find province, city and county at the beginning of a Chinese address; {} if it has none.

    >>> read_chinese_address("430070 湖北省武汉市武昌区示例路1号")
    {'country': 'CN', 'province': '湖北省', 'city': '武汉市', 'county': '武昌区'}
    """
    match = _PROVINCE.match(address)
    if match is None:
        return {}
    province = _SHORT.get(match[1], match[1])
    place: Row = {"country": "CN", "province": province}
    rest = address[match.end() :]
    if province in _SPECIAL:
        return place
    if match[1] == "吉林" and rest.startswith("市"):
        rest = "吉林" + rest  # the city of the same name, its province left out
    if province in _MUNICIPALITIES:
        place["city"] = province
        rest = rest.removeprefix("市辖区").removeprefix("市")
    elif (city := _CITY.match(rest)) is not None:
        place["city"] = city[1]
        rest = rest[city.end() :]
    county = _COUNTY.match(rest)
    if county is not None:
        place["county"] = county[1]
    return place


def make_parties(
    names: Sequence[str],
    *,
    address: str = "",
    country: str = "",
    province: str = "",
    city: str = "",
    county: str = "",
) -> list[Row]:
    """Make `PARTY`s of `names` and the cells beside them.

    As many addresses as names belong to them one by one; otherwise the first of each cell belongs
    to the first name. What an address does not need to be asked, the other cells say.
    """
    if not (address or country or province or city or county):
        return [{"name": name} for name in names]
    per_name = [_spread(cell, len(names)) for cell in (address, country, province, city, county)]
    return [_party(name, *cells) for name, *cells in zip(names, *per_name, strict=True)]


def _spread(cell: str, count: int) -> list[str]:
    if not cell:
        return [""] * count
    pair = _PROVINCE_AND_CODE.sub(r"\1", cell)
    parts = split_list(pair)
    if len(parts) == count:
        return parts
    return [pair if count == 1 else parts[0], *[""] * (count - 1)]


def _party(name: str, address: str, country: str, province: str, city: str, county: str) -> Row:
    party: Row = {"name": name}
    if address:
        party.update(read_chinese_address(address))
        party["address"] = " ".join(address.split())
    if province:
        nation, region = read_province(province)
        party["country"] = nation or party.get("country")
        party["province"] = region or party.get("province")
    if country:
        party["country"] = read_country(country) or party.get("country")
    if city:
        party["city"] = city
    if county:
        party["county"] = county
    return party
