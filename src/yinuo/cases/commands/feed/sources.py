"""Window systems: registered with a key of their own, changed, paused."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from yinuo.cases.access.feed import mapping_named, visible_sources
from yinuo.cases.errors.feed import BadMapping, SourcePaused, UnknownSource, WrongToken
from yinuo.cases.feed.life import SourceState
from yinuo.cases.models import FeedSource, Item
from yinuo.commitments.errors import Invalid
from yinuo.ledger.commands.recording import By, command, record
from yinuo.notices.tokens import fingerprint
from yinuo.parties.queries import public_units
from yinuo.parties.viewer import NotAllowed, Viewer

CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,38}")
MAPPING = re.compile(r"[a-z0-9][a-z0-9_-]{0,38}")
LONGEST_TITLE = 100


@dataclass(frozen=True)
class Registered:
    """A source and its key, which is shown here and never more."""

    code: str
    token: str = field(repr=False)


def fresh_token() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def locked_source(code: str) -> FeedSource:
    """The source, locked: its batches come one after another. Raises `UnknownSource`."""
    row = FeedSource.objects.select_for_update().filter(code=code).first()
    if row is None:
        raise UnknownSource(code)
    return row


def source_with(code: str, token: str) -> FeedSource:
    """The source, locked, for whoever holds its key. Raises `WrongToken`, `SourcePaused`.

    A source that does not exist answers as a wrong key does.
    """
    row = FeedSource.objects.select_for_update().filter(code=code).first()
    right = row.token_mark if row else ""
    if row is None or not secrets.compare_digest(fingerprint(token), right):
        raise WrongToken(code)
    if row.state != SourceState.ACTIVE:
        raise SourcePaused(code)
    return row


def source_seen(code: str, by: Viewer) -> FeedSource:
    """The source, locked, for somebody who may see it. Raises `UnknownSource`."""
    row = locked_source(code)
    if not FeedSource.objects.filter(visible_sources(by), code=code).exists():
        raise UnknownSource(code)
    return row


def _acting(office: str, by: Viewer) -> By:
    if office not in by.administrator_of:
        raise NotAllowed("只有主管单位的管理员可以登记窗口系统", place=office)
    return by.acting("administrator", office)


def source_faults(
    *, title: str, window: str, office: str, mapping: str, zone: str, items: Mapping[str, str]
) -> list[tuple[str, str]]:
    """What is wrong, by field."""
    faults = []
    if not title.strip() or len(title) > LONGEST_TITLE:
        faults.append(("title", f"名称必填，最多 {LONGEST_TITLE} 个字"))
    units = {unit.code for unit in public_units()}
    faults += [
        (name, f"没有编号为 {unit} 的单位")
        for name, unit in (("window", window), ("office", office))
        if unit not in units
    ]
    if not MAPPING.fullmatch(mapping):
        faults.append(("mapping", "对应表的名称只用小写字母、数字、短横和下划线"))
    else:
        faults += _mapping_faults(mapping)
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        faults.append(("zone", f"没有“{zone}”这个时区"))
    known = set(Item.objects.filter(code__in=set(items.values())).values_list("code", flat=True))
    faults += [
        ("items", f"没有编号为 {ours} 的事项（对应 {theirs}）")
        for theirs, ours in items.items()
        if ours not in known
    ]
    return faults


def _mapping_faults(mapping: str) -> list[tuple[str, str]]:
    try:
        mapping_named(mapping)
    except BadMapping as error:
        return [("mapping", error.what)]
    return []


@command("feed_source.register")
def register(
    *,
    code: str,
    title: str,
    window: str,
    office: str,
    mapping: str,
    items: Mapping[str, str] | None = None,
    zone: str = "Asia/Shanghai",
    simulated: bool = False,
    by: Viewer,
    at: datetime,
) -> Registered:
    """Register a window system; an administrator of the office. Raises `NotAllowed`, `Invalid`."""
    acting = _acting(office, by)
    items = dict(items or {})
    faults = source_faults(
        title=title, window=window, office=office, mapping=mapping, zone=zone, items=items
    )
    if not CODE.fullmatch(code):
        faults.append(("code", "编号用小写字母、数字和短横，2 至 39 个字符"))
    elif FeedSource.objects.filter(code=code).exists():
        faults.append(("code", f"编号 {code} 已经用过"))
    if faults:
        raise Invalid(code, faults)
    token = fresh_token()
    row = FeedSource(
        code=code,
        title=title.strip(),
        window_id=window,
        office_id=office,
        mapping=mapping,
        items=items,
        zone=zone,
        token_mark=fingerprint(token),
        simulated=simulated,
    )
    record(row, verb="feed_source.registered", by=acting, at=at)
    return Registered(code, token)


@command("feed_source.change")
def change(
    *,
    source: str,
    items: Mapping[str, str] | None = None,
    mapping: str | None = None,
    by: Viewer,
    at: datetime,
) -> None:
    """Change the items or the dialect; what came before stays as it was read.

    `items` are added to those there are. Raises `UnknownSource`, `NotAllowed`, `Invalid`.
    """
    row = source_seen(source, by)
    acting = _acting(row.office_id, by)
    row.items = {**row.items, **(items or {})}
    row.mapping = mapping or row.mapping
    faults = source_faults(
        title=row.title,
        window=row.window_id,
        office=row.office_id,
        mapping=row.mapping,
        zone=row.zone,
        items=row.items,
    )
    if faults:
        raise Invalid(source, faults)
    record(row, verb="feed_source.changed", by=acting, at=at)


@command("feed_source.renew")
def renew(*, source: str, by: Viewer, at: datetime) -> Registered:
    """Give a new key; the old one ends at once. Raises `UnknownSource`, `NotAllowed`."""
    row = source_seen(source, by)
    acting = _acting(row.office_id, by)
    token = fresh_token()
    row.token_mark = fingerprint(token)
    record(row, verb="feed_source.renewed", by=acting, at=at)
    return Registered(source, token)


@command("feed_source.pause")
def pause(*, source: str, paused: bool, by: Viewer, at: datetime) -> None:
    """Take nothing in for the time being, or again. Raises `UnknownSource`, `NotAllowed`."""
    row = source_seen(source, by)
    acting = _acting(row.office_id, by)
    row.state = SourceState.PAUSED if paused else SourceState.ACTIVE
    record(row, verb=f"feed_source.{'paused' if paused else 'resumed'}", by=acting, at=at)
