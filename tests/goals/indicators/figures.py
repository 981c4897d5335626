"""Indicators and figures of the small city, made through the real commands."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from tests.city import JULY, MARCH, OFFICE, City
from yinuo.commitments.life import Visibility
from yinuo.content.commands import approve_publication, ask_publication, keep
from yinuo.goals.commands.figures import TakenFigures, release, take_in
from yinuo.goals.commands.indicators import define, publish
from yinuo.goals.indicators.defining import NewIndicator
from yinuo.goals.indicators.writing import write_indicators
from yinuo.goals.queries.figure_checks import FileCheck, check_file
from yinuo.kernel.content import content_dir
from yinuo.kernel.filestore import FileStore
from yinuo.parties.viewer import Viewer

LIMITS = "tables/series-checks.xlsx"
HOLIDAY = {"period": "2024春节假期前5日", "first": "2024-02-10", "last": "2024-02-14"}


def publish_limits(city: City, store: FileStore) -> None:
    """The shipped limits in force from March on."""
    data = (content_dir() / LIMITS).read_bytes()
    kept = keep(name=LIMITS, data=data, valid_from=MARCH.date(), store=store)
    number = ask_publication(kept=kept, reason="发布", store=store, by=city["admin"], at=MARCH)
    approve_publication(number=number, store=store, by=city["admin2"], at=MARCH)


def indicator(code: str, **kw: object) -> NewIndicator:
    """An indicator of the office, a monthly current value; `kw` replaces any part."""
    plain = {
        "name": f"指标 {code}",
        "unit": "个",
        "frequency": "month",
        "kind": "current",
        "office": OFFICE,
        "definition": "全市口径",
        "source": "市统计局",
    }
    return NewIndicator(code=code, **{**plain, **kw})  # type: ignore[arg-type]


def open_indicators(city: City, *some: NewIndicator, at: datetime = MARCH) -> None:
    """Defined by the administrator and opened to the public by the supervisor."""
    define(indicators=some, by=city["admin"], at=at)
    codes = [each.code for each in some]
    publish(indicators=codes, visibility=Visibility.PUBLIC, by=city["supervisor"], at=at)


def figure(of: str, period: str, value: str, **kw: str) -> dict[str, str]:
    """A row of the sheet 数据, about the whole city."""
    plain = {"indicator": of, "subject": "大连市", "period": period, "value": value, "unit": "个"}
    return {**plain, **kw}


def book(
    *figures: Mapping[str, str],
    indicators: Sequence[Mapping[str, str]] = (),
    bindings: Sequence[Mapping[str, str]] = (),
) -> bytes:
    return write_indicators(None, indicators, figures, bindings, made_at=MARCH)


def checked(data: bytes, by: Viewer, *, today: date | None = None) -> FileCheck:
    day = today or JULY.date()
    return check_file(data=data, name="数据.xlsx", viewer=by, today=day)


def enter(
    data: bytes,
    by: Viewer,
    store: FileStore,
    *,
    answers: Mapping[int, str] | None = None,
    at: datetime = JULY,
) -> TakenFigures:
    """Check a file and take it in; questions are answered by `keep` unless told otherwise."""
    found = checked(data, by, today=at.date())
    said = {question.number: "keep" for question in found.figures.questions}
    return take_in(
        check=found, data=data, answers={**said, **(answers or {})}, store=store, by=by, at=at
    )


def enter_and_release(
    city: City, store: FileStore, *figures: Mapping[str, str], at: datetime = JULY
) -> TakenFigures:
    """Entered by the administrator, released by the supervisor."""
    taken = enter(book(*figures), city["admin"], store, at=at)
    for load in taken.loads:
        release(load=load, by=city["supervisor"], at=at)
    return taken


def file_store(folder: Path) -> FileStore:
    return FileStore(folder)
