import os
import socket
from pathlib import Path

import pytest
from django.conf import settings

from tests.conftest import HOME


def test_tests_have_a_home_of_their_own() -> None:
    assert Path(settings.HOME) == HOME
    assert os.environ["YINUO_HOME"] == str(HOME)


def test_other_hosts_cannot_be_reached() -> None:
    with (
        socket.socket() as outward,
        pytest.raises(AssertionError, match="only loopback"),
    ):
        outward.connect(("192.0.2.1", 80))
