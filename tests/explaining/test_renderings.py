"""The result for the terminal and as one HTML file."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from gulpease import gulpease
from sample_result import FACTS, IN, OUT, result

from cartella.explaining import (
    Group,
    PatientSummary,
    ResultView,
    SiteView,
    TrialView,
    explain,
    point_view,
    render_html,
    render_text,
)
from cartella.explaining.lines import questions
from cartella.explaining.tables import Lang, Register
from cartella.logic import Code, Expression, Opaque, PatientFacts, Presence, Span, Unread, evaluate
from cartella.trials.criteria import Outcome, Point

RENDERINGS: tuple[tuple[Lang, Register], ...] = (
    ("it", "patient"),
    ("it", "clinician"),
    ("en", "patient"),
    ("en", "clinician"),
)
RESULT = result()
HOSTILE = "\"><script>alert('x')</script><img src=x onerror=alert(1)>\x1b[2J\u202e&{0}{x}%s]]>--></style>"
VOID = {"meta", "path", "circle", "rect"}


class Tree(HTMLParser):
    """Tags as they open and close, with their attributes; wrong nesting is an error."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None], tuple[str, ...]]] = []
        self.words: dict[str, str] = {}
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs), tuple(self.open)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs), tuple(self.open)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in self.open:
            self.words[tag] = self.words.get(tag, "") + data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes, _ in self.tags if name == tag]


@pytest.mark.parametrize(("lang", "register"), RENDERINGS)
def test_the_page_needs_nothing_and_allows_nothing(lang: Lang, register: Register) -> None:
    page = render_html(RESULT, lang, register)
    tree = Tree(page)
    assert not {"script", "img", "link", "iframe", "object", "form", "base"} & {name for name, _, _ in tree.tags}
    policy = next(m["content"] for m in tree.named("meta") if m.get("http-equiv") == "Content-Security-Policy")
    digest = base64.b64encode(hashlib.sha256(tree.words["style"].encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "url(" not in tree.words["style"]
    assert "@import" not in tree.words["style"]
    for _, attributes, _ in tree.tags:
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        assert not attributes.get("src")
        target = attributes.get("href")
        assert target is None or target.startswith(("#", "https://clinicaltrials.gov/study/NCT9"))


@pytest.mark.parametrize(("lang", "register"), RENDERINGS)
def test_the_page_can_be_read_by_everybody(lang: Lang, register: Register) -> None:
    tree = Tree(render_html(RESULT, lang, register))
    assert tree.named("html") == [{"lang": lang}]
    headings = [int(name[1]) for name, _, _ in tree.tags if re.fullmatch(r"h[1-6]", name)]
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))
    ids = [a["id"] for _, a, _ in tree.tags if "id" in a]
    assert len(ids) == len(set(ids))
    anchors = {a["href"] for a in tree.named("a") if (a.get("href") or "").startswith("#")}
    assert anchors == {"#results", "#questions", *(f"#{group.value}" for group in Group)}
    assert {f"#{identifier}" for identifier in ids} >= anchors
    assert all(svg.get("aria-hidden") == "true" for svg in tree.named("svg"))
    assert all(cell == {"scope": "col"} for cell in tree.named("th"))


def test_groups_have_words_and_different_shapes() -> None:
    page = render_html(RESULT, "en", "patient")
    shapes = set()
    for group, words in (
        (Group.NO_OBSTACLE, "No obstacle found (to be verified)"),
        (Group.MISSING_INFORMATION, "Information missing"),
        (Group.CONFLICT, "A point does not match"),
    ):
        heading = re.search(rf'id="{group.value}"><h2>(<svg.*?</svg>)<span>(.*?)</span></h2>', page)
        assert heading is not None
        assert heading[2] == words
        shapes.add(heading[1])
    assert len(shapes) == 3


def test_conflicts_are_folded_and_say_why_and_the_others_are_open() -> None:
    page = render_html(RESULT, "en", "patient")
    section = page[page.index('id="conflict"') : page.index('id="questions"')]
    articles = section.count("<article")
    assert articles == 2
    assert section.count('<article class="trial"><details><summary>') == articles
    assert "Does not match now, but may change (2)" in section
    assert "Does not match and usually does not change (2)" in section
    assert "57 studies" in page
    assert "Here 2 are shown." in section
    open_part = page[page.index('id="missing_information"') : page.index('id="conflict"')]
    assert '<article class="trial"><h3>' in open_part


