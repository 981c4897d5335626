"""A small sheet as an office keeps it, and the way it goes through the pages."""

import io
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

FILE = "2024年台账.xlsx"
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


def taken_in(client: Client, data: bytes | None = None, **answers: object) -> str:
    """Bring the sheet all the way in; returns the address of its roster."""
    check = assigned(client, upload(client, data or sheet()), **answers)
    done = confirm(client, preview_of(check))
    assert done.status_code == 302
    return str(done.headers["Location"])
