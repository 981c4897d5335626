import hashlib
from datetime import UTC, datetime

import pytest

from yinuo.kernel.canonical import canonical_bytes
from yinuo.kernel.instants import instant_text
from yinuo.ledger.tlog.leaf import (
    Leaf,
    MalformedLeaf,
    WrongSalt,
    commitment_hash,
    leaf_bytes,
    parse_leaf,
)
from yinuo.ledger.tlog.tree import WrongHashLength

AT = "2024-02-08T08:30:00.000000Z"
HASH = hashlib.sha256(b"entry").digest()
LEAF = f'{{"format":"yinuo.entry/1","hash":"{HASH.hex()}","recorded_at":"{AT}"}}'


def test_the_commitment_is_the_hash_of_salt_and_body() -> None:
    salt, body = bytes(range(32)), b'{"verb":"promise"}'
    assert commitment_hash(salt, body) == hashlib.sha256(salt + body).digest()
    assert commitment_hash(bytes(32), body) != commitment_hash(salt, body)


@pytest.mark.parametrize("length", [0, 16, 31, 33, 64])
def test_a_salt_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(WrongSalt, match=f"实为 {length} 字节") as caught:
        commitment_hash(bytes(length), b"body")
    assert caught.value.length == length


def test_a_leaf_is_canonical_json_of_three_fields() -> None:
    written = leaf_bytes(recorded_at=AT, hash=HASH)
    assert written.decode() == LEAF
    assert written == canonical_bytes(
        {"recorded_at": AT, "hash": HASH.hex(), "format": "yinuo.entry/1"}
    )


def test_a_leaf_takes_the_instants_of_the_kernel() -> None:
    at = datetime(2024, 2, 8, 8, 30, 0, 123456, tzinfo=UTC)
    assert parse_leaf(leaf_bytes(recorded_at=instant_text(at), hash=HASH)) == Leaf(
        "2024-02-08T08:30:00.123456Z", HASH
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024-02-08",
        "2024-02-08T08:30:00Z",
        "2024-02-08T08:30:00.000Z",
        "2024-02-08T08:30:00.000000",
        "2024-02-08T08:30:00.000000+00:00",
        "2024-02-08 08:30:00.000000Z",
        "2024-02-30T08:30:00.000000Z",
        "2024-02-08T25:30:00.000000Z",
        "0000-01-01T00:00:00.000000Z",
        "２０２４-02-08T08:30:00.000000Z",
        f"{AT}\n",
    ],
)
def test_a_time_in_another_form_is_refused(text: str) -> None:
    with pytest.raises(MalformedLeaf, match="UTC") as caught:
        leaf_bytes(recorded_at=text, hash=HASH)
    assert caught.value.field == "recorded_at"


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_hash_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(WrongHashLength):
        leaf_bytes(recorded_at=AT, hash=bytes(length))


@pytest.mark.parametrize(
    ("data", "field", "said"),
    [
        ("", "", "不是 JSON"),
        ("{", "", "不是 JSON"),
        ("[]", "", "不是 JSON 对象"),
        ("{}", "format", "缺少"),
        (LEAF.replace('"yinuo.entry/1"', "1"), "format", "不是字符串：1"),
        (LEAF.replace("entry/1", "entry/2"), "format", "不认识的格式：'yinuo.entry/2'"),
        (LEAF.replace("format", "kind"), "kind", "多出的字段"),
        (LEAF[:-1] + ',"actor":"account:7"}', "actor", "多出的字段"),
        (LEAF.replace(HASH.hex(), HASH.hex()[:-1]), "hash", "64 位小写十六进制"),
        (LEAF.replace(HASH.hex(), HASH.hex().upper()), "hash", "64 位小写十六进制"),
        (LEAF.replace(AT, "2024-02-30T08:30:00.000000Z"), "recorded_at", "UTC"),
        (LEAF.replace(",", ", "), "", "规范写法"),
        (f"{LEAF}\n", "", "规范写法"),
        (LEAF.replace("format", "f\\u006frmat"), "", "规范写法"),
        (LEAF[:-1] + f',"recorded_at":"{AT}"}}', "", "规范写法"),
        ("[" * 60_000, "", "过长"),
    ],
)
def test_any_byte_that_is_not_as_written_is_refused(data: str, field: str, said: str) -> None:
    with pytest.raises(MalformedLeaf, match=said) as caught:
        parse_leaf(data.encode())
    assert caught.value.field == field


def test_bytes_that_are_not_text_are_refused() -> None:
    with pytest.raises(MalformedLeaf, match="不是 JSON"):
        parse_leaf(b"\xff\xfe" + LEAF.encode())


def test_a_leaf_fits_an_entry_bundle_many_times_over() -> None:
    assert len(leaf_bytes(recorded_at=AT, hash=HASH)) == len(LEAF) < 256
