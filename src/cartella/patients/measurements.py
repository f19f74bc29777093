"""Laboratory values, performance scales and other numbers."""

from __future__ import annotations

import re
from fractions import Fraction

from cartella.knowledge import Analyte, knowledge
from cartella.logic import SCALE, Interval, Source
from cartella.patients.context import Context, above, below, millionths
from cartella.patients.numbers import Written, first_fitting, written_numbers
from cartella.patients.statements import Quantity, Statement, plain
from cartella.patients.terms import find_terms
from cartella.patients.viruses import with_virus
from cartella.patients.wording import label, mark

SCALES = {
    "scale:ECOG": ("ecog", range(6), 1),
    "scale:KPS": ("karnofsky", range(0, 101, 10), 10),
    "scale:Lansky": ("lansky", range(0, 101, 10), 10),
}
"""The performance scales: name of the measure, the levels, the step."""

TESTS = {
    "lab:hbsag": ("cond:hepatitis_b", "cond:hepatitis_b"),
    "lab:anti_hbc": ("cond:hepatitis_b_exposure", ""),
    "lab:hbv_dna": ("cond:hepatitis_b_active", "cond:hepatitis_b_active"),
    "lab:anti_hcv": ("cond:hepatitis_c_exposure", "cond:hepatitis_c"),
    "lab:hcv_rna": ("cond:hepatitis_c_active", "cond:hepatitis_c_active"),
    "lab:hiv_agab": ("cond:hiv_infection", "cond:hiv_infection"),
    "lab:hiv_rna": ("cond:hiv_infection", ""),
    "lab:htlv_ab": ("cond:htlv", "cond:htlv"),
    "lab:syphilis_serology": ("", "cond:syphilis"),
    "lab:igra": ("cond:tuberculosis", "cond:tuberculosis_latent"),
    "lab:cmv_dna": ("cond:cmv_infection", "cond:cmv_infection"),
    "lab:ebv_dna": ("", "cond:ebv_infection"),
    "lab:sars_cov2_pcr": ("cond:covid19", "cond:covid19"),
    "lab:mrd": ("", ""),
    "lab:hcg_serum": ("cond:pregnancy", "cond:pregnancy"),
    "lab:hcg_urine": ("cond:pregnancy", "cond:pregnancy"),
}
"""What a positive test shows, and what a negative one rules out ("" where it shows nothing for certain).

Own table, general laboratory medicine, 2026-11; confidence: from memory.
"""

POSITIVE = re.compile(
    r"(?<![\w-])(?:positiv\w*|pos\.?|reactive|reattiv\w+|detect(?:ed|able)|present|presente"
    r"|rilevat\w+|rilevabile)(?!\w)",
    re.IGNORECASE,
)
NEGATIVE = re.compile(
    r"(?<![\w])(?:negativ\w*|neg\.?|non[- ]?reactive|non reattiv\w+|undetect(?:ed|able)"
    r"|not detect(?:ed|able)|absent|assente|non rilevat\w+"
    r"|non rilevabile|below (?:the )?(?:limit of )?detection|target not detected|suppressed|soppress\w+)(?!\w)",
    re.IGNORECASE,
)
_OTHER_FLUID = re.compile(
    r"\b(?:urin\w*|csf|cerebrospinal|liquor\w*|pleural|ascit\w+|ascitic|synovial|stool|faec\w+"
    r"|feci|sweat|body fluid|semen)\b",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    r"^\s*(?:not (?:tested|done|performed|assessed|available|known|evaluated|determined"
    r"|recorded)|unknown|pending|n/?a|not applicable|non applicabile|insufficient\w*|to be (?:done|determined)"
    r"|non (?:eseguit\w|noto|nota|valutat\w|disponibile|testat\w)|sconosciut\w|in corso"
    r"|in attesa|awaited|not-performed|asked-unknown|\?)\b",
    re.IGNORECASE,
)


def is_unknown(text: str) -> bool:
    """Whether an answer says that there is no answer."""
    return bool(_UNKNOWN.match(text))


def read_analyte(context: Context, statement: Statement) -> bool:
    """A laboratory or functional value; False when the statement is not one."""
    analyte = _analyte(context, statement)
    if analyte is None:
        return False
    if _OTHER_FLUID.search(statement.name) and not _names_fluid(statement.name, analyte.id):
        context.ignored(statement, "other_fluid", name=mark(analyte.id))
        return True
    if statement.quantity is not None:
        _store(context, statement, analyte, statement.quantity)
        return True
    return _from_text(context, statement, analyte)


