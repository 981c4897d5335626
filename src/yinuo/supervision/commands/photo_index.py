"""The index of pictures: prints of what is handed in, and what is like it in the whole history.

A picture that cannot be looked at is kept with its reason and counted on the page; the very same
file is still found, because that needs no decoding.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import numpy as np
from django.db import connection

from yinuo.commitments.reported import HandedIn, Reporting, pictures
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.filestore import FileMissing, FileStore
from yinuo.supervision.doubt_life import DoubtKind, Spotted
from yinuo.supervision.doubt_limits import Limits
from yinuo.supervision.models import Photo, PhotoHash, PhotoUse
from yinuo.supervision.photos.bands import bands, probes, signed, unsigned
from yinuo.supervision.photos.camera import NOTHING, Place, Taken, kilometres, taken
from yinuo.supervision.photos.prints import Print, print_of

ROWS_A_STATEMENT = 500
MOST_OTHERS = 20
"""Further uses of a picture that are named in one doubt."""
LONGEST_FAULT = 200
LEAST_PLACES = 2
"""Other photos that must agree on a place before one is asked about."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Prepared:
    """What was found in the bytes of one picture."""

    print: Print | None
    flat: bool
    taken: Taken
    fault: str


def prepare(handed: Iterable[HandedIn], *, store: FileStore, limits: Limits) -> dict[str, Prepared]:
    """SHA-256 → what is in it, for pictures that the index does not know; touches no row."""
    wanted = {one.sha256 for one in handed}
    known = Photo.objects.filter(sha256__in=wanted).values_list("sha256", flat=True)
    return {
        sha256: read_picture(sha256, store=store, least=int(limits.photo_cells))
        for sha256 in sorted(wanted.difference(known))
    }


def read_picture(sha256: str, *, store: FileStore, least: int) -> Prepared:
    """Decode one picture; whatever is wrong with it is said and kept, not raised."""
    try:
        with store.open(sha256) as file:
            when = taken(file)
            made = print_of(file)
    except FileMissing as error:
        return Prepared(
            None, flat=False, taken=NOTHING, fault=f"文件{error.what.partition('…')[2].strip()}"
        )
    except YinuoError as error:
        return Prepared(None, flat=False, taken=NOTHING, fault=error.what)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  # a decoder raises whatever it stumbles over
        log.warning("picture %s cannot be looked at: %r", sha256, error)
        return Prepared(None, flat=False, taken=NOTHING, fault="图片解不开，无法提取指纹")
    return Prepared(made, flat=made.is_flat(least), taken=when, fault="")


def keep_photos(ready: Mapping[str, Prepared]) -> None:
    """Write the rows of pictures that are not there yet."""
    known = set(Photo.objects.filter(sha256__in=ready).values_list("sha256", flat=True))
    for sha256 in sorted(ready.keys() - known):
        one = ready[sha256]
        photo = Photo.objects.create(
            sha256=sha256,
            cells=one.print.cells if one.print else 0,
            flat=one.flat,
            fault=one.fault[:LONGEST_FAULT],
            taken_at=one.taken.at.isoformat() if one.taken.at else "",
            latitude=one.taken.place.latitude if one.taken.place else None,
            longitude=one.taken.place.longitude if one.taken.place else None,
        )
        if one.print is not None and not one.flat:
            hashes = dict.fromkeys(one.print.hashes[1:], False) | {one.print.whole: True}
            PhotoHash.objects.bulk_create(
                [_hash_row(photo.pk, bits, whole=whole) for bits, whole in hashes.items()]
            )


def _hash_row(photo: int, bits: int, *, whole: bool) -> PhotoHash:
    split = bands(bits)
    return PhotoHash(
        photo_id=photo,
        whole=whole,
        bits=signed(bits),
        band0=split[0],
        band1=split[1],
        band2=split[2],
        band3=split[3],
    )


# ── matching ─────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Matches:
    """Pictures like one picture."""

    near: dict[int, tuple[int, bool]] = field(default_factory=dict)
    """Number of the photo → distance, and whether one is like a part of the other."""
    skipped: int = 0
    """Values of bands that so many share that they were not looked at."""

    def note(self, photo: int, apart: int, *, crop: bool) -> None:
        """Keep the closest way in which a photo is like it; the whole before a part."""
        before = self.near.get(photo)
        if before is None or (crop, apart) < (before[1], before[0]):
            self.near[photo] = (apart, crop)

    def note_all(self, rows: "Rows", hashes: Sequence[int], *, most: int, crop: bool) -> None:
        """Keep those of these rows that are within a distance of one of these hashes."""
        bits = rows[:, 0].astype(np.uint64)
        for each in hashes:
            apart = np.bitwise_count(bits ^ np.uint64(each))
            for place in np.flatnonzero(apart <= most):
                self.note(int(rows[place, 1]), int(apart[place]), crop=crop)


