"""Distances: known pairs, symmetry, whole numbers, and points that cannot be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartella.places import Point, distance_km

points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(
    ("a", "b", "low", "high"),
    [
        (Point(45.464, 9.190), Point(41.892, 12.511), 470, 485),  # Milan to Rome
        (Point(45.464, 9.190), Point(48.137, 11.575), 345, 355),  # Milan to Munich
        (Point(0, 179.9), Point(0, -179.9), 22, 23),  # across the date line
        (Point(90, 0), Point(-90, 0), 20015, 20016),  # pole to pole
    ],
)
def test_known_distances(a: Point, b: Point, low: int, high: int) -> None:
    assert low <= distance_km(a, b) <= high


@given(points, points)
def test_distance_is_a_whole_symmetric_number_no_longer_than_half_the_earth(a: Point, b: Point) -> None:
    distance = distance_km(a, b)
    assert isinstance(distance, int)
    assert distance == distance_km(b, a)
    assert 0 <= distance <= 20016
    assert distance_km(a, a) == 0


def test_exchanged_coordinates_are_refused_with_a_hint() -> None:
    with pytest.raises(ValueError, match="exchanged"):
        Point(112.0, 37.0)
