"""Make `ipsearch/data/entities.tsv`: the named characters of SGML-born and Green Book files.

Sources, facts all of them: the names of HTML 5 as Python's `html.entities` carries them, which
include those of ISO 9573-13 and nearly all of ISO 8879; the Greek letters of ISO 8879
(ISOgrk1, ISOgrk2, ISOgrk4) and its few other names that HTML left out; the names between full
stops by which the USPTO's text of 1976-2001 (APS, "Green Book") writes what ASCII lacks.

    python scripts/make_entity_table.py
"""

from __future__ import annotations

import html.entities
import unicodedata
from pathlib import Path

TARGET = Path(__file__).parents[1] / "ipsearch" / "data" / "entities.tsv"
XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})  # the parser resolves them

# ISOgrk1: `agr` is alpha, `Agr` Alpha; a letter whose name has two letters takes both as capitals
GREEK_LETTERS = {
    "a": "alpha",
    "b": "beta",
    "g": "gamma",
    "d": "delta",
    "e": "epsilon",
    "z": "zeta",
    "ee": "eta",
    "th": "theta",
    "i": "iota",
    "k": "kappa",
    "l": "lamda",
    "m": "mu",
    "n": "nu",
    "x": "xi",
    "o": "omicron",
    "p": "pi",
    "r": "rho",
    "s": "sigma",
    "t": "tau",
    "u": "upsilon",
    "ph": "phi",
    "kh": "chi",
    "ps": "psi",
    "oh": "omega",
}
GREEK_VOWELS = ("a", "e", "ee", "i", "o", "u", "oh")  # ISOgrk2: `aacgr` has a tonos

# ISOgrk4: `b.alpha` is the bold alpha of mathematics, by the names of ISOgrk3
BOLD = {
    "alpha": "ALPHA",
    "beta": "BETA",
    "gamma": "GAMMA",
    "delta": "DELTA",
    "zeta": "ZETA",
    "epsi": "EPSILON",
    "epsis": "EPSILON",
    "eta": "ETA",
    "thetas": "THETA",
    "iota": "IOTA",
    "kappa": "KAPPA",
    "lambda": "LAMDA",
    "mu": "MU",
    "nu": "NU",
    "xi": "XI",
    "pi": "PI",
    "rho": "RHO",
    "sigma": "SIGMA",
    "sigmav": "FINAL SIGMA",
    "tau": "TAU",
    "upsi": "UPSILON",
    "phis": "PHI",
    "chi": "CHI",
    "psi": "PSI",
    "omega": "OMEGA",
}
BOLD_CAPITALS = ("Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Phi", "Psi", "Omega")
BOLD_SYMBOLS = {
    "epsiv": "EPSILON",
    "thetav": "THETA",
    "kappav": "KAPPA",
    "phiv": "PHI",
    "rhov": "RHO",
    "piv": "PI",
}
BOLD_OTHERS = {"b.Upsi": "\U0001d6bc", "b.gammad": "\u03dd", "b.Gammad": "\u03dc"}

ISO_8879 = {  # names of 1986 that HTML replaced by others, or never had
    "larr2": "\u21c7",
    "uarr2": "\u21c8",
    "rarr2": "\u21c9",
    "darr2": "\u21ca",
    "lrarr2": "\u21c6",
    "rlarr2": "\u21c4",
    "lrhar2": "\u21cb",
    "rlhar2": "\u21cc",
    "drarr": "\u2198",
    "dlarr": "\u2199",
    "cupre": "\u227c",
    "gsdot": "\u22d7",
    "ldot": "\u22d6",
    "samalg": "\u2210",
    "sbsol": "\ufe68",
    "jnodot": "\u0237",
    "vprime": "\u2032",
    "epsis": "\u03b5",
    "thetas": "\u03b8",
    "phis": "\u03c6",
    "ang90": "\u221f",
    "gcedil": "\u0123",
}

