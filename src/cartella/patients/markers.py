"""Antigens of the tumour, genes, and HLA types."""

from __future__ import annotations

import re
from fractions import Fraction

from cartella.knowledge import knowledge
from cartella.logic import SCALE, Interval, Source
from cartella.patients.context import Context, above, below
from cartella.patients.cues import pattern
from cartella.patients.measurements import is_unknown
from cartella.patients.numbers import written_numbers
from cartella.patients.statements import Statement
from cartella.patients.terms import Term, find_terms
from cartella.patients.wording import label, mark

_PROTEIN_FIRST = frozenset({"antigen:ERBB2", "antigen:WT1", "antigen:MSLN", "antigen:EPCAM"})
_GENE_FIRST = frozenset(
    {"gene:FLT3", "gene:NPM1", "gene:ALK", "gene:ROS1", "gene:RET", "gene:BRAF", "gene:KRAS", "gene:TP53"}
)
_POSITIVE = re.compile(
    r"(?<![\w-])(?:positiv\w*|pos\.?|express(?:ed|ing)|espress\w+|overexpress\w*|iperespress\w*"
    r"|present|presente|strong|bright|dim|weak|moderate"
    r"|partial(?:ly)?|heterogeneous|eterogene\w+|high|elevat\w+|forte|debole|low)(?![\w-])|(?<![\d%])\+{1,3}(?!\S)",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(
    r"(?<![\w-])(?:negativ\w*|neg\.?|not expressed|non espress\w+|absent|assente|lost|loss"
    r"|perdita|pers[oa]|not detected|undetectable|null|no expression"
    r"|without expression|absence of expression)(?![\w-])",
    re.IGNORECASE,
)
_IHC = re.compile(r"immunohisto\w*|immunoistochim\w*|\bIHC\b|\bIIC\b", re.IGNORECASE)
_FLOW = re.compile(r"flow|cytometr\w*|citofluor\w*|citometri\w*|\bFACS\b", re.IGNORECASE)
_INTENSITY = re.compile(r"(?<![\d.])(?P<low>[0-3])\s?\+(?:\s?(?:/|-|–|to|or|and|e|a)\s?(?P<high>[1-3])\s?\+)?")
_ZERO = re.compile(r"(?:^|\bscore\s*|\bIHC\s*)0\b(?!\s*%|[.,]\d)", re.IGNORECASE)
_H_SCORE = re.compile(r"H[- ]?score\D{0,6}(?P<score>\d{1,3})", re.IGNORECASE)
_AMPLIFIED = re.compile(r"^[\s:]*(?:gene\s+)?(?P<not>(?:not|non|no)[\s-]+)?(?:amplifi\w+|amplificat\w+)", re.IGNORECASE)
_CPS = re.compile(r"\b(?:CPS|combined positive score)\b\D{0,6}(?P<score>\d{1,3})", re.IGNORECASE)
_LEAST_H_SCORE = 1
"""As with percentages: any cell that is stained is a positive one; trials that ask for more say how much."""
_WORDED = (
    (re.compile(r"\b(?:dim|weak|weakly|debole|debolmente)\b", re.IGNORECASE), 1),
    (re.compile(r"\b(?:moderate|moderata|intermedia)\b", re.IGNORECASE), 2),
    (re.compile(r"\b(?:strong|strongly|bright|forte|intensa)\b", re.IGNORECASE), 3),
)
_ISH = re.compile(
    r"\b(?:F?ISH|CISH|SISH|D?DISH)\b[\s:-]*(?P<result>positive|negative|amplified|not amplified"
    r"|non[- ]amplified|\+|-)?",
    re.IGNORECASE,
)
_SCORES = re.compile(r"\b(?:CPS|combined positive score|IC score)\b", re.IGNORECASE)
_ALTERED = re.compile(
    r"(?<![\w-])(?:mutat\w*|mutant|amplifi\w*|amplificat\w*|rearrang\w*|riarrangi\w*|fusion\w*"
    r"|translocat\w*|traslocat\w*|delet\w*|delezione|alter\w*|gain|ITD|TKD"
    r"|variant\w*|insertion|duplication|pathogenic|positiv\w*|present|presente|detected|yes"
    r"|mutato|mutata|p\.[A-Z]\w+|exon \d+|esone \d+|[A-Z]\d{2,4}[A-Z](?![\w]))(?![\w-])",
    re.IGNORECASE,
)
_UNALTERED = re.compile(
    r"(?<![\w-])(?:wild[- ]?type|wt|unmutated|not mutated|non mutat\w*|no mutations?"
    r"|nessuna mutazione|negativ\w*|not detected|absent|assente|not amplified"
    r"|non[- ]amplifi\w*|germline|not rearranged|non riarrangi\w*|no rearrangements?|none|no"
    r"|normal|intact|unaltered|undetected|not found)(?![\w-])",
    re.IGNORECASE,
)
_PART = re.compile(r"\b(?:ITD|TKD|exon \d+|esone \d+|amplification|rearrangement|fusion|deletion)\b", re.IGNORECASE)
_VARIANT = re.compile(r"(?:p\.)?(?P<variant>[A-Z]\d{2,4}[A-Z])(?!\w)")
_GENETIC = re.compile(
    r"mutat|amplif|rearrang|riarrang|fusion|transloc|wild|variant|\bp\.|exon|esone|delet|\bITD\b"
    r"|\bTKD\b|\bFISH\b|\bNGS\b|\bPCR\b|sequenc|\b[A-Z]\d{2,4}[A-Z]\b|gene\b",
    re.IGNORECASE,
)
_EXPRESSION = re.compile(
    r"express|espress|cells|cellule|blasts|blasti|\bIHC\b|immuno|flow|citometr|cytometr|%"
    r"|H-?score|[0-3]\+|\bdim\b|\bbright\b|receptor",
    re.IGNORECASE,
)
_HLA = re.compile(
    r"(?:HLA[-\s]?)?(?P<locus>A|B|C|Cw|DRB[1345]|DQ[AB]1"
    r"|DP[AB]1)\*\s?(?P<group>\d{2,3})(?::(?P<field>\d{2,3}))?(?::\d{2,3})*[A-Z]?(?!\w)",
    re.IGNORECASE,
)
_HLA_SEROLOGICAL = re.compile(r"HLA[-\s]?(?P<locus>A|B|C|Cw|DR|DQ)(?P<group>\d{1,2})(?![\w*:])", re.IGNORECASE)
_HLA_NAMED = re.compile(r"HLA[-\s]?(?P<locus>A|B|C)\b", re.IGNORECASE)
_BARE_ALLELE = re.compile(r"(?<![\w*:])(?P<group>\d{2}):(?P<field>\d{2,3})(?!\w)")
_HOMOZYGOUS = re.compile(r"homozyg\w+|omozig\w+", re.IGNORECASE)
_FOUND = re.compile(r"\bdetected|\brilevat\w+|\bfound\b", re.IGNORECASE)
_TUMOUR_VIRUSES = (
    (
        re.compile(r"\bHPV[- ]?(?:type |tipo )?16\b(?!\s*/)"),
        ("antigen:HPV16-E6", "antigen:HPV16-E7"),
        "cond:hpv_infection",
    ),
    (re.compile(r"\bEBERs?(?:[- ]ISH)?\b"), ("antigen:EBV",), "cond:ebv_infection"),
)
"""Tests on the tumour, not on the blood. Own table, 2026-11; confidence: from memory."""
_KARYOTYPE = re.compile(r"karyotyp|cytogenet|cariotipo|citogenet", re.IGNORECASE)
_CHROMOSOMES = re.compile(r"\b\d\d(?:[-~]\d\d)?\s?,\s?[XY]{1,3}\b")
"""How a karyotype is written (ISCN): the number of chromosomes, the sex chromosomes, then each change."""
_PROMYELOCYTIC = re.compile(r"t\s?\(\s?15\s?[;:,]\s?17\s?\)", re.IGNORECASE)
_FIELDS = tuple(f"{number:02}" for number in range(1, 100))


def read_marker(context: Context, statement: Statement) -> bool:
    """An entry on one antigen, one gene or the HLA type; False when the statement is none of these."""
    if re.search(r"\bHLA\b", statement.name, re.IGNORECASE):
        return _hla(context, statement)
    if _virus_of_the_tumour(context, statement) or _karyotype(context, statement):
        return True
    terms = find_terms(statement.name, frozenset({"antigen", "gene"}))
    if not terms or _is_laboratory(statement):
        return False
    if statement.missing or is_unknown(statement.value):
        context.ignored(statement, "not_tested", name=mark(terms[0].concept))
        return True
    result = f"{statement.value} {' '.join(statement.notes)}".strip()
    if statement.quantity is not None:
        percent = f"{statement.quantity.comparator}{statement.quantity.value}"
        result = f"{percent}{statement.quantity.unit}" if statement.quantity.unit == "%" else result
        if not result:
            return False
    if changed := _as_gene(terms[0]):
        return gene(context, statement, changed, f"{statement.name} {result or 'positive'}")
    chosen = _chosen(terms[0], f"{statement.name} {result} {statement.method}")
    if chosen is None:
        context.ambiguous(statement, "protein_or_gene", name=mark(terms[0].concept))
        return True
    if chosen.startswith("antigen:"):
        return antigen(context, statement, chosen, result)
    return gene(context, statement, (chosen,), f"{statement.name[terms[0].end :]} {result}")


def _karyotype(context: Context, statement: Statement) -> bool:
    """A karyotype that was seen and lists no t(15;17): no PML::RARA, which makes a leukaemia promyelocytic."""
    if not _KARYOTYPE.search(statement.name) or not _CHROMOSOMES.search(statement.value):
        return False
    if _PROMYELOCYTIC.search(statement.value):
        return False
    concept = "gene:PML::RARA"
    context.draft.absence(concept, below(concept), context.source(statement))
    context.used(statement, "absent", name=mark(concept))
    return True


def _virus_of_the_tumour(context: Context, statement: Statement) -> bool:
    """HPV type 16 or EBV found in the tumour: the tumour carries the antigens of the virus."""
    text = f"{statement.name} {statement.value}"
    for wording, antigens, infection in _TUMOUR_VIRUSES:
        named = wording.search(text)
        if named is None or not (_NEGATIVE.search(text) or _POSITIVE.search(text) or _FOUND.search(text)):
            continue
        following = re.split(r"[;,]", text[named.end() :], maxsplit=1)[0]
        found = not (_NEGATIVE.search(following) or re.search(r"\bno\b", following, re.IGNORECASE))
        source = context.source(statement)
        for concept in antigens:
            context.draft.coding(concept, {"positive" if found else "negative"}, source)
            context.used(
                statement, "antigen", name=mark(concept), result=mark("value:positive" if found else "value:negative")
            )
        if found:
            context.draft.event(infection, above(infection), source, last=Interval.exactly(context.day))
        return True
    return False


def _as_gene(term: Term) -> tuple[str, ...]:
    """The gene of a name that holds a change of its protein, or nothing."""
    if not _VARIANT.search(term.words):
        return ()
    symbols = (c.removeprefix("antigen:").removeprefix("gene:") for c in term.concepts)
    return tuple(f"gene:{symbol}" for symbol in symbols if f"gene:{symbol}" in knowledge().concepts)


def _is_laboratory(statement: Statement) -> bool:
    """Whether a name that is an antigen and an analyte at once (AFP) stands for the value in the blood."""
    analytes = knowledge().analytes
    labs = [t.concept for t in find_terms(statement.name, frozenset({"lab"})) if t.concept in analytes]
    if not labs or "%" in statement.value or _EXPRESSION.search(statement.name.replace(" expression", "")):
        return False
    if statement.quantity is not None:
        return statement.quantity.unit != "%" or "expression" not in statement.name
    return any(n.unit and analytes[labs[0]].knows(n.unit) for n in written_numbers(statement.value))


def _chosen(term: Term, text: str) -> str | None:
    """Whether an ambiguous symbol is meant as protein or as gene; None where the text does not tell."""
    antigens = [c for c in term.concepts if c.startswith("antigen:")]
    genes = [c for c in term.concepts if c.startswith("gene:")]
    if len(antigens) == 1 and not genes:
        return antigens[0]
    if len(genes) == 1 and not antigens:
        fused = "::" in genes[0]  # only a gene is fused, whatever the entry calls it
        return None if not fused and _EXPRESSION.search(text) and not _GENETIC.search(text) else genes[0]
    if len(antigens) > 1 or len(genes) > 1:
        return None
    genetic, expressed = bool(_GENETIC.search(text)), bool(_EXPRESSION.search(text))
    if genetic != expressed:
        return genes[0] if genetic else antigens[0]
    if antigens[0] in _PROTEIN_FIRST:
        return antigens[0]
    return genes[0] if genes[0] in _GENE_FIRST else None


def antigen(context: Context, statement: Statement, concept: str, result: str) -> bool:
    """Expression of an antigen: code, percent of cells, intensity, H-score."""
    source = context.source(statement)
    method = f"{statement.name} {statement.method} {result}"
    plain = _CPS.sub(" ", result)
    negative, positive = bool(_NEGATIVE.search(plain)), bool(_POSITIVE.search(_NEGATIVE.sub(" ", plain)))
    intensity = _intensity(plain)
    percent = None if _SCORES.search(result) else _percent(result)
    h_score = _H_SCORE.search(result)
    if percent is not None:
        context.draft.measure(f"{concept}.percent", percent, source)
        for name, wording in (("ihc", _IHC), ("flow", _FLOW)):
            if wording.search(method):
                context.draft.measure(f"{concept}.percent.{name}", percent, source)
    if intensity is not None:
        level, derived = intensity
        worded = Source(source.path, source.words, source.day, derived) if derived else source
        context.draft.measure(f"{concept}.intensity", level, worded)
    if h_score and int(h_score["score"]) <= 300:
        context.draft.measure(f"{concept}.h_score", Interval.exactly(int(h_score["score"]) * SCALE), source)
    possible = _expressed(concept, result, negative, positive, intensity[0] if intensity else None, percent)
    if possible is None and (combined := _CPS.search(result)):
        possible = frozenset({"positive" if int(combined["score"]) >= 1 else "negative"})
    if possible is None and h_score and not (negative or positive):
        possible = frozenset({"positive" if int(h_score["score"]) >= _LEAST_H_SCORE else "negative"})
    if possible is None or pattern("doubt").search(result):
        context.ambiguous(statement, "result_not_clear", name=mark(concept))
        return True
    context.draft.coding(concept, possible, source)
    context.used(
        statement, "antigen", name=mark(concept), result="/".join(mark(f"value:{code}") for code in sorted(possible))
    )
    return True


def _expressed(
    concept: str, result: str, negative: bool, positive: bool, level: Interval | None, percent: Interval | None
) -> frozenset[str] | None:
    """Positive, negative or either; HER2 by the usual rule: 0 and 1+ negative, 3+ positive, 2+ needs ISH."""
    both = frozenset({"positive", "negative"})
    if concept == "antigen:ERBB2" and level is not None:
        ish = _ISH.search(result)
        if level.low == 3 * SCALE:
            return frozenset({"positive"})
        if level.high is not None and level.high <= SCALE:
            return frozenset({"negative"})
        if ish and ish["result"]:
            amplified = ish["result"].lower() in {"positive", "amplified", "+"}
            return frozenset({"positive" if amplified else "negative"})
        return both
    if positive and negative:
        return None
    if negative:
        return frozenset({"negative"})
    if positive:
        return frozenset({"positive"})
    if level is not None:
        return frozenset({"negative"}) if level.high == 0 else frozenset({"positive"}) if level.low else both
    if percent is not None:
        if percent.high is not None and percent.high < SCALE:
            return frozenset({"negative"})
        return frozenset({"positive"}) if percent.low is not None and percent.low >= SCALE else both
    return None


def _percent(result: str) -> Interval | None:
    for number in written_numbers(result):
        if number.unit != "%" or not 0 <= number.value <= 100:
            continue
        low = high = int(number.value * SCALE)
        if number.high is not None:
            return Interval(low, int(min(number.high, Fraction(100)) * SCALE))
        match number.comparator:
            case "<":
                return Interval(0, low - 1)
            case "<=":
                return Interval(0, high)
            case ">":
                return Interval(low + 1, 100 * SCALE) if low < 100 * SCALE else None
            case ">=":
                return Interval(low, 100 * SCALE)
        return Interval(low, high)
    return None


def _intensity(result: str) -> tuple[Interval, str | None] | None:
    if match := _INTENSITY.search(result):
        low = int(match["low"])
        high = int(match["high"]) if match["high"] else low
        return Interval(min(low, high) * SCALE, max(low, high) * SCALE), None
    if _ZERO.search(result):
        return Interval.exactly(0), None
    levels = [level for pattern, level in _WORDED if pattern.search(result)]
    if levels:
        return Interval(min(levels) * SCALE, max(levels) * SCALE), "weak = 1+, moderate = 2+, strong = 3+"
    return None


def gene(context: Context, statement: Statement, concepts: tuple[str, ...], result: str) -> bool:
    """A gene altered, or documented as not altered."""
    source = context.source(statement)
    unaltered, variant = _UNALTERED.search(result), _VARIANT.search(result)
    altered = _ALTERED.search(_UNALTERED.sub(" ", result))
    if unaltered and not variant and (part := _PART.search(result)):
        # "FLT3-ITD negative" says nothing of the other mutations of the gene
        named = f"variant:{label(concepts[0])} {part.group().upper()}"
        context.draft.absence(named, frozenset({named}), source)
        context.used(statement, "gene_unaltered", name=f"{mark(concepts[0])} {part.group()}")
        return True
    if variant and not unaltered:
        concept = concepts[0]
        named = f"variant:{label(concept)} {variant['variant'].upper()}"
        context.draft.event(named, {concept, named}, source, last=Interval.exactly(context.day))
        context.used(statement, "gene_altered", name=f"{mark(concept)} {variant['variant']}")
        return True
    if bool(unaltered) == bool(altered and not unaltered):
        context.ambiguous(statement, "result_not_clear", name=mark(concepts[0]))
        return True
    for concept in concepts:
        if unaltered:
            named_variants = frozenset[str]()
            if variant:
                named_variants = frozenset({f"variant:{label(concept)} {variant['variant'].upper()}"})
            kinds = named_variants or below(concept)
            context.draft.absence(next(iter(named_variants), concept), kinds, source)
            context.used(statement, "gene_unaltered", name=mark(concept))
        else:
            context.draft.event(concept, above(concept), source, last=Interval.exactly(context.day))
            context.used(statement, "gene_altered", name=mark(concept))
    return True


def read_genes_in(context: Context, statement: Statement, text: str) -> int:
    """Genes and antigens with their result inside a longer text ("FLT3-ITD negative, NPM1 mutated")."""
    terms = find_terms(text, frozenset({"gene", "antigen"}))
    count = 0
    for position, term in enumerate(terms):
        stop = terms[position + 1].start if position + 1 < len(terms) else len(text)
        following = re.split(r"[;,](?!\d)|\.\s", text[term.end : stop], maxsplit=1)[0]
        genes = tuple(c for c in term.concepts if c.startswith("gene:"))
        antigens = tuple(c for c in term.concepts if c.startswith("antigen:"))
        if changed := _as_gene(term):
            # "BRAF V600E" is named as a target of T cells, and in a record it is a mutation
            genes, antigens, following = changed, (), f"{term.words} {following}"
        if genes and (_ALTERED.search(following) or _UNALTERED.search(following)):
            if not antigens or _GENETIC.search(following) or genes[0] in _GENE_FIRST:
                count += gene(context, statement, genes, following)
        elif antigens == ("antigen:ERBB2",) and (amplified := _AMPLIFIED.match(following)):
            count += antigen(context, statement, antigens[0], "negative" if amplified["not"] else "positive")
        elif len(antigens) == 1 and re.match(r"\s?[-−](?![\w(])", text[term.end :]):
            count += antigen(context, statement, antigens[0], "negative")
        elif (
            len(antigens) == 1 and not genes and (_POSITIVE.search(following[:24]) or _NEGATIVE.search(following[:24]))
        ):
            count += antigen(context, statement, antigens[0], following)
    return count


def _hla(context: Context, statement: Statement) -> bool:
    result = statement.value or " ".join(statement.notes)
    if statement.missing or is_unknown(result):
        context.ignored(statement, "not_tested", name="HLA")
        return True
    named = _HLA_NAMED.search(statement.name)
    in_name = _HLA.search(statement.name) or _HLA_SEROLOGICAL.search(statement.name)
    if in_name:
        return _single_allele(context, statement, f"{statement.name} {result}", result)
    alleles = _alleles(result)
    if not alleles and named:
        locus = named["locus"].upper()
        alleles = [(locus, m["group"], m["field"]) for m in _BARE_ALLELE.finditer(result)]
    if not alleles:
        return False
    source = context.source(statement)
    for allele in alleles:
        _allele(context, allele, source)
    for locus in dict.fromkeys(allele[0] for allele in alleles):
        own = [allele for allele in alleles if allele[0] == locus]
        if len(own) == 2 or (len(own) == 1 and _HOMOZYGOUS.search(result)):
            context.draft.complete.setdefault(f"hla:{locus}", source)
        elif len(own) > 2:
            context.ambiguous(statement, "too_many_alleles", locus=locus)
    context.used(statement, "hla", alleles=", ".join(_name(allele) for allele in alleles))
    return True


def _single_allele(context: Context, statement: Statement, text: str, result: str) -> bool:
    """ "HLA-A*02:01: positive" and "HLA-A2 negative"."""
    source = context.source(statement)
    alleles = _alleles(text)
    if not alleles:
        return False
    if re.search(r"\b(?:negativ\w*|neg|absent|no|assente|not present)\b", result, re.IGNORECASE):
        for allele in alleles:
            kinds = {_name(allele)}
            if allele[2] is None:
                kinds |= {f"hla:{allele[0]}*{allele[1]}:{field}" for field in _FIELDS}
            context.draft.absence(_name(allele), frozenset(kinds), source)
    elif re.search(r"\b(?:positiv\w*|pos|present|yes|s[iì]|presente)\b", result, re.IGNORECASE) or not result:
        for allele in alleles:
            _allele(context, allele, source)
    else:
        return False
    context.used(statement, "hla", alleles=", ".join(_name(allele) for allele in alleles))
    return True


def read_hla_in(context: Context, statement: Statement, text: str) -> int:
    """HLA alleles named inside a longer text, unless they are denied."""
    found = [m for pattern in (_HLA, _HLA_SEROLOGICAL) for m in pattern.finditer(text)]
    source = context.source(statement)
    count = 0
    for match in found:
        near = text[max(0, match.start() - 6) : match.end() + 12]
        if "HLA" not in text.upper() or re.search(r"negativ|neg\b|\bno\b|not ", near, re.IGNORECASE):
            continue
        for allele in _alleles(match.group() if "HLA" in match.group().upper() else f"HLA-{match.group()}"):
            _allele(context, allele, source)
            count += 1
    if count:
        context.used(statement, "hla", alleles=", ".join(_name(a) for a in _alleles(text)))
    return count


def _alleles(text: str) -> list[tuple[str, str, str | None]]:
    found: list[tuple[str, str, str | None]] = []
    for match in _HLA.finditer(text):
        found.append((match["locus"].upper().replace("CW", "C"), match["group"], match["field"]))
    for match in _HLA_SEROLOGICAL.finditer(text):
        found.append((match["locus"].upper().replace("CW", "C"), match["group"].zfill(2), None))
    return found


def _name(allele: tuple[str, str, str | None]) -> str:
    locus, group, field = allele
    return f"hla:{locus}*{group}" + (f":{field}" if field else "")


def _allele(context: Context, allele: tuple[str, str, str | None], source: Source) -> None:
    """One allele; a group without second field may be any allele of the group."""
    locus, group, field = allele
    group_name, name = f"hla:{locus}*{group}", _name(allele)
    may_be = () if field else (f"{group_name}:{number}" for number in _FIELDS)
    context.draft.event(
        name, {name, group_name, f"hla:{locus}"}, source, may_be=may_be, last=Interval.exactly(context.day)
    )
