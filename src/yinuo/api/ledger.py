"""The ledger: how far it is sealed, and whole public stories with what it takes to check them."""

from datetime import datetime

from ninja import Router, Schema

from yinuo.api.problem import Problem
from yinuo.api.request import Request
from yinuo.kernel.errors import YinuoError
from yinuo.ledger.queries import public_status
from yinuo.ledger.thread import public_thread

router = Router(tags=["ledger"])


class NoPublicStory(YinuoError):
    """Nothing public goes by this name."""

    code = "API-E002"
    status = 404

    def __init__(self, thread: str) -> None:
        super().__init__(
            f"没有公开的存证 {thread}",
            place=thread[:120],
            next_step="名称形如 commitment:DL2024-015；未公开的内容不在这里",
        )


class Status(Schema):
    """How far the log is sealed."""

    size: int
    checkpoint: str
    """The last signed checkpoint, a C2SP signed note; empty before the first."""
    signed_at: datetime | None
    unsealed: int
    """Entries that wait for the sealer."""


class Entry(Schema):
    """An entry with what it takes to hash it again."""

    index: int | None
    """Place in the sealed log; null until a checkpoint covers it."""
    recorded_at: str
    salt: str
    """64 hex digits."""
    body: str
    """The stored bytes, which are UTF-8."""


class Text(Schema):
    """A text that entries name by its salted hash."""

    hash: str
    salt: str
    text: str


class Thread(Schema):
    """One public story, oldest entry first."""

    origin: str
    entries: list[Entry]
    texts: list[Text]
    erased: list[str]
    """References of texts that the law had erased."""


@router.get("", response=Status, summary="How far it is sealed")
def status(request: Request) -> Status:
    """How far the log is sealed. The log itself, for C2SP clients, is under /log/."""
    del request
    found = public_status()
    return Status(
        size=found.size,
        checkpoint=found.note,
        signed_at=found.signed_at,
        unsealed=found.unsealed,
    )


@router.get(
    "/threads/{path:thread}",
    response={200: Thread, 404: Problem},
    summary="A public story to check",
)
def thread(request: Request, thread: str) -> Thread:
    """A public story such as `commitment:DL2024-015`, with salts and texts to check it by."""
    del request
    found = public_thread(thread)
    if found is None:
        raise NoPublicStory(thread)
    return Thread(
        origin=found.origin,
        entries=[
            Entry(index=e.index, recorded_at=e.recorded_at, salt=e.salt, body=e.body)
            for e in found.entries
        ],
        texts=[Text(hash=t.hash, salt=t.salt, text=t.text) for t in found.texts],
        erased=list(found.erased),
    )
