import io
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.cases.desk import (
    FIRM,
    ITEM,
    MONDAY,
    PDF,
    PERSON,
    WINDOW,
    apply,
    make_desk,
    put_case,
    put_item,
    uploaded,
    whole,
)
from tests.city import City
from yinuo.cases.commands.materials import Choice
from yinuo.cases.errors.items import UnknownItem
from yinuo.cases.life import MaterialState
from yinuo.cases.models import Applicant, Case, CaseMaterial
from yinuo.commitments.errors import Invalid
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import NotAllowed
from yinuo.web.files import store

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return make_desk()


def fields(error: pytest.ExceptionInfo[Invalid]) -> set[str]:
    return {field for field, _ in error.value.faults}


def test_a_case_comes_in_online_with_its_files(city: City) -> None:
    receipt = apply()
    row = Case.objects.get(code=receipt.code)
    assert receipt.code == "DL-SJJ-2024-000001"
    assert (row.status, row.tell_due, row.sort_due) == (
        "received",
        date(2024, 3, 11),
        date(2024, 3, 11),
    )
    given = CaseMaterial.objects.get(code=f"{receipt.code}/M1")
    assert (given.state, given.size) == (MaterialState.GIVEN, len(PDF))
    assert store().path(given.sha256).read_bytes() == PDF
    spared = CaseMaterial.objects.get(code=f"{receipt.code}/M5")
    assert spared.state == MaterialState.NOT_NEEDED


def test_the_code_of_the_receipt_is_kept_as_a_hash_only(city: City) -> None:
    receipt = apply()
    row = Case.objects.values().get(code=receipt.code)
    plain = receipt.track.replace("-", "")
    assert len(plain) == 16
    assert not any(plain in str(value) or receipt.track in str(value) for value in row.values())


def test_numbers_follow_one_another_without_gaps(city: City) -> None:
    codes = [put_case(city).code, apply().code, put_case(city).code]
    assert [code[-6:] for code in codes] == ["000001", "000002", "000003"]


def test_everything_wrong_is_said_at_once(city: City) -> None:
    wrong = {
        "M1": Choice(kind="give"),
        "M2": Choice(kind="defer", until=date(2024, 5, 1)),
        "M3": Choice(kind="held"),
        "M9": Choice(kind="give"),
    }
    with pytest.raises(Invalid) as error:
        apply(
            choices=wrong,
            about=" ",
            applicant=replace(FIRM, name="", number="91210200000000000X", contact="0" * 99),
        )
    assert fields(error) == {
        *("name", "number", "contact", "about"),
        *("material-M1", "material-M2", "material-M3", "material-M4", "material-M9"),
    }
    assert not Case.objects.exists()


def test_a_document_may_be_asked_to_wait_to_the_day_the_item_allows(city: City) -> None:
    """Ten working days after Monday 4 March: the 18th."""
    choices = uploaded("M1", "M4") | {
        "M2": Choice(kind="defer", until=date(2024, 3, 18)),
        "M3": Choice(kind="declare"),
    }
    receipt = apply(choices=choices)
    waits, declared = (
        CaseMaterial.objects.get(code=f"{receipt.code}/{key}") for key in ("M2", "M3")
    )
    assert (waits.state, waits.wish, waits.wish_until) == ("missing", "defer", date(2024, 3, 18))
    assert declared.wish == "declare"
    with pytest.raises(Invalid):
        apply(choices={**choices, "M2": Choice(kind="defer", until=date(2024, 3, 19))})


def test_a_file_that_is_not_what_it_says_is_refused_and_nothing_is_written(city: City) -> None:
    choices = uploaded("M2", "M3", "M4") | {
        "M1": Choice(kind="give", name="申请.pdf", file=io.BytesIO(b"MZ\x90\x00" + b"\0" * 64))
    }
    with pytest.raises(Invalid) as error:
        apply(choices=choices)
    assert fields(error) == {"material-M1"}
    assert not Case.objects.exists()


def test_the_window_takes_in_what_is_not_complete(city: City) -> None:
    receipt = put_case(city, choices={"M1": Choice(kind="give")})
    missing = CaseMaterial.objects.filter(case=receipt.code, state="missing")
    assert {one.key for one in missing} == {"M2", "M3", "M4"}


def test_only_the_window_takes_in(city: City) -> None:
    with pytest.raises(NotAllowed):
        put_case(city, clerk="fire")
    with pytest.raises(NotAllowed):
        put_case(city, clerk="supervisor", window=WINDOW)


def test_an_item_that_is_not_in_force_yet_takes_no_case(city: City) -> None:
    put_item(city, code="SC-902", valid_from=date(2024, 4, 1))
    with pytest.raises(UnknownItem):
        put_case(city, item="SC-902")
    with pytest.raises(UnknownItem):
        apply(at=MONDAY - timedelta(days=60))


def test_a_firm_is_found_again_by_its_number_and_a_person_too(city: City) -> None:
    put_case(city)
    put_case(city)
    put_case(city, applicant=PERSON)
    put_case(city, applicant=replace(PERSON, number="11010519491231002x"))
    assert Applicant.objects.count() == 2


def test_nobody_applies_online_in_the_name_of_others(city: City) -> None:
    """Another name under a known number stays apart until somebody has seen the papers."""
    put_case(city)
    apply(applicant=replace(FIRM, name="冒名有限公司"))
    known, other = (
        Applicant.objects.exclude(number_mark=""),
        Applicant.objects.filter(number_mark=""),
    )
    assert (known.count(), other.count()) == (1, 1)


def test_the_window_has_seen_the_papers_of_a_renamed_firm(city: City) -> None:
    first = put_case(city)
    put_case(city, applicant=replace(FIRM, name="山海咖啡连锁有限公司"))
    row = Applicant.objects.get()
    assert row.version == 2
    assert Case.objects.get(code=first.code).applicant == row


def test_a_name_of_two_thousand_characters_is_refused(city: City) -> None:
    with pytest.raises(Invalid) as error:
        put_case(city, applicant=replace(FIRM, name="名" * 2_000))
    assert fields(error) == {"name"}


def test_a_receipt_in_the_future_or_beyond_the_calendar_is_refused(city: City) -> None:
    with pytest.raises(Invalid) as error:
        apply(happened_at=MONDAY + timedelta(hours=1))
    assert "happened_at" in fields(error)


def test_replay_gives_every_row(city: City) -> None:
    apply()
    put_case(city, choices=whole(), item=ITEM)
    assert replay().faults == []
