"""Telling persons inside the system; a worker carries it outside later."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yinuo.ledger.commands.recording import command
from yinuo.notices.models import Message, Unreached
from yinuo.parties.queries import public_accounts_on_duty, public_active_accounts

BATCH = 500
LONGEST_TITLE = 200


@dataclass(frozen=True, kw_only=True)
class Telling:
    """One thing to tell: to whoever holds a duty for a unit, or to persons by name."""

    to_unit: str = ""
    """Code of the unit; with `role` it names whoever holds that duty for exactly that unit."""
    role: str = ""
    """`officer`, `supervisor`, `administrator`, `auditor` or `protector`."""
    to: tuple[str, ...] = ()
    """Persons, such as `account:7`; may stand beside a duty."""
    topic: str
    """Such as `order.issued`; see `notices.topics` for the words before the dot."""
    title: str
    """One line without names of third persons; what goes beyond 200 characters is cut off."""
    body: str = ""
    page: str = ""
    """Name of the address where it goes on, and what it takes."""
    args: tuple[str, ...] = ()
    about: str = ""
    """The subject that it tells of, such as `order:DB-2024-7`."""
    due: date | None = None
    urgent: bool = False
    """Leaves at once (not at night) instead of with the digest; for what cannot wait a day."""
    key: str = ""
    """With a key each person is told once, however often it is told: for reminders."""


@command("notices.tell", part=True)
def tell(*, tellings: Sequence[Telling], at: datetime) -> int:
    """Write one message for each person concerned; returns how many were written.

    Belongs into the command that does what is told, so that both happen or neither. A duty that
    nobody holds is kept for the administrators to see. Under one key a person is told once.
    """
    on_duty = public_accounts_on_duty(
        duties={(one.role, one.to_unit) for one in tellings if one.to_unit}
    )
    active = public_active_accounts(accounts={_number(who) for one in tellings for who in one.to})
    rows: list[Message] = []
    unreached: list[Unreached] = []
    for one in tellings:
        held = on_duty.get((one.role, one.to_unit), ())
        if one.to_unit and not held:
            unreached.append(_unreached(one, at))
        persons = {*held, *(active & {_number(who) for who in one.to})}
        rows += [_message(one, account, at) for account in sorted(persons)]
    new = _new(rows)
    Message.objects.bulk_create([row for row in new if not row.key], batch_size=BATCH)
    keyed = [row for row in new if row.key]
    # Another worker may be telling the same at this moment: one of the two messages is enough.
    Message.objects.bulk_create(keyed, batch_size=BATCH, ignore_conflicts=True)
    Unreached.objects.bulk_create(unreached, batch_size=BATCH)
    return len(new)


def _new(rows: Sequence[Message]) -> list[Message]:
    """The rows whose person was not told before under the same key."""
    keys = {row.key for row in rows if row.key}
    told = Message.objects.filter(key__in=keys, account__in={row.account_id for row in rows})
    seen = set(told.values_list("account_id", "key")) if keys else set()
    new = []
    for row in rows:
        if not row.key or (row.account_id, row.key) not in seen:
            seen.add((row.account_id, row.key))
            new.append(row)
    return new


def _number(actor: str) -> int:
    return int(actor.removeprefix("account:"))


def _one_line(title: str) -> str:
    """A title becomes the head of a mail, which breaks at the end of a line."""
    plain = " ".join(title.split())
    return plain if len(plain) <= LONGEST_TITLE else plain[: LONGEST_TITLE - 1] + "…"


def _message(one: Telling, account: int, at: datetime) -> Message:
    return Message(
        account_id=account,
        topic=one.topic,
        about=one.about,
        key=one.key,
        title=_one_line(one.title),
        body=one.body,
        page=one.page,
        args=list(one.args),
        due=one.due,
        urgent=one.urgent,
        created_at=at,
    )


def _unreached(one: Telling, at: datetime) -> Unreached:
    return Unreached(
        unit_id=one.to_unit, role=one.role, topic=one.topic, about=one.about, told_at=at
    )


@command("notices.settle", part=True)
def settle(*, about: Iterable[str], at: datetime) -> None:
    """What these subjects asked for is done: their messages count as read and leave no more."""
    waiting = Message.objects.filter(about__in=list(about), read_at=None)
    waiting.update(read_at=at, settled=True)
