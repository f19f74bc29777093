"""Words as the lexicon compares them: one form for British and American spelling, plurals, accents, Greek letters."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_GREEK = str.maketrans(
    {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "κ": "kappa", "λ": "lambda"}
)
_GREEK_INSIDE = str.maketrans({"α": "a", "β": "b", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "κ": "k", "λ": "l"})
_APOSTROPHES = "'’ʼ`´"
_NO_PLURAL = ("ss", "us", "is")
_SPLIT_PREFIXES = ("anti", "non")


class Token(NamedTuple):
    """A run of letters or of digits: `form` is compared, `surface` is as written but for Greek letters.

    `glued` is true when nothing separates it from the token before.
    """

    form: str
    surface: str
    start: int
    end: int
    glued: bool


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """The form of a word that all its spellings share."""
    text = word.lower().translate(_GREEK)
    if not text.isascii():
        text = "".join(
            letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter)
        ).replace("ß", "ss")
    if len(text) <= 3:
        return text
    if text.endswith("ies") and len(text) > 4:
        text = text[:-3] + "y"
    elif text.endswith("stases"):
        text = text[:-2] + "is"
    elif text.endswith("s") and not text.endswith(_NO_PLURAL):
        text = text[:-1]
    text = text.replace("ae", "e").replace("oe", "e").replace("sulph", "sulf").replace("leuco", "leuko")
    text = text.replace("leucemi", "leukemi")
    text = re.sub(r"our(?=$|ed$|ing$|al$)", "or", text)
    text = re.sub(r"is(?=e$|ed$|ing$|ation$|er$)", "iz", text)
    text = re.sub(r"ys(?=e$|ed$|ing$)", "yz", text)
    text = re.sub(r"ical$", "ic", text)
    return re.sub(r"logue$", "log", text)


def tokens(text: str) -> list[Token]:
    """The tokens of a text in order; a possessive s is dropped ("Hodgkin's" = "Hodgkin")."""
    found: list[Token] = []
    last = -1
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        surface = match.group()
        glued = start == last
        if surface in ("s", "S") and start > 1 and text[start - 1] in _APOSTROPHES and last == start - 1:
            if found:
                found[-1] = found[-1]._replace(end=end)
            last = end
            continue
        last = end
        if not surface.isascii() and (glued or len(surface) > 1):
            # IL13Rα2, FRα: a letter of the name; a Greek letter that stands alone is a word (alpha).
            surface = surface.translate(_GREEK_INSIDE)
        folded = fold(surface)
        if folded.startswith(_SPLIT_PREFIXES):
            size = next(len(prefix) for prefix in _SPLIT_PREFIXES if folded.startswith(prefix))
            if len(folded) > size + 3:
                middle = start + size
                found.append(Token(folded[:size], surface[:size], start, middle, glued))
                found.append(Token(folded[size:], surface[size:], middle, end, True))
                continue
        found.append(Token(folded, surface, start, end, glued))
    return found
