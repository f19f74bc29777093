"""From an eligibility text to its items: the lines and bullets as a tree, with section, gate and cohort.

Styles seen in registries: dashes, stars, numbers and letters, nested by indent or by kind of marker; hard-wrapped
text of the old format; one paragraph with ``1. ... 2. ...`` or ``a; b; c`` inside; headings in every style or none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from cartella.reading.text import PlainText
from cartella.trials.criteria import Gate, Section

MARKER = re.compile(
    r"""(?P<marker>
      [*]+(?=\s|[A-Z(<>=\d]) | [-]{1,4}(?=\s|[A-Za-z(<>=]) | [o+](?=\s{1,4}[A-Z(<>=\d]) | \#(?=\s)
    | \(?\d{1,2}(?:\.\d{1,2}){0,3}[.)](?=\s|[A-Za-z(<>=]) | \d{1,2}(?:\.\d{1,2}){1,3}(?=\s)
    | \(\d{1,2}\) | \[\d{1,2}\] | \d{1,2}(?=[,:]\s)[,:]
    | \(?[a-zA-Z][.)](?=\s|[A-Z(]) | \([a-zA-Z]\) | \(?(?:i{1,3}|iv|vi{0,3}|ix|xi{0,3})[.)](?=\s|[A-Z(])
    )\s*""",
    re.VERBOSE,
)
NUMBERED = re.compile(r"(?P<marker>\(?\d{1,2}(?:\.\d{1,2})?[.)]|\(?[a-zA-Z][.)])(?=\s)\s*")
HEADING_THEN = re.compile(r"\W*(?:(?:key|main|major)\s+)?(?:inclusion|exclusion)\s+criteria\s*:\s*(?=\S)", re.I)
HEADING_START = re.compile(
    r"^\W*(?:(?:key|main|major|patient|participant|subject)\s+)?(?:inclusion|exclusion)\s+criteria\b[^.;:]{0,70}\W*$",
    re.I,
)
INLINE_NUMBER = re.compile(r"(?:(?<=[.;:,)\s]))(?P<n>\d{1,2})[.)](?=\s?[A-Za-z(<>])(?!\d)")

SECTION_WORDS = re.compile(
    r"""\b(?P<exclusion>exclusion(?:ary)?|non[- ]?inclusion|esclusione|exclusions|not\s+(?:be\s+)?eligible
        |ineligib\w+)\b
      | \b(?P<inclusion>inclusion(?:ary)?|inclusione|eligibility|eleggibilit[aà]|ammissione|inclusions)\b""",
    re.VERBOSE | re.IGNORECASE,
)
GATES = (
    (Gate.INFUSION, re.compile(r"\b(?:infus\w+|treatment|reinfus\w+|day 0|cell administration|dosing)\b", re.I)),
    (Gate.LYMPHODEPLETION, re.compile(r"\b(?:lympho-?deplet\w+|conditioning|linfodeplezione|condizionamento)\b", re.I)),
    (
        Gate.COLLECTION,
        re.compile(
            r"\b(?:leuk[ao]*pheresis|apheresis|procurement|collection|leucaferesi|aferesi|manufactur\w+)\b", re.I
        ),
    ),
)
SECTION_HEADING = re.compile(
    r"""^\W*(?:(?:key|main|major|general|patient|participant|subject|study|disease|specific|additional|other|phase|part
      |cohort|arm|group|for|the|and|to|of|before|prior|at|in|procurement|treatment|screening|enrol+ment|registration
      |leuk[ao]*pheresis|apheresis|infusion|lympho-?depletion|lymphodepleting|chemotherapy|criteri\w+|all|receiv\w+
      |pre|inclusion|exclusion|exclusionary|inclusionary|non|eligibility|(?:in)?eligible|preregistration|patients
      |subjects|participants|principali|di|criteri|inclusione|esclusione|per|la|l|\d+|[ab]|i{1,3}|car|t|tcr|til|cell|cells
      |product|based|on|step|stage|initial|donor|recipient|dose|expansion|escalation|must|be|meet|any|list|following
      |these|considered|if|they|will|are|excluded|included|from|apply|have|has|not|or|who|with|as|follow\w*|met|this
      |trial|adult|adults|pediatric|paediatric|children|only|summary|requirements)\b\W*)+$""",
    re.VERBOSE | re.IGNORECASE,
)
REGISTRY_LINE = re.compile(
    r"^(healthy volunteers (?:are )?(?:not )?(?:allowed|accepted)|accepts healthy volunteers)\W*$", re.I
)


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
        item.heading = _is_heading(item, plain)
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
        if items and not after_blank and not marker and _continues(items[-1], text, start, end, wrapped):
            items[-1].end = end
        else:
            body = marker.end() if marker else start
            if marker and body >= end:
                body = start
            kind = text[start:body].strip() if marker else ""
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


def _continues(previous: Item, text: str, start: int, end: int, wrapped: bool) -> bool:
    before = text[previous.start : previous.end]
    if before.endswith(":") or REGISTRY_LINE.match(text[start:end]) or text.startswith("Must have m", start):
        return False
    line = text[text.rfind("\n", 0, previous.end) + 1 : previous.end]
    if wrapped:
        return len(line.rstrip()) > 58 or text[start].islower()
    first = text[start]
    return (first.islower() or first in "(<>=") and before[-1] not in ".;:"


def _split_inline(items: list[Item], plain: PlainText) -> list[Item]:
    """Break ``1. ... 2. ... 3. ...`` inside one line: only where the numbers count up without a gap."""
    result: list[Item] = []
    for item in items:
        text = plain.text
        first = re.match(r"(\d{1,2})[.)]", item.marker)
        expected = int(first.group(1)) + 1 if first else 1
        cuts: list[tuple[int, int]] = []
        for match in INLINE_NUMBER.finditer(text, item.body, item.end):
            if int(match.group("n")) == expected and match.start("n") > item.body:
                cuts.append((match.start("n"), match.end()))
                expected += 1
        if len(cuts) < (1 if first else 2):
            result.append(item)
            continue
        edges = [item.start, *(cut for cut, _ in cuts), item.end]
        bodies = [item.body, *(body for _, body in cuts)]
        for number, body in enumerate(bodies):
            start, end = edges[number], edges[number + 1]
            while end > start and text[end - 1].isspace():
                end -= 1
            while body < end and text[body] == " ":
                body += 1
            marker = item.marker if number == 0 else text[start:body].strip()
            result.append(Item(start, end, body, depth=item.depth, marker=marker))
    return result


def _is_heading(item: Item, plain: PlainText) -> bool:
    words = item.text(plain).strip()
    if not words or len(words) > 220 or not re.search(r"[A-Za-z]", words):
        return not re.search(r"[A-Za-z0-9]", words)
    if REGISTRY_LINE.match(words):
        return True
    if SECTION_WORDS.search(words) and (
        SECTION_HEADING.match(words) or (not item.marker and HEADING_START.match(words))
    ):
        return True
    return bool(not re.search(r"[a-z]", words) and len(words.split()) <= 6 and words.endswith(":"))


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
    if re.fullmatch(r"i{1,3}|iv|vi{0,3}|ix|xi{0,3}", core) and core != "i":
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
        if kind == "letter" and item.marker.strip("().") == "i" and stack and stack[-1][1] == "roman":
            kind = "roman"
        stack = _without_counted(stack, item)
        while stack and not _is_child(item, kind, stack[-1], stack, plain):
            stack.pop()
        (stack[-1][2].children if stack else roots).append(item)
        stack.append((item.depth, kind, item))
    return roots


def _number(marker: str) -> int | None:
    core = marker.strip("().[]:, ")
    return int(core) if core.isdigit() else None


def _without_counted(stack: list[tuple[int, str, Item]], item: Item) -> list[tuple[int, str, Item]]:
    """``4. ... 1. 2. 3. 5.``: the 5 follows the 4, whatever the indent says."""
    number = _number(item.marker)
    if number is None or len(stack) < 2 or _number(stack[-1][2].marker) in (None, number - 1):
        return stack
    for place in range(len(stack) - 2, -1, -1):
        if _number(stack[place][2].marker) == number - 1 and stack[place][1] == _kind(item.marker):
            return stack[:place]
    return stack


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


COHORT_HEADING = re.compile(
    r"""^\W*(?:(?:additional\s+)?(?:inclusion|exclusion)?\s*(?:criteria)?\s*(?:for|in)\s+)?
        (?P<name>(?:(?:cohort|arm|group|part|phase|stratum|substudy)\s*\#?[A-Z0-9]{1,3}\b.*)
        |(?:(?:all\s+)?(?:patients|subjects|participants|those|adults|children|recipients|donors?|donor\s+\w+)\b.*)
        |(?:[A-Za-z0-9/ ,.()'-]{2,60}?\s(?:cohort|arm|patients|subjects|participants|substudy)(?:\s+only)?)
        )\s*:?\W*$""",
    re.VERBOSE | re.IGNORECASE,
)


COHORT_OPENS = re.compile(
    r"^\W*(?P<name>(?:[\w/+,-]+\s){0,5}(?:cohort|arm|group|stratum|substudy)(?:\s[A-Z0-9]{1,2})?)\s*[:(-]", re.I
)


def _assign_sections(roots: list[Item], plain: PlainText, names_group: Callable[[str], bool]) -> None:
    state = _State()
    for item in roots:
        words = item.text(plain)
        if item.heading:
            found = list(SECTION_WORDS.finditer(words))
            if found:
                exclusion = any(m.group("exclusion") for m in found)
                state = _State(Section.EXCLUSION if exclusion else Section.INCLUSION, gate_of(words))
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
        _set(item, state)


def _set(item: Item, state: _State) -> None:
    item.section, item.gate, item.cohort = state.section, state.gate, state.cohort
    for child in item.children:
        _set(child, state)


def gate_of(words: str) -> Gate | None:
    """The gate that a heading names; None for none or for more than one."""
    named = [gate for gate, pattern in GATES if pattern.search(words)]
    return named[0] if len(named) == 1 else None
