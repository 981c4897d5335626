"""Whatever is asked, the answer is one that the OpenAPI document describes."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.city import City
from yinuo.project.wsgi import application

PROMISED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = 40


@pytest.fixture
def one_connection() -> Iterator[None]:
    """A real request ends its connection, and with it the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def operations(city: City, one_connection: None) -> list[Any]:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    return [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]


@pytest.mark.slow
@pytest.mark.django_db
def test_every_answer_is_described(operations: list[Any]) -> None:
    assert len(operations) >= 9
    asked = 0

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def ask(data: st.DataObject) -> None:
        nonlocal asked
        for operation in operations:
            data.draw(operation.as_strategy()).call_and_validate(checks=PROMISED)
            asked += 1

    ask()
    assert asked >= EXAMPLES * len(operations)
