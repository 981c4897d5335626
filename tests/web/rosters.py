"""A small sheet as an office keeps it, and the way it goes through the pages."""

import io
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tests.city import MARCH, OFFICE
from yinuo.commitments.commands.register import NewDocument
from yinuo.goals.commands import roster as commands
from yinuo.goals.queries import rosters as queries
from yinuo.goals.roster.book import open_book
from yinuo.goals.roster.guess import guess
from yinuo.goals.roster.layout import layouts
from yinuo.goals.roster.mapping import Defaults, proposed
from yinuo.kernel.filestore import FileStore
from yinuo.parties.viewer import Viewer

FILE = "2024年台账.xlsx"
DEFAULTS = Defaults(
    plan="TZ2024",
    title="2024年市政府重点工作台账",
    office=OFFICE,
    document=NewDocument(code="TZ2024-YJ1", title="2024年工作要点", kind="方案"),
    year=2024,
    prefix="TZ2024",
)
HEADERS = ("序号", "工作任务", "牵头单位", "配合单位", "完成时限", "目标值", "备注")
ROWS: tuple[tuple[object, ...], ...] = (
    (1, "化解历史遗留办证难", "旅顺口区", "普兰店区", "2024年12月底前", "≥7项", ""),
    (2, "旅游“顺心”服务全覆盖", "普兰店区", "", "全年", "", "分两步走"),
    (3, "建成营商环境最优区", "旅顺口区", "", "2024年11月30日", "", ""),
)


def sheet(rows: Sequence[Sequence[object]] = ROWS, **cells: object) -> bytes:
    """A workbook with a title over the header; `cells` replaces single values, such as E3=…."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "台账"
    page.append(["2024年市政府重点工作台账"])
    page.merge_cells("A1:G1")
    page.append(list(HEADERS))
    for row in rows:
        page.append(list(row))
    for address, value in cells.items():
        page[address].value = value
    return saved(book)


def saved(book: Any) -> bytes:
    """The bytes of an openpyxl workbook."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def edited(data: bytes, change: Callable[[Any], None]) -> bytes:
    """The workbook after a change to its first sheet with the name 台账."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book["台账"])
    return saved(book)


def upload(client: Client, data: bytes, *, path: str = "/rosters/", name: str = FILE) -> str:
    """Hand in a workbook and return the address to which that leads."""
    answer = client.post(path, {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def assigned(client: Client, address: str, **answers: object) -> str:
    """Accept the guesses of the page of columns, but for `answers`; returns where that leads."""
    form = client.get(address).context["form"]
    values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    typed = {name: value for name, value in {**values, **answers}.items() if value is not None}
    answer = client.post(address, typed)
    assert answer.status_code == 302, answer.context["form"].errors
    return str(answer.headers["Location"])


def preview_of(check: str) -> str:
    """The address of the preview that belongs to a check."""
    return check.replace("/check/", "/take-in/")


def confirm(client: Client, address: str) -> HttpResponse:
    """Confirm the preview at this address."""
    seen = client.get(address).context["seen"]
    return client.post(address, {"seen": seen})  # type: ignore[return-value]


def bring_roster(by: Viewer) -> None:
    """The sheet taken in as the plan TZ2024, and once more on its way."""
    store = FileStore(settings.YINUO_FILES)
    book = open_book(sheet(), file=FILE)
    (layout,) = layouts(book)
    mapping = proposed(layout, guess(layout), DEFAULTS)
    for plan in (None, "TZ2024"):
        number = commands.keep_upload(
            file=io.BytesIO(sheet()), name=FILE, plan=plan, store=store, by=by, at=MARCH
        )
        commands.assign(upload=number, sheet="台账", mapping=mapping.as_json(), plan=plan, by=by)
        if plan is None:
            found = queries.check(number=number, store=store, viewer=by)
            commands.take_in_roster(
                upload=number, file=found.checked, reading=found.reading, by=by, at=MARCH
            )


def taken_in(client: Client, data: bytes | None = None, **answers: object) -> str:
    """Bring the sheet all the way in; returns the address of its roster."""
    check = assigned(client, upload(client, data or sheet()), **answers)
    done = confirm(client, preview_of(check))
    assert done.status_code == 302
    return str(done.headers["Location"])
