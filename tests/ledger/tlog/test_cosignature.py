"""Cosignatures against a checkpoint that four witnesses of other people cosigned and published."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from yinuo.ledger.tlog import checkpoint
from yinuo.ledger.tlog.checkpoint import MalformedCheckpoint
from yinuo.ledger.tlog.cosignature import (
    LATEST,
    BadCosignature,
    CosignatureVerifier,
    Cosigned,
    Cosigner,
    TimeOutOfRange,
    add_cosignatures,
    cosign,
    read_cosignatures,
)
from yinuo.ledger.tlog.note import (
    BadKey,
    MalformedNote,
    Signer,
    key_id,
    open_note,
    sign,
    split_note,
)

# A checkpoint of a public Certificate Transparency log of June 2026 and its cosigners' keys.
ARCHE = """\
arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==
"""  # noqa: E501
GO_SUM = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
REMORA = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
WITNESSES = [
    "transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM",
    "witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO",
    REMORA,
    "witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv",
]
ARCHE_TIME = 0x6A122120
TEXT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
SPEC_NOTE = f"""\
{TEXT}
— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""  # noqa: E501
SEED = bytes(range(32))


@pytest.fixture
def cosigner() -> Cosigner:
    return Cosigner("audit.example/w1", Ed25519PrivateKey.from_private_bytes(SEED))


@pytest.fixture
def note() -> str:
    return sign(TEXT, Signer("example.com/behind-the-sofa", Ed25519PrivateKey.generate()))


def verifiers() -> list[CosignatureVerifier]:
    return [CosignatureVerifier.from_vkey(vkey) for vkey in WITNESSES]


@pytest.mark.parametrize("vkey", WITNESSES)
def test_published_keys_of_witnesses_read_and_write_back(vkey: str) -> None:
    verifier = CosignatureVerifier.from_vkey(vkey)
    assert verifier.vkey == vkey
    assert vkey.startswith(f"{verifier.label}+")


def test_cosignatures_that_other_programs_made_are_read_with_their_times() -> None:
    cosigned = read_cosignatures(ARCHE, verifiers())
    assert [c.witness for c in cosigned] == ["+".join(vkey.split("+", 2)[:2]) for vkey in WITNESSES]
    assert {c.time for c in cosigned} == {ARCHE_TIME}
    assert "".join(c.line for c in cosigned) == "".join(ARCHE.splitlines(keepends=True)[-4:])


def test_witnesses_that_were_not_named_are_passed_over() -> None:
    remora = CosignatureVerifier.from_vkey(REMORA)
    assert [c.witness for c in read_cosignatures(ARCHE, [remora])] == ["remora.n621.de+da77ade7"]
    assert read_cosignatures(ARCHE, []) == []


def test_a_published_checkpoint_that_was_changed_is_not_witnessed() -> None:
    changed = ARCHE.replace("1432088532", "1432088533")
    with pytest.raises(BadCosignature, match=r"remora\.n621\.de\+da77ade7") as caught:
        read_cosignatures(changed, [CosignatureVerifier.from_vkey(REMORA)])
    assert caught.value.witness == "remora.n621.de+da77ade7"


def test_the_example_of_the_standard_frames_as_it_says() -> None:
    _text, signatures = split_note(SPEC_NOTE)
    line = signatures[1]
    assert (line.label, len(line.signature)) == ("witness.example.com/w1+8d66cf3f", 8 + 64)
    assert int.from_bytes(line.signature[:8], "big") == 1_679_315_147


def test_a_cosignature_written_out_by_the_standard(cosigner: Cosigner) -> None:
    message = b"cosignature/v1\ntime 1679315147\n" + TEXT.encode()
    stamped = (1_679_315_147).to_bytes(8, "big") + cosigner.private_key.sign(message)
    public = cosigner.private_key.public_key().public_bytes_raw()
    number = key_id("audit.example/w1", public, 0x04)
    expected = f"— audit.example/w1 {base64.b64encode(number + stamped).decode()}\n"
    assert cosign(TEXT, cosigner, 1_679_315_147) == expected


def test_a_line_is_added_and_read_and_the_log_still_opens(cosigner: Cosigner) -> None:
    log = Signer("example.com/behind-the-sofa", Ed25519PrivateKey.generate())
    line = cosign(TEXT, cosigner, 5)
    note = add_cosignatures(sign(TEXT, log), [line, line])
    assert note.count(line) == 1
    assert note == sign(TEXT, log) + line
    assert open_note(note, [log.verifier]) == TEXT
    expected = Cosigned(cosigner.verifier.label, 5, line)
    assert read_cosignatures(note, [cosigner.verifier]) == [expected]


