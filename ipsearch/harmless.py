"""Here is anybody's text, give me one line that can be shown: nothing in it moves or turns."""

from __future__ import annotations

import re

# What could move the cursor, colour the screen, or turn the order of characters around.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_LINE_ENDS = re.compile("[\t\n\r\v\f\x85\u2028\u2029]+")


def one_line(text: str) -> str:
    """Make one harmless line of `text`: line ends are spaces, what is unsafe is made visible.

    >>> one_line("a\\x1b[31mb")
    'a␛[31mb'
    """
    return _UNSAFE.sub(visible, _LINE_ENDS.sub(" ", text))


def visible(match: re.Match[str]) -> str:
    """Give what shows a character that a pattern found."""
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)  # the picture of a control character
    return "\u2421" if code == 0x7F else f"<U+{code:04X}>"
