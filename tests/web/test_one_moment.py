"""All that stands on one page belongs to one moment of the log, which is asked for once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.city import City
from tests.visits import SignIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("username", ["", "supervisor"])
@pytest.mark.parametrize("address", ["/", "/commitments/", "/changes/"])
def test_a_page_asks_once_how_far_the_log_has_come(
    address: str, username: str, city: City, sign_in: SignIn
) -> None:
    client = sign_in(username)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    statements = [query["sql"] for query in asked.captured_queries]
    assert sum("AS waiting" in sql for sql in statements) == 1
    assert statements.count("ROLLBACK") == 1
