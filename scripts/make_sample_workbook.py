"""Writes `patsnap_export.xlsx` into samples/: an export as 智慧芽 makes it, with texts of our own.

Needs nothing but the standard library; the file comes out the same, byte for byte, every time.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

HEADERS = (
    *(
        "序号",
        "标题",
        "标题(译)(英文)",
        "摘要",
        "公开(公告)号",
        "公开(公告)日",
        "申请号",
        "申请日",
        "授权日",
    ),
    *("失效日", "预估到期日", "专利类型", "受理局", "法律状态/事件", "简单法律状态"),
    *("[标]原始申请(专利权)人", "原始申请(专利权)人地址", "[标]当前申请(专利权)人"),
    *("当前申请(专利权)人州/省", "当前申请(专利权)人地市", "当前申请(专利权)人区县"),
    *(
        "发明人",
        "发明人数量",
        "[标]代理机构",
        "代理人",
        "IPC主分类号",
        "IPC分类号",
        "IPC主分类号(小类)",
    ),
    *(
        "CPC分类号",
        "洛迦诺分类号",
        "优先权号",
        "优先权日",
        "权利要求数",
        "首项权利要求",
        "引用专利",
    ),
    *("简单同族ID", "被引用专利数量", "专利价值(元)", "更新日期"),
)

BATTERY, ENERGY = "某某电池有限公司", "示例新能源股份有限公司"
DRONE, TEA, ROBOT = "示例无人机科技有限公司", "某某茶业有限公司", "示例机器人有限公司"
UNIVERSITY = "某某大学"
BAOTOU = "内蒙古自治区包头市稀土高新区示例路1号"
AGENCY = "示例专利代理事务所(普通合伙)"

ROWS: tuple[dict[str, str | float], ...] = (
    {
        "标题": "一种石墨烯包覆的锂离子电池正极材料及其制备方法",
        "标题(译)(英文)": "Graphene-coated cathode material of a lithium "
        "ion battery and its preparation",
        "摘要": "本发明公开一种石墨烯包覆的锂离子电池正极材料。先将镍钴锰前驱体与锂盐混合烧结，"
        "再在惰性气氛中包覆石墨烯，所得材料在低温下仍保持较高的放电容量。",
        "公开(公告)号": "CN108900011A",
        "公开(公告)日": "2018-11-27",
        "申请号": "CN201810900011",
        "申请日": "2018-05-08",
        "预估到期日": "2038-05-08",
        "专利类型": "发明申请",
        "受理局": "中国",
        "法律状态/事件": "授权 | 权利转移",
        "简单法律状态": "有效",
        "[标]原始申请(专利权)人": f"{BATTERY} | {UNIVERSITY}",
        "原始申请(专利权)人地址": f"{BAOTOU} | 湖北省武汉市武昌区示例大道2号",
        "[标]当前申请(专利权)人": BATTERY,
        "当前申请(专利权)人州/省": "内蒙古自治区",
        "当前申请(专利权)人地市": "包头市",
        "当前申请(专利权)人区县": "昆都仑区",
        "发明人": "发明人甲 | 发明人乙 | 发明人丙",
        "发明人数量": 3,
        "[标]代理机构": AGENCY,
        "代理人": "代理人甲",
        "IPC主分类号": "H01M4/36",
        "IPC分类号": "H01M4/36 | H01M4/505 | H01M4/62 | H01M10/0525",
        "IPC主分类号(小类)": "H01M",
        "CPC分类号": "H01M4/366 | H01M4/505 | Y02E60/10",
        "权利要求数": 9,
        "首项权利要求": "1.一种石墨烯包覆的锂离子电池正极材料，其特征在于，"
        "包括镍钴锰酸锂内核和包覆其外的石墨烯层。",
        "引用专利": "CN107900007A | US20160099458A1",
        "简单同族ID": "90000011",
        "被引用专利数量": 4,
        "专利价值(元)": 120000,
        "更新日期": "2024-03-01",
    },
    {
        "标题": "一种石墨烯包覆的锂离子电池正极材料及其制备方法",
        "公开(公告)号": "CN108900011B",
        "公开(公告)日": "2020-10-16",
        "申请号": "CN201810900011",
        "申请日": "2018-05-08",
        "授权日": "2020-10-16",
        "预估到期日": "2038-05-08",
        "专利类型": "授权发明",
        "受理局": "中国",
        "法律状态/事件": "授权 | 权利转移",
        "简单法律状态": "有效",
        "[标]原始申请(专利权)人": f"{BATTERY} | {UNIVERSITY}",
        "[标]当前申请(专利权)人": BATTERY,
        "发明人": "发明人甲 | 发明人乙 | 发明人丙",
        "IPC主分类号": "H01M4/36",
        "IPC分类号": "H01M4/36 | H01M10/0525",
        "权利要求数": 7,
        "简单同族ID": "90000011",
        "更新日期": "2024-03-01",
    },
    {
        "标题": "集装箱式储能电站的热管理系统",
        "标题(译)(英文)": "Thermal management system of a containerised energy storage station",
        "摘要": "本实用新型涉及储能电站。"
        "集装箱内的电池架之间设有液冷板，控制器按照电芯温差调节冷却液的流量。",
        "公开(公告)号": "CN212900022U",
        "公开(公告)日": "2021年4月6日",
        "申请号": "CN202020900022",
        "申请日": 43985.0,
        "授权日": "2021年4月6日",
        "专利类型": "实用新型",
        "受理局": "CN",
        "法律状态/事件": "授权",
        "简单法律状态": "有效",
        "[标]原始申请(专利权)人": ENERGY,
        "原始申请(专利权)人地址": "100083 北京市海淀区示例街3号",
        "[标]当前申请(专利权)人": ENERGY,
        "发明人": "发明人丁、发明人戊",
        "发明人数量": 2,
        "[标]代理机构": AGENCY,
        "IPC主分类号": "H01M10/613",
        "IPC分类号": "H01M10/613 | H01M10/6568 | H01M10/627",
        "权利要求数": 10,
        "更新日期": "2024-03-01",
    },
    {
        "标题": "一种草原巡检无人机的航线规划方法",
        "标题(译)(英文)": "Route planning method of a drone for grassland inspection",
        "摘要": "本发明公开一种草原巡检无人机的航线规划方法，"
        "按照植被指数划分网格，优先巡检退化的网格，并在电量不足时返航。",
        "公开(公告)号": "CN110900033A",
        "公开(公告)日": "2020-03-24",
        "申请号": "CN201910900033",
        "申请日": "2019-09-23",
        "失效日": "2022-08-05",
        "专利类型": "发明申请",
        "受理局": "中国",
        "法律状态/事件": "驳回",
        "简单法律状态": "失效",
        "[标]原始申请(专利权)人": DRONE,
        "原始申请(专利权)人地址": "内蒙古自治区锡林郭勒盟锡林浩特市示例路5号",
        "[标]当前申请(专利权)人": DRONE,
        "发明人": "发明人己",
        "IPC主分类号": "G05D1/10",
        "IPC分类号": "G05D1/10",
        "优先权号": "CN201910100044.4",
        "优先权日": "2019-01-30",
        "更新日期": "2024-03-01",
    },
    {
        "标题": "茶叶杀青机",
        "摘要": "本实用新型公开一种茶叶杀青机，滚筒内壁设有螺旋导叶，出料端设有热风回收管。",
        "公开(公告)号": "CN209900055U",
        "公开(公告)日": "2020-01-10",
        "申请号": "CN201920900055",
        "申请日": "2019-06-18",
        "授权日": "2020-01-10",
        "失效日": "2023-06-18",
        "专利类型": "实用新型",
        "受理局": "中国",
        "法律状态/事件": "未缴年费",
        "简单法律状态": "失效",
        "[标]原始申请(专利权)人": TEA,
        "原始申请(专利权)人地址": "福建省南平市武夷山市示例镇6号",
        "[标]当前申请(专利权)人": TEA,
        "发明人": "发明人庚",
        "IPC主分类号": "A23F3/06",
        "IPC分类号": "A23F3/06",
        "更新日期": "2024-03-01",
    },
    {
        "标题": "采茶机器人及其末端执行器",
        "标题(译)(英文)": "Tea-picking robot and its end effector",
        "摘要": "本发明公开一种采茶机器人，相机识别一芽两叶，"
        "并联机构带动剪切式末端执行器采下嫩芽。",
        "公开(公告)号": "CN113900066A",
        "公开(公告)日": "2022-01-07",
        "申请号": "CN202110900066",
        "申请日": "2021-08-06",
        "专利类型": "发明申请",
        "受理局": "中国",
        "法律状态/事件": "实质审查",
        "简单法律状态": "审中",
        "[标]原始申请(专利权)人": f"{ROBOT} | {TEA}",
        "[标]当前申请(专利权)人": f"{ROBOT} | {TEA}",
        "发明人": "发明人辛 | Inventor, A",
        "IPC主分类号": "A01D46/04",
        "IPC分类号": "A01D46/04 | B25J11/00",
        "更新日期": "2024-03-01",
    },
    {
        "标题": "无人机",
        "摘要": "1.本外观设计产品的名称：无人机。2.本外观设计产品的用途：用于草原巡检。",
        "公开(公告)号": "CN306900077S",
        "公开(公告)日": "2021-09-14",
        "申请号": "CN202130900077",
        "申请日": "2021-03-12",
        "授权日": "2021-09-14",
        "专利类型": "外观设计",
        "受理局": "中国",
        "法律状态/事件": "授权",
        "简单法律状态": "有效",
        "[标]原始申请(专利权)人": DRONE,
        "[标]当前申请(专利权)人": DRONE,
        "发明人": "发明人己",
        "洛迦诺分类号": "12-07",
        "更新日期": "2024-03-01",
    },
)

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PROLOG = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def check_digit(digits: str) -> str:
    """The check digit of a Chinese application number."""
    weights = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))
    return "0123456789X"[total % 11]


def column_name(position: int) -> str:
    """A, B ... Z, AA, AB ... for a position from 0."""
    tens, ones = divmod(position, 26)
    return (chr(64 + tens) if tens else "") + chr(65 + ones)


def cell(position: int, row: int, value: str | float) -> str:
    """One cell, a text or a number."""
    place = f"{column_name(position)}{row}"
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value:g}</v></c>'


def sheet() -> str:
    """The worksheet: headers in row 1, a record in each row below."""
    lines = [list(enumerate(HEADERS))]
    for number, record in enumerate(ROWS, start=1):
        values: dict[str, str | float] = {"序号": number, **record}
        if application := str(values.get("申请号", "")):
            values["申请号"] = f"{application}.{check_digit(application[2:])}"
        lines.append([(HEADERS.index(name), value) for name, value in values.items()])
    rows = "".join(
        f'<row r="{number}">'
        + "".join(cell(position, number, value) for position, value in sorted(line))
        + "</row>"
        for number, line in enumerate(lines, start=1)
    )
    return f'{_PROLOG}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def parts() -> dict[str, str]:
    """The parts of the package: name -> XML."""
    return {
        "[Content_Types].xml": f'{_PROLOG}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        "</Types>",
        "_rels/.rels": f'{_PROLOG}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'{_PROLOG}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
        '<sheet name="sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{_PROLOG}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": sheet(),
    }


def main() -> None:
    """Write the workbook."""
    path = Path(__file__).parents[1] / "samples" / "patsnap_export.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts().items():
            info = zipfile.ZipInfo(name, (2024, 3, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text)


if __name__ == "__main__":
    main()
