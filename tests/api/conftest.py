"""The small city, with a history to read."""

import pytest
from django.test import Client

from tests.city import City
from tests.visits import city as small_city
from tests.visits import july, sign_in
from tests.web.routes import make_history

__all__ = ["july", "sign_in", "small_city"]


@pytest.fixture
def city(small_city: City) -> City:
    make_history(small_city)
    return small_city


@pytest.fixture
def anyone(city: City) -> Client:
    return Client()
