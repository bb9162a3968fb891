"""Make `ipsearch/data/characters.npz`: what is to be known of a Chinese character beside others.

For every Han character that folding leaves as it is: strokes, four-corner code, structure, radical,
parts, readings without tone, the form under which it is compared if it is a variant, and the
characters that look like it, each with a likeness. The likeness is our own: shared parts, order of
strokes and four-corner code, weighted below. Facts come from:

- nlp-hanzi-similar (Apache-2.0; github.com/houbb/nlp-hanzi-similar): numbers of strokes,
  four-corner codes, structures, radicals (bihuashu_2w, sijiaobianma_2w, hanzijiegou_2w,
  pianpangbushou_2w);
- pycorrector (Apache-2.0; github.com/shibing624/pycorrector): orders of strokes (stroke);
- 汉语拆字字典 of 开放词典 (CC BY 3.0; kaifangcidian.com, github.com/kfcd/chaizi): which parts a
  character is made of (chaizi-jt);
- the readings of pypinyin (MIT; github.com/mozillazg/python-pinyin), all tones as one;
- OpenCC's tables of Japanese, Taiwan and Hong Kong variants (Apache-2.0; github.com/BYVoid/OpenCC).

    python scripts/make_character_table.py FOLDER

FOLDER holds the lists; `pypinyin`, `opencc`, `rapidfuzz` must be installed. About five minutes.
"""

from __future__ import annotations

import math
import sys
import unicodedata
from collections import defaultdict
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ipsearch.analysis import fold

# What a look-alike is made of: shared parts, order of strokes, the last strokes (the lower right is
# what tells 末 / 未 apart), corners, structure, number of strokes. The weights were chosen by the
# places on which look-alikes in half of the pairs of a public list of similar marks (Apache-2.0)
# come among the characters of brand names; no pair has a degree of its own.
PART_WEIGHT, STROKE_WEIGHT, LAST_STROKES_WEIGHT = 0.25, 0.20, 0.10
CORNER_WEIGHT, STRUCTURE_WEIGHT, COUNT_WEIGHT = 0.25, 0.15, 0.05
# Two characters that share their radical alone (江 / 河) are of one kind, not of one look.
RADICAL_DISCOUNT = 0.4
# Strokes in the same order and corners alike, whatever the parts: 己 / 已, 人 / 入, 夫 / 天.
SAME_STROKES, SAME_CORNERS = 0.95, 0.75
# A first stroke that lies or falls to the left is the same at a glance: 干 / 千, 王 / 壬.
FIRST_STROKE_DISCOUNT = 0.05
# One outline, all four corners alike in one structure: 荣 / 荥, 城 / 域, 泰 / 秦.
OUTLINE_BASE, OUTLINE_STROKES = 0.33, 0.40
# Nearly the same strokes around a shared part: 团 / 困, 科 / 料.
NEARLY_SAME_STROKES, NEARLY_SAME_WEIGHT, SHARED_AT_LEAST = 0.9, 0.66, 0.2
# One part is the same, and the radicals beside it are drawn alike: 扬 / 杨, 析 / 折.
RADICALS_ALIKE = (
    *("木扌禾牛", "氵冫讠", "亻彳", "日目口月耳", "礻衤", "艹⺮", "宀冖穴", "贝见", "土王"),
)
RADICALS_ALIKE_BONUS, PART_AT_LEAST = 0.12, 0.4
# One radical, one structure, three corners: a fair resemblance (旅 / 族, 国 / 围).
KIN_BASE, KIN_STROKES, KIN_STROKES_AT_LEAST, KIN_CORNERS = 0.25, 0.40, 0.7, 0.75
# A character is taken for those that are nearest to it, however near: one that few others resemble
# is mistaken sooner than one of many alike. Up to `PLAIN_LIKENESS`, where looks alone decide, a
# degree is drawn half-way to what the place among the neighbours of either says: from
# `FIRST_NEIGHBOUR` for the first two down by `LATER_NEIGHBOUR` to the thirtieth.
NEIGHBOURHOOD, PLAIN_LIKENESS = 0.5, 0.75
FIRST_NEIGHBOUR, LATER_NEIGHBOUR, LATE = 0.74, 0.16, 15
# From which degree on a pair is kept, and how many at most of one character: of two characters in
# daily use, of one and a rare one, of two rare ones.
LEAST_LIKENESS = (0.45, 0.62, 0.8)
MOST_NEIGHBOURS = (60, 8, 3)
DEEPEST_PART = 3
MOST_READINGS = 4
USUAL, IN_USE, RARE = 0, 1, 2
IN_USE_WORDS, IN_USE_SHARE = 2, 0.05
UNKNOWN_CORNER = 0xFFFFFFFF

