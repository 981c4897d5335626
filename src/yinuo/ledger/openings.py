"""What may be read of a bundle of leaves: bodies, salts and texts, as one JSON file."""

import json
from collections.abc import Iterable, Sequence

from yinuo.ledger.bodies import TEXT
from yinuo.ledger.models import Text
from yinuo.ledger.scan import Row

FORMAT = "yinuo.openings/1"


def compact_json(value: object) -> bytes:
    """UTF-8 JSON without blanks, keys in the order given: for published files.

    They are not hashed, and their order is for people who read them.
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()  # noqa: TID251


def openings_file(rows: Iterable[Row], *, full: bool = False) -> bytes:
    """Open these entries, all of one bundle and by index, with the texts that they name.

    Opens whatever it is given: the caller has decided what may be read. `full` marks a file
    that opens closed entries too. An erased text is missing. One query.
    """
    opened = list(rows)
    head: dict[str, object] = {"format": FORMAT}
    if full:
        head["full"] = True
    entries = [
        {"index": row.leaf_index, "salt": row.salt.hex(), "body": row.body.decode()}
        for row in opened
    ]
    return compact_json({**head, "entries": entries, "texts": _texts(opened)})


def _texts(rows: Sequence[Row]) -> list[dict[str, str]]:
    """The texts that bodies name and that still exist, by hash."""
    named = {reference.decode() for row in rows for reference in TEXT.findall(row.body)}
    if not named:
        return []
    found = Text.objects.filter(hash__in=named).order_by("hash")
    return [
        {"hash": text.hash, "salt": bytes(text.salt).hex(), "text": text.text} for text in found
    ]
