"""With whom records are exchanged: `content/exchange/peers.csv`, one row a platform. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yinuo.credit.checked_rows import rows, sound
from yinuo.credit.errors.exchange import UnknownPeer
from yinuo.credit.exchange.manifest import CONTENTS
from yinuo.kernel.errors import Finding
from yinuo.ledger.tlog.note import BadKey, Verifier, open_note, split_note

FILE = "peers.csv"
COLUMNS = ("名称", "公钥", "可发来", "可报去", "说明")
WORDS = {label: name for name, label in CONTENTS.items()}


@dataclass(frozen=True, kw_only=True)
class Peer:
    """One platform."""

    title: str
    """What people call it."""
    key: Verifier
    """Its name in packages, and its public key, had from elsewhere than the packages."""
    sends: frozenset[str]
    takes: frozenset[str]
    """Contents, keys of `CONTENTS`."""


def load_peers(data: bytes, *, file: str = FILE) -> Mapping[str, Peer]:
    """The platforms by the name of their key. Raises `BadTable` with every fault found."""
    findings: list[Finding] = []
    found: dict[str, Peer] = {}
    for row in rows(data, file=file, columns=COLUMNS, into=findings):
        sends, takes = row.some_of("可发来", WORDS), row.some_of("可报去", WORDS)
        try:
            key = Verifier.from_vkey(row.filled("公钥"))
        except BadKey as error:
            row.fault("CREDIT-E094", "公钥", error.what, error.next_step)
            continue
        if key.name in found:
            row.fault("CREDIT-E095", "公钥", "同名的公钥有两行", "每个平台一行")
        found[key.name] = Peer(
            title=row.filled("名称"),
            key=key,
            sends=frozenset(WORDS[each] for each in sends),
            takes=frozenset(WORDS[each] for each in takes),
        )
    sound(findings)
    return found


def peer_named(peers: Mapping[str, Peer], name: str) -> Peer:
    """By what people call it, or by the name of its key. Raises `UnknownPeer`."""
    found = peers.get(name) or next((each for each in peers.values() if each.title == name), None)
    if found is None:
        raise UnknownPeer(name, [each.title for each in peers.values()])
    return found


def opened(note: str, peers: Mapping[str, Peer]) -> tuple[str, Peer]:
    """The text of a signed note, and who on the list signed it.

    Raises `UnknownPeer`, `MalformedNote`, `BadSignature`.
    """
    _, signatures = split_note(note)
    keys = {(each.key.name, each.key.key_id): each for each in peers.values()}
    signer = next((keys[s.name, s.key_id] for s in signatures if (s.name, s.key_id) in keys), None)
    if signer is None:
        raise UnknownPeer(_labels([s.label for s in signatures]), [p.title for p in peers.values()])
    return open_note(note, [signer.key]), signer


def _labels(signers: Sequence[str]) -> str:
    return "、".join(signers)[:120]