def _analyte(context: Context, statement: Statement) -> Analyte | None:
    house = knowledge()
    coded = {id_ for system, code in statement.codes if system == "loinc" for id_ in house.by_code("loinc", code)}
    coded = {id_ for id_ in coded if id_ in house.analytes}
    terms = find_terms(statement.name, frozenset({"lab"}))
    named = set(terms[0].concepts) if terms else set()
    if len({term.concepts for term in terms}) > 1 and not coded:
        named = {concept for term in terms for concept in term.concepts}
    if coded and named and not coded & named:
        context.ambiguous(statement, "code_and_text_differ", code=label(sorted(coded)[0]), text=label(sorted(named)[0]))
        return None
    chosen = (coded & named) or coded or named
    if len(chosen) != 1:
        return None
    return house.analytes.get(chosen.pop())


def _names_fluid(name: str, analyte: str) -> bool:
    """Whether the fluid in a name belongs to the name of the analyte itself ("urine protein")."""
    house = knowledge()
    words = " ".join((*house.lexicon.names.get(analyte, ()), house.label(analyte, "en")))
    return bool(_OTHER_FLUID.search(words)) or analyte == "lab:csf_wbc"


def _store(context: Context, statement: Statement, analyte: Analyte, quantity: Quantity) -> None:
    unit = re.sub(r"\{[^}]*\}", "", quantity.unit).strip() if not analyte.knows(quantity.unit) else quantity.unit
    if unit and not analyte.knows(unit):
        context.ignored(statement, "unit_unknown", unit=quantity.unit, name=mark(analyte.id))
        return
    value = analyte.canonical(quantity.value, unit or None)
    if value is None:
        context.ignored(
            statement, "value_implausible", value=plain(quantity.value), unit=quantity.unit, name=mark(analyte.id)
        )
        return
    if not quantity.unit:
        context.assumed(statement, "unit_assumed", unit=analyte.unit, name=mark(analyte.id))
    source = context.source(statement)
    context.draft.measure(analyte.id, _censored(value, quantity.comparator), source)
    for side, limit in (("uln", quantity.range_high), ("lln", quantity.range_low)):
        if limit is not None and limit > 0:
            ratio = quantity.value / limit
            context.draft.measure(f"{analyte.id}.{side}", _rounded(ratio, quantity.comparator), source)
    if analyte.id in TESTS and analyte.unit != "{presence}":
        _detected(context, statement, analyte.id, bool(quantity.value) and quantity.comparator not in {"<", "<="})
    context.used(statement, "measured", name=mark(analyte.id), value=plain(Fraction(value, SCALE)), unit=analyte.unit)


def _censored(value: int, comparator: str) -> Interval:
    match comparator:
        case "<":
            return Interval(None, value - 1)
        case "<=":
            return Interval(None, value)
        case ">":
            return Interval(value + 1, None)
        case ">=":
            return Interval(value, None)
        case _:
            return Interval.exactly(value)


def _rounded(ratio: Fraction, comparator: str) -> Interval:
    scaled = ratio * SCALE
    low, high = scaled.__floor__(), scaled.__ceil__()
    if comparator in {"<", "<="}:
        return Interval(None, high)
    if comparator in {">", ">="}:
        return Interval(low, None)
    return Interval(low, high)


def _from_text(context: Context, statement: Statement, analyte: Analyte) -> bool:
    text = statement.value or "; ".join(statement.notes)
    if is_unknown(text):
        context.ignored(statement, "not_tested", name=mark(analyte.id))
        return True
    text = with_virus(statement.name, text) if analyte.id in TESTS else text
    others = [t for t in find_terms(text, frozenset({"lab"})) if t.concepts != (analyte.id,)]
    if analyte.id not in TESTS or not others:
        return read_test(context, statement, analyte.id, text)
    # "hepatitis C serology: antibody positive, RNA undetectable": each test has its own answer
    own = text[: min(t.start for t in others)]
    found = bool(re.search(r"\w", own)) and read_test(context, statement, analyte.id, own)
    return read_embedded(context, statement, text) > 0 or found


def read_test(context: Context, statement: Statement, analyte_id: str, text: str) -> bool:
    """The result of a test in words: a number, or found and not found."""
    analyte = knowledge().analytes[analyte_id]
    number = first_fitting(text, analyte.knows)
    if (
        number is not None
        and not number.unit
        and analyte_id in TESTS
        and (NEGATIVE.search(text) or POSITIVE.search(text))
    ):
        number = None  # "negative in 2018": a year, not a result
    if number is not None and store_written(context, statement, analyte, number):
        return True
    negative, positive = NEGATIVE.search(text), POSITIVE.search(text)
    if negative:
        if analyte.unit != "{presence}" and analyte_id in TESTS:
            source = context.source(statement, derived="undetectable read as 0")
            context.draft.measure(analyte_id, Interval.exactly(0), source)
        _detected(context, statement, analyte_id, False)
        context.used(statement, "test_negative", name=mark(analyte_id))
        return True
    if positive:
        _detected(context, statement, analyte_id, True)
        context.used(statement, "test_positive", name=mark(analyte_id))
        return True
    return False