# Written forms of radicals that the decompositions give by their full forms.
RADICAL_FORMS = dict(
    zip(
        "水草艸人言金手心火衣示刀犬食丝糸肉辵阜邑玉爪网老雨足竹",
        "氵艹艹亻讠钅扌忄灬衤礻刂犭饣纟纟月辶阝阝王爫罒耂⻗𧾷⺮",
        strict=True,
    )
)
WRITTEN_RADICALS = frozenset(RADICAL_FORMS.values())
BASIC_STROKES = {
    **dict.fromkeys("一", "h"),
    **dict.fromkeys("丨亅", "s"),
    **dict.fromkeys("丿", "p"),
    **dict.fromkeys("丶乀㇏", "n"),
    **dict.fromkeys("乙乚乛㇆𠃌𠃊", "z"),
    "讠": "nz",
    "阝": "zs",
    "饣": "pzz",
    "辶": "nzn",
    "廴": "zn",
    "钅": "phhhz",
    "纟": "zzh",
    "忄": "nns",
    "彐": "zhh",
    "巛": "zzz",
    "匚": "hz",
    "匸": "hz",
    "丩": "zs",
    "彑": "zzh",
    "⺮": "phnphn",
    "⻗": "hnznnnn",
    "𧾷": "szhshsh",
}
# Old second forms that are still seen in names and on shop signs (第一批异体字整理表).
VARIANTS = "堃坤喆哲犇奔淼渺菓果妳你麐麟昇升陞升甯宁寗宁彜彝翺翱潄漱牀床峯峰羣群畧略畵画"


def lines(path: Path) -> list[str]:
    """Read the lines of a list but empty ones and comments."""
    text = path.read_text(encoding="utf-8-sig")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def values(path: Path) -> dict[str, str]:
    """Read a list of a character and one value."""
    pairs = (line.split() for line in lines(path))
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


class Facts:
    """The lists, joined by character."""

    def __init__(self, folder: Path) -> None:
        self.count = {c: int(n) for c, n in values(folder / "bihuashu_2w.txt").items()}
        corners = values(folder / "sijiaobianma_2w.txt")
        self.corner = {c: code for c, code in corners.items() if code != "null"}
        self.structure = {c: int(n) for c, n in values(folder / "hanzijiegou_2w.txt").items()}
        self.radical = values(folder / "pianpangbushou_2w.txt")
        self._order = values(folder / "stroke.txt")
        self._divided = {
            row[0]: [way.split() for way in row[1:] if way.strip()]
            for row in (line.split("\t") for line in lines(folder / "chaizi-jt.txt"))
        }
        self.strokes = cache(self._strokes)
        self.parts = cache(self._parts)

    def _strokes(self, char: str, depth: int = 0) -> str:
        """Give the order of strokes, of the parts where no list has it; "" if unknown."""
        known = self._order.get(char) or BASIC_STROKES.get(char)
        if known or depth > 5:
            return known or ""
        for way in self._divided.get(char, []):
            pieces = [self._strokes(part, depth + 1) for part in way if part != char]
            together = "".join(pieces)
            if all(pieces) and abs(len(together) - self.count.get(char, len(together))) <= 1:
                return together
        return ""

    def _parts(self, char: str) -> tuple[str, ...]:
        """Divide a character once, in the way whose strokes add up best."""
        if char in WRITTEN_RADICALS:
            return ()  # the lists give 讠 by 訁: old forms are nothing that is seen
        best: tuple[int, int] | None = None
        chosen: tuple[str, ...] = ()
        for way in self._divided.get(char, []):
            for written in (way, [RADICAL_FORMS.get(part, part) for part in way]):
                total = sum(len(self.strokes(part)) or 50 for part in written)
                distance = abs(total - self.count.get(char, total))
                if char not in written and (best is None or (distance, len(way)) < best):
                    best, chosen = (distance, len(way)), tuple(written)
        return chosen

    def all_parts(self, char: str, depth: int = 0) -> dict[str, int]:
        """Give the parts of a character and theirs, itself too, with their strokes."""
        found = {char: len(self.strokes(char)) or self.count.get(char, 1)}
        if depth < DEEPEST_PART:
            for part in self.parts(char):
                found |= self.all_parts(part, depth + 1)
        return {part: strokes for part, strokes in found.items() if strokes >= 2}