def match(whole: int, parts: Sequence[int], *, limits: Limits) -> Matches:
    """Every picture in the index that is like this one, or is a part of it, or it of that.

    See `photos.bands` for why none within reach is missed.
    """
    found = Matches()
    near, crop = int(limits.photo_distance), int(limits.photo_crop_distance)
    wholes, others = _candidates([whole], only_wholes=False, found=found, limits=limits)
    found.note_all(wholes, [whole], most=near, crop=False)
    found.note_all(others, [whole], most=crop, crop=True)
    wholes, _ = _candidates(parts, only_wholes=True, found=found, limits=limits)
    found.note_all(wholes, parts, most=crop, crop=True)
    return found


Rows: TypeAlias = "np.ndarray[tuple[int, ...], np.dtype[np.int64]]"
"""Bits (signed) and number of the photo, a row each."""


def _candidates(
    hashes: Sequence[int], *, only_wholes: bool, found: Matches, limits: Limits
) -> tuple[Rows, Rows]:
    """All that stand under one of the values of a band: of whole pictures, and of parts.

    What too many share is left out and counted: a band that is like everything says nothing. Plain
    SQL: it asks for a thousand rows, and the building of objects would take longer than finding.
    """
    which = "whole IN (TRUE)" if only_wholes else "whole IN (TRUE, FALSE)"
    wanted = probes(hashes)
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT {number}, band{number}, COUNT(*) FROM supervision_photohash "  # noqa: S608  # numbers of ours
                f"WHERE {which} AND band{number} IN ({_listed(values)}) GROUP BY band{number}"
                for number, values in enumerate(wanted)
            )
        )
        sizes = cursor.fetchall()
        there: list[list[int]] = [[] for _ in wanted]
        for number, value, size in sizes:
            if size > limits.photo_crowd:
                found.skipped += 1
            else:
                there[number].append(value)
        selects = [
            f"SELECT bits, photo_id, whole FROM supervision_photohash "  # noqa: S608  # as above
            f"WHERE {which} AND band{number} IN ({_listed(values)})"
            for number, values in enumerate(there)
            if values
        ]
        rows: list[tuple[int, int, int]] = []
        if selects:
            cursor.execute(" UNION ALL ".join(selects))
            rows = cursor.fetchall()
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    is_whole = table[:, 2] == 1
    return table[is_whole, :2], table[~is_whole, :2]


def _listed(values: Sequence[int]) -> str:
    return ", ".join(map(str, values))


# ── what is worth a question ─────────────────────────────────────────────────────────────────────


def use_photos(
    handed: Sequence[HandedIn], known: Mapping[str, Reporting], limits: Limits
) -> list[Spotted]:
    """Note that these pictures were handed in, in this order, and what is odd about each."""
    rows = Photo.objects.filter(sha256__in={one.sha256 for one in handed})
    photos = {row.sha256: row for row in rows}
    seen = set(
        PhotoUse.objects.filter(evidence__in=[one.code for one in handed]).values_list(
            "evidence_id", flat=True
        )
    )
    found: list[Spotted] = []
    for one in handed:
        photo = photos[one.sha256]
        for spotted in (
            _reused(one, photo, limits),
            _wrong_time(one, photo, known, limits),
            _wrong_place(one, photo, limits),
        ):
            found += [spotted] if spotted else []
        if one.code not in seen:
            PhotoUse.objects.create(evidence_id=one.code, photo=photo)
    return found


def _hashes(photo: Photo) -> tuple[int | None, list[int]]:
    rows = PhotoHash.objects.filter(photo=photo).values_list("bits", "whole")
    hashes = [(unsigned(bits), whole) for bits, whole in rows]
    whole = next((bits for bits, is_whole in hashes if is_whole), None)
    return whole, [bits for bits, is_whole in hashes if not is_whole]


