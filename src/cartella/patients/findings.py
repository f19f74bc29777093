"""Observations in words: measurable disease, response, pregnancy, donor, life expectancy, and whatever else."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from cartella.knowledge import knowledge
from cartella.logic import SCALE, Interval, Source
from cartella.patients.cancer import cns_status, metastatic, read_staging, read_state
from cartella.patients.context import Context, above, below, millionths
from cartella.patients.cues import pattern
from cartella.patients.examinations import note_electrocardiogram, read_vaccination
from cartella.patients.illness import deny, read_condition, read_scores
from cartella.patients.markers import gene
from cartella.patients.measurements import TESTS, is_unknown, read_embedded, store_written
from cartella.patients.numbers import written_numbers
from cartella.patients.phrases import Polarity, read_text
from cartella.patients.statements import Standing, Statement, Topic
from cartella.patients.states import METASTASIS
from cartella.patients.terms import find_terms
from cartella.patients.treatments import read_medication
from cartella.patients.unknown_medicines import TREATMENTS
from cartella.patients.viruses import with_virus
from cartella.patients.wording import mark

_LINES = re.compile(
    r"\b(?:number|no\.?|n\.?|numero|count)\b.{0,20}\b(?:lines?|linee)\b|\b(?:prior|previous"
    r"|precedenti|pregresse) (?:\w+ ){0,3}(?:lines?|linee)\b|^(?:lines? of (?:\w+ )*therapy"
    r"|linee di (?:terapia|trattamento)|lines|linee)\b",
    re.IGNORECASE,
)
_YES = re.compile(r"^\s*(?:yes|si|sì|present\w*|positiv\w*|true|confirmed|confermat\w|ongoing|y)\b", re.IGNORECASE)
_NO = re.compile(
    r"^\s*(?:no|none|never|mai|denied|negat[oaie]|absent|assent\w|negativ\w*|false|nessun\w|not? (?:present|found|seen"
    r"|detected|evident)|non presente|0|nil|n)(?![\w-])",
    re.IGNORECASE,
)
_PREGNANCY = re.compile(
    r"pregnan|gravidanz|\bhCG\b|menopaus|childbearing|fertil|contracep|contraccez"
    r"|breast[- ]?feeding|lactat|allatt|incinta|gestante",
    re.IGNORECASE,
)
_POSTMENOPAUSAL = re.compile(
    r"post-?\s?menopaus\w*|menopausa|menopause(?!: not)|menopausal(?! status: no)", re.IGNORECASE
)
_PREMENOPAUSAL = re.compile(r"pre-?\s?menopaus\w*|childbearing potential|in et[aà] fertile|fertile", re.IGNORECASE)
_STERILE = re.compile(
    r"hysterectom\w*|isterectom\w*|surgically steril\w*|tubal ligation|bilateral (?:oophorectomy"
    r"|salpingectomy)|sterilizz\w+",
    re.IGNORECASE,
)
_BEFORE_MENARCHE = re.compile(
    r"pre-?\s?menarch\w*|(?:before|no) menarche|pre-?pubert\w*|prima del menarca", re.IGNORECASE
)
_NEGATIVE = re.compile(
    r"\bnegativ\w*|\bnot pregnant|\bnon (?:in gravidanza|incinta)|\bno\b|\babsent|\besclus\w+", re.IGNORECASE
)
_POSITIVE = re.compile(r"(?<!not )\bpositiv\w*|(?<!not )\bpregnant\b|\byes\b|incinta|in gravidanza", re.IGNORECASE)
_CONTRACEPTION = re.compile(r"contracep|contraccez", re.IGNORECASE)
_NO_CONTRACEPTION = re.compile(
    r"\b(?:no|not|does not|without|senza|non|refus\w+|nessun\w*)\s+(?:\w+ ){0,3}(?:contracep|contraccez|us)",
    re.IGNORECASE,
)
REPRODUCTION = ("cond:pregnancy", "cond:breastfeeding", "cond:childbearing_potential")
_EXPECTANCY = re.compile(
    r"life expectancy|expected survival|aspettativa di vita|prognosis|sopravvivenza attesa", re.IGNORECASE
)
_REFRACTORY_NAME = re.compile(
    r"^\s*(?:refractory|resistant|refrattari\w+|resistente)\s+(?:to|a|al|alla)\s*:?\s*$", re.IGNORECASE
)
_EXPOSED_NAME = re.compile(r"^\s*(?:intolerant|intolleran\w+)\s+(?:to|a|al)\s*:?\s*$", re.IGNORECASE)
_CANCER_NAME = re.compile(
    r"disease|malattia|response|risposta|status|stato|relapse|recidiv|recurrence|progress"
    r"|metasta|tumou?r|cancer|cytogenet|citogenet|mutation|molecular|fusion|stage|stadio|lesion"
    r"|imaging"
    r"|PET|CT\b|MRI|histolog|istolog|extramedullary|bulky|marrow|midollo|resect|site|involvement"
    r"|karyotype|cariotipo|patholog|extent|burden|remission|biopsy|biopsia|risk|subtype|genetic"
    r"|node|immunopheno|immunofeno|immunohisto|immunoisto|immunostain"
    r"|\bF?ISH\b|\bIHC\b|\bNGS\b|flow cyto|antigens?\b|marker",
    re.IGNORECASE,
)
_GENETIC_NAME = re.compile(
    r"fusion|mutation|rearrang|translocation|amplification|fusione|mutazion|traslocazion|riarrangiament|amplificazion",
    re.IGNORECASE,
)
_VACCINES = re.compile(r"(?:recent |last |prior )?(?:vaccin|immuni[sz]ation)", re.IGNORECASE)
_NO_LIVE_VACCINE = re.compile(r"\b(?:no|without|nessun)\s+(?:recent\s+)?(?:live|vaccino vivo)", re.IGNORECASE)
"""Within the time that a record looks back, which is longer than any trial asks."""
_LAST_DENIED = re.compile(
    r"\b(?:no|without|non|senza|nessun[oa]?)\s+(?:(?:signs?|evidence|symptoms?|segni|evidenza)\s+(?:of|di)\s+)?\w+\W*$",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"lesion|node|mass|nodule|tumou?r|linfonod|massa|lesione|nodul|largest|diameter|deposit|metasta", re.IGNORECASE
)
_ORGAN_SIZE = re.compile(
    r"\b(?:spleen|splenic|liver (?:span|size)|hepatomegaly|milza|splenomegal\w+)"
    r"[^;,\d]{0,25}\d+(?:[.,]\d+)?\s*(?:cm|mm)",
    re.IGNORECASE,
)
_SHORT_AXIS = re.compile(r"short[- ]axis|asse corto", re.IGNORECASE)
_DONOR = re.compile(r"^\s*(?:donor|donatore)", re.IGNORECASE)


def read_lines(context: Context, statement: Statement) -> bool:
    """The number of prior lines of systemic therapy, as stated."""
    if not _LINES.search(statement.name):
        return False
    if statement.quantity is not None:
        value, high = statement.quantity.value, statement.quantity.value
        comparator = statement.quantity.comparator
    else:
        numbers = written_numbers(statement.value)
        if not numbers:
            return False
        value, high, comparator = numbers[0].value, numbers[0].high or numbers[0].value, numbers[0].comparator
    if value.denominator != 1 or not 0 <= value <= 30:
        context.ignored(statement, "not_a_count")
        return True
    if comparator == "<" and value == 0:
        context.ignored(statement, "not_a_count")
        return True
    low, top = millionths(int(value)), millionths(int(high))
    match comparator:
        case ">":
            interval = Interval(low + SCALE, None)
        case ">=":
            interval = Interval(low, None)
        case "<":
            interval = Interval(0, low - SCALE)
        case "<=":
            interval = Interval(0, low)
        case _:
            interval = Interval(low, top)
    context.draft.measure("lines", interval, context.source(statement))
    context.stated_lines = interval.is_exact
    context.used(statement, "lines_stated", value=str(value))
    return True


def read_pregnancy(context: Context, statement: Statement) -> bool:
    """Pregnancy tests, menopause, breast-feeding, contraception."""
    text = f"{statement.name}: {statement.value or ''} {' '.join(statement.notes)}"
    if not _PREGNANCY.search(text):
        return False
    if _BEFORE_MENARCHE.search(text):
        for concept in REPRODUCTION:
            deny(context, statement, concept)
        return True
    if is_unknown(statement.value):
        context.ignored(statement, "not_tested", name=mark("cond:pregnancy"))
        return True
    source = context.source(statement)
    read = False
    today = Interval.exactly(context.day)
    answer = statement.value or " ".join(statement.notes)
    if re.search(r"contracep|contraccez", text, re.IGNORECASE):
        part = next((p for p in re.split(r"[;,]", answer) if _CONTRACEPTION.search(p)), answer)
        if not _NO.match(part) and not _NO_CONTRACEPTION.search(part):
            context.draft.event(
                "state:contraception", {"state:contraception", "cond:contraception"}, source, last=today
            )
            context.used(statement, "condition", name=mark("cond:contraception"), traits="-")
            read = True
    if (
        _POSTMENOPAUSAL.search(text)
        and not (_NO.match(answer) and not _POSTMENOPAUSAL.search(answer))
        and not re.search(r"pre-?\s?menopaus|not (?:post-?)?menopaus", text, re.IGNORECASE)
    ):
        context.draft.event("cond:postmenopausal", above("cond:postmenopausal"), source, last=today)
        for concept in REPRODUCTION:
            deny(context, statement, concept)
        read = True
    elif _STERILE.search(text) and not (_NO.match(answer) and not _STERILE.search(answer)):
        context.draft.event("cond:surgical_sterility", above("cond:surgical_sterility"), source, last=today)
        for concept in REPRODUCTION:
            deny(context, statement, concept)
        read = True
    elif _PREMENOPAUSAL.search(text):
        part = next((p for p in re.split(r"[;,]", answer) if _PREMENOPAUSAL.search(p)), answer)
        if _NO.match(part) or re.search(r"\bno(?:t|n)?\b[^;,]{0,20}(?:childbearing|fertil)", text, re.IGNORECASE):
            deny(context, statement, "cond:childbearing_potential")
        else:
            context.draft.event("cond:childbearing_potential", above("cond:childbearing_potential"), source, last=today)
            context.used(statement, "condition", name=mark("cond:childbearing_potential"), traits="-")
        read = True
    if re.search(r"breast[- ]?feeding|lactat|allatt", text, re.IGNORECASE):
        if re.search(r"\bno(?:t|n)?\b|negativ", text, re.IGNORECASE):
            deny(context, statement, "cond:breastfeeding")
        else:
            context.draft.event("cond:breastfeeding", above("cond:breastfeeding"), source, last=today)
            context.used(statement, "condition", name=mark("cond:breastfeeding"), traits="-")
        read = True
    if re.search(r"pregnan|gravidanz|\bhCG\b|incinta", text, re.IGNORECASE):
        part = (
            re.split(r"[;,](?!\d)", text, maxsplit=1)[0] if _NEGATIVE.search(text) and _POSITIVE.search(text) else text
        )
        if _NEGATIVE.search(part) and not _POSITIVE.search(part):
            deny(context, statement, "cond:pregnancy")
            read = True
        elif _POSITIVE.search(part):
            context.draft.event("cond:pregnancy", above("cond:pregnancy"), source, last=today, traits={"active": True})
            context.used(statement, "condition", name=mark("cond:pregnancy"), traits="-")
            read = True
    return read


def read_expectancy(context: Context, statement: Statement) -> bool:
    """Life expectancy, only where it is stated as a time."""
    if not _EXPECTANCY.search(statement.name):
        return False
    analyte = knowledge().analytes["lab:life_expectancy"]
    if statement.quantity is not None:
        return False
    numbers = [n for n in written_numbers(statement.value) if n.unit and analyte.knows(n.unit)]
    return bool(numbers) and store_written(context, statement, analyte, numbers[0])


def read_finding(context: Context, statement: Statement) -> bool:
    """Any other observation in words; False when nothing of it is understood."""
    answer = statement.value or "; ".join(statement.notes)
    if not answer:
        return False
    if is_unknown(answer):
        context.ignored(statement, "not_tested", name=statement.name)
        return True
    answer = with_virus(statement.name, answer)
    if _VACCINES.match(statement.name) and not _NO.match(answer):
        return read_vaccination(context, statement, answer)
    if _VACCINES.search(statement.name) and _NO_LIVE_VACCINE.search(answer):
        deny(context, statement, "class:live_vaccine")
    note_electrocardiogram(context, statement, answer)
    if _REFRACTORY_NAME.match(statement.name) or _EXPOSED_NAME.match(statement.name):
        return _failed_drugs(context, statement, answer)
    drugs = find_terms(statement.name, TREATMENTS)
    if drugs and drugs[0].kind == "class" and _NO.match(answer):
        none = f"no {statement.name} {_NO.sub('', answer, count=1)}"
        as_medicine = replace(statement, topic=Topic.MEDICATION, name=none, value="", standing=Standing.ACTIVE)
        return read_medication(context, as_medicine)
    if drugs and not find_terms(statement.name, frozenset({"state", "site", "cond"})) and drugs[0].kind == "drug":
        as_medicine = replace(
            statement, topic=Topic.MEDICATION, name=f"{statement.name} {answer}", value="", standing=Standing.ACTIVE
        )
        return read_medication(context, as_medicine)
    if _DONOR.match(statement.name):
        return _donor(context, statement, answer)
    before = len(context.draft.remarks)
    count = cns_status(context, statement, f"{statement.name} {answer}") if "CNS" in statement.name.upper() else 0
    read_scores(context, statement, f"{statement.name} {answer}")
    count += read_staging(context, statement, f"{statement.name} {answer}")
    count += _named(context, statement, answer)
    text = answer if _CANCER_NAME.search(statement.name) or not find_terms(statement.name, frozenset({"cond"})) else ""
    if text and not _plain(answer):
        rest = _YES.sub("", _NO.sub("", text, count=1), count=1)
        if not _NO.match(text):
            count += read_state(
                context, statement, f"{statement.name}: {rest}" if "metasta" in statement.name.lower() else rest
            )
            count += _size(context, statement, f"{statement.name}: {rest}")
    elif not text and not _plain(answer):
        read_embedded(context, statement, answer)
        _treating(context, statement, answer)
    if count == 0 and len(context.draft.remarks) == before:
        return _joined(context, statement, answer)
    return True


def _joined(context: Context, statement: Statement, answer: str) -> bool:
    """A thing named half by the name and half by the answer: "bowel: subacute obstruction", "fusion: SS18::SSX1"."""
    genes = find_terms(answer, frozenset({"gene"}))
    if genes and _GENETIC_NAME.search(statement.name) and not _NO.match(answer):
        return gene(context, statement, genes[0].concepts, statement.name)
    if _NO.match(answer):
        sites = [t.concept for t in find_terms(statement.name, frozenset({"site"}))]
        if sites and METASTASIS.search(answer):
            return _spread(context, statement, answer, sites) > 0
        named = find_terms(f"{statement.name} {_NO.sub('', answer, count=1)}", frozenset({"cond"}))
        if len(named) == 1 and len(named[0].concepts) == 1:
            deny(context, statement, named[0].concept)
        elif len(named) > 1 and find_terms(answer, frozenset({"cond"})):
            # "effusions: no pleural or peritoneal effusion"
            listed = replace(statement, name=answer, value="", notes=(), standing=Standing.STATED)
            return read_condition(context, listed)
        return len(named) == 1
    if not answer.split():
        return False
    if read_embedded(context, statement, f"{statement.name} {answer}"):
        return True
    for words in (f"{statement.name} {answer}", f"{statement.name} {answer.split()[-1]}", f"{answer} {statement.name}"):
        named = find_terms(words, frozenset({"cond"}))
        if len(named) == 1 and pattern("negation").search(answer):
            # "bowel: regular, no sign of obstruction"; what else stands in the answer leaves it open
            if _LAST_DENIED.search(answer):
                deny(context, statement, named[0].concept)
            return bool(_LAST_DENIED.search(answer))
        if len(named) == 1:
            joined = replace(statement, name=words, value="", notes=(), standing=Standing.STATED)
            return read_condition(context, joined)
    return False


def _plain(answer: str) -> bool:
    """Whether an answer is a bare yes or no."""
    return bool(re.fullmatch(r"\s*(?:\w+\s*){1,2}\.?", answer)) and bool(_YES.match(answer) or _NO.match(answer))


def _named(context: Context, statement: Statement, answer: str) -> int:
    """What the name of the observation speaks of, with the answer: yes, no, or a description of it."""
    terms = [t for t in find_terms(statement.name, frozenset({"state", "site", "cond"})) if len(t.concepts) == 1]
    if not terms:
        return 0
    count = 0
    sites = [t for t in terms if t.kind == "site"]
    named = [t for t in terms if t.kind != "site" and t.concept != "state:metastatic"]
    spread = any(t.concept == "state:metastatic" for t in terms)
    tested = any(term.concept in TESTS for term in find_terms(answer, frozenset({"lab"})))
    for term in named:
        if tested and "cond:infection" in above(term.concept):
            continue  # "hepatitis B: HBsAg negative": the tests tell, the heading states nothing
        concept = "state:measurable" if term.concept == "cond:measurable_disease" else term.concept
        if _NO.match(answer) and not _plain(answer) and find_terms(answer, frozenset({"cond", "disease"})):
            as_condition = replace(statement, name=answer, value="", notes=(), standing=Standing.STATED)
            count += read_condition(context, as_condition)
        elif _NO.match(answer):
            deny(context, statement, concept)
            count += 1
        elif concept.startswith("cond:") and _names_a_kind(answer, concept):
            standing = Standing.PAST if _HISTORY.search(statement.name) else Standing.STATED
            as_condition = replace(statement, name=answer, value="", notes=(), standing=standing)
            count += read_condition(context, as_condition)
        elif concept.startswith("cond:"):
            as_condition = replace(
                statement, name=f"{statement.name}, {answer}", value="", notes=(), standing=Standing.STATED
            )
            count += read_condition(context, as_condition)
            if "cond:brain_metastases" in above(concept):
                metastatic(context, statement, "site:brain")
        elif _YES.match(answer) or concept in {"state:measurable", "state:extramedullary"}:
            context.draft.event(concept, above(concept), context.source(statement), last=Interval.exactly(context.day))
            context.used(statement, "state", name=mark(concept))
            count += 1
    if sites and not spread and not named and METASTASIS.search(statement.name):
        return _spread(context, statement, answer, [t.concept for t in sites], metastasis=False)
    if spread and not named:
        count += _spread(context, statement, answer, [t.concept for t in sites])
    return count


def _names_a_kind(answer: str, concept: str) -> bool:
    """ "Allergies: anaphylaxis after contrast medium": the heading says nothing that the answer does not say better."""
    if concept in _ANY_CANCER:
        return bool(find_terms(answer, frozenset({"disease"}))) or any(
            above(term.concept) & _OTHER_CANCERS for term in find_terms(answer, frozenset({"cond"}))
        )
    return any(concept in above(term.concept) for term in find_terms(answer, frozenset({"cond"})))


_HISTORY = re.compile(r"\b(?:history|past|prior|previous|pregress\w+|anamnesi)\b", re.IGNORECASE)
_ANY_CANCER = frozenset({"cond:second_malignancy", "disease:CANCER"})
_OTHER_CANCERS = frozenset({"cond:second_malignancy", "cond:in_situ_neoplasm", "cond:nmsc"})


def _spread(context: Context, statement: Statement, answer: str, sites: list[str], metastasis: bool = True) -> int:
    source = context.source(statement)
    if _NO.match(answer):
        for concept in sites or ["state:metastatic"]:
            context.draft.absence(concept, frozenset({concept}), source)
            context.used(statement, "absent", name=mark(concept))
        return 1
    if not sites and not _YES.match(answer):
        return 0
    if is_unknown(answer) or (not metastasis and not _YES.match(answer) and not any(c.isdigit() for c in answer)):
        return 0
    for concept in sites:
        context.draft.event(concept, {concept}, source, last=Interval.exactly(context.day), traits={"active": True})
        context.used(statement, "site", name=mark(concept))
    if metastasis:
        for concept in sites or [""]:
            metastatic(context, statement, concept)
    return 1


def _treating(context: Context, statement: Statement, answer: str) -> None:
    """A medicine named in an observation about a condition ("HBV DNA undetectable on entecavir") is taken now."""
    for finding in read_text(answer, context.day, frozenset({"drug"})):
        if finding.polarity is Polarity.STATED and re.search(
            r"\b(?:on|under|with|in terapia con|con)\s+$", answer[: finding.term.start], re.IGNORECASE
        ):
            context.mention(statement, finding.term.concept, Interval.exactly(context.day), {"current": True})


def _failed_drugs(context: Context, statement: Statement, answer: str) -> bool:
    terms = find_terms(answer, frozenset({"drug", "regimen", "class"}))
    for term in terms:
        context.refractory_to[term.concept] = context.source(statement)
        context.used(statement, "refractory_to", name=mark(term.concept))
    return bool(terms)


def _donor(context: Context, statement: Statement, answer: str) -> bool:
    source = context.source(statement)
    if _NO.match(answer) or re.search(r"not available|unavailable|non disponibile|no donor", answer, re.IGNORECASE):
        context.draft.absence("state:donor_available", frozenset({"state:donor_available"}), source)
        context.used(statement, "absent", name=mark("state:donor_available"))
        return True
    if re.search(r"available|disponibile|identified|identificat|yes|found", answer, re.IGNORECASE):
        traits = {
            "matched": bool(re.search(r"(?<!mis)(?<!un)match|identic|compatibile", answer, re.IGNORECASE)),
            "related": not re.search(r"unrelated|non correlat|MUD", answer, re.IGNORECASE),
        }
        context.draft.event(
            "state:donor_available",
            {"state:donor_available"},
            source,
            last=Interval.exactly(context.day),
            traits=traits,
        )
        context.used(statement, "state", name=mark("state:donor_available"))
        return True
    return False


def _size(context: Context, statement: Statement, text: str) -> int:
    """The longest diameter of a lesion; of several, the longest."""
    house = knowledge()
    if not (_SIZE.search(text) or "measurable" in statement.name.lower()):
        return 0
    key = "lab:lesion_short_axis" if _SHORT_AXIS.search(text) else "lab:lesion_ld"
    analyte = house.analytes[key]
    text = _ORGAN_SIZE.sub(" ", text)
    values = [
        (value, number)
        for number in written_numbers(text)
        if number.unit in {"cm", "mm"}
        for value in [analyte.canonical(number.value, number.unit)]
        if value is not None
    ]
    pairs = re.finditer(r"(\d+(?:\.\d+)?)\s*[x×]\s*(\d+(?:\.\d+)?)(?:\s*[x×]\s*\d+(?:\.\d+)?)?\s*(cm|mm)", text)
    longest = max((value for value, _ in values), default=None)
    for pair in pairs:
        value = analyte.canonical(max(Fraction(pair[1]), Fraction(pair[2])), pair[3])
        if value is not None:
            longest = value if longest is None else max(longest, value)
    if longest is None:
        return 0
    context.draft.measure(key, Interval.exactly(longest), context.source(statement))
    context.used(statement, "measured", name=mark(key), value=str(longest / SCALE), unit=analyte.unit)
    return 1


def absent_by_sex(context: Context, statement_path: str) -> None:
    """A man is not pregnant, does not breast-feed and is not a woman of childbearing potential."""
    source = Source(statement_path, "male", derived="male")
    for concept in ("cond:pregnancy", "cond:breastfeeding", "cond:childbearing_potential", "cond:postmenopausal"):
        context.draft.absence(concept, below(concept), source)
