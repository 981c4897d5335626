import pytest

from tests.city import City
from tests.goals.leads.register import put_leads, put_table
from tests.visits import city, july, sign_in
from yinuo.web.files import store

__all__ = ["city", "july", "registered", "sign_in"]


@pytest.fixture
def registered(city: City) -> City:
    """The small city with its register of leads."""
    put_table(city, store())
    put_leads(city)
    return city