def store_written(context: Context, statement: Statement, analyte: Analyte, number: Written) -> bool:
    """Store a number of a text; False if it is not one of this analyte."""
    if number.unit and not analyte.knows(number.unit):
        return False
    unit = number.unit or None
    first = analyte.canonical(number.value, unit)
    second = analyte.canonical(number.other, unit) if number.other is not None else None
    plausible = [value for value in (first, second) if value is not None]
    if len(plausible) == 2 and number.grouped is not None:
        plausible = [max(plausible) if number.grouped else min(plausible)]
    if len(plausible) != 1:
        message = "number_ambiguous" if plausible else "value_implausible"
        context.ambiguous(statement, message, value=plain(number.value), unit=number.unit, name=mark(analyte.id))
        return True
    value = _censored(plausible[0], number.comparator)
    if number.high is not None:
        top = analyte.canonical(number.high, unit)
        value = Interval(plausible[0], top) if top is not None and top >= plausible[0] else value
    derived = "about" if number.approximate else None
    source = context.source(statement, derived=derived)
    context.draft.measure(analyte.id, value, source)
    if analyte.id in TESTS and analyte.unit != "{presence}":
        _detected(context, statement, analyte.id, plausible[0] > 0 and number.comparator not in {"<", "<="})
    context.used(
        statement,
        "measured",
        name=mark(analyte.id),
        value=f"{number.comparator}{plain(number.value)}",
        unit=number.unit,
    )
    return True


def _detected(context: Context, statement: Statement, analyte_id: str, found: bool) -> None:
    """A test that looks for something, and what its result shows."""
    source = context.source(statement)
    context.draft.coding(f"{analyte_id}.detected", {"yes" if found else "no"}, source)
    shows, excludes = TESTS.get(analyte_id, ("", ""))
    derived = Source(
        source.path, source.words, source.day, f"{mark(analyte_id)}: {'positive' if found else 'negative'}"
    )
    if found and shows:
        context.draft.event(shows, above(shows), derived, last=Interval.exactly(context.day))
    elif not found and excludes:
        context.draft.absence(excludes, below(excludes), derived)


def read_scale(context: Context, statement: Statement) -> bool:
    """A performance scale as an entry of its own."""
    terms = [t for t in find_terms(statement.name, frozenset({"scale"})) if t.concept in SCALES]
    if len({term.concept for term in terms}) != 1:
        return False
    concept = terms[0].concept
    if statement.quantity is not None:
        store_scale(context, statement, concept, statement.quantity.value, None)
        return True
    text = statement.value or " ".join(statement.notes)
    if is_unknown(text):
        context.ignored(statement, "not_tested", name=mark(concept))
        return True
    numbers = written_numbers(text)
    if not numbers:
        return False
    store_scale(context, statement, concept, numbers[0].value, numbers[0].high)
    return True


def store_scale(context: Context, statement: Statement, concept: str, value: Fraction, high: Fraction | None) -> None:
    """Store a level of a performance scale, or report a level that the scale does not have."""
    key, levels, _ = SCALES[concept]
    for level in (value, high):
        if level is not None and level not in levels:
            context.ignored(statement, "scale_out_of_range", name=mark(concept), value=plain(level))
            return
    top = value if high is None else high
    interval = Interval(millionths(int(value)), millionths(int(top)))
    context.draft.measure(key, interval, context.source(statement))
    context.used(statement, "measured", name=mark(concept), value=plain(value), unit="")


def read_embedded(context: Context, statement: Statement, text: str, skip: frozenset[str] = frozenset()) -> int:
    """Scales and laboratory values inside a longer text ("ECOG PS 1", "HBV DNA 50,000 IU/mL"): how many were read."""
    house = knowledge()
    terms = find_terms(text, frozenset({"scale", "lab"}))
    count = 0
    for position, term in enumerate(terms):
        stop = terms[position + 1].start if position + 1 < len(terms) else len(text)
        following = re.split(r"[;,](?!\d)|\.\s", text[term.end : stop], maxsplit=1)[0]
        if term.concept in skip or len(term.concepts) > 1:
            continue
        if term.concept in SCALES:
            numbers = written_numbers(following)
            if numbers and numbers[0].start <= 22:
                store_scale(context, statement, term.concept, numbers[0].value, numbers[0].high)
                count += 1
        elif term.kind == "lab" and term.concept in house.analytes and following.strip():
            analyte = house.analytes[term.concept]
            numbers = [n for n in written_numbers(following[:60]) if n.unit and analyte.knows(n.unit)]
            if numbers:
                count += store_written(context, statement, analyte, numbers[0])
            elif term.concept in TESTS and (POSITIVE.search(following[:30]) or NEGATIVE.search(following[:30])):
                count += read_test(context, statement, term.concept, following[:30])
    return count
