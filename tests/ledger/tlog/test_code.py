"""Printed codes: written, typed in again, and every slip named for what it is."""

import random
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from yinuo.ledger.tlog.checkpoint import Checkpoint
from yinuo.ledger.tlog.code import (
    ALPHABET,
    CodeMistyped,
    CodeRejected,
    CodeWithoutSize,
    UnknownCharacter,
    WrongCodeLength,
    decode,
    encode,
)

ORIGIN = "yinuo.210200"
ROOT = bytes(range(32))
CODE = "20852163-000G-40R4-0M30-E209-185G-R38E-1W81-24GK-SN"

roots = st.binary(min_size=32, max_size=32)
sizes = st.integers(1, 2**63 - 1)


def checkpoint(size: int, root: bytes = ROOT, origin: str = ORIGIN) -> Checkpoint:
    return Checkpoint(origin, size, root)


def by_hand(origin: str, size: int, root: bytes) -> str:
    """The code as its description reads, bit by bit."""
    bits = "".join(f"{byte:08b}" for byte in root[:20])
    digest = sha256(origin.encode() + b"\n" + str(size).encode() + b"\n" + root[:20]).digest()
    bits += "".join(f"{byte:08b}" for byte in digest)[:10]
    text = "".join(ALPHABET[int(bits[at : at + 5], 2)] for at in range(0, 170, 5))
    groups = [text[at : at + 4] for at in range(0, 32, 4)]
    return "-".join([str(size), *groups, text[32:]])


def rejected(text: str, origin: str = ORIGIN) -> bool:
    try:
        decode(text, origin)
    except CodeRejected:
        return True
    return False


@given(size=sizes, root=roots)
@example(size=20852163, root=ROOT)
def test_a_code_is_written_as_described_and_reads_back(size: int, root: bytes) -> None:
    written = encode(checkpoint(size, root))
    assert written == by_hand(ORIGIN, size, root)
    read = decode(written, ORIGIN)
    assert (read.size, read.root_prefix) == (size, root[:20])
    assert read.matches(root)
    assert not read.matches(bytes([root[0] ^ 1]) + root[1:])


def test_this_code_never_changes() -> None:
    """Codes on paper must stay readable for ever."""
    assert encode(checkpoint(20852163)) == CODE


@given(size=sizes, root=roots, data=st.data())
def test_it_may_be_typed_carelessly(size: int, root: bytes, data: st.DataObject) -> None:
    written = encode(checkpoint(size, root))
    head, _, rest = written.partition("-")
    careless = {"0": "0Oo０Ｏｏ", "1": "1IiLlｌ１Ｉ", "-": "-－–—−‐ "}
    typed = []
    for character in rest:
        wide = chr(ord(character) + 0xFEE0)
        choices = careless.get(character, character + character.lower() + wide)
        typed.append(
            data.draw(st.sampled_from([*choices, f" {choices[0]}", f"{choices[0]}\u3000"]))
        )
    hyphen = data.draw(st.sampled_from("-－–—−‐"))
    assert decode(f" {head}{hyphen}{''.join(typed)}\n", ORIGIN) == decode(written, ORIGIN)


def test_groups_need_no_hyphens_but_the_size_does() -> None:
    head, _, rest = CODE.partition("-")
    assert decode(f"{head}-{rest.replace('-', '')}", ORIGIN) == decode(CODE, ORIGIN)
    with pytest.raises(CodeWithoutSize):
        decode(CODE.replace("-", ""), ORIGIN)


@pytest.mark.parametrize("text", ["", "-", CODE.partition("-")[2], "007" + CODE[8:], "-" + CODE])
def test_a_code_begins_with_a_size(text: str) -> None:
    with pytest.raises(CodeWithoutSize):
        decode(text, ORIGIN)


@pytest.mark.parametrize(
    ("text", "found"), [("5-", 0), (CODE[:-1], 33), (CODE[:-3], 32), (CODE + "0", 35)]
)
def test_too_short_and_too_long_is_said_with_the_number(text: str, found: int) -> None:
    with pytest.raises(WrongCodeLength) as caught:
        decode(text, ORIGIN)
    assert caught.value.found == found
    assert f"实有 {found} 个" in caught.value.what


@pytest.mark.parametrize("character", ["U", "u", "*", "承", "é"])
@pytest.mark.parametrize("at", [0, 9, 20, len(CODE) - 1])
def test_a_character_that_no_code_has_is_shown_with_its_place(character: str, at: int) -> None:
    with pytest.raises(UnknownCharacter) as caught:
        decode(CODE[:at] + character + CODE[at + 1 :], ORIGIN)
    assert (caught.value.character, caught.value.position) == (character.upper(), at + 1)
    assert f"第 {at + 1} 个字符" in caught.value.what


def test_the_code_of_another_city_is_refused() -> None:
    with pytest.raises(CodeMistyped) as caught:
        decode(encode(checkpoint(20852163, origin="yinuo.210300")), ORIGIN)
    assert ORIGIN in caught.value.next_step


def changed(code: str) -> list[str]:
    """The code with each character replaced by each other one."""
    return [
        code[:at] + other + code[at + 1 :]
        for at, character in enumerate(code)
        if character != "-"
        for other in (ALPHABET if at > code.index("-") else "0123456789")
        if other != character
    ]


def swapped(code: str) -> list[str]:
    """The code with each two neighbours exchanged."""
    places = [at for at, character in enumerate(code) if character != "-"]
    found = []
    for one, two in pairwise(places):
        if code[one] != code[two] and (code.index("-") < one or two < code.index("-")):
            typed = [*code]
            typed[one], typed[two] = typed[two], typed[one]
            found.append("".join(typed))
    return found


def test_one_slip_in_a_thousand_passes_unseen_and_no_more() -> None:
    """Ten bits of check: a changed or swapped character is missed once in 1,024 times."""
    drawn = random.Random(2024)  # noqa: S311  # the same slips in every run
    tried = missed = 0
    for _ in range(60):
        code = encode(checkpoint(drawn.randrange(1, 10**7), drawn.randbytes(32)))
        slips = [*changed(code), *swapped(code)]
        tried += len(slips)
        missed += sum(not rejected(slip) for slip in slips)
    expected = tried / 1024
    assert tried > 60_000
    assert abs(missed - expected) < 4 * expected**0.5


def test_a_slip_in_the_check_characters_never_passes() -> None:
    for code in [CODE, encode(checkpoint(7, sha256(b"7").digest()))]:
        for slip in changed(code):
            if slip[:-2] == code[:-2]:
                assert rejected(slip)


@given(text=st.text(max_size=80), origin=st.sampled_from([ORIGIN, "另一座城市"]))
def test_anything_else_is_refused_with_a_reason(text: str, origin: str) -> None:
    with pytest.raises(CodeRejected) as caught:
        decode(text, origin)
    assert caught.value.what
    assert caught.value.next_step
