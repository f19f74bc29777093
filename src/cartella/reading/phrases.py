"""How the tokens of a sentence hang together: scopes, lists, asides, and which pieces have a head of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from cartella.knowledge import knowledge
from cartella.reading.clause import kind_of
from cartella.reading.cues import Cue
from cartella.reading.tokens import Kind, Token

CONNECTIVES = (Cue.AND, Cue.OR, Cue.AND_OR)
LISTED = {"drug": "therapy", "class": "therapy", "regimen": "therapy", "cond": "cond", "lab": "lab", "antigen": "antigen",
          "disease": "disease", "scale": "scale", "gene": "gene", "hla": "hla", "site": "site"}  # fmt: skip
TELLS_MORE = frozenset({"requiring", "requires", "required", "resulting", "necessitating", "needing", "require"})
CONFIRMED_THERE = re.compile(r"\b(?:central|sponsor|nci|laboratory\s+of|reference|study\s+team|designated|clia|institution(?:al)?\s+patholog\w+|patholog\w+\s+(?:review|department))\b", re.I)
OF_PEOPLE = re.compile(r"(?:patients?|subjects?|participants?|those)\s+(?:who|with|that|which|are|having|may|will|do)\b", re.I)
ALLOWS = re.compile(r"(?:may|can|could)\s+be\s+(?:\w+\s+){0,2}(?:transfused|supported|given|used|met)|(?:transfusion|support)s?\s+(?:is\s+|are\s+)?(?:allowed|permitted|acceptable)|with\s+or\s+without", re.I)
LEVEL_OF_IT = re.compile(r"(?:nyha|class|grade|new\s+york|child)\b", re.I)


def widened(head: Sequence[Token], examples: Sequence[Token]) -> list[Token]:
    """``LBCL including tFL and PMBCL``: the examples are diseases that the head takes in."""
    more = tuple(
        g for t in examples if t.kind is Kind.CONCEPT for g in t.concepts if all(kind_of(c) == "disease" for c in g)
    )
    house = knowledge()
    mine = {c for t in head if family(t) == "disease" for g in t.concepts for c in g if c in house.concepts}
    known = frozenset().union(*(house.descendants(c) for c in mine)) if mine else frozenset()
    # "T-cell malignancies (including leukemia)": a wider word inside the brackets does not widen the head
    more = tuple(g for g in more if all(c in house.concepts and known.isdisjoint(house.descendants(c)) for c in g))
    result = list(head)
    last = max(n for n, t in enumerate(result) if t.kind is Kind.CONCEPT and family(t) == "disease")
    result[last] = replace(result[last], concepts=result[last].concepts + more, join="or")
    return result


def trimmed(tokens: Sequence[Token]) -> list[Token]:
    edge = (Kind.COMMA, Kind.SEMICOLON, Kind.COLON)
    result = list(tokens)
    while result and (result[0].kind in edge or result[0].is_cue(*CONNECTIVES)):
        result.pop(0)
    while result and (result[-1].kind in edge or result[-1].is_cue(*CONNECTIVES)):
        result.pop()
    return result


def first_cue(tokens: Sequence[Token], *cues: Cue) -> int | None:
    return next((n for n, t in enumerate(tokens) if t.is_cue(*cues)), None)


def scope(tokens: list[Token], split: int) -> tuple[list[Token], list[Token], list[Token]]:
    """What stands before a cue, what it governs (to the end, or to the bracket it stands in), and what comes after."""
    depth = 0
    opened = None
    for n in range(split - 1, -1, -1):
        if tokens[n].kind is Kind.CLOSE:
            depth += 1
        elif tokens[n].kind is Kind.OPEN:
            if depth == 0:
                opened = n
                break
            depth -= 1
    if opened is None:
        return trimmed(tokens[:split]), tokens[split + 1 :], []
    depth = 0
    closed = len(tokens)
    for n in range(opened, len(tokens)):
        if tokens[n].kind is Kind.OPEN:
            depth += 1
        elif tokens[n].kind is Kind.CLOSE:
            depth -= 1
            if depth == 0:
                closed = n
                break
    between = tokens[opened + 1 : split]
    after = tokens[closed + 1 :]
    return [*tokens[:opened], *between], tokens[split + 1 : closed], after


def modifiers(head: Sequence[Token]) -> list[Token]:
    """The traits and times of a head that its examples share."""
    return [t for t in head if t.is_cue(Cue.TRAIT) or t.kind is Kind.TIME]


def negation_at(tokens: Sequence[Token]) -> int | None:
    """Where a negation stands before something that it can negate."""
    for n, token in enumerate(tokens):
        rest = tokens[n + 1 :]
        if token.is_cue(Cue.NOT_AFTER):
            # "a negative pregnancy test": the same word denies what follows where nothing stands before it
            if any(t.kind is Kind.CONCEPT for t in rest) and not any(t.kind is Kind.CONCEPT for t in tokens[:n]):
                return n
        if token.is_cue(Cue.NOT_BEFORE):
            if any(t.kind in (Kind.CONCEPT, Kind.WORD, Kind.COMPARISON) or t.cue not in (None, Cue.GLUE) for t in rest):
                return n
    return None


def negates_the_verb(part: Sequence[Token], position: int) -> bool:
    """Whether the negation stands between its subject and a bare verb, with nothing to deny behind it."""
    if part[position].text.lower() not in {
        "cannot",
        "can not",
        "not",
        "may not",
        "must not",
        "should not",
        "not be",
        "not received",
    }:
        return False
    before, after = part[:position], part[position + 1 :]
    if any(t.kind in (Kind.CONCEPT, Kind.COMPARISON) or t.is_cue(Cue.STATE, Cue.TRAIT, Cue.JUDGEMENT) for t in after):
        return False
    words = [t for t in after if t.kind is Kind.WORD]
    return any(t.kind is Kind.CONCEPT for t in before) and len(words) <= 2 and any(t.kind is Kind.TIME for t in after)


def stands_alone(part: Sequence[Token]) -> bool:
    """A part with a predicate of its own is out of reach of a negation before it."""
    return any(
        t.kind is Kind.COMPARISON or t.is_cue(Cue.REQUIRE, Cue.POSITIVE, Cue.NOT_AFTER, Cue.PERMIT) for t in part
    ) or any(t.is_cue(Cue.JUDGEMENT) and t.text.lower() in {"adequate", "able to", "willing"} for t in part)


def without_asides(tokens: list[Token]) -> list[Token]:
    """Drop brackets that only repeat: abbreviations, synonyms, the name of a method. Keep the rest in line."""
    result: list[Token] = []
    n = 0
    while n < len(tokens):
        if tokens[n].kind is not Kind.OPEN:
            if tokens[n].kind is not Kind.CLOSE:
                result.append(tokens[n])
            n += 1
            continue
        close = _closing(tokens, n)
        inside = tokens[n + 1 : close]
        text = " ".join(t.text for t in inside)
        if inside and (any(t.is_cue(Cue.REQUIRE, Cue.PERMIT) for t in inside) or OF_PEOPLE.match(text)) and not any(t.is_cue(Cue.EXCEPT, Cue.UNLESS, Cue.IF) for t in inside):
            inside = [replace(inside[0], kind=Kind.WORD, end=inside[-1].end, cue=None, concepts=(), comparison=None, time=None)]
        if not (_is_aside(inside, result) or ALLOWS.match(" ".join(t.text for t in inside))):
            result.extend(without_asides(inside))
        n = close + 1
    return result


def _closing(tokens: Sequence[Token], opened: int) -> int:
    depth = 0
    for n in range(opened, len(tokens)):
        depth += (tokens[n].kind is Kind.OPEN) - (tokens[n].kind is Kind.CLOSE)
        if depth == 0:
            return n
    return len(tokens)


def _is_aside(inside: Sequence[Token], before: Sequence[Token]) -> bool:
    last = next((t for t in reversed(before) if t.kind is Kind.CONCEPT), None)
    words = " ".join(t.text for t in inside)
    if inside and EXAMPLES.match(words) and not any(t.kind is Kind.COMPARISON or t.is_cue(Cue.EXCEPT, Cue.UNLESS, Cue.NOT_BEFORE, Cue.IF) for t in inside):
        return True
    if last is not None and any(c.startswith("cond:infection") for g in last.concepts for c in g) and GERMS.match(words):
        return True
    if CITED.fullmatch(words) or (inside and inside[0].text.lower() == "note" and not any(t.kind is Kind.COMPARISON for t in inside)):
        return True
    if last is not None and all(_is_a_test(t) for t in inside if t.kind is Kind.CONCEPT) and any(t.kind is Kind.CONCEPT for t in inside):
        viral = any(c.startswith(("cond:hepat", "cond:hiv", "cond:syph", "cond:htlv", "cond:viral")) for g in last.concepts for c in g)
        if viral and not any(t.kind is Kind.COMPARISON or t.is_cue(Cue.EXCEPT, Cue.UNLESS) for t in inside):
            return True  # "hepatitis B (HBsAg positive)": by which test it is known
    for token in inside:
        if token.kind is Kind.CONCEPT:
            unclear = any(len(g) > 1 for g in token.concepts) and sum(c.isupper() for c in token.text) >= 2
            if last is None or not (unclear or _same_family(token, last)):
                return False
        elif token.kind is Kind.WORD:
            if not (sum(c.isupper() for c in token.text) >= 2 or token.text.isupper() or token.text.isdigit() or len(token.text) == 1 or token.text[0] == "v"):
                return False
        elif token.kind in (Kind.COMPARISON, Kind.TIME) or token.cue in (
            Cue.TRAIT,
            Cue.RESTRICT,
            Cue.STATE,
            Cue.EXCEPT,
            Cue.IF,
            Cue.NOT_BEFORE,
            Cue.OTHER,
            Cue.JUDGEMENT,
        ):
            return False
    return True


EXAMPLES = re.compile(r"(?:e\.?\s?g\.?|i\.?\s?e\.?|for example|eg|ie)\b", re.I)
GERMS = re.compile(r"^(?:(?:viral|bacterial|fungal|mycobacterial|parasitic|opportunistic|mycotic|systemic|local|infections?|virus|bacteria|fungi|acute|chronic|or|and|any|other|including|e\.?g\.?|etc|,|/)\W*)+$", re.I)
CITED = re.compile(r"[A-Z][a-z]+(?: et al)?\s*,?\s*(?:19|20)\d\d")


def _is_a_test(token: Token) -> bool:
    return all(c.startswith(("lab:hbsag", "lab:anti_", "lab:hbv", "lab:hcv", "lab:hiv", "lab:htlv", "lab:syph")) for g in token.concepts for c in g)


def _same_family(one: Token, other: Token) -> bool:
    """Whether two concept tokens name the same thing, or one a kind of the other."""
    mine = {c for group in one.concepts for c in group}
    theirs = {c for group in other.concepts for c in group}
    if mine & theirs:
        return True
    house = knowledge()
    return any(
        a in house.ancestors(b) or b in house.ancestors(a)
        for a in mine
        for b in theirs
        if a in house.concepts and b in house.concepts
    )


def grouped(tokens: list[Token]) -> list[Token]:
    """Join concepts of one kind that only connectives separate into one token: ``HIV, hepatitis B or C``.

    States of the cancer are joined in the same way: ``metastatic and/or unresectable``.
    """
    result: list[Token] = []
    for token in tokens:
        if token.kind is Kind.CONCEPT or token.is_cue(Cue.STATE):
            links: list[Token] = []
            while result and (
                result[-1].kind in (Kind.COMMA, Kind.SLASH)
                or result[-1].is_cue(*CONNECTIVES)
                or (links and _linkable(result[-1]))
            ):
                links.insert(0, result.pop())
            previous = result[-1] if result else None
            if (
                links
                and previous is not None
                and previous.kind is token.kind
                and previous.cue is token.cue
                and family(previous) == family(token) is not None
            ):
                result[-1] = _merged(previous, links, token)
                continue
            result.extend(links)
        result.append(token)
    return result


def _linkable(token: Token) -> bool:
    if token.concepts == (("cond:infection",),):
        return True
    return token.is_cue(Cue.GLUE) and token.text.lower() in {
        "infection",
        "infections",
        "virus",
        "disease",
        "the",
        "a",
        "an",
        "antibody",
        "antibodies",
        "treatment",
        "therapy",
        "level",
        "levels",
        "cancer",
        "count",
        "serum",
        "chronic",
        "of",
        "human",
        "patients",
        "women",
        "any",
        "known",
    }


def family(token: Token) -> str | None:
    if token.is_cue(Cue.STATE):
        return None if "measurable" in token.name else "state"
    kinds = {LISTED.get(kind_of(c)) for group in token.concepts for c in group}
    return next(iter(kinds)) if len(kinds) == 1 else None


def _merged(first: Token, links: list[Token], second: Token) -> Token:
    join = second.join or first.join
    for link in links:
        if link.is_cue(Cue.OR, Cue.AND_OR):
            join = "or" if join in ("", "or") else "mixed"
        elif link.is_cue(Cue.AND):
            join = "and" if join in ("", "and") else "mixed"
    text = f"{first.text} {second.text}"
    name = f"{first.name}|{second.name}" if second.name else first.name
    return replace(first, end=second.end, text=text, name=name, concepts=first.concepts + second.concepts, join=join)


def parts_of(tokens: list[Token]) -> tuple[list[list[Token]], list[str]]:
    """Cut at connectives; a piece without a head of its own joins the piece it modifies."""
    pieces: list[list[Token]] = [[]]
    joins: list[str] = []
    kept_together = _scales(tokens)
    for n, token in enumerate(tokens):
        if token.kind is Kind.COMMA and n + 1 < len(tokens) and LEVEL_OF_IT.match(tokens[n + 1].text):
            continue  # "heart failure, NYHA class III": the class is the failure's own
        if n not in kept_together and (token.kind in (Kind.COMMA, Kind.SEMICOLON) or token.is_cue(*CONNECTIVES)):
            join = {Cue.AND: "and", Cue.OR: "or", Cue.AND_OR: "or"}.get(token.cue, "") if token.cue else ""
            if pieces[-1]:
                pieces.append([])
                joins.append(join)
            elif joins and join:
                joins[-1] = join
            continue
        pieces[-1].append(token)
    if not pieces[-1]:
        pieces.pop()
        joins = joins[: max(0, len(pieces) - 1)]
    return _with_heads(pieces, joins)


def _scales(tokens: Sequence[Token]) -> range:
    """The stretch from the first performance scale to the last limit: its connectives join scales, not clauses."""
    named = [n for n, t in enumerate(tokens) if t.kind is Kind.CONCEPT and family(t) == "scale"]
    limits = [n for n, t in enumerate(tokens) if t.kind is Kind.COMPARISON]
    if not named or not limits or limits[-1] < named[0]:
        return range(0)
    between = tokens[named[0] : max(limits[-1], named[-1]) + 1]
    if any(t.kind is Kind.CONCEPT and family(t) not in ("scale", "lab") for t in between) or any(
        t.is_cue(Cue.NOT_BEFORE, Cue.STATE) for t in between
    ):
        return range(0)
    return range(named[0], max(limits[-1], named[-1]) + 1)


def _has_head(piece: Sequence[Token]) -> bool:
    return any(
        t.kind in (Kind.CONCEPT, Kind.WORD, Kind.COMPARISON) or t.is_cue(Cue.STATE, Cue.JUDGEMENT) for t in piece
    )


def _is_state_of(piece: Sequence[Token], before: Sequence[Token]) -> bool:
    """``another malignancy that is active and/or progressive``: states behind another illness are its own."""
    general = {"class:treatment", "class:systemic_therapy", "class:anticancer_agent"}
    told = [t for t in piece if not any(c in general for g in t.concepts for c in g)]
    if any(t.kind in (Kind.CONCEPT, Kind.WORD, Kind.COMPARISON) for t in told) or not any(t.is_cue(Cue.STATE) for t in piece):
        return False
    return any("cond:second_malignancy" in group for t in before for group in t.concepts)


def _with_heads(pieces: list[list[Token]], joins: list[str]) -> tuple[list[list[Token]], list[str]]:
    result: list[list[Token]] = []
    kept: list[str] = []
    waiting: list[Token] = []
    for n, piece in enumerate(pieces):
        if result and piece[0].text.lower() in TELLS_MORE and not any(family(t) == "cond" for t in piece):
            # "autoimmune disease resulting in or requiring immunosuppression": still the same illness
            result[-1] = [*result[-1], *waiting, *piece]
            waiting = []
        elif result and _is_state_of(piece, result[-1]):
            result[-1] = [*result[-1], *waiting, *piece]
            waiting = []
        elif _has_head(piece):
            if result:
                kept.append(joins[n - 1] if n - 1 < len(joins) else "")
            result.append([*waiting, *piece])
            waiting = []
        elif n + 1 < len(pieces) and not (result and any(t.kind is Kind.TIME for t in piece)):
            waiting += piece
        elif result:
            result[-1] = [*result[-1], *waiting, *piece]
            waiting = []
        else:
            result.append([*waiting, *piece])
            waiting = []
    if waiting and result:
        result[-1] = [*result[-1], *waiting]
    elif waiting:
        result.append(waiting)
    return result, kept


def with_shared_times(parts: list[list[Token]]) -> list[list[Token]]:
    """A time that stands once, before or behind a list, belongs to every part of the list that has none.

    Behind a list of illnesses it may belong to the last alone, so there it is shared with doubt.
    """
    last_dose = next((n for n, part in enumerate(parts) if n and _is_last_dose(part)), None)
    if last_dose is not None:
        time = next(t for t in parts[last_dose] if t.kind is Kind.TIME)
        before = [p if any(t.kind is Kind.TIME for t in p) else [*p, time] for p in parts[:last_dose]]
        return [*before, *parts[last_dose + 1 :]]
    parts = _carried_on(parts)
    timed = [n for n, part in enumerate(parts) if any(t.kind is Kind.TIME for t in part)]
    if len(parts) < 2 or len(timed) != 1 or timed[0] not in (0, len(parts) - 1):
        return parts
    home = parts[timed[0]]
    at = next(n for n, t in enumerate(home) if t.kind is Kind.TIME)
    concepts = [n for n, t in enumerate(home) if t.kind is Kind.CONCEPT]
    leads = timed[0] == 0 and bool(concepts) and at < concepts[0]
    trails = timed[0] == len(parts) - 1 and (not concepts or at > concepts[-1])
    if not (leads or trails):
        return parts
    result = []
    for n, part in enumerate(parts):
        families = {family(t) for t in part if t.kind is Kind.CONCEPT}
        plain = not any(t.kind is Kind.COMPARISON or t.is_cue(Cue.STATE) for t in part)
        if n != timed[0] and families and families <= {"therapy", "cond"} and plain:
            doubtful = trails and "cond" in families
            result.append([*part, replace(home[at], name="doubtful" if doubtful else "shared")])
        else:
            result.append(part)
    return result


def _carried_on(parts: list[list[Token]]) -> list[list[Token]]:
    """``less than 2 weeks since A, B or C, and less than 3 weeks since D``: a leading time lasts until the next."""
    leading: Token | None = None
    result = []
    for part in parts:
        at = next((n for n, t in enumerate(part) if t.kind is Kind.TIME), None)
        first = next((n for n, t in enumerate(part) if t.kind is Kind.CONCEPT), len(part))
        if at is not None:
            leading = part[at] if at < first else None
        elif leading is not None and any(family(t) == "therapy" for t in part):
            part = [*part, replace(leading, name="shared")]
        result.append(part)
    return result if len(parts) > 1 else parts


LAST_DOSE = frozenset({"where", "last", "dose", "administered", "given", "occurred", "completed", "ended"})


def _is_last_dose(part: Sequence[Token]) -> bool:
    """``where the last dose was given within 28 days``: only a time."""
    return any(t.kind is Kind.TIME for t in part) and all(
        t.kind is Kind.TIME or t.cue is not None or t.text.lower() in LAST_DOSE for t in part
    )


ORGANS = re.compile(
    r"^\W*(?:(?:have|has|with|patients?|subjects?|participants?|must|demonstrate|an?|the|normal|adequate|satisfactory|sufficient|good|acceptable|appropriate|proper|adequately|baseline|functional|functioning|organ|organs|bone|marrow|ha?ematolog\w+|ha?ematopoietic|hepatic|liver|renal|kidney|cardiac|heart|cardiovascular|pulmonary|lung|coagulation|blood|metabolic|major|important|main|end|function|functions|reserve|status|system|test|tests|indicators?|as|is|are|defined|by|of|following|and|or|follows|evidenced|demonstrated|measured|indicated|meet|meets|laboratory|values?|parameters?|criteria|requirements?|evidence|performance)\b\W*)+$",
    re.I,
)


def without_organ_headings(parts: list[list[Token]]) -> list[list[Token]]:
    """Drop "adequate liver function" beside the limits that say what is adequate."""
    limits = [part for part in parts if any(t.kind is Kind.COMPARISON for t in part)]
    if not limits:
        return parts
    return [part for part in parts if part in limits or not ORGANS.match(" ".join(t.text for t in part))]


def without_methods(tokens: list[Token]) -> list[Token]:
    """Drop "by flow cytometry, histology and cytogenetics" at the end: how a thing is known, not what is asked."""
    for n, token in enumerate(tokens):
        if token.is_cue(Cue.NOTE) and any(t.kind is Kind.CONCEPT or t.is_cue(Cue.STATE) for t in tokens[:n]):
            rest = tokens[n + 1 :]
            telling = bool(CONFIRMED_THERE.search(" ".join(t.text for t in rest))) or any(
                t.kind in (Kind.CONCEPT, Kind.COMPARISON, Kind.TIME) or t.is_cue(Cue.NOT_BEFORE, Cue.STATE, Cue.TRAIT, Cue.EXCEPT, Cue.IF, Cue.OTHER)
                for t in rest
            )
            if not telling:
                return tokens[:n]
    return tokens


AIMS = frozenset(
    """eligible to|eligible for|are eligible for|is eligible for|be eligible for|ineligible for|candidate|not a candidate|poor candidate|plan|plans|planned|planning|intend|intends|intending|refuse|refuses|contraindication|contraindications
    |contraindicated|intolerance|tolerate|amenable|suitable|insufficient|inadequate|desire|wish|unwilling""".replace("\n", "").replace("    ", "").split("|")
)
OBJECT_WORDS = frozenset({"hypersensitivity", "sensitivity", "allergic", "allergies", "allergy", "anaphylaxis", "anaphylactic", "manufacture", "manufacturing", "refused", "declined", "intolerant", "reaction", "reactions", "hypersensitive", "sensitive", "declines", "composition", "availability", "waiting"})
ALLERGIES = frozenset({"cond:allergy", "cond:allergy_severe"})


def without_objects(tokens: list[Token]) -> list[Token]:
    """A drug that one is allergic to, plans, refuses or is to be made from is not a drug that was given.

    The same holds for a partner's pregnancy or child-bearing potential.
    """
    result: list[Token] = []
    aimed = partner = False
    for n, token in enumerate(tokens):
        kinds = {kind_of(c) for group in token.concepts for c in group}
        word = token.text.lower()
        if word.startswith("partner"):
            partner = True
        if word in AIMS or word in OBJECT_WORDS or any(c in ALLERGIES for g in token.concepts for c in g):
            aimed = True
        elif token.kind is Kind.SEMICOLON or word in {"who", "must", "must have"}:
            aimed = partner = False
        if kinds and kinds <= {"drug", "class", "regimen"} and (aimed or _is_to_be_made(tokens, n)):
            token = replace(token, kind=Kind.WORD, concepts=())
        elif partner and any(c in PARTNERS for g in token.concepts for c in g):
            token = replace(token, kind=Kind.WORD, concepts=())
        result.append(token)
    return result


PARTNERS = frozenset({"cond:childbearing_potential", "cond:pregnancy", "cond:contraception"})


def _is_to_be_made(tokens: Sequence[Token], at: int) -> bool:
    """``too low to manufacture CAR-T cells``, ``allergy to fludarabine``: judged by the word close by."""
    around = [*tokens[max(0, at - 3) : at], *tokens[at + 1 : at + 3]]
    return any(t.text.lower() in {"manufacture", "manufacturing", "availability"} for t in around)
