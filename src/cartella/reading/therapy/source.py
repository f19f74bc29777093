"""The words of a study that tell what is given, in the order in which they are believed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from cartella.trials.study import Study


class Tier(IntEnum):
    """How far a passage is believed: a name says what is given, a description also tells of other therapies."""

    NAME = 0
    DETAIL = 1
    SUMMARY = 2


@dataclass(frozen=True, slots=True)
class Passage:
    """One field of the record. `text` has the length of the field, so its offsets are the record's."""

    field: str
    text: str
    lower: str
    tier: Tier

    @property
    def is_title(self) -> bool:
        return self.field.endswith("_title")

    @property
    def is_intervention(self) -> bool:
        return self.field.startswith("interventions[") and self.tier is Tier.NAME


# One character for one character, so that offsets stay those of the record.
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−－", "-"),
        **dict.fromkeys("\u00a0\u2009\u202f\u3000\n\t\r\\", " "),
        **dict.fromkeys("‘’ʼ′", "'"),
        **dict.fromkeys("／⁄", "/"),
        **dict.fromkeys("＋⁺", "+"),
        **dict.fromkeys("（", "("),
        **dict.fromkeys("）", ")"),
        **dict.fromkeys("，、", ","),
        **dict.fromkeys("：", ":"),
        **dict.fromkeys("×✕", "x"),
        **dict.fromkeys("α", "a"),
        **dict.fromkeys("β", "b"),
        **dict.fromkeys("γ", "g"),
        **dict.fromkeys("δ", "d"),
        **dict.fromkeys("ζ", "z"),
        **dict.fromkeys("κ", "k"),
        **dict.fromkeys("λ", "l"),
        **dict.fromkeys("®™©", " "),
        "İ": "I",
    }
)


def _passage(field: str, text: str | None, tier: Tier) -> Passage | None:
    if not text:
        return None
    plain = text.translate(_PLAIN)
    return Passage(field, plain, plain.lower(), tier)


def passages(study: Study) -> list[Passage]:
    """All passages that may tell of the therapy, names first. Eligibility text is not among them."""
    found = [
        _passage("brief_title", study.brief_title, Tier.NAME),
        _passage("official_title", study.official_title, Tier.NAME),
    ]
    for index, intervention in enumerate(study.interventions):
        place = f"interventions[{index}]"
        found.append(_passage(f"{place}.name", intervention.name, Tier.NAME))
        for number, name in enumerate(intervention.other_names):
            found.append(_passage(f"{place}.other_names[{number}]", name, Tier.NAME))
    for index, arm in enumerate(study.arms):
        found.append(_passage(f"arms[{index}].label", arm.label, Tier.DETAIL))
        found.append(_passage(f"arms[{index}].description", arm.description, Tier.DETAIL))
    for index, intervention in enumerate(study.interventions):
        found.append(_passage(f"interventions[{index}].description", intervention.description, Tier.DETAIL))
    for index, condition in enumerate(study.conditions):
        found.append(_passage(f"conditions[{index}]", condition, Tier.DETAIL))
    for index, keyword in enumerate(study.keywords):
        found.append(_passage(f"keywords[{index}]", keyword, Tier.DETAIL))
    found.append(_passage("summary", study.summary, Tier.SUMMARY))
    return [passage for passage in found if passage is not None]
