"""`yinuo-witness` as a process of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Program:
    """The program with one folder."""

    folder: Path

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "yinuo.witness.main", *arguments]
        return subprocess.Popen(
            [*command, "--folder", str(self.folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        process = self.start(*arguments)
        out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def json(self, *arguments: str, code: int = 0) -> Any:
        done = self.run(*arguments, "--json")
        assert done.returncode == code, done.stdout + done.stderr
        return json.loads(done.stdout)

    @contextmanager
    def serving(self) -> Iterator["Serving"]:
        """The server, killed with -9 in the end if it still runs."""
        process = self.start("serve", "--port", "0")
        assert process.stdout
        line = process.stdout.readline()
        assert "http://127.0.0.1:" in line, process.communicate()
        port = int(line.split("127.0.0.1:")[1].split("/")[0])
        try:
            yield Serving(process, port)
        finally:
            process.kill()
            process.communicate(timeout=10)


@dataclass(frozen=True)
class Serving:
    """A running server."""

    process: "subprocess.Popen[str]"
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def post(self, body: bytes) -> tuple[int, str]:
        """Status and text of the answer to one request."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("POST", "/add-checkpoint", body)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()
