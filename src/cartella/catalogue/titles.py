"""Titles composed from facts: "CD19 CAR-T (the patient's own cells) in B-cell lymphoma, phase 1, SPONSOR"."""

from __future__ import annotations

from typing import Literal

from cartella.catalogue.entry import Entry
from cartella.knowledge import knowledge
from cartella.trials.therapy import CellClass, Origin, Therapy

Lang = Literal["en", "it"]

_MOST_DISEASES = 3
_MOST_TARGETS = 4

_CLASSES = {
    CellClass.TCR_T: ("TCR-T", "TCR-T"),
    CellClass.CAR_T_TCR_MIMIC: ("CAR-T", "CAR-T"),
    CellClass.TCR_FUSION: ("T cells with a fused receptor", "cellule T con recettore di fusione"),
    CellClass.TIL: ("TIL", "TIL"),
    CellClass.TIL_EDITED: ("edited TIL", "TIL modificati"),
    CellClass.CAR_NK: ("CAR-NK", "CAR-NK"),
    CellClass.CAR_NKT: ("CAR-NKT", "CAR-NKT"),
    CellClass.CAR_MACROPHAGE: ("CAR macrophages", "macrofagi CAR"),
    CellClass.GAMMA_DELTA_T: ("gamma-delta T cells", "cellule T gamma-delta"),
    CellClass.CIK: ("cytokine-induced killer cells", "cellule CIK"),
    CellClass.VIRUS_SPECIFIC_T: ("virus-specific T cells", "cellule T virus-specifiche"),
    CellClass.TUMOUR_ANTIGEN_T: ("tumour-specific T cells", "cellule T tumore-specifiche"),
    CellClass.DONOR_LYMPHOCYTES: ("donor lymphocytes", "linfociti da donatore"),
    CellClass.CAR_TREG: ("CAR regulatory T cells", "cellule T regolatrici CAR"),
    CellClass.CAAR_T: ("CAAR-T", "CAAR-T"),
    CellClass.DENDRITIC_VACCINE: ("dendritic cell vaccine", "vaccino a cellule dendritiche"),
    CellClass.ARMED_T: ("armed T cells", "cellule T armate"),
    CellClass.T_CELL_UNSPECIFIED: ("T-cell therapy", "terapia con cellule T"),
    CellClass.NK: ("NK cells", "cellule NK"),
}
_CAR_T = ("CAR-T", "CAR-T")
_ORIGINS = {
    Origin.AUTOLOGOUS: ("from the patient's own cells", "dalle cellule del paziente"),
    Origin.HEALTHY_DONOR: ("from a donor", "da donatore"),
    Origin.TRANSPLANT_DONOR: ("from the transplant donor", "dal donatore del trapianto"),
    Origin.IN_VIVO: ("made inside the body", "generate nel corpo"),
    Origin.CELL_LINE: ("from a cell line", "da una linea cellulare"),
    Origin.UNKNOWN: ("", ""),
}
_PHASES = {
    "early_phase1": ("early phase 1", "fase 1 iniziale"),
    "phase1": ("phase 1", "fase 1"),
    "phase2": ("phase 2", "fase 2"),
    "phase3": ("phase 3", "fase 3"),
    "phase4": ("phase 4", "fase 4"),
}


def title(entry: Entry, lang: Lang) -> str:
    """The registry's title where it is at hand, else one composed from the facts."""
    return entry.title or composed_title(entry, lang)


def composed_title(entry: Entry, lang: Lang) -> str:
    """A title from facts alone; what is not known is left out."""
    parts = (short_title(entry, lang), phase_words(entry.phases, lang), entry.sponsor or "")
    return ", ".join(part for part in parts if part)


def short_title(entry: Entry, lang: Lang) -> str:
    """What is given in which diseases."""
    given = therapy_words(entry.therapy, lang) if entry.therapy is not None else ""
    given = given or ("Studio" if lang == "it" else "Study")
    diseases = _diseases(entry.diseases, lang)
    whole = f"{given} {'per' if lang == 'it' else 'in'} {diseases}" if diseases else given
    return whole[0].upper() + whole[1:]


def therapy_words(therapy: Therapy, lang: Lang) -> str:
    """What is given: class, targets and origin; empty when no class is known."""
    column = 1 if lang == "it" else 0
    classes = list(dict.fromkeys(_CLASSES.get(kind, _CAR_T)[column] for kind in therapy.classes))
    if not classes:
        return ""
    kinds = " + ".join(classes[:2])
    targets = "/".join(target_name(target, lang) for target in therapy.targets[:_MOST_TARGETS])
    if targets:
        kinds = f"{kinds} anti-{targets}" if lang == "it" else f"{targets} {kinds}"
    origin = _ORIGINS[therapy.origin][column]
    return f"{kinds} ({origin})" if origin else kinds


def target_name(target: str, lang: Lang) -> str:
    """The name in use for a target: BCMA for the gene TNFRSF17; itself where there is none."""
    house = knowledge()
    antigen = f"antigen:{target}"
    return house.label(antigen, lang) if antigen in house.concepts else target


def phase_words(phases: tuple[str, ...], lang: Lang) -> str:
    """The phases: "phase 1/2"; empty where none is stated."""
    column = 1 if lang == "it" else 0
    words = [_PHASES[phase][column] for phase in phases if phase in _PHASES]
    if len(words) < 2:
        return "".join(words)
    return f"{words[0]}/{words[-1].split()[1]}"


def _diseases(diseases: tuple[str, ...], lang: Lang) -> str:
    house = knowledge()
    known = [disease for disease in diseases if disease in house.concepts]
    # a disease that is a kind of another one on the list says nothing more
    widest = [d for d in known if not any(o != d and o in house.ancestors(d) for o in known)]
    names = [house.label(disease, lang) for disease in dict.fromkeys(widest)]
    names = [n if not n[1:2].islower() else n[0].lower() + n[1:] for n in names]
    if len(names) <= _MOST_DISEASES:
        return ", ".join(names)
    more = "e altre" if lang == "it" else "and others"
    return f"{', '.join(names[:_MOST_DISEASES])} {more}"
