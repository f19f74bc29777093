"""A sentence as tokens: concepts of the vocabularies, cues, comparisons, times, connectives, and plain words.

Tokens are the only thing the grammar sees. Everything that is not recognised stays a plain word, and a plain word
that nobody claims makes the reading incomplete: it is never passed over in silence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache

from cartella.knowledge import OTHER, Mention, knowledge
from cartella.reading.comparisons import Comparison, find_comparisons
from cartella.reading.cues import WORD, Cue, cue_at
from cartella.reading.enzymes import acting_on_enzymes
from cartella.reading.grafts import grafts
from cartella.reading.illness_phrases import illness_phrases
from cartella.reading.other_trials import other_trials
from cartella.reading.relapses import NO_RESPONSE, find_relapses, remissions_not_of_now
from cartella.reading.spelt import spelt_out
from cartella.reading.times import Time, find_times
from cartella.reading.unasked import unasked, without_equations


class Kind(Enum):
    """What a token is."""

    CONCEPT = "concept"
    CUE = "cue"
    COMPARISON = "comparison"
    TIME = "time"
    COMMA = ","
    SEMICOLON = ";"
    SLASH = "/"
    OPEN = "("
    CLOSE = ")"
    COLON = ":"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Token:
    """Characters `start` to `end` of the plain text, and what they were recognised as.

    A concept token may stand for several concepts: `concepts` has one tuple of candidate ids for each, and `join` is
    "and", "or" or "" (a bare comma or slash between them).
    """

    kind: Kind
    start: int
    end: int
    text: str
    cue: Cue | None = None
    name: str = ""
    concepts: tuple[tuple[str, ...], ...] = ()
    join: str = ""
    comparison: Comparison | None = None
    time: Time | None = None

    def is_cue(self, *cues: Cue) -> bool:
        """Whether the token is one of these cues."""
        return self.cue in cues

    def moved(self, offset: int) -> Token:
        """The same token, so many characters further on."""
        return Token(
            self.kind,
            self.start + offset,
            self.end + offset,
            self.text,
            self.cue,
            self.name,
            self.concepts,
            self.join,
            self.comparison,
            self.time,
        )


AGE_NEARBY = re.compile(
    r"\b(?:ages?|aged|età|adults?|child\w*|pediatric|paediatric|male|females?|men|women|years?\s+old"
    r"|elder\w*)\b[^.;]{0,40}$",
    re.I,
)
NOT_AGE = re.compile(
    r"\b(?:onset|diagnos\w+|repair|survival|expectancy|remission|prior|previous|free)\b[^.;]{0,30}$", re.I
)
AGE_SAID = re.compile(
    r"\b(?:ages?|aged|età)\W*(?:(?:of|is|are|must\s+be|should\s+be|between)\s*)?"
    r"(?:[^.;\d]{0,28}\d{1,3}\s*(?:years?|yrs?|months?|anni|mesi)?(?:\s+old)?\s*,?\s*(?:and|but|to|e|-)\s*)?$",
    re.I,
)
PEOPLE = re.compile(
    r"\b(?:patients?|subjects?|participants?|children|recipients?|adults?|donors?|those)\s*(?:who\s+are\s+|of\s+)?$",
    re.I,
)
AGE_AFTER = re.compile(
    r"^\s*(?:-?\s*old\b|of\s+age|\(?inclusive|or\s+older|and\s+older|or\s+above|and\s+above|older\b|di\s+età)", re.I
)
EXPECTANCY = re.compile(
    r"\b(?:expectancy|survival|aspettativa\s+di\s+vita|life-?time|life-?\s?span|expected\s+(?:to\s+(?:live|survive)|life)"
    r"|predicted\s+life|likely\s+to\s+survive)\b[^.;]{0,40}$",
    re.I,
)
_LEVEL = r"(?:i{1,3}v?[ab]?|iv|v|[0-5][ab]?|[a-d]\d?(?=\b))"
LEVELS = re.compile(
    rf"""(?:(?:(?<![-\w])|(?<=child-)(?=pugh))(?<!high\s)(?<!low\s)(?:class(?:es)?|grades?|stages?|stadio|grado|classe|nyha|pugh|association\)?\]?)\s*[\])]?\s*(?:class\s+|grade\s+|stage\s+|score\s+|of\s+)*(?:>=|<=|>|<)?\s*)
        {_LEVEL}\b(?:\s*(?:,\s*or|,|/|-|or|and|to|through|o)\s*(?:class\s+|grade\s+|stage\s+)?{_LEVEL}\b)*(?:\s+(?:or|and)\s+(?:greater|higher|above|worse|more))?""",
    re.I | re.X,
)
_CHECKPOINT = {"CTLA4": "ctla4_inhibitor", "PD1": "pd1_inhibitor", "PDL1": "pdl1_inhibitor"}
_POINT = r"CTLA-?4|PD-?L1|PD-?1"
CHECKPOINTS = re.compile(
    rf"\b(?:anti-)?(?:{_POINT})(?:\s*(?:,|/|or|and)+\s*(?:or\s+|and\s+)?(?:anti-)?(?:{_POINT}))+\s+(?:inhibitors?"
    rf"|antibod\w+|blockade|therap\w+|agents?|monoclonal\s+antibod\w+)",
    re.I,
)
_FORMULA = r"(?:cockcroft(?:[- ]+(?:and\s+)?gault)?|schwartz|mdrd|ckd-epi|modification of diet in renal disease)"
PASSED_OVER = re.compile(
    rf"""\b(?:at|on|by|as\s+of|from|upon)\s+(?:the\s+)?(?:time|date|day|moment|point)?\s*(?:of\s+)?(?:the\s+)?(?:signing\s+(?:of\s+)?(?:the\s+)?)?(?:(?:signed|written)\s+)*(?:(?:assent|consent)\s*(?:/|or|and)\s*(?:assent|consent)|informed\s+consent(?:\s+form)?|consent|assent|icf|enrol+ment|registration|study\s+entry|screening(?:\s+visit)?|signing\s+(?:the\s+)?(?:informed\s+)?(?:consent(?:\s+form)?|icf))(?:\s+(?:signature|signing))?\b
       |,?\s*\bin\s+which\s+case\s+(?:this|the|these|such)\s+\w+\s+(?:will|is|are|does|do|may|can)\s+(?:be\s+)?(?:waived|lifted|not\s+(?:apply|required))[^.;()]*
       |[,(]?\s*\bif\s+(?:applicable|performed|any|given|done|relevant|available)\b(?=\W*(?:$|[.;,)]))
       |^\W*(?:prior\s+to|before|at\s+the\s+time\s+of|during)\s[^,;:]{{0,60}}?(?:administration|infusion|enrol+ment|screening|treatment|apheresis|leukapheresis|study)\s*,
       |\bat\s+the\s+time\s+(?:that\s+|when\s+|at\s+which\s+)?(?:the\s+)?(?:subject|patient|participant)s?\s+(?:is|are|will|receives?|starts?|begins?|undergoes|enters?)\b[^,;.(]{{0,90}}?(?:therapy|infusion|leukapheresis|apheresis|regimen|cells|chemotherapy|treatment)\b(?!\s+(?:cells|regimen|infusion))
       |\bor\s+(?:an?\s+|its\s+|the\s+|other\s+)?(?:steroid\s+|dose\s+|biological(?:ly)?\s+|biologic\s+)?equivalents?(?:\s+(?:doses?|steroids?|of\s+(?:another|other)\s+[\w\s]{{0,20}}))?(?=\s*(?:$|[,.;)/]|or\b|and\b|per\b|within\b|a\b))
       |\b(?:prior\s+to|before)\s+(?:(?:the|initial|first|any|planned|start\s+of|initiation\s+of|receiving|receipt\s+of|study)\s+)*(?:(?!accept|receiv|had\b|underw|radi|chemo)[\w/-]+\s+){{0,4}}?(?:therapy|infusion|treatment|leuk[ao]*pheresis|apheresis|lympho-?depletion|chemotherapy|administration|conditioning|regimen|transfer|manufacturing|collection|enrol+ment|screening)\b
       |\bat\s+(?:the\s+)?time\s+of\s+(?:(?:planned|the|study|CAR|NK|TCR|TIL|T|cells?)[\s-]+){{0,4}}(?:leuk[ao]*pheresis|apheresis|infusion|lympho\w+|enrol+ment|screening|treatment|conditioning)\b(?:(?:\s*(?:,|/|\bor\b|\band\b)+\s*)[\w-]+(?:\s+(?!or\b|and\b)[\w-]+){{0,3}}){{0,3}}(?=\s*(?:$|[.;)]))
       |(?:\bas\s+)?(?:\b(?:estimated|calculated|determined|measured|assessed)\s+)?\b(?:by|using|with|according\s+to|based\s+on|per)\s+(?:the\s+|a\s+)?(?:standard\s+|modified\s+)?{_FORMULA}(?:\s*(?:,|/|or|and)\s*{_FORMULA})*(?:\s+(?:formulas?|equations?|methods?))?""",
    re.I | re.X,
)
SAID_ALREADY = re.compile(
    r",?\s*defined\s+(?:as|by)\s+(?:having\s+|the\s+presence\s+of\s+)?(?:at\s+least\s+|>=?\s*)?(?:one|1|a)\s+(?:measurable\s+|target\s+)*"
    r"lesions?\s*(?=(?:per|by|according|as\s+per|in\s+accordance|using|on)\b|$|\.)"
    r"|,?\s*(?:as\s+)?(?:defined\s+as\s+)?(?:at\s+least\s+(?:one|1)\s+)?(?:lesions?\s+)?that\s+can\s+be\s+accurately"
    r"\s+measured\s+in\s+at\s+least\s+(?:one|1)\s+dimension\b(?:[^.;]|(?<=\d)\.(?=\d))*|\{[^}]{1,30}\}",
    re.I,
)
"""What measurable means by RECIST, spelt out; the label of a step in braces."""
CLEARANCE = re.compile(
    r"\bclearance(?:\s+rates?)?\b(?=\s*(?:\([^()]*\)\s*)?(?:(?:is|of|was|must\s+be)\s+)?(?:[<>=]|at\s+least|above|greater|over)"
    r"[^.;,]{0,24}\b(?:ml|cc)\s*/\s*min)",
    re.I,
)
"""A clearance in millilitres per minute is that of creatinine."""
TRANSAMINASES = re.compile(
    r"\b(?:serum\s+|liver\s+|hepatic\s+)?(?:transaminases?|aminotransferases?|transaminasi)\b(?!\s*\()", re.I
)
PUNCTUATION = {
    ",": Kind.COMMA,
    ";": Kind.SEMICOLON,
    "/": Kind.SLASH,
    "(": Kind.OPEN,
    ")": Kind.CLOSE,
    "[": Kind.OPEN,
    "]": Kind.CLOSE,
    ":": Kind.COLON,
}


def named_in(text: str) -> frozenset[str]:
    """The concepts that a text names without doubt."""
    mentions = knowledge().lexicon.find(text)
    return frozenset(m.concepts[0] for m in mentions if len(m.concepts) == 1)


def tokenise(text: str, offset: int = 0, named: frozenset[str] = frozenset()) -> list[Token]:
    """The tokens of `text`, in order. `offset` is where the text begins in the plain text.

    `named` holds the concepts that the whole text names in full: an abbreviation that may stand for several things
    stands for the only one of them that is named.
    """
    return [token.moved(offset) for token in _tokens(text, named)]


@lru_cache(maxsize=64)
def _tokens(text: str, named: frozenset[str]) -> tuple[Token, ...]:
    """The tokens of a text that begins at 0; an item is looked at several times before it is read."""
    text = without_equations(SAID_ALREADY.sub(lambda match: " " * len(match.group()), text))
    mentions = [_settled(m, named, text) for m in _mentions(text)]
    mentions = [_as_therapy(m, text) for m in mentions]
    times = [t for t in find_times(text) if not _is_age(text, t)]
    comparisons = [c for c in find_comparisons(text) if not any(_overlap(c, t) for t in times)]
    comparisons = [
        c
        for c in comparisons
        if not any(m.start < c.start < m.end or (m.start <= c.start and m.end > c.start + 1) for m in mentions)
    ]
    claimed: list[Token] = []
    for time in times:
        claimed.append(Token(Kind.TIME, time.start, time.end, text[time.start : time.end], time=time))
    for comparison in comparisons:
        words = text[comparison.start : comparison.end]
        claimed.append(Token(Kind.COMPARISON, comparison.start, comparison.end, words, comparison=comparison))
        if comparison.tail is not None:
            start, end = comparison.tail
            claimed.append(Token(Kind.CUE, start, end, text[start:end], cue=Cue.GLUE))
    for match in [*PASSED_OVER.finditer(text), *unasked(text)]:
        if any(m.start < match.start() < m.end for m in mentions):
            continue  # "prednisone or equivalent" is a name
        if not any(match.start() < t.end and t.start < match.end() for t in claimed):
            claimed.append(Token(Kind.CUE, match.start(), match.end(), match.group(), cue=Cue.GLUE))
    for match in LEVELS.finditer(text):
        over = next((m for m in mentions if m.start <= match.start() < m.end), None)
        if over is not None and over.end >= match.end():
            continue  # "follicular lymphoma grade 3B" is a name
        if over is not None:
            # "follicular lymphoma grade 1, 2": the name goes as far as the grades
            shorter = [m for m in _mentions(text[: match.start()]) if m.start == over.start]
            mentions = [*(m for m in mentions if m is not over), *(_settled(m, named, text) for m in shorter)]
        # "class III or IV" is one thing: its "or" joins no clauses
        claimed = [t for t in claimed if t.start >= match.end() or match.start() >= t.end]
        claimed.append(Token(Kind.WORD, match.start(), match.end(), match.group()))
    for match in NO_RESPONSE.finditer(text):
        claimed = [t for t in claimed if t.start >= match.end() or match.start() >= t.end]
        name = "state:primary_refractory" if match["first"] else "state:refractory"
        claimed.append(Token(Kind.CUE, match.start(), match.end(), match.group(), cue=Cue.STATE, name=name))
    for match in remissions_not_of_now(text):
        if not any(match.start() < t.end and t.start < match.end() for t in claimed):
            claimed.append(Token(Kind.WORD, match.start(), match.end(), match.group()))
    for relapse in find_relapses(text):
        claimed = [t for t in claimed if t.start >= relapse.end or relapse.start >= t.end]
        words = text[relapse.start : relapse.end]
        claimed.append(Token(Kind.CUE, relapse.start, relapse.end, words, cue=Cue.STATE, name=relapse.name))
    for start, end, concept in (*spelt_out(text), *grafts(text), *other_trials(text)):
        # the commas of such a name join no list
        claimed = [t for t in claimed if t.start >= end or start >= t.end]
        claimed.append(Token(Kind.CONCEPT, start, end, text[start:end], concepts=((concept,),)))
    for start, end, classes in acting_on_enzymes(text):
        claimed = [t for t in claimed if t.start >= end or start >= t.end]
        groups = tuple((name,) for name in classes)
        claimed.append(Token(Kind.CONCEPT, start, end, text[start:end], concepts=groups, join="or"))
    for match in CHECKPOINTS.finditer(text):
        points = (_CHECKPOINT[point.upper().replace("-", "")] for point in re.findall(_POINT, match.group(), re.I))
        concepts = tuple((f"class:{point}",) for point in points)
        claimed.append(Token(Kind.CONCEPT, match.start(), match.end(), match.group(), concepts=concepts, join="or"))
    for phrase in illness_phrases(text, mentions):
        if phrase.cue is None or not any(phrase.start < t.end and t.start < phrase.end for t in claimed):
            kind = Kind.CONCEPT if phrase.cue is None else Kind.CUE
            words = text[phrase.start : phrase.end]
            claimed.append(
                Token(kind, phrase.start, phrase.end, words, phrase.cue, phrase.name, phrase.concepts, phrase.join)
            )
    for mention in mentions:
        if not any(mention.start < t.end and t.start < mention.end for t in claimed):
            words = text[mention.start : mention.end]
            claimed.append(Token(Kind.CONCEPT, mention.start, mention.end, words, concepts=(mention.concepts,)))
    both = (("lab:alt",), ("lab:ast",))
    for match in TRANSAMINASES.finditer(text):
        if not any(match.start() < t.end and t.start < match.end() for t in claimed):
            claimed.append(Token(Kind.CONCEPT, match.start(), match.end(), match.group(), concepts=both, join="and"))
    for match in CLEARANCE.finditer(text):
        if not any(match.start() < t.end and t.start < match.end() for t in claimed):
            found = (("lab:crcl",),)
            claimed.append(Token(Kind.CONCEPT, match.start(), match.end(), match.group(), concepts=found))
    return tuple(_with_words(text, sorted(claimed, key=lambda t: t.start)))


INNER_ABBREVIATION = re.compile(r"(?<=\w )[\[(]\s?[A-Za-z][A-Za-z0-9/-]{0,13}\s?[\])](?=[ -]\w)")


def _mentions(text: str) -> list[Mention]:
    """Mentions of concepts; an abbreviation in brackets inside a name, ``receptor (CAR) T cells``, is passed over."""
    lexicon = knowledge().lexicon
    plain = [each for m in lexicon.find(text) for each in _without_non(text, m) if not _is_something_else(text, each)]
    masked = INNER_ABBREVIATION.sub(lambda m: " " * len(m.group()), text)
    if masked == text:
        return plain
    wide = [m for m in lexicon.find(masked) if "(" in text[m.start : m.end] or "[" in text[m.start : m.end]]
    kept = [m for m in plain if not any(m.start < w.end and w.start < m.end for w in wide)]
    return sorted([*wide, *kept], key=lambda m: m.start)


AGAINST_IT = re.compile(
    r"[\s-]*(?:directed|targeted|specific)\s+(?:therap(?:y|ies)|treatments?|agents?|drugs?)\b", re.I
)


def _as_therapy(mention: Mention, text: str) -> Mention:
    """``myeloma-directed therapy``: a treatment of the cancer, and no diagnosis."""
    match = AGAINST_IT.match(text, mention.end)
    if match is None or not all(c.startswith("disease:") for c in mention.concepts):
        return mention
    return replace(
        mention, end=match.end(), surface=text[mention.start : match.end()], concepts=("class:anticancer_agent",)
    )


def _settled(mention: Mention, named: frozenset[str], text: str) -> Mention:
    if len(mention.concepts) == 1:
        return mention
    if mention.surface == "PT" and (PT_BEFORE.search(text[: mention.start]) or PT_AFTER.match(text, mention.end)):
        return replace(mention, concepts=("lab:pt",))  # beside the other tests of clotting, or with a limit
    house = knowledge()
    fitting = [c for c in mention.concepts if c != OTHER and (c in named or not named.isdisjoint(house.descendants(c)))]
    return replace(mention, concepts=(fitting[0],)) if len(fitting) == 1 else mention


NOT_SUCH = re.compile(r"(?<![\w-])non-?$", re.I)
THERAPIES = ("drug:", "class:", "regimen:")
PT_BEFORE = re.compile(r"(?:INR|PTT)\W{1,4}(?:and\s+|or\s+)?$")
PT_AFTER = re.compile(
    r"\W{0,3}(?:\([^()]*\)\W*)?(?:and\s+|or\s+|/)?\W{0,2}(?:a?PTT\b|INR\b|international|(?:is\s+)?[<>=]+\s*\d)", re.I
)


def _without_non(text: str, mention: Mention) -> list[Mention]:
    """``non-mAb`` is no antibody; ``non-myelosuppressive chemotherapy`` is a chemotherapy of another kind."""
    if not NOT_SUCH.search(text[max(0, mention.start - 5) : mention.start]):
        return [mention]
    if not mention.concepts[0].startswith(THERAPIES):
        return [mention]
    behind = text.find(" ", mention.start, mention.end) + 1
    if not behind:
        return []
    rest = knowledge().lexicon.find(text[behind : mention.end])
    return [replace(m, start=behind + m.start, end=behind + m.end) for m in rest]


def _is_something_else(text: str, mention: Mention) -> bool:
    """``the PI`` is a person, an ``antibody`` after a virus a test."""
    before = text[: mention.start].rstrip()
    if mention.surface == "PI":
        return bool(re.search(r"(?:\bthe|\bof|\bby|/|\bstudy)$", before, re.I))
    if "disease:MCL" in mention.concepts and re.search(r"\d\s*/$", before):
        return True  # "3,000/mcL", whose unit was spelt out as if it were the lymphoma
    if mention.concepts == ("class:antibody",):
        if re.fullmatch(r"antibod(?:y|ies)", mention.surface, re.I) and not re.match(
            r"\s*(?:therap|treat|based|drug|product)", text[mention.end :], re.I
        ):
            return True
        return bool(
            re.search(
                r"(?:virus|hiv|hbv|hcv|htlv|hepatitis|surface|core|\b[A-E]|syphilis|1/2|1-2|\)|treponema\w*)$",
                before,
                re.I,
            )
        )
    return False


def _overlap(comparison: Comparison, time: Time) -> bool:
    return comparison.start < time.end and time.start < comparison.end


def _is_age(text: str, time: Time) -> bool:
    """``>= 18 years of age`` is an age, ``life expectancy >= 12 weeks`` a number: neither is a time that has passed."""
    before = text[: time.start]
    if EXPECTANCY.search(before):
        return True
    words = text[time.start : time.end]
    if not re.search(r"year|yr|month|mo\b|ann", words, re.I):
        return False
    if AGE_SAID.search(before) and not NOT_AGE.search(before):
        return True
    if PEOPLE.search(before) and re.match(r"\W*(?:[<>]|under|over|at\s+least)", words, re.I) and not time.open_end:
        return not time.anchored and "year" in words.lower()
    if AGE_AFTER.match(text[time.end :]) or re.search(r"\bold\b|\bage\b", words):
        return True
    if time.open_end:
        return False
    anchored = time.anchored and not re.search(r"\bat\b", words, re.I)
    return bool(AGE_NEARBY.search(before) and not NOT_AGE.search(before)) and not anchored


def _with_words(text: str, claimed: list[Token]) -> list[Token]:
    """Fill the gaps between the claimed tokens with cues, punctuation and plain words."""
    matches = list(WORD.finditer(text))
    words = [m.group().lower() for m in matches]
    result: list[Token] = []
    position, upcoming = 0, 0
    while position < len(matches):
        match = matches[position]
        while upcoming < len(claimed) and claimed[upcoming].end <= match.start():
            upcoming += 1
        taken = claimed[upcoming] if upcoming < len(claimed) and claimed[upcoming].start < match.end() else None
        cue = _cue(text, matches, words, position)
        end = matches[position + cue[0] - 1].end() if cue else match.end()
        if taken and not (cue and match.start() <= taken.start and end > taken.end and taken.kind is Kind.CONCEPT):
            result.append(taken)
            while position < len(matches) and matches[position].start() < taken.end:
                position += 1
            continue
        following = taken or (claimed[upcoming] if upcoming < len(claimed) else None)
        if cue and following and following.kind is Kind.CONCEPT and cue[1] is Cue.TRAIT and end >= following.end:
            following = None  # "requiring systemic treatment" is a trait of an illness, no treatment of its own
        if cue and following and end > following.start and not (taken and following is taken):
            cue = _shorter(words, position, matches, following.start)
            end = matches[position + cue[0] - 1].end() if cue else match.end()
        if cue:
            kind = Kind.CUE
            result.append(Token(kind, match.start(), end, text[match.start() : end], cue=cue[1], name=cue[2]))
            position += cue[0]
            continue
        kind = PUNCTUATION.get(match.group(), Kind.WORD)
        if words[position] in {"for", "in"} and position + 1 < len(words) and words[position + 1] in ONE_SEX:
            result.append(Token(Kind.CUE, match.start(), match.end(), match.group(), cue=Cue.IF))
            position += 1
            continue
        if kind is not Kind.WORD or re.match(r"[\wÀ-ÿ+<>=%]", match.group()):
            result.append(Token(kind, match.start(), match.end(), match.group()))
        position += 1
    return result


ONE_SEX = frozenset({"female", "females", "women", "male", "males", "men", "donne", "uomini"})


def _cue(text: str, matches: list[re.Match[str]], words: list[str], position: int) -> tuple[int, Cue, str] | None:
    """The cue at a word; the "non" of "non-measurable" belongs to its word, and "for women" opens a condition."""
    if words[position] in {"non", "in", "for"}:
        if words[position] == "non" and text[matches[position].end() :].startswith("-"):
            return None
        if words[position] != "non" and position + 1 < len(words) and words[position + 1] in ONE_SEX:
            return None
    return cue_at(words, position)


def _shorter(words: list[str], position: int, matches: list[re.Match[str]], limit: int) -> tuple[int, Cue, str] | None:
    """The longest cue at `position` that ends before a claimed token begins."""
    room = sum(1 for m in matches[position:] if m.end() <= limit)
    return cue_at(words[: position + room], position) if room else None