def test_the_original_sentence_is_marked_in_its_text() -> None:
    page = render_html(RESULT, "it", "patient")
    assert "<mark>* Tumour tissue positive for CD22</mark>\n* CD19 still present" in page
    unread = page[: page.index("<mark>* Anything else")]
    assert unread.rindex("<details open>") > unread.rindex("<details>")


def test_every_point_of_every_trial_is_on_the_page() -> None:
    for lang, register in RENDERINGS:
        page = render_html(RESULT, lang, register)
        for trial in RESULT.trials:
            assert trial.id in page
        assert page.count("<blockquote") == sum(len(trial.points) for trial in RESULT.trials)


def test_status_has_its_age_and_an_old_one_is_to_be_confirmed() -> None:
    page = render_html(RESULT, "en", "patient")
    assert "listed as open; confirmed 5 weeks ago" in page
    assert "listed as open; confirmed 8 months ago" in page
    assert page.count("To be confirmed: the news is more than six months old.") == 2
    undated = replace(RESULT, trials=(replace(RESULT.trials[0], status_age_days=None, status="SOMETHING_NEW"),))
    said = render_text(undated, "en", "patient")
    assert "SOMETHING_NEW" in said
    assert "To be confirmed: the date is not known." in said


def test_limits_dates_and_what_was_not_checked_are_said() -> None:
    for page in (render_html(RESULT, "it", "patient"), " ".join(render_text(RESULT, "it", "patient").split())):
        assert "Non decide se si può partecipare." in page
        assert "20 novembre 2026" in page
        assert "1° novembre 2026" in page
        assert "2026-11-20/3f9c" in page
        assert "Che cosa non è stato controllato" in page


def test_at_most_seven_questions_and_none_for_trials_with_a_conflict() -> None:
    asked = questions(RESULT, "en", "patient")
    assert 0 < len(asked) <= 7
    missing = " ".join(asked)
    assert "CD22" in missing
    illnesses = tuple(Presence(f"cond:illness_{n}") for n in range(20))
    asked = questions(replace(RESULT, trials=(asking(*illnesses, Opaque()),)), "it", "patient")
    assert len(asked) == 5, "five together, and what has to be read"
    assert all(f"illness {n}" in " ".join(asked) for n in range(20))
    assert asked[-1].startswith("Possiamo leggere insieme")
    more = tuple(Presence(f"cond:illness_{n}") for n in range(90))
    asked = questions(replace(RESULT, trials=(asking(*more, Opaque(Unread.JUDGEMENT)),)), "en", "clinician")
    assert len(asked) == 7
    against = replace(asking(*illnesses), group=Group.CONFLICT)
    assert questions(replace(RESULT, trials=(against,)), "it", "patient") == []


def test_what_concerns_most_trials_is_asked_first() -> None:
    common, rare = Presence("drug:rituximab", register="therapy"), Code("antigen:CD33", frozenset({"positive"}))
    missing = replace(FACTS, complete={}, events=(), codings={})
    trials = tuple(
        replace(asking(*some, facts=missing), id=f"NCT9{n:07d}") for n, some in enumerate(((rare, common), (common,)))
    )
    asked = questions(replace(RESULT, trials=trials), "en", "patient")
    assert [("rituximab" in q, "concerns 2 studies" in q) for q in asked] == [(True, True), (False, False)]


def asking(*expressions: Expression, facts: PatientFacts = FACTS) -> TrialView:
    views = []
    for expression in expressions:
        point = Point(OUT, expression)
        views.append(point_view(point, explain(point, evaluate(expression, facts), None), None))
    return replace(RESULT.trials[1], points=tuple(views))


def hostile() -> ResultView:
    text = f"{HOSTILE}\n* {HOSTILE}\n{HOSTILE}"
    span = Span(len(HOSTILE) + 1, 2 * len(HOSTILE) + 3)
    point = Point(IN, Presence(f"cond:{HOSTILE}"), span, cohort=HOSTILE)
    view = point_view(point, explain(point, evaluate(point.expression, FACTS), text), text)
    site = SiteView(HOSTILE, HOSTILE, HOSTILE, 3, HOSTILE)
    trial = replace(
        RESULT.trials[1],
        id=HOSTILE,
        title=HOSTILE,
        link="javascript:alert(1)",
        status=HOSTILE,
        phases=(HOSTILE,),
        sponsor=HOSTILE,
        therapy=HOSTILE,
        sites=(site, site),
        points=(view,),
    )
    known = PatientSummary((HOSTILE,), (HOSTILE,), (HOSTILE,))
    return replace(RESULT, release=HOSTILE, patient=known, trials=(trial,), not_checked=(HOSTILE,))


