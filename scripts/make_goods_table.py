"""Make `ipsearch/data/goods.zip`: the table of similar goods and services of the Chinese office.

Sources, facts all of them:

- a dump of the table (类似商品和服务区分表: similar groups, their parts, goods with their codes and
  the notes), twelfth edition of the Nice classification by its headings and codes; the dump names
  no year. The notes are not kept, only the relations that `goods_notes` reads out of them.
- the English names of the tenth edition, version 2015, by their numbers (CC0; MIT).

    python scripts/make_goods_table.py nice_zh/data.sql nice_en/nice-classification.json

Printed at the end: what of the notes was not understood, and names in notes that no group has.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from goods_notes import (
    ANY,
    NotUnderstoodError,
    Relation,
    Rule,
    Scope,
    by_function_class,
    clauses,
    read_clause,
)

from ipsearch.analysis import fold

TARGET = Path(__file__).parents[1] / "ipsearch" / "data" / "goods.zip"
ABOUT = """\
The table of similar goods and services (类似商品和服务区分表) of the Chinese office: the classes of
the Nice classification, twelfth edition, with their similar groups, the parts of those, goods with
their codes and what the notes say of similar goods, as relations; English names of the tenth
edition, version 2015. Facts of the official table; English names CC0 / MIT.
Made by scripts/make_goods_table.py.
"""
COLUMNS = {
    "groups.tsv": "group, title, parts",
    "rules.tsv": "group, part (*: all), rule",
    "relations.tsv": "kind, edition, twice group, part, paragraph, only, folded names",
    "goods.tsv": "group, part, paragraph, code, name",
    "english.tsv": "code, name",
}

CORRECTIONS = (  # slips of the dump: what stands there, what the table has
    ("CO1", "C01"),
    ("0705650", "070565"),
    ("砾光辊", "研光辊"),
    ("婴儿用含乳面粉", "婴儿含乳面粉"),
    ("格瓦斯(无酒精饮料)", "格瓦斯"),
    ("十字裕", "十字褡"),
    # rare elements, by the English names of their numbers
    *(("错010054", "镅010054"), ("锌010115", "锫010115"), ("镧010142", "锎010142")),
    *(("锁010159", "镄010159"), ("铜010226", "锔010226"), ("镍010402", "镎010402")),
    ("镁010451", "镤010451"),
    ("(储液或储气用)金属容器060232", ",(储液或储气用)金属容器060232"),
)
FIRST_GOODS = {"0904": "秤", "2013": "床用垫褥(床用织品除外)"}  # stands at the end of the title
RUN_TOGETHER = "\n4008食物、饮料加工服务4009剥制加工服务\n"  # the end of 4007 holds 4008
_ROW = re.compile(r"\((\d+),(\d+),'(\d{4})','((?:[^'\\]|\\.)*)','((?:[^'\\]|\\.)*)','[^']*'\)")
_PART = re.compile(r"\(([一二三四五六七八九十]+)\)(?=.)")
_CODE = r"(?:C\d{6}|(?<![\dC])\d{6}(?!\d))"
_GOODS = re.compile(rf"※?(?P<name>.+?)\*?(?P<code>{_CODE})\*?(?P<comma>,?)", re.DOTALL)


@dataclass
class Goods:
    """One item of the table."""

    part: str
    paragraph: int
    code: str
    name: str


@dataclass
class Group:
    """A similar group as it is read."""

    code: str
    title: str
    goods: list[Goods] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)  # the part they stand behind, text

    @property
    def parts(self) -> list[str]:
        return [part for part in dict.fromkeys(goods.part for goods in self.goods) if part]


def read_dump(text: str) -> Iterator[Group]:
    """Read the rows of the table of groups."""
    for match in _ROW.finditer(text):
        content = re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], match[5])
        content = content.translate(str.maketrans("，（）", ",()"))
        for slip, right in CORRECTIONS:
            content = content.replace(slip, right)
        code, title = match[3], match[4].strip()
        if first := FIRST_GOODS.get(code):
            title, content = title.removesuffix(first), first + content.lstrip()
        own, _, following = content.partition(RUN_TOGETHER)
        yield read_group(Group(code, title), own)
        if following:
            name = RUN_TOGETHER.strip().removesuffix("4009剥制加工服务")
            yield read_group(Group(name[:4], name[4:]), following)


def read_group(group: Group, content: str) -> Group:
    """Read parts, paragraphs, goods and notes of a group.

    A line is a paragraph (自然段), unless it is broken within a name or after a comma; where no
    comma follows a code within a line, the dump lost the line's end.
    """
    part, pending, in_note = "", "", False
    for line in re.split(r"\n|(?<=[。\d])(?=注[：:])", content):
        line = line.strip()
        if line.startswith("#"):  # what an edition took away
            in_note = True
            group.notes.append((ANY, ""))
        elif re.match("注[：:]", line):
            in_note = True
            group.notes.append((part, line[2:]))
        elif in_note and not re.search(_CODE, line):
            note_part, note = group.notes[-1]
            group.notes[-1] = (note_part, note + line)
        elif line:
            in_note = False
            if match := _PART.match(line):
                part, line = match[1], line[match.end() :]
            pending = _read_goods(group, part, pending + line)
    if pending:
        raise ValueError(f"{group.code}: left over: {pending!r}")
    return group


def _read_goods(group: Group, part: str, text: str) -> str:
    """Read a line of goods as a new paragraph, or several; give the piece of a broken name."""
    same = [goods.paragraph for goods in group.goods if goods.part == part]
    is_continued, paragraph = text.startswith("\x00"), max(same, default=0)
    text = text.lstrip("\x00")
    if not is_continued:
        paragraph += 1
    end, comma = 0, ","
    for match in _GOODS.finditer(text):
        if not comma:
            paragraph += 1
        group.goods.append(Goods(part, paragraph, match["code"], match["name"]))
        end, comma = match.end(), match["comma"]
    rest = text[end:]
    return "\x00" + rest if rest or comma else ""


def read_notes(groups: list[Group]) -> tuple[list[Relation], list[Rule], list[str], int]:
    """Give relations, rules, the sentences not understood and how many sentences there are."""
    relations: list[Relation] = []
    rules: list[Rule] = []
    unknown: list[str] = []
    functions: list[tuple[str, str]] = []  # a group, and the class it is like by function
    count = 0
    for group in groups:
        # where a note stands before all parts, those behind a part are of that part alone
        by_part = len(group.notes) > 1 and group.notes[0][0] == "" and bool(group.parts)
        for part, note in group.notes:
            for clause in clauses(note):
                count += 1
                if other := by_function_class(clause):
                    functions.append((group.code, other))
                    continue
                own = part if by_part or "本部分" in clause else ANY
                try:
                    found = read_clause(clause, group.code, own or ANY)
                except NotUnderstoodError:
                    unknown.append(f"{group.code}: {clause}")
                    continue
                relations += [one for one in found if isinstance(one, Relation)]
                rules += [one for one in found if isinstance(one, Rule)]
    for group_code, other in functions:
        for other_code, back in functions:
            if other_code[:2] == other and group_code[:2] == back and group_code < other_code:
                described = [Scope(code, only="described") for code in (group_code, other_code)]
                relations.append(Relation("similar", *described))
    return _without_doubles(relations), list(dict.fromkeys(rules)), unknown, count


def _without_doubles(relations: Iterable[Relation]) -> list[Relation]:
    """Most relations stand in the notes of both groups: keep one, the lower group on the left."""
    kept: dict[Relation, None] = {}
    for one in relations:
        left, right = one.left, one.right
        if not one.edition and _sort_key(right) < _sort_key(left):
            left, right = right, left
        kept[Relation(one.kind, left, right, one.edition)] = None
    return sorted(kept, key=lambda one: (_sort_key(one.left), _sort_key(one.right), one.edition))


def _sort_key(scope: Scope) -> tuple[str, str, int, str, tuple[str, ...]]:
    return scope.group, scope.part, scope.paragraph, scope.only, scope.names


def check(groups: list[Group], relations: list[Relation]) -> list[str]:
    """List what relations name and no group has: names of this edition, parts, paragraphs."""
    by_code = {group.code: group for group in groups}
    odd: set[str] = set()
    for one in relations:
        for scope in (one.left, one.right):
            if one.edition and scope is one.right:
                continue  # an earlier edition's goods and groups
            group = by_code.get(scope.group)
            if group is None:
                odd.add(f"no group {scope.group}")
                continue
            places = {(goods.part, goods.paragraph) for goods in group.goods}
            parts = {part for part, _ in places}
            if scope.part not in (ANY, *parts):
                odd.add(f"{scope.group}: no part {scope.part}")
            if scope.paragraph and scope.paragraph not in {
                number for part, number in places if scope.part in (ANY, part)
            }:
                odd.add(f"{scope.group}: no paragraph {scope.paragraph}")
            names = [goods.name for goods in group.goods]
            mains = [name.partition("(")[0] for name in names]
            for name in scope.names:
                has_ending = scope.only == "ending" and any(m.endswith(name) for m in mains)
                if name not in names and not has_ending:
                    odd.add(f"{scope.group}: no goods {name!r}")
    return sorted(odd)


def write(
    groups: list[Group], relations: list[Relation], rules: list[Rule], english: dict[str, list[str]]
) -> None:
    """Write the tables as members of one archive that is the same for the same input."""
    rows: dict[str, list[tuple[object, ...]]] = {
        "groups.tsv": [(g.code, g.title, " ".join(g.parts)) for g in groups],
        "rules.tsv": [(rule.group, rule.part, rule.name) for rule in rules],
        "relations.tsv": [
            (one.kind, one.edition, *_columns(one.left), *_columns(one.right)) for one in relations
        ],
        "goods.tsv": [
            (g.code, goods.part, goods.paragraph, goods.code, goods.name)
            for g in groups
            for goods in g.goods
        ],
        "english.tsv": [(code, name) for code, names in english.items() for name in names],
    }
    about = ABOUT + "".join(f"{name}: {columns}\n" for name, columns in COLUMNS.items())
    texts = {"about.txt": about}
    for name in COLUMNS:
        texts[name] = "".join("\t".join(map(str, row)) + "\n" for row in rows[name])
    with zipfile.ZipFile(TARGET, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, text in texts.items():
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, text)


def _columns(scope: Scope) -> tuple[object, ...]:
    return scope.group, scope.part, scope.paragraph, scope.only, "|".join(map(fold, scope.names))


def read_english(path: Path, codes: set[str]) -> dict[str, list[str]]:
    """Give the English names of the goods that the Chinese table still has, by their codes."""
    data = json.loads(path.read_text(encoding="utf-8"))
    found: dict[str, list[str]] = {}
    for item in [*data["goods"], *data["services"]]:
        if item["number"] in codes:
            name = " ".join(item["description"].replace("*", "").split())
            found.setdefault(item["number"], []).append(name)
    return {code: list(dict.fromkeys(names)) for code, names in sorted(found.items())}


def main() -> None:
    dump, english_path = map(Path, sys.argv[1:])
    groups = sorted(read_dump(dump.read_text(encoding="utf-8")), key=lambda group: group.code)
    relations, rules, unknown, sentences = read_notes(groups)
    codes = {goods.code for group in groups for goods in group.goods}
    english = read_english(english_path, codes)
    write(groups, relations, rules, english)
    goods = sum(len(group.goods) for group in groups)
    print(f"{len(groups)} groups, {sum(bool(g.parts) for g in groups)} with parts; {goods} goods")
    names = sum(map(len, english.values()))
    print(f"{len(codes)} codes, {len(english)} of them with {names} names in English")
    print(f"{sentences} sentences of notes, {len(unknown)} not understood")
    print(f"{len(relations)} relations: {dict(Counter(one.kind for one in relations))}")
    print(f"{len(rules)} rules: {dict(Counter(rule.name for rule in rules))}")
    for line in [*unknown, *check(groups, relations)]:
        print("  " + line)
    print(f"{TARGET}: {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
