"""Vocabularies as data: diseases, conditions, therapies, drugs, antigens, laboratory analytes, regimens, scales.

`knowledge()` is the one way in. The tables and their columns are described in docs/reference/knowledge.md; the origin,
date, licence and confidence of each file stand in data/SOURCES.toml.
"""

from cartella.knowledge.analytes import Analyte
from cartella.knowledge.lexicon import OTHER, Lexicon, Mention
from cartella.knowledge.quantities import NumberMention, find_numbers
from cartella.knowledge.tables import Approval, Concept, Knowledge, Product, Regimen, knowledge

__all__ = [
    "OTHER",
    "Analyte",
    "Approval",
    "Concept",
    "Knowledge",
    "Lexicon",
    "Mention",
    "NumberMention",
    "Product",
    "Regimen",
    "find_numbers",
    "knowledge",
]