def test_of_two_lines_of_one_witness_the_later_counts(cosigner: Cosigner, note: str) -> None:
    lines = [cosign(TEXT, cosigner, time) for time in (7, 9, 8)]
    cosigned = read_cosignatures(add_cosignatures(note, lines), [cosigner.verifier])
    assert [c.time for c in cosigned] == [9]


def test_a_forged_line_is_named(cosigner: Cosigner, note: str) -> None:
    other = Cosigner("audit.example/w1", Ed25519PrivateKey.generate())
    forged = base64.b64encode(
        cosigner.verifier.key_id + split_note(f"{TEXT}\n{cosign(TEXT, other, 5)}")[1][0].signature
    ).decode()
    with pytest.raises(BadCosignature, match=r"audit\.example/w1"):
        read_cosignatures(f"{note}— audit.example/w1 {forged}\n", [cosigner.verifier])


def test_another_time_than_the_signed_one_is_a_forgery(cosigner: Cosigner, note: str) -> None:
    signature = split_note(f"{TEXT}\n{cosign(TEXT, cosigner, 5)}")[1][0].signature
    moved = (6).to_bytes(8, "big") + signature[8:]
    with pytest.raises(BadCosignature):
        cosigner.verifier.verify(TEXT, moved)


@pytest.mark.parametrize("cut", [0, 8, 64, 71, 73])
def test_a_line_of_another_length_is_refused(cosigner: Cosigner, cut: int) -> None:
    signature = split_note(f"{TEXT}\n{cosign(TEXT, cosigner, 5)}")[1][0].signature
    with pytest.raises(BadCosignature):
        cosigner.verifier.verify(TEXT, (signature + b"\0")[:cut])


def test_a_time_beyond_the_standard_is_refused(cosigner: Cosigner) -> None:
    assert cosigner.verifier.verify(TEXT, _stamped(cosigner, LATEST)) == LATEST
    with pytest.raises(BadCosignature):
        cosigner.verifier.verify(TEXT, _stamped(cosigner, LATEST + 1))
    for time in (-1, LATEST + 1):
        with pytest.raises(TimeOutOfRange):
            cosign(TEXT, cosigner, time)


def _stamped(cosigner: Cosigner, time: int) -> bytes:
    message = f"cosignature/v1\ntime {time}\n{TEXT}".encode()
    return time.to_bytes(8, "big") + cosigner.private_key.sign(message)


def test_only_checkpoints_are_cosigned(cosigner: Cosigner) -> None:
    for text in ("anything\n", TEXT[:-1], "", f"{TEXT}\n"):
        with pytest.raises(MalformedCheckpoint):
            cosign(text, cosigner, 5)


def test_extension_lines_are_part_of_what_is_cosigned(cosigner: Cosigner) -> None:
    longer = f"{TEXT}extension\n"
    line = cosign(longer, cosigner, 5)
    assert cosigner.verifier.verify(longer, split_note(f"{longer}\n{line}")[1][0].signature) == 5
    with pytest.raises(BadCosignature):
        cosigner.verifier.verify(TEXT, split_note(f"{TEXT}\n{line}")[1][0].signature)


@pytest.mark.parametrize(
    ("vkey", "said"),
    [
        (GO_SUM, "密钥类型为 0x01，见证单位密钥须为 0x04"),
        (REMORA.replace("da77ade7", "da77ade8"), "公钥编号应为"),
        (REMORA[:-4], "不是公钥的写法"),
    ],
)
def test_what_is_no_key_of_a_witness_is_refused(vkey: str, said: str) -> None:
    with pytest.raises(BadKey, match=said):
        CosignatureVerifier.from_vkey(vkey)


def test_what_is_no_signature_line_is_not_added(note: str, cosigner: Cosigner) -> None:
    for line in ("", "hello\n", cosign(TEXT, cosigner, 5)[:-1], "— a\n"):
        with pytest.raises(MalformedNote):
            add_cosignatures(note, [line])


def test_a_printed_cosigner_shows_no_key(cosigner: Cosigner) -> None:
    assert repr(cosigner) == "Cosigner(name='audit.example/w1')"


@given(st.integers(0, LATEST), st.integers(0, 10**18), st.binary(min_size=32, max_size=32))
def test_what_one_signs_the_other_reads(time: int, size: int, root: bytes) -> None:
    cosigner = Cosigner("audit.example/w1", Ed25519PrivateKey.from_private_bytes(SEED))
    text = checkpoint.format(checkpoint.Checkpoint("a.example", size + 1, root))
    line = cosign(text, cosigner, time)
    found = read_cosignatures(f"{text}\n{line}", [cosigner.verifier])
    assert [(c.time, c.line) for c in found] == [(time, line)]
