"""Signed notes against keys and notes that other programs made and published."""

import base64
import hashlib
from itertools import count

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from yinuo.ledger.tlog.note import (
    COSIGNATURE_KEY,
    LOG_KEY,
    BadKey,
    BadSignature,
    MalformedNote,
    Signer,
    UnknownSigner,
    Verifier,
    key_id,
    open_note,
    sign,
)

GO_SUM = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
GO_SUM_NOTE = """\
go.sum database tree
6353345
d5kp6/RTbWj/e9AMga1hdcHZHcLdFKA2fjHfKJ8FfR4=

— sum.golang.org Az3grhfKc0hf9eAH1x5p0VjY99pEe8l9JKKLGyf9F0m4JTrJjcsr9rUDh6kvNIl7vdzWqULpk3+azvpfJo9aOMZaYQE=
"""  # noqa: E501
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
PETER_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXg"
    "KvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
ENOCH_LINE = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01"
    "oOTGwnWLox33WWd1RvMc+QQ=\n"
)
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
PETER_SEED = bytes.fromhex("810a1402d5146c8d84f2443330f54080ebf98ee17d9c74f6252fc5d5c7283173")
SPEC = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SPEC_NOTE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYj"
    "OBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
COSIGNER = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"


@pytest.fixture
def signer() -> Signer:
    return Signer("dalian.example/ledger", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


@pytest.mark.parametrize("vkey", [GO_SUM, PETER, ENOCH, SPEC])
def test_published_keys_read_and_write_back(vkey: str) -> None:
    verifier = Verifier.from_vkey(vkey)
    assert verifier.vkey == vkey
    assert f"{verifier.name}+{verifier.key_id.hex()}" == verifier.label
    assert vkey.startswith(f"{verifier.label}+")


def test_the_checkpoint_of_another_log_opens() -> None:
    text = open_note(GO_SUM_NOTE, [Verifier.from_vkey(GO_SUM)])
    assert text == "\n".join(GO_SUM_NOTE.split("\n")[:3]) + "\n"


def test_the_example_of_the_standard_opens() -> None:
    assert open_note(SPEC_NOTE, [Verifier.from_vkey(SPEC)]) == "This is an example message.\n"


def test_signing_gives_the_published_note_to_the_byte() -> None:
    peter = Signer("PeterNeumann", Ed25519PrivateKey.from_private_bytes(PETER_SEED))
    assert peter.verifier.vkey == PETER
    assert sign(TEXT, peter) == f"{TEXT}\n{PETER_LINE}"
    enoch = Signer("EnochRoot", Ed25519PrivateKey.from_private_bytes(bytes(32)))
    assert enoch.verifier.vkey == ENOCH
    assert sign(TEXT, enoch) == f"{TEXT}\n{ENOCH_LINE}"


def test_any_known_signer_opens_a_note_and_strangers_are_passed_over() -> None:
    peter, enoch = Verifier.from_vkey(PETER), Verifier.from_vkey(ENOCH)
    both = f"{TEXT}\n{PETER_LINE}{ENOCH_LINE}"
    for known in ([peter], [enoch], [peter, enoch], [peter, peter]):
        assert open_note(both, known) == TEXT


def test_one_wrong_signature_of_a_known_key_spoils_the_note() -> None:
    forged = f"{TEXT}\n{PETER_LINE}{ENOCH_LINE}".replace("rwz+eBzm", "rwz+eBzn")
    assert open_note(forged, [Verifier.from_vkey(PETER)]) == TEXT
    with pytest.raises(BadSignature, match=r"EnochRoot\+af0cfe78 的签名与文字不符") as caught:
        open_note(forged, [Verifier.from_vkey(PETER), Verifier.from_vkey(ENOCH)])
    assert (caught.value.signer, caught.value.text) == ("EnochRoot+af0cfe78", TEXT)


def test_a_changed_text_is_found(signer: Signer) -> None:
    note = sign("dalian.example/ledger\n7\nabc\n", signer)
    with pytest.raises(BadSignature, match=r"dalian\.example/ledger"):
        open_note(note.replace("\n7\n", "\n8\n"), [signer.verifier])


def test_an_unknown_signer_is_named_beside_the_trusted(signer: Signer) -> None:
    note = sign(TEXT, signer)
    with pytest.raises(UnknownSigner, match="不在信任的密钥之列") as caught:
        open_note(note, [Verifier.from_vkey(PETER)])
    assert caught.value.signers == (signer.verifier.label,)
    assert caught.value.trusted == ("PeterNeumann+c74f20a3",)
    with pytest.raises(UnknownSigner, match="未给出密钥"):
        open_note(note, [])


def test_the_same_key_under_another_name_is_unknown(signer: Signer) -> None:
    renamed = Verifier("other.example/ledger", signer.private_key.public_key())
    with pytest.raises(UnknownSigner):
        open_note(sign(TEXT, signer), [renamed])


def test_a_text_may_hold_blank_lines_and_chinese(signer: Signer) -> None:
    for text in ("一诺千金\n", "\n", "a\n\nb\n\n", f"{TEXT}\n{PETER_LINE}"):
        assert open_note(sign(text, signer), [signer.verifier]) == text


@pytest.mark.parametrize("text", ["", "no newline", "tab\t\n", "return\r\n", "half \ud800\n"])
def test_a_text_that_no_note_can_carry_is_not_signed(signer: Signer, text: str) -> None:
    with pytest.raises(MalformedNote):
        sign(text, signer)


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("", "没有空行和签名"),
        (TEXT, "没有空行和签名"),
        (f"{TEXT}{PETER_LINE}", "没有空行和签名"),
        (f"{TEXT}\n", "没有空行和签名"),
        (f"{TEXT}\n{PETER_LINE}\n", "没有空行和签名"),
        (f"{TEXT}\n{PETER_LINE[:-1]}", "没有换行"),
        (f"{TEXT}\n{PETER_LINE}".replace("\n", "\r\n"), "控制字符"),
        (f"{TEXT}\n-- PeterNeumann x08go/ZJ\n", r"第 4 行］ 签名行应为"),
        (f"{TEXT}\n{PETER_LINE}—  x08go/ZJ\n", r"第 5 行］ 签名行应为"),
        (f"{TEXT}\n— Peter+Neumann x08go/ZJ\n", "签名行应为"),
        (f"{TEXT}\n— Peter\u3000Neumann x08go/ZJ\n", "签名行应为"),
        (f"{TEXT}\n— PeterNeumann\n", "不是 Base64，或过短"),
        (f"{TEXT}\n— PeterNeumann x08go\n", "不是 Base64，或过短"),
        (f"{TEXT}\n— PeterNeumann x08gow==\n", "不是 Base64，或过短"),
        (f"{TEXT}\n— PeterNeumann x08go/ZK=\n", "不是 Base64，或过短"),
        (f"{TEXT}\n{PETER_LINE[:-1]} x\n", "不是 Base64，或过短"),
        (f"{TEXT}\n{PETER_LINE * 101}", "签名多于 100 个"),
    ],
)
def test_what_is_not_a_note_is_refused_with_its_fault(note: str, said: str) -> None:
    with pytest.raises(MalformedNote, match=said):
        open_note(note, [Verifier.from_vkey(PETER)])


