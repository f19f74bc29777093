"""How names are made comparable: one spelling for accents, apostrophes, case and punctuation."""

import re
import unicodedata

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ħ": "h", "ə": "e"}
)
_NOT_A_WORD = re.compile(r"[^\w]+|_")
_SAINTS = {"saint": "st", "sainte": "ste", "sankt": "st"}


def fold(text: str) -> str:
    """Lower-case words without accents, parted by one space: "Sant'Angelo in Vado" is "sant angelo in vado".

    "Saint", "Sankt" and "St.", "Sainte" and "Ste" become one. Letters of other scripts stay as they are.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    words = _NOT_A_WORD.sub(" ", bare).split()
    return " ".join(_SAINTS.get(word, word) for word in words)


def name_key(text: str) -> str:
    """The key under which the gazetteer holds a name: folded, and without spaces ("L'Aquila", "Laquila": laquila)."""
    return fold(text).replace(" ", "")
