"""Names of antigens in the words of a study, also the short forms of product names ("CART22", "19-28z", "CD19/22")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from cartella.knowledge import knowledge
from cartella.reading.therapy.cues import table

_COLUMNS = ("symbol", "name", "case")

# Names of the vocabulary that mean something else in a title more often than the antigen.
_UNSAFE = frozenset({"IAP", "T1", "B4", "B29", "UFO", "neu", "SILV", "T4", "MET", "KIT", "BiP", "tax", "TYR", "p53"})

# Letters that product names glue in front of an antigen's name ("huCD19", "AntiCD19", "4SCAR19") or behind ("CD19CAR").
_BEFORE = re.compile(
    r"(?:^|[^A-Za-z0-9]|[Aa]nti|ANTI|[Hh]u|CAR2?|CART|UC|[Tt]an|T[mM]|DNA|[A-Za-z0-9]x|fh|[Ss]up"
    r"|(?:^|[^A-Za-z])[hmuap])\Z"
)
_GLUED_BEFORE_CD = re.compile(r"CD\d|BCMA")
_AFTER = re.compile(
    r"$|[^A-Za-z0-9]|U?CAR|x[A-Z0-9]|TCR|CD\d|BCMA|GPRC|s\b|[Bb]ispecific|Bi\b|BATs?\b|E-CART|R\(|Tc?\b|KO\b|[Tt]arge"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """An antigen named in a text; `glued` if the form itself is a receptor's name ("CART22", "19-28z")."""

    symbol: str
    start: int
    end: int
    glued: bool = False


@dataclass(slots=True)
class _Node:
    next: dict[str, _Node] = field(default_factory=dict)
    gap: bool = False
    ends: bool = False


def _trie_pattern(names: Iterable[str]) -> str:
    """The names as one pattern that looks at each letter once.

    Where one spelling has a space or hyphen, or a letter meets a digit, both may stand or be left out.
    """
    root = _Node()
    for name in names:
        node, before, gap = root, "", False
        for letter in name:
            if letter in " -":
                gap = True
                continue
            node = node.next.setdefault(letter, _Node())
            node.gap |= gap or (before.isalpha() and letter.isdigit())
            before, gap = letter, False
        node.ends = True

    def render(node: _Node) -> str:
        branches = [
            ("[- ]?" if following.gap else "") + re.escape(letter) + render(following)
            for letter, following in sorted(node.next.items())
        ]
        if not branches:
            return ""
        body = branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
        return f"(?:{body})?" if node.ends else body

    return render(root)


def fold(name: str) -> str:
    """The form in which spellings are compared."""
    return re.sub(r"[-\s]", "", name).lower()


@cache
def _forms() -> tuple[dict[str, str], dict[str, str]]:
    """Folded name to symbol for names in any case, and name to symbol for names read only as written."""
    free: dict[str, str] = {}
    exact: dict[str, str] = {}
    for symbol, name, case in table("antigen_spellings.csv", _COLUMNS):
        if case == "exact":
            exact[name] = symbol
        else:
            free.setdefault(name.lower(), symbol)
    for concept, names in knowledge().lexicon.names.items():
        if not concept.startswith("antigen:"):
            continue
        symbol = concept.removeprefix("antigen:")
        for name in names:
            if name in _UNSAFE or not re.fullmatch(r"[A-Za-z][\w .*/'-]{2,}", name):
                continue
            letters = sum(letter.isalpha() for letter in name)
            if letters <= 4 and name not in exact and name.lower() not in free:
                exact[name] = symbol
            elif letters > 4:
                free.setdefault(name.lower(), symbol)
    return free, exact


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str], dict[str, str], dict[str, str]]:
    free, exact = _forms()
    numbers: dict[str, str] = {}
    for name, symbol in free.items():
        match = re.fullmatch(r"cd-?(\d{1,3}[ab]?)", name)
        if match:
            numbers[match[1]] = symbol
    for name, symbol in exact.items():
        match = re.fullmatch(r"CD-?(\d{1,3}[ab]?)", name)
        if match:
            numbers[match[1]] = symbol
    any_case = re.compile(f"{_trie_pattern(free)}(?={_AFTER.pattern.lower()})")
    as_written = re.compile(f"{_trie_pattern(exact)}(?={_AFTER.pattern})")
    return any_case, as_written, {fold(n): s for n, s in free.items()}, {fold(n): s for n, s in exact.items()}, numbers


