import os
import socket
import tempfile
from pathlib import Path

import pytest
from django.conf import settings


def test_tests_have_a_home_of_their_own() -> None:
    home = Path(settings.HOME)
    assert home == Path(os.environ["YINUO_HOME"])
    assert home.parent == Path(tempfile.gettempdir())
    assert home.name.startswith("yinuo-test-")


def test_other_hosts_cannot_be_reached() -> None:
    with (
        socket.socket() as outward,
        pytest.raises(AssertionError, match="only loopback"),
    ):
        outward.connect(("192.0.2.1", 80))