def universe(facts: Facts) -> list[str]:
    """Give the characters of the table, in the order of their codes."""
    known = {c for c in facts.count if len(c) == 1 and "\u3400" <= c <= "\u9fff"}
    return sorted(c for c in known if fold(c) == c)


@cache
def phrase_readings() -> dict[str, dict[str, int]]:
    """Count how often each character is read how in pypinyin's list of words."""
    from pypinyin.phrases_dict import phrases_dict

    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for phrase, readings in phrases_dict.items():
        for char, reading in zip(phrase, readings, strict=False):
            counts[char][without_tone(reading[0])] += 1
    return counts


def without_tone(reading: str) -> str:
    """Take the tone from a syllable; ü becomes v, sounds without a vowel (ng, hm) nothing."""
    plain = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    plain = "".join(c for c in plain if c.isascii() and c.isalpha())
    return plain if set(plain) & set("aeiouv") else ""


def readings_of(char: str) -> list[tuple[str, int]]:
    """Give the readings of a character without tones, and whether each is usual, in use or rare.

    The first of pypinyin's is the usual one; another is in use if the words with the character are
    read so often enough.
    """
    from pypinyin.constants import PINYIN_DICT

    counts = phrase_readings().get(char, {})
    total = sum(counts.values())
    found: dict[str, int] = {}
    for reading in PINYIN_DICT.get(ord(char), "").split(","):
        plain = without_tone(reading)
        if plain and plain not in found:
            often = counts.get(plain, 0)
            in_use = often >= IN_USE_WORDS and often >= IN_USE_SHARE * total
            found[plain] = USUAL if not found else IN_USE if in_use else RARE
    return sorted(found.items(), key=lambda item: item[1])[:MOST_READINGS]


def variants(chars: list[str]) -> dict[str, str]:
    """Give the variants among `chars` with the form that each is compared under."""
    import opencc

    found: dict[str, str] = {}
    for name in ("jp2t", "tw2t", "hk2t"):
        usual = opencc.OpenCC(name).convert("\n".join(chars)).split("\n")
        for char, other in zip(chars, usual, strict=True):
            form = fold(other)
            if form != char and len(form) == 1 and not is_common(char) and is_common(form):
                found.setdefault(char, form)
    for char, form in zip(VARIANTS[::2], VARIANTS[1::2], strict=True):
        if fold(char) == char:
            found[char] = form
    return found


def is_common(char: str) -> bool:
    """Whether a character is in GB 2312: it then stands for itself."""
    try:
        return bool(char.encode("gb2312"))
    except UnicodeEncodeError:
        return False


class SharedParts:
    """Which characters share which parts."""

    def __init__(self, facts: Facts, chars: list[str]) -> None:
        holders: dict[str, list[int]] = defaultdict(list)
        self._parts = [facts.all_parts(char) for char in chars]
        for number, parts in enumerate(self._parts):
            for part in parts:
                holders[part].append(number)
        self._holders = {part: np.array(numbers) for part, numbers in holders.items()}
        names = sorted(set(facts.radical.values()))
        self._radical = np.array([names.index(facts.radical.get(c, names[0])) for c in chars])
        self._radical_parts = [
            {radical, RADICAL_FORMS.get(radical, radical)}
            for radical in (facts.radical.get(char, "") for char in chars)
        ]

    def largest(self, number: int) -> npt.NDArray[np.float32]:
        """Give the strokes of the largest part that each character shares with one of them."""
        best = np.zeros(len(self._parts), np.float32)
        for part, strokes in self._parts[number].items():
            holders = self._holders[part]
            worth = np.full(len(holders), strokes, np.float32)
            if part in self._radical_parts[number]:
                worth[self._radical[holders] == self._radical[number]] *= RADICAL_DISCOUNT
            best[holders] = np.maximum(best[holders], worth)
        return best


