"""Where events may go: public addresses by https, and the networks that `hooks.toml` names.

    allow = ["10.20.0.0/16"]        # the city's own network
    ca_file = "/etc/yinuo/ca.pem"   # its own authority, if it has one

An address is looked up once and that very address is connected to, so that a name cannot be
pointed elsewhere between the check and the call.
"""

import ipaddress
import socket
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from yinuo.api.hooks.errors import BadHooks, NotTakenError

FILE = "hooks.toml"
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class Networks:
    """Which addresses beside the public ones may be called."""

    allow: tuple[Network, ...] = ()
    ca_file: str = ""

    def permits(self, address: str) -> bool:
        """Whether this address may be called."""
        found = ipaddress.ip_address(address.partition("%")[0])
        mapped = getattr(found, "ipv4_mapped", None)
        found = mapped or found
        return found.is_global or any(found in network for network in self.allow)

    def address(self, host: str, port: int) -> str:
        """The address to connect to. Raises `NotTakenError`."""
        try:
            known = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as failed:
            raise NotTakenError(f"找不到主机 {host}", whole=True) from failed
        for *_, place in known:
            if not self.permits(str(place[0])):
                raise NotTakenError(
                    f"{host} 在内网地址 {place[0]}，{FILE} 没有允许这个网段", whole=True
                )
        return str(known[0][4][0])


def url_fault(url: str) -> str:
    """What is wrong with the address of a receiver; empty if nothing is."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return "不是网址"
    if parts.scheme not in ("https", "http") or not host or not url.isascii():
        return "不是以 https:// 开头的网址"
    if parts.username or parts.password:
        return "不要把用户名和密码写进网址"
    if parts.fragment:
        return "不要带 #"
    if parts.scheme == "http" and host not in LOOPBACK:
        return "是不加密的 http；请用 https"
    return ""


def load(path: Path) -> Networks:
    """The networks of an installation; none without the file. Raises `BadHooks`."""
    if not path.is_file():
        return Networks()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise BadHooks(str(path), [f"读不出来：{wrong}"]) from wrong
    faults, allow = [f"“{key}”不认识" for key in table if key not in ("allow", "ca_file")], []
    for text in table.get("allow", []):
        try:
            allow.append(ipaddress.ip_network(text))
        except ValueError:
            faults.append(f"“{text}”不是网段")
    ca_file = table.get("ca_file", "")
    if ca_file and not Path(ca_file).is_file():
        faults.append("ca_file 指向的文件不存在")
    if faults:
        raise BadHooks(str(path), faults)
    return Networks(tuple(allow), ca_file)
