import pytest

from yinuo.credit.checked_rows import BadTable
from yinuo.credit.purposes.purpose import Capacity, load_purposes
from yinuo.credit.scenarios.definition import (
    BadScenario,
    Scenario,
    read_askers,
    read_scenario,
)
from yinuo.kernel.content import content_dir

FOLDER = content_dir() / "scenarios"
SHIPPED = {p.stem: read_scenario(p.read_bytes(), id=p.stem) for p in FOLDER.glob("*.toml")}
PURPOSES = load_purposes((content_dir() / "credit" / "purposes.csv").read_bytes())
GOOD = (FOLDER / "medicine.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("one", SHIPPED.values(), ids=SHIPPED)
def test_every_shipped_scenario_has_a_purpose_and_a_table(one: Scenario) -> None:
    assert (content_dir() / "tables" / f"{one.table}.xlsx").is_file()
    assert one.subjects <= PURPOSES[one.purpose].subjects
    assert PURPOSES[one.purpose].consent, "each of them asks about persons or for banks"


def test_bills_are_paid_later_where_it_is_said() -> None:
    assert {one.id for one in SHIPPED.values() if one.pays_later} == {"medicine", "tourism"}


def test_every_shipped_asker_is_a_capacity_of_some_purpose() -> None:
    askers = read_askers((FOLDER / "askers.csv").read_bytes())
    users = {user for one in SHIPPED.values() for user in PURPOSES[one.purpose].users}
    for capacities in askers.values():
        assert frozenset(map(Capacity, capacities)) <= users


def test_all_faults_of_a_scenario_are_told_at_once() -> None:
    text = 'name = ""\nquestion = 3\nsubjects = ["dog"]\nscore = 5\npays_later = "yes"\n'
    with pytest.raises(BadScenario) as refused:
        read_scenario(text.encode(), id="x")
    assert {one.field for one in refused.value.findings} == {
        *("name", "question", "purpose", "basis", "table", "yes", "no", "open"),
        *("subjects", "score", "pays_later"),
    }


@pytest.mark.parametrize("data", [b"\xff\xfe", b"name =", b"= 1", b""])
def test_what_is_no_toml_is_refused(data: bytes) -> None:
    with pytest.raises(BadScenario):
        read_scenario(data, id="x")


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read_scenario(("\ufeff" + GOOD).encode(), id="medicine") == SHIPPED["medicine"]


def test_a_unit_may_have_several_capacities() -> None:
    found = read_askers("单位,身份,说明\nA,医院,\nA,银行,\nB,银行,\n".encode())
    assert found == {"A": {"医院", "银行"}, "B": {"银行"}}


def test_an_asker_without_a_capacity_is_refused() -> None:
    with pytest.raises(BadTable):
        read_askers("单位,身份,说明\nA,,\n,医院,\n".encode())
