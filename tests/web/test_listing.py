"""The list: filters in the address, counts on them, a page at a time, the same as Excel."""

import io
import re
from datetime import date, datetime

import openpyxl
import pytest
from django.test import Client
from pytest_django import Settings

from tests.city import MARCH, OFFICE, City, promise
from tests.visits import SignIn, body, words
from yinuo.commitments.commands.publish import publish
from yinuo.commitments.commands.register import Registration, register
from yinuo.commitments.life import Visibility
from yinuo.web.views.downloads import TooManyRows

pytestmark = pytest.mark.django_db


def codes(client: Client, **query: str) -> list[str]:
    page = body(client.get("/commitments/", query)).decode()
    return re.findall(r'class="what"><a href="/commitments/([^/]+)/"', page)


def test_order_by_deadline_undated_last(city: City, sign_in: SignIn) -> None:
    assert codes(sign_in("")) == ["LS-001", "LS-002", "PL-001", "LS-003", "NO-001"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"state": "overdue"}, ["LS-001"]),
        ({"state": "unowned"}, ["NO-001"]),
        ({"unit": "210214"}, ["PL-001"]),
        ({"kind": "measure"}, ["LS-002", "PL-001"]),
        ({"kind": "measure", "unit": "210212"}, ["LS-002"]),
        ({"text": "顺心"}, ["LS-002"]),
        ({"text": "pl-0"}, ["PL-001"]),
        ({"goal": "G-2"}, []),
        ({"text": "%"}, []),
    ],
)
def test_filters(city: City, sign_in: SignIn, query: dict[str, str], expected: list[str]) -> None:
    assert codes(sign_in(""), **query) == expected


def test_counts_on_the_filters(city: City, sign_in: SignIn) -> None:
    shown = words(sign_in("").get("/commitments/", {"unit": "210212"}))
    assert "全部3进行中2逾期1" in shown
    assert "其中未定时限1" in shown
    assert "调整过时限" not in shown


def test_a_filter_keeps_the_others(city: City, sign_in: SignIn) -> None:
    page = body(sign_in("").get("/commitments/", {"unit": "210212", "text": "顺心"})).decode()
    assert "?unit=210212&amp;text=%E9%A1%BA%E5%BF%83&amp;state=open" in page


def test_pages_join_without_gap_or_repeat(city: City, sign_in: SignIn) -> None:
    many = [
        promise(f"M-{n:03}", due=None if n % 3 else date(2024, 8, 1 + n % 20)) for n in range(120)
    ]
    register(registration=Registration(commitments=many), office=OFFICE, by=city["admin"], at=MARCH)
    publish(
        commitments=[p.code for p in many],
        visibility=Visibility.PUBLIC,
        by=city["supervisor"],
        at=MARCH,
    )
    client, seen, address = sign_in(""), [], "/commitments/"
    while address:
        page = body(client.get(address)).decode()
        seen += re.findall(r'class="what"><a href="/commitments/([^/]+)/"', page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        address = f"/commitments/{found.group(1)}".replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen)) == 125
    assert "回到第一页" in page


def test_a_damaged_cursor_says_what_to_do(city: City, sign_in: SignIn) -> None:
    answer = sign_in("").get("/commitments/", {"after": "x~y"})
    assert answer.status_code == 400
    assert "翻页位置无效请从第一页重新打开列表。错误代码COMMIT-E008" in words(answer)


def test_an_empty_result_says_why(city: City, sign_in: SignIn) -> None:
    assert "没有符合这些条件的承诺。" in words(
        sign_in("").get("/commitments/", {"text": "没有这个"})
    )


def test_odd_text_is_only_text(city: City, sign_in: SignIn) -> None:
    answer = sign_in("").get("/commitments/", {"text": "\0<script>'\"" + "长" * 5000})
    assert answer.status_code == 200
    assert "<script>" not in body(answer).decode()


def sheet_rows(raw: bytes) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(raw))
    return [tuple(cell.value for cell in row) for row in book.worksheets[0].iter_rows()]


def test_the_download_is_the_list(city: City, sign_in: SignIn) -> None:
    client = sign_in("")
    answer = client.get("/commitments.xlsx", {"unit": "210212"})
    rows = sheet_rows(body(answer))
    assert rows[0][0] == "承诺清单"
    assert rows[1][0] == "大连市，截至2024年7月15日。"
    assert [row[0] for row in rows[3:]] == codes(client, unit="210212")
    first = dict(zip(rows[2], rows[3], strict=True))
    assert first["完成时限"] == datetime(2024, 6, 30)  # noqa: DTZ001  # a cell has no zone
    assert first["状态"] == "逾期"
    assert first["承诺量"] == "= 7 项"
    assert rows[5][8] == rows[5][9] == "未定时限"


def test_a_title_is_never_a_formula(city: City, sign_in: SignIn) -> None:
    title = '=HYPERLINK("http://x")'
    register(
        registration=Registration(commitments=[promise("F-1", title=title)]),
        office=OFFICE,
        by=city["admin"],
        at=MARCH,
        visibility=Visibility.PUBLIC,
    )
    raw = body(sign_in("").get("/commitments.xlsx", {"text": "F-1"}))
    cell = openpyxl.load_workbook(io.BytesIO(raw)).worksheets[0].cell(4, 3)
    assert (cell.value, cell.data_type) == (title, "s")


def test_more_rows_than_excel_holds(
    city: City, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yinuo.web.views.downloads.EXCEL_ROWS", 4)
    answer = sign_in("").get("/commitments.xlsx")
    assert answer.status_code == TooManyRows.status
    assert "列表有5行，一个Excel工作表放不下" in words(answer)


def test_observations_and_their_download(city: City, sign_in: SignIn) -> None:
    shown = words(sign_in("").get("/observations/"))
    assert "共1条" in shown
    assert "一季度签约项目OB-1·指标" in shown
    rows = sheet_rows(body(sign_in("").get("/observations.xlsx")))
    assert [row[0] for row in rows[3:]] == ["OB-1"]
    assert rows[3][6] == "12 个"


def test_downloads_of_a_demo_say_so(city: City, sign_in: SignIn, settings: Settings) -> None:
    settings.YINUO_DEMO_DATE = "2024-07-15"
    for name in ("commitments", "observations"):
        rows = sheet_rows(body(sign_in("").get(f"/{name}.xlsx")))
        assert "演示数据" in str(rows[1][0])
