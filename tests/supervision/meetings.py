"""A snapshot of the small city, taken by its supervisor."""

from datetime import date, datetime

from tests.city import JULY, OFFICE, City
from yinuo.supervision.commands import snapshots as commands
from yinuo.supervision.queries.snapshots import draft
from yinuo.supervision.snapshots import compose
from yinuo.supervision.snapshots.compose import Named
from yinuo.supervision.snapshots.content import Content, Item
from yinuo.web.files import store


def take(
    city: City,
    *,
    meeting: str = "7 月重点工作调度会",
    as_of: date | None = None,
    at: datetime = JULY,
) -> str:
    """Its code."""
    viewer = city["supervisor"]
    drawn = draft(
        office=OFFICE,
        as_of=as_of or at.date(),
        city="大连市",
        simulated=True,
        store=store(),
        viewer=viewer,
        at=at,
    )
    return commands.take(draft=drawn, meeting=meeting, store=store(), by=viewer, at=at)


def release(city: City, code: str, *, series: str = "", at: datetime = JULY) -> None:
    """Open it to the units below."""
    commands.release(
        snapshot=code, series=series, to_units=["210212"], by=city["supervisor"], at=at
    )


def item(code: str, **kw: object) -> Item:
    """A plain open promise of U1; `kw` replaces anything."""
    plain: dict[str, object] = {
        "code": code,
        "kind": "项目",
        "title": f"项目 {code}",
        "goal": "G1",
        "unit": "U1",
        "unit_name": "甲区",
        "terms": "完成",
        "due": "2024-12-31",
        "delivered": "",
        "due_original": "2024-12-31",
        "state": "open",
        "state_label": "进行中",
        "outcome": "",
        "moved": 0,
        "public": True,
        "light": "",
        "light_word": "",
        "reason": "",
    }
    return Item(**{**plain, **kw})  # type: ignore[arg-type]


def content_of(items: list[Item], **kw: object) -> Content:
    """A snapshot of these items alone."""
    named = [Named("U1", "甲区"), Named("U2", "乙区")]
    total = compose.figures(items, key="total", named=Named("", "全部"), on=JULY.date())
    units = compose.by(items, lambda each: each.unit, named, "unit", JULY.date())
    plain: dict[str, object] = {
        "code": "SN2024-07",
        "office": OFFICE,
        "office_name": "督查室",
        "city": "大连市",
        "as_of": "2024-07-15",
        "taken_at": "2024-07-15T02:00:00.000000Z",
        "simulated": True,
        "log_size": 0,
        "log_root": "",
        "check_code": "",
        "lights_edition": "",
        "previous": "",
        "previous_as_of": "",
        "total": total,
        "units": units,
        "goals": [],
        "cells": compose.cells(items),
        "steps": [],
        "annexes": [],
        "items": items,
        "best_units": compose.best_units(units, total),
        "worst_units": compose.worst_units(units, total),
        "best_items": compose.best_items(items),
        "worst_items": compose.worst_items(items, JULY.date()),
    }
    return Content(**{**plain, **kw})  # type: ignore[arg-type]
