"""The loop: how this city's promises ended, gathered from every package and landed as a source."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from yinuo.benefits.queries.ended import ended as clawbacks
from yinuo.cases.queries.ended import ended as promises
from yinuo.commitments.ended import Ended
from yinuo.commitments.queries.ended import public_ended
from yinuo.credit.commands.landing import Landed, land
from yinuo.credit.means import Means
from yinuo.credit.queries.ended import ended as payments
from yinuo.credit.queries.releases import current
from yinuo.credit.sources.commitments import SOURCE, Delivery, write
from yinuo.kernel.content import content_file
from yinuo.kernel.instants import civil_date
from yinuo.kernel.spreadsheet.cells import Progress, silent
from yinuo.ledger.commands.recording import By
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer

FILE = f"{SOURCE}.csv"
PROGRAM = By("operator:outcomes")


@dataclass(frozen=True, kw_only=True)
class Looped:
    """What was delivered, and what landing it came to."""

    delivery: Delivery
    landed: Landed


def unit_codes() -> Mapping[str, str]:
    """Code of a government unit → its credit code, as far as the city has entered it."""
    path = content_file("letters", "unit-codes.csv", own=settings.YINUO_CONTENT)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["unit"]: row["credit_code"] for row in csv.DictReader(file)}


def gathered(*, reader: Viewer, today: date) -> Iterator[Ended]:
    """Every promise that was judged, as far as `reader` may read."""
    return chain(
        public_ended(today=today),
        promises(viewer=reader),
        payments(viewer=reader),
        clawbacks(viewer=reader),
    )


def deliver(
    *,
    reader: Viewer,
    simulated: bool,
    means: Means,
    by: Viewer | By,
    at: datetime,
    today: date,
    progress: Progress = silent,
) -> Looped:
    """Write the delivery and land it as a batch of the source; the next release has it.

    The same outcomes again are the same batch. The file holds numbers of persons and is removed.
    Raises what `credit.commands.landing.land` does.
    """
    with TemporaryDirectory(dir=means.lake, prefix="outcomes-") as folder:
        path = Path(folder) / FILE
        delivery = write(
            gathered(reader=reader, today=today),
            path,
            codes=unit_codes(),
            names=public_unit_names(),
        )
        landed = land(
            source=SOURCE,
            files=[path],
            names=[FILE],
            simulated=simulated,
            means=means,
            by=by,
            at=at,
            progress=progress,
        )
    return Looped(delivery=delivery, landed=landed)


def return_outcomes(*, means: Means, simulated: bool, at: datetime) -> Looped | None:
    """Deliver by itself what `yinuo exchange outcomes` delivers by hand.

    None where nothing is published yet, or the city has taken the source away: then nobody would
    read it. Raises what `deliver` does.
    """
    reader = Viewer(
        account_id=0,
        username="operator",
        auditor_of=frozenset({means.centre, *public_unit_names()}),
    )
    if SOURCE not in means.sources or current(means=means, viewer=reader) is None:
        return None
    return deliver(
        reader=reader,
        simulated=simulated,
        means=means,
        by=PROGRAM,
        at=at,
        today=civil_date(at),
    )
