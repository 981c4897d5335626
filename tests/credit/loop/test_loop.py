"""Keep your word, be trusted: what became of a promise decides the next one after a release."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.cases.deferrals.trusting import IN_TIME, LATE, bring, put_gap, put_tables
from tests.cases.desk import DEPARTMENT, FEBRUARY, FIRM_CODE, IN_FORCE, make_desk
from tests.city import City
from tests.credit import desk, landed
from yinuo.cases.commands.deferrals import confirm, default
from yinuo.cases.deferrals.life import Consequence
from yinuo.cases.queries.ended import ended
from yinuo.commitments.standing import Answer, Party, Purpose
from yinuo.content.commands import approve_publication, ask_publication, keep
from yinuo.credit.commands.landing import land
from yinuo.credit.commands.publishing import publish
from yinuo.credit.means import Means
from yinuo.credit.models import CreditBatch
from yinuo.credit.provider import Knowing
from yinuo.credit.released import opened
from yinuo.credit.sources.commitments import SOURCE
from yinuo.credit.standing import FILE, CreditStanding
from yinuo.kernel.content import content_dir
from yinuo.lake.records.description import SourceDescription, Type
from yinuo.ledger.replay import replay
from yinuo.notices.registry import Due, job_named, recurring
from yinuo.parties.viewer import Viewer
from yinuo.web.credit import figures, regime, sources
from yinuo.web.files import store
from yinuo.web.outcomes import deliver, return_outcomes

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
AFTER = datetime(2024, 3, 22, 2, 0, tzinfo=UTC)
ON = date(2024, 3, 22)
FIRM = Party(kind="firm", number=FIRM_CODE)
ASKED = ("registration", "penalty", "serious-dishonesty", "court-enforcement")
ALSO = "abnormal-operations"
OTHER = landed.code(77)
PLAIN = {
    Type.DATE: "2024-01-05",
    Type.AMOUNT: "1",
    Type.NUMBER: "1",
    Type.USCC: OTHER,
    Type.NAME: "测试七十七号有限公司",
}


@pytest.fixture
def city(db: None) -> City:
    del db
    found = make_desk()
    put_tables(found, store())
    kept = keep(
        name=FILE,
        data=(content_dir() / FILE).read_bytes(),
        valid_from=IN_FORCE,
        store=store(),
    )
    number = ask_publication(
        kept=kept, reason="发布", store=store(), by=found["admin"], at=FEBRUARY
    )
    approve_publication(number=number, store=store(), by=found["admin2"], at=FEBRUARY)
    return found


@pytest.fixture
def means(tmp_path: Path) -> Means:
    """The shipped sources of which the table of standing asks, all of one department."""
    found = sources()
    own = {
        name: replace(found[name], owner=DEPARTMENT, encoding="utf-8")
        for name in (*ASKED, ALSO, SOURCE)
    }
    return desk.means(tmp_path, sources=own, centre=DEPARTMENT)


def put_records(given: Means, city: City, folder: Path) -> None:
    """One record a source, of another firm, and the registration of the one that is asked about."""
    for name in (*ASKED, ALSO):
        described = given.sources[name]
        rows = [cells(described, OTHER)]
        if name == "registration":
            rows.append(cells(described, FIRM_CODE))
        path = desk.delivery(folder / "delivered", f"{name}.csv", rows)
        land(
            source=name,
            files=[path],
            names=[path.name],
            simulated=True,
            means=given,
            by=city["officer"],
            at=AFTER,
        )


def cells(described: SourceDescription, code: str) -> dict[str, str]:
    row = {}
    for field in described.fields:
        if field.codes:
            text = next(iter(field.codes))
        elif field.type is Type.USCC:
            text = code
        elif field.type in PLAIN:
            text = PLAIN[field.type]
        elif field.type in {Type.RID, Type.ORGANISATION, Type.TAX, Type.REGISTRATION}:
            text = ""
        else:
            text = f"字{code[-3:]}"
        row[field.headings[0]] = text
    return row


def auditor() -> Viewer:
    return Viewer(account_id=0, username="operator", auditor_of=frozenset({"DL-SJJ", "DL-YSJ"}))


def next_release(given: Means, city: City, folder: Path) -> None:
    put_records(given, city, folder)
    done = deliver(
        reader=auditor(), simulated=True, means=given, by=city["officer"], at=AFTER, today=ON
    )
    assert done.landed.quarantined == 0
    publish(means=given, by=city["officer"], at=AFTER)


def ask(given: Means, purpose: Purpose) -> tuple[Answer, str]:
    found = CreditStanding(
        known=Knowing(means=lambda: given, figures=figures, regime=regime),
        log=given.reads,
        now=lambda: AFTER,
    )(FIRM, purpose, ON)
    return found.answer, found.reason


def broken(city: City, *, times: int = 1) -> list[str]:
    """Codes of deferrals of the firm that were found broken."""
    codes = [put_gap(city)[1] for _ in range(times)]
    for code in codes:
        default(
            deferral=code,
            consequence=Consequence.STOP,
            note="多次联系没有补交",
            by=city["officer"],
            at=LATE,
        )
    return codes


def test_a_broken_deferral_makes_the_next_answer_no(
    city: City, means: Means, tmp_path: Path
) -> None:
    codes = broken(city)
    assert [each.code for each in ended(viewer=auditor())] == [f"CN-{codes[0]}"]
    assert ask(means, Purpose.DECLARATION)[0] is Answer.UNDETERMINED, "no release yet"
    next_release(means, city, tmp_path)
    assert ask(means, Purpose.DECLARATION) == (Answer.NO, "近两年有信用承诺没有履行")
    assert ask(means, Purpose.DEFERRAL)[0] is Answer.YES, "the table forgives one"


def test_a_second_one_closes_deferral_too(city: City, means: Means, tmp_path: Path) -> None:
    broken(city, times=2)
    next_release(means, city, tmp_path)
    assert ask(means, Purpose.DEFERRAL) == (Answer.NO, "近两年有两份以上信用承诺没有履行")


def test_a_kept_one_does_not(city: City, means: Means, tmp_path: Path) -> None:
    receipt, code = put_gap(city)
    bring(code, receipt)
    assert confirm(deferral=code, by=city["officer"], at=IN_TIME) == "kept_on_time"
    next_release(means, city, tmp_path)
    assert ask(means, Purpose.DECLARATION) == (Answer.YES, "没有未修复的失信记录")
    assert ask(means, Purpose.DEFERRAL)[0] is Answer.YES


def test_what_reaches_the_release_names_no_case_and_no_text(
    city: City, means: Means, tmp_path: Path
) -> None:
    (code,) = broken(city)
    next_release(means, city, tmp_path)
    with opened(means) as release:
        document = release.entity_of_code(FIRM_CODE).document
    (fact,) = document["facts"][SOURCE]["rows"]
    assert (fact["number"], fact["fulfilment"], fact["outcome"]) == (
        f"CN-{code}",
        "全部未履行",
        "未兑现",
    )
    assert "多次联系" not in str(document)
    assert "山海咖啡" not in str(fact)
    assert "平面图" not in str(document)


def test_the_same_outcomes_again_change_nothing(city: City, means: Means, tmp_path: Path) -> None:
    broken(city)
    next_release(means, city, tmp_path)
    again = deliver(
        reader=auditor(), simulated=True, means=means, by=city["officer"], at=AFTER, today=ON
    )
    assert again.landed.already
    assert list(means.lake.glob("outcomes-*")) == [], "the file with numbers is gone"


def test_every_night_it_happens_by_itself_once_anything_is_published(
    city: City, means: Means, tmp_path: Path
) -> None:
    broken(city)
    assert return_outcomes(means=means, simulated=True, at=AFTER) is None
    put_records(means, city, tmp_path)
    publish(means=means, by=city["officer"], at=AFTER)
    done = return_outcomes(means=means, simulated=True, at=AFTER)
    assert done is not None
    assert (done.delivery.rows, done.landed.already) == (1, False)
    batch = CreditBatch.objects.get(source=SOURCE)
    assert batch.landed_by == "operator:outcomes"
    publish(means=means, by=city["officer"], at=AFTER)
    assert ask(means, Purpose.DECLARATION)[0] is Answer.NO
    again = return_outcomes(means=means, simulated=True, at=AFTER)
    assert again is not None
    assert again.landed.already
    assert replay().faults == []


def test_the_worker_knows_it() -> None:
    kind = job_named("credit.outcomes")
    assert kind in recurring()
    kind.run(Due(at=AFTER, due_at=AFTER, args={}))
    assert not CreditBatch.objects.exists(), "nothing is published in this city"
