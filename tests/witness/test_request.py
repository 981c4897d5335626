from base64 import b64encode

import pytest

from yinuo.witness.request import MOST_HASHES, MalformedRequest, Request, parse

HASH = b64encode(bytes(32)).decode()
LINE = f"{HASH}\n"
NOTE = "city.example/ledger\n1\nx\n\n— a b\n"


def test_the_example_of_the_standard_is_read() -> None:
    lines = (
        "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=",
        "jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=",
        "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=",
        "/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=",
    )
    body = "old 20852014\n" + "".join(f"{line}\n" for line in lines) + f"\n{NOTE}"
    read = parse(body.encode())
    assert (read.old, read.note) == (20_852_014, NOTE)
    assert [b64encode(node).decode() for node in read.proof] == list(lines)


def test_a_first_request_has_no_proof() -> None:
    assert parse(f"old 0\n\n{NOTE}".encode()) == Request(0, (), NOTE)


def test_sixty_three_hashes_are_read() -> None:
    assert len(parse(f"old 1\n{LINE * MOST_HASHES}\n{NOTE}".encode()).proof) == 63


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (b"", 1),
        (b"\xff", 1),
        (b"old 0\n", 2),
        (b"old 0\n\n", 1),
        (f"\n\n{NOTE}".encode(), 1),
        (f"old\n\n{NOTE}".encode(), 1),
        (f"old  0\n\n{NOTE}".encode(), 1),
        (f"Old 0\n\n{NOTE}".encode(), 1),
        (f"old -1\n\n{NOTE}".encode(), 1),
        (f"old 01\n\n{NOTE}".encode(), 1),
        (f"old ２\n\n{NOTE}".encode(), 1),
        (f"old 1{'0' * 19}\n\n{NOTE}".encode(), 1),
        (f"old 0\r\n\n{NOTE}".encode(), 1),
        (f"old 1\n{HASH}\nshort\n\n{NOTE}".encode(), 3),
        (f"old 1\n{HASH[:-4]}\n\n{NOTE}".encode(), 2),
        (f"old 1\n{HASH.replace('A=', 'B=')}\n\n{NOTE}".encode(), 2),
        (f"old 1\n {HASH}\n\n{NOTE}".encode(), 2),
        (f"old 1\n{LINE * 64}\n{NOTE}".encode(), 65),
    ],
)
def test_what_is_no_request_is_refused_by_line(body: bytes, line: int) -> None:
    with pytest.raises(MalformedRequest) as caught:
        parse(body)
    assert caught.value.place == f"请求第 {line} 行"
