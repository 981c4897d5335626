"""Which consenting households of a village qualify: the list, without a fact about anybody."""

from dataclasses import dataclass
from datetime import date, datetime

from yinuo.credit.errors.asking import MayNotAsk
from yinuo.credit.models import CreditConsent
from yinuo.credit.queries.asking import Asker, Asking, ask, scenarios
from yinuo.kernel.instants import civil_date
from yinuo.kernel.resident_id import masked
from yinuo.ledger.history import texts

SCENARIO = "village"


@dataclass(frozen=True, kw_only=True)
class Household:
    """One that qualifies, as the bank finds it again."""

    name: str
    number: str
    """公民身份号码 with its middle hidden: a village has several of one name."""


@dataclass(frozen=True, kw_only=True)
class VillageList:
    """Who qualifies; of the others only how many."""

    unit: str
    name: str
    on: date
    until: date
    """The last day on which it may be used."""
    asked: int
    """Households whose consent is in force."""
    qualify: tuple[Household, ...]
    """By name."""
    undetermined: int
    refused: int


def consenting(*, asking: Asking, viewer: Asker, on: date) -> int:
    """How many households a list would ask about. Raises `MayNotAsk`."""
    return len(_rows(asking, viewer, on)[1])


def village_list(*, asking: Asking, viewer: Asker, at: datetime) -> VillageList:
    """Ask the question of every household that consented to this unit; each look is logged.

    Raises `MayNotAsk` and what `ask` raises.
    """
    on = civil_date(at)
    unit, rows = _rows(asking, viewer, on)
    people = [row.subject_row for row in rows]
    said = texts(text for one in people for text in (one.name_text, one.number_text))
    qualify: list[Household] = []
    undetermined, until = 0, on
    for one in people:
        number = said.get(one.number_text, "")
        if not number:  # erased by law: nobody can be asked about any more
            undetermined += 1
            continue
        found = ask(
            asking=asking, scenario=SCENARIO, kind=one.kind, number=number, viewer=viewer, at=at
        )
        if found.answer == "yes":
            qualify.append(Household(name=said.get(one.name_text, ""), number=masked(number)))
            until = max(until, found.until)
        undetermined += found.answer == "undetermined"
    return VillageList(
        unit=unit,
        name=asking.scenarios[SCENARIO].name,
        on=on,
        until=until,
        asked=len(people),
        qualify=tuple(sorted(qualify, key=lambda one: (one.name, one.number))),
        undetermined=undetermined,
        refused=len(people) - len(qualify) - undetermined,
    )


def _rows(asking: Asking, viewer: Asker, on: date) -> tuple[str, list[CreditConsent]]:
    """The unit that asks, and the consents in force for it."""
    mine = next(
        (one for one in scenarios(asking=asking, viewer=viewer) if one.id == SCENARIO), None
    )
    if mine is None:
        raise MayNotAsk(SCENARIO, "您的单位不能问这个问题")
    purpose = asking.scenarios[SCENARIO].purpose
    rows = CreditConsent.objects.select_related("subject_row").filter(
        unit=mine.unit, purpose=purpose, withdrawn_at=None, valid_until__gte=on
    )
    return mine.unit, list(rows.order_by("given_at", "code"))
