"""Invented expressions of every kind of node, the same on every run."""

from __future__ import annotations

import random

from cartella.logic import (
    SCALE,
    And,
    AtLeast,
    Code,
    Count,
    Expression,
    If,
    Not,
    Number,
    Opaque,
    Operator,
    Or,
    Period,
    PeriodUnit,
    Presence,
    Unread,
    Window,
)

_QUANTITIES = (
    "age age.months ecog karnofsky lansky lines steroid_dose lab:plt lab:anc lab:hb lab:alt lab:alt.uln lab:hb.lln "
    "lab:crcl lab:egfr lab:lvef lab:inr lab:hbv_dna lab:fev1 lab:life_expectancy lab:temperature antigen:CD19.percent "
    "antigen:MSLN.percent.ihc antigen:CD22.percent.flow antigen:ERBB2.intensity antigen:MSLN.h_score"
)
QUANTITIES = tuple(_QUANTITIES.split())
CODES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("sex", ("male", "female")),
    ("diagnosis", ("disease:DLBCLNOS", "disease:FL", "disease:MCL", "disease:PCM", "disease:AML", "disease:NBL")),
    ("stage", ("I", "II", "III", "IV")),
    ("cns_status", ("CNS1", "CNS2", "CNS3")),
    ("nyha", ("II", "III", "IV")),
    ("child_pugh", ("A", "B", "C")),
    ("antigen:CD19", ("positive", "negative")),
    ("lab:hbsag.detected", ("yes",)),
)
CONCEPTS: tuple[tuple[str, str | None], ...] = (
    ("class:car_t", "therapy"),
    ("class:directed_at:TNFRSF17", "therapy"),
    ("class:car_t:CD19", "therapy"),
    ("drug:rituximab", "therapy"),
    ("regimen:R-CHOP", "therapy"),
    ("class:allogeneic_hsct", "procedure"),
    ("class:radiotherapy", "procedure"),
    ("class:corticosteroid", "medication"),
    ("hla:A*02:01", "hla:A"),
    ("hla:B*07", "hla:B"),
    ("state:relapsed", None),
    ("site:liver", None),
    ("gene:KRAS", None),
    ("variant:BRAF V600E", None),
    ("cond:stroke", None),
    ("cond:infection", None),
    ("cond:pregnancy", None),
    ("cond:gvhd_acute", None),
    ("class:not_in_the_tables", "therapy"),
)
TRAITS = (
    "active",
    "!active",
    "!controlled",
    "symptomatic",
    "!treated",
    "systemic_treatment",
    "refractory",
    "newly_made",
)
AMOUNTS = (1, 2, 3, 14)


class Inventor:
    """Makes expressions; equal seeds make equal expressions."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)

    def atom(self) -> Expression:
        match self.dice.randrange(10):
            case 0 | 1 | 2:
                bound = self.dice.choice((1, 2, 18, 50, 75)) * SCALE // self.dice.choice((1, 1, 2))
                return Number(self.dice.choice(QUANTITIES), self.dice.choice(list(Operator)), bound)
            case 3 | 4:
                variable, codes = self.dice.choice(CODES)
                return Code(variable, frozenset(self.dice.sample(codes, self.dice.randint(1, len(codes)))))
            case 5:
                concept, register = self.dice.choice(CONCEPTS)
                return Count(concept, self.dice.choice(list(Operator)), self.dice.randrange(1, 4), register)
            case 6:
                return Opaque(self.dice.choice(list(Unread)))
            case _:
                concept, register = self.dice.choice(CONCEPTS)
                traits = frozenset(self.dice.sample(TRAITS, self.dice.choice((0, 0, 0, 1, 2))))
                return Presence(concept, traits, self.window(), register)

    def window(self) -> Window | None:
        def period() -> Period:
            return Period(self.dice.choice(AMOUNTS), self.dice.choice(list(PeriodUnit)))

        strict = self.dice.random() < 0.3
        match self.dice.randrange(5):
            case 0:
                return Window(at_most=period(), at_most_strict=strict)
            case 1:
                return Window(at_least=period(), at_least_strict=strict)
            case 2:
                return Window(at_least=period(), at_most=period())
        return None

    def expression(self, depth: int) -> Expression:
        if depth == 0 or self.dice.random() < 0.2:
            return self.atom()
        items = tuple(self.expression(depth - 1) for _ in range(self.dice.randint(2, 4)))
        match self.dice.randrange(6):
            case 0:
                return Not(items[0])
            case 1:
                return And(items)
            case 2:
                return Or(items)
            case 3:
                return AtLeast(self.dice.randint(1, len(items)), items)
            case 4:
                return If(items[0], items[1])
            case _:
                # the form in which `reading` writes "A and/or B"
                first, second = items[:2]
                return Or((And((first, second)), And((Or((first, second)), Opaque()))))


def many(number: int, depth: int = 3) -> list[Expression]:
    inventor = Inventor(2026)
    return [inventor.expression(depth) for _ in range(number)]
