"""A row of a window system as an event, or what is wrong with it."""

import hashlib
from collections.abc import Mapping as Map
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from yinuo.cases.feed.mapping import FIELDS, REQUIRED, Mapping, plain
from yinuo.cases.feed.telling import Fault, Person, Reason, Told
from yinuo.kernel.canonical import canonical_bytes

LONGEST = {"event": 120, "case": 80, "item": 80, "ground": 40, "notice": 80, "stop": 120}
LONGEST_OTHER = 2_000
AHEAD = timedelta(minutes=5)
"""By how much the clock of a source may be before ours."""
WRITTEN = ("%Y%m%d%H%M%S", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y%m%d %H:%M:%S")
WITH_TIME = 11
"""A text shorter than this names a day and no time."""
VOID = "#void"
MOST_AMOUNT = 10_000


@dataclass(frozen=True, slots=True)
class Read:
    """One row that can be used."""

    told: Told
    person: Person
    about: str
    digest: str
    """SHA-256 of what it says, by which a repetition is told from a change."""


def instant(text: str, zone: ZoneInfo) -> datetime | None:
    """A time of day in UTC; without an offset it is of `zone`. None where it cannot be read."""
    if len(text) < WITH_TIME:
        return None
    found = _parsed(text)
    if found is None:
        return None
    try:
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _parsed(text: str) -> datetime | None:
    if "/" not in text and not text.isdigit():
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    for form in WRITTEN:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007  # the zone follows
        except ValueError:
            continue
    return None


def read_row(
    row: object, *, mapping: Mapping, zone: ZoneInfo, at: datetime
) -> Read | tuple[Fault, ...]:
    """Read one row; every fault of it is found. `at` is now."""
    if not isinstance(row, dict):
        return (Fault(Reason.ROW, "", plain(row)),)
    given = {name: mapping.value(row, name) for name in FIELDS}
    faults = [
        Fault(Reason.MISSING, mapping.theirs(name)) for name in REQUIRED if not given.get(name)
    ]
    faults += [
        Fault(Reason.LENGTH, mapping.theirs(name), value)
        for name, value in given.items()
        if len(value) > LONGEST.get(name, LONGEST_OTHER)
    ]
    step = mapping.states.get(given.get("step", ""))
    if given.get("step") and step is None:
        faults.append(Fault(Reason.STATE, mapping.theirs("step"), given["step"]))
    happened_at = _happened(given, mapping, zone, at, faults)
    planned = _day(given, mapping, faults)
    amount = _amount(given, mapping, faults)
    if faults or step is None or happened_at is None:
        return tuple(faults)
    void = given.get("void", "").lower() in mapping.voids
    told = Told(
        **_numbers(given, void=void),
        case=given["case"],
        item=given.get("item", ""),
        step=step,
        happened_at=happened_at,
        noted_at=at,
        ground=mapping.grounds.get(given.get("ground", ""), given.get("ground", "")),
        notice=given.get("notice", ""),
        planned_until=planned,
        stop=given.get("stop", ""),
        amount=amount,
        of=given.get("of", ""),
        void=void,
    )
    person = Person(
        name=given.get("applicant_name", ""),
        number=given.get("applicant_number", ""),
        phone=given.get("applicant_phone", ""),
    )
    return Read(told, person, given.get("about", ""), digest(told, person, given.get("about", "")))


def _numbers(given: Map[str, str], *, void: bool) -> dict[str, str]:
    """Number of the event and of the one it corrects.

    A row that is only marked invalid carries the number of what it takes back.
    """
    event, corrects = given["event"], given.get("corrects", "")
    if void and corrects in ("", event):
        return {"event": event + VOID, "corrects": event}
    return {"event": event, "corrects": corrects}


def _happened(
    given: Map[str, str], mapping: Mapping, zone: ZoneInfo, at: datetime, faults: list[Fault]
) -> datetime | None:
    text = given.get("happened_at", "")
    if not text:
        return None
    found = instant(text, zone)
    if found is None:
        faults.append(Fault(Reason.TIME, mapping.theirs("happened_at"), text))
    elif found > at + AHEAD:
        faults.append(Fault(Reason.FUTURE, mapping.theirs("happened_at"), text))
    # A clock that is a little ahead must not make an event that has yet to happen.
    return min(found, at) if found else None


def _day(given: Map[str, str], mapping: Mapping, faults: list[Fault]) -> date | None:
    text = given.get("planned_until", "")
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10].replace("/", "-"))
    except ValueError:
        faults.append(Fault(Reason.TIME, mapping.theirs("planned_until"), text))
        return None


def _amount(given: Map[str, str], mapping: Mapping, faults: list[Fault]) -> int | None:
    text = given.get("amount", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_AMOUNT):
        faults.append(Fault(Reason.NUMBER, mapping.theirs("amount"), text))
        return None
    return int(text)


def digest(told: Told, person: Person, about: str) -> str:
    """SHA-256 of what an event says; when it came is no part of it."""
    said = {
        **{name: getattr(told, name) for name in ("event", "case", "item", "ground", "notice")},
        **{name: getattr(told, name) for name in ("stop", "amount", "of", "corrects", "void")},
        "step": str(told.step),
        "happened_at": told.happened_at.isoformat(),
        "planned_until": told.planned_until.isoformat() if told.planned_until else None,
        "person": [person.name, person.number, person.phone],
        "about": about,
    }
    return hashlib.sha256(canonical_bytes(said)).hexdigest()
