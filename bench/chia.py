#!/usr/bin/env python3
"""A second measure of the reader, by one command: `python bench/chia.py`.

Chia (Kury et al., Scientific Data 2020, CC BY 4.0) holds the eligibility texts of 1,000 phase IV trials of all
diseases with values, negations, times and things marked by hand. Its texts are not part of the repository: the packed
folder lies in the shared data (`CARTELLA_SHARED`, or `shared` next to the repository), or is named with `--archive`.
`--update` writes the numbers into docs/reference/chia.md; `--show NAME` prints where a measure fails.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from brat import Document, Entity, read_archive
from spoken import Amount, Duration, amount_of, duration_of

from cartella.logic import And, AtLeast, Expression, If, Not, Operator, Or, Presence, Span
from cartella.reading.comparisons import Comparison
from cartella.reading.criteria import read_criteria
from cartella.reading.cues import Cue
from cartella.reading.text import plain_text
from cartella.reading.times import Time
from cartella.reading.tokens import Kind, Token, named_in, tokenise

REPOSITORY = Path(__file__).resolve().parent.parent
PAGE = REPOSITORY / "docs" / "reference" / "chia.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
NEGATIONS = (Cue.NOT_BEFORE, Cue.NOT_AFTER, Cue.EXCEPT, Cue.UNLESS)
THINGS = ("Condition", "Drug", "Procedure", "Measurement")
# Words that the annotators set aside: what the reader finds in them is neither right nor wrong.
SET_ASIDE = (
    "Non-query-able", "Non-representable", "Post-eligibility", "Parsing_Error", "Grammar_Error", "Context_Error",
    "Undefined_semantics", "Not_a_criteria", "Informed_consent", "Pregnancy_considerations", "Competing_trial",
    "Subjective_judgement",
)  # fmt: skip
# Trials of cell therapy exclude pregnancy; the reader knows no other reading of these lines.
REPRODUCTION = re.compile(
    r"pregnan|contracept|birth control|child|reproduct|menopaus|steril|hysterect|oophorect|gestation|tubal|menstru",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Found:
    """What the reader recognised, at characters `start` to `end` of the original text."""

    start: int
    end: int
    token: Token


@dataclass(slots=True)
class Score:
    """Counts of one measure: marked and found places, and how many of each have a partner."""

    marked: int = 0
    marked_met: int = 0
    found: int = 0
    found_met: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Of what was found, the share that is marked."""
        return self.found_met / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Of what is marked, the share that was found."""
        return self.marked_met / self.marked if self.marked else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def count(self, marked: Sequence[Entity], found: Sequence[Found], document: Document, agrees: Agrees) -> None:
        """Add a document: a place has a partner if one that overlaps it agrees with it."""
        for mark in marked:
            partners = [one for one in found if overlap(mark, one)]
            met = any(agrees(mark, one) for one in partners)
            self.marked += 1
            self.marked_met += met
            if not met:
                said = " | ".join(document.text[one.start : one.end] for one in partners) or "nothing"
                self.misses.append(f"{document.name}: {mark.words!r} found as {said!r}")
        for one in found:
            met = any(overlap(mark, one) and agrees(mark, one) for mark in marked)
            self.found += 1
            self.found_met += met
            if not met and not any(overlap(mark, one) for mark in marked):
                around = document.text[max(0, one.start - 40) : one.end + 20]
                self.misses.append(f"{document.name}: not marked: {document.text[one.start : one.end]!r} in {around!r}")


Agrees = Callable[[Entity, Found], bool]


def overlap(one: Entity | Span | Found, other: Entity | Span | Found) -> bool:
    """Whether two places share a character."""
    return one.start < other.end and other.start < one.end


def tokens_of(document: Document) -> list[Found]:
    """The reader's tokens of every line, placed in the original text."""
    plain = plain_text(document.text)
    named = named_in(plain.text)
    found = []
    for line in re.finditer(r"[^\n]+", plain.text):
        for token in tokenise(line.group(), line.start(), named):
            place = plain.original(token.start, token.end)
            found.append(Found(place.start, place.end, token))
    return found


def anywhere(mark: Entity, found: Found) -> bool:
    """The place alone counts."""
    return True


def same_amount(mark: Entity, found: Found) -> bool:
    """The same numbers and, where the words tell it, the same operator."""
    said, read = amount_of(mark.words), found.token.comparison
    if said is None or found.token.time is not None:
        return same_duration(mark, found)
    return read is not None and same_numbers(said, read) and same_operator(said, read)


def same_amount_and_unit(mark: Entity, found: Found) -> bool:
    """The same numbers, operator and unit."""
    said, read = amount_of(mark.words), found.token.comparison
    return same_amount(mark, found) and (said is None or read is None or same_unit(said, read))


