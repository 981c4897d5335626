"""What is known of an applicant, and the tables that say what follows from it."""

import logging
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db import connection
from django.db.models import Count, Q

from yinuo.cases.deferrals.deciding import Classed, Record, Trust
from yinuo.cases.deferrals.life import DeferralState
from yinuo.cases.items.definition import ItemDefinition
from yinuo.cases.models import Applicant, Case, Declaration, Deferral
from yinuo.commitments.life import Outcome
from yinuo.commitments.standing import Party, Purpose, Standing, standing
from yinuo.commitments.wording import wording
from yinuo.content.queries import InForce, public_book, public_in_force
from yinuo.kernel.filestore import FileMissing

DEFERRAL, DECLARATION, TRACKS = (
    "tables/deferral.xlsx",
    "tables/declaration.xlsx",
    "tables/tracks.xlsx",
)
ALL = (DEFERRAL, DECLARATION, TRACKS)
MOST_KEPT = 16
HAS_ANY = """
    WITH theirs AS (
        SELECT cases_case.code FROM cases_case
        JOIN cases_applicant ON cases_applicant.code = cases_case.applicant_id
        WHERE cases_applicant.code = %s
            OR (cases_applicant.credit_code = %s AND cases_applicant.credit_code <> ''))
    SELECT EXISTS (SELECT 1 FROM cases_deferral WHERE case_id IN (SELECT code FROM theirs))
        OR EXISTS (SELECT 1 FROM cases_declaration WHERE case_id IN (SELECT code FROM theirs))
"""
"""Whether an applicant ever promised something of these kinds: most never did."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class InForceOn:
    """The tables of trust in force on a day."""

    trust: Trust
    numbers: dict[str, int | None]
    """Name of the workbook → its publication; None where none is in force."""


@lru_cache(maxsize=MOST_KEPT)
def _trust(on: date, *published: InForce) -> Trust:
    return Trust(on, *(public_book(each) for each in published))


def in_force(on: date, *, names: tuple[str, ...] = ALL) -> InForceOn:
    """The tables of a day. One that is not published leaves its question undetermined."""
    found = {name: public_in_force(name, on=on) for name in names}
    numbers = {name: each.number if each else None for name, each in found.items()}
    try:
        trust = _trust(on, *(each for each in found.values() if each is not None))
    except FileMissing as missing:
        log.error("no tables of trust: %s", missing)  # noqa: TRY400  # the place says it all
        return InForceOn(Trust(on), dict.fromkeys(found))
    return InForceOn(trust, numbers)


def classed(trust: Trust, item: ItemDefinition) -> Classed:
    """How the city classes an item."""
    return trust.classed(item.code, item.kind)


def of_applicant(applicant: Applicant, *, through: str) -> Q:
    """Rows of the same firm or person. A firm is known by its code under whatever name it came."""
    same = Q(**{through: applicant.pk})
    if applicant.credit_code:
        same |= Q(**{f"{through}__credit_code": applicant.credit_code})
    return same


def record_of(applicant: Applicant, on: date) -> Record:
    """How the applicant has kept earlier promises of these kinds, as of a day."""
    with connection.cursor() as cursor:
        cursor.execute(HAS_ANY, [applicant.pk, applicant.credit_code])
        if not cursor.fetchone()[0]:
            return Record()
    same = of_applicant(applicant, through="case__applicant")
    is_open = Q(state=DeferralState.OPEN)
    broken = Q(state="broken", mended_date=None)
    on_time = Q(commitment__outcome=Outcome.KEPT_ON_TIME)
    gaps = Deferral.objects.filter(same).aggregate(
        waiting=Count("pk", filter=is_open & Q(due__gte=on)),
        overdue=Count("pk", filter=is_open & Q(due__lt=on)),
        broken=Count("pk", filter=broken),
        on_time=Count("pk", filter=on_time),
    )
    declared = Declaration.objects.filter(same).aggregate(
        untrue=Count("pk", filter=broken), on_time=Count("pk", filter=on_time)
    )
    return Record(
        waiting=gaps["waiting"],
        overdue=gaps["overdue"],
        broken=gaps["broken"] + declared["untrue"],
        untrue=declared["untrue"],
        on_time=gaps["on_time"] + declared["on_time"],
    )


def track_of(case: Case, item: ItemDefinition, on: date) -> str:
    """Which way a case takes, known once somebody has seen who applies; empty without a table."""
    found = in_force(on, names=(TRACKS,))
    if found.numbers[TRACKS] is None:
        return ""
    return found.trust.track(
        standing=standing_of(case.applicant, Purpose.TRACK, on).answer,
        risk=classed(found.trust, item).risk,
        record=record_of(case.applicant, on),
    )


def standing_of(applicant: Applicant, purpose: Purpose, on: date) -> Standing:
    """What credit knows of the applicant; undetermined as long as nobody is asked."""
    number = applicant.credit_code
    if not number and applicant.number_text:
        number = wording([applicant.number_text])[applicant.number_text]
    return standing(Party(kind=applicant.kind, number=number), purpose, on)
