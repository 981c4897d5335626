from datetime import date

import numpy as np
import pytest

from yinuo.credit.simulation import codes
from yinuo.credit.simulation.luck import Luck
from yinuo.credit.simulation.population import CATEGORIES
from yinuo.kernel.resident_id import NotAResidentId, resident_id
from yinuo.kernel.uscc import NotACreditCode, credit_code
from yinuo.lake.identifiers.checking import Kind, check
from yinuo.lake.identifiers.verdicts import Remark, Verdict

NUMBERS = np.arange(3_000)
ON = date(2026, 11, 29)


def credit_codes(category: str = "91") -> list[str]:
    leading = np.tile(np.frombuffer(category.encode(), np.uint8), (len(NUMBERS), 1))
    body = Luck(1).shuffled(NUMBERS, "body", codes.BODIES)
    region = np.full(len(NUMBERS), 210_213)
    found: list[str] = codes.texts(codes.credit_codes(leading, region, body)).to_pylist()
    return found


@pytest.mark.parametrize("category", CATEGORIES)
def test_credit_codes_are_valid_for_the_kernel_and_the_lake(category: str) -> None:
    made = credit_codes(category)
    assert [credit_code(code) for code in made] == made
    found = check(made, Kind.USCC, on=ON)
    assert set(found.verdicts) == {Verdict.VALID}
    assert not (found.remarks & np.uint8(Remark.INNER | Remark.REGION)).any()


def test_no_two_bodies_make_one_code() -> None:
    assert len(set(credit_codes())) == len(NUMBERS)


def test_organisation_codes_are_the_inside_of_credit_codes() -> None:
    body = Luck(1).shuffled(NUMBERS, "body", codes.BODIES)
    made = codes.texts(codes.organisations(body)).to_pylist()
    assert made == [code[8:17] for code in credit_codes()]
    assert set(check(made, Kind.ORGANISATION, on=ON).verdicts) == {Verdict.VALID}
    assert all(code.startswith("MX") for code in made)


def test_registration_numbers_are_valid_and_of_no_county() -> None:
    numbers = Luck(1).shuffled(NUMBERS, "r", codes.REGISTERED)
    made = codes.texts(codes.registrations(numbers)).to_pylist()
    assert set(check(made, Kind.REGISTRATION, on=ON).verdicts) == {Verdict.VALID}
    assert all(number.startswith("210299") for number in made)
    assert len(set(made)) == len(NUMBERS)


def test_resident_numbers_are_valid_and_of_no_county() -> None:
    numbers = Luck(1).shuffled(NUMBERS, "p", codes.RESIDENTS)
    made = codes.texts(codes.residents(numbers)).to_pylist()
    assert [resident_id(number, on=ON) for number in made] == made
    assert all(number.startswith("21029") for number in made)
    assert len(set(made)) == len(NUMBERS)


def test_old_resident_numbers_fill_up_to_the_new_ones() -> None:
    numbers = Luck(1).shuffled(NUMBERS, "p", codes.RESIDENTS)
    numbers = numbers[codes.may_be_old(numbers)]
    made = codes.residents(numbers)
    old = codes.texts(codes.old_residents(made)).to_pylist()
    assert len(numbers) > 2_000
    assert [resident_id(number) for number in old] == codes.texts(made).to_pylist()


def test_a_spoilt_check_character_always_fails() -> None:
    rows = codes.residents(Luck(1).shuffled(NUMBERS, "p", codes.RESIDENTS))
    codes.spoil_check(rows, np.ones(len(rows), np.bool_))
    for number in codes.texts(rows).to_pylist():
        with pytest.raises(NotAResidentId):
            resident_id(number)
    leading = np.tile(np.frombuffer(b"91", np.uint8), (len(NUMBERS), 1))
    firms = codes.credit_codes(leading, np.full(len(NUMBERS), 210_200), NUMBERS)
    codes.spoil_check(firms, np.ones(len(firms), np.bool_))
    for code in codes.texts(firms).to_pylist():
        with pytest.raises(NotACreditCode):
            credit_code(code)
