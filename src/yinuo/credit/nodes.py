"""What a judgement is about: records, and keys of entities, as they are written down."""

import re
from collections.abc import Mapping
from hashlib import sha256

from yinuo.credit.errors.joins import BadNode
from yinuo.credit.resolving.judgements import RECORD

PERSON = "p:"
"""Before the number of a person: such a key stands in a text, never in a row."""
TEXT = "text:"
_ID = re.compile(r"[0-9a-f]{32}")
_KEY = re.compile(r"o:[0-9A-Z]{8}[0-9X]|r:\d{15}|p:\d{17}[0-9X]")


def record_node(record: str) -> str:
    """The node of a record. Raises `BadNode`."""
    if not _ID.fullmatch(record):
        raise BadNode(f"“{record[:40]}”")
    return RECORD + record


def key_node(key: str) -> str:
    """The node of a key. Raises `BadNode` without repeating it: it may be a person's."""
    if not is_key(key):
        raise BadNode("给出的键")
    return key


def is_key(text: str) -> bool:
    """Whether people can judge about it: an entity with only a name has no key to name it by."""
    return _KEY.fullmatch(text) is not None


def is_secret(node: str) -> bool:
    """Whether a node may not stand in a row."""
    return node.startswith(PERSON)


def spelled(stored: str, said: Mapping[str, str]) -> str | None:
    """The node behind what a row holds; None where its text was erased by law."""
    return said.get(stored) if stored.startswith(TEXT) else stored


def entity_id(salt: str, key: str) -> str:
    """The opaque id of the entity of an effective key, as releases have it."""
    return "E" + sha256(f"{salt}|{key}".encode()).hexdigest()[:24]


def key_of(kind: str, number: str) -> str:
    """The key of the records of whoever has this number, in its one form."""
    return f"p:{number}" if kind == "person" else f"o:{number[8:17]}"
