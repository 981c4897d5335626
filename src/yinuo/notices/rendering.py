"""Many messages to one person as one letter. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yinuo.notices.adapters.letter import Letter
from yinuo.notices.topics import topic_of

SHOWN = 5
"""Titles in one letter; the rest is counted."""
LONGEST_TITLE = 80


@dataclass(frozen=True)
class Told:
    """One message, as a letter tells it."""

    topic: str
    title: str
    due: date | None


def day_words(day: date) -> str:
    """`7月20日`, the year left out: what is owed is near."""
    return f"{day.month}月{day.day}日"


def _line(told: Told) -> str:
    title = told.title
    if len(title) > LONGEST_TITLE:
        title = title[: LONGEST_TITLE - 1] + "…"
    return f"{title}（{day_words(told.due)}前）" if told.due else title


def counted(told: Sequence[Told]) -> str:
    """`督办 2 项，签收 1 项`, the most first."""
    labels = [topic_of(one.topic).label for one in told]
    counts = sorted(set(labels), key=lambda label: (-labels.count(label), label))
    return "，".join(f"{label} {labels.count(label)} 项" for label in counts)


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """To whom, from where, and how often: what every letter has."""

    to: str
    city: str
    key: str
    at: datetime
    """By the worker's own clock."""


def _owed_first(told: Sequence[Told]) -> list[Told]:
    return sorted(told, key=lambda one: (one.due is None, one.due or date.max))


def digest(told: Sequence[Told], *, url: str, envelope: Envelope) -> Letter:
    """One or many messages as one letter; `url` opens the task of a single one, or the inbox."""
    ordered = _owed_first(told)
    first = ordered[0].due
    by = f"，最早{day_words(first)}前" if first else ""
    many = len(ordered) > 1
    lines = tuple(_line(one) for one in ordered[:SHOWN]) if many else ()
    if len(ordered) > SHOWN:
        lines += (f"……共 {len(ordered)} 项",)
    return Letter(
        to=envelope.to,
        title=f"【{envelope.city}一诺】{counted(ordered) + by if many else _line(ordered[0])}",
        lines=lines,
        url=url,
        url_label="去办理" if not many else "查看全部",
        discreet=f"【{envelope.city}一诺】您有 {len(ordered)} 项待办{by}，请登录办理：{_site(url)}",
        key=envelope.key,
        seconds=int(envelope.at.timestamp()),
        template="digest",
        parameters={
            "count": str(len(ordered)),
            "due": day_words(first) if first else "",
            "url": url,
        },
    )


def _site(url: str) -> str:
    """Scheme and host alone: where others read along no task is opened."""
    return "/".join(url.split("/")[:3]) + "/"


def code(secret: str, *, purpose: str, minutes: int, envelope: Envelope) -> Letter:
    """A one-time code."""
    said = f"【{envelope.city}一诺】验证码 {secret}，用于{purpose}，{minutes} 分钟内有效。"
    return Letter(
        to=envelope.to,
        title=said,
        lines=("请勿告诉他人。如非本人操作，请不必理会。",),
        discreet=said,
        key=envelope.key,
        seconds=int(envelope.at.timestamp()),
        template="code",
        parameters={"code": secret, "minutes": str(minutes)},
    )


def trial(*, envelope: Envelope, url: str) -> Letter:
    """A letter that shows that an adapter works."""
    said = f"【{envelope.city}一诺】这是一条试发的消息，收到即表示通道可用。"
    return Letter(
        to=envelope.to,
        title=said,
        lines=(),
        url=url,
        discreet=said,
        key=envelope.key,
        seconds=int(envelope.at.timestamp()),
        parameters={"count": "0", "due": "", "url": url},
    )
