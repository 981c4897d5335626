"""Whatever succession is asked in whatever order: units form a forest, and every chain ends."""

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.parties.test_successions import UNITS, people, succeed  # noqa: F401  # the fixture
from yinuo.parties.errors import InvalidSuccession
from yinuo.parties.hierarchy import below
from yinuo.parties.models import Succession, Unit
from yinuo.parties.queries import public_successor
from yinuo.parties.viewer import Viewer

WANTED = st.tuples(st.sampled_from([*UNITS, "A1"]), st.sampled_from(UNITS), st.integers(1, 30))


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(WANTED, max_size=8))
def test_no_chain_ever_closes(
    people: dict[str, Viewer],  # noqa: F811  # the fixture
    wanted: list[tuple[str, str, int]],
) -> None:
    with transaction.atomic():
        for old, new, day in wanted:
            try:
                succeed(people, old, successor=new, effective_date=date(2024, 7, day))
            except InvalidSuccession:
                continue
        approved = Succession.objects.filter(status="approved")
        ended = set(approved.values_list("unit_id", flat=True))
        gone = Unit.objects.filter(valid_to__isnull=False)
        assert ended == set(gone.values_list("code", flat=True))
        assert len(below(["X"])) == Unit.objects.count()
        for code in UNITS:
            found = public_successor(code, date(2024, 8, 1))
            assert (found is not None) == (code in ended)
            assert found is None or found.successor not in ended
        transaction.set_rollback(True)
