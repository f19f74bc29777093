"""What a sentence leaves to somebody's judgement reaches over the parts of it that name nothing measurable.

``likely to interfere with the assessment of safety, or of efficacy``: the second part is as much a matter of judgement
as the first, though the word that says so stands only once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from cartella.logic import And, Expression, If, Not, Opaque, Or, Unread
from cartella.reading.cues import Cue
from cartella.reading.shared_nouns import SHARED
from cartella.reading.text import PlainText
from cartella.reading.tokens import Kind, Token

SOMEBODY = re.compile(
    r"^(?:investigators?|opinion|judge?ments?|discretion|(?:un)?willing(?:ness)?|(?:un)?able(?:\s+to)?|(?:in)?ability|capable"
    r"|agree\w*|consent\w*|assent|understand|understood|compl(?:y|iance)|cooperat\w+|deemed|judged|researchers?|physician"
    r"|principal\s+investigator|sponsor|medical\s+monitor|voluntar\w+|volunteers?\s+to|refus\w+|commit|interfere|compromise"
    r"|precludes?|jeopardize|confound|adhere(?:nce)?|authori[sz]ation|(?:un)?suitable|candidate|unlikely|signed|sign)$",
    re.I,
)
"""Words by which a sentence leaves something to a person; "adequate" or "risk" alone do not reach so far."""
VESSELS = frozenset({"venous", "vascular", "intravenous", "vein"})
FUNCTION = re.compile(
    r"^\W*(?:(?:patients?|subjects?|participants?|must|should|shall|have|has|had|with|be|maintain|demonstrate|an?|the)\W+)*"
    r"(?:adequate|normal|good|sufficient|satisfactory|acceptable|appropriate|proper|preserved)\b(?=[^.;<>=\d]*\bfunction)"
    r"(?:\W*\b(?:organs?|bone|marrow|ha?ematolog\w+|ha?ematopoietic|hepatic|liver|renal|kidneys?|cardiac|heart|cardiovascular"
    r"|pulmonary|lungs?|respiratory|coagulation|blood|metabolic|major|important|main|end|vital|immune|functions?|functioning"
    r"|reserve|status|system|and|or|of|baseline|neurologic\w*|BM|endocrine)\b)+"
    r"(?:\W*\bas\s+(?:defined|specified|described|determined|outlined|assessed|judged)\b[^.;<>=\d]{0,80})?\W*$",
    re.I,
)
"""``Adequate organ and marrow function as defined in the protocol``: without a limit, for the study to say."""


def reached(expression: Expression, tokens: Sequence[Token], plain: PlainText) -> Expression:
    """The same expression; what was not understood is for a person to judge where the sentence leaves it to one."""
    judges = [
        n
        for n, t in enumerate(tokens)
        if SOMEBODY.match(t.text) or (t.text.lower() == "access" and n and tokens[n - 1].text.lower() in VESSELS)
    ]
    if not judges:
        return expression
    open_to = [
        (place.start, place.end, _names_something(token))
        for token in tokens
        for place in (plain.original(token.start, token.end),)
    ]
    first = plain.original(tokens[judges[0]].start, tokens[judges[0]].end).start
    between = next((n for n in range(judges[0] - 1, -1, -1) if _names_something(tokens[n])), -1)
    early = plain.original(tokens[between].start, tokens[between].end).end if between >= 0 else 0

    def map_(node: Expression) -> Expression:
        match node:
            case Opaque(why=Unread.NOT_UNDERSTOOD, span=span) if span is not None:
                plainly = not any(named for start, end, named in open_to if start < span.end and span.start < end)
                if plainly and (span.start >= first or span.start >= early):
                    return replace(node, why=Unread.JUDGEMENT)
                return node
            case And(items=items) | Or(items=items):
                return replace(node, items=tuple(map_(item) for item in items))
            case Not(item=item):
                return replace(node, item=map_(item))
            case If(condition=condition, then=then):
                return replace(node, condition=map_(condition), then=map_(then))
            case _:
                return node

    return map_(expression)


def _names_something(token: Token) -> bool:
    """Whether a record could tell what the token names."""
    if token.name == SHARED:
        return False  # "medical, psychiatric or social conditions that may interfere": of the open ones
    return token.kind in (Kind.CONCEPT, Kind.COMPARISON, Kind.TIME) or token.is_cue(Cue.STATE, Cue.TRAIT)
