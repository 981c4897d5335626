"""When and where a picture says it was taken: what the camera wrote, if it wrote anything. Pure.

Cameras have wrong clocks and phones leave the place out; what is missing says nothing at all.
"""

import math
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

from PIL import ExifTags, Image

EARLIEST = date(2005, 1, 1)
"""A clock that was never set says something before this."""
EARTH = 6371.0088
"""Mean radius in km."""
MICRO = 1_000_000
PARTS = 3
"""Degrees, minutes, seconds."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the earth, in millionths of a degree."""

    latitude: int
    longitude: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What the camera wrote."""

    at: datetime | None
    """By the camera's own clock, without a zone."""
    place: Place | None


NOTHING = Taken(None, None)


def taken(file: BinaryIO) -> Taken:
    """What the original says; nothing where it says nothing or cannot be read."""
    file.seek(0)
    try:
        with Image.open(file) as picture:
            exif = picture.getexif()
            inner = exif.get_ifd(ExifTags.IFD.Exif)
            where = exif.get_ifd(ExifTags.IFD.GPSInfo)
    except (OSError, SyntaxError, ValueError, KeyError, TypeError):
        # Metadata that cannot be read are metadata that are not there.
        return NOTHING
    said = inner.get(ExifTags.Base.DateTimeOriginal) or inner.get(ExifTags.Base.DateTimeDigitized)
    return Taken(_instant(said), _place(where))


def _instant(said: object) -> datetime | None:
    if not isinstance(said, str):
        return None
    try:
        found = datetime.strptime(said.strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007  # has no zone
    except ValueError:
        return None
    return found if found.date() >= EARLIEST else None


def _place(where: dict[int, Any]) -> Place | None:
    latitude = _degrees(where.get(ExifTags.GPS.GPSLatitude), where.get(ExifTags.GPS.GPSLatitudeRef))
    longitude = _degrees(
        where.get(ExifTags.GPS.GPSLongitude), where.get(ExifTags.GPS.GPSLongitudeRef)
    )
    # 0, 0 is what a receiver without a fix writes.
    if latitude is None or longitude is None or latitude == longitude == 0:
        return None
    if abs(latitude) > 90 * MICRO or abs(longitude) > 180 * MICRO:
        return None
    return Place(latitude, longitude)


def _degrees(parts: object, side: object) -> int | None:
    if not isinstance(parts, tuple) or len(parts) != PARTS:
        return None
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
        found = round((degrees + minutes / 60 + seconds / 3600) * MICRO)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return -found if str(side).strip("\0 ").upper() in {"S", "W"} else found


def kilometres(one: Place, other: Place) -> float:
    """The distance over the ground."""
    p, q = (math.radians(each.latitude / MICRO) for each in (one, other))
    turn = math.radians((other.longitude - one.longitude) / MICRO)
    half = math.sin((q - p) / 2) ** 2 + math.cos(p) * math.cos(q) * math.sin(turn / 2) ** 2
    return 2 * EARTH * math.asin(math.sqrt(min(1.0, half)))
