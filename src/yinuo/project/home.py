"""The home of an installation: one folder that holds all its state."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from yinuo.kernel.errors import YinuoError
from yinuo.kernel.marks import make_key

CONFIG = "home.json"
SECRET_KEY, MARKS_KEY = "secret.key", "marks.key"
CHECKOUT = Path(__file__).resolve().parents[3]


class NoHome(YinuoError):
    """The folder holds no installation yet."""

    code = "HOME-E001"

    def __init__(self, path: Path) -> None:
        super().__init__(
            "这里还没有安装", place=str(path), next_step="请先运行 yinuo init，或用 yinuo demo 试用"
        )


class HomeExists(YinuoError):
    """The folder already holds an installation."""

    code = "HOME-E002"
    status = 409

    def __init__(self, path: Path) -> None:
        super().__init__(
            "这里已有安装，不会覆盖",
            place=str(path),
            next_step="请换一个 YINUO_HOME，或直接运行 yinuo serve",
        )


class HomeDamaged(YinuoError):
    """The folder's configuration cannot be read."""

    code = "HOME-E003"

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"配置无法读取：{why}", place=str(path), next_step="请从备份恢复这个文件")


class MarksKeyLost(YinuoError):
    """The home has neither the key of its marks nor the one from which it could be copied."""

    code = "HOME-E007"
    status = 500

    def __init__(self, path: Path) -> None:
        super().__init__(
            "识别密钥不见了：没有它，按号码找不回申请人和本人",
            place=str(path),
            next_step=f"请把保管的 {MARKS_KEY} 放回（权限 600）；早先没有这个文件的，放回当时的"
            f" {SECRET_KEY}。确实都没有了，写一个新的随机密钥进去：以前的人要重新登记",
        )


@dataclass(frozen=True, kw_only=True)
class Home:
    """What an installation is, as stored in `home.json`."""

    city: str
    origin: str
    """Name of the log; of a demo home it ends in `.demo`."""
    demo_date: str = ""
    """ISO date of a demo home, from which pages and jobs take their clock; empty otherwise."""

    @property
    def demo(self) -> bool:
        """Whether everything here is simulated."""
        return bool(self.demo_date)


def directory() -> Path:
    """`YINUO_HOME`, or `var/` in the checkout, or `var/` here when installed from a wheel."""
    named = os.environ.get("YINUO_HOME")
    if named:
        return Path(named).expanduser().resolve()
    return (CHECKOUT if (CHECKOUT / "pyproject.toml").exists() else Path.cwd()) / "var"


def load(path: Path) -> Home | None:
    """The installation in this folder, or None. Raises `HomeDamaged`."""
    config = path / CONFIG
    if not config.exists():
        return None
    try:
        home = Home(**json.loads(config.read_text(encoding="utf-8")))
        if home.demo_date:
            date.fromisoformat(home.demo_date)
    except (ValueError, TypeError) as error:
        raise HomeDamaged(config, str(error)) from error
    return home


def write_private(path: Path, text: str) -> None:
    """Write a new file that only its owner may read, and see it onto the disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def prepare(path: Path) -> None:
    """Make the folder, its session secret and the key of its marks.

    Raises `HomeExists` rather than touch a home.

    May be run again after an interruption: only `complete` makes the folder a home.
    """
    if (path / CONFIG).exists():
        raise HomeExists(path)
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    make_key(path / MARKS_KEY)
    if not (path / SECRET_KEY).exists():
        write_private(path / SECRET_KEY, secrets.token_urlsafe(48))


def complete(path: Path, home: Home) -> None:
    """Write the configuration, last, so that a half-made home is none. Raises `HomeExists`."""
    try:
        write_private(path / CONFIG, json.dumps(asdict(home), ensure_ascii=False, indent=2) + "\n")
    except FileExistsError as error:
        raise HomeExists(path) from error


def secret_key(path: Path) -> str:
    """The key that signs sessions; before a home exists, one for this process alone."""
    stored = path / SECRET_KEY
    return stored.read_text(encoding="utf-8") if stored.exists() else secrets.token_urlsafe(48)


def marks_key(path: Path) -> Path:
    """Where the key of marks stands; a home of a version that had none gets its copy now.

    Now, because `secret.key` may be changed from here on. Raises `MarksKeyLost`.
    """
    stored = path / MARKS_KEY
    if (path / CONFIG).exists() and not stored.exists():
        if not (path / SECRET_KEY).exists():
            raise MarksKeyLost(stored)
        make_key(stored)
    return stored
