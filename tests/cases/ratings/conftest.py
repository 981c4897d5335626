import pytest
from pytest_django import Settings

from tests.cases.desk import make_desk
from tests.city import City
from tests.visits import sign_in

__all__ = ["sign_in"]


@pytest.fixture
def desk(db: None, settings: Settings) -> City:
    """The service desk with one item."""
    settings.YINUO_CITY = "大连市"
    return make_desk()
