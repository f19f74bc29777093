"""Bar charts as SVG, drawn by Vega-Lite on the server, so that nothing has to run in the browser.

The drawing is taken over without colours, fonts and roles: those are the style sheet's, which knows the reader's
colour scheme, and the page names the chart. A table beside it says the same.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import vl_convert

_WIDTH = 340
_ROW = 24
_FONT = "Liberation Sans"  # comes with the library, so that labels are measured alike on every machine
_SIZE = 12
_PAINT = re.compile(
    r" (?:fill|stroke|stroke-width|opacity|font-family|font-weight|pointer-events|aria-\w+|role|stroke-miterlimit"
    r'|xmlns:xlink|version)="[^"]*"'
)
_UNSEEN = re.compile(r'<path class="(?:background|foreground)"[^>]*/>')
_LONG_NUMBERS = re.compile(r"(\d+\.\d)\d+")


@lru_cache(maxsize=32)
def chart(upright: bool, labels: tuple[str, ...], values: tuple[int, ...], thousands: str) -> str:
    """Bars with their numbers: upright for a course in time, else lying. `thousands` parts the thousands.

    The same numbers give the same bytes.
    """
    rows = [
        {"label": label, "number": value, "told": f"{value:,}".replace(",", thousands)}
        for label, value in zip(labels, values, strict=True)
    ]
    name: dict[str, Any] = {"field": "label", "type": "nominal", "sort": None, "title": None}
    number: dict[str, Any] = {"field": "number", "type": "quantitative", "title": None, "axis": None}
    across, up = (name, number) if upright else (number, name)
    told = {"type": "text", "dy": -8} if upright else {"type": "text", "align": "left", "dx": 6}
    specification = {
        "width": _WIDTH if upright else _WIDTH - 120,
        "height": 170 if upright else {"step": _ROW},
        "data": {"values": rows},
        "encoding": {"x": {**across, **({"axis": {"labelAngle": -60}} if upright else {})}, "y": up},
        "layer": [
            {"mark": {"type": "bar", "aria": False}},
            {"mark": {**told, "aria": False}, "encoding": {"text": {"field": "told", "type": "nominal"}}},
        ],
        "config": {
            "aria": False,
            "background": None,
            "padding": 12,
            "font": _FONT,
            "view": {"stroke": None},
            "text": {"fontSize": _SIZE},
            "axis": {"labelFontSize": _SIZE, "labelLimit": 200, "domain": False, "ticks": False, "grid": False},
        },
    }
    drawn = vl_convert.vegalite_to_svg(specification)
    plain = _LONG_NUMBERS.sub(r"\1", _PAINT.sub("", _UNSEEN.sub("", drawn)))
    size = re.search(r'width="([\d.]+)" height="([\d.]+)"', plain)
    if size is not None:
        plain = plain.replace(f" {size.group(0)}", "", 1)
    return plain
