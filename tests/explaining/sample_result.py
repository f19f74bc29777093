"""An invented patient, invented trials and their evaluation, for the tests of the renderings."""

from __future__ import annotations

from datetime import date

from cartella.explaining import (
    Group,
    PatientSummary,
    ResultView,
    SiteView,
    TrialView,
    explain,
    point_view,
)
from cartella.logic import (
    SCALE,
    Absence,
    And,
    Code,
    Coding,
    Event,
    Expression,
    If,
    Interval,
    Measure,
    Not,
    Number,
    Opaque,
    Operator,
    Or,
    PatientFacts,
    Period,
    PeriodUnit,
    Presence,
    Source,
    Span,
    Unread,
    Window,
    evaluate,
)
from cartella.trials.criteria import Gate, Point, Section

DAY = date(2026, 11, 1)
TODAY = DAY.toordinal()


def source(words: str, day: date | None = None, derived: str | None = None) -> Source:
    return Source("record.item", words, day.toordinal() if day else None, derived)


FACTS = PatientFacts(
    reference_day=TODAY,
    measures={
        "age": Measure(Interval.exactly(71 * SCALE), source("born 1955-03-02")),
        "ecog": Measure(Interval.exactly(SCALE), source("ECOG 1", date(2026, 10, 20))),
        "karnofsky": Measure(
            Interval(70 * SCALE, 80 * SCALE), source("ECOG 1", date(2026, 10, 20), "Karnofsky 70-80 = ECOG 1")
        ),
        "lab:plt": Measure(Interval.exactly(62 * SCALE), source("platelets 62 G/L", date(2026, 10, 21))),
        "lab:hb": Measure(Interval.exactly(7_400_000), source("Hb 7.4 g/dL", date(2026, 10, 21))),
        "lines": Measure(Interval.exactly(3 * SCALE), source("three lines of therapy")),
    },
    codings={
        "sex": Coding(frozenset({"male"}), source("male")),
        "diagnosis": Coding(frozenset({"disease:DLBCLNOS"}), source("diffuse large B-cell lymphoma")),
        "antigen:CD19": Coding(frozenset({"positive"}), source("CD19 positive", date(2025, 2, 1)), stale=True),
    },
    events=(
        Event(
            frozenset({"drug:axicabtagene_ciloleucel", "class:car_t", "class:directed_at:CD19"}),
            source("axicabtagene ciloleucel", date(2026, 3, 10)),
            last=Interval.exactly(date(2026, 3, 10).toordinal()),
        ),
        Event(
            frozenset({"drug:rituximab", "class:systemic_therapy"}),
            source("rituximab and bendamustine, last given 2026-10-15", date(2026, 10, 15)),
            last=Interval.exactly(date(2026, 10, 15).toordinal()),
        ),
    ),
    absences=(Absence(frozenset({"cond:hiv_infection"}), source("HIV negative", date(2026, 10, 1))),),
    complete={"therapy": source("the list of therapies is complete")},
)


def within(amount: int, unit: PeriodUnit) -> Window:
    return Window(at_most=Period(amount, unit))


def at_least(quantity: str, value: int) -> Number:
    return Number(quantity, Operator.AT_LEAST, value * SCALE)


def at_most(quantity: str, value: int) -> Number:
    return Number(quantity, Operator.AT_MOST, value * SCALE)


