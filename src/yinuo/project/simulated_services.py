"""Services of the demo: items, and a year at the windows and building sites. All simulated."""

from collections.abc import Mapping, Sequence
from datetime import date

from yinuo.cases.commands.items import draft_items, publish_version
from yinuo.cases.construction.drafting import definitions
from yinuo.cases.in_force.flows import flow_named
from yinuo.cases.items.definition import ItemDefinition
from yinuo.cases.items.workbook import check_workbook
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.content import content_dir
from yinuo.kernel.filestore import FileStore
from yinuo.project.event import instant
from yinuo.project.simulated_buildings import FLOW, built
from yinuo.project.simulated_cases import moments, year
from yinuo.project.simulated_consents import held
from yinuo.project.simulated_declarations import declared
from yinuo.project.simulated_deferrals import deferred
from yinuo.project.simulated_desk import CATALOGUE, Desk, open_desk
from yinuo.project.simulated_feed import fed
from yinuo.project.simulated_ratings import rated
from yinuo.project.simulated_slides import with_slides
from yinuo.project.simulated_windows import Windows, happen

OPENED, DRAFTED, PUBLISHED = instant("2024-03-13"), instant("2024-03-18"), instant("2024-03-22")
IN_FORCE = date(2024, 4, 1)
SHOWN = "SC-017"
"""The item that comes with slides."""


def serve(
    *,
    city: str,
    administrators: tuple[str, str],
    passwords: Mapping[str, str],
    calendar: Calendar,
    store: FileStore,
) -> None:
    """Open the windows, publish the items, and let the year happen."""
    desk = open_desk(city=city, administrators=administrators, passwords=passwords, at=OPENED)
    items = tuple(
        with_slides(one, store=store, made_at=DRAFTED) if one.code == SHOWN else one
        for one in market_items()
    )
    publish_items(desk, (*items, *definitions(flow_named(FLOW))))
    windows = Windows(desk, items, calendar, store)
    stories = year(windows)
    happen(
        [
            *moments(stories),
            *rated(stories, windows),
            *deferred(windows),
            *declared(windows),
            *held(windows),
            *built(windows),
            *fed(windows),
        ]
    )


def publish_items(desk: Desk, items: Sequence[ItemDefinition]) -> None:
    """Draft and publish items, by two persons."""
    drafted = draft_items(definitions=items, office=CATALOGUE, by=desk.keeper, at=DRAFTED)
    for draft in drafted.drafts:
        publish_version(item_version=draft, valid_from=IN_FORCE, by=desk.first, at=PUBLISHED)


def market_items() -> tuple[ItemDefinition, ...]:
    """The items as the shipped workbook has them."""
    path = content_dir() / "services" / "market-regulation.xlsx"
    return check_workbook(path.read_bytes(), file=path.name).sound()
