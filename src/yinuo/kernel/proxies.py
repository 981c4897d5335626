"""Proxies in front of the site: they alone see who asks.

Wrong passwords and wrong codes are counted by address. Without the proxy's word everybody would
come from one, and five wrong codes of anybody would shut out a whole city.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

from yinuo.kernel.errors import YinuoError

Address: TypeAlias = IPv4Address | IPv6Address
Networks: TypeAlias = tuple[IPv4Network | IPv6Network, ...]


class BadProxies(YinuoError):
    """`YINUO_PROXIES` holds something that is no address and no network."""

    code = "HOME-E022"

    def __init__(self, wrong: list[str]) -> None:
        super().__init__(
            f"YINUO_PROXIES 里不是网络地址：{'、'.join(wrong)}",
            place="YINUO_PROXIES",
            next_step="请写代理服务器的地址或网段，用逗号隔开，如 127.0.0.1,10.1.0.0/16",
        )


def networks(said: str) -> Networks:
    """Addresses and networks joined by commas. Raises `BadProxies`, naming every wrong one.

    >>> [str(each) for each in networks("127.0.0.1, 10.1.0.0/16")]
    ['127.0.0.1/32', '10.1.0.0/16']
    """
    found, wrong = [], []
    for one in filter(None, map(str.strip, said.split(","))):
        try:
            found.append(ip_network(one))
        except ValueError:
            wrong.append(one)
    if wrong:
        raise BadProxies(wrong)
    return tuple(found)


def client_address(nearest: str, forwarded: str, proxies: Networks) -> str:
    """Who asks: the last in `X-Forwarded-For` whom a proxy of ours, and no browser, has named.

    `nearest` is the other end of the connection.

    >>> ours = networks("127.0.0.1,10.1.0.0/16")
    >>> client_address("127.0.0.1", "1.1.1.1, 203.0.113.7, 10.1.2.3", ours)
    '203.0.113.7'
    >>> client_address("203.0.113.7", "1.1.1.1", ours)
    '203.0.113.7'
    """
    told = forwarded.split(",")
    address = nearest
    while told and _is_in(_address(address), proxies):
        before = _address(told.pop())
        if before is None:
            break
        address = str(before)
    return address


def _address(said: str) -> Address | None:
    try:
        found = ip_address(said.strip())
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


def _is_in(address: Address | None, proxies: Networks) -> bool:
    return address is not None and any(address in each for each in proxies)
