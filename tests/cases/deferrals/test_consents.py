"""Documents the city has: taken with consent, from a register or an earlier case, or not at all."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cases.desk import FIRM_CODE, MONDAY, PDF, PERSON, decide, put_case, uploaded, whole
from tests.city import City
from yinuo.cases.commands.accept import accept
from yinuo.cases.commands.consents import EARLIER, use_earlier, use_register, withdraw
from yinuo.cases.commands.correct import ask
from yinuo.cases.commands.materials import Choice
from yinuo.cases.errors.cases import UnknownCase, WrongCaseState
from yinuo.cases.errors.deferrals import NothingHeld, SourceUnreadable, UnknownConsent
from yinuo.cases.held.source import Folder
from yinuo.cases.life import MaterialState
from yinuo.cases.models import CaseMaterial, Consent
from yinuo.commitments.errors import Invalid
from yinuo.kernel.filestore import FileStore
from yinuo.web.files import store

pytestmark = pytest.mark.django_db

REGISTER = "电子证照库"
WITHOUT_LICENCE = {**whole(), "M4": Choice(kind="held")}
ANSWER = {"fields": {"证照编号": "SH-1", "名称": "山海咖啡有限公司"}, "valid_until": "2030-12-31"}


@pytest.fixture
def registers(tmp_path: Path) -> Folder:
    """A register that holds the firm's licence."""
    put(tmp_path, ANSWER)
    (tmp_path / REGISTER / f"{FIRM_CODE}.pdf").write_bytes(PDF)
    return Folder(tmp_path)


def put(root: Path, answer: object) -> None:
    (root / REGISTER).mkdir(exist_ok=True)
    (root / REGISTER / f"{FIRM_CODE}.json").write_text(json.dumps(answer), encoding="utf-8")


def material(case: str) -> CaseMaterial:
    return CaseMaterial.objects.get(case=case, key="M4")


def test_a_register_is_asked_once_there_is_consent(desk: City, registers: Folder) -> None:
    receipt = put_case(desk, choices=WITHOUT_LICENCE)
    code = use_register(
        case=receipt.code,
        key="M4",
        source=registers,
        store=store(),
        by=desk["clerk"],
        at=MONDAY,
    )
    row, there = Consent.objects.get(code=code), material(receipt.code)
    assert (row.source, row.fields) == (REGISTER, ["名称", "证照编号"])
    assert len(row.answer_sha256) == 64
    assert (there.state, there.size) == (MaterialState.HELD, len(PDF))
    assert FileStore(store().root).size(there.sha256) == len(PDF)
    accept(case=receipt.code, by=desk["clerk"], at=MONDAY)
    with pytest.raises(Invalid, match="已经提交"):
        use_register(
            case=receipt.code,
            key="M4",
            source=registers,
            store=store(),
            by=desk["clerk"],
            at=MONDAY,
        )


def test_the_manual_way_stays_open(desk: City, tmp_path: Path) -> None:
    receipt = put_case(desk, choices=WITHOUT_LICENCE)
    with pytest.raises(NothingHeld, match="请改为上传"):
        use_register(
            case=receipt.code,
            key="M4",
            source=Folder(tmp_path),
            store=store(),
            by=desk["clerk"],
            at=MONDAY,
        )
    assert material(receipt.code).state == MaterialState.MISSING
    assert not Consent.objects.exists()
    assert ask(case=receipt.code, keys=["M4"], said="请提交营业执照", by=desk["clerk"], at=MONDAY)


def test_nobody_consents_for_others(desk: City, registers: Folder) -> None:
    receipt = put_case(desk, choices=WITHOUT_LICENCE)
    with pytest.raises(UnknownCase):
        use_register(
            case=receipt.code,
            key="M4",
            source=registers,
            store=store(),
            by=desk["fire"],
            at=MONDAY,
        )
    with pytest.raises(Invalid, match="没有可以共享的来源"):
        use_register(
            case=receipt.code,
            key="M1",
            source=registers,
            store=store(),
            by=desk["clerk"],
            at=MONDAY,
        )


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ([], "没有“fields”"),
        ({"fields": {"名称": 3}}, "不是文字"),
        ({"fields": {}, "valid_until": "明年"}, "日期"),
    ],
)
def test_an_answer_that_makes_no_sense_is_named(
    desk: City, tmp_path: Path, answer: object, why: str
) -> None:
    put(tmp_path, answer)
    receipt = put_case(desk, choices=WITHOUT_LICENCE)
    with pytest.raises(SourceUnreadable, match=why):
        use_register(
            case=receipt.code,
            key="M4",
            source=Folder(tmp_path),
            store=store(),
            by=desk["clerk"],
            at=MONDAY,
        )


def test_what_has_expired_is_not_used(desk: City, tmp_path: Path) -> None:
    put(tmp_path, {**ANSWER, "valid_until": "2024-03-03"})
    receipt = put_case(desk, choices=WITHOUT_LICENCE)
    with pytest.raises(Invalid, match="已于 2024-03-03 到期"):
        use_register(
            case=receipt.code,
            key="M4",
            source=Folder(tmp_path),
            store=store(),
            by=desk["clerk"],
            at=MONDAY,
        )


@pytest.mark.parametrize("number", ["../../etc/passwd", "", "a" * 18, "9121020000000000\n0"])
def test_no_number_leads_out_of_the_folder(registers: Folder, number: str) -> None:
    assert registers.find(REGISTER, number) is None
    assert registers.find("../电子证照库", FIRM_CODE) is None


def test_a_document_of_an_earlier_case_is_used_again(desk: City) -> None:
    before = put_case(desk, choices=uploaded("M1", "M2", "M3", "M4"))
    receipt = put_case(desk, choices=WITHOUT_LICENCE)
    code = use_earlier(
        case=receipt.code,
        key="M4",
        earlier=before.code,
        earlier_key="M4",
        track=receipt.track,
        at=MONDAY,
    )
    assert Consent.objects.get(code=code).source == EARLIER
    assert material(receipt.code).sha256 == material(before.code).sha256
    withdraw(consent=code, track=receipt.track, at=MONDAY)
    there = material(receipt.code)
    assert (there.state, there.sha256) == (MaterialState.MISSING, "")
    with pytest.raises(UnknownConsent):
        withdraw(consent=code, track=receipt.track, at=MONDAY)


def test_nothing_of_another_applicant_is_used(desk: City) -> None:
    other = put_case(desk, applicant=PERSON, choices=uploaded("M1", "M2", "M3", "M4"))
    receipt = put_case(desk, choices=WITHOUT_LICENCE)
    with pytest.raises(NothingHeld):
        use_earlier(
            case=receipt.code,
            key="M4",
            earlier=other.code,
            earlier_key="M4",
            track=receipt.track,
            at=MONDAY,
        )


def test_after_the_decision_a_consent_has_done_its_work(desk: City, registers: Folder) -> None:
    receipt = put_case(desk, choices=WITHOUT_LICENCE)
    code = use_register(
        case=receipt.code, key="M4", source=registers, store=store(), by=desk["clerk"], at=MONDAY
    )
    accept(case=receipt.code, by=desk["clerk"], at=MONDAY)
    decide(desk, receipt.code, at=MONDAY + timedelta(days=2))
    with pytest.raises(WrongCaseState):
        withdraw(consent=code, track=receipt.track, at=MONDAY + timedelta(days=3))
