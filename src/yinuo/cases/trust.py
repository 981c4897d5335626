"""What is known of an applicant, and the tables that say what follows from it."""

import logging
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.db.models import Q

from yinuo.cases.deferrals.deciding import Classed, Record, Trust
from yinuo.cases.deferrals.life import DeclarationState, DeferralState
from yinuo.cases.items.definition import ItemDefinition
from yinuo.cases.models import Applicant, Declaration, Deferral
from yinuo.commitments.life import Outcome
from yinuo.commitments.standing import Party, Purpose, Standing, standing
from yinuo.commitments.wording import wording
from yinuo.content.queries import InForce, public_data, public_in_force
from yinuo.kernel.filestore import FileMissing, FileStore
from yinuo.rules.table import Rulebook
from yinuo.rules.workbook.read import check_bytes

DEFERRAL, DECLARATION, TRACKS = (
    "tables/deferral.xlsx",
    "tables/declaration.xlsx",
    "tables/tracks.xlsx",
)
MOST_KEPT = 16
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class InForceOn:
    """The tables of trust in force on a day."""

    trust: Trust
    numbers: dict[str, int | None]
    """Name of the workbook → its publication; None where none is in force."""


@lru_cache(maxsize=MOST_KEPT)
def _book(published: InForce) -> Rulebook:
    data = public_data(published, store=FileStore(settings.YINUO_FILES))
    return check_bytes(data, file=published.name).sound()


@lru_cache(maxsize=MOST_KEPT)
def _trust(on: date, *published: InForce) -> Trust:
    return Trust(on, *(_book(each) for each in published))


def in_force(on: date) -> InForceOn:
    """The tables of a day. One that is not published leaves its question undetermined."""
    found = {name: public_in_force(name, on=on) for name in (DEFERRAL, DECLARATION, TRACKS)}
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
    same = of_applicant(applicant, through="case__applicant")
    deferrals = Deferral.objects.filter(same)
    open_ones = deferrals.filter(state=DeferralState.OPEN)
    broken = deferrals.filter(state=DeferralState.BROKEN, mended_date=None).count()
    declarations = Declaration.objects.filter(same)
    untrue = declarations.filter(state=DeclarationState.BROKEN, mended_date=None).count()
    on_time = Q(commitment__outcome=Outcome.KEPT_ON_TIME)
    return Record(
        waiting=open_ones.filter(due__gte=on).count(),
        overdue=open_ones.filter(due__lt=on).count(),
        broken=broken + untrue,
        untrue=untrue,
        on_time=deferrals.filter(on_time).count() + declarations.filter(on_time).count(),
    )


def standing_of(applicant: Applicant, purpose: Purpose, on: date) -> Standing:
    """What credit knows of the applicant; undetermined as long as nobody is asked."""
    number = applicant.credit_code
    if not number and applicant.number_text:
        number = wording([applicant.number_text])[applicant.number_text]
    return standing(Party(kind=applicant.kind, number=number), purpose, on)