class Degrees:
    """How much characters look like each other, in 0..1."""

    def __init__(self, facts: Facts, chars: list[str]) -> None:
        self._orders = [facts.strokes(char) for char in chars]
        self._glances = [
            "h" + order[1:] if order.startswith("p") else order for order in self._orders
        ]
        self._counts = np.array([facts.count[char] for char in chars], float)
        digits = [[int(d) for d in facts.corner.get(char, "")[:4]] for char in chars]
        self._corners = np.array([row or [-1] * 4 for row in digits])
        self._structures = np.array([facts.structure.get(char, -1) for char in chars])
        self._shared = SharedParts(facts, chars)
        groups = {radical: n for n, group in enumerate(RADICALS_ALIKE) for radical in group}
        radicals = [facts.radical.get(char, "") for char in chars]
        self._kinds = np.array([groups.get(radical, -1) for radical in radicals])
        numbers = {radical: number for number, radical in enumerate(sorted(set(radicals)))}
        self._radicals = np.array([numbers[radical] for radical in radicals])

    def of(self, rows: range) -> npt.NDArray[np.float32]:
        """Give the degrees between some characters and all, a row each."""
        begin, end = rows.start, rows.stop
        strokes = np.maximum(
            self._strokes(self._orders, begin, end),
            self._strokes(self._glances, begin, end) - FIRST_STROKE_DISCOUNT,
        )
        alike = self._corners[begin:end, None] == self._corners[None]
        corner = (alike & (self._corners[None] >= 0)).sum(axis=2, dtype=np.float32) / 4
        largest = np.stack([self._shared.largest(number) for number in rows])
        parts = largest / np.maximum(self._counts[begin:end, None], self._counts[None])
        parts = np.minimum(parts, 1).astype(np.float32)
        structure = self._structures[begin:end, None] == self._structures[None]
        counts = self._counts[begin:end, None], self._counts[None]
        degrees = PART_WEIGHT * parts + STROKE_WEIGHT * strokes + CORNER_WEIGHT * corner
        degrees += LAST_STROKES_WEIGHT * self._last_strokes(begin, end)
        degrees += STRUCTURE_WEIGHT * structure
        degrees += COUNT_WEIGHT * (np.minimum(*counts) / np.maximum(*counts)).astype(np.float32)
        kinds = self._kinds[begin:end, None]
        divided = structure & (self._structures[None] > 0)
        both = divided & (kinds == self._kinds[None]) & (kinds >= 0) & (parts >= PART_AT_LEAST)
        degrees = degrees + RADICALS_ALIKE_BONUS * both
        same = (strokes >= SAME_STROKES) & (corner >= SAME_CORNERS)
        degrees = _at_least(degrees, same, 0.5 * strokes + 0.5 * corner)
        outline = OUTLINE_BASE + OUTLINE_STROKES * strokes
        degrees = _at_least(degrees, structure & (corner == 1), outline)
        kin = structure & (self._radicals[begin:end, None] == self._radicals[None])
        kin &= (corner >= KIN_CORNERS) & (strokes >= KIN_STROKES_AT_LEAST)
        degrees = _at_least(degrees, kin, KIN_BASE + KIN_STROKES * strokes)
        nearly = (strokes >= NEARLY_SAME_STROKES) & (parts >= SHARED_AT_LEAST)
        degrees = _at_least(degrees, nearly, NEARLY_SAME_WEIGHT * strokes)
        degrees[np.arange(end - begin), np.arange(begin, end)] = 0
        return np.minimum(degrees, 1)

    def _strokes(self, orders: list[str], begin: int, end: int) -> npt.NDArray[np.float32]:
        from rapidfuzz.distance import Indel
        from rapidfuzz.process import cdist

        found = cdist(
            orders[begin:end],
            orders,
            scorer=Indel.normalized_similarity,
            dtype=np.float32,
        )
        found[[not order for order in orders[begin:end]]] = 0
        return found

    def _last_strokes(self, begin: int, end: int) -> npt.NDArray[np.float32]:
        from rapidfuzz.distance import Postfix
        from rapidfuzz.process import cdist

        orders = self._orders
        return cdist(
            orders[begin:end], orders, scorer=Postfix.normalized_similarity, dtype=np.float32
        )


