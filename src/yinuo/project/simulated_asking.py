"""信用应用 in the demo: institutions that ask credit, consents, answers, bills. Nobody real.

演示医院    asks about patients; two bills that are paid later, one of them paid too late
演示景区    asks about a guest, who paid in time
演示村      a third of the households consented; the list is there for the asking
演示银行    asks about firms that authorised it

Every question stands in the read log, as at a counter.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256

from yinuo.credit.commands.consents import Paper, give_consent, take_consents
from yinuo.credit.commands.deferred_payments import note_paid, open_payment
from yinuo.credit.commands.subjects import put_subject
from yinuo.credit.purposes.purpose import Purpose
from yinuo.credit.queries.asking import AnswerView, Asker, Asking, ask
from yinuo.credit.queries.village import village_list
from yinuo.kernel.instants import civil_date
from yinuo.parties.viewer import Viewer
from yinuo.project.event import instant
from yinuo.project.simulated_credit import Known
from yinuo.project.simulated_hiring import Hiring
from yinuo.project.standin.server import Pretended

HOSPITAL, VILLAGE, BANK, SCENIC = "YY-DEMO", "CW-DEMO", "YH-DEMO", "WL-DEMO"
UNITS = {HOSPITAL: "演示医院", VILLAGE: "演示村", BANK: "演示银行", SCENIC: "演示景区"}
"""As `content/scenarios/askers.csv` allows them."""
PEOPLE = (
    ("yiyuan", "演示医院人员", "officer", HOSPITAL),
    ("cunwei", "演示村委会人员", "officer", VILLAGE),
    ("yinhang", "演示银行人员", "officer", BANK),
    ("jingqu", "演示景区人员", "officer", SCENIC),
)
"""User name, name, role, unit: those to sign in as."""
PERSON = Pretended("person", "210290198001010018", "演示居民甲")
"""Of a county that does not exist; may be picked at the stand-in for the identity platform."""
OPENED, CONSENTED, ASKED = instant("2025-01-13"), instant("2025-01-14"), instant("2025-01-15")
PAID_IN_TIME, PAID_LATE = instant("2025-01-17"), instant("2025-01-20")
UNTIL, OUTSTANDING, SOON = date(2025, 12, 31), date(2025, 2, 14), date(2025, 1, 17)
"""Last day of consents; due day of the bill that is open, and of the two that were paid."""
HOUSEHOLDS, PATIENTS, FIRMS = 60, 6, 6
"""Households that consented; patients and firms that are asked about."""
BILLS = {HOSPITAL: 128_650, SCENIC: 36_000}
"""In 分."""


@dataclass(frozen=True, kw_only=True)
class Counters:
    """Who asks, and by what questions are answered."""

    hospital: Viewer
    village: Viewer
    bank: Viewer
    scenic: Viewer
    asking: Asking
    subjects: dict[str, str] = field(default_factory=dict)
    """Number → code of the subject."""

    def purpose(self, scenario: str) -> Purpose:
        """Why a question is asked."""
        return self.asking.means.purposes[self.asking.scenarios[scenario].purpose]

    def ask(self, scenario: str, about: Pretended, by: Viewer, at: datetime) -> AnswerView:
        """One question; the look is logged."""
        return ask(
            asking=self.asking,
            scenario=scenario,
            kind=about.kind,
            number=about.number,
            viewer=Asker.officer(by),
            at=at,
        )

    def sign(self, people: Sequence[Pretended], unit: str, scenario: str, by: Viewer) -> None:
        """They sign on paper before an officer of the unit."""
        papers = [
            Paper(kind=one.kind, number=one.number, name=one.name, until=UNTIL) for one in people
        ]
        take_consents(
            papers=papers,
            unit=unit,
            purpose=self.purpose(scenario),
            paper_sha256=sha256(f"{unit} 的同意书（演示）".encode()).hexdigest(),
            by=by,
            at=CONSENTED,
            today=civil_date(CONSENTED),
            simulated=True,
        )

    def agree(self, who: Pretended, unit: str, scenario: str) -> None:
        """Somebody who signed in consents to a unit."""
        subject = put_subject(
            kind=who.kind, number=who.number, name=who.name, at=CONSENTED, simulated=True
        )
        give_consent(
            subject=subject,
            unit=unit,
            purpose=self.purpose(scenario),
            until=UNTIL,
            at=CONSENTED,
            today=civil_date(CONSENTED),
        )


def fill(*, hiring: Hiring, asking: Asking, known: Known) -> None:
    """Open the counters, take in consents, ask, let bills be paid later, make the village's list.

    A release of credit records is there and the tables `scenario-*` are published.
    """
    hospital, village, bank, scenic = hiring.hire(
        PEOPLE, units=UNITS, at=OPENED, kind="institution"
    )
    some = Counters(hospital=hospital, village=village, bank=bank, scenic=scenic, asking=asking)
    _consent(some, known)
    _treat(some, known)
    _guide(some)
    for firm in _firms(known):
        some.ask("finance", firm, some.bank, ASKED)
    village_list(asking=asking, viewer=Asker.officer(village), at=ASKED)


def _patients(known: Known) -> Sequence[Pretended]:
    """Not of the households that are asked about by the village."""
    return known.village[HOUSEHOLDS : HOUSEHOLDS + PATIENTS]


def _firms(known: Known) -> Sequence[Pretended]:
    return (known.wronged, known.fined, *known.start_ups[: FIRMS - 2])


def _consent(some: Counters, known: Known) -> None:
    some.sign(known.village[:HOUSEHOLDS], VILLAGE, "village", some.village)
    some.sign(_patients(known), HOSPITAL, "medicine", some.hospital)
    some.sign(_firms(known), BANK, "finance", some.bank)
    some.agree(PERSON, HOSPITAL, "medicine")
    some.agree(PERSON, SCENIC, "tourism")


def _treat(some: Counters, known: Known) -> None:
    """Patients are asked about; two pay later, one of them too late."""
    for one in _patients(known):
        answer = some.ask("medicine", one, some.hospital, ASKED)
        if answer.pays_later:
            late = _bill(some.hospital, answer, SOON)
            break
    else:
        raise LookupError("no patient of the demo may pay later")
    note_paid(payment=late, on=civil_date(PAID_LATE), by=some.hospital, at=PAID_LATE)
    _bill(some.hospital, some.ask("medicine", PERSON, some.hospital, ASKED), OUTSTANDING)


def _guide(some: Counters) -> None:
    """A guest goes first and pays afterwards, in time."""
    bill = _bill(some.scenic, some.ask("tourism", PERSON, some.scenic, ASKED), SOON)
    note_paid(payment=bill, on=civil_date(PAID_IN_TIME), by=some.scenic, at=PAID_IN_TIME)


def _bill(by: Viewer, answer: AnswerView, due: date) -> str:
    return open_payment(
        answer=answer, amount=BILLS[answer.unit], due=due, by=by, at=ASKED, simulated=True
    )
