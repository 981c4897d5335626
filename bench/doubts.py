"""How often the checks of figures speak without cause, what they catch, and how fast a pass is.

    .venv/bin/python bench/doubts.py --series 2000 --reports 100000

Clean series, the same at every run: a target from 50 to 100,000, due at the end of a year, twelve
monthly reports. A third grow evenly with a fifth of noise, a third follow an S, a third come in
lumps with log-normal steps; a tenth are reported in hundreds, as people do; half of all end at or
above the target, one in twenty exactly on it because work stopped there. Each planted kind changes
a clean series in the one way that the check is for; a catch is a doubt of that kind.

Clean means that nobody padded anything; it does not mean without surprises. What is counted as a
false alarm is any doubt about a clean series; it costs a unit one answer.

Then the same reports in a database, looked through in batches from the log as it comes. The floor
is to read the same entries and the same reports, and look at nothing.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

HOME = tempfile.TemporaryDirectory(prefix="yinuo-bench-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinuo.project.settings")
os.environ["YINUO_HOME"] = HOME.name
sys.path.insert(0, str(Path(__file__).parents[1]))

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

from tests.city import OFFICE, make_city  # noqa: E402
from tests.supervision.doubtful import publish_thresholds  # noqa: E402
from yinuo.commitments.models import Commitment, Report  # noqa: E402
from yinuo.commitments.reported import reporting  # noqa: E402
from yinuo.kernel.content import content_dir  # noqa: E402
from yinuo.kernel.filestore import FileStore  # noqa: E402
from yinuo.ledger.commands.keys import found_key  # noqa: E402
from yinuo.ledger.commands.recording import By, record_new  # noqa: E402
from yinuo.ledger.commands.sealing import seal  # noqa: E402
from yinuo.ledger.key import create_key, load_signer  # noqa: E402
from yinuo.ledger.memory import Memory  # noqa: E402
from yinuo.ledger.outbox import sealed_after  # noqa: E402
from yinuo.supervision.commands.looking import look  # noqa: E402
from yinuo.supervision.doubt_limits import Limits  # noqa: E402
from yinuo.supervision.doubt_table import NAME, limits_of  # noqa: E402
from yinuo.supervision.figures.checks import Whole, look_at, parts_unequal, pasted  # noqa: E402
from yinuo.supervision.figures.digits import DIGITS, cells, odd_cell  # noqa: E402
from yinuo.supervision.figures.series import Point, Terms  # noqa: E402
from yinuo.supervision.models import Doubt  # noqa: E402

DUE = date(2024, 12, 31)
MONTHS = [date(2024, month, 28) for month in range(1, 12)] + [date(2024, 12, 29)]
AT = datetime(2025, 1, 2, tzinfo=UTC)
EXACTLY, ROUNDED, SUMMED = 0.05, 0.1, 0.1
"""Shares of honest series that end on the target, are told in hundreds, are summed up in tens."""
LARGE = 3_000
Series = tuple[Terms, list[Decimal]]


def limits() -> Limits:
    """The shipped thresholds."""
    found, faults = limits_of((content_dir() / NAME).read_bytes(), on=date(2024, 3, 1))
    if found is None:
        raise SystemExit("；".join(faults))
    return found


# ── simulation ───────────────────────────────────────────────────────────────────────────────────


def shares(by: random.Random, shape: int) -> list[float]:
    """How the way to the end spreads over twelve months; they add up to one."""
    if shape == 0:
        steps = [1 + by.uniform(-0.2, 0.2) for _ in MONTHS]
    elif shape == 1:
        middle, width = by.uniform(4, 8), by.uniform(1.5, 3)
        steps = [1 / (1 + ((month - middle) / width) ** 2) for month in range(12)]
    else:
        steps = [by.lognormvariate(0, 0.6) for _ in MONTHS]
    return [step / sum(steps) for step in steps]


def clean(number: int) -> Series:
    """One honest series."""
    by = random.Random(number)
    target = by.choice([50, 120, 300, 800, 1500, 3800, 10_600, 40_000, 100_000])
    target = round(target * by.uniform(0.8, 1.25))
    reach = 1.0 if by.random() < EXACTLY else by.uniform(0.75, 1.25)
    step = 100 if target > LARGE and by.random() < ROUNDED else 1
    done, values = 0.0, []
    for share in shares(by, number % 3):
        done += share * target * reach
        values.append(Decimal(round(done / step) * step))
    if reach == 1.0:
        values[-1] = Decimal(target)
    terms = Terms(f"S{number}", "ge", Decimal(target), Decimal(0), "个", DUE)
    return terms, values


def points(series: Series) -> list[Point]:
    """As the checks want them."""
    terms, values = series
    return [
        Point(f"{terms.commitment}/R{n}", n, day, value)
        for n, (day, value) in enumerate(zip(MONTHS, values, strict=True), start=1)
    ]


def hit(series: Series, by: random.Random) -> Series:
    """The last figure is the target, not a bit more or less."""
    terms, values = series
    assert terms.target is not None  # noqa: S101  # made above
    kept = [min(value, terms.target * Decimal(by.randint(80, 95)) / 100) for value in values[:-1]]
    return terms, [*(Decimal(round(v)) for v in kept), terms.target]


def rush(series: Series, by: random.Random) -> Series:
    """Half to nine tenths of everything comes in the last month."""
    terms, values = series
    share = Decimal(by.randint(10, 50)) / 100
    return terms, [*(Decimal(round(v * share)) for v in values[:-1]), values[-1]]


def jump(series: Series, by: random.Random) -> Series:
    """In the tenth month comes what usually comes in a year."""
    terms, values = series
    more = values[-1] * by.randint(6, 12) / 10
    return terms, [*values[:9], *(Decimal(round(value + more)) for value in values[9:])]


def fall(series: Series, by: random.Random) -> Series:
    """One month says less than the month before."""
    terms, values = series
    month = by.randint(3, 11)
    values[month] = Decimal(round(values[month - 1] * Decimal(by.randint(80, 99)) / 100))
    return terms, values


PLANTED: dict[str, tuple[str, Callable[[Series, random.Random], Series]]] = {
    "target hit exactly": ("target_hit", hit),
    "rush at the end": ("rush", rush),
    "jump": ("jump", jump),
    "cumulative figure falls": ("falling", fall),
}


def kinds(series: Series, by: Limits) -> set[str]:
    """What the checks notice in a whole year of one series."""
    some = points(series)
    return {str(one.kind) for point in some for one in look_at(series[0], some, point, by)}


def share(part: int, whole: int) -> str:
    """As a percentage with its numbers."""
    return f"{part:,} of {whole:,} = {part / whole:.2%}"


def simulate(number: int, by: Limits) -> None:
    """False alarms on clean series, catches on planted ones."""
    alarms: Counter[str] = Counter()
    any_alarm = 0
    by_shape: Counter[int] = Counter()
    for n in range(number):
        found = kinds(clean(n), by)
        alarms.update(found)
        any_alarm += bool(found)
        by_shape[n % 3] += bool(found)
    print(f"false alarms on {number:,} clean series (a year of each):")
    for kind in ("target_hit", "rush", "jump", "falling"):
        print(f"  {kind:14s} {share(alarms[kind], number)}")
    print(f"  {'any of them':14s} {share(any_alarm, number)}")
    for shape, name in enumerate(("even", "S-shaped", "lumpy")):
        print(f"    {name:12s} {share(by_shape[shape], number // 3)}")
    print("catches:")
    for name, (kind, change) in PLANTED.items():
        some = [change(clean(n), random.Random(n)) for n in range(number, number + 300)]
        caught = sum(kind in kinds(one, by) for one in some)
        print(f"  {name:28s} {share(caught, len(some))}")
    together(by)
    digits(by)


def together(by: Limits) -> None:
    """Checks that look at several commitments: parts of a whole, and one figure for many."""
    made = random.Random(7)
    wrong = caught = false_paste = caught_paste = 0
    for _ in range(500):
        parts = [made.randint(50, 4_000) for _ in range(made.randint(2, 13))]
        total = sum(parts)
        for planted in (False, True):
            off = round(total * made.uniform(0.02, 0.15)) + 1 if planted else 0
            # Honest totals are rounded to tens in one case of ten.
            said = total + off if planted or made.random() > SUMMED else round(total, -1)
            whole = Whole(
                *("P", "个", "ge", Decimal(2 * total), "2024-06-30", Decimal(said), "P/R1"),
                parts=tuple(
                    (f"P{n}", f"P{n}/R1", Decimal(v), Decimal(2 * v)) for n, v in enumerate(parts)
                ),
            )
            found = parts_unequal(whole, by) is not None
            caught += planted and found
            wrong += not planted and found
    for _ in range(500):
        values = [Decimal(made.randint(10, 3_000)) for _ in range(40)]
        same = made.randint(211, 899)
        for planted in (False, True):
            some = [Decimal(same)] * 4 + values[4:] if planted else values
            groups: dict[Decimal, list[tuple[str, str]]] = {}
            for n, value in enumerate(some):
                groups.setdefault(value, []).append((f"C{n}", f"C{n}/R1"))
            found = any(
                pasted(g, owner="U", latest=g[-1][0], day="2024-06-30", value=v, limits=by)
                for v, g in groups.items()
            )
            caught_paste += planted and found
            false_paste += not planted and found
    print(f"  parts unequal to the whole   {share(caught, 500)}; false {share(wrong, 500)}")
    print(
        f"  one figure for four of forty {share(caught_paste, 500)}; "
        f"false {share(false_paste, 500)}"
    )


def digits(by: Limits) -> None:
    """A year of a unit with 20 series, honest, and with a third rounded to tens."""
    chance = float(by.digits_chance) / 1_000_000
    years = 1_000
    found = {"honest": 0, "a third rounded": 0, "one in six ends in 8": 0}
    for year in range(years):
        for name in found:
            made = random.Random(year)
            counts: Counter[int] = Counter()
            sticks = False
            for month in range(12):
                for n in range(10):
                    value = made.randint(100, 40_000) + month * n
                    if name == "a third rounded" and made.random() < 1 / 3:
                        value = value // 10 * 10
                    if name == "one in six ends in 8" and made.random() < 1 / 6:
                        value = value // 10 * 10 + 8
                    counts.update(cells(Decimal(value), 0))
                # As a pass does: the unit is looked at again with each month.
                sticks |= odd_cell(counts, least=int(by.digits_figures), chance=chance) is not None
            found[name] += sticks
    total = 12 * DIGITS
    print(f"last digits, a year of {total} figures, looked at every month:")
    for name, number in found.items():
        print(f"  {name:28s} {share(number, years)}")


# ── a pass ───────────────────────────────────────────────────────────────────────────────────────


def fill(reports: int, store: FileStore) -> None:
    """A city with so many reports, sealed."""
    city = make_city()
    publish_thresholds(city, store)
    series = [clean(n) for n in range(reports // len(MONTHS))]
    by = By("operator:bench")
    first = Commitment.objects.filter(lead__isnull=False).values_list("lead_id", flat=True)
    leads = sorted({str(each) for each in first})
    rows = [
        Commitment(
            code=terms.commitment,
            kind="target",
            title=f"指标 {terms.commitment}",
            lead_id=leads[n % len(leads)],
            creditor="社会公众",
            creditor_unit_id=OFFICE,
            operator="ge",
            value=str(terms.target),
            baseline="0",
            unit="个",
            due=DUE,
            due_original=DUE,
            document_id="DOC-1",
        )
        for n, (terms, _) in enumerate(series)
    ]
    with transaction.atomic():
        record_new(rows, verb="commitment.registered", by=by, at=AT)
    for month, day in enumerate(MONTHS):
        made = [
            Report(
                code=f"{terms.commitment}/R{month + 1}",
                commitment_id=terms.commitment,
                as_of_date=day,
                value=str(values[month]),
            )
            for terms, values in series
        ]
        with transaction.atomic():
            record_new(made, verb="report.made", by=by, at=AT)


def race(reports: int) -> None:
    """A pass over everything, beside reading the same."""
    call_command("migrate", verbosity=0)
    home = Path(HOME.name)
    store = FileStore(home / "files")
    django.conf.settings.YINUO_FILES = home / "files"
    create_key(home / "bench.key")
    signer = load_signer(home / "bench.key", origin="yinuo.bench")
    memory = Memory(home / "bench.checkpoint")
    memory.begin()
    found_key(verifier=signer.verifier, by=By("operator:bench"), at=AT)
    fill(reports, store)
    while seal(signer=signer, memory=memory).entries:
        pass
    start, place, read = time.perf_counter(), 0, 0
    while True:
        marks, place = sealed_after(place, limit=1_000)
        if not marks:
            break
        codes = {m.subject[7:].rpartition("/R")[0] for m in marks if m.verb == "report.made"}
        read += len(reporting(codes))
    floor = time.perf_counter() - start
    start, began, looked, found, more = time.perf_counter(), time.process_time(), 0, 0, True
    while more:
        done = look(store=store, at=AT)
        looked, found, more = looked + done.reports, found + done.doubts, done.more
    ours = time.perf_counter() - start
    cpu = time.process_time() - began
    kinds_found = Counter(Doubt.objects.values_list("kind", flat=True))
    print(
        f"\na pass over {looked:,} reports: {ours:.1f} s, {looked / ours:,.0f} reports a second; "
        f"processor {cpu:.1f} s; reading the same {floor:.1f} s, ratio {ours / floor:.1f}; "
        f"{found:,} doubts"
    )
    print(f"  {dict(kinds_found)}")
    start = time.perf_counter()
    look(store=store, at=AT + timedelta(days=1))
    print(f"a pass with nothing new: {(time.perf_counter() - start) * 1e3:.1f} ms")


def main() -> None:
    """Ask the command line and run both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=2_000)
    parser.add_argument("--reports", type=int, default=12_000)
    options = parser.parse_args()
    simulate(options.series, limits())
    if options.reports:
        race(options.reports)


if __name__ == "__main__":
    main()
