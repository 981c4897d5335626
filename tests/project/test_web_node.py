"""A web node serves pages and holds no key of the log."""

import signal
from pathlib import Path

import pytest

from tests.installation import installed
from tests.ports import free_port
from tests.project.test_serve import answers, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.stored]


def test_pages_are_served_without_the_key(tmp_path: Path) -> None:
    port = free_port()
    with installed(tmp_path) as city:
        (city.home / "ledger.key").unlink()
        arguments = ("serve", "--only-web", "--port", str(port), "--workers", "1")
        node = city.python("-m", "yinuo.project", *arguments)
        try:
            wait_until(lambda: answers(port, "/")[0] == 200, "first page")
        finally:
            node.send_signal(signal.SIGTERM)
            out, err = node.communicate(timeout=40)
    assert node.returncode == 0, out + err
    assert "LEDGER-E004" not in err
    assert "重新启动" not in err


def test_a_city_behind_its_proxy(tmp_path: Path) -> None:
    """As `yinuo.env` and `yinuo.nginx` have it; whoever watches asks on the machine itself."""
    port = free_port()
    with installed(tmp_path) as city:
        city.env.update(YINUO_HOSTS="yinuo.example", YINUO_HTTPS="1", YINUO_PROXIES="127.0.0.1,::1")
        serve = ("-m", "yinuo.project", "serve", "--only-web", "--port", str(port))
        with city.running(*serve, "--workers", "1"):
            wait_until(lambda: answers(port, "/health")[0] != 0, "an answer")
            assert '"database": true' in answers(port, "/health")[1]
            status, page = answers(port, "/about/", Host="yinuo.example")
            assert status == 200
            assert "本页网址 https://yinuo.example/about/" in page
            assert answers(port, "/about/", Host="elsewhere.example")[0] == 400