def same_numbers(said: Amount, read: Comparison) -> bool:
    """Whether all numbers of the words are those of the comparison."""
    values = {read.value, *([read.high] if read.high is not None else []), *map(type(read.value), read.digits)}
    return set(said.numbers) <= values


_SIDE = {
    Operator.AT_LEAST: ">=", Operator.GREATER: ">", Operator.AT_MOST: "<=", Operator.LESS: "<", Operator.EQUAL: "=",
}  # fmt: skip


def same_operator(said: Amount, read: Comparison) -> bool:
    """Whether the sides agree; words without an operator agree with everything, two numbers with a range."""
    if len(said.numbers) > 1:
        return read.high is not None or bool(read.digits)
    return said.operator is None or (read.high is None and said.operator == _SIDE[read.operator])


def same_unit(said: Amount, read: Comparison) -> bool:
    """Whether the unit of the comparison is in the words behind the number."""
    if said.limit or read.relative:
        return said.limit == read.relative
    squeezed = re.sub(r"[^a-z%/]", "", (read.unit or "").lower())
    return not squeezed or squeezed.removesuffix("ofage") in said.unit


def same_duration(mark: Entity, found: Found) -> bool:
    """The same number and unit of time, on the same side ("within", "at least")."""
    said, read = duration_of(mark.words), found.token.time
    return said is not None and read is not None and said in durations(read)


def durations(time: Time) -> Iterator[Duration]:
    """The lengths that a time of the reader states."""
    for window in (time.window, time.alternative):
        if window is not None:
            for period, far in ((window.at_most, False), (window.at_least, True)):
                if period is not None:
                    yield Duration(period.amount, period.unit.value, far)


def polarities(expression: Expression, denied: bool = False) -> Iterator[tuple[Span, bool]]:
    """The places of what was read as present or absent, and whether it is denied there.

    Things with a time are left out: "finished 4 weeks before" is read as absent for 4 weeks, which denies nothing.
    """
    match expression:
        case Not(item):
            yield from polarities(item, not denied)
        case And(items) | Or(items) | AtLeast(_, items):
            for item in items:
                yield from polarities(item, denied)
        case If(condition, then):
            yield from polarities(condition, denied)
            yield from polarities(then, denied)
        case Presence(span=Span() as span, window=None):
            yield span, denied


def denied_things(document: Document) -> set[str]:
    """The keys of the things under a negation, directly or inside a negated scope."""
    negated = {first for kind, first, _ in document.relations if kind == "Has_negation"}
    scopes = [document.entities[key] for key in negated if document.entities[key].kind == "Scope"]
    inside = {
        entity.key
        for entity in document.of_kind(*THINGS)
        for scope in scopes
        if scope.start <= entity.start and entity.end <= scope.end
    }
    return negated | inside


