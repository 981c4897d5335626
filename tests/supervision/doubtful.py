"""The small city with thresholds in force, and looking at what was handed in."""

from collections.abc import Callable
from functools import cache

from django.db import transaction

from tests.city import JULY, MARCH, City
from yinuo.content.commands import approve_publication, ask_publication, keep
from yinuo.kernel.content import content_dir
from yinuo.kernel.filestore import FileStore
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.tlog.note import Signer
from yinuo.supervision.commands.looking import _record, look
from yinuo.supervision.doubt_life import DoubtKind, Spotted
from yinuo.supervision.doubt_limits import Limits
from yinuo.supervision.doubt_table import NAME, Thresholds, limits_of

Look = Callable[[], int]
"""Seal, look at everything that is new, and say how many doubts came of it."""


def publish_thresholds(city: City, store: FileStore) -> None:
    """The shipped thresholds, in force from March on."""
    data = (content_dir() / NAME).read_bytes()
    kept = keep(name=NAME, data=data, valid_from=MARCH.date(), store=store)
    number = ask_publication(kept=kept, reason="发布", store=store, by=city["admin"], at=MARCH)
    approve_publication(number=number, store=store, by=city["admin2"], at=MARCH)


def looker(store: FileStore, signer: Signer, memory: Memory, *, batch: int = 1_000) -> Look:
    """A function that looks at what is new."""

    def run() -> int:
        seal(signer=signer, memory=memory)
        found, more = 0, True
        while more:
            looked = look(store=store, at=JULY, batch=batch)
            found, more = found + looked.doubts, looked.more
        return found

    return run


def plant(*spotted: Spotted) -> int:
    """Doubts recorded as a look would, without anything that was handed in."""
    rules = Thresholds(some_limits(), f"{NAME}#1")
    with transaction.atomic():
        return _record(spotted, rules=rules, on=JULY.date(), at=JULY)


def falling_doubt(commitment: str) -> Spotted:
    """A cumulative figure that fell."""
    return Spotted(
        kind=DoubtKind.FALLING,
        key=f"falling:{commitment}/R2",
        commitment=commitment,
        facts={
            "series": [
                {"report": f"{commitment}/R1", "day": "2024-05-31", "value": "5", "marked": True},
                {"report": f"{commitment}/R2", "day": "2024-06-30", "value": "4", "marked": True},
            ],
            "unit": "项",
            "from": "5",
            "to": "4",
        },
    )


@cache
def some_limits() -> Limits:
    """The shipped thresholds."""
    limits, faults = limits_of((content_dir() / NAME).read_bytes(), on=JULY.date())
    assert limits is not None, faults
    return limits
