"""Two programs, written apart from the same specifications, agree on any input."""

from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.frozen_log import log_signer, witness_vkey
from yinuo.ledger.tlog import checkpoint, code, policy
from yinuo.ledger.tlog.checkpoint import Checkpoint
from yinuo.ledger.tlog.code import CodeRejected, decode, encode
from yinuo.ledger.tlog.cosignature import Cosigner, cosign
from yinuo.ledger.tlog.leaf import leaf_bytes, parse_leaf
from yinuo.ledger.tlog.note import COSIGNATURE_KEY, Signer, sign, split_note, write_vkey
from yinuo.ledger.tlog.tile import entries_path, tile_path
from yinuo.ledger.tlog.tree import Frontier, leaf_hash
from yinuo.verifier import yinuo_verify as stranger

ROOTS = st.binary(min_size=32, max_size=32)
ORIGINS = st.sampled_from(["yinuo.frozen.example", "大连.example/账本"])


def outcome(read: Callable[[], object]) -> object:
    """What comes out, or False for any refusal."""
    try:
        return read()
    except (ValueError, stranger.Unchecked, CodeRejected, checkpoint.MalformedCheckpoint):
        return False
    except Exception as error:  # noqa: BLE001  # our own errors have one root
        assert type(error).__module__.startswith("yinuo."), error  # noqa: PT017
        return False


def mutate(data: st.DataObject, text: str, letters: str) -> str:
    """The text with a few letters replaced, taken out or put in."""
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, max(len(text) - 1, 0)))
        cut = data.draw(st.integers(0, 2))
        text = text[:at] + data.draw(st.text(letters, max_size=2)) + text[at + cut :]
    return text


@given(st.integers(0, 10**17), ROOTS, ORIGINS)
def test_codes_are_written_alike_and_read_back(size: int, root: bytes, origin: str) -> None:
    printed = encode(Checkpoint(origin, size + 1, root))
    assert stranger.write_code(origin, size + 1, root) == printed
    assert stranger.read_code(printed, [origin]) == (size + 1, root[:20])


@given(st.data(), ROOTS)
def test_mistyped_codes_are_read_or_refused_alike(data: st.DataObject, root: bytes) -> None:
    origin = "yinuo.frozen.example"
    typed = mutate(data, encode(Checkpoint(origin, 295, root)), "0oOiIlL1uU- -ｏ５a²\n")

    def ours() -> object:
        read = decode(typed, origin)
        return read.size, read.root_prefix

    assert outcome(lambda: stranger.read_code(typed, [origin])) == outcome(ours)


@given(st.data(), ROOTS, st.integers(0, 1 << 62))
def test_mangled_notes_are_read_or_refused_alike(
    data: st.DataObject, root: bytes, time: int
) -> None:
    text = checkpoint.format(Checkpoint("yinuo.frozen.example", 7, root))
    witness = Cosigner("w.example", Ed25519PrivateKey.from_private_bytes(bytes(32)))
    note = sign(text, log_signer(1)) + cosign(text, witness, time)
    mangled = mutate(data, note, "\n\r —-+ A=/0１\u3000\x7f\x85\u2028")

    def ours() -> object:
        text, signatures = split_note(mangled)
        read = checkpoint.parse(text)
        lines = [((s.name, s.key_id), s.signature) for s in signatures]
        return text, read.origin, read.size, read.root, lines

    theirs = outcome(lambda: tuple(stranger.read_checkpoint(mangled.encode())))
    found = outcome(ours)
    if found and found[2] == 0:  # type: ignore[index]  # ours also knows the root of nothing
        return
    assert theirs == found


@given(st.data())
def test_mangled_leaves_are_read_or_refused_alike(data: st.DataObject) -> None:
    leaf = leaf_bytes(recorded_at="2024-02-29T23:59:59.000001Z", hash=bytes(32)).decode()
    mangled = mutate(data, leaf, '"09:-.ZTaf {}\n０')

    def theirs() -> object:
        read = stranger.READ_LEAF(mangled)
        if read is None:
            raise stranger.Malformed
        stranger.read_time(read[2])
        return read[1]

    def ours() -> object:
        return parse_leaf(mangled.encode()).hash.hex()

    assert outcome(theirs) == outcome(ours)


@given(st.integers(0, 10**9), st.integers(1, 256))
def test_paths_are_written_alike(number: int, width: int) -> None:
    assert stranger.tile_path(0, number, width) == tile_path(0, number, width)
    assert stranger.tile_path("entries", number, width) == entries_path(number, width)


@settings(max_examples=30)
@given(st.integers(0, 1100))
def test_roots_are_computed_alike(size: int) -> None:
    hashes = [leaf_hash(number.to_bytes(4, "big")) for number in range(size)]
    tree = stranger.Tree()
    for start in range(0, size, 256):
        tree.add_row(b"".join(hashes[start : start + 256]))
    assert tree.size == size
    assert tree.root() == Frontier().extend(hashes).root


LINES = [
    f"log {log_signer(1).verifier.vkey}",
    f"log {log_signer(2).verifier.vkey} https://log.example/",
    *(f"witness w{number} {witness_vkey(number)}" for number in (1, 2, 3)),
    f"witness w4 {witness_vkey(1)}",
    f"witness w1 {witness_vkey(4)} https://w.example/",
    f"witness none {witness_vkey(5)}",
    f"witness w5 {log_signer(5).verifier.vkey}",
    "group g1 any w1 w2",
    "group g2 2 g1 w3",
    "group g2 all w3",
    "group g3 2 w1",
    "group g3 any w2 none",
    "group g4 any w1 w1",
    "quorum g1",
    "quorum g2",
    "quorum w1",
    "quorum none",
    "quorum w1 w2",
    "# a comment",
    "\t ",
    "hello",
]
NAMES = ["w1", "w2", "w3", "w4"]


@settings(max_examples=300)
@given(st.data())
def test_trust_files_are_read_or_refused_alike(data: st.DataObject) -> None:
    chosen = sorted(data.draw(st.sets(st.sampled_from(range(len(LINES))), max_size=9)))
    text = "".join(f"{LINES[number]}\n" for number in chosen)
    mangled = mutate(data, text, " \t\n\rwq1#\x7fé") if data.draw(st.booleans()) else text
    have = data.draw(st.sets(st.sampled_from(NAMES)))

    def ours() -> object:
        read = policy.parse(mangled.encode())
        return len(read.logs), len(read.witnesses), read.satisfied(have), read.quorum

    def theirs() -> object:
        read = stranger.read_trust(mangled.encode(), "trust.policy")
        known = {name for name, _key in read.witnesses.values()}
        met = read.is_met({name.encode() for name in have} & known)
        quorum = read.quorum.decode(errors="surrogateescape")
        return len(read.logs), len(read.witnesses), met, quorum

    assert outcome(theirs) == outcome(ours)


@given(st.binary(min_size=32, max_size=32), st.sampled_from([1, 4]))
def test_keys_are_read_alike(seed: bytes, kind: int) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key()
    vkey = Signer("a.example", private).verifier.vkey
    if kind == COSIGNATURE_KEY:
        vkey = write_vkey("a.example", public, COSIGNATURE_KEY)
    who, key = stranger.read_vkey(vkey, bytes([kind]))
    assert (vkey.startswith(stranger.label(who)), key) == (True, public.public_bytes_raw())


def test_the_alphabets_are_the_same() -> None:
    assert stranger.BASE32 == code.ALPHABET
