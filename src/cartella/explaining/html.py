"""A result as one HTML file that needs nothing else: no script, no network, no picture from outside.

The content security policy forbids everything but the one style sheet, which is named by its hash. Every text from
outside passes through `escaped`; only `https:` and `http:` links are made.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from html import escape
from importlib.resources import files
from urllib.parse import urlsplit

from cartella.explaining import lines
from cartella.explaining.amounts import day
from cartella.explaining.saying import asks, because, needs_text
from cartella.explaining.tables import Lang, Register, message
from cartella.explaining.view import Group, PointView, ResultView, TrialView
from cartella.trials.criteria import Outcome

# Shape and sign differ, so that neither colour nor a font is needed to tell them apart.
_CIRCLE = '<circle cx="12" cy="12" r="9" fill="none" stroke="currentColor" stroke-width="2.5"/>'
_DIAMOND = (
    '<path d="M12 1.5 22.5 12 12 22.5 1.5 12Z" fill="none" stroke="currentColor" stroke-width="2.2"/>'
    '<path d="M9.6 9.8c0-3 4.8-3 4.8 0 0 1.9-2.4 1.9-2.4 4M12 16.3v1" fill="none" stroke="currentColor" '
    'stroke-width="2"/>'
)
_SQUARE = (
    '<rect x="2.5" y="2.5" width="19" height="19" fill="none" stroke="currentColor" stroke-width="2.5"/>'
    '<path d="M7 9.5h10M7 14.5h10M15 6 9 18" fill="none" stroke="currentColor" stroke-width="2"/>'
)
_SHAPES = {Group.NO_OBSTACLE: _CIRCLE, Group.MISSING_INFORMATION: _DIAMOND, Group.CONFLICT: _SQUARE}
_POINT_SHAPES = {Outcome.OK: _CIRCLE, Outcome.UNKNOWN: _DIAMOND, Outcome.CONFLICT: _SQUARE}
_POINT_CLASSES = {Outcome.OK: "ok", Outcome.UNKNOWN: "unknown", Outcome.CONFLICT: "unmet"}
_MOST_OPEN = 12
"""Points in a list above which it is folded."""
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def render_html(result: ResultView, lang: Lang, register: Register) -> str:
    """The whole result as one page, for the screen (from 320 px), for print, and for readers of the screen aloud."""
    return Fragments(lang, register).document(result)


@cache
def page_style(more: str = "") -> tuple[str, str]:
    """The style sheet, with what a page adds to it, and its hash for the content security policy."""
    css = (files("cartella.explaining") / "data" / "page.css").read_text(encoding="utf-8") + more
    return css, base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()


def readable(text: str) -> str:
    """Text from outside without control characters or marks that turn the direction of reading."""
    return _NOT_TEXT.sub(" ", text)


def escaped(text: str) -> str:
    """Text from outside: readable, and escaped."""
    return escape(readable(text), quote=True)


def _sign(shape: str) -> str:
    return f'<svg class="sign" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{shape}</svg>'


def _items(texts: Iterable[str], kind: str = "ul", name: str = "") -> str:
    attribute = f' class="{name}"' if name else ""
    return f"<{kind}{attribute}>{''.join(f'<li>{escaped(text)}</li>' for text in texts)}</{kind}>"


def _details(summary: str, content: str) -> str:
    return f"<details><summary>{escaped(summary)}</summary>{content}</details>"


class Fragments:
    """The pieces of a result page, each as HTML whose every text from outside is escaped."""

    def __init__(self, lang: Lang, register: Register) -> None:
        self.lang, self.register = lang, register

    def say(self, identifier: str, **parameters: object) -> str:
        return message(identifier, self.lang, self.register, **parameters)

    def paragraph(self, identifier: str, name: str = "", **parameters: object) -> str:
        attribute = f' class="{name}"' if name else ""
        return f"<p{attribute}>{escaped(self.say(identifier, **parameters))}</p>"

    def heading(self, identifier: str, level: int = 2, **parameters: object) -> str:
        return f"<h{level}>{escaped(self.say(identifier, **parameters))}</h{level}>"

    def document(self, result: ResultView) -> str:
        css, digest = page_style()
        policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        title = escaped(self.say("title"))
        return "\n".join(
            (
                "<!doctype html>",
                f'<html lang="{self.lang}">',
                "<head>",
                '<meta charset="utf-8">',
                f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
                '<meta name="viewport" content="width=device-width, initial-scale=1">',
                '<meta name="referrer" content="no-referrer">',
                '<meta name="robots" content="noindex">',
                f"<title>{title}</title>",
                f"<style>{css}</style>",
                "</head>",
                f'<body class="{self.register}">',
                f'<a class="skip" href="#results">{escaped(self.say("skip"))}</a>',
                self.header(result),
                "<main>",
                self.summary(result),
                self.facts(result),
                '<div id="results">',
                *(self.group(result, group) for group in Group),
                "</div>",
                self.closing(result),
                "</main>",
                self.footer(result),
                "</body>",
                "</html>",
                "",
            )
        )

    def header(self, result: ResultView) -> str:
        as_of = day(result.data_as_of.toordinal(), self.lang)
        return (
            f"<header><h1>{escaped(self.say('title'))}</h1>{self.paragraph('purpose')}"
            f"{self.paragraph('limits', 'limits')}{self.paragraph('data_as_of', 'quiet', day=as_of)}</header>"
        )

    def summary(self, result: ResultView) -> str:
        rows = "".join(
            f'<li class="{group.value}"><a href="#{group.value}">{_sign(_SHAPES[group])}<span>'
            f"{escaped(self.say(f'group.{group.value}'))}: "
            f"{escaped(lines.counted_trials(result.total(group), self.lang, self.register))}</span></a></li>"
            for group in Group
        )
        empty = self.heading("empty", 3) + self.paragraph("empty.about") if not result.trials else ""
        order = self.paragraph("order", "quiet")
        onward = f'<p><a href="#questions">{escaped(self.say("to_questions"))}</a></p>'
        return f'<section>{self.heading("summary")}<ul class="counts">{rows}</ul>{onward}{order}{empty}</section>'

    def facts(self, result: ResultView) -> str:
        patient = result.patient
        known = _items(patient.understood) if patient.understood else self.paragraph("facts.none")
        rest = "".join(
            _details(self.say(identifier, n=len(found)), _items(found))
            for identifier, found in (("ignored", patient.ignored), ("assumed", patient.assumed))
            if found
        )
        when = self.paragraph("reference_day", "quiet", day=day(result.reference_day.toordinal(), self.lang))
        return f"<section>{self.heading('facts')}{known}{self.paragraph('facts.check')}{rest}{when}</section>"

    def group(self, result: ResultView, group: Group) -> str:
        trials = result.in_group(group)
        empty = not result.total(group)
        title = f"<h2>{_sign(_SHAPES[group])}<span>{escaped(self.say(f'group.{group.value}'))}</span></h2>"
        intro = self.paragraph(f"group.{group.value}.{'none' if empty else 'about'}")
        if result.total(group) > len(trials):
            intro += self.paragraph("shown", "quiet", n=len(trials))
        if group is Group.CONFLICT and trials:
            intro += self.paragraph("folded", "quiet")
        shown = "".join(self.trial(trial) for trial in trials)
        return f'<section class="group {group.value}" id="{group.value}">{title}{intro}{shown}</section>'

    def trial(self, trial: TrialView) -> str:
        title = f"<h3>{trial.rank}. {escaped(trial.title)}</h3>"
        content = self.card(trial) + self.link(trial) + self.points(trial) + self.sites(trial)
        if trial.group is Group.CONFLICT:
            whole = f"<details><summary>{title}{self.why(trial)}</summary>{content}</details>"
            return f'<article class="trial">{whole}</article>'
        return f'<article class="trial">{title}{content}</article>'

    def card(self, trial: TrialView) -> str:
        """What is tested, phase, status with its age, nearest place, and how many points came out how."""
        counts = escaped(lines.point_counts(trial, self.lang, self.register))
        about = _items(lines.about(trial, self.lang, self.register), name="about")
        return f"{about}<p><strong>{counts}</strong></p>"

    def points(self, trial: TrialView, level: int = 4) -> str:
        """Every point, those first that something can be done about; what is fine is folded. `level`: of headings."""
        content = ""
        for outcome in (Outcome.CONFLICT, Outcome.UNKNOWN, Outcome.OK):
            for heading, points in lines.sections(trial, outcome, self.lang, self.register):
                listed = f'<ul class="points">{"".join(self.point(point) for point in points)}</ul>'
                folded = outcome is Outcome.OK or len(points) > _MOST_OPEN
                content += _details(heading, listed) if folded else f"<h{level}>{escaped(heading)}</h{level}>{listed}"
        return content

    def sign(self, of: Group | Outcome) -> str:
        """The sign of a group or an outcome."""
        return _sign(_SHAPES[of] if isinstance(of, Group) else _POINT_SHAPES[of])

    def why(self, trial: TrialView) -> str:
        """One line on a folded trial: how many points stand in the way, and from when it is worth looking again."""
        said = [heading for heading, _ in lines.sections(trial, Outcome.CONFLICT, self.lang, self.register)]
        points = trial.with_outcome(Outcome.CONFLICT)
        days = [p.explanation.free_from for p in points]
        known = [d for d in days if d is not None]
        if known and len(known) == len(days):
            said.append(self.say("look_again", day=day(max(known), self.lang)))
        return f'<span class="why">{escaped(". ".join(said))}.</span>' if said else ""

    def link(self, trial: TrialView) -> str:
        """The way to the page of the registry."""
        words = escaped(self.say("source", x=trial.id))
        if urlsplit(trial.link).scheme not in ("https", "http"):
            return f"<p>{words}</p>"
        return f'<p><a href="{escaped(trial.link)}" rel="noopener noreferrer">{words}</a></p>'

    def point(self, point: PointView) -> str:
        """One point: what is asked, how it comes out and why, the sentence in its text."""
        explanation, outcome = point.explanation, point.outcome
        asked = " ".join(asks(explanation, self.lang, self.register))
        found = " ".join(because(explanation, self.lang, self.register))
        words = f"<p>{escaped(asked)}</p>" if asked else ""
        words += (
            f'<p><span class="outcome">{escaped(self.say(f"outcome.{outcome.value}"))}.</span> {escaped(found)}</p>'
        )
        if explanation.quote:
            around = f"{escaped(point.before)}<mark>{escaped(explanation.quote)}</mark>{escaped(point.after)}"
            quote = f'<blockquote lang="en">{around}</blockquote>'
            folded = "<details open>" if needs_text(explanation, self.lang, self.register) else "<details>"
            words += f"{folded}<summary>{escaped(self.say('original'))}</summary>{quote}</details>"
        return f'<li class="{_POINT_CLASSES[outcome]}">{_sign(_POINT_SHAPES[outcome])}{words}</li>'

    def sites(self, trial: TrialView) -> str:
        """All places of a study, nearest first; nothing for a study with one or none."""
        if len(trial.sites) < 2:
            return ""
        heads = "".join(f'<th scope="col">{escaped(self.say(i))}</th>' for i in ("place", "city", "distance", "state"))
        rows = "".join(
            f"<tr><td>{escaped(site.name)}</td><td>{escaped(', '.join(p for p in (site.city, site.country) if p))}</td>"
            f"<td>{'–' if site.distance_km is None else f'{site.distance_km} km'}</td>"
            f"<td>{self.status(site.status)}</td></tr>"
            for site in trial.sites
        )
        table = f'<div class="table"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
        return _details(self.say("sites", n=len(trial.sites)), table)

    def status(self, status: str | None) -> str:
        return escaped(lines.status_words(status, self.lang, self.register)) if status else "–"

    def closing(self, result: ResultView) -> str:
        asked = lines.questions(result, self.lang, self.register)
        listed = self.paragraph("questions.about") + _items(asked, "ol") if asked else self.paragraph("question.none")
        return (
            f'<section class="questions" id="questions">{self.heading("questions")}{listed}'
            f"{self.paragraph('talk')}</section>"
            f'<section class="notes">{self.heading("notes")}</section>'
            f"<section>{self.heading('not_checked')}"
            f"{_items(lines.not_checked(result, self.lang, self.register))}</section>"
        )

    def footer(self, result: ResultView) -> str:
        return (
            f"<footer>{self.paragraph('limits', 'limits')}{self.paragraph('device', 'quiet')}"
            f"{self.paragraph('release', 'quiet', x=result.release)}</footer>"
        )
