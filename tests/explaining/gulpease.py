"""The Gulpease index of Italian readability (Lucisano and Piemontese, 1988): 89 + (300 sentences - 10 letters) / words.

100 is the easiest. Above 60, people with a middle-school certificate read a text without help.
"""

from __future__ import annotations

import re


def gulpease(text: str) -> float:
    words = re.findall(r"[^\W_]+(?:[.,:]\d+)*", text)
    sentences = max(1, len(re.findall(r"[.!?:;](?=\s|$)", text)))
    letters = sum(len(re.sub(r"\W", "", word)) for word in words)
    return min(100.0, 89 + (300 * sentences - 10 * letters) / len(words))
