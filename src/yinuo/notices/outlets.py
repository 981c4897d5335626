"""`notices.toml` in the home: through which services this city sends. Pure.

    site = "https://yinuo.example"

    [[outlet]]
    name = "短信"
    kind = "sms"
    url = "https://sms.example/send"
    …

A file with faults stops whatever needs it; a missing one means that nothing leaves the system.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from yinuo.kernel.errors import Finding
from yinuo.notices.adapters.http import LOOPBACK, Service, address_fault
from yinuo.notices.adapters.letter import Sender
from yinuo.notices.adapters.mail import Mailer
from yinuo.notices.adapters.sms import Gateway
from yinuo.notices.adapters.wecom import Application, Robot
from yinuo.notices.errors import BadNotices, UnknownAdapter

FILE = "notices.toml"
LONGEST_NAME = 40
CARRIES = ("digest", "urgent", "code")
"""What an outlet can be given: the digest of the day, what is urgent, one-time codes."""
HIGHEST_PORT = 65_535


@dataclass(frozen=True)
class Outlet:
    """One service through which messages leave."""

    name: str
    kind: str
    channel: str
    """What kind of address it needs: `wecom`, `gov_wecom`, `sms`, `mail`."""
    carries: frozenset[str]
    private: bool
    """Whether only the person reads what it carries."""
    sender: Sender
    discreet: bool = False
    """Whether no title leaves by it, only how many there are and by when."""


@dataclass(frozen=True)
class Outlets:
    """All of them in the order of the file, and where links lead."""

    site: str = ""
    """Scheme and host without a slash at the end; empty where nothing is sent."""
    outlets: tuple[Outlet, ...] = ()

    def named(self, name: str) -> Outlet:
        """The outlet of this name. Raises `UnknownAdapter`."""
        for outlet in self.outlets:
            if outlet.name == name:
                return outlet
        raise UnknownAdapter(name, (outlet.name for outlet in self.outlets))

    def carrying(self, what: str) -> tuple[Outlet, ...]:
        """The outlets that are given this."""
        return tuple(outlet for outlet in self.outlets if what in outlet.carries)

    def channels(self) -> frozenset[str]:
        """The kinds of address that are of any use."""
        return frozenset(outlet.channel for outlet in self.outlets)


NONE = Outlets()


class _Reader:
    """Takes the keys of one table, and collects what is wrong with them."""

    def __init__(self, table: Mapping[str, Any], place: str, findings: list[Finding]) -> None:
        self.table, self.place, self.findings = dict(table), place, findings

    def fault(self, field: str, rule: str, next_step: str) -> None:
        """Note one fault."""
        self.findings.append(
            Finding(
                code=BadNotices.code,
                file=FILE,
                sheet=self.place,
                field=field,
                rule=f"{self.place}的 {field} {rule}" if self.place else f"{field} {rule}",
                next_step=next_step,
            )
        )

    def text(self, key: str, *, default: str | None = None) -> str:
        """A text; required where no default is given."""
        value = self.table.pop(key, default)
        if not isinstance(value, str) or (default is None and not value):
            self.fault(key, "没有填写", f'请写成 {key} = "…"')
            return ""
        return value

    def number(self, key: str, default: int | None, most: int) -> int:
        """A whole number from 1."""
        value = self.table.pop(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
            self.fault(key, "不是数字", f"请写成 {key} = 1 这样")
            return 1
        return value

    def flag(self, key: str) -> bool:
        """True or false; false where nothing is written."""
        value = self.table.pop(key, False)
        if not isinstance(value, bool):
            self.fault(key, "不是 true 或 false", f"请写成 {key} = true，或删去")
            return False
        return value

    def one_of(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        """One of several words."""
        words, value = tuple(allowed), self.text(key, default=default)
        if value and value not in words:
            self.fault(key, f"“{value}”不认识", "可用的：" + "、".join(words))
        return value

    def carries(self, default: Iterable[str], possible: Iterable[str]) -> frozenset[str]:
        """What an outlet is given."""
        value = self.table.pop("carries", sorted(default))
        allowed = tuple(possible)
        if not isinstance(value, list) or any(one not in allowed for one in value):
            self.fault("carries", "有不认识的内容", "可用的：" + "、".join(allowed))
            return frozenset()
        return frozenset(value)

    def service(self, key: str) -> Service:
        """The address of a service, and the authority that vouches for it."""
        url, plain = self.text(key), self.flag("plain")
        if url and (wrong := address_fault(url, plain=plain)):
            self.fault(key, wrong, "请写成 https://…")
        return Service(url.rstrip("/"), ca_file=self.file("ca_file"))

    def file(self, key: str) -> str:
        """A file that is there; empty where none is named."""
        path = self.text(key, default="")
        if path and not Path(path).is_file():
            self.fault(key, "指向的文件不存在", "请写完整的路径")
        return path

    def end(self) -> None:
        """What is left over is a mistake: a misspelt key must not pass for none."""
        for key in self.table:
            self.fault(key, "不认识", "请核对拼写，或删去这一行")


Made = tuple[str, bool, frozenset[str], Sender]
"""Channel, whether private, what it carries, and the sender."""


def _robot(reader: _Reader) -> Made:
    carries = reader.carries(("digest", "urgent"), ("digest", "urgent"))
    channel = reader.one_of("channel", ("wecom", "gov_wecom"), "wecom")
    service = reader.service("url")
    keys = parse_qs(urlsplit(service.base).query).get("key", [""])
    return channel, False, carries, Robot(service, secret=keys[0])


def _application(reader: _Reader) -> Made:
    carries = reader.carries(CARRIES, CARRIES)
    channel = reader.one_of("channel", ("wecom", "gov_wecom"), "wecom")
    sender = Application(
        service=reader.service("url"),
        corp_id=reader.text("corp_id"),
        agent_id=reader.number("agent_id", None, 10**9),
        secret=reader.text("secret"),
        markdown=reader.flag("markdown"),
    )
    return channel, True, carries, sender


def _gateway(reader: _Reader) -> Made:
    carries = reader.carries(("urgent", "code"), CARRIES)
    sender = Gateway(
        service=reader.service("url"),
        key_id=reader.text("key_id"),
        secret=reader.text("secret"),
        sign=reader.text("sign", default=""),
        templates={
            "digest": reader.text("template"),
            "code": reader.text("code_template"),
        },
    )
    return "sms", True, carries, sender


def _mailer(reader: _Reader) -> Made:
    carries = reader.carries(CARRIES, CARRIES)
    security = reader.one_of("security", ("tls", "starttls", "plain"), "starttls")
    host, sender = reader.text("host"), reader.text("sender")
    if security == "plain" and host not in LOOPBACK:
        reader.fault("security", "不加密只用于本机的邮件服务器", '请写成 security = "starttls"')
    if sender and not is_mail(sender):
        reader.fault("sender", "不是邮箱地址", '请写成 sender = "yinuo@example.cn"')
    made = Mailer(
        host=host,
        port=reader.number("port", {"tls": 465, "plain": 25}.get(security, 587), HIGHEST_PORT),
        security=security,
        sender=sender,
        sender_name=reader.text("sender_name", default=""),
        username=reader.text("username", default=""),
        password=reader.text("password", default=""),
        ca_file=reader.file("ca_file"),
    )
    return "mail", True, carries, made


KINDS: dict[str, Callable[[_Reader], Made]] = {
    "wecom-robot": _robot,
    "wecom-app": _application,
    "sms": _gateway,
    "mail": _mailer,
}


def is_mail(address: str) -> bool:
    """Whether this can be an e-mail address."""
    try:
        parsed = Address(addr_spec=address)
    except (ValueError, IndexError):
        return False
    return bool(parsed.username) and "." in parsed.domain


def read(text: str) -> Outlets:
    """The outlets of a file's text. Raises `BadNotices` with every fault."""
    findings: list[Finding] = []
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        wrong = Finding(
            code=BadNotices.code,
            file=FILE,
            rule=f"不是 TOML：{error}",
            next_step="请核对引号和括号",
        )
        raise BadNotices(FILE, [wrong]) from error
    top = _Reader(table, "", findings)
    site = top.text("site")
    if site and (wrong_site := address_fault(site)):
        top.fault("site", wrong_site, '请写网站的地址，如 site = "https://yinuo.example"')
    listed = top.table.pop("outlet", [])
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        top.fault("outlet", "应写成 [[outlet]]", "每个发送通道一段")
        listed = []
    top.end()
    outlets = [_outlet(one, number, findings) for number, one in enumerate(listed, start=1)]
    names = [outlet.name for outlet in outlets if outlet]
    for name in sorted({name for name in names if names.count(name) > 1}):
        top.fault("name", f"“{name}”出现两次", "请给每个通道不同的名称")
    if findings:
        raise BadNotices(FILE, findings)
    return Outlets(site.rstrip("/"), tuple(outlet for outlet in outlets if outlet))


def _outlet(table: dict[str, Any], number: int, findings: list[Finding]) -> Outlet | None:
    reader = _Reader(table, f"第 {number} 个通道", findings)
    name, kind = reader.text("name"), reader.one_of("kind", KINDS)
    if len(name) > LONGEST_NAME:
        reader.fault("name", "太长", f"最多 {LONGEST_NAME} 个字")
    if kind not in KINDS:
        return None
    channel, private, carries, sender = KINDS[kind](reader)
    discreet = reader.flag("discreet")
    reader.end()
    return Outlet(name, kind, channel, carries, private, sender, discreet)


def load(path: Path) -> Outlets:
    """The outlets of an installation; none where there is no such file. Raises `BadNotices`."""
    if not path.exists():
        return NONE
    try:
        return read(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        wrong = Finding(
            code=BadNotices.code,
            file=str(path),
            rule="读不出来",
            next_step="请核对文件的权限和编码（UTF-8）",
        )
        raise BadNotices(str(path), [wrong]) from error
