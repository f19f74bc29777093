"""Changes of genes: ``KRAS G12V mutation``, ``BRAF V600E``, ``ALK rearrangement``, ``wild-type KRAS``."""

from __future__ import annotations

import re

from cartella.knowledge import knowledge
from cartella.logic import And, Expression, Not, Opaque, Presence, Span, Unread
from cartella.reading.clause import Clause, disjunction, kind_of
from cartella.reading.cues import Cue
from cartella.reading.tokens import Token

_VARIANT = r"(?:p\.)?[A-Z]\d{2,4}[A-Z](?![a-z])"
VARIANTS = re.compile(rf"[\s(:-]*(?P<listed>{_VARIANT}(?:\s*(?:,|/|or|and/or|and)+\s*(?:or\s+)?{_VARIANT})*)")
NAMED = re.compile(rf"\s{_VARIANT}$")
PART = re.compile(r"[\s-]*(?P<part>ITD|TKD)\b")
CHANGED = re.compile(
    r"[\s(-]*(?:gene\s+|oncogene\s+|activating\s+|driver\s+|somatic\s+|pathogenic\s+)*(?:mutat\w*|mutant|rearrange\w*"
    r"|re-?arranged|alter(?:ed|ation)s?|fusions?|amplifi\w*|transloc\w*)",
    re.I,
)
CHANGED_BEFORE = re.compile(r"\b(?:mutations?\s+(?:of|in)|mutated|mutant|rearranged|amplified)\s+(?:the\s+)?$", re.I)
UNCHANGED = re.compile(r"[\s(-]*(?:gene\s+)?(?:wild[\s-]?types?\b|wt\b|negative\b|unmutated\b|germline\b)", re.I)
UNCHANGED_BEFORE = re.compile(r"\b(?:wild[\s-]?type|unmutated)\s+$", re.I)
POSITIVE = re.compile(r"[\s(-]*(?:positive\b|\+)", re.I)
KINDS_OF_LYMPHOMA = frozenset({"gene:MYC", "gene:BCL2", "gene:BCL6"})
"""Their rearrangements define diseases, and are read with those."""
CARRIED = frozenset(
    """gene genes mutation mutations mutant mutated rearrangement rearrangements rearranged fusion fusions status
    tumor tumour tumors documented harboring harbouring carrying expressing expression molecular by ngs
    sequencing test testing assay one following type wild somatic activating known""".split()
)


def read(clause: Clause) -> list[Expression]:
    """Each gene that the clause says is changed, or is not."""
    result: list[Expression] = []
    text = clause.plain.text
    for n, token in clause.concepts("gene", "antigen"):
        gene = _gene(token)
        if gene is None:
            continue
        before, after = text[max(0, token.start - 30) : token.start], text[token.end : token.end + 60]
        symbol = gene.removeprefix("gene:")
        span = clause.span(n)
        end = token.end
        if named := NAMED.search(token.text):
            variants = [named.group().strip()]
        elif listed := VARIANTS.match(after):
            variants = re.findall(_VARIANT, listed.group("listed"))
            end += listed.end()
        elif part := PART.match(after):
            variants = [part.group("part")]
            end += part.end()
        else:
            variants = []
        changed = CHANGED.match(text, end)
        if variants:
            found = [Presence(f"variant:{symbol} {v.removeprefix('p.')}", span=span) for v in variants]
            expression = disjunction(found)
        elif UNCHANGED_BEFORE.search(before):
            expression = Not(Presence(gene, span=span))
        elif changed or CHANGED_BEFORE.search(before) or (_only_a_gene(token) and POSITIVE.match(text, end)):
            expression = _any_change(clause, gene, span)
        elif _only_a_gene(token) and (unchanged := UNCHANGED.match(text, end)):
            expression = Not(Presence(gene, span=span))
            end = unchanged.end()
        else:
            continue
        if changed:
            end = changed.end()
            if negative := re.compile(r"\s*[:-]?\s*negative\b", re.I).match(text, end):
                expression, end = Not(Presence(gene, span=span)), negative.end()
        clause.claim(n, *(m for m, t in enumerate(clause.tokens) if token.start <= t.start < end))
        result.append(expression)
    if result:
        clause.claim_words(CARRIED)
        clause.claim(*(n for n, _ in clause.cues(Cue.POSITIVE)))
    return result


def _gene(token: Token) -> str | None:
    """The gene that a token may stand for; an antigen is named like the gene that makes it."""
    if len(token.concepts) != 1:
        return None
    for concept in sorted(token.concepts[0], key=kind_of, reverse=True):
        gene = f"gene:{concept.partition(':')[2]}"
        if gene in knowledge().concepts and gene not in KINDS_OF_LYMPHOMA:
            return gene
    return None


def _only_a_gene(token: Token) -> bool:
    return all(kind_of(c) == "gene" for group in token.concepts for c in group)


def _any_change(clause: Clause, gene: str, span: Span) -> Expression:
    """A record that calls a gene altered need not mean the kind of change that excludes."""
    present = Presence(gene, span=span)
    return And((present, Opaque(Unread.NOT_UNDERSTOOD, span))) if clause.unwanted else present