def _at_least(
    degrees: npt.NDArray[np.float32], where: npt.NDArray[np.bool_], least: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    return np.where(where, np.maximum(degrees, least), degrees)


def look_alikes(facts: Facts, chars: list[str]) -> list[dict[int, float]]:
    """Give, for each character, those that look like it and how much, in 0..1, both ways alike."""
    degrees = Degrees(facts, chars)
    near: list[dict[int, float]] = [{} for _ in chars]
    ranked: list[dict[int, tuple[float, int]]] = [{} for _ in chars]
    common = np.array([is_common(char) for char in chars])
    for begin in range(0, len(chars), 256):
        rows = range(begin, min(begin + 256, len(chars)))
        for row, scores in zip(rows, degrees.of(rows), strict=True):
            own = 0 if common[row] else 1
            for kind, others in ((own, common), (own + 1, ~common)):
                best = np.argsort(-np.where(others, scores, 0), kind="stable")
                best = best[: MOST_NEIGHBOURS[kind]]
                best = best[others[best]]
                if kind == 0:
                    places = enumerate(best.tolist(), start=1)
                    ranked[row] = {other: (float(scores[other]), place) for place, other in places}
                    continue
                for other in best[scores[best] >= LEAST_LIKENESS[kind]].tolist():
                    near[row][other] = near[other][row] = float(scores[other])
        print(f"\r{rows.stop} of {len(chars)}", end="", file=sys.stderr)
    for row, found in enumerate(ranked):
        for other, (degree, place) in found.items():
            place = min(place, ranked[other].get(row, (degree, place))[1])
            drawn = among_neighbours(degree, place)
            if drawn >= LEAST_LIKENESS[0]:
                near[row][other] = near[other][row] = drawn
    return near


def among_neighbours(degree: float, place: int) -> float:
    """Give the degree to which a character is taken for another, its neighbour on this place."""
    later = math.log(max(place, 2) / 2) / math.log(LATE)
    told = FIRST_NEIGHBOUR - LATER_NEIGHBOUR * later
    drawn = degree + NEIGHBOURHOOD * (told - degree)
    return max(drawn, degree) if degree >= PLAIN_LIKENESS else drawn


def ragged(rows: list[list[int]], kind: type[np.unsignedinteger]) -> tuple[npt.NDArray, ...]:
    """Give rows of different lengths as one array and where each row ends."""
    ends = np.cumsum([len(row) for row in rows], dtype=np.uint32)
    return np.array([value for row in rows for value in row], kind), ends


def main() -> None:
    """Read the lists in the folder given and write the table."""
    facts = Facts(Path(sys.argv[1]))
    chars = universe(facts)
    near = look_alikes(facts, chars)
    readings = [readings_of(char) for char in chars]
    syllables = sorted({syllable for row in readings for syllable, _ in row})
    number = {syllable: place for place, syllable in enumerate(syllables)}
    sounds, sound_ends = ragged([[number[s] for s, _ in row] for row in readings], np.uint16)
    usage = ragged([[degree for _, degree in row] for row in readings], np.uint8)[0]
    parts, part_ends = ragged([[ord(p) for p in facts.parts(c)] for c in chars], np.uint32)
    order = [sorted(row, key=lambda other: (-row[other], other)) for row in near]
    likes, like_ends = ragged(order, np.uint16)
    degrees = [[round(255 * near[i][j]) for j in row] for i, row in enumerate(order)]
    other_forms = variants(chars)
    target = Path(__file__).parents[1] / "ipsearch" / "data" / "characters.npz"
    np.savez_compressed(
        target,
        codes=np.array([ord(char) for char in chars], np.uint16),
        strokes=np.array([facts.count[char] for char in chars], np.uint8),
        corners=np.array([int(facts.corner.get(c, UNKNOWN_CORNER)) for c in chars], np.uint32),
        structures=np.array([facts.structure.get(c, 0) for c in chars], np.uint8),
        radicals=np.array([ord(facts.radical.get(c, "\0")[0]) for c in chars], np.uint16),
        parts=parts,
        part_ends=part_ends,
        syllables=np.array(" ".join(syllables)),
        sounds=sounds,
        sound_ends=sound_ends,
        sound_usage=usage,
        look_alikes=likes,
        look_alike_ends=like_ends,
        likeness=ragged(degrees, np.uint8)[0],
        variants=np.array("".join(a + b for a, b in sorted(other_forms.items()))),
    )
    print(
        f"\n{target}: {len(chars)} characters, {len(syllables)} syllables,"
        f" {len(likes)} look-alikes, {len(other_forms)} variants, {target.stat().st_size} bytes"
    )


if __name__ == "__main__":
    main()