IN, OUT = Section.INCLUSION, Section.EXCLUSION
LINES: tuple[tuple[str, Section, Expression], ...] = (
    ("* Aged 18 years or over", IN, at_least("age", 18)),
    (
        "* Large B-cell lymphoma that came back after two or more lines",
        IN,
        And((Code("diagnosis", frozenset({"disease:DLBCLNOS", "disease:LBCL"})), at_least("lines", 2))),
    ),
    ("* Tumour tissue positive for CD22", IN, Code("antigen:CD22", frozenset({"positive"}))),
    ("* CD19 still present on tumour cells", IN, Code("antigen:CD19", frozenset({"positive"}))),
    ("* ECOG of 0 or 1", IN, at_most("ecog", 1)),
    ("* Platelets of 50 x 10^9/L or higher", IN, at_least("lab:plt", 50)),
    (
        "* ALT no more than 3 x ULN, or 5 x ULN with liver involvement",
        IN,
        Or((at_most("lab:alt.uln", 3), And((Presence("site:liver"), at_most("lab:alt.uln", 5))))),
    ),
    (
        "* Negative pregnancy test for women who can become pregnant",
        IN,
        If(Code("sex", frozenset({"female"})), Not(Presence("cond:pregnancy"))),
    ),
    ("* Fit for the procedures in the view of the physician", IN, Opaque(Unread.JUDGEMENT)),
    ("* HIV infection", OUT, Presence("cond:hiv_infection")),
    (
        "* Stroke or heart attack in the past 6 months",
        OUT,
        Or(
            (
                Presence("cond:stroke", window=within(6, PeriodUnit.MONTH)),
                Presence("cond:myocardial_infarction", window=within(6, PeriodUnit.MONTH)),
            )
        ),
    ),
    ("* Anything else that protocol section 5 lists", OUT, Opaque()),
)
CONFLICTS: tuple[tuple[str, Section, Expression], ...] = (
    ("* No older than 70 years", IN, at_most("age", 70)),
    ("* Haemoglobin of at least 8 g/dL", IN, at_least("lab:hb", 8)),
    (
        "* Systemic treatment of the lymphoma within 4 weeks of collection",
        OUT,
        Presence("class:systemic_therapy", window=within(4, PeriodUnit.WEEK), register="therapy"),
    ),
    ("* Earlier CAR-T treatment", OUT, Presence("class:car_t", register="therapy")),
)


def trial(
    number: int, title: str, group: Group, rank: int, chosen: tuple[tuple[str, Section, Expression], ...]
) -> TrialView:
    text = "\n".join(line for line, _, _ in chosen)
    points = []
    start = 0
    for line, section, expression in chosen:
        gate = Gate.COLLECTION if "collection" in line else None
        point = Point(section, expression, Span(start, start + len(line)), gate=gate)
        found = evaluate(expression, FACTS)
        points.append(point_view(point, explain(point, found, text, FACTS), text))
        start += len(line) + 1
    identifier = f"NCT9{number:07d}"
    return TrialView(
        id=identifier,
        title=title,
        link=f"https://clinicaltrials.gov/study/{identifier}",
        group=group,
        rank=rank,
        status="RECRUITING",
        status_age_days=40 if number % 2 else 260,
        points=tuple(points),
        phases=("PHASE1", "PHASE2") if number % 2 else ("PHASE1",),
        sponsor="Invented Foundation",
        therapy="CAR-T CD19/CD22",
        sites=(
            SiteView("Ospedale Inventato", "Bergamo", "Italia", 46, "RECRUITING"),
            SiteView("Hôpital Imaginaire", "Lyon", "France", 340, "NOT_YET_RECRUITING"),
        ),
        unread_points=5 if rank == 2 else 0,
    )


def result() -> ResultView:
    decided = tuple(
        line for line in LINES if line[0].startswith(("* Aged", "* Large", "* ECOG", "* Platelets", "* HIV"))
    )
    return ResultView(
        release="2026-11-20/3f9c",
        data_as_of=date(2026, 11, 20),
        reference_day=DAY,
        patient=PatientSummary(
            understood=("71 anni, maschio", "Linfoma diffuso a grandi cellule B", "ECOG 1", "Tre linee di terapia"),
            ignored=("Observation/12: circonferenza della vita",),
            assumed=("L'elenco delle terapie è completo",),
        ),
        trials=(
            trial(1, "CAR-T CD19/CD22 per linfoma a grandi cellule B", Group.NO_OBSTACLE, 1, decided),
            trial(2, "CAR-T CD22 per linfomi B recidivati", Group.MISSING_INFORMATION, 2, LINES),
            trial(3, "CAR-T CD19 di nuova generazione", Group.CONFLICT, 3, CONFLICTS + LINES[:6]),
            trial(4, "CAR-T da donatore", Group.CONFLICT, 4, CONFLICTS[1:3] + LINES[:2]),
        ),
        totals={Group.NO_OBSTACLE: 1, Group.MISSING_INFORMATION: 1, Group.CONFLICT: 57},
    )
