"""Keeps the web server, the sealer and those who follow the log running; stops all together."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType

import click
from django.conf import settings

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.cosigners import load_policy
from yinuo.project.standin.offering import FILE as STANDIN

PAUSE_SECONDS = 0.2
RESTART_SECONDS = 1.0
GRACE_SECONDS = 8.0


class PortTaken(YinuoError):
    """Another process listens on the address."""

    code = "SERVE-E001"

    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            f"{host}:{port} 已被占用",
            place=f"{host}:{port}",
            next_step=f"请换一个端口，如 --port {port + 1}，或先停止占用它的程序",
        )


@dataclass(frozen=True)
class Address:
    """Where the web server listens."""

    host: str
    port: int

    def check_free(self) -> None:
        """Raises `PortTaken` if nobody else could listen there now."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError as error:
                raise PortTaken(self.host, self.port) from error


@dataclass
class Child:
    """A process that is started again when it ends."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0

    def start(self) -> None:
        """Start it, without the terminal's Ctrl+C: the supervisor passes signals on."""
        self.process = subprocess.Popen(self.command, start_new_session=True)  # noqa: S603
        self.started = time.monotonic()

    def restart_if_ended(self) -> None:
        """Start it again, at most once a second, and say so."""
        if self.process is None or self.process.poll() is None:
            return
        if time.monotonic() - self.started < RESTART_SECONDS:
            return
        code = self.process.returncode
        self.sweep()
        click.echo(f"{self.name} 已退出（代码 {code}），重新启动", err=True)
        self.start()

    def sweep(self) -> None:
        """End what a killed process left behind, such as web workers that hold the port."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, then end it."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.sweep()


def web_alone(address: Address, workers: int) -> list[Child]:
    """The web server of a node that holds no signing key; the rest runs on another machine."""
    return [Child("网站", [sys.executable, *_web(address, workers)])]


def _web(address: Address, workers: int) -> list[str]:
    web = ["-m", "granian", "--interface", "wsgi", "--host", address.host]
    web += ["--port", str(address.port), "--workers", str(workers), "--blocking-threads", "4"]
    web += ["--respawn-failed-workers", "--log-level", "warning", "yinuo.project.wsgi:application"]
    return web


def _children(address: Address, workers: int) -> list[Child]:
    """All processes of an installation."""
    sealer = ["-m", "yinuo.project", "ledger", "seal", "--follow"]
    projector = ["-m", "yinuo.project", "commitments", "project", "--follow"]
    notices = ["-m", "yinuo.project", "notices", "work", "--follow"]
    comparing = ["-m", "yinuo.project", "doubts", "look", "--follow"]
    asking = ["-m", "yinuo.project", "ledger", "witness", "ask", "--follow"]
    children = [
        *web_alone(address, workers),
        Child("封存进程", [sys.executable, *sealer]),
        Child("汇总进程", [sys.executable, *projector]),
        Child("消息进程", [sys.executable, *notices]),
        Child("比对进程", [sys.executable, *comparing]),
    ]
    # A trust file that cannot be read stops the start: it must not pass for none.
    policy = load_policy(settings.YINUO_TRUST)
    if policy and any(witness.url for witness in policy.witnesses):
        children.append(Child("见证请求进程", [sys.executable, *asking]))
    standin = settings.HOME / STANDIN
    if standin.exists():  # only `yinuo demo` writes it
        command = [sys.executable, "-m", "yinuo.project.standin", str(standin)]
        children.append(Child("身份认证替身", command))
    return children


def run(
    address: Address,
    *,
    workers: int,
    only_web: bool = False,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve until Ctrl+C or SIGTERM. Raises `PortTaken`."""
    address.check_free()
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    children = (web_alone if only_web else _children)(address, workers)
    try:
        for child in children:
            child.start()
        ready()
        while not stopping:
            time.sleep(PAUSE_SECONDS)
            for child in children:
                child.restart_if_ended()
    finally:
        for child in children:
            child.stop()
