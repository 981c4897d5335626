"""Services of the demo: the market-regulation items and a year at the windows. All simulated."""

from collections.abc import Mapping
from datetime import date

from yinuo.cases.commands.items import draft_items, publish_version
from yinuo.cases.items.definition import ItemDefinition
from yinuo.cases.items.workbook import check_workbook
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.content import content_dir
from yinuo.kernel.filestore import FileStore
from yinuo.project.event import instant
from yinuo.project.simulated_cases import Windows, live
from yinuo.project.simulated_desk import CATALOGUE, Desk, open_desk

OPENED, DRAFTED, PUBLISHED = instant("2024-03-13"), instant("2024-03-18"), instant("2024-03-22")
IN_FORCE = date(2024, 4, 1)


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
    items = publish_items(desk)
    live(Windows(desk, items, calendar, store))


def publish_items(desk: Desk) -> tuple[ItemDefinition, ...]:
    """Draft and publish the market-regulation items, by two persons."""
    items = market_items()
    drafted = draft_items(definitions=items, office=CATALOGUE, by=desk.keeper, at=DRAFTED)
    for draft in drafted.drafts:
        publish_version(item_version=draft, valid_from=IN_FORCE, by=desk.first, at=PUBLISHED)
    return items


def market_items() -> tuple[ItemDefinition, ...]:
    """The items as the shipped workbook has them."""
    path = content_dir() / "services" / "market-regulation.xlsx"
    return check_workbook(path.read_bytes(), file=path.name).sound()
