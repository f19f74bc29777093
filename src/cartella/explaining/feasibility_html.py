"""The report on a protocol as one HTML file: no script, nothing from outside; each chart has its table."""

from __future__ import annotations

from collections.abc import Iterable

from cartella.explaining.feasibility import (
    COLUMNS,
    Curve,
    FeasibilityView,
    bound_text,
    criterion,
    findings,
    grouped,
    said,
    summary,
)
from cartella.explaining.html import escaped, page_style
from cartella.explaining.tables import Lang

_WIDTH, _BAR, _HEIGHT = 640, 20, 220
_CSS = """
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.n, th.n { text-align: right; white-space: nowrap; }
.chart { width: 100%; height: auto; max-width: 46rem; }
.chart text { font-size: 12px; fill: var(--ink); }
.left { fill: var(--soft); stroke: var(--line); }
.sure { fill: var(--no_obstacle); }
.line { fill: none; stroke: var(--link); stroke-width: 2.5; }
.dashed { fill: none; stroke: var(--no_obstacle); stroke-width: 2; stroke-dasharray: 5 4; }
.axis { stroke: var(--line); }
.mark { stroke: var(--conflict); stroke-width: 2; }
.wide { overflow-x: auto; }
"""


def render_feasibility(view: FeasibilityView, lang: Lang) -> str:
    """The whole report as one page."""
    css, digest = page_style(_CSS)
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title = escaped(said("title", lang, title=view.title))
    rows = "".join(
        f"<tr><th>{escaped(what)}</th><td class='n'>{escaped(n)}</td></tr>" for what, n in summary(view, lang)
    )
    parts = [
        "<!doctype html>",
        f'<html lang="{lang}"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title><style>{css}</style></head>",
        f'<body class="clinician"><header><h1>{title}</h1>',
        f'<p class="limits">{escaped(said("purpose", lang))}</p></header>',
        f"<main><table>{rows}</table>",
        "".join(f"<p>{escaped(text)}</p>" for text in findings(view, lang)),
        f"<h2>{escaped(said('funnel', lang))}</h2><p class='quiet'>{escaped(said('funnel.about', lang))}</p>",
        _funnel(view, lang),
        _losses(view, lang),
        _unread(view, lang),
        _curves(view, lang),
        "</main></body></html>",
    ]
    return "\n".join(parts) + "\n"


def _table(heads: Iterable[str], rows: Iterable[Iterable[tuple[str, bool]]]) -> str:
    """A table; each cell says whether it is a number."""
    head = "".join(f"<th>{escaped(text)}</th>" for text in heads)
    body = "".join(
        "<tr>"
        + "".join(f"<td{' class=n' if is_number else ''}>{escaped(text)}</td>" for text, is_number in row)
        + "</tr>"
        for row in rows
    )
    return f"<div class='wide' tabindex='0'><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def _funnel(view: FeasibilityView, lang: Lang) -> str:
    if not view.losses or not view.patients:
        return ""
    bars = []
    for row, loss in enumerate(view.losses):
        y = row * (_BAR + 6)
        left, sure = (max(1, round(_WIDTH * count / view.patients)) for count in (loss.remaining, loss.certain))
        bars.append(f'<rect class="left" x="40" y="{y}" width="{left}" height="{_BAR}"/>')
        bars.append(f'<rect class="sure" x="40" y="{y + _BAR - 6}" width="{sure}" height="6"/>')
        bars.append(f'<text x="34" y="{y + 15}" text-anchor="end">{loss.number}</text>')
        bars.append(f'<text x="{min(left + 46, _WIDTH)}" y="{y + 15}">{grouped(loss.remaining, lang)}</text>')
    height = len(view.losses) * (_BAR + 6)
    label = escaped(said("funnel", lang))
    head = f'<svg class="chart" role="img" aria-label="{label}" viewBox="0 0 {_WIDTH + 120} {height}">'
    return f"{head}{''.join(bars)}</svg>"


def _losses(view: FeasibilityView, lang: Lang) -> str:
    heads = ["", said("col.criterion", lang), *(said(f"col.{name}", lang) for name in COLUMNS)]
    rows = [
        [
            (str(loss.number), True),
            (criterion(loss, lang) + (f" – “{loss.quote}”" if loss.quote else ""), False),
            *((grouped(getattr(loss, name), lang), True) for name in COLUMNS),
        ]
        for loss in view.losses
    ]
    return _table(heads, rows)


def _unread(view: FeasibilityView, lang: Lang) -> str:
    if not view.unread:
        return ""
    listed = "".join(f"<li>{number}. {escaped(text)}</li>" for number, text in view.unread)
    about = said("unread.about", lang, count=grouped(len(view.unread), lang))
    return f"<h2>{escaped(said('unread', lang))}</h2><p>{escaped(about)}</p><ul>{listed}</ul>"


def _curves(view: FeasibilityView, lang: Lang) -> str:
    if not view.curves:
        return ""
    parts = [f"<h2>{escaped(said('curves', lang))}</h2><p class='quiet'>{escaped(said('curves.about', lang))}</p>"]
    for curve in view.curves:
        patients = grouped(curve.now.without_conflict, lang)
        bound = bound_text(curve.drafted, lang)
        title = said("curve.now", lang, point=curve.point, label=curve.label, bound=bound, patients=patients)
        parts.append(f"<h3>{escaped(title)}</h3>{_chart(curve, lang, title)}")
        rows = [
            [
                (bound_text(point.bound, lang), True),
                (grouped(point.without_conflict, lang), True),
                (grouped(point.no_obstacle, lang), True),
                (said("drafted", lang) if point.bound == curve.drafted else "", False),
            ]
            for point in curve.points
        ]
        parts.append(_table([said("col.bound", lang), said("col.without", lang), said("col.clean", lang), ""], rows))
    return "".join(parts)


def _chart(curve: Curve, lang: Lang, title: str) -> str:
    low, high = curve.points[0].bound, curve.points[-1].bound
    most = max(point.without_conflict for point in curve.points) or 1

    def place(bound: int, count: int) -> str:
        x = 50 + round((_WIDTH - 60) * (bound - low) / max(1, high - low))
        return f"{x},{_HEIGHT - 30 - round((_HEIGHT - 50) * count / most)}"

    without = " ".join(place(point.bound, point.without_conflict) for point in curve.points)
    clean = " ".join(place(point.bound, point.no_obstacle) for point in curve.points)
    here = place(curve.drafted, 0).split(",")[0]
    bottom = _HEIGHT - 30
    return (
        f'<svg class="chart" role="img" aria-label="{escaped(title)}" viewBox="0 0 {_WIDTH} {_HEIGHT}">'
        f'<line class="axis" x1="50" y1="{bottom}" x2="{_WIDTH - 10}" y2="{bottom}"/>'
        f'<line class="mark" x1="{here}" y1="15" x2="{here}" y2="{bottom}"/>'
        f'<polyline class="line" points="{without}"/><polyline class="dashed" points="{clean}"/>'
        f'<text x="44" y="24" text-anchor="end">{grouped(most, lang)}</text><text x="44" y="{bottom}" '
        f'text-anchor="end">0</text><text x="50" y="{_HEIGHT - 10}">{bound_text(low, lang)}</text>'
        f'<text x="{_WIDTH - 10}" y="{_HEIGHT - 10}" text-anchor="end">{bound_text(high, lang)}</text></svg>'
    )
