"""Who asks, as only our own proxies may say."""

import pytest

from yinuo.kernel.proxies import BadProxies, client_address, networks

OURS = networks("127.0.0.1, ::1, 10.1.0.0/16")


@pytest.mark.parametrize(
    ("nearest", "forwarded", "asks"),
    [
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("::1", "2001:db8::7", "2001:db8::7"),
        ("127.0.0.1", "::ffff:203.0.113.7", "203.0.113.7"),
        ("::ffff:127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "203.0.113.7, 10.1.9.9", "203.0.113.7"),
        ("127.0.0.1", "1.2.3.4, 203.0.113.7", "203.0.113.7"),  # the browser wrote the first
        ("203.0.113.7", "1.2.3.4", "203.0.113.7"),  # no proxy of ours is near
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "1.2.3.4, unknown, 10.1.9.9", "10.1.9.9"),
        ("127.0.0.1", "10.1.2.3", "10.1.2.3"),  # a machine of our own
        ("", "1.2.3.4", ""),
    ],
)
def test_the_last_whom_a_proxy_of_ours_named(nearest: str, forwarded: str, asks: str) -> None:
    assert client_address(nearest, forwarded, OURS) == asks


def test_without_proxies_nobodys_word_is_taken() -> None:
    assert client_address("127.0.0.1", "1.2.3.4", networks("")) == "127.0.0.1"


def test_every_wrong_proxy_is_named() -> None:
    with pytest.raises(BadProxies) as caught:
        networks("127.0.0.1,nginx,10.0.0.1/8,")
    assert "nginx、10.0.0.1/8" in caught.value.what
