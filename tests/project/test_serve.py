"""`yinuo serve`: both processes come back when they are killed, and end together."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.installation import Installation, installed
from tests.ports import free_port

PATIENCE = 60.0


def wait_until(what: Callable[[], bool], why: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if what():
            return
        time.sleep(0.2)
    pytest.fail(f"{why}: not within {PATIENCE:.0f} s")


def answers(port: int, path: str, **headers: str) -> tuple[int, str]:
    """Status and text of a page; (0, '') while nobody listens."""
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310  # loopback
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def child(server: "subprocess.Popen[str]", word: str) -> int:
    """Process id of the direct child with a word in its command line; 0 without one."""
    command = ["pgrep", "-P", str(server.pid), "-f", word]
    found = subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()
    return int(found[0]) if found else 0


@pytest.mark.slow
@pytest.mark.stored
def test_web_and_sealer_are_restarted_and_stopped(tmp_path: Path) -> None:
    port = free_port()
    with installed(tmp_path) as city:
        server = city.python("-m", "yinuo.project", "serve", "--port", str(port), "--workers", "1")
        try:
            wait_until(lambda: answers(port, "/health")[0] == 200, "first answer")
            for word in ("seal", "granian", "commitments"):
                before = child(server, word)
                assert before
                os.kill(before, signal.SIGKILL)
                wait_until(lambda: child(server, word) not in (0, before), f"{word} back")  # noqa: B023
            wait_until(lambda: answers(port, "/health")[0] == 200, "answer after the kill")
            city.json("account", "add", "someone", "--name", "测试人")
            wait_until(lambda: _sealed(port), "sealed by the restarted sealer")
        finally:
            server.send_signal(signal.SIGTERM)
            out, err = server.communicate(timeout=40)
        assert server.returncode == 0, out + err
        assert answers(port, "/health") == (0, "")


def _sealed(port: int) -> bool:
    status, text = answers(port, "/health")
    return status == 200 and json.loads(text)["unsealed"] == 0


@pytest.mark.slow
def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with installed(tmp_path) as city, socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = str(holder.getsockname()[1])
        done = city.run("serve", "--port", port)
        assert done.returncode == 1
        assert "SERVE-E001" in done.stderr
        assert port in done.stderr


def test_without_a_home_serving_says_what_to_do(tmp_path: Path) -> None:
    env = {**os.environ, "YINUO_HOME": str(tmp_path)}
    done = Installation(tmp_path, env).run("serve")
    assert done.returncode == 1
    assert "yinuo init" in done.stderr
