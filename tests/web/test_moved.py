"""What moved: the page, the workbook and the feed tell every request, and leak none."""

import io
import re
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.city import JULY, LUSHUN_SECRET, OFFICE, City, promise
from tests.visits import SignIn, body, words
from yinuo.commitments.commands import change
from yinuo.commitments.commands.publish import publish
from yinuo.commitments.commands.register import Registration, register
from yinuo.commitments.life import ChangeKind, Visibility
from yinuo.commitments.queries.moved import Wanted, every_move, moved, moved_at_all, moves_counted
from yinuo.parties.viewer import ANYONE

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def ask(city: City, code: str, due: str, reason: str, at: datetime = JULY) -> str:
    return change.ask(
        commitment=code,
        kind=ChangeKind.MOVED,
        new={"due": due},
        reason=reason,
        by=city["lushun"],
        at=at,
    )


@pytest.fixture
def moves(city: City) -> City:
    """LS-001 moved after the fact; LS-002 moved twice; LS-003 refused; a closed one asked."""
    supervisor = city["supervisor"]
    june = datetime(2024, 6, 10, 2, tzinfo=UTC)
    for due in ("2025-01-31", "2025-03-31"):
        code = ask(city, "LS-002", due, f"顺延到{due}", june)
        change.approve(change=code, reason="同意顺延", by=supervisor, at=june + timedelta(days=1))
    code = ask(city, "LS-001", "2024-07-30", "档案还在核对")
    change.approve(change=code, reason="情况属实", by=supervisor, at=JULY + timedelta(hours=1))
    code = ask(city, "LS-003", "2024-12-01", "先定下来")
    change.refuse(change=code, reason="理由不足", by=supervisor, at=JULY + timedelta(hours=2))
    ask(city, "LS-009", "2024-12-30", LUSHUN_SECRET, JULY + timedelta(hours=3))
    return city


def codes(page: str) -> list[str]:
    return re.findall(r'moved-title"><a href="/commitments/([^/]+)/"', page)


def test_every_request_newest_first(moves: City, sign_in: SignIn) -> None:
    page = body(sign_in("").get("/changes/")).decode()
    assert codes(page) == ["LS-003", "LS-001", "LS-002", "LS-002"]
    shown = words(sign_in("").get("/changes/"))
    assert "未批准调整时限2024年7月15日建设营商环境最优区" in shown
    assert "已批准调整时限逾期后提出2024年7月15日解决历史遗留办证难" in shown
    assert "原定2024-12-31，现定2025-03-31，共调整2次，累计顺延90天" in shown
    assert "申请2024年7月15日旅顺口区填报人档案还在核对" in shown
    assert "批准2024年7月15日市政府督查室督查人情况属实" in shown
    assert "不批准2024年7月15日市政府督查室督查人理由不足" in shown


def test_names_are_for_those_who_are_signed_in(moves: City, sign_in: SignIn) -> None:
    assert "林甲" not in words(sign_in("").get("/changes/"))
    assert "旅顺口区填报人（林甲）" in words(sign_in("auditor").get("/changes/"))


def test_a_closed_request_is_for_those_entitled(moves: City, sign_in: SignIn) -> None:
    for username, seen in (("", False), ("pulandian", False), ("lushun", True), ("auditor", True)):
        for path in ("/changes/", "/changes.atom"):
            shown = words(sign_in(username).get(path))
            assert (LUSHUN_SECRET in shown) == (seen and path == "/changes/"), (username, path)
    rows = sheet(body(sign_in("").get("/changes.xlsx")))
    assert LUSHUN_SECRET not in str(rows)
    assert LUSHUN_SECRET in str(sheet(body(sign_in("lushun").get("/changes.xlsx"))))


def test_the_sentence_counts_promises(moves: City, sign_in: SignIn) -> None:
    shown = words(sign_in("").get("/changes/"))
    assert "5项承诺中，2项调整过时限，累计顺延的中位数是30天，最长90天。" in shown
    of_one = words(sign_in("").get("/changes/", {"unit": "210214"}))
    assert "1项承诺中，还没有一项调整过时限。" in of_one


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"state": "refused"}, ["LS-003"]),
        ({"state": "asked"}, []),
        ({"kind": "revised"}, []),
        ({"kind": "moved", "unit": "210212"}, ["LS-003", "LS-001", "LS-002", "LS-002"]),
        ({"unit": "210214"}, []),
        ({"from": "2024-07-01"}, ["LS-003", "LS-001"]),
        ({"to": "2024-06-11"}, ["LS-002", "LS-002"]),
        ({"from": "2024-07-15", "to": "2024-07-15"}, ["LS-003", "LS-001"]),
        ({"from": "0001-01-01", "to": "9999-12-31"}, ["LS-003", "LS-001", "LS-002", "LS-002"]),
        ({"from": "when?", "kind": "no such"}, ["LS-003", "LS-001", "LS-002", "LS-002"]),
    ],
)
def test_filters(moves: City, sign_in: SignIn, query: dict[str, str], expected: list[str]) -> None:
    assert codes(body(sign_in("").get("/changes/", query)).decode()) == expected


def test_pages_join_without_gap_or_repeat(moves: City) -> None:
    for viewer in (ANYONE, moves["auditor"]):
        seen, cursor = [], ""
        while True:
            page = moved(viewer=viewer, wanted=Wanted(), cursor=cursor, size=1)
            seen += [row.code for row in page.rows]
            cursor = page.next_cursor
            if not cursor:
                break
        whole = [row.code for row in every_move(viewer=viewer, wanted=Wanted())]
        assert seen == whole
        assert len(set(seen)) == len(seen) == moves_counted(viewer=viewer, wanted=Wanted())


