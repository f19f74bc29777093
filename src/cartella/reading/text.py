"""The eligibility text as the reader sees it, with the way back to the registry's own characters.

Registries escape markdown (``\\>=``), keep HTML entities, and use full-width and typographic characters. The reader
works on plain ASCII-like text; every character of it knows which characters of the original it stands for, so every
span that leaves this package counts characters of the original.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace

from cartella.logic import Span

PLAIN = {
    "≥": ">=", "≧": ">=", "⩾": ">=", "≤": "<=", "≦": "<=", "⩽": "<=", "＞": ">", "＜": "<", "＝": "=",
    "﹥": ">", "﹤": "<", "×": "x", "✕": "x", "Х": "x", "х": "x", "–": "-", "—": "-", "−": "-", "‑": "-",
    "‐": "-", "－": "-", "～": "-", "〜": "-", "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "′": "'",
    "´": "'", "`": "'", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u3000": " ", "\t": " ", "\r": " ",
    "\u200b": "", "\ufeff": "", "，": ",", "；": ";", "：": ":", "（": "(", "）": ")", "【": "[", "】": "]",
    "。": ". ", "、": ",", "％": "%", "／": "/", "⁄": "/", "∕": "/", "＋": "+", "㎡": "m2",
    "μ": "u", "µ": "u", "α": "alpha",
    "β": "beta", "γ": "gamma", "δ": "delta", "κ": "kappa", "λ": "lambda", "℃": "C", "°": "", "•": "*",
    "·": "*", "●": "*", "▪": "*", "◦": "*", "○": "*", "►": "*", "➢": "*", "■": "*", "□": "*",
    "\uf0b7": "*", "⁃": "*", "…": "...", "®": "", "™": "", "½": " 1/2", "Ⅰ": "I", "Ⅱ": "II", "Ⅲ": "III",
    "Ⅳ": "IV", "ⅰ": "i", "ⅱ": "ii", "ⅲ": "iii", "ⅳ": "iv", "㎎": "mg", "㎍": "ug", "㎖": "ml", "＊": "*",
    "․": ".", **{chr(0x2460 + n): f"({n + 1}) " for n in range(20)},
}  # fmt: skip
SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True))
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))

_SPECIAL = re.compile(
    r"\\?&(?:[a-zA-Z]{2,8}|#\d{2,5}|#x[0-9a-fA-F]{2,5});|\\([\\<>=\[\](){}*^~_.#+\-&|`!/])"
    r"|[^\n !\"#$%&'()*+,\-./0-9:;<=>?@A-Z\[\\\]^_a-z{|}~]"
)


@dataclass(frozen=True, slots=True)
class PlainText:
    """`text` with, for each of its characters, the `starts` and `ends` of what it stands for in the original."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    named: frozenset[str] = frozenset()

    def with_names(self, concepts: frozenset[str]) -> PlainText:
        """The same text, with the `concepts` that it (or its title) names in full: they decide its abbreviations."""
        return replace(self, named=concepts)

    def original(self, start: int, end: int) -> Span:
        """The span of the original that the characters `start` to `end` of the plain text stand for."""
        return Span(self.starts[start], self.ends[end - 1])

    def boundary(self, position: int) -> int:
        """The first position from here on at which a character of the original begins: one may stand for several."""
        while 0 < position < len(self.starts) and self.starts[position] == self.starts[position - 1]:
            position += 1
        return position


def plain_text(original: str) -> PlainText:
    """Read a registry's text into plain characters. Nothing is dropped that a reader would need."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for match in _SPECIAL.finditer(original):
        pieces.append(original[position : match.start()])
        starts.extend(range(position, match.start()))
        ends.extend(range(position + 1, match.start() + 1))
        position = match.end()
        piece = match.group(1) or match.group()
        if len(piece) > 1:
            piece = html.unescape(piece.lstrip("\\"))
        before = original[match.start() - 1 : match.start()]
        plain = "".join(_plain_character(c, before) for c in piece)
        pieces.append(plain)
        starts.extend([match.start()] * len(plain))
        ends.extend([match.end()] * len(plain))
    pieces.append(original[position:])
    starts.extend(range(position, len(original)))
    ends.extend(range(position + 1, len(original) + 1))
    return PlainText("".join(pieces), tuple(starts), tuple(ends))


def _plain_character(character: str, previous: str) -> str:
    if character in SUPERSCRIPTS:
        # 10⁹ is a power; mm³ and m² are units
        return ("^" if previous.isdecimal() else "") + SUPERSCRIPTS[character]
    if character in SUBSCRIPTS:
        return SUBSCRIPTS[character]
    if "！" <= character <= "～" and character not in PLAIN:
        return chr(ord(character) - 0xFEE0)
    return PLAIN.get(character, character)
