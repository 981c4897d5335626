"""A round of the small city: what the tests of rounds start from."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from tests.city import JULY, OFFICE, City
from yinuo.commitments.queries.asking import Choice
from yinuo.kernel.filestore import FileStore
from yinuo.supervision.commands.rounds import Opened, close, open_round
from yinuo.supervision.commands.sheets import Given, fill, hand_in
from yinuo.supervision.queries.rounds import SheetPage, sheet_page
from yinuo.supervision.rounds.life import RoundSort
from yinuo.web.files import store

AS_OF, DUE = date(2024, 7, 15), date(2024, 7, 19)
LATER = datetime(2024, 7, 23, 2, 0, tzinfo=UTC)
"""Four days after the last one."""
LUSHUN_SHEET, PULANDIAN_SHEET = "TD2024-07-01", "TD2024-07-02"
ALL = Choice(office=OFFICE)


def a_round(city: City, *, wanted: Choice = ALL, **kw: Any) -> Opened:
    """A monthly round for everything the office has open."""
    asked = {"sort": RoundSort.MONTHLY, "as_of": AS_OF, "due": DUE, "at": JULY}
    return open_round(wanted=wanted, by=city["supervisor"], **{**asked, **kw})


def only(*codes: str) -> Choice:
    """These commitments."""
    return replace(ALL, codes=codes)


LUSHUN_LINES = (
    Given(commitment="LS-001", value="3", note="完成三项"),
    Given(commitment="LS-002", note="已开展"),
    Given(commitment="LS-003", note="正在推进"),
    Given(commitment="LS-009", note="正在推进"),
)


def filled(city: City, *given: Given, at: datetime = JULY, files: FileStore | None = None) -> None:
    """The lines of 旅顺口区 reported."""
    done = fill(
        sheet=LUSHUN_SHEET,
        given=given or LUSHUN_LINES,
        store=files or store(),
        by=city["lushun"],
        at=at,
    )
    assert done.refused == {}


def put_rounds(city: City) -> None:
    """One round of each sort that a page needs: reported into, handed in, due, and closed."""
    june = datetime(2024, 6, 3, 2, 0, tzinfo=UTC)
    past = {"as_of": date(2024, 6, 15), "due": date(2024, 6, 20), "at": june}
    a_round(city, wanted=only("LS-003"), **past)
    close(round_code="TD2024-06", by=city["supervisor"], at=JULY)
    a_round(city, wanted=only("LS-003"), **past)
    a_round(city, wanted=only("LS-001"))
    a_round(city, wanted=only("LS-009"))
    sheet, note = "TD2024-07B-01", Given(commitment="LS-009", note="正在推进")
    fill(sheet=sheet, given=[note], store=store(), by=city["lushun"], at=JULY)
    hand_in(sheet=sheet, by=city["lushun"], at=JULY)


def seen(city: City, who: str = "lushun", sheet: str = LUSHUN_SHEET) -> SheetPage:
    """A sheet as somebody sees it in July."""
    return sheet_page(code=sheet, viewer=city[who], today=JULY.date())
