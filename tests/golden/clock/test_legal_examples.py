"""The legal examples: expected dates a lawyer can check, our answer, and a naive second opinion."""

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import pytest

from tests.kernel.clocks import LONG_AFTER, china, local, make_extension, make_stop, walk
from yinuo.kernel.clock import Clock, Start
from yinuo.kernel.limits import DayType, Limit, parse_limit
from yinuo.kernel.projection import project

EXAMPLES = json.loads(Path(__file__).with_name("legal_examples.json").read_text(encoding="utf-8"))
LAST_ANNOUNCED = date(2026, 12, 31)


def announced(day: date) -> bool:
    """The working days of another source than our content."""
    if day > LAST_ANNOUNCED:
        return day.weekday() < 5
    return bool(chinese_calendar.is_workday(day))


def clock_of(example: dict[str, Any]) -> Clock:
    number, day_type = parse_limit(example["期限"])
    event = example.get("起算事件", "受理")
    cutoff = example.get("截止")
    limit = Limit(
        number=number,
        day_type=day_type,
        start_event=event,
        legal_basis=example["依据"],
        cutoff=time.fromisoformat(cutoff) if cutoff else None,
        roll=example.get("顺延"),
    )
    start = Start(key="start", at=local(example["起算"]), event=event, recorded_at=LONG_AFTER)
    stops = [
        event
        for number, (begun, ended, ground) in enumerate(example.get("暂停", ()))
        for event in make_stop(f"s{number}", begun, ended, ground)
    ]
    extensions = [make_extension(days, example["起算"]) for days in example.get("延期", ())]
    return Clock(limit, (start, *stops, *extensions))


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["案例"] for example in EXAMPLES])
def test_the_due_date_is_the_expected_one(example: dict[str, Any]) -> None:
    clock = clock_of(example)
    seen = project(clock, china(), at=clock.start.at)
    assert seen.due is not None
    assert seen.due.date.isoformat() == example["期满"]
    if "期满时刻" in example:
        assert seen.due.at == local(example["期满时刻"])
    assert seen.provisional == example.get("预计", False)
    assert example["依据"] in "".join(seen.explanation)


DAYS = [example for example in EXAMPLES if not example["期限"].endswith("h")]


@pytest.mark.parametrize("example", DAYS, ids=[example["案例"] for example in DAYS])
def test_walking_day_by_day_agrees(example: dict[str, Any]) -> None:
    number, day_type = parse_limit(example["期限"])
    begun = datetime.fromisoformat(example["起算"])
    start = begun.date()
    if "截止" in example and begun.time() >= time.fromisoformat(example["截止"]):
        start += timedelta(days=1)
        while not announced(start):
            start += timedelta(days=1)
    stops = [
        (date.fromisoformat(a[:10]), date.fromisoformat(b[:10]))
        for a, b, _ in example.get("暂停", ())
    ]
    walked = walk(
        start,
        number + sum(example.get("延期", ())),
        day_type,
        stops,
        is_working=announced,
        roll=example.get("顺延", True),
    )
    assert walked.isoformat() == example["期满"]


def test_every_kind_of_day_has_an_example() -> None:
    assert {parse_limit(example["期限"])[1] for example in EXAMPLES} == set(DayType)