@dataclass(slots=True)
class Measures:
    """All that is counted over the documents."""

    documents: int = 0
    values: Score = field(default_factory=Score)
    amounts: Score = field(default_factory=Score)
    units: Score = field(default_factory=Score)
    times: Score = field(default_factory=Score)
    lengths: Score = field(default_factory=Score)
    negations: Score = field(default_factory=Score)
    polarity: Score = field(default_factory=Score)
    things: dict[str, Score] = field(default_factory=lambda: {kind: Score() for kind in THINGS})
    named: Score = field(default_factory=Score)

    def add(self, document: Document) -> None:
        """Count one document."""
        self.documents += 1
        aside = document.of_kind(*SET_ASIDE)
        found = [one for one in tokens_of(document) if not any(overlap(mark, one) for mark in aside)]
        self._values(document, found, aside)
        self._times(document, found, aside)
        cues = [one for one in found if one.token.is_cue(*NEGATIONS)]
        self.negations.count(_outside(document.of_kind("Negation"), aside), cues, document, anywhere)
        self._things(document, found, aside)
        self._polarity(document, aside)

    def _values(self, document: Document, found: Sequence[Found], aside: Sequence[Entity]) -> None:
        marked = [m for m in _outside(document.of_kind("Value"), aside) if amount_of(m.words)]
        others = document.of_kind("Temporal", "Multiplier", "Reference_point")
        numbers = [
            one
            for one in found
            if (
                one.token.kind is Kind.COMPARISON
                or (one.token.kind is Kind.TIME and any(overlap(m, one) for m in marked))
            )
            and (any(overlap(m, one) for m in marked) or not any(overlap(m, one) for m in others))
        ]
        for score, agrees in (
            (self.values, anywhere),
            (self.amounts, same_amount),
            (self.units, same_amount_and_unit),
        ):
            score.count(marked, numbers, document, agrees)

    def _times(self, document: Document, found: Sequence[Found], aside: Sequence[Entity]) -> None:
        marked = [m for m in _outside(document.of_kind("Temporal"), aside) if duration_of(m.words)]
        others = document.of_kind("Value", "Multiplier", "Reference_point")
        times = [
            one
            for one in found
            if one.token.kind is Kind.TIME
            and (any(overlap(m, one) for m in marked) or not any(overlap(m, one) for m in others))
        ]
        self.times.count(marked, times, document, anywhere)
        self.lengths.count(marked, times, document, same_duration)

    def _things(self, document: Document, found: Sequence[Found], aside: Sequence[Entity]) -> None:
        concepts = [one for one in found if one.token.kind is Kind.CONCEPT]
        for kind in THINGS:
            marked = _outside(document.of_kind(kind), aside)
            self.things[kind].marked += len(marked)
            self.things[kind].marked_met += sum(any(overlap(mark, one) for one in concepts) for mark in marked)
        # a thing of the vocabulary may be marked as any kind
        marked = _outside((mark for mark in document.entities.values() if mark.kind != "Scope"), aside)
        self.named.count(marked, concepts, document, anywhere)
        self.named.marked = sum(score.marked for score in self.things.values())
        self.named.marked_met = sum(score.marked_met for score in self.things.values())

    def _polarity(self, document: Document, aside: Sequence[Entity]) -> None:
        heading = "Exclusion Criteria:\n* " if document.name.endswith("_exc") else "Inclusion Criteria:\n* "
        read = [
            (Span(line.start() + span.start - len(heading), line.start() + span.end - len(heading)), denied)
            for line in re.finditer(r"[^\r\n]*\S[^\r\n]*", document.text)
            for point in read_criteria(heading + line.group()).points
            for span, denied in polarities(point.expression)
        ]
        negated = denied_things(document)
        tested = {first for kind, first, _ in document.relations if kind == "Has_value"}
        for mark in _outside(document.of_kind("Condition", "Drug", "Procedure"), aside):
            if REPRODUCTION.search(mark.words) or mark.key in tested:
                continue
            sides = {denied for span, denied in read if overlap(mark, span)}
            if len(sides) == 1:
                said, (denied,) = mark.key in negated, sides
                self.polarity.marked += said
                self.polarity.found += denied
                self.polarity.marked_met += said and denied
                self.polarity.found_met += said and denied
                if said is not denied:
                    around = document.text[max(0, mark.start - 60) : mark.end + 60].replace("\n", " ")
                    self.polarity.misses.append(f"{document.name}: {mark.words!r} denied {denied}: {around!r}")

    def rows(self) -> list[tuple[str, Score]]:
        """The scores with what they measure, in the order of the page."""
        return [
            ("values with a number: the place", self.values),
            ("values: number and operator", self.amounts),
            ("values: number, operator and unit", self.units),
            ("times with a length: the place", self.times),
            ("times: number, unit and side", self.lengths),
            ("negation words: the place", self.negations),
            ("things denied, where the reader read them", self.polarity),
            ("things named by the vocabulary", self.named),
            *((f"- {kind}", self.things[kind]) for kind in THINGS),
        ]


def _outside(marks: Iterable[Entity], aside: Sequence[Entity]) -> list[Entity]:
    return [mark for mark in marks if not any(overlap(mark, other) for other in aside)]


def archive_of(named: Path | None) -> Path:
    """Where the packed folder lies; ends the program with a clear word where it is absent."""
    shared = Path(os.environ.get("CARTELLA_SHARED") or REPOSITORY.parent / "shared")
    archive = named or shared / "annotated" / "chia-with-scope.tar.gz"
    if not archive.is_file():
        sys.exit(f"needs the Chia corpus, skipped: {archive} is not there; set CARTELLA_SHARED or give --archive")
    return archive


def table(measures: Measures) -> str:
    """The numbers as a table of the page."""
    lines = [f"Documents: {measures.documents:,}.", ""]
    lines += ["| measure | marked | found | precision | recall | F1 |", "|---|---|---|---|---|---|"]
    for name, score in measures.rows():
        shares = [f"{100 * share:.1f} %" for share in (score.precision, score.recall, score.f1)]
        if not score.found:
            shares[0] = shares[2] = ""
        lines.append(
            f"| {name} | {score.marked:,} | {f'{score.found:,}' if score.found else ''} | {' | '.join(shares)} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and write the page when asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, help="a packed folder of .txt and .ann files")
    parser.add_argument("--show", help="print the misses of the measures whose name contains this")
    parser.add_argument("--update", action="store_true", help="write the numbers into docs/reference/chia.md")
    chosen = parser.parse_args()
    measures = Measures()
    for document in read_archive(archive_of(chosen.archive)):
        measures.add(document)
    print(table(measures))
    for name, score in measures.rows():
        if chosen.show and chosen.show in name:
            print(name, *score.misses, sep="\n  ")
    if chosen.update:
        page = PAGE.read_text(encoding="utf-8")
        before, after = page.split(BEGIN)[0], page.split(END)[1]
        PAGE.write_text(before + BEGIN + "\n" + table(measures) + "\n" + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