def _reused(one: HandedIn, photo: Photo, limits: Limits) -> Spotted | None:
    """The same picture, or one like it, that was handed in before with something else."""
    whole, parts = _hashes(photo)
    found = Matches() if whole is None else match(whole, parts, limits=limits)
    near = {**found.near, photo.pk: (0, False)}
    uses = PhotoUse.objects.filter(photo__in=near).exclude(evidence=one.code)
    by_code = dict(uses.values_list("evidence_id", "photo_id"))
    others: list[tuple[int, str, HandedIn]] = []
    for code, other in pictures(by_code).items():
        apart, crop = near[by_code[code]]
        exact = by_code[code] == photo.pk
        if _is_another(one, other, apart if not crop else None, exact=exact, limits=limits):
            others.append((apart, code, other))
    if not others:
        return None
    others.sort(key=lambda each: (each[0], each[1]))
    apart, code, _other = others[0]
    return Spotted(
        kind=DoubtKind.PHOTO_REUSED,
        key=f"photo_reused:{one.code}",
        commitment=one.commitment,
        facts={
            "photo": one.code,
            "other": code,
            "exact": by_code[code] == photo.pk,
            "distance": apart,
            "crop": near[by_code[code]][1],
            "more": [each for _, each, _ in others[1 : MOST_OTHERS + 1]],
            "count": len(others),
            "skipped": found.skipped,
        },
    )


def _is_another(
    one: HandedIn, other: HandedIn, apart: int | None, *, exact: bool, limits: Limits
) -> bool:
    """Whether a like picture is worth a question.

    Not within one report, not under a task and the one it is a part of, and of one commitment only
    what is more alike than photos from one spot are each month.
    `apart` is the distance of the wholes; None where one is like a part of the other.
    """
    if one.belongs_to == other.belongs_to:
        return False
    if one.commitment in (other.commitment, other.parent) or one.parent == other.commitment:
        same = one.commitment == other.commitment
        close = exact or (apart is not None and apart <= limits.photo_same_distance)
        return same and close
    return True


def _wrong_time(
    one: HandedIn, photo: Photo, known: Mapping[str, Reporting], limits: Limits
) -> Spotted | None:
    """Taken before the time that the report is about, or after its day."""
    if not photo.taken_at:
        return None
    day = datetime.fromisoformat(photo.taken_at).date()
    first, last = None, one.delivered_date
    if one.report:
        number = int(one.report.rpartition("/R")[2])
        days = dict(known[one.commitment].days) if one.commitment in known else {}
        last = days.get(number)
        earlier = [each for n, each in days.items() if n < number and last and each < last]
        first = max(earlier, default=None)
    early = first is not None and day < first - timedelta(days=int(limits.photo_before))
    late = last is not None and day > last + timedelta(days=int(limits.photo_after))
    if not (early or late):
        return None
    return Spotted(
        kind=DoubtKind.PHOTO_TIME,
        key=f"photo_time:{one.code}",
        commitment=one.commitment,
        facts={
            "photo": one.code,
            "taken": photo.taken_at,
            "from": first.isoformat() if first else "",
            "to": last.isoformat() if last else "",
            "early": early,
        },
    )


def _place(row: Photo | Mapping[str, Any]) -> Place | None:
    latitude, longitude = (
        (row.latitude, row.longitude)
        if isinstance(row, Photo)
        else (row["photo__latitude"], row["photo__longitude"])
    )
    return None if latitude is None or longitude is None else Place(latitude, longitude)


def _wrong_place(one: HandedIn, photo: Photo, limits: Limits) -> Spotted | None:
    """Far from where the other photos of the commitment were taken, which agree on a place."""
    here = _place(photo)
    if here is None:
        return None
    uses = PhotoUse.objects.filter(
        evidence__commitment=one.commitment, photo__latitude__isnull=False
    ).exclude(evidence=one.code)
    others: defaultdict[str, Place] = defaultdict()
    for row in uses.exclude(photo=photo).values(
        "evidence_id", "photo__latitude", "photo__longitude"
    ):
        place = _place(row)
        if place is not None:
            others[row["evidence_id"]] = place
    spots = list(others.values())
    far = float(limits.photo_kilometres)
    if len(spots) < LEAST_PLACES or any(kilometres(spots[0], s) > far for s in spots[1:]):
        return None
    nearest = min(others, key=lambda code: kilometres(here, others[code]))
    apart = kilometres(here, others[nearest])
    if apart <= far:
        return None
    return Spotted(
        kind=DoubtKind.PHOTO_PLACE,
        key=f"photo_place:{one.code}",
        commitment=one.commitment,
        facts={
            "photo": one.code,
            "other": nearest,
            "kilometres": round(apart),
            "agreeing": len(spots),
        },
    )
