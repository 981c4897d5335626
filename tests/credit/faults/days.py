"""Two days of a credit centre in an installation, and what stands there after each."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from django.conf import settings
from django.db import connection

from tests.city import City
from tests.credit import desk
from tests.credit.desk import TUESDAY, Desk, numbers, open_desk, penalty, registered
from tests.credit.faults.forks import require
from yinuo.credit.commands.landing import land
from yinuo.credit.commands.publishing import publish
from yinuo.credit.models import CreditBatch, CreditRelease
from yinuo.kernel.spreadsheet.cells import silent
from yinuo.lake.releases.release import open_release, pointed, releases
from yinuo.ledger.replay import replay
from yinuo.parties.queries import public_viewer_named
from yinuo.project.cli import credit_releases
from yinuo.project.cli.credit import credit
from yinuo.project.tables import make_tables

HOME: Path = settings.HOME
FIRMS = range(1, 8)
MANY = 600
"""Rows of day two, for which a small disk is too small."""
LAKE = HOME / "credit" / "lake"
Tell = Callable[[str, int, int], None]


def at_desk() -> Desk:
    """The centre, with its lake in the home."""
    folder = HOME / "credit"
    people = {who: public_viewer_named(who) for who, *_ in desk.PEOPLE}
    city = City({who: viewer for who, viewer in people.items() if viewer is not None})
    return Desk(city, desk.means(folder, sources=desk.SOURCES), folder / "delivered")


def day_one() -> None:
    """Firms and a penalty for each, published; upon tables that are empty."""
    Path(connection.settings_dict["NAME"]).unlink()
    make_tables()
    open_desk()
    found = at_desk()
    found.land("registration", registered(*FIRMS))
    found.land("penalty", [penalty(f"P{n}", n) for n in FIRMS])
    found.publish()
    rows = [penalty(f"Q{n}", n % len(FIRMS) + 1, fine=str(n + 1)) for n in range(MANY)]
    rows += [penalty(f"P{n}", n, fine="700") for n in FIRMS]
    desk.delivery(found.folder, "second.csv", rows)
    desk.delivery(found.folder / "run", "penalty.csv", rows)
    desk.delivery(found.folder / "run", "registration.csv", registered(*FIRMS, 8, 9))


def day_two(tell: Tell = silent, *, whole: bool = True) -> None:
    """Land the second delivery and publish it."""
    found = at_desk()
    given: dict[str, Any] = {"means": found.means, "by": found.city["centre"], "at": TUESDAY}
    path = found.folder / "second.csv"
    land(
        source="penalty",
        files=[path],
        names=[path.name],
        simulated=True,
        progress=tell,
        **given,
    )
    publish(whole=whole, progress=tell, **given)


def day_two_by_run(_tell: Tell = silent) -> None:
    """Two deliveries and the release, by `yinuo credit run`."""
    found = at_desk()
    vars(credit_releases).update(means=lambda: found.means, now=lambda: TUESDAY)
    arguments = ["run", str(found.folder / "run"), "--by", "centre", "--simulated"]
    done = CliRunner().invoke(credit, arguments, catch_exceptions=False)
    require(done.exit_code == 0, done.output)


def look() -> dict[str, Any]:
    """What stands in the ledger, the lake, and before readers; raises if any of it is not whole."""
    found = at_desk()
    lake = found.means.lake
    row = CreditRelease.objects.get(current=True)
    batches = list(CreditBatch.objects.order_by("code"))
    for each in batches:
        if each.read != each.accepted + each.quarantined + each.duplicate:
            raise AssertionError(f"{each.code} does not account for its rows")
    for release in releases(lake):
        open_release(lake, release.id).check()
    if faults := replay().faults:
        raise AssertionError(faults)
    seen = {n: found.look(n) for n in FIRMS}
    return {
        "release": [row.number, row.lake_id, row.digest, row.counts],
        "batches": [[b.code, b.lake_id, b.status, b.read, b.accepted] for b in batches],
        "seen": {str(n): [numbers(view, s) for s in desk.SOURCES] for n, view in seen.items()},
        "pointed": pointed(lake),
        "left": sorted(path.name for path in lake.glob("**/.*.part")),
    }
