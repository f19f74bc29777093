"""Antigens on the tumour, HLA types: ``CD19 positive``, ``MSLN on >= 25 % of cells``, ``HLA-A*02:01``."""

from __future__ import annotations

import re

from cartella.logic import SCALE, Code, Expression, Not, Number, Opaque, Operator, Presence, Unread
from cartella.reading.clause import Clause, conjunction, disjunction, either_reading
from cartella.reading.concepts import genes
from cartella.reading.cues import Cue
from cartella.reading.tokens import Kind, Token

_LOCUS = r"(?P<locus>A|B|C|DRB1|DQB1|DPB1)"
HLA = re.compile(
    rf"\b(?:HLA[- ]?)?{_LOCUS}\s?\*\s?(?P<group>\d{{2}})(?::?(?P<field>\d{{2,3}}))?[PGN]?\b"
    rf"|\bHLA[- ]?(?P<locus2>A|B|C)[\s-]?(?P<group2>\d{{1,2}}):?(?<=[\d:])(?P<field2>(?<=:)\d{{2,3}}"
    rf"|(?<=\d\d)\d{{2}})[PGN]?\b",
    re.I,
)
HLA_SEROLOGICAL = re.compile(r"\bHLA[- ]?(?P<locus>A|B|C)[\s-]?(?P<group>\d{1,2})\b(?!:)", re.I)
INTENSITY = re.compile(
    r"(?:(?P<op>>=|>|at\s+least)\s*)?(?<![\d.])(?P<low>[0-3])\s?\+?(?:\s*(?:/|,|-|to|and/or|or"
    r"|and)+\s*(?P<high>[1-3]))?\s?\+(?!\d)"
    r"|\bintensity\s+(?:score\s+)?(?:of\s+)?(?P<op2>>=|>|at\s+least)\s*(?P<low2>[1-3])\b(?!\s*%)",
    re.I,
)
H_SCORE = re.compile(r"\bh[- ]?score\b", re.I)
THERAPY_NEAR = re.compile(
    r"[- /]*(?:directed|targeted|targeting|specific|car\b|car[- ]t|chimeric|therap|t[- ]cell|vaccine|tcr"
    r"|bispecific|antibod)",
    re.I,
)
CARRIED = frozenset(
    """tumor tumour tumors tumours cells cell malignant expression expressing expressed expresses positive positivity
    by detected detectable on membrane surface level staining stain leukemia leukemic blasts lymphoma must
    documented tissue sample archival staining score double dual either both immunohistochemistry
    immunohistochemical ihc pretreatment fresh antigen of b-cell b cancer status specimen intensity protein
    target + disease malignancy more plasma myeloma neoplastic confirmed flow cytometry cytometric analysis
    ihc allele alleles type typing genotype haplotype hla phenotype for one at least patients subject carrier
    carry either serotype""".split()
)


def read(clause: Clause) -> list[Expression]:
    """Expression of antigens by code, percent and intensity; HLA alleles."""
    result = [*_hla(clause), *genes.read(clause)]
    for n, token in clause.concepts("antigen"):
        if _names_a_therapy(clause, token):
            continue
        percent = next(
            (
                (m, t)
                for m, t in clause.of_kind(Kind.COMPARISON)
                if t.comparison and (t.comparison.unit or "").startswith(("%", "percent"))
            ),
            None,
        )
        score = _h_score(clause, token, n)
        if score is not None:
            result.append(score)
            continue
        positive = (
            bool(clause.cues(Cue.POSITIVE))
            or "+" in clause.plain.text[token.end : token.end + 2]
            or percent is not None
        )
        negative = clause.cues(Cue.NOT_AFTER) or [
            x for x in clause.cues(Cue.NOT_BEFORE) if x[1].text.lower() == "negative"
        ]
        if not positive and not negative:
            continue
        items = [_one(clause, group, percent, n) for group in token.concepts]
        clause.claim(n)
        if len(token.concepts) == 1 == len(token.concepts[0]) and (strong := _intensity(clause, token)) is not None:
            items = [conjunction([*items, strong])]
        if percent is not None:
            clause.claim(percent[0])
        expression = _combined(clause, token, items)
        if negative and not clause.cues(Cue.POSITIVE):
            clause.claim(*(m for m, _ in negative))
            expression = Not(expression)
        result.append(expression)
    if result:
        clause.claim_words(CARRIED)
        for n, token in enumerate(clause.tokens):
            if token.is_cue(Cue.POSITIVE):
                clause.claim(n)
    return result


