import pytest

from tests.cases.deferrals.trusting import put_tables
from tests.cases.desk import make_desk
from tests.city import City
from yinuo.web.files import store


@pytest.fixture
def desk(db: None) -> City:
    """The desk with one item in force, and the three tables of trust."""
    del db
    city = make_desk()
    put_tables(city, store())
    return city
