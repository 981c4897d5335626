"""Ed25519 by hand: the vectors of RFC 8032, known traps, and another library as the judge."""

from hashlib import sha512

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from yinuo.verifier.yinuo_verify import (
    BASE,
    Malformed,
    P,
    add_points,
    decode_point,
    encode_point,
    is_signed,
    multiply_point,
)
from yinuo.verifier.yinuo_verify import L as ORDER

VECTORS = """
9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60
-
e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155
5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b

4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb
72
92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da
085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00

c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7
af82
6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac
18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a

833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42
ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f
dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589
09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704
"""
"""Seed, message and signature. Source: RFC 8032, section 7.1."""
MESSAGE = b"yinuo"


def public_bytes(private: Ed25519PrivateKey) -> bytes:
    return private.public_key().public_bytes_raw()


def judge(key: bytes, signature: bytes, message: bytes) -> bool:
    """What OpenSSL says."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@pytest.mark.parametrize("vector", VECTORS.strip().split("\n\n"))
def test_the_vectors_of_rfc_8032(vector: str) -> None:
    seed, message, *halves = vector.replace("-", "").split("\n")
    signature = "".join(halves)
    key = public_bytes(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed)))
    assert is_signed(key, bytes.fromhex(signature), bytes.fromhex(message))
    assert not is_signed(key, bytes.fromhex(signature), bytes.fromhex(message) + b"\0")


@settings(max_examples=60)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 2**32))
def test_a_flipped_bit_anywhere_gets_the_verdict_of_another_library(
    seed: bytes, message: bytes, at: int
) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    key, signature = public_bytes(private), private.sign(message)
    assert is_signed(key, signature, message)
    whole = bytearray(key + signature + message)
    whole[at % len(whole)] ^= 1 << at % 8
    crooked = bytes(whole[:32]), bytes(whole[32:96]), bytes(whole[96:])
    assert is_signed(*crooked) is judge(*crooked) is False


@settings(max_examples=60)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=70), st.binary(max_size=20))
def test_any_bytes_get_the_verdict_of_another_library(
    seed: bytes, signature: bytes, message: bytes
) -> None:
    key = public_bytes(Ed25519PrivateKey.from_private_bytes(seed))
    assert is_signed(key, signature, message) is judge(key, signature, message)


def test_bytes_of_another_length_are_no_signature() -> None:
    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    key, signature = public_bytes(private), private.sign(MESSAGE)
    for cut in (0, 32, 63):
        assert not is_signed(key, signature[:cut], MESSAGE)
    assert not is_signed(key, signature + b"\0", MESSAGE)
    assert not is_signed(key[:31], signature, MESSAGE)


def test_a_signature_whose_number_is_not_below_the_order_is_refused() -> None:
    """S + L verifies as well as S where nobody looks: two signatures for one message."""
    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    key, signature = public_bytes(private), private.sign(MESSAGE)
    s = int.from_bytes(signature[32:], "little")
    for other in (s + ORDER, s + 2 * ORDER):
        second = signature[:32] + other.to_bytes(32, "little")
        assert is_signed(key, second, MESSAGE) is judge(key, second, MESSAGE) is False


IDENTITY = (1).to_bytes(32, "little")


def test_a_key_in_another_encoding_than_its_own_is_refused() -> None:
    """y = 1 may be written as 1 + p, and x = 0 with a sign; OpenSSL lets the first pass."""
    other_y = (P + 1).to_bytes(32, "little")
    signed_zero = (1 | 1 << 255).to_bytes(32, "little")
    for key in (other_y, signed_zero, (P + 3).to_bytes(32, "little"), b"\xff" * 32):
        with pytest.raises(Malformed):
            decode_point(key)
        assert not is_signed(key, IDENTITY + bytes(32), MESSAGE)


def test_a_commitment_in_another_encoding_than_its_own_is_refused() -> None:
    """With the neutral point as key, R = 1 and S = 0 hold for everything; R = 1 + p must not."""
    assert is_signed(IDENTITY, IDENTITY + bytes(32), MESSAGE)
    second = (P + 1).to_bytes(32, "little") + bytes(32)
    assert is_signed(IDENTITY, second, MESSAGE) is judge(IDENTITY, second, MESSAGE) is False


def test_half_of_all_numbers_are_no_point() -> None:
    refused = 0
    for number in range(2, 42):
        try:
            assert encode_point(decode_point(number.to_bytes(32, "little")))[0] == number
        except Malformed:
            refused += 1
    assert 10 < refused < 30


def test_a_signature_that_holds_only_times_the_cofactor_is_refused() -> None:
    order_two = decode_point((P - 1).to_bytes(32, "little"))
    assert encode_point(add_points(order_two, order_two)) == IDENTITY
    secret, nonce = 1234567, 7654321
    key = encode_point(multiply_point(secret, BASE))
    r = encode_point(add_points(multiply_point(nonce, BASE), order_two))
    k = int.from_bytes(sha512(r + key + MESSAGE).digest(), "little") % ORDER
    signature = r + ((nonce + k * secret) % ORDER).to_bytes(32, "little")
    assert is_signed(key, signature, MESSAGE) is judge(key, signature, MESSAGE) is False


@given(st.integers(0, ORDER - 1), st.integers(0, ORDER - 1))
@settings(max_examples=15)
def test_points_form_a_group(a: int, b: int) -> None:
    both = add_points(multiply_point(a, BASE), multiply_point(b, BASE))
    assert encode_point(both) == encode_point(multiply_point((a + b) % ORDER, BASE))
    assert encode_point(decode_point(encode_point(both))) == encode_point(both)
    assert encode_point(multiply_point(ORDER, BASE)) == IDENTITY
