"""What `search`, `trial`, `read`, `info` and `load` write to the terminal, in Italian and English."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import date
from typing import Any

from cartella.catalogue.entry import Entry
from cartella.catalogue.titles import phase_words, therapy_words, title
from cartella.errors import Lang
from cartella.explaining import Register, concern, words
from cartella.explaining.names import name
from cartella.logic import children, numbered
from cartella.services import Hit, Loaded, Release, site_views
from cartella.trials.criteria import Criteria, Section
from cartella.trials.status import StatusEntry

_WIDTH = 100
_MOST_SITES = 15


def _say(lang: Lang, en: str, it: str) -> str:
    return it if lang == "it" else en


def _wrapped(text: str, first: str = "", indent: str = "") -> str:
    return textwrap.fill(
        " ".join(text.split()), _WIDTH, initial_indent=first, subsequent_indent=indent or " " * len(first)
    )


def release_line(release: Release, lang: Lang) -> str:
    """Where the answer comes from, and of what day."""
    day = "?" if release.as_of is None else release.as_of.isoformat()
    return _say(
        lang,
        f"{release.name}: {release.trials} trials, data as of {day}; Cartella {release.version}",
        f"{release.name}: {release.trials} studi, dati al {day}; Cartella {release.version}",
    )


def status_line(status: StatusEntry | None, day: date, lang: Lang) -> str:
    """A status with its age: "listed as recruiting, confirmed 12 days ago"."""
    if status is None:
        return _say(lang, "status not stated", "stato non indicato")
    known = _STATUS.get(status.status.value)
    word = status.text if known is None else known[lang == "it"]
    days = status.age_in_days(day)
    if days is None:
        aged = _say(lang, "date not stated", "data non indicata")
    else:
        aged = _say(lang, f"confirmed {days} days ago", f"confermato {days} giorni fa")
    doubt = _say(lang, "; to be confirmed", "; da confermare") if status.to_be_confirmed(day) else ""
    return _say(lang, f"listed as {word}, {aged}{doubt}", f"risulta {word}, {aged}{doubt}")


_STATUS = {
    "not_yet_recruiting": ("not yet recruiting", "non ancora aperto"),
    "recruiting": ("recruiting", "aperto all'arruolamento"),
    "enrolling_by_invitation": ("enrolling by invitation", "aperto su invito"),
    "active_not_recruiting": ("active, not recruiting", "in corso, arruolamento chiuso"),
    "suspended": ("suspended", "sospeso"),
    "terminated": ("terminated", "interrotto"),
    "completed": ("completed", "concluso"),
    "withdrawn": ("withdrawn", "ritirato"),
    "unknown": ("unknown", "sconosciuto"),
    "available": ("available", "disponibile"),
    "no_longer_available": ("no longer available", "non più disponibile"),
}


def hits(found: Sequence[Hit], number: int, release: Release, day: date, lang: Lang) -> str:
    """The studies that a search found."""
    lines = [release_line(release, lang), ""]
    for hit in found:
        lines.append(_wrapped(f"{hit.entry.id}  {title(hit.entry, lang)}", indent=" " * 13))
        distance = "" if hit.distance_km is None else f"; {hit.distance_km} km"
        lines.append(f"{' ' * 13}{status_line(hit.entry.status, day, lang)}{distance}")
    lines.append("")
    if not number:
        lines.append(
            _say(
                lang,
                "Nothing was found. Fewer words or filters find more; --any-status adds closed trials.",
                "Nessun risultato. Meno parole o filtri trovano di più; --any-status aggiunge gli studi chiusi.",
            )
        )
    else:
        lines.append(_say(lang, f"{number} found, {len(found)} shown.", f"{number} trovati, {len(found)} mostrati."))
    return "\n".join(lines)


def study(entry: Entry, release: Release, day: date, lang: Lang, register: Register) -> str:
    """One study: what it is, where it is open, its points."""
    unstated = _say(lang, "not stated", "non indicato")
    therapy = therapy_words(entry.therapy, lang) if entry.therapy is not None else ""
    diseases = ", ".join(name(disease, lang, register) for disease in entry.diseases)
    lines = [
        _wrapped(f"{entry.id}  {title(entry, lang)}"),
        entry.url,
        release_line(release, lang),
        "",
        f"{_say(lang, 'Status', 'Stato')}: {status_line(entry.status, day, lang)}",
        f"{_say(lang, 'Phase', 'Fase')}: {phase_words(entry.phases, lang) or unstated}",
        f"{_say(lang, 'Given', 'Che cosa si somministra')}: {therapy or unstated}",
        _wrapped(f"{_say(lang, 'Diseases', 'Malattie')}: {diseases or unstated}", indent="  "),
        f"{_say(lang, 'Sponsor', 'Promotore')}: {entry.sponsor or unstated}",
        f"{_say(lang, 'Participants', 'Partecipanti')}: {unstated if entry.enrolment is None else entry.enrolment}",
        "",
        _say(lang, f"Sites ({len(entry.sites)})", f"Centri ({len(entry.sites)})"),
    ]
    for site in site_views(entry, None, lang)[:_MOST_SITES]:
        status = f" [{site.status.lower().replace('_', ' ')}]" if site.status else ""
        lines.append(f"  - {', '.join(part for part in (site.name, site.city, site.country) if part)}{status}")
    if not entry.sites:
        lines.append(f"  {unstated}")
    elif len(entry.sites) > _MOST_SITES:
        lines.append(_say(lang, "  and more, at the registry", "  e altri, alla pagina del registro"))
    lines += ["", _say(lang, "Points", "Punti")]
    for point in entry.points:
        mark = "+" if point.section is Section.INCLUSION else "-"
        cohort = f"[{point.cohort}] " if point.cohort else ""
        lines.append(_wrapped(f"{cohort}{words(point.expression, lang, register)}", first=f"  {mark} ", indent="    "))
    if entry.unread is None:
        lines.append(
            _say(
                lang,
                "  The record holds no criteria text: read it at ",
                "  Il record non contiene i criteri: leggerli su ",
            )
            + entry.url
        )
    elif entry.unread:
        lines.append(
            _say(
                lang,
                f"  {entry.unread} points to be read at the source: {entry.url}",
                f"  {entry.unread} punti da leggere alla fonte: {entry.url}",
            )
        )
    lines.append(_say(lang, "+ wanted, - not wanted", "+ richiesto, - escluso"))
    return "\n".join(lines)


def reading(text: str, criteria: Criteria, lang: Lang, register: Register) -> str:
    """How a text is read: each point with its sentence, its words and its tree."""
    lines = [
        _say(
            lang,
            f"{len(text)} characters, {len(criteria.points)} points",
            f"{len(text)} caratteri, {len(criteria.points)} punti",
        )
    ]
    for number, point in enumerate(criteria.points, start=1):
        section = _SECTIONS[point.section][lang == "it"]
        where = f"{point.span.start}-{point.span.end}" if point.span else ""
        extra = "".join(f" [{part}]" for part in (point.cohort, point.gate and point.gate.value) if part)
        lines += ["", f"{number}. {section} {where}{extra}"]
        if point.span is not None:
            lines.append(_wrapped(text[point.span.start : point.span.end], first="   «"))
        lines.append(_wrapped(f"= {words(point.expression, lang, register)}", first="   ", indent="     "))
        if point.concern is not None:
            lines.append(_wrapped(f"! {concern(point.concern, lang, register)}", first="   ", indent="     "))
        if children(point.expression):
            for identifier, node in numbered(point.expression):
                depth = identifier.count(".")
                kind = type(node).__name__
                leaf = "" if children(node) else f": {words(node, lang, register)}"
                lines.append(f"   {'  ' * depth}{identifier} {kind}{leaf}")
    return "\n".join(lines)


_SECTIONS = {
    Section.INCLUSION: ("inclusion", "inclusione"),
    Section.EXCLUSION: ("exclusion", "esclusione"),
}


_MOST_CONCEPTS = 40


def coverage(found: dict[str, Any], lang: Lang) -> str:
    """How much was read, by concept, and the wordings that most often were not."""
    points = found["points"]
    kinds = {
        "read": _say(lang, "read", "letti"),
        "partly": _say(lang, "read in part", "letti in parte"),
        "judgement": _say(lang, "left to a person", "lasciati a una persona"),
        "unread": _say(lang, "not read", "non letti"),
    }
    lines = [
        f"{found['texts']} {_say(lang, 'texts', 'testi')}, {points['total']} {_say(lang, 'points', 'punti')}",
        *(f"  {points[kind]:7} {label}" for kind, label in kinds.items()),
        "",
        _say(lang, "Points that speak of it; of these read in part", "Punti che ne parlano; di cui letti in parte"),
        *(f"  {c['total']:7} {c['partly']:7}  {c['name']}" for c in found["concepts"][:_MOST_CONCEPTS]),
        "",
        _say(lang, "Doubts about what was read", "Dubbi su ciò che è stato letto"),
        *(f"  {doubt['points']:7}  {doubt['words']}" for doubt in found["concerns"]),
        "",
        _say(
            lang,
            "Wordings that were not read: points, an example (# is any number)",
            "Espressioni non lette: punti, un esempio (# è un numero qualsiasi)",
        ),
        *(f"  {w['points']:7}  {w['example']}  {w['words']}" for w in found["unread"]),
    ]
    return "\n".join(lines)


def info(found: dict[str, Any], lang: Lang) -> str:
    """What is here, in counts."""
    release = found["release"]
    rows = [
        (_say(lang, "Release", "Edizione"), release["name"]),
        (_say(lang, "Data as of", "Dati al"), release["as_of"] or "?"),
        (_say(lang, "Version", "Versione"), release["version"]),
        (_say(lang, "Trials", "Studi"), found["trials"]),
        (_say(lang, "with criteria", "con i criteri"), found["with_criteria"]),
        (_say(lang, "Points read", "Punti letti"), found["points"]),
        (_say(lang, "Points to be read at the source", "Punti da leggere alla fonte"), found["unread_points"]),
        (_say(lang, "Sites", "Centri"), found["sites"]),
    ]
    lines = [f"{label}: {value}" for label, value in rows]
    for label, counts in ((_say(lang, "Status", "Stato"), "status"), (_say(lang, "Kind", "Tipo"), "kinds")):
        lines.append("")
        lines.append(f"{label}:")
        lines += [f"  {number:6} {value.replace('_', ' ')}" for value, number in found[counts].items()]
    return "\n".join(lines)


def loaded(report: Loaded, lang: Lang) -> str:
    """What a load did, and what it had to leave out."""
    lines = [
        _say(
            lang,
            f"{report.new} new, {report.changed} changed, {report.unchanged} unchanged; {report.store}",
            f"{report.new} nuovi, {report.changed} cambiati, {report.unchanged} invariati; {report.store}",
        )
    ]
    lines += [rejection.error().render(lang) for rejection in report.rejections]
    return "\n".join(lines)
