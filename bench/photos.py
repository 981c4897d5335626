"""Photos handed in twice: what is found, what is found wrongly, and how fast among 1 M hashes.

    .venv/bin/python bench/photos.py --hashes 1000000 --scenes 300

First on drawn scenes (`tests/supervision/scenes.py`): each is changed as people change pictures,
and a change counts as found if its print is within the shipped distances of the original's. Every
pair of different scenes that is within them is a false match. Drawn scenes are simpler than photos
and unlike one another; real sites photographed from one spot every month are not in here.

Then one upload, a hash of the whole and ten of parts, against a table of hashes of which one in
eleven is of a whole picture. The hashes come from made-up tiny pictures with gradients and blocks,
so that their bits hang together as those of photos do. Beside the index:

    SQL scan       the same two questions asked of every row: the floor. SQLite counts bits with a
                   function of ours, PostgreSQL with its own
    numpy, read    every hash read out of the database, then counted in numpy: what a process does
                   that keeps nothing in memory, as ours
    numpy, held    the same with all hashes in memory already: a process that does nothing else

Nothing may be found by the index that the others do not find; what it leaves out, because a band is
shared by too many, is counted.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeAlias

HOME = tempfile.TemporaryDirectory(prefix="yinuo-bench-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinuo.project.settings")
os.environ["YINUO_HOME"] = HOME.name
sys.path.insert(0, str(Path(__file__).parents[1]))

import django  # noqa: E402

django.setup()

import numpy as np  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from PIL import Image  # noqa: E402

from tests.supervision.scenes import CHANGES, cropped, printed, scene  # noqa: E402
from yinuo.kernel.content import content_dir  # noqa: E402
from yinuo.supervision.commands.photo_index import Matches, match  # noqa: E402
from yinuo.supervision.doubt_limits import Limits  # noqa: E402
from yinuo.supervision.doubt_table import NAME, limits_of  # noqa: E402
from yinuo.supervision.models import Photo, PhotoHash  # noqa: E402
from yinuo.supervision.photos.bands import WIDTH, distance, signed, unsigned  # noqa: E402
from yinuo.supervision.photos.prints import HIGH, PARTS, WIDE, Print  # noqa: E402

FIRST_DAY = date(2024, 3, 1)
EACH = len(PARTS)
FLIPPED = 0.6
Bits: TypeAlias = "np.ndarray[tuple[int, ...], np.dtype[np.uint64]]"


def limits() -> Limits:
    """The shipped thresholds."""
    found, faults = limits_of((content_dir() / NAME).read_bytes(), on=FIRST_DAY)
    if found is None:
        raise SystemExit("；".join(faults))
    return found


def alike(left: Print, right: Print, by: Limits) -> bool:
    """Whether the index would give one for the other."""
    crop = min(
        *(distance(left.whole, each) for each in right.hashes[1:]),
        *(distance(right.whole, each) for each in left.hashes[1:]),
    )
    return distance(left.whole, right.whole) <= by.photo_distance or crop <= by.photo_crop_distance


# ── what is found ────────────────────────────────────────────────────────────────────────────────


def noise(seed: int) -> Image.Image:
    """A picture of coarse noise, as gravel or leaves."""
    by = np.random.default_rng(seed)
    grains = by.integers(0, 256, (18, 24, 3), dtype=np.uint8)
    fine = by.integers(0, 60, (240, 320, 3), dtype=np.uint8)
    coarse = np.asarray(Image.fromarray(grains).resize((320, 240)), dtype=np.uint8)
    return Image.fromarray((coarse // 5 * 4 + fine // 2).astype(np.uint8))


def any_crop(low: float, high: float) -> Callable[[Image.Image], Image.Image]:
    """Take a random share between these off each dimension, anywhere."""
    by = random.Random(11)

    def change(image: Image.Image) -> Image.Image:
        across, down = by.uniform(low, high), by.uniform(low, high)
        left, top = across * by.random(), down * by.random()
        return cropped(image, left, top, across - left, down - top)

    return change


def find(number: int, by: Limits) -> None:
    """Recall under each change, and false matches."""
    scenes = [scene(seed) for seed in range(number)]
    prints = [printed(each) for each in scenes]
    changes = {
        "recompressed": lambda image: image,
        **CHANGES,
        "random crop up to 5 %": any_crop(0.0, 0.05),
        "random crop 5–10 %": any_crop(0.05, 0.10),
        "random crop 10–15 %": any_crop(0.10, 0.15),
    }
    print(f"found again, of {number} drawn scenes, as JPEG of quality 50:")
    for name, change in changes.items():
        again = [printed(change(each), quality=50) for each in scenes]
        found = sum(alike(one, other, by) for one, other in zip(again, prints, strict=True))
        print(f"  {name:24s} {found / number:6.1%}")
    noisy = [printed(noise(seed)) for seed in range(number)]
    for what, some in (("scenes", prints), ("noise", noisy)):
        wrong = pairs = 0
        for place, one in enumerate(some):
            for other in some[:place]:
                pairs += 1
                wrong += alike(one, other, by)
        print(f"false matches among {what}: {wrong} of {pairs:,} pairs")
    sky = [Image.linear_gradient("L").resize((640, 480)).point(lambda v: 180 + v // 16)]
    sky.append(Image.new("RGB", (640, 480), (250, 250, 248)))
    flat = sum(printed(each).is_flat(int(by.photo_cells)) for each in sky)
    kept = sum(not each.is_flat(int(by.photo_cells)) for each in prints)
    print(f"known as flat: {flat} of {len(sky)} skies and walls; scenes kept: {kept} of {number}")


# ── how fast ─────────────────────────────────────────────────────────────────────────────────────


def made_up(number: int) -> Bits:
    """Hashes of whole tiny pictures: gradients, blocks and a little noise."""
    by = np.random.default_rng(3)
    rows, columns = np.mgrid[0:HIGH, 0:WIDE]
    tiny = by.normal(0, 10, (number, 1, 1)) * rows + by.normal(0, 6, (number, 1, 1)) * columns
    tiny = tiny + by.normal(0, 4, (number, HIGH, WIDE))
    for _ in range(6):
        top, left = by.integers(0, HIGH, (number, 1, 1)), by.integers(0, WIDE, (number, 1, 1))
        down, across = by.integers(1, 5, (number, 1, 1)), by.integers(1, 5, (number, 1, 1))
        inside = (rows >= top) & (rows < top + down) & (columns >= left) & (columns < left + across)
        tiny = tiny + inside * by.normal(0, 50, (number, 1, 1))
    bits = (tiny[:, :, 1:] > tiny[:, :, :-1]).reshape(number, -1)
    packed = np.packbits(bits, axis=1).view(">u8").astype(np.uint64)
    return packed.reshape(-1)


def parts_of(wholes: Bits) -> Bits:
    """Ten hashes beside each, 4 to 16 bits away."""
    by = np.random.default_rng(4)
    flips = np.zeros((len(wholes), EACH - 1), dtype=np.uint64)
    for _ in range(16):
        place = by.integers(0, 64, flips.shape).astype(np.uint64)
        flips ^= np.where(by.random(flips.shape) < FLIPPED, np.uint64(1) << place, np.uint64(0))
    found: Bits = wholes[:, None] ^ flips
    return found


def fill(number: int) -> tuple[Bits, Bits, Bits]:
    """The table of hashes; (hashes, photo of each, whether of a whole)."""
    photos = number // EACH
    wholes = made_up(photos)
    every = np.concatenate([wholes[:, None], parts_of(wholes)], axis=1)
    with transaction.atomic():
        Photo.objects.bulk_create(
            (Photo(pk=n + 1, sha256=f"{n:064x}") for n in range(photos)), batch_size=2_000
        )
        mask = (1 << WIDTH) - 1
        rows = (
            (n + 1, place == 0, signed(bits), *(bits >> b * WIDTH & mask for b in range(4)))
            for n, some in enumerate(every.tolist())
            for place, bits in enumerate(some)
        )
        columns = "photo_id, whole, bits, band0, band1, band2, band3"
        with connection.cursor() as cursor:
            while some := [row for row, _ in zip(rows, range(20_000), strict=False)]:
                cursor.executemany(
                    f"INSERT INTO supervision_photohash ({columns}) "  # noqa: S608
                    "VALUES (%s, %s, %s, %s, %s, %s, %s)",
                    some,
                )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    photo = np.repeat(np.arange(1, photos + 1, dtype=np.uint64), EACH)
    whole = np.tile(np.array([1] + [0] * (EACH - 1), dtype=np.uint64), photos)
    return every.reshape(-1), photo, whole


Question = tuple[int, list[int]]


def uploads(every: Bits, number: int) -> list[tuple[Question, int]]:
    """Half of them like a picture in the table, a few bits away, whose number stands beside it.

    The others are like none, and have 0.
    """
    by = random.Random(9)
    fresh = made_up(len(every) // EACH + number)[-number:]
    found = []
    for n in range(number):
        source = by.randrange(len(every) // EACH) + 1 if n % 2 else 0
        whole = int(every[(source - 1) * EACH]) if source else int(fresh[n])
        for _ in range(by.randint(0, 4)):
            whole ^= 1 << by.randrange(64)
        parts = parts_of(np.array([whole], dtype=np.uint64))[0]
        found.append(((whole, [int(each) for each in parts]), source))
    return found


def by_index(question: Question, by: Limits) -> set[int]:
    """Ours."""
    found: Matches = match(question[0], question[1], limits=by)
    return set(found.near)


def held(every: Bits, photo: Bits, whole: Bits) -> Callable[[Question, Limits], set[int]]:
    """Every hash in memory."""
    wholes, numbers = every[whole == 1], photo[whole == 1]

    def ask(question: Question, by: Limits) -> set[int]:
        near, crop = int(by.photo_distance), int(by.photo_crop_distance)
        apart = np.bitwise_count(every ^ np.uint64(question[0]))
        hit = set(photo[apart <= np.where(whole == 1, near, crop)].tolist())
        for part in question[1]:
            apart = np.bitwise_count(wholes ^ np.uint64(part))
            hit |= set(numbers[apart <= crop].tolist())
        return hit

    return ask


def read(question: Question, by: Limits) -> set[int]:
    """Every hash read first."""
    rows = PhotoHash.objects.values_list("bits", "photo_id", "whole")
    table = np.array(list(rows.iterator(chunk_size=20_000)), dtype=np.int64)
    every = table[:, 0].view(np.uint64) if table.flags.c_contiguous else table[:, 0].astype("u8")
    return held(every, table[:, 1].astype("u8"), table[:, 2].astype("u8"))(question, by)


def sql_scan(question: Question, by: Limits) -> set[int]:
    """Every row asked by the database."""
    near, crop = int(by.photo_distance), int(by.photo_crop_distance)
    apart = "bits_apart(bits, %s)"
    if connection.vendor == "postgresql":
        apart = "bit_count((bits # %s)::bit(64))"
    hit: set[int] = set()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT photo_id FROM supervision_photohash WHERE {apart} <= "  # noqa: S608
            "CASE WHEN whole THEN %s ELSE %s END",
            [signed(question[0]), near, crop],
        )
        hit |= {row[0] for row in cursor.fetchall()}
        for part in question[1]:
            cursor.execute(
                f"SELECT photo_id FROM supervision_photohash WHERE whole AND {apart} <= %s",  # noqa: S608
                [signed(part), crop],
            )
            hit |= {row[0] for row in cursor.fetchall()}
    return hit


def race(hashes: int, by: Limits) -> None:
    """The four, each asked in turn."""
    began = time.perf_counter()
    every, photo, whole = fill(hashes)
    print(
        f"\n{len(every):,} hashes of {len(every) // EACH:,} pictures on {connection.vendor}, "
        f"written in {time.perf_counter() - began:.0f} s"
    )
    if connection.vendor == "sqlite":
        connection.connection.create_function(
            "bits_apart",
            2,
            lambda a, b: (unsigned(a) ^ unsigned(b)).bit_count(),
            deterministic=True,
        )
        size = Path(str(connection.settings_dict["NAME"])).stat().st_size
        print(f"database {size / 1e6:.0f} MB, indexes included")
    ways = {
        "banded index (ours)": (by_index, 60),
        "numpy, held": (held(every, photo, whole), 60),
        "numpy, read": (read, 4),
        "SQL scan (floor)": (sql_scan, 3),
    }
    given = uploads(every, 60)
    asked = [question for question, _ in given]
    answers = [by_index(each, by) for each in asked]
    took: dict[str, float] = {}
    missed: dict[str, int] = {}
    for name, (way, times) in ways.items():
        spans = []
        for question, answer in list(zip(asked, answers, strict=True))[:times]:
            start = time.perf_counter()
            found = way(question, by)
            spans.append(time.perf_counter() - start)
            if not answer <= found:
                raise SystemExit(f"{name} lacks what the index found: {answer - found}")
            missed[name] = missed.get(name, 0) + len(found - answer)
        took[name] = statistics.median(spans)
        longest = max(spans)
        ratio = took[name] / took["banded index (ours)"]
        print(
            f"  {name:22s} median {took[name] * 1e3:9.1f} ms  longest {longest * 1e3:9.1f} ms  "
            f"{ratio:7.1f} × ours"
        )
    sources = [(source, answer) for (_, source), answer in zip(given, answers, strict=True)]
    known = sum(source in answer for source, answer in sources if source)
    print(f"  {known} of {sum(source > 0 for source, _ in sources)} originals found by the index")
    hits = sum(len(answer) for answer in answers)
    print(
        f"  {hits} matches of {len(asked)} uploads; {missed['numpy, held']} more are only found by "
        f"a full scan, because bands that more than {by.photo_crowd} share are left out"
    )


def main() -> None:
    """Ask the command line and run both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hashes", type=int, default=100_000)
    parser.add_argument("--scenes", type=int, default=60)
    options = parser.parse_args()
    by = limits()
    if options.scenes:
        find(options.scenes, by)
    call_command("migrate", verbosity=0)
    race(options.hashes, by)


if __name__ == "__main__":
    main()
