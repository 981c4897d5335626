"""Which consenting households of a village qualify: the list, without a fact about anybody."""

from dataclasses import dataclass
from datetime import date, datetime

from yinuo.commitments.wording import short_wording
from yinuo.credit.errors.asking import MayNotAsk
from yinuo.credit.models import CreditConsent
from yinuo.credit.queries.asking import Asking, ask, scenarios
from yinuo.parties.viewer import Viewer

SCENARIO = "village"


@dataclass(frozen=True, kw_only=True)
class VillageList:
    """Who qualifies; of the others only how many."""

    unit: str
    on: date
    until: date
    asked: int
    """Households whose consent is in force."""
    qualify: tuple[str, ...]
    """Names, in their order."""
    undetermined: int


def village_list(*, asking: Asking, viewer: Viewer, on: date, at: datetime) -> VillageList:
    """Ask the question of every household that consented to this unit; each look is logged.

    Raises `MayNotAsk` and what `ask` raises.
    """
    mine = next(
        (one for one in scenarios(asking=asking, viewer=viewer) if one.id == SCENARIO), None
    )
    if mine is None:
        raise MayNotAsk(SCENARIO, "您的单位不能问这个问题")
    purpose = asking.scenarios[SCENARIO].purpose
    rows = list(
        CreditConsent.objects.select_related("subject_row")
        .filter(unit=mine.unit, purpose=purpose, withdrawn_at=None, valid_until__gte=on)
        .order_by("given_at", "code")
    )
    people = [row.subject_row for row in rows]
    said = short_wording([text for one in people for text in (one.name_text, one.number_text)])
    yes: list[str] = []
    undetermined, until = 0, on
    for one in people:
        number = said.get(one.number_text, "")
        if not number:
            undetermined += 1
            continue
        found = ask(
            asking=asking,
            scenario=SCENARIO,
            kind=one.kind,
            number=number,
            viewer=viewer,
            on=on,
            at=at,
        )
        if found.answer == "yes":
            yes.append(said.get(one.name_text, ""))
            until = max(until, found.until)
        undetermined += found.answer == "undetermined"
    return VillageList(
        unit=mine.unit,
        on=on,
        until=until,
        asked=len(people),
        qualify=tuple(sorted(yes)),
        undetermined=undetermined,
    )
