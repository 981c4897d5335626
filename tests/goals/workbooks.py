"""A small plan for the test city, as a workbook that tests then spoil cell by cell."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from tests.city import CITY, LUSHUN, OFFICE, PULANDIAN
from yinuo.commitments.commands.register import NewCommitment, NewDocument, NewObservation
from yinuo.goals.plan import NewGoal, PlanContent
from yinuo.goals.workbook.check import Checked, check_bytes
from yinuo.goals.workbook.write import write
from yinuo.kernel.errors import Finding
from yinuo.parties.commands import NewUnit

FILE = "plan.xlsx"
MADE_AT = datetime(2024, 3, 1, tzinfo=UTC)
PORT = "DL-PORT"
KEY_SHEETS = ("计划",)


def commitment(code: str, **terms: Any) -> NewCommitment:
    """A promise of 旅顺口区 until the end of 2024; `terms` replaces any field."""
    plain: dict[str, Any] = {
        "kind": "measure",
        "title": f"承诺 {code}",
        "document": "D-1",
        "place": "第3段",
        "heading": "P-G1",
        "lead": LUSHUN,
        "lead_said": "旅顺口区",
        "creditor": "社会公众",
        "creditor_unit": OFFICE,
        "due": date(2024, 12, 31),
        "due_said": "年底前",
    }
    return NewCommitment(code=code, **{**plain, **terms})


def observation(code: str, **terms: Any) -> NewObservation:
    """Something reported; `terms` replaces any field."""
    plain: dict[str, Any] = {"kind": "指标", "title": f"报道 {code}", "document": "D-1"}
    return NewObservation(code=code, **{**plain, "heading": "P-G1", **terms})


def plan(**parts: Any) -> PlanContent:
    """A plan of four promises and two observations; `parts` replaces any part."""
    whole = PlanContent(
        code="P",
        title="测试计划",
        office=OFFICE,
        document="D-1",
        documents=(
            NewDocument(code="D-1", title="2024年行动方案", kind="方案", said_text="2024年春"),
        ),
        units=(
            NewUnit(code=CITY, name="大连市", kind="city", gb_code=CITY),
            NewUnit(code=OFFICE, name="市政府督查室", kind="department", parent=CITY),
            NewUnit(code=LUSHUN, name="旅顺口区", kind="district", gb_code=LUSHUN, parent=CITY),
            NewUnit(
                code=PULANDIAN, name="普兰店区", kind="district", gb_code=PULANDIAN, parent=CITY
            ),
            NewUnit(code=PORT, name="口岸办", kind="department", parent=CITY),
        ),
        goals=(
            NewGoal(code="P-G1", number=1, title="建设宜居的城市"),
            NewGoal(code="P-G2", number=2, title="建设开放的门户", parent="P-G1"),
        ),
        commitments=(
            commitment("P-001", operator="ge", value="60", unit="个", cooperating=(PORT,)),
            commitment("P-002", parent="P-001", kind="project"),
            commitment("P-003", lead=None, lead_said="", lead_origin="none", due=None, due_said=""),
            commitment(
                "P-004",
                operator="about",
                operator_origin="inferred",
                value="3.5",
                unit="%",
                tolerance="0.2",
                baseline="3",
                texts_known=2,
                note="第一行\n第二行",
                effort="力争",
            ),
        ),
        observations=(
            observation("P-101", operator="gt", value="5600", unit="万元", subject_unit=PORT),
            observation("P-102", kind="事件", parent="P-001", when_said="2024-02-19 起"),
        ),
    )
    return replace(whole, **parts)


def workbook(content: PlanContent | None = None, **options: Any) -> bytes:
    """The plan as written."""
    return write(content or plan(), made_at=MADE_AT, **options)


def edited(data: bytes, change: Callable[[Any], None]) -> bytes:
    """The workbook after a change made with openpyxl."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def address(sheet: Worksheet, code: str, header: str) -> str:
    """Where the value of a row stands; of the sheet 计划, of a name."""
    if sheet.title in KEY_SHEETS:
        return next(f"B{row[0].row}" for row in sheet.iter_rows() if row[0].value == header)
    column = next(cell.column_letter for cell in sheet[1] if cell.value == header)
    return next(f"{column}{row[0].row}" for row in sheet.iter_rows() if row[0].value == code)


def spoiled(
    sheet: str, code: str, header: str, value: object, *, data: bytes | None = None, style: str = ""
) -> tuple[bytes, str]:
    """The workbook with one value replaced, and the address of the cell."""
    found: list[str] = []

    def change(book: Any) -> None:
        where = address(book[sheet], code, header)
        book[sheet][where].value = value
        if style:
            book[sheet][where].number_format = style
        found.append(where)

    return edited(data or workbook(), change), found[0]


def checked(data: bytes, file: str = FILE) -> Checked:
    """The check of a workbook."""
    return check_bytes(data, file=file)


def brief(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    """Code and place of each finding, such as `("GOALS-E023", "承诺!S2")`."""
    return [(found.code, f"{found.sheet}!{found.cell}") for found in findings]


def with_part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with the raw bytes of one part replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            kept = change(content) if info.filename == name else content
            new.writestr(info.filename, kept, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