def test_a_damaged_cursor_says_what_to_do(moves: City, sign_in: SignIn) -> None:
    for cursor in ("x", "2024-07-15~LS", "2024-07-15T00:00:00", "~"):
        answer = sign_in("").get("/changes/", {"after": cursor})
        assert answer.status_code == 400, cursor
        assert "COMMIT-E008" in words(answer)


def sheet(raw: bytes) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(raw))
    return [tuple(cell.value for cell in row) for row in book.worksheets[0].iter_rows()]


def test_the_download_is_the_list(moves: City, sign_in: SignIn) -> None:
    rows = sheet(body(sign_in("").get("/changes.xlsx", {"from": "2024-07-01"})))
    first = dict(zip(rows[2], rows[4], strict=True))
    assert [row[1] for row in rows[3:]] == ["LS-003", "LS-001"]
    assert first["改什么"] == "完成时限：2024-06-30 → 2024-07-30"
    assert first["逾期后提出"] == "是"
    assert first["累计顺延（天）"] == 30
    assert first["决定人"] == "市政府督查室 督查人"


def test_decisions_still_have_their_page(moves: City, sign_in: SignIn) -> None:
    assert sign_in("supervisor").get("/changes/LS-003/C1/").status_code == 200


def test_the_feed(moves: City, sign_in: SignIn, settings: Settings) -> None:
    settings.YINUO_ORIGIN = "yinuo.210200.demo"
    settings.YINUO_DEMO_DATE = "2024-07-15"
    answer = sign_in("lushun").get("/changes.atom")
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ET.fromstring(body(answer))  # noqa: S314  # our own
    assert root.findtext(f"{ATOM}title") == "大连市一诺：变更（演示数据）"
    assert root.findtext(f"{ATOM}id") == "tag:yinuo.210200.demo,2024:changes"
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links["self"] == "http://testserver/changes.atom"
    entries = root.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert ids == [
        "tag:yinuo.210200.demo,2024-07-15:change:LS-003/C1/v2",
        "tag:yinuo.210200.demo,2024-07-15:change:LS-001/C1/v2",
        "tag:yinuo.210200.demo,2024-06-10:change:LS-002/C2/v2",
        "tag:yinuo.210200.demo,2024-06-10:change:LS-002/C1/v2",
    ]
    first = entries[0]
    assert first.findtext(f"{ATOM}updated") == "2024-07-15T04:00:00.000000Z"
    assert first.findtext(f"{ATOM}title") == "未批准：调整时限：建设营商环境最优区（演示数据）"
    assert "林甲" not in str(first.findtext(f"{ATOM}summary"))
    link = first.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href") == "http://testserver/commitments/LS-003/"
    updated = [entry.findtext(f"{ATOM}updated") for entry in entries]
    assert root.findtext(f"{ATOM}updated") == updated[0] == max(updated, key=str)


def test_a_decision_is_news_of_its_own(city: City, sign_in: SignIn) -> None:
    code = ask(city, "LS-001", "2024-08-30", "档案还在核对")
    before = body(sign_in("").get("/changes.atom")).decode()
    change.refuse(change=code, reason="理由不足", by=city["supervisor"], at=JULY)
    after = body(sign_in("").get("/changes.atom")).decode()
    assert "LS-001/C1/v1" in before
    assert "LS-001/C1/v2" in after
    assert "待批准" in before


def test_words_that_xml_cannot_hold(city: City, sign_in: SignIn) -> None:
    ask(city, "LS-001", "2024-08-30", "档案\x0b还在<核对>&\ufffe核实")
    root = ET.fromstring(body(sign_in("").get("/changes.atom")))  # noqa: S314  # our own
    assert "档案还在<核对>&核实" in str(root.findtext(f"{ATOM}entry/{ATOM}summary"))


def test_the_page_names_its_feed(city: City, sign_in: SignIn) -> None:
    page = body(sign_in("").get("/changes/")).decode()
    assert '<link rel="alternate" type="application/atom+xml"' in page
    assert "还没有人申请过变更。" in words(sign_in("").get("/changes/"))
    assert "没有符合这些条件的变更。" in words(sign_in("").get("/changes/", {"kind": "merged"}))


def test_a_page_asks_as_much_for_ten_rows_as_for_two(city: City, sign_in: SignIn) -> None:
    """The number of statements does not grow with the rows."""
    client = sign_in("")

    def statements() -> int:
        client.get("/changes/")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get("/changes/")
        return len(asked)

    many = [promise(f"M-{n}", due=date(2024, 12, 1)) for n in range(10)]
    register(registration=Registration(commitments=many), office=OFFICE, by=city["admin"], at=JULY)
    publish(
        commitments=[p.code for p in many],
        visibility=Visibility.PUBLIC,
        by=city["supervisor"],
        at=JULY,
    )
    counts = []
    for number, row in enumerate(many):
        ask(city, row.code, "2025-01-31", "还在核对")
        if number in (1, 9):
            counts.append(statements())
    assert counts[0] == counts[1]


def test_no_delay_where_nothing_moved(city: City) -> None:
    told = moved_at_all(viewer=ANYONE)
    assert (told.moved, told.median_days, told.longest_days) == (0, 0, 0)