@pytest.mark.parametrize(("lang", "register"), RENDERINGS)
def test_hostile_text_stays_text(lang: Lang, register: Register) -> None:
    page = render_html(hostile(), lang, register)
    tree = Tree(page)
    assert not {"script", "img"} & {name for name, _, _ in tree.tags}
    assert not any(name.startswith("on") for _, attributes, _ in tree.tags for name in attributes)
    assert "javascript:" not in page
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert page.count("&lt;script&gt;") > 15
    said = render_text(hostile(), lang, register)
    assert "\x1b" not in said
    assert "\u202e" not in said


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_terminal_keeps_its_width_and_its_shapes(width: int) -> None:
    for lang, register in RENDERINGS:
        plain = render_text(RESULT, lang, register, width=width)
        assert max(len(line) for line in plain.splitlines()) <= width
        assert all(shape in plain for shape in "○?≠")
        coloured = render_text(RESULT, lang, register, width=width, colour=True)
        assert "\x1b[" in coloured
        assert re.sub(r"\x1b\[\d+m", "", coloured) == plain


def test_an_empty_result_says_why_and_whom_to_talk_to() -> None:
    empty = replace(RESULT, trials=(), totals={}, patient=PatientSummary())
    for lang, register in RENDERINGS:
        page = render_html(empty, lang, register)
        Tree(page)
        assert "{" not in render_text(empty, lang, register)
    page = render_html(empty, "it", "patient")
    assert "Non c&#x27;è nessuno studio da mostrare" in page
    assert "Ne parli con il suo oncologo o ematologo." in page


def test_the_same_result_gives_the_same_bytes() -> None:
    assert render_html(RESULT, "it", "patient") == render_html(result(), "it", "patient")


def test_the_italian_page_for_patients_is_easy_to_read() -> None:
    said = render_text(RESULT, "it", "patient", width=10_000)
    prose = [line.strip() for line in said.splitlines() if line.strip().endswith(".") and "http" not in line]
    assert len(prose) > 40
    assert gulpease(" ".join(prose)) >= 60


def test_registers_differ_and_the_patient_reads_no_operators() -> None:
    patient = render_text(RESULT, "en", "patient")
    clinician = render_text(RESULT, "en", "clinician")
    assert "≥" not in patient
    assert "≥" in clinician
    assert len(clinician) < len(patient) * 1.2


def _luminance(colour: str) -> float:
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_colours_have_the_contrast_of_wcag_in_both_schemes() -> None:
    css = Tree(render_html(RESULT, "en", "patient")).words["style"]
    before, _, after = css.partition("@media (prefers-color-scheme: dark)")
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", part.split("* {")[0])) for part in (before, after))
    for scheme in (light, dark):
        pairs = [(name, "paper") for name in ("ink", "quiet", "link", "no_obstacle", "missing_information", "conflict")]
        pairs += [("ink", "soft"), ("quiet", "soft"), ("mark-ink", "mark")]
        for front, back in pairs:
            one, other = sorted((_luminance(scheme[front]), _luminance(scheme[back])))
            assert (other + 0.05) / (one + 0.05) >= 4.5, (front, back)


def test_counts_of_points_add_up() -> None:
    trial = RESULT.trials[1]
    assert sum(len(trial.with_outcome(outcome)) for outcome in Outcome) == len(trial.points)
    assert "6 without obstacle, 6 to be clarified, 0 not matching, 5 to be read at the source" in render_html(
        RESULT, "en", "patient"
    )


def test_what_was_not_understood_is_quoted_in_full_for_everybody() -> None:
    for lang, register in RENDERINGS:
        assert "Anything else that protocol section 5 lists" in render_text(RESULT, lang, register, width=120)


def test_points_that_an_answer_settles_stand_apart_from_those_for_a_person() -> None:
    said = render_text(RESULT, "en", "patient", width=120)
    answer, person = said.index("To be clarified (4)"), said.index("To be read or judged with the doctor (2)")
    assert answer < said.index("This is not known yet: CD22") < person < said.index("A doctor must judge this.")
