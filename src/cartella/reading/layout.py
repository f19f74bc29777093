"""From an eligibility text to its items: the lines and bullets as a tree, with section, gate and cohort.

Styles seen in registries: dashes, stars, numbers and letters, nested by indent or by kind of marker; hard-wrapped
text of the old format; one paragraph with ``1. ... 2. ...`` or ``a; b; c`` inside; headings in every style or none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from cartella.reading.headings import (
    COHORT_HEADING,
    COHORT_OPENS,
    DONOR_HEADING,
    HEADING_THEN,
    REGISTRY_LINE,
    gate_of,
    is_heading,
    section_of,
)
from cartella.reading.inline import ROMAN, cuts
from cartella.reading.text import PlainText
from cartella.trials.criteria import Gate, Section

MARKER = re.compile(
    r"""(?P<marker>
      [*]+(?=\s|[A-Z(<>=\d]) | [-]{1,4}(?=\s|[A-Za-z(<>=]) | [o+](?=\s{1,4}[A-Z(<>=\d]) | \#(?=\s)
    | \(?\d{1,2}(?:\.\d{1,2}){0,3}[.)](?=\s|[A-Za-z(<>=]) | \d{1,2}(?:\.\d{1,2}){1,3}(?=\s)
    | \(\d{1,2}\) | \[\d{1,2}\] | \d{1,2}(?=[,:]\s)[,:]
    | [a-hj-z](?=\s[A-Z][a-z]{2})
    | \(?[a-zA-Z][.)](?=\s|[A-Z(]) | \([a-zA-Z]\) | \(?(?:i{1,3}|iv|vi{0,3}|ix|xi{0,3})[.)](?=\s|[A-Z(])
    )\s*""",
    re.VERBOSE,
)
NUMBERED = re.compile(
    r"(?P<marker>[a-hj-z](?=\s[A-Z][a-z]{2})|\d{1,2}[.)](?=[A-Z][a-z])"
    r"|(?:\(?\d{1,2}(?:\.\d{1,2})?[.)]|\(?[a-zA-Z][.)])(?=\s|(?<=\))[A-Za-z<>]))\s*"
)
STEP = re.compile(r"\{[^{}]{1,30}\}\s*(?=\S)")
"""``{Step 2}``: the name of a step in braces is no part of what is asked."""


@dataclass(slots=True)
class Item:
    """One line or bullet: characters `start` to `end` of the plain text, without its marker in `body`."""

    start: int
    end: int
    body: int
    depth: int = 0
    marker: str = ""
    heading: bool = False
    section: Section = Section.INCLUSION
    gate: Gate | None = None
    cohort: str | None = None
    children: list[Item] = field(default_factory=list)

    def text(self, plain: PlainText) -> str:
        """The words of the item without its marker; line breaks inside it are spaces."""
        return plain.text[self.body : self.end].replace("\n", " ")


def items_of(plain: PlainText, names_group: Callable[[str], bool] = lambda words: False) -> list[Item]:
    """The items of a text as a forest, in reading order; sections, gates and cohorts are set on every item.

    `names_group` tells whether a short heading ("B-cell lymphoma:") names a group of patients.
    """
    flat = _split_inline(_joined_lines(plain), plain)
    for item in flat:
        item.heading = is_heading(item.text(plain), marked=bool(item.marker))
    roots = _nested(flat, plain)
    _assign_sections(roots, plain, names_group)
    return roots


def flattened(items: list[Item]) -> list[Item]:
    """All items, parents before their children."""
    return [one for item in items for one in (item, *flattened(item.children))]


def _joined_lines(plain: PlainText) -> list[Item]:
    """Physical lines, with the continuation lines of hard-wrapped text joined to the line they continue."""
    text = plain.text
    lines: list[tuple[int, int, int]] = []
    position = 0
    for raw in text.split("\n"):
        stripped = raw.strip()
        if stripped:
            indent = len(raw) - len(raw.lstrip())
            lines.append((position + indent, position + indent + len(stripped), indent))
        elif lines:
            lines.append((-1, -1, 0))
        position += len(raw) + 1
    wrapped = _is_hard_wrapped([end - start for start, end, _ in lines if start >= 0])
    items: list[Item] = []
    after_blank = True
    for start, end, indent in lines:
        if start < 0:
            after_blank = True
            continue
        marker = MARKER.match(text, start, end)
        if marker and marker.group("marker")[0] in "*-o#" and (inner := NUMBERED.match(text, marker.end(), end)):
            marker = inner
        if marker and AMOUNT.match(text, start, end) and items and COMPARES.search(text[: items[-1].end]):
            marker = None  # "creatinine >" above "1.5 x ULN": a limit, no item 1.5
        if items and not after_blank and not marker and _continues(items[-1], text, start, end, wrapped):
            items[-1].end = end
        else:
            body = marker.end() if marker else start
            if marker and body >= end:
                body = start
            kind = text[start:body].strip() if marker else ""
            if step := STEP.match(text, body, end):
                body = step.end()
            items.append(Item(start, end, body, depth=indent, marker=kind))
            items.extend(_after_heading(items[-1], text))
        after_blank = False
    return items


def _after_heading(item: Item, text: str) -> list[Item]:
    """``Exclusion Criteria: pregnancy ...`` on one line: what follows the heading is an item of its own."""
    match = HEADING_THEN.match(text, item.start, item.end)
    if match is None or len(text[match.end() : item.end].split()) < 2:
        return []
    rest = Item(match.end(), item.end, match.end(), depth=item.depth)
    inner = MARKER.match(text, rest.start, rest.end)
    if inner and inner.end() < rest.end:
        rest.body, rest.marker = inner.end(), inner.group("marker")
    item.end = match.start() + len(match.group().rstrip())
    return [rest]


def _is_hard_wrapped(lengths: list[int]) -> bool:
    long = sum(length > 60 for length in lengths)
    return long >= 4 and max(lengths) <= 105 and sum(length > 72 for length in lengths) >= len(lengths) // 8


AMOUNT = re.compile(r"\d{1,2}\.\d{1,2}\s")
COMPARES = re.compile(r"(?:[<>=]|\b(?:than|to|least|most|above|below|over|under|of|up to))\s*\Z")
UNFINISHED = re.compile(
    r"(?:[<>=,(]|\b(?:of|or|and|with|within|to|the|an|than|for|in|by|from|prior|previous|except|unless|including|x|no"
    r"|without|not|any|at|least|most|per|after|before|since|more|less|[Gg]rade|[Ss]tage|[Cc]lass|CD|[Hh]epatitis|is|are|be|have|has))$"
)
"""How a line ends that goes on below, whatever stands there."""


def _continues(previous: Item, text: str, start: int, end: int, wrapped: bool) -> bool:
    before = text[previous.start : previous.end]
    if before.endswith(":") or REGISTRY_LINE.match(text[start:end]) or text.startswith("Must have m", start):
        return False
    line = text[text.rfind("\n", 0, previous.end) + 1 : previous.end]
    if UNFINISHED.search(line):
        return True
    if text[start].isupper() and text[end - 1] == ":" and is_heading(text[start:end], marked=False):
        return False
    if wrapped:
        return len(line.rstrip()) > 58 or text[start].islower()
    first = text[start]
    return (first.islower() or first in "(<>=") and before[-1] not in ".;:"


def _split_inline(items: list[Item], plain: PlainText) -> list[Item]:
    """Break the lists inside a line into items of their own."""
    result: list[Item] = []
    for item in items:
        text = plain.text
        found = cuts(text, item.body, item.end, item.marker)
        if not found:
            result.append(item)
            continue
        edges = [item.start, *(cut for cut, _ in found), item.end]
        bodies = [item.body, *(body for _, body in found)]
        for number, body in enumerate(bodies):
            start, end = edges[number], edges[number + 1]
            while end > start and text[end - 1].isspace():
                end -= 1
            while body < end and text[body] == " ":
                body += 1
            marker = item.marker if number == 0 else text[start:body].strip()
            result.append(Item(start, end, body, depth=item.depth, marker=marker))
    return result


def _kind(marker: str) -> str:
    if not marker:
        return ""
    core = marker.strip("().[]:,")
    if not core:
        return marker
    if re.fullmatch(r"\d+(\.\d+)+", core):
        return "decimal" + str(core.count("."))
    if core.isdigit():
        return "(n)" if marker.startswith("(") else "n)" if marker.endswith(")") else "n."
    if re.fullmatch(r"i{1,3}|iv|vi{0,3}|ix|xi{0,3}", core) and core not in ("i", "v", "x"):
        return "roman"
    if core.isalpha() and len(core) == 1:
        return "letter" if core.islower() else "LETTER"
    return core[0] * min(len(core), 2)


def _nested(flat: list[Item], plain: PlainText) -> list[Item]:
    """Put items under the item they belong to: by indent, and at equal indent by a change of marker after a colon."""
    roots: list[Item] = []
    stack: list[tuple[int, str, Item]] = []
    for item in flat:
        kind = _kind(item.marker)
        if item.heading:
            stack.clear()
            roots.append(item)
            continue
        if kind == "letter" and item.marker.strip("().") == "i" and not _follows_h(stack):
            kind = "roman"
        counted = _counted_level(stack, item, kind)
        if counted is not None:
            del stack[counted:]
        else:
            while stack and not _is_child(item, kind, stack[-1], stack, plain):
                stack.pop()
        (stack[-1][2].children if stack else roots).append(item)
        stack.append((item.depth, kind, item))
    return roots


def _follows_h(stack: list[tuple[int, str, Item]]) -> bool:
    """``h) ... i) ...``: here the i is a letter and not the first of a row of Roman numbers."""
    return any(kind == "letter" and item.marker.strip("().") == "h" for _, kind, item in stack)


def _place(marker: str, kind: str) -> int | None:
    """Where a mark stands in the order of its kind: 3 for ``3.``, ``c)`` and ``iii.``; None for a bullet."""
    core = marker.strip("().[]:, ").lower()
    if kind == "roman":
        return ROMAN.index(core) + 1 if core in ROMAN else None
    if kind in ("letter", "LETTER"):
        return ord(core) - ord("a") + 1
    return int(core) if core.isdigit() else None


def _counted_level(stack: list[tuple[int, str, Item]], item: Item, kind: str) -> int | None:
    """``4. ... a. b. * 5.``: the 5 follows the 4 on its level, whatever the indent says."""
    place = _place(item.marker, kind)
    if place is None or place == 1:
        return None
    for level in range(len(stack) - 1, -1, -1):
        depth, other, before = stack[level]
        if other == kind and _place(before.marker, kind) == place - 1 and item.depth <= depth + 1:
            return level
    return None


def _is_child(
    item: Item, kind: str, top: tuple[int, str, Item], stack: list[tuple[int, str, Item]], plain: PlainText
) -> bool:
    depth, top_kind, parent = top
    if not kind and not parent.marker:
        return False
    if item.depth > depth + 1:
        return bool(parent.marker) or parent.text(plain).rstrip().endswith(":")
    if item.depth < depth - 1:
        return False
    if kind == top_kind:
        return False
    opened = parent.text(plain).rstrip().endswith((":", "following", "criteria"))
    if not kind:
        return False
    if any(kind == k and abs(item.depth - d) <= 1 for d, k, _ in stack):
        return False
    return opened or (bool(parent.marker) and _first_of_its_kind(item.marker))


def _first_of_its_kind(marker: str) -> bool:
    return marker.strip("().[]").lower() in {"1", "a", "i"}


@dataclass(slots=True)
class _State:
    section: Section = Section.INCLUSION
    gate: Gate | None = None
    cohort: str | None = None


def _assign_sections(roots: list[Item], plain: PlainText, names_group: Callable[[str], bool]) -> None:
    state = _State()
    parts: set[str] = set()
    for item in roots:
        words = item.text(plain)
        if item.heading:
            section = section_of(words)
            part = " ".join(words.lower().split())
            if section is Section.INCLUSION and state.section is Section.EXCLUSION and part in parts:
                section = None  # "Treatment eligibility" again: the same part of the study, among the exclusions
                state.gate = gate_of(words)
            if state.section is Section.INCLUSION and not re.search(r"\binclusion\b|\bcriteria\b", part):
                parts.add(part)
            if section is not None:
                state = _State(section, gate_of(words), "donor" if DONOR_HEADING.match(words) else None)
        elif not item.marker and words.rstrip().endswith(":") and len(words) < 110 and not item.children:
            # "For subjects with CLL:" or "Cohort A:" stands alone over what follows, until the next such line
            match = COHORT_HEADING.match(words)
            if match or names_group(words):
                item.heading = True
                state.cohort = (match.group("name") if match else words).strip(" :")
                if re.match(r"(?:all|both)\b", state.cohort, re.I):
                    state.cohort = None
        opened = None if item.heading or item.marker else COHORT_OPENS.match(words)
        if opened:
            state.cohort = opened.group("name").strip()
        if words.startswith("Must have m") and state.cohort == "donor":
            state.cohort = None  # the registry's own line of age is about the patients
        _set(item, state)


def _set(item: Item, state: _State) -> None:
    item.section, item.gate, item.cohort = state.section, state.gate, state.cohort
    for child in item.children:
        _set(child, state)
