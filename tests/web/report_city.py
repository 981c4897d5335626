"""A firm with a penalty of 2025 and one of May 2026, for reports, objections and repairs.

Made by the real commands. Names are made up, codes valid and given to nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from pytest_django import Settings

from tests.city import City
from tests.web import credit_city
from tests.web.credit_city import PENALTY, REGISTRATION, code_of, name_of, written
from yinuo.content.calendars import working_calendar
from yinuo.credit.commands.objections import raise_objection
from yinuo.credit.commands.repairs import accept_repair, ask_repair, decide_repair
from yinuo.credit.commands.subjects import put_subject
from yinuo.credit.queries.own_report import OwnFacts, public_own_facts
from yinuo.credit.queries.subjects import SubjectView, public_subject
from yinuo.credit.regimes.repair import Conditions
from yinuo.credit.report.document import Fact
from yinuo.web.credit import means, regime
from yinuo.web.reports import periods

LANDED = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)
NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
"""A Monday."""
TODAY = date(2026, 11, 16)
FIRM, OTHER, CLEAN = 5, 6, 8
OF_2025, OF_2026, GRAVE, LATE = (
    *("连市监罚〔2025〕101号", "连市监罚〔2026〕201号"),
    *("连市监罚〔2026〕202号", "连市监罚〔2026〕203号"),
)
"""Numbers of decisions: ordinary of 2025, ordinary and serious of May 2026, one too recent."""
PERSON_NUMBER = "11010519491231002X"
BANK = credit_city.STRANGE
MET = Conditions(corrected=True, duties_done=True, promised=True)


def penalties() -> list[dict[str, str]]:
    """Of the firm four, of another one."""

    def one(number: int, document: str, day: str, fine: str, kind: str = "罚款") -> dict[str, str]:
        return credit_city.penalty(
            number,
            CF_WSH=document,
            CF_JDRQ=day,
            CF_NR_FK=fine,
            CF_CFLB=kind,
            CF_NR=f"{kind} {fine} 万元",
        )

    return [
        one(FIRM, OF_2025, "2025-03-10", "2"),
        one(FIRM, OF_2026, "2026-05-10", "2"),
        one(FIRM, GRAVE, "2026-05-10", "200"),
        one(FIRM, LATE, "2026-10-20", "2"),
        one(OTHER, "连市监罚〔2026〕301号", "2026-05-10", "2"),
    ]


@dataclass(frozen=True)
class Trial:
    """What was made."""

    city: City
    folder: Path
    subject: SubjectView
    other: SubjectView
    person: SubjectView

    def own(self, subject: SubjectView | None = None, *, on: date = TODAY) -> OwnFacts:
        """The facts of a subject."""
        return public_own_facts(
            subject=subject or self.subject, means=means(), regime=regime(), on=on, at=NOW
        )

    def fact(self, document: str, *, on: date = TODAY) -> Fact:
        """The penalty of the firm with this number."""
        for fact in self.own(on=on).facts:
            if any(line.text == document for line in fact.lines):
                return fact
        raise LookupError(document)

    def object(self, document: str, *, what: str = "罚款金额写错了", at: datetime = NOW) -> str:
        """Object to a penalty; its code."""
        return raise_objection(
            record_id=self.fact(document).record,
            what=what,
            subject=self.subject,
            means=means(),
            periods=periods(),
            calendar=working_calendar(),
            at=at,
        )

    def ask(self, document: str, conditions: Conditions = MET, *, at: datetime = NOW) -> str:
        """Ask for repair of a penalty; its code."""
        return ask_repair(
            record_id=self.fact(document).record,
            done="罚款已缴清，凭证 1234；已补公示",
            conditions=conditions,
            subject=self.subject,
            means=means(),
            regime=regime(),
            periods=periods(),
            calendar=working_calendar(),
            at=at,
        )

    def accept(self, code: str, *, by: str = "steward") -> None:
        """The first officer."""
        accept_repair(repair=code, means=means(), by=self.city[by], at=NOW)

    def grant(
        self, code: str, *, by: str = "steward2", conditions: Conditions = MET, granted: bool = True
    ) -> None:
        """The second officer."""
        decide_repair(
            repair=code,
            granted=granted,
            reason="缴款凭证与决定书核对相符",
            conditions=conditions,
            means=means(),
            regime=regime(),
            by=self.city[by],
            at=NOW,
        )

    def repaired(self, document: str) -> str:
        """Repair a penalty."""
        code = self.ask(document)
        self.accept(code)
        self.grant(code)
        return code


def release(city: City, folder: Path, rows: list[dict[str, str]], *, at: datetime = LANDED) -> None:
    """Land penalties and publish."""
    path = written(folder / f"处罚{at:%m%d%H%M}.csv", PENALTY, rows, "utf-8")
    credit_city.land(city, "penalty", path, who="market", at=at)
    credit_city.publish(city, at=at)


def subject_of(number: int) -> SubjectView:
    """A firm that signed in once."""
    return _subject(
        put_subject(
            kind="firm", number=code_of(number), name=name_of(number), at=LANDED, simulated=True
        )
    )


def _subject(code: str) -> SubjectView:
    found = public_subject(code=code)
    assert found is not None
    return found


def prepare(folder: Path, settings: Settings) -> None:
    """Lake, read log and content of its own; the window of the city may ask as a bank."""
    credit_city.prepare(folder, settings)
    settings.YINUO_CONTENT = folder / "content"
    scenarios = settings.YINUO_CONTENT / "scenarios"
    scenarios.mkdir(parents=True)
    (scenarios / "askers.csv").write_text(f"单位,身份,说明\n{BANK},银行,测试\n", encoding="utf-8")


def make_trial(folder: Path) -> Trial:
    """The firms, their penalties, a release; everybody has signed in once."""
    city = credit_city.open_city()
    rows = credit_city.registrations()[:10]
    path = written(folder / "登记.csv", REGISTRATION, rows, "utf-8")
    credit_city.land(city, "registration", path, who="market", at=LANDED)
    release(city, folder, penalties())
    person = put_subject(
        kind="person", number=PERSON_NUMBER, name="试甲乙", at=LANDED, simulated=True
    )
    return Trial(city, folder, subject_of(FIRM), subject_of(OTHER), _subject(person))


def sign_in_as(client: object, subject: SubjectView, *, at: datetime = NOW) -> Mapping[str, str]:
    """Put a subject into the session of a test client, as after the identity platform."""
    kept = {"code": subject.code, "agent": "", "at": at.isoformat()}
    session = client.session  # type: ignore[attr-defined]
    session["subject"] = kept
    session.save()
    return kept
