"""Two sheets to draw on: the world and Italy, with their outlines as SVG paths.

The world is drawn in the Equal Earth projection (Šavrič, Patterson and Jenny, 2018), which shows areas in their true
proportion; Italy is so small that degrees of longitude are merely shortened by the cosine of its middle latitude.
"""

import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from cartella.places.countries import DATA
from cartella.places.points import Point

SheetName = Literal["world", "italy"]

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_MIDDLE_OF_ITALY = 42.0
_ITALY_BOX = 6.3, 36.4, 18.8, 47.2
_WORLD_BOX = -170.0, -56.0, 179.9, 78.0
_STEPS = 100.0
"""Units of the outlines in a degree."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A map without anything on it.

    `width` and `height` are the sheet's units, `land` and `lines` SVG paths in them (the coasts; the borders of
    countries, or Italy's regions). `place` says where on the sheet a point is.
    """

    name: SheetName
    width: int
    height: int
    land: str
    lines: str
    place: Callable[[Point], tuple[float, float]]

    def shows(self, point: Point) -> bool:
        """Whether the point lies on the sheet."""
        across, down = self.place(point)
        return 0 <= across <= self.width and 0 <= down <= self.height


@cache
def sheet(name: SheetName) -> Sheet:
    """The sheet of that name."""
    if name == "world":
        return _sheet(name, 1000, _equal_earth, _WORLD_BOX, ("land",), ("lines",))
    return _sheet(name, 640, _shortened, _ITALY_BOX, ("land",), ("regions",))


def _sheet(
    name: SheetName,
    width: int,
    projected: Callable[[float, float], tuple[float, float]],
    box: tuple[float, float, float, float],
    land: Iterable[str],
    lines: Iterable[str],
) -> Sheet:
    west, south, east, north = box
    left, right = projected(west, 0 if name == "world" else south)[0], projected(east, 0)[0]
    if name == "italy":
        left, right = projected(west, _MIDDLE_OF_ITALY)[0], projected(east, _MIDDLE_OF_ITALY)[0]
    top, bottom = projected(0, north)[1], projected(0, south)[1]
    scale = width / (right - left)

    def on_sheet(longitude: float, latitude: float) -> tuple[float, float]:
        across, up = projected(longitude, latitude)
        return (across - left) * scale, (top - up) * scale

    def place(point: Point) -> tuple[float, float]:
        return on_sheet(point.longitude, point.latitude)

    drawn = _outlines()[name]
    return Sheet(
        name,
        width,
        math.ceil((top - bottom) * scale),
        _path((line for kind in land for line in drawn[kind]), on_sheet, "z"),
        _path((line for kind in lines for line in drawn[kind]), on_sheet, "z" if name == "italy" else ""),
        place,
    )


def _equal_earth(longitude: float, latitude: float) -> tuple[float, float]:
    slanted = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    square = slanted * slanted
    sixth = square**3
    across = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(slanted)
    across /= 3 * (9 * _A4 * sixth * square + 7 * _A3 * sixth + 3 * _A2 * square + _A1)
    return across, slanted * (_A4 * sixth * square + _A3 * sixth + _A2 * square + _A1)


def _shortened(longitude: float, latitude: float) -> tuple[float, float]:
    return longitude * math.cos(math.radians(_MIDDLE_OF_ITALY)), latitude


def _path(outlines: Iterable[Sequence[int]], on_sheet: Callable[[float, float], tuple[float, float]], end: str) -> str:
    """The outlines in whole units of the sheet: each a first point and the steps from it."""
    parts = []
    for outline in outlines:
        longitude, latitude = outline[0], outline[1]
        points = [(longitude, latitude)]
        for step_east, step_north in zip(outline[2::2], outline[3::2], strict=True):
            longitude, latitude = longitude + step_east, latitude + step_north
            points.append((longitude, latitude))
        whole = [tuple(round(n) for n in on_sheet(east / _STEPS, north / _STEPS)) for east, north in points]
        steps, last = [], whole[0]
        for point in whole[1:]:
            if point != last:
                steps.append(_step(point[0] - last[0], point[1] - last[1]))
                last = point
        if steps:
            parts.append(f"M{whole[0][0]} {whole[0][1]}l{''.join(steps).strip()}{end}")
    return "".join(parts)


def _step(across: int, down: int) -> str:
    return f"{'' if across < 0 else ' '}{across}{'' if down < 0 else ' '}{down}"


@cache
def _outlines() -> dict[str, dict[str, list[list[int]]]]:
    content: dict[str, dict[str, list[list[int]]]] = json.loads((DATA / "borders.json").read_text(encoding="utf-8"))
    return content
