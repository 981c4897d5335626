"""A made-up city with service windows and published items, for the benchmarks of cases.

Django is set up by whoever imports this.
"""

from datetime import UTC, datetime

from yinuo.kernel.filestore import FileStore
from yinuo.ledger.tlog.note import Verifier
from yinuo.parties.commands import OPERATOR, NewUnit, register_units
from yinuo.project.installation import Person, found
from yinuo.project.simulated_desk import MARKET, PEOPLE, Desk, open_desk
from yinuo.project.simulated_services import market_items, publish_items

FOUNDED = datetime(2024, 3, 4, 2, tzinfo=UTC)
CITY = NewUnit(code="210200", name="测试市", kind="city", gb_code="210200")


def furnish(key: Verifier, store: FileStore) -> Desk:
    """Found the city, hire the people of the windows and publish the items."""
    people = [Person(name, name, "administrator", CITY.code) for name in ("admin1", "admin2")]
    found(city=CITY, people=people, key=key, store=store, at=FOUNDED)
    market = NewUnit(code=MARKET, name="市场监管部门", kind="department", parent=CITY.code)
    register_units(units=[market], by=OPERATOR, at=FOUNDED)
    passwords = {username: "one-thousand-gold" for username, *_ in PEOPLE}
    desk = open_desk(
        city=CITY.code, administrators=("admin1", "admin2"), passwords=passwords, at=FOUNDED
    )
    publish_items(desk, market_items())
    return desk