def _h_score(clause: Clause, token: Token, at: int) -> Expression | None:
    """``B7-H3 H-score >= 100``: intensity times percent, 0 to 300."""
    named = H_SCORE.search(clause.words())
    if named is None or len(token.concepts) != 1 or len(token.concepts[0]) != 1:
        return None
    start = clause.tokens[0].start + named.end()
    limit = next(
        ((m, t.comparison) for m, t in clause.of_kind(Kind.COMPARISON) if t.start >= start and t.comparison), None
    )
    if limit is None or limit[1].unit is not None or limit[1].high is not None or limit[1].value > 300:
        return None
    clause.claim(at, limit[0], *(m for m, t in enumerate(clause.tokens) if H_SCORE.search(t.text)))
    bound = int(limit[1].value * SCALE)
    return Number(f"{token.concepts[0][0]}.h_score", limit[1].operator, bound, clause.span(at, limit[0]))


def _intensity(clause: Clause, token: Token) -> Expression | None:
    """``2+/3+``, ``staining intensity >= 2+``: at least the weaker of the two."""
    start = token.end
    if clause.plain.text[start : start + 1] == "+":
        start += 1  # "CD19+": the sign is the antigen's own
    match = INTENSITY.search(clause.plain.text, start, clause.tokens[-1].end)
    if match is None:
        return None
    low = int(match.group("low") or match.group("low2"))
    above = (match.group("op") or match.group("op2")) == ">"
    inside = range(match.start(), match.end())
    clause.claim(*(n for n, t in enumerate(clause.tokens) if t.start in inside and t.end <= match.end() + 1))
    operator = Operator.GREATER if above else Operator.AT_LEAST
    return Number(f"{token.concepts[0][0]}.intensity", operator, low * SCALE, clause.span())


def _names_a_therapy(clause: Clause, token: Token) -> bool:
    before = clause.plain.text[max(0, token.start - 6) : token.start].lower()
    return bool(re.search(r"anti[- ]?$", before) or THERAPY_NEAR.match(clause.plain.text[token.end : token.end + 14]))


def _combined(clause: Clause, token: Token, items: list[Expression]) -> Expression:
    if len(items) == 1:
        return items[0]
    if token.join == "or":
        return disjunction(items)
    if token.join == "and":
        return conjunction(items)
    return either_reading(conjunction(items), disjunction(items), clause.span())


def _one(clause: Clause, candidates: tuple[str, ...], percent: tuple[int, Token] | None, at: int) -> Expression:
    span = clause.span(at)
    if len(candidates) != 1:
        return Opaque(Unread.NOT_UNDERSTOOD, span)
    antigen = candidates[0]
    present = Code(antigen, frozenset({"positive"}), span)
    if percent is None or percent[1].comparison is None:
        return present
    comparison = percent[1].comparison
    method = percent[1].name
    quantity = f"{antigen}.percent.{method}" if method else f"{antigen}.percent"
    low = Number(quantity, comparison.operator, int(comparison.value * SCALE), span)
    if comparison.high is not None:
        return conjunction([low, Number(quantity, comparison.high_operator, int(comparison.high * SCALE), span)])
    if comparison.operator in (Operator.AT_LEAST, Operator.GREATER):
        return conjunction([present, low])
    return low


def _hla(clause: Clause) -> list[Expression]:
    """Alleles as written; a serological group is any allele of that group."""
    start = clause.tokens[0].start if clause.tokens else 0
    end = clause.tokens[-1].end if clause.tokens else 0
    text = clause.plain.text[start:end]
    found: list[Expression] = []
    for pattern in (HLA, HLA_SEROLOGICAL):
        for match in pattern.finditer(text):
            named = match.groupdict()
            locus = (named["locus"] or named["locus2"]).upper()
            group = (named["group"] or named["group2"]).zfill(2)
            field = named.get("field") or named.get("field2")
            name = f"hla:{locus}*{group}" + (f":{field}" if field else "")
            span = clause.plain.original(start + match.start(), start + match.end())
            found.append(Presence(name, frozenset(), None, f"hla:{locus}", span))
            for n, token in enumerate(clause.tokens):
                if token.start < start + match.end() and token.end > start + match.start():
                    clause.claim(n)
        if found:
            break
    if not found:
        return []
    clause.claim_words(CARRIED | {"*", ":", "hla", "-", "a"})
    negative = [n for n, t in clause.cues(Cue.NOT_AFTER)]
    clause.claim(*negative)
    return [Not(disjunction(found)) if negative else disjunction(found)]
