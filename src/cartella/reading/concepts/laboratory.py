"""Measured values: blood counts, liver and kidney tests, heart and lung, with units and multiples of limits."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from cartella.knowledge import knowledge
from cartella.logic import SCALE, Expression, Not, Number, Opaque, Operator, Presence, Span, Unread
from cartella.reading.clause import Clause, conjunction, disjunction, either_reading
from cartella.reading.comparisons import Comparison
from cartella.reading.cues import Cue
from cartella.reading.tokens import Kind, Token

NORMAL = re.compile(
    r"\b(?:within\s+(?:the\s+)?(?:institutional\s+)?normal\s+(?:limits?|range)|normal\s+(?:limits?|range|values?"
    r"|levels?)|nella\s+norma|nei\s+limiti|is\s+normal|normal)\b",
    re.I,
)
HIGH_IS_BAD = frozenset(
    """lab:alt lab:ast lab:bilirubin_total lab:bilirubin_direct lab:creatinine lab:alp lab:inr lab:pt lab:aptt
    lab:ldh lab:ggt""".split()
)
TWO_SIDED = frozenset(
    """lab:sodium lab:potassium lab:calcium_total lab:calcium_corrected lab:magnesium lab:phosphate lab:tsh lab:ft4
    lab:ft3 lab:chloride""".split()
)
CARRIED = frozenset(
    """adequate satisfactory sufficient baseline measured level levels total absolute calculated estimated corrected
    peripheral resting count predicted blood left right function reserve renal hepatic liver cardiac kidney
    pulmonary bone marrow haematological hematological hematologic organ rate ratio values value concentration
    non-oxygen oxygen state required must be room air on in or better absolute hemoglobin independent
    serum/plasma serum normal fasting normal-range good acceptable important index clinically institutional
    hematopoietic hematopoiesis dysfunction impairment insufficiency point time inadequate impaired poor known
    evidence abnormal evidenced""".split()
)


ESTIMATED = frozenset(
    """opinion investigator investigator's judgement judgment judged estimated physician treating anticipated expected
    reasonable""".split()
)
"""A life expectancy is a judgement wherever it is written: the record holds one."""
THOUSANDS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}[.,]\d{3}(?!\d)")
GOES_ON = re.compile(r"[ \t]*(?:[x*][ \t]*[a-z(]|times\b|-?[ \t]*fold\b|log\b)", re.I)
SENSITIVITY = re.compile(
    r"\b(?:(?<!high[- ])sensitivity|sensitive|titers?|titres?|decrease|decline|increase|reduction|rise|change)\b"
    r"[^.;,\n]{0,30}$",
    re.I,
)
AGE_BEFORE = re.compile(r"\b(?:age|aged|ages|età)\W{0,3}(?:\(?(?:in\s+)?years?\)?\W{0,3})?$", re.I)
IN_YEARS = re.compile(r"y|mo|anni|mesi|week|day", re.I)
INDEPENDENT = re.compile(r"[\s-]+(?:independen\w*|(?P<dependent>dependen\w*))", re.I)
LIQUOR = re.compile(r"\b(?:csf|cerebro-?spinal|cns-?\s?[123]|liquor)\b", re.I)
LOAD = (
    (re.compile(r"\bhiv|human immunodeficiency", re.I), "lab:hiv_rna"),
    (re.compile(r"\bhbv|hepatitis b", re.I), "lab:hbv_dna"),
    (re.compile(r"\bhcv|hepatitis c", re.I), "lab:hcv_rna"),
    (re.compile(r"\bcmv|cytomegalovirus", re.I), "lab:cmv_dna"),
    (re.compile(r"\bebv|epstein", re.I), "lab:ebv_dna"),
)
ASKS_FOR_A_UNIT = frozenset(
    """lab:life_expectancy lab:weight lab:height lab:lesion_ld lab:lesion_short_axis lab:ana""".split()
)
QT = frozenset({"lab:qtc", "lab:qtcf", "lab:qtcb"})
"""Records seldom tell the formula of a corrected QT interval."""
SLIPS_OF_COUNTS = frozenset({"/dl", "cells/dl", "/ml", "cells/ml"})
SLIPS_OF_MASS = frozenset({"g/dl", "gm/dl", "mg/l", "mg/ml", "mg", "ug/dl"})
COUNTED_PER_UL = frozenset("lab:plt lab:wbc lab:anc lab:alc".split())
NEVER_ABOVE_ULN = frozenset(
    """lab:plt lab:wbc lab:anc lab:alc lab:hb lab:crcl lab:egfr lab:lvef lab:spo2 lab:age lab:weight""".split()
)


def read(clause: Clause) -> list[Expression]:
    """Each measured quantity with the comparison that belongs to it; what it must not rest on."""
    return [*_values(clause), *_independence(clause)]


def _independence(clause: Clause) -> list[Expression]:
    """``transfusion-independent``: certain for whoever was never transfused, else a matter of when."""
    for n, token in clause.of_kind(Kind.WORD):
        if token.text.lower() == "unsupported":
            clause.claim(n)
            span = clause.span(n)
            help_ = [Presence("class:transfusion", frozenset(), None, "therapy", span)]
            help_.append(Presence("class:growth_factor", frozenset(), None, "medication", span))
            return [disjunction([Not(disjunction(help_)), Opaque(Unread.NOT_UNDERSTOOD, span)])]
    for n, token in clause.concepts("class"):
        match = INDEPENDENT.match(clause.plain.text, token.end)
        if match and all("transfusion" in c for group in token.concepts for c in group):
            clause.claim(*(m for m, t in enumerate(clause.tokens) if token.start <= t.start < match.end()))
            doubt = Opaque(Unread.NOT_UNDERSTOOD, clause.span(n))
            never = Not(Presence("class:transfusion", frozenset(), None, "therapy", clause.span(n)))
            return [doubt if match.group("dependent") else disjunction([never, doubt])]
    return []


def _values(clause: Clause) -> list[Expression]:
    labs = [(n, t) for n, t in clause.concepts("lab") if not _is_age_or_life(t)]
    if not labs:
        return _weight(clause)
    limits = [
        (n, t.comparison) for n, t in clause.of_kind(Kind.COMPARISON) if t.comparison and not _is_of_age(clause, n)
    ]
    result: list[Expression] = []
    taken: set[int] = set()
    for place, (n, token) in enumerate(labs):
        until = labs[place + 1][0] if place + 1 < len(labs) else len(clause.tokens)
        since = labs[place - 1][0] if place else -1
        own = [(m, c) for m, c in limits if n < m < until and m not in taken]
        if not own:
            own = [(m, c) for m, c in limits if since < m < n and m not in taken]
        if not own:
            own = [(m, c) for m, c in limits if m > n][:1]
        if own:
            position, comparison = own[0]
            taken.add(position)
            result.append(_limit(clause, token, comparison, (n, position)))
            clause.claim(n, position)
        elif (
            not limits
            and NORMAL.search(clause.words())
            and not re.search(r"\d", clause.words())
            and not any(NORMAL.search(t.text) for t in clause.tokens if t.is_cue(Cue.POSITIVE, Cue.NOT_AFTER))
        ):
            result.append(_normal(clause, token, n))
            clause.claim(n)
    limited = {t.concepts for n, t in labs if n in clause.used}
    clause.claim(*(n for n, t in labs if t.concepts in limited))  # "ANC >= 500/uL neutrophil count"
    if result:
        clause.claim_words(CARRIED)
        if _asks_for_life(clause):
            clause.claim_words(ESTIMATED)
        clause.claim_test_times()
        for n, token in clause.concepts("cond"):
            if any(
                c in {"cond:renal_disease", "cond:liver_disease", "cond:cardiac_disease"}
                for g in token.concepts
                for c in g
            ):
                clause.claim(n)
    return result


def _weight(clause: Clause) -> list[Expression]:
    """A limit in kilograms without a word beside it is the body weight."""
    for n, token in clause.of_kind(Kind.COMPARISON):
        comparison = token.comparison
        if comparison is not None and (comparison.unit or "").strip() == "kg":
            bound = knowledge().analytes["lab:weight"].canonical(comparison.value, "kg")
            if bound is not None and comparison.high is None:
                clause.claim(n)
                clause.claim_words({"weighing", "weight", "body", "weigh"})
                return [Number("lab:weight", comparison.operator, bound, clause.span(n))]
    return []


def _is_age_or_life(token: Token) -> bool:
    return all(c in {"lab:age", "lab:prednisone_equiv"} for group in token.concepts for c in group)


def _limit(clause: Clause, token: Token, comparison: Comparison, at: tuple[int, int]) -> Expression:
    if _is_something_else(clause, comparison, at[1]):
        return Opaque(Unread.NOT_UNDERSTOOD, clause.span(*at))
    items = [_one(clause, group, comparison, at) for group in token.concepts]
    if token.join == "or" and len(items) > 1 and not clause.unwanted:
        # "ALT or AST <= 3 x ULN" is written for both as often as for either
        return either_reading(conjunction(items), disjunction(items), clause.span(*at))
    return disjunction(items) if clause.unwanted else conjunction(items)


def _one(clause: Clause, candidates: tuple[str, ...], comparison: Comparison, at: tuple[int, int]) -> Expression:
    span = clause.span(*at)
    labs = [c for c in candidates if c in knowledge().analytes]
    comparison = _with_thousands(labs, comparison, clause.tokens[at[1]].text)
    made: list[Expression] = []
    for lab in _fitting(clause, labs, comparison, clause.tokens[at[0]].text):
        quantity = f"{lab}.{comparison.relative}" if comparison.relative else lab
        low = _bound(lab, comparison.value, comparison)
        if low is None:
            made.extend(_certainly(lab, comparison, span))
            continue
        number: Expression = Number(quantity, comparison.operator, low, span)
        if not _same_again(lab, low, comparison.restated):
            again = _restated(lab, comparison, span)
            number = either_reading(number, again, span) if again is not None else Opaque(span=span)
        if comparison.high is not None:
            high = _bound(lab, comparison.high, comparison)
            if high is None or (comparison.low_unit and comparison.low_unit != comparison.unit):
                continue
            number = conjunction([number, Number(quantity, comparison.high_operator, high, span)])
        made.append(number)
    if len(made) == 1:
        return made[0]
    return Opaque(_why_unread(labs, comparison), span)


def _why_unread(labs: list[str], comparison: Comparison) -> Unread:
    """Whether a limit fails by its unit or by its number; both are a slip of the text, or a reading gone wrong."""
    unit = comparison.unit
    if comparison.relative or not labs or unit is None:
        return Unread.NOT_UNDERSTOOD
    fitting = [lab for lab in labs if knowledge().analytes[lab].knows(unit)]
    if not fitting:
        return Unread.UNIT
    read = [_bound(lab, value, comparison) for lab in fitting for value in (comparison.value, comparison.high) if value]
    return Unread.NOT_UNDERSTOOD if any(bound is not None for bound in read) else Unread.IMPLAUSIBLE


def _is_of_age(clause: Clause, at: int) -> bool:
    """A row of a table by age: ``5 < age <= 10: creatinine 1.0``."""
    comparison = clause.tokens[at].comparison
    before = clause.plain.text[max(0, clause.tokens[at].start - 40) : clause.tokens[at].start]
    if AGE_BEFORE.search(before):
        return True
    unit = comparison.unit if comparison else None
    return bool(unit and IN_YEARS.match(unit)) and not _asks_for_life(clause)


def _asks_for_life(clause: Clause) -> bool:
    return any("lab:life_expectancy" in group for t in clause.tokens for group in t.concepts)


def _is_something_else(clause: Clause, comparison: Comparison, at: int) -> bool:
    """An equation, the sensitivity of a test, a change, a number that goes on ("3 x baseline"): no limit of a value."""
    if comparison.operator is Operator.EQUAL:
        return True
    token = clause.tokens[at]
    before = clause.plain.text[max(0, token.start - 50) : token.start]
    return bool(GOES_ON.match(clause.plain.text, token.end) or SENSITIVITY.search(before))


def _with_thousands(labs: list[str], comparison: Comparison, written: str) -> Comparison:
    """``1.500/uL`` is fifteen hundred where one and a half cell would be meant otherwise."""
    per_ul = re.fullmatch(r"(?:cells?)?\s?/\s?(?:[uµ]l|mcl|mm\s?\^?3|mmc)", comparison.unit or "")
    if per_ul and set(labs) <= COUNTED_PER_UL and comparison.value < 1000 and THOUSANDS.search(written):
        return replace(
            comparison, value=comparison.value * 1000, high=None if comparison.high is None else comparison.high * 1000
        )
    return comparison


def _same_again(lab: str, bound: int, restated: Comparison | None) -> bool:
    """Whether the limit that a bracket repeats in another unit is the same, but for rounding."""
    if restated is None:
        return True
    again = knowledge().analytes[lab].canonical(restated.value, restated.unit)
    return again is not None and abs(again - bound) * 20 <= bound


def _restated(lab: str, comparison: Comparison, span: Span) -> Expression | None:
    """The limit as the bracket behind it says it."""
    again = comparison.restated
    bound = None if again is None else knowledge().analytes[lab].canonical(again.value, again.unit)
    return None if bound is None else Number(lab, comparison.operator, bound, span)


def _certainly(lab: str, comparison: Comparison, span: Span) -> list[Expression]:
    """A limit in a unit that cannot be meant (``50,000/dL``, a creatinine of ``1.5 g/dL``): whoever is well is within.

    A count in a volume that is a slip for the microlitre is certain for whoever has as many in a microlitre.
    """
    analyte = knowledge().analytes[lab]
    unit = (comparison.unit or "").replace(" ", "")
    upward = comparison.operator in (Operator.AT_LEAST, Operator.GREATER)
    if comparison.relative or comparison.high is not None or not unit:
        return []
    certain: Number | None = None
    if upward and lab in COUNTED_PER_UL:
        slip = analyte.canonical(comparison.value, "/uL") if unit in SLIPS_OF_COUNTS else None
        if slip is not None:
            certain = Number(lab, comparison.operator, slip, span)
        elif lab != "lab:wbc" and analyte.default_lln is not None and analyte.knows(unit):
            certain = Number(lab, Operator.AT_LEAST, int(analyte.default_lln * SCALE), span)
    elif not upward and lab in HIGH_IS_BAD and unit in SLIPS_OF_MASS:
        certain = Number(f"{lab}.uln", Operator.AT_MOST, SCALE, span)
    return [] if certain is None else [disjunction([certain, Opaque(Unread.NOT_UNDERSTOOD, span)])]


def _fitting(clause: Clause, labs: list[str], comparison: Comparison, written: str) -> list[str]:
    """What the words leave open and the unit or the rest of the clause settles.

    Creatinine with mL/min is a clearance, whatever the words call it; a viral load is that of the virus named;
    white cells beside the word for the spinal fluid are counted there.
    """
    unit = (comparison.unit or "").replace(" ", "")
    if labs and set(labs) <= QT:
        return ["lab:qtc"]
    if "lab:creatinine" in labs and re.match(r"(?:ml|cc)/min", unit):
        return ["lab:crcl"]
    words = clause.words()
    if "lab:hiv_rna" in labs and "hiv" not in written.lower():
        return [lab for virus, lab in LOAD if virus.search(words)]
    if labs == ["lab:wbc"] and LIQUOR.search(
        clause.plain.text[max(0, clause.tokens[0].start - 80) : clause.tokens[-1].end]
    ):
        return []
    if comparison.relative == "uln":
        return [lab for lab in labs if lab not in NEVER_ABOVE_ULN]
    return labs


def _bound(lab: str, value: Fraction, comparison: Comparison) -> int | None:
    if comparison.relative == "lln" and lab in HIGH_IS_BAD:
        return None  # "creatinine below the normal limits": the upper one is meant
    if comparison.relative:
        return int(value * SCALE) if (value * SCALE).denominator == 1 and 0 < value <= 50 else None
    analyte = knowledge().analytes[lab]
    if comparison.unit is None and (lab in ASKS_FOR_A_UNIT or (analyte.unit == "U/L" and value <= 20)):
        return None  # "ALT <= 2.5": a multiple that lost its limit
    if comparison.unit is None and lab == "lab:creatinine" and 5 < value < 20:
        return None
    if comparison.unit is None and lab in COUNTED_PER_UL and value >= 10**7:
        return analyte.canonical(value, "/L")  # "100 x 10^9": the volume went missing
    return analyte.canonical(value, comparison.unit)


def _normal(clause: Clause, token: Token, at: int) -> Expression:
    items: list[Expression] = []
    span = clause.span(at)
    for group in token.concepts:
        if len(group) == 1 and group[0] in HIGH_IS_BAD:
            items.append(Number(f"{group[0]}.uln", Operator.AT_MOST, SCALE, span))
        elif len(group) == 1 and group[0] in TWO_SIDED:
            items.append(Number(f"{group[0]}.lln", Operator.AT_LEAST, SCALE, span))
            items.append(Number(f"{group[0]}.uln", Operator.AT_MOST, SCALE, span))
        else:
            items.append(Opaque(Unread.NOT_UNDERSTOOD, span))
    within = conjunction(items)
    abnormal = any(t.is_cue(Cue.NOT_BEFORE) for t in clause.tokens)
    return Not(within) if abnormal else within