def test_a_signature_in_another_base64_spelling_is_refused() -> None:
    assert PETER_LINE.endswith("AM=\n")
    with pytest.raises(MalformedNote):
        open_note(f"{TEXT}\n{PETER_LINE.replace('AM=', 'AN=')}", [Verifier.from_vkey(PETER)])


def test_sixteen_signatures_are_read(signer: Signer) -> None:
    note = sign(TEXT, signer)
    assert open_note(note + ENOCH_LINE * 15, [signer.verifier]) == TEXT


@pytest.mark.parametrize(
    ("vkey", "said"),
    [
        ("", "不是公钥的写法"),
        ("PeterNeumann", "不是公钥的写法"),
        ("PeterNeumann+c74f20a3", "不是公钥的写法"),
        (PETER[:-4], "不是公钥的写法"),
        (PETER.replace("PeterNeumann", ""), "不是公钥的写法"),
        (PETER.replace("Neumann", " Neumann"), "不是公钥的写法"),
        (PETER.replace("c74f20a3", "c74f20a4"), "应为 c74f20a3，写作 c74f20a4"),
        (PETER.replace("Peter", "Pieter"), "公钥编号应为"),
        (PETER[:-1] + "X", "公钥编号应为"),
        (COSIGNER, "密钥类型为 0x04"),
    ],
)
def test_a_mangled_key_is_refused(vkey: str, said: str) -> None:
    with pytest.raises(BadKey, match=said):
        Verifier.from_vkey(vkey)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u3000b", "a\ud800"])
def test_a_name_that_no_signature_can_carry_is_refused(signer: Signer, name: str) -> None:
    with pytest.raises(BadKey, match="密钥名称"):
        Signer(name, signer.private_key)
    with pytest.raises(BadKey, match="密钥名称"):
        Verifier(name, signer.private_key.public_key())


def test_a_witness_key_has_an_id_of_its_own_type() -> None:
    name, number, encoded = COSIGNER.split("+", 2)
    key_type, *public = base64.b64decode(encoded)
    assert key_type == COSIGNATURE_KEY
    assert key_id(name, bytes(public), COSIGNATURE_KEY).hex() == number
    assert key_id(name, bytes(public), LOG_KEY).hex() != number


def test_two_keys_that_share_name_and_id_are_refused() -> None:
    seen: dict[bytes, bytes] = {}
    for number in count():
        public = hashlib.sha256(number.to_bytes(4, "big")).digest()
        other = seen.setdefault(key_id("twin.example", public), public)
        if other != public:
            break
    twins = [
        Verifier("twin.example", Ed25519PublicKey.from_public_bytes(key)) for key in (other, public)
    ]
    with pytest.raises(BadKey, match="无从分辨"):
        open_note(f"{TEXT}\n{PETER_LINE}", twins)


def test_a_printed_signer_shows_no_key(signer: Signer) -> None:
    assert repr(signer) == "Signer(name='dalian.example/ledger')"
