"""Antigens on the tumour, HLA types: ``CD19 positive``, ``MSLN on >= 25 % of cells``, ``HLA-A*02:01``."""

from __future__ import annotations

import re

from cartella.logic import SCALE, Code, Expression, Not, Number, Opaque, Operator, Presence, Unread
from cartella.reading.clause import Clause, conjunction, disjunction, either_reading
from cartella.reading.cues import Cue
from cartella.reading.tokens import Kind, Token

HLA = re.compile(
    r"\b(?:HLA[- ]?)?(?P<locus>A|B|C|DRB1|DQB1|DPB1)\s?\*\s?(?P<group>\d{2})(?::?(?P<field>\d{2,3}))?[PG]?\b", re.I
)
HLA_SEROLOGICAL = re.compile(r"\bHLA[- ]?(?P<locus>A|B|C)(?P<group>\d{1,2})\b", re.I)
THERAPY_NEAR = re.compile(
    r"[- /]*(?:directed|targeted|targeting|specific|car\b|car[- ]t|chimeric|therap|t[- ]cell|vaccine|tcr|bispecific|antibod)",
    re.I,
)
CARRIED = frozenset(
    """tumor tumour tumors tumours cells cell malignant expression expressing expressed expresses positive positivity by detected detectable on membrane surface level staining stain leukemia leukemic blasts
    lymphoma must documented tissue sample archival fresh antigen of b-cell b cancer status specimen intensity protein target + disease malignancy more plasma myeloma neoplastic confirmed flow cytometry cytometric analysis ihc
    allele alleles type typing genotype haplotype hla phenotype for one at least patients subject carrier carry either serotype""".split()
)


def read(clause: Clause) -> list[Expression]:
    """Expression of antigens by code, percent and intensity; HLA alleles."""
    result = _hla(clause)
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
    low = Number(f"{antigen}.percent", comparison.operator, int(comparison.value * SCALE), span)
    if comparison.high is not None:
        return conjunction([low, Number(f"{antigen}.percent", comparison.high_operator, int(comparison.high * SCALE), span)])
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
            locus, group = match.group("locus").upper(), match.group("group").zfill(2)
            field = match.groupdict().get("field")
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
    return [disjunction(found)]
