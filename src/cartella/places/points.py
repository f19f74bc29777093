"""Points on the earth and the distance between them."""

import math
from dataclasses import dataclass

_EARTH_RADIUS_KM = 6371.0088  # mean radius of the WGS 84 ellipsoid (IUGG)


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the earth in degrees (WGS 84); north and east are positive."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise ValueError(
                f"a point is latitude -90 to 90 and longitude -180 to 180, not {self.latitude}, {self.longitude}; "
                "check that the two are not exchanged"
            )


def distance_km(a: Point, b: Point) -> int:
    """The great-circle distance in whole kilometres, half a kilometre rounded up.

    It is the distance as the crow flies between two towns: no road, no ferry, no time.
    """
    north_a, north_b = math.radians(a.latitude), math.radians(b.latitude)
    half_north = math.sin((north_b - north_a) / 2)
    half_east = math.sin(math.radians(b.longitude - a.longitude) / 2)
    chord = half_north * half_north + math.cos(north_a) * math.cos(north_b) * half_east * half_east
    return math.floor(2 * _EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, chord))) + 0.5)
