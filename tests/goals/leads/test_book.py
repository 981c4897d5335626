"""The workbook of leads: round trip, what is new, and every trap named at its cell."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest

from tests.city import JULY, LUSHUN, OFFICE, City
from tests.goals.leads.register import ASKED, FIRMS, PLANT, TRIP, agreement, trip
from yinuo.goals.commands.lead_import import take_in
from yinuo.goals.errors.leads import LeadsOutdated, LeadsRefused
from yinuo.goals.leads.book import Checked, Known, NewContact, check_bytes, write
from yinuo.goals.leads.register import NewLead
from yinuo.goals.models import Delegation, Lead, LeadContact
from yinuo.goals.queries.lead_preview import preview
from yinuo.goals.queries.leads import exported
from yinuo.goals.stored.projects import industries
from yinuo.ledger.models import Entry
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import NotAllowed

MADE = datetime(2024, 7, 1, tzinfo=UTC)
NAMES = {LUSHUN: "旅顺口区", OFFICE: "市政府督查室"}


def known() -> Known:
    return Known(OFFICE, NAMES, industries(), JULY.date())


def check(data: bytes) -> Checked:
    return check_bytes(data, file="线索.xlsx", known=known())


def book(*leads: NewLead, contacts: tuple[NewContact, ...] = ()) -> bytes:
    return write(
        title="线索", delegations=[trip(code=TRIP)], leads=leads, contacts=contacts, made_at=MADE
    )


def altered(data: bytes, change: Callable[[Any], None]) -> bytes:
    """The workbook after somebody worked on it in a spreadsheet."""
    found = openpyxl.load_workbook(io.BytesIO(data))
    change(found)
    out = io.BytesIO()
    found.save(out)
    return out.getvalue()


def put(sheet: str, header: str, value: object, row: int = 2) -> Callable[[Any], None]:
    """One cell, by its header, typed anew."""

    def change(found: Any) -> None:
        headers = [cell.value for cell in found[sheet][1]]
        cell = found[sheet].cell(row=row, column=headers.index(header) + 1)
        cell.value = value

    return change


def rules_of(checked: Checked) -> list[tuple[str, str]]:
    return [(found.cell, found.rule) for found in checked.errors]


def test_the_same_rows_give_the_same_bytes() -> None:
    assert book(agreement()) == book(agreement())


def test_what_is_written_is_read_back_whole() -> None:
    lead = agreement(code="XS2024-0009", delegation=TRIP, note="两行\n说明", foreign=False)
    contact = NewContact("XS2024-0009", date(2024, 3, 1), "某人", "谈了", "再谈", date(2024, 4, 1))
    found = check(book(lead, contacts=(contact,)))
    assert found.errors == ()
    assert found.file is not None
    assert found.file.leads == (lead,)
    assert found.file.delegations == (trip(code=TRIP),)
    assert found.file.contacts == (contact,)


def test_a_template_is_empty_and_sound() -> None:
    found = check(write(title="招商线索", made_at=MADE))
    assert found.errors == ()
    assert found.file is not None
    assert found.file.leads == ()


@pytest.mark.parametrize(
    ("sheet", "header", "value", "what"),
    [
        ("线索", "意向投资", "=1+1", "公式"),
        ("线索", "意向投资", "两亿", "不是一个数"),
        ("线索", "意向投资", "200,000亿元", "请核对单位"),
        ("线索", "单位", "亿", "不是金额单位"),
        ("线索", "单位", None, "也要有单位"),
        ("线索", "来源", "走访", "不在可选的词中"),
        ("线索", "来源", "拜访", "来源是拜访的"),
        ("线索", "签约日期", "2024-13-01", ""),
        ("线索", "签约日期", "02/03/24", ""),
        ("线索", "签约日期", date(2024, 12, 1), "还没有到"),
        ("线索", "行业", "A34", "属于门类"),
        ("线索", "跟进单位", "西岗区", "没有单位"),
        ("线索", "名称", None, "必须填写"),
        ("线索", "企业", None, "请写企业名称"),
        ("线索", "500强", True, "逻辑值"),
        ("出访团组", "公布的企业", "十五", ""),
        ("出访团组", "最后一天", date(2024, 1, 1), "早于第一天"),
        ("出访团组", "出处", None, "哪里公布"),
    ],
)
def test_a_trap_is_named_at_its_cell(sheet: str, header: str, value: object, what: str) -> None:
    found = check(altered(book(agreement()), put(sheet, header, value)))
    assert found.file is None
    assert any(what in rule and cell.endswith("2") for cell, rule in rules_of(found)), found.errors


@pytest.mark.parametrize(
    ("header", "value", "field", "read"),
    [
        ("意向投资", "２", "intended_value", "2"),
        ("意向投资", "1,500.50", "intended_value", "1500.5"),
        ("签约日期", "2024年2月26日", "signed_date", date(2024, 2, 26)),
        ("签约日期", datetime(2024, 2, 26, 8, 30), "signed_date", date(2024, 2, 26)),  # noqa: DTZ001  # as Excel keeps it
        ("跟进单位", "旅顺口区", "unit", LUSHUN),
        ("行业", 34, "industry", "34"),
    ],
)
def test_what_has_one_reading_is_read(header: str, value: object, field: str, read: object) -> None:
    found = check(altered(book(agreement()), put("线索", header, value)))
    assert found.errors == ()
    assert found.file is not None
    assert getattr(found.file.leads[0], field) == read


def test_an_amount_with_its_own_unit_must_agree_with_the_column() -> None:
    clash = check(altered(book(agreement()), put("线索", "意向投资", "2万元")))
    assert any("“单位”列却是" in rule for _, rule in rules_of(clash))
    alone = book(agreement(intended_value="", intended_unit=""))
    found = check(altered(alone, put("线索", "意向投资", "2亿元")))
    assert found.file is not None
    assert found.file.leads[0].intended_unit == "亿元"


def test_a_lost_column_and_merged_cells_are_named() -> None:
    def merge(found: Any) -> None:
        found["线索"].merge_cells("C2:C3")
        found["线索"].delete_cols(6)

    found = check(altered(book(agreement()), merge))
    rules = " ".join(rule for _, rule in rules_of(found))
    assert "合并单元格" in rules
    assert "缺少列" in rules


def test_twins_and_repeated_codes_in_one_file_are_named() -> None:
    twice = check(book(agreement(), agreement()))
    assert any("同名同企业" in rule for _, rule in rules_of(twice))
    coded = check(book(agreement(code="A1"), agreement(code="A1")))
    assert any("已经用过" in rule for _, rule in rules_of(coded))


def test_no_workbook_is_a_finding_too() -> None:
    assert check(b"not a workbook").errors[0].code.startswith("GOALS-E")


def given(city: City, who: str = "supervisor") -> bytes:
    found = exported(office=OFFICE, viewer=city[who], today=JULY.date())
    return write(
        title="线索",
        delegations=found.delegations,
        leads=found.leads,
        contacts=[NewContact(*line) for line in found.contacts],
        states=found.states,
        made_at=MADE,
    )


def wide() -> Known:
    return Known(OFFICE, {**NAMES, "210214": "普兰店区"}, industries(), JULY.date())


def test_an_export_taken_in_again_changes_nothing(registered: City) -> None:
    before = Entry.objects.count()
    checked = check_bytes(given(registered), file="线索.xlsx", known=wide())
    assert checked.errors == ()
    assert checked.file is not None
    found = preview(file=checked.file, office=OFFICE, viewer=registered["admin"])
    assert found.changes_nothing
    assert found.unchanged == 6
    taken = take_in(file=checked, office=OFFICE, by=registered["admin"], at=JULY)
    assert (taken.registered, taken.corrected, taken.contacts) == (0, 0, 0)
    assert Entry.objects.count() == before


def test_a_changed_file_registers_and_corrects(registered: City) -> None:
    def work(found: Any) -> None:
        put("线索", "国别或地区", "新加坡", row=2)(found)
        headers = [cell.value for cell in found["线索"][1]]
        new = {"来源": "签约", "名称": "新的协议", "企业": "丁公司", "签约时间原文": "2024年6月"}
        found["线索"].append([new.get(header) for header in headers])
        found["接触记录"].append([PLANT, date(2024, 7, 1), "某人", "又谈了", None, None])

    data = altered(given(registered), work)
    checked = check_bytes(data, file="线索.xlsx", known=wide())
    assert checked.errors == ()
    assert checked.file is not None
    found = preview(file=checked.file, office=OFFICE, viewer=registered["admin"])
    assert (found.new_leads, [c.code for c in found.changed_leads]) == (1, [PLANT])
    assert found.changed_leads[0].columns == ("国别或地区",)
    with pytest.raises(NotAllowed):
        take_in(file=checked, office=OFFICE, by=registered["lushun"], at=JULY)
    taken = take_in(file=checked, office=OFFICE, by=registered["admin"], at=JULY, expected=found)
    assert (taken.registered, taken.corrected, taken.contacts) == (1, 1, 1)
    assert Lead.objects.get(pk=PLANT).country == "新加坡"
    assert Lead.objects.get(title="新的协议").code == "XS2024-0005"
    assert LeadContact.objects.count() == 2
    assert replay().faults == []
    with pytest.raises((LeadsOutdated, LeadsRefused)):
        take_in(file=checked, office=OFFICE, by=registered["admin"], at=JULY, expected=found)


def test_what_no_file_may_alter_is_refused(registered: City) -> None:
    def work(found: Any) -> None:
        rows = {found["线索"].cell(row=n, column=1).value: n for n in range(2, 6)}
        put("线索", "来源", "签约", row=rows[ASKED])(found)
        put("线索", "签约时间原文", "2024年3月", row=rows[ASKED])(found)
        put("线索", "出访团组", "TZ2024-77", row=rows[FIRMS])(found)
        put("线索", "编号", None, row=rows[PLANT])(found)

    checked = check_bytes(altered(given(registered), work), file="线索.xlsx", known=wide())
    with pytest.raises(LeadsRefused) as error:
        take_in(file=checked, office=OFFICE, by=registered["admin"], at=JULY)
    rules = " ".join(found.rule for found in error.value.findings)
    assert "来源登记以后不能改" in rules
    assert "没有团组 TZ2024-77" in rules
    assert f"已经登记为 {PLANT}" in rules
    assert Delegation.objects.count() == 1
