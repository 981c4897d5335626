import pytest

from tests.cases.problems.ground import put_table
from tests.city import City
from tests.visits import city, july, sign_in
from yinuo.web.files import store

__all__ = ["city", "july", "sign_in"]


@pytest.fixture
def desk(city: City) -> City:
    """The small city with its problem desk."""
    put_table(city, store())
    return city