# "CD19/22", "CD19/20/22": numbers after a slash carry on the name before it.
_CARRIED = re.compile(r"(?:\s?[/&+]\s?|x)(\d{1,3}[ab]?)(?![\d.%a-z])|-(20|22)(?![\d.%])")
_GLUED = re.compile(
    r"(?<![A-Za-z])[A-Za-z0-9]{0,7}?(?:CAR-?T?|SCAR|UC?D)[-. ]?[Tt]?-?((?:19|20|22|30|33|38|44|70|7|5|37|84|"
    r"123|133|138|147|171|269|276|318)"
    r"|(?:1922|2219|2019|1920))(?=$|[^\dA-Za-z]|[A-Z]|x?T|v\d)(?!\.\d\d|%|-28)"
)
_CHAIN = re.compile(
    r"(?<![\d.-])(19|20|22|33|123)(?=-?(?:28z|28BBz|BBz|CAR\b|UCAR)|\(T2\)28z)|(?<!\d)19(?=28z|28T2z)|"
    r"(?<!\d)(1922|2219)(?=CAR)"
)
_PAIRS = {"1922": ("19", "22"), "2219": ("22", "19"), "2019": ("20", "19"), "1920": ("19", "20")}


def find(text: str, lower: str) -> list[Mention]:
    """All antigens named in the text, in order; `lower` is the text in small letters."""
    any_case, as_written, free, exact, numbers = _patterns()
    found: dict[int, Mention] = {}
    for pattern, names, searched in ((any_case, free, lower), (as_written, exact, text)):
        position = 0
        while match := pattern.search(searched, position):
            position = match.start() + 1
            end = _whole(text, match.start(), match.end())
            symbol = names.get(fold(searched[match.start() : end])) if end else None
            if symbol is not None:
                position = end
                known = found.get(match.start())
                if known is None or known.end < end:
                    found[match.start()] = Mention(symbol, match.start(), end)
    for pattern in (_GLUED, _CHAIN):
        for match in pattern.finditer(text):
            group = match.lastindex or 0
            digits = match[group]
            for number in _PAIRS.get(digits, (digits,)):
                symbol = numbers.get(number)
                if symbol:
                    start = match.start(group) + (digits.index(number) if number != digits else 0)
                    found[start] = Mention(symbol, start, start + len(number), glued=True)
    for mention in list(found.values()):
        if mention.glued or lower.startswith("cd", mention.start):
            for carried in _carried(text, mention, numbers):
                found[carried.start] = carried
    return _without_overlap(sorted(found.values(), key=lambda mention: (mention.start, -mention.end)))


def _whole(text: str, start: int, end: int) -> int:
    """The end of the name if it stands as a word, or as the part of a product name; else 0."""
    if not _BEFORE.search(text[max(0, start - 6) : start]) and not (
        _GLUED_BEFORE_CD.match(text, start) and start and text[start - 1].isalnum()
    ):
        return 0
    return end if _AFTER.match(text, end) else 0


def _carried(text: str, mention: Mention, numbers: dict[str, str]) -> Iterator[Mention]:
    position = mention.end
    while True:
        match = _CARRIED.match(text, position)
        if not match:
            return
        group = 1 if match[1] else 2
        symbol = numbers.get(match[group].lower())
        if symbol is None:
            return
        yield Mention(symbol, match.start(group), match.end(group))
        position = match.end()


def _without_overlap(mentions: list[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    for mention in mentions:
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept
