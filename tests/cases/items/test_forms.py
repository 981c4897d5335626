"""Items as a workbook, as JSON, as canonical data: there and back, and every fault at its place."""

import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from tests.cases.desk import item
from yinuo.cases.errors.items import BadDefinition, ItemsRefused
from yinuo.cases.items.codec import canonical, digest, of_data, to_data
from yinuo.cases.items.definition import Fee
from yinuo.cases.items.exchange import check_json, national, national_file
from yinuo.cases.items.gathering import Known
from yinuo.cases.items.workbook import check_workbook, write_workbook
from yinuo.kernel.spreadsheet.faults import SpreadsheetRefused

AT = datetime(2024, 3, 1, tzinfo=UTC)
FILE = "items.xlsx"


def full() -> Any:
    """An item in which every list has something."""
    fee = Fee(
        name="检验费",
        standard="100 元",
        legal_basis="收费目录",
        waivable=True,
        waive_explain="小微",
    )
    return item(fees=(fee,), other_units=("消防",))


def edited(**cells: object) -> bytes:
    """The workbook of the item with some cells changed, named 表!A1 as `表_A1`."""
    book = load_workbook(io.BytesIO(write_workbook([full()], made_at=AT)))
    for name, value in cells.items():
        sheet, _, address = name.rpartition("_")
        book[sheet][address] = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def column(sheet: str, header: str) -> str:
    book = load_workbook(io.BytesIO(write_workbook([full()], made_at=AT)))
    return str(next(cell.column_letter for cell in book[sheet][1] if cell.value == header))


def test_a_workbook_gives_back_what_it_was_given() -> None:
    data = write_workbook([full(), item(code="SC-902")], made_at=AT)
    checked = check_workbook(data, file=FILE)
    assert checked.sound() == (full(), item(code="SC-902"))
    assert data == write_workbook(checked.definitions, made_at=AT), "byte for byte"


def test_json_gives_back_what_it_was_given() -> None:
    data = json.dumps(national_file([national(full(), unit_name="局", number=3)])).encode()
    checked = check_json(data, file="items.json")
    assert checked.sound() == (full(),)
    assert all(found.code == "CASE-N205" for found in checked.notices)


def test_the_national_columns() -> None:
    data = national(full(), unit_name="市监局", number=2)
    assert data["task_type"] == "01"
    assert (data["anticipate_day"], data["anticipate_type"]) == (20, "1")
    assert (data["promise_day"], data["promise_type"]) == (8, "1")
    assert (data["is_fee"], data["dept_name"], data["task_version"]) == ("1", "市监局", 2)
    assert data["corp_topic_type"] == "准营准办"
    assert data["materials"][0]["order_num"] == 1
    assert data["fee_projects"][0]["is_desc"] == "1"
    assert national(item(promised_limit="即办"))["promise_day"] == 0


def test_canonical_data() -> None:
    assert of_data(to_data(full())) == full()
    assert canonical(full()) == canonical(of_data(json.loads(canonical(full()))))
    assert digest(full()) != digest(item())
    for broken, place in (
        ([], "事项"),
        ({**to_data(full()), "extra": 1}, "事项"),
        ({"code": "A"}, "事项"),
        ({**to_data(full()), "visits": "1"}, "事项.visits"),
        ({**to_data(full()), "served": "法人"}, "事项.served"),
        ({**to_data(full()), "materials": [{"key": "M1"}]}, "事项.materials[0]"),
    ):
        with pytest.raises(BadDefinition) as caught:
            of_data(broken)
        assert caught.value.place == place


def test_every_fault_names_its_cell() -> None:
    legal, deferral = column("事项", "承诺办结时限"), column("材料", "后补时限")
    data = edited(**{f"事项_{legal}2": "30wd", f"材料_{deferral}3": "很久"})
    checked = check_workbook(data, file=FILE)
    places = {(f.sheet, f.cell): (f.field, f.value) for f in checked.errors}
    assert places["事项", f"{legal}2"] == ("承诺办结时限", "30wd")
    assert places["材料", f"{deferral}3"] == ("后补时限", "很久")
    with pytest.raises(ItemsRefused) as caught:
        checked.sound()
    assert "2 处错误" in caught.value.what
    assert f"{FILE} · " in caught.value.place


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"事项_{承诺办结时限}2": "=1+1"}, "CASE-E210"),
        ({"事项_{到现场次数}2": "两次"}, "CASE-E210"),
        ({"事项_{可网办}2": "也许"}, "CASE-E210"),
        ({"事项_{法定办结时限}2": 20}, "CASE-E210"),
        ({"事项_{事项名称}2": None}, "CASE-E211"),
        ({"事项_{事项编号}2": "SC-777"}, "CASE-E216"),
        ({"事项_AZ1": "星座"}, "CASE-N201"),
        ({"事项_{事项编号}1": "编码"}, "CASE-E233"),
    ],
)
def test_odd_cells(cells: dict[str, object], code: str) -> None:
    named: dict[str, object] = {}
    for name, value in cells.items():
        header = name[name.find("{") + 1 : name.find("}")] if "{" in name else ""
        letter = column("事项", header) if header else ""
        named[name.replace("{" + header + "}", letter)] = value
    checked = check_workbook(edited(**named), file=FILE)
    assert code in {found.code for found in (*checked.errors, *checked.notices)}


def test_an_item_twice_and_an_unknown_unit() -> None:
    data = write_workbook([item(), item()], made_at=AT)
    assert "CASE-E215" in {found.code for found in check_workbook(data, file=FILE).errors}
    known = Known(units=frozenset({"X"}))
    one = check_workbook(write_workbook([item()], made_at=AT), file=FILE, known=known)
    assert [found.code for found in one.errors] == ["CASE-E234"]


def test_no_workbook_and_no_items() -> None:
    with pytest.raises(SpreadsheetRefused):
        check_workbook(b"nothing", file=FILE)
    buffer = io.BytesIO()
    Workbook().save(buffer)
    checked = check_workbook(buffer.getvalue(), file=FILE)
    assert [found.code for found in checked.errors] == ["CASE-E233"]
    assert check_workbook(write_workbook([], made_at=AT), file=FILE).definitions == ()


def test_json_that_is_none_or_odd() -> None:
    for broken in (b"{", b'"text"', b'{"items": 3}', b"[1]"):
        with pytest.raises(BadDefinition):
            check_json(broken, file="a.json")
    data = national(full())
    data |= {"horoscope": "leo", "materials": [*data["materials"], {"material_name": []}]}
    data["yinuo_steps"] = "受理"
    checked = check_json(json.dumps(data).encode(), file="a.json")
    codes = {(found.code, found.cell) for found in (*checked.errors, *checked.notices)}
    assert ("CASE-N201", "items[0].horoscope") in codes
    assert ("CASE-E210", "items[0].yinuo_steps") in codes
    assert ("CASE-E210", "items[0].materials[5].material_name") in codes


def test_a_foreign_file_has_only_national_columns() -> None:
    data = {name: value for name, value in national(item()).items() if "yinuo" not in name}
    data["materials"] = [
        {name: value for name, value in one.items() if "yinuo" not in name}
        for one in data["materials"]
    ]
    checked = check_json(json.dumps([data]).encode(), file="a.json")
    (made,) = checked.definitions
    assert [one.key for one in made.materials] == ["M1", "M2", "M3", "M4", "M5"]
    assert made.topics == ("准营准办",)
    assert (made.legal_limit, made.promised_limit) == ("20wd", "8wd")
