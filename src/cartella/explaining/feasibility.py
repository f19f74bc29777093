"""What a protocol costs in a cohort, as the plain data of a report, and as text."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from cartella.explaining.tables import Lang


@dataclass(frozen=True, slots=True)
class PointLoss:
    """One criterion, numbered from 1 in the protocol. The counts are those of `cartella.matching.feasibility`."""

    number: int
    wanted: bool
    says: str
    quote: str
    remaining: int
    certain: int
    conflicts: int
    unknowns: int
    only: int
    only_unknown: int
    open: int


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """With the bound (millionths of the unit): patients without any conflict, and of these ok throughout."""

    bound: int
    without_conflict: int
    no_obstacle: int


@dataclass(frozen=True, slots=True)
class Curve:
    """What other bounds of one comparison would bring; `drafted` is the bound of the protocol."""

    point: int
    label: str
    quantity: str
    drafted: int
    points: tuple[CurvePoint, ...]

    @property
    def best(self) -> CurvePoint:
        """The first bound with most patients."""
        return max(self.points, key=lambda point: (point.without_conflict, point.no_obstacle))

    @property
    def now(self) -> CurvePoint:
        """The bound as drafted."""
        return next(point for point in self.points if point.bound == self.drafted)


@dataclass(frozen=True, slots=True)
class FeasibilityView:
    """A report. `unread` are the criteria that cannot be judged on data, with their number and text."""

    title: str
    patients: int
    losses: tuple[PointLoss, ...]
    unread: tuple[tuple[int, str], ...]
    curves: tuple[Curve, ...]
    left_out: int

    @property
    def remaining(self) -> int:
        """Patients without a conflict in any criterion."""
        return self.losses[-1].remaining if self.losses else self.patients

    @property
    def certain(self) -> int:
        """Patients who are ok in every criterion that can be judged."""
        return self.losses[-1].certain if self.losses else self.patients

    @property
    def costliest(self) -> PointLoss | None:
        """The criterion without which most patients would be won; None where none costs anybody alone."""
        found = max(self.losses, key=lambda loss: loss.only, default=None)
        return found if found is not None and found.only else None

    @property
    def most_open(self) -> PointLoss | None:
        """The criterion that is unknown for most of those without conflict."""
        found = max(self.losses, key=lambda loss: loss.open, default=None)
        return found if found is not None and found.open else None


SAID: dict[str, tuple[str, str]] = {
    "title": ("Feasibility of {title}", "Fattibilità di {title}"),
    "purpose": (
        "Counts of patients in a cohort, not a prediction of enrolment. Every criterion was read by a program: compare "
        "its words with yours.",
        "Conteggi di pazienti in una coorte, non una previsione di arruolamento. Ogni criterio è stato letto da un "
        "programma: confrontarne le parole con le proprie.",
    ),
    "patients": ("Patients in the cohort", "Pazienti della coorte"),
    "remaining": ("Without any conflict", "Senza alcun conflitto"),
    "certain": ("Of these, every judged criterion met", "Di questi, ogni criterio valutato soddisfatto"),
    "unknown": ("Of these, something unknown", "Di questi, qualcosa è ignoto"),
    "left_out": ("Rows of the cohort that could not be used", "Righe della coorte non utilizzabili"),
    "costliest": (
        "Dropping criterion {number} would win most patients: {only}.",
        "Togliere il criterio {number} farebbe guadagnare più pazienti: {only}.",
    ),
    "open": (
        "Among those without conflict, criterion {number} is unknown most often: {open}.",
        "Fra chi non ha conflitti, il criterio {number} è ignoto più spesso: {open}.",
    ),
    "funnel": ("The funnel, in the order of the protocol", "L'imbuto, nell'ordine del protocollo"),
    "funnel.about": (
        "Left: patients without conflict up to this criterion, and those of them who surely meet all of them so far. "
        "Conflict and unknown: of the criterion by itself. Only this: who would be without conflict but for it. "
        "Still open: unknown here among those who have no conflict at all.",
        "Restano: pazienti senza conflitti fino a questo criterio, e quanti di loro li soddisfano tutti con certezza. "
        "Conflitto e ignoto: del criterio da solo. Solo questo: chi sarebbe senza conflitti se non ci fosse. "
        "Aperto: ignoto qui fra chi non ha alcun conflitto.",
    ),
    "col.criterion": ("criterion", "criterio"),
    "col.remaining": ("left", "restano"),
    "col.certain": ("sure", "certi"),
    "col.conflicts": ("conflict", "conflitto"),
    "col.unknowns": ("unknown", "ignoto"),
    "col.only": ("only this", "solo questo"),
    "col.open": ("still open", "aperto"),
    "excluded": ("not", "non"),
    "unread": ("Criteria that data cannot judge", "Criteri che i dati non possono valutare"),
    "unread.about": (
        "They are left out of every count: {count}.",
        "Sono esclusi da ogni conteggio: {count}.",
    ),
    "curves": ("What another limit would bring", "Che cosa porterebbe un altro limite"),
    "curves.about": (
        "One limit is changed, all else stays. Counted: patients without any conflict (of these, all judged criteria "
        "met). The limit of the protocol is marked.",
        "Cambia un limite, il resto rimane. Si contano i pazienti senza alcun conflitto (di questi, tutti i criteri "
        "valutati soddisfatti). Il limite del protocollo è segnato.",
    ),
    "curve.now": ("criterion {point}: {label} {bound}: {patients}", "criterio {point}: {label} {bound}: {patients}"),
    "col.bound": ("limit", "limite"),
    "col.without": ("no conflict", "senza conflitto"),
    "col.clean": ("all met", "tutti soddisfatti"),
    "drafted": ("as drafted", "nel protocollo"),
}
"""The words of the report, English and Italian."""


def said(identifier: str, lang: Lang, **parameters: object) -> str:
    """One wording with its parameters."""
    return SAID[identifier][1 if lang == "it" else 0].format(**parameters)


def grouped(value: int, lang: Lang) -> str:
    """A count with its thousands grouped."""
    text = f"{value:,}"
    return text.replace(",", ".") if lang == "it" else text


def bound_text(view: int, lang: Lang) -> str:
    """A bound in its unit."""
    from cartella.explaining.amounts import number

    return number(view, lang)


def criterion(loss: PointLoss, lang: Lang) -> str:
    """A criterion in words, with what an exclusion means."""
    return loss.says if loss.wanted else f"{said('excluded', lang)}: {loss.says}"


def summary(view: FeasibilityView, lang: Lang) -> list[tuple[str, str]]:
    """The numbers on top: what, and how many."""
    rows = [
        (said("patients", lang), grouped(view.patients, lang)),
        (said("remaining", lang), _with_share(view.remaining, view.patients, lang)),
        (said("certain", lang), _with_share(view.certain, view.patients, lang)),
        (said("unknown", lang), _with_share(view.remaining - view.certain, view.patients, lang)),
    ]
    if view.left_out:
        rows.append((said("left_out", lang), grouped(view.left_out, lang)))
    return rows


def _with_share(part: int, whole: int, lang: Lang) -> str:
    if not whole:
        return grouped(part, lang)
    share = f"{100 * part / whole:.1f} %"
    return f"{grouped(part, lang)} ({share.replace('.', ',') if lang == 'it' else share})"


def findings(view: FeasibilityView, lang: Lang) -> list[str]:
    """What stands out, in sentences."""
    found = []
    if (loss := view.costliest) is not None:
        found.append(said("costliest", lang, number=loss.number, only=grouped(loss.only, lang)))
    if (loss := view.most_open) is not None:
        found.append(said("open", lang, number=loss.number, open=grouped(loss.open, lang)))
    return found


COLUMNS = ("remaining", "certain", "conflicts", "unknowns", "only", "open")
"""The counts of a criterion that are shown, in order."""


def render_text(view: FeasibilityView, lang: Lang, width: int = 100) -> str:
    """The report for the terminal."""
    title = said("title", lang, title=view.title)
    lines = [title, "─" * len(title), *textwrap.wrap(said("purpose", lang), width), ""]
    for what, count in summary(view, lang):
        lines.append(f"{what + ':':<46} {count}")
    lines += ["", *findings(view, lang), "", said("funnel", lang)]
    lines += textwrap.wrap(said("funnel.about", lang), width)
    heads = [said(f"col.{name}", lang) for name in COLUMNS]
    lines += ["", f"{'':>4} " + " ".join(f"{head:>11}" for head in heads)]
    for loss in view.losses:
        counts = " ".join(f"{grouped(getattr(loss, name), lang):>11}" for name in COLUMNS)
        lines.append(f"{loss.number:>3}. {counts}")
        lines += textwrap.wrap(criterion(loss, lang), width, initial_indent=" " * 6, subsequent_indent=" " * 6)
    if view.unread:
        count = grouped(len(view.unread), lang)
        lines += ["", said("unread", lang), said("unread.about", lang, count=count)]
        for number, text in view.unread:
            lines += textwrap.wrap(f"{number:>3}. {text}", width, subsequent_indent=" " * 6)
    if view.curves:
        lines += ["", said("curves", lang), *textwrap.wrap(said("curves.about", lang), width)]
        for curve in view.curves:
            lines += ["", f"{curve.point:>3}. {curve.label}"]
            most = max(point.without_conflict for point in curve.points) or 1
            for point in curve.points:
                bar = "█" * round(30 * point.without_conflict / most)
                mark = f" ← {said('drafted', lang)}" if point.bound == curve.drafted else ""
                counts = f"{grouped(point.without_conflict, lang):>9} ({grouped(point.no_obstacle, lang)})"
                lines.append(f"{bound_text(point.bound, lang):>12} {counts} {bar}{mark}")
    return "\n".join(lines) + "\n"
