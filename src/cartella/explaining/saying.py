"""An explanation in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from cartella.explaining.amounts import day
from cartella.explaining.deciding import Change
from cartella.explaining.explanation import Explanation, Reason
from cartella.explaining.names import called, listed, name
from cartella.explaining.phrases import demands, phrase, two_readings
from cartella.explaining.tables import Lang, Register, message
from cartella.logic import And, Cause, Code, Count, Expression, Not, Number, Opaque, Or, Presence, children, walk
from cartella.patients import worded
from cartella.trials.criteria import Outcome, Section

_NAMED = {
    Reason.NOT_TOLD: Cause.NOT_TOLD,
    Reason.IMPRECISE: Cause.IMPRECISE,
    Reason.OUT_OF_DATE: Cause.OUT_OF_DATE,
}
_PARTLY = (Reason.JUDGEMENT, Reason.NOT_UNDERSTOOD)
_ALSO = {
    Cause.IMPRECISE: "also.imprecise",
    Cause.OUT_OF_DATE: "also.out_of_date",
    Cause.JUDGEMENT: "also.judgement",
    Cause.NOT_UNDERSTOOD: "also.not_understood",
}
_MOST_MISSING = 4
_MOST_FACTS = 3
_MOST_NAMED = 4
_MOST_ASKED = 420
"""Characters above which a patient is sent to the text and the doctor: a longer sentence explains nothing."""


def says(explanation: Explanation, lang: Lang, register: Register) -> str:
    """The whole explanation in short sentences: what is asked, the outcome, the facts, what may change."""
    return " ".join((*asks(explanation, lang, register), *because(explanation, lang, register)))


def asks(explanation: Explanation, lang: Lang, register: Register) -> list[str]:
    """What the study asks, whom and when it concerns; nothing of the demand where no part of it was understood."""
    found = []
    if explanation.cohort:
        found.append(message("cohort", lang, register, x=explanation.cohort))
    if explanation.gate:
        found.append(message(f"gate.{explanation.gate.value}", lang, register))
    asked = _demand(explanation, lang, register)
    if asked is not None:
        found.append(asked)
    elif _was_read(explanation):
        found.append(message("asks.long", lang, register))
    return found


def needs_text(explanation: Explanation, lang: Lang, register: Register) -> bool:
    """Whether the words do not say what the study asks, so that its own sentence must be in sight."""
    return _demand(explanation, lang, register) is None


def _was_read(explanation: Explanation) -> bool:
    return _read(explanation.expression)


def _demand(explanation: Explanation, lang: Lang, register: Register) -> str | None:
    """What the study asks; None where nothing of it was understood, or where it is too long for a patient."""
    expression = explanation.expression
    if isinstance(expression, And | Or) and not expression.items:
        return message("asks.nothing", lang, register)
    if not _was_read(explanation):
        return None
    if register == "patient":
        # that a part was not read is said once, behind the outcome
        narrowed = explanation.section is Section.EXCLUSION and any(map(_is_narrowed, walk(expression)))
        expression = _read_part(expression) or expression
    if register == "patient" and (narrowed or is_intricate(expression, explanation.section)):
        named = list(dict.fromkeys(_subjects(expression, lang, register)))
        more = message("missing.more", lang, register, n=len(named) - _MOST_NAMED)
        some = named if len(named) <= _MOST_NAMED else [*named[:_MOST_NAMED], more]
        return message(f"asks.about.{explanation.section.value}", lang, register, x=listed(some, "and", lang, register))
    asked = phrase(expression, lang, register)
    if register == "patient" and len(asked) > _MOST_ASKED:
        return None
    several = ".all" if demands(expression, lang, register) > 1 else ""
    return message(f"asks.{explanation.section.value}{several}", lang, register, x=asked)


def is_intricate(expression: Expression, section: Section) -> bool:
    """Whether no short sentence makes the demand plain: parts within parts, two readings, an exclusion with exceptions.

    A patient is told what it is about, and sent to the text for the rule itself; a clinician reads it all.
    """
    if _levels(expression) > 1 or any(two_readings(node) is not None for node in walk(expression)):
        return True
    return section is Section.EXCLUSION and any(
        isinstance(node, And) and any(isinstance(item, Not) and _read(item) for item in node.items)
        for node in walk(expression)
    )


def _read_part(node: Expression) -> Expression | None:
    """The expression without the parts that were not read; None if nothing is left."""
    match node:
        case Opaque():
            return None
        case Not(item=item):
            kept = _read_part(item)
            return None if kept is None else replace(node, item=kept)
        case And(items=items) | Or(items=items):
            read = [part for part in map(_read_part, items) if part is not None]
            return (read[0] if len(read) == 1 else replace(node, items=tuple(read))) if read else None
    return node


def _is_narrowed(node: Expression) -> bool:
    """Whether a part that was not read makes the rest hold for some cases only."""
    return isinstance(node, And) and any(isinstance(item, Opaque) for item in node.items) and _read(node)


def _read(node: Expression) -> bool:
    return any(not isinstance(part, Opaque) and not children(part) for part in walk(node))


def _levels(node: Expression, above: type[Expression] | None = None) -> int:
    """How often "all of", "any of" and "if" stand within one another."""
    if isinstance(node, Not):
        return _levels(node.item, above)
    inner = [child for child in children(node) if not isinstance(child, Opaque)]
    if not inner:
        return 0
    own = int(len(inner) > 1 and type(node) is not above)
    return own + max(_levels(child, type(node)) for child in inner)


def _subjects(expression: Expression, lang: Lang, register: Register) -> Iterator[str]:
    """What the demand is about: names, and for a coded thing which codes of it."""
    for node in walk(expression):
        match node:
            case Code():
                yield phrase(node, lang, register)
            case Number(quantity=subject) | Presence(concept=subject) | Count(concept=subject):
                yield name(subject, lang, register)


def because(explanation: Explanation, lang: Lang, register: Register) -> list[str]:
    """The outcome and its reason, the facts that were used, and whether it may change."""
    reason = explanation.reason
    part = ".part" if reason in _PARTLY and _was_read(explanation) else ""
    missing = _missing(explanation, _NAMED.get(reason), lang, register)
    found = [message(f"{reason.value}{part}", lang, register, missing=missing)]
    if explanation.outcome is Outcome.UNKNOWN:
        for cause, identifier in _ALSO.items():
            if cause in explanation.causes and cause.value != reason.value:
                also = _missing(explanation, cause, lang, register)
                found.append(message(identifier, lang, register, missing=also))
        if explanation.concern is not None and Cause.NOT_UNDERSTOOD in explanation.causes:
            found.append(concern(explanation.concern, lang, register))
    namer = partial(called, lang=lang, register=register)
    for source in explanation.facts[:_MOST_FACTS]:
        when = day(source.day, lang) if source.day is not None else ""
        kind = "fact.derived" if source.derived else "fact.day" if when else "fact"
        named = source.words.strip() and source.words != source.path
        kind = kind if named else "fact.unnamed"
        fact = source.words.strip() if named else source.path
        rule = worded(source.derived, lang, namer) if source.derived else ""
        found.append(message(kind, lang, register, fact=fact, day=when, derived=rule))
    if explanation.free_from is not None:
        found.append(message("change.from_day", lang, register, day=day(explanation.free_from, lang)))
    elif explanation.change is Change.FIXED:
        found.append(message("change.fixed", lang, register))
    elif explanation.change is Change.MAY_CHANGE:
        found.append(message("change.may_change", lang, register))
    return list(dict.fromkeys(found))


def concern(doubt: str, lang: Lang, register: Register) -> str:
    """Why a part of a point that was read is not used: the doubts of `cartella.reading.lint` in words."""
    return message(f"concern.{doubt}", lang, register)


def _missing(explanation: Explanation, cause: Cause | None, lang: Lang, register: Register) -> str:
    subjects = [m.subject for m in explanation.missing if m.cause is cause]
    names = list(dict.fromkeys(name(subject, lang, register) for subject in subjects))
    if len(names) > _MOST_MISSING:
        names = [*names[: _MOST_MISSING - 1], message("missing.more", lang, register, n=len(names) - _MOST_MISSING + 1)]
    return listed(names, "and", lang, register)
