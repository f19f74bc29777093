"""Whose antibody and whose RNA: what an entry on one virus names by half."""

from __future__ import annotations

import re

_VIRUSES = (
    (re.compile(r"\b(?:hepatitis\s+C|epatite\s+C|HCV)\b", re.IGNORECASE), "anti-HCV", "HCV RNA"),
    (re.compile(r"\b(?:hepatitis\s+B|epatite\s+B|HBV)\b", re.IGNORECASE), "", "HBV DNA"),
    (re.compile(r"\bHIV\b", re.IGNORECASE), "HIV antibody", "HIV RNA"),
)
_ANTIBODY = re.compile(
    r"(?<![\w-])(?<!core )(?<!surface )(?:antibod(?:y|ies)|anticorpi|serology)(?=\s+(?:positiv|negativ))", re.IGNORECASE
)
_GENOME = re.compile(
    r"(?<!HCV )(?<!HBV )(?<!HIV )(?<!HCV-)(?<!HBV-)(?<!HIV-)\b(?:RNA|DNA|PCR|viral\s+load|carica\s+virale)(?=\s+"
    r"(?:not\s+|non\s+|un)?(?:detect|positiv|negativ|rileva|suppress))",
    re.IGNORECASE,
)


def with_virus(name: str, answer: str) -> str:
    """``hepatitis C: antibody positive, RNA undetectable``: whose antibody and whose RNA, said in full."""
    named = [(antibody, genome) for words, antibody, genome in _VIRUSES if words.search(name)]
    if len(named) != 1:
        return answer
    antibody, genome = named[0]
    if antibody:
        answer = _ANTIBODY.sub(antibody, answer)
    return _GENOME.sub(genome, answer)