GREEN_BOOK = {  # `.degree.` stands for what is written here
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "epsilon": "ε",
    "zeta": "ζ",
    "eta": "η",
    "theta": "θ",
    "iota": "ι",
    "kappa": "κ",
    "lambda": "λ",
    "lamda": "λ",
    "mu": "μ",
    "nu": "ν",
    "xi": "ξ",
    "omicron": "ο",
    "pi": "π",
    "rho": "ρ",
    "sigma": "σ",
    "tau": "τ",
    "upsilon": "υ",
    "phi": "φ",
    "chi": "χ",
    "psi": "ψ",
    "omega": "ω",
    "ALPHA": "Α",
    "BETA": "Β",
    "GAMMA": "Γ",
    "DELTA": "Δ",
    "EPSILON": "Ε",
    "ZETA": "Ζ",
    "ETA": "Η",
    "THETA": "Θ",
    "IOTA": "Ι",
    "KAPPA": "Κ",
    "LAMBDA": "Λ",
    "LAMDA": "Λ",
    "MU": "Μ",
    "NU": "Ν",
    "XI": "Ξ",
    "OMICRON": "Ο",
    "PI": "Π",
    "RHO": "Ρ",
    "SIGMA": "Σ",
    "TAU": "Τ",
    "UPSILON": "Υ",
    "PHI": "Φ",
    "CHI": "Χ",
    "PSI": "Ψ",
    "OMEGA": "Ω",
    "sub": "",
    "sup": "",
    "subsup": "",
    "supsub": "",  # what follows is set lower or higher
    "degree": "°",
    "times": "×",
    "div": "÷",
    "+-": "±",
    "-+": "∓",
    "multidot": "·",
    "about": "∼",
    "apprxeq": "≅",
    "approxeq": "≈",
    "perspectiveto": "≃",
    "congruent": "≅",
    "apprch": "≐",
    "ident": "≡",
    "notident": "≢",
    "noteq": "≠",
    "ltoreq": "≤",
    "gtoreq": "≥",
    "ltoreg": "≤",
    "gtoreg": "≥",
    "lmtoreq": "≤",
    "ltorsim": "≲",
    "gtorsim": "≳",
    "notlessthan": "≮",
    "notgreaterthan": "≯",
    "varies": "∝",
    "infin": "∞",
    "sqroot": "√",
    "cuberoot": "∛",
    "fourthroot": "∜",
    "intg": "∫",
    "differential": "∂",
    "gradient": "∇",
    "increment": "∆",
    "angle": "∠",
    "perp": "⊥",
    "parallel": "∥",
    "thrfore": "∴",
    "because": "∵",
    "BECAUSE": "∵",
    "andgate": "∩",
    "orgate": "∪",
    "sym": "⊕",
    "crclbar": "⊖",
    "circle-w/dot": "⊙",
    "circleincircle": "⊚",
    "smallcircle": "∘",
    "di-elect cons": "∈",
    "A-inverted": "∀",
    "E-backward": "∃",
    "OR right": "⊂",
    "fwdarw": "→",
    "rarw": "←",
    "uparw": "↑",
    "dwnarw": "↓",
    "revreaction": "⇄",
    "reveaction": "⇄",
    "prime": "′",
    "dblprime": "″",
    "dagger": "†",
    "dagger-dbl": "‡",
    "cndot": "•",
    "asterisk-pseud": "※",
    "paragraph": "¶",
    "sctn": "§",
    "RTM": "®",
    "TM": "™",
    "SM": "℠",
    "COPYRGT": "©",
    "COPYRG": "©",
    "ANG": "Å",
    "ang": "å",
    "cent": "¢",
    "English Pound": "£",
    "permill": "‰",
    "Salinity": "‰",
    "AMP": "&",
    "LT": "<",
    "GT": ">",
    "not <": "≮",
    "not >": "≯",
    "vertline": "|",
    "dbd": "═",
    "tbd": "≡",
    "hoarfrost": "␣",
    "quadrature": "□",
    "box-solid": "▪",
    "tangle-solidup": "▴",
    "tangle-soliddn": "▾",
    "circle": "○",
    "circle-solid": "●",
    "largecircle": "◯",
    "dottedcircle": "◌",
    "star-solid": "★",
    "diamond": "⋄",
    "diamond-solid": "♦",
    "left brkt-top": "┌",
    "right brkt-top": "┐",
    "left brkt-bot": "└",
    "right brkt-bot": "┘",
    "male": "♂",
    "female": "♀",
    "music-flat": "♭",
    "music-natural": "♮",
    "music-sharp": "♯",
    "dblquote": '"',
}


def greek() -> dict[str, str]:
    """The Greek letters of ISO 8879, plain, accented and bold."""
    found = {"sfgr": "ς", "idiagr": "ΐ", "udiagr": "ΰ"}
    for short, letter in GREEK_LETTERS.items():
        for name, size in ((short, "SMALL"), (short.capitalize(), "CAPITAL")):
            full = name if size == "SMALL" or len(short) == 1 else short.upper()
            found[f"{full}gr"] = unicodedata.lookup(f"GREEK {size} LETTER {letter}")
            if short in GREEK_VOWELS:
                accented = f"GREEK {size} LETTER {letter} WITH TONOS"
                found[f"{full}acgr"] = unicodedata.lookup(accented)
            if short in ("i", "u"):
                found[f"{full}digr"] = unicodedata.lookup(
                    f"GREEK {size} LETTER {letter} WITH DIALYTIKA"
                )
    for name, letter in BOLD.items():
        found[f"b.{name}"] = unicodedata.lookup(f"MATHEMATICAL BOLD SMALL {letter}")
    for name in BOLD_CAPITALS:
        letter = name.upper().replace("LAMBDA", "LAMDA")
        found[f"b.{name}"] = unicodedata.lookup(f"MATHEMATICAL BOLD CAPITAL {letter}")
    for name, letter in BOLD_SYMBOLS.items():
        found[f"b.{name}"] = unicodedata.lookup(f"MATHEMATICAL BOLD {letter} SYMBOL")
    return found | BOLD_OTHERS


def entities() -> dict[str, str]:
    """Name without `&` and `;` -> its characters."""
    html5 = {n[:-1]: text for n, text in html.entities.html5.items() if n.endswith(";")}
    named = html5 | ISO_8879 | greek()
    return {name: text for name, text in named.items() if name not in XML_NAMES}


def main() -> None:
    written = {f"&{name};": text for name, text in entities().items()}
    written |= {f".{name}.": text for name, text in GREEN_BOOK.items()}
    lines = ["# made by scripts/make_entity_table.py: name as written, code points of the text\n"]
    for name, text in sorted(written.items()):
        lines.append(f"{name}\t{' '.join(f'{ord(character):04X}' for character in text)}\n")
    TARGET.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
