"""Whether each field of an item by itself has the form it must have. Pure."""

import re
from collections.abc import Collection, Iterator
from dataclasses import fields
from typing import TypeAlias

from yinuo.cases.errors.items import ItemRule
from yinuo.cases.items import codes
from yinuo.cases.items.attachments import FITTING
from yinuo.cases.items.definition import Declaration, ItemDefinition, Medium
from yinuo.cases.items.lengths import length
from yinuo.kernel.limits import UnknownLimit

Raw: TypeAlias = tuple[tuple[str | int, ...], ItemRule, str, str]
"""Path, rule, what is wrong, what to do."""

LONGEST_NAME = 200
LONGEST_TEXT = 4_000
SHORT = ("name", "unit", "phone", "complaint_phone", "result_name")
CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,29}")
"""Short enough that the code of a version and of a case still fit beside it."""
SHA256 = re.compile(r"[0-9a-f]{64}")
LINK = re.compile(r"https://[^\s/]+\.[^\s]+")
KEY = re.compile(r"[A-Za-z0-9]{1,10}")
REQUIRED = ("name", "unit", "by_law", "conditions", "address", "hours", "phone", "complaint_phone")
CHOICES: dict[str, Collection[str]] = {
    "kind": codes.KINDS.values(),
    "unit_kind": codes.UNIT_KINDS.values(),
    "power_source": codes.POWER_SOURCES.values(),
    "use_level": codes.USE_LEVELS.values(),
    "handled": codes.HANDLED.values(),
    "reviewed": codes.REVIEWED.values(),
    "start_event": ("受理", "收件"),
}
OPTIONAL_CHOICES: dict[str, Collection[str]] = {
    "result_kind": codes.RESULTS.values(),
    "online_depth": codes.ONLINE_DEPTHS.values(),
}
MATERIAL_CHOICES: dict[str, Collection[str]] = {
    "form": codes.FORMS.values(),
    "source": codes.SOURCES.values(),
}
MEDIUM_KINDS = ("slides", "video", "form", "sample", "result")
CHILD_REQUIRED = {
    "materials": ("key", "name"),
    "steps": ("name",),
    "fees": ("name",),
    "questions": ("question", "answer"),
    "grounds": ("name",),
    "media": ("name",),
}


def shape_faults(item: ItemDefinition) -> Iterator[Raw]:
    """Everything that is wrong with single fields."""
    yield from _code(item)
    yield from _texts(item, (), REQUIRED)
    for name, required in CHILD_REQUIRED.items():
        for number, child in enumerate(getattr(item, name)):
            yield from _texts(child, (name, number), required)
    if item.declaration is not None:
        yield from _texts(item.declaration, ("declaration",), ("version",))
    yield from _choices(item)
    yield from _limits(item)
    yield from _keys(item)
    yield from _media(item)


def _code(item: ItemDefinition) -> Iterator[Raw]:
    if not CODE.fullmatch(item.code):
        what = f"事项编号“{item.code[:40]}”不合规则"
        yield ("code",), ItemRule.CODE, what, "用大写字母、数字和 -，最多 30 个，如 SC-017"


def _texts(part: object, at: tuple[str | int, ...], required: Collection[str]) -> Iterator[Raw]:
    for field in fields(part):  # type: ignore[arg-type]  # always a dataclass
        value = getattr(part, field.name)
        if not isinstance(value, str):
            continue
        path = (*at, field.name)
        if field.name in required and not value.strip():
            yield path, ItemRule.EMPTY, "必须填写", "请填写"
        most = LONGEST_NAME if field.name in SHORT else LONGEST_TEXT
        if len(value) > most:
            what = f"有 {len(value):,} 字，最多 {most:,} 字"
            yield path, ItemRule.TOO_LONG, what, "请写短；细节写到说明里"


def _choices(item: ItemDefinition) -> Iterator[Raw]:
    for field, allowed in CHOICES.items():
        yield from _choice(getattr(item, field), allowed, (field,))
    for field, allowed in OPTIONAL_CHOICES.items():
        if getattr(item, field):
            yield from _choice(getattr(item, field), allowed, (field,))
    if not item.served:
        yield ("served",), ItemRule.EMPTY, "没有服务对象", "请填自然人、法人，或两个都填"
    for number, who in enumerate(item.served):
        yield from _choice(who, codes.SERVED.values(), ("served", number))
    for number, material in enumerate(item.materials):
        for field, allowed in MATERIAL_CHOICES.items():
            if getattr(material, field):
                path = ("materials", number, field)
                yield from _choice(getattr(material, field), allowed, path)


def _choice(value: str, allowed: Collection[str], path: tuple[str | int, ...]) -> Iterator[Raw]:
    if value not in allowed:
        step = f"请从这些中选：{'、'.join(allowed)}"
        yield path, ItemRule.CHOICE, f"“{value[:40]}”不在代码表中", step


def _limits(item: ItemDefinition) -> Iterator[Raw]:
    yield from _limit(item.legal_limit, ("legal_limit",))
    yield from _limit(item.promised_limit, ("promised_limit",))
    yield from _limit(item.delivery_limit, ("delivery_limit",))
    for number, material in enumerate(item.materials):
        if material.deferral:
            yield from _limit(material.deferral, ("materials", number, "deferral"))
    for number, step in enumerate(item.steps):
        if step.limit:
            yield from _limit(step.limit, ("steps", number, "limit"))
    if isinstance(item.declaration, Declaration):
        yield from _limit(item.declaration.check_within, ("declaration", "check_within"))


def _limit(text: str, path: tuple[str | int, ...]) -> Iterator[Raw]:
    try:
        length(text)
    except UnknownLimit as error:
        yield path, ItemRule.LIMIT, error.what, error.next_step


def _keys(item: ItemDefinition) -> Iterator[Raw]:
    seen: set[str] = set()
    for number, material in enumerate(item.materials):
        path = ("materials", number, "key")
        if not KEY.fullmatch(material.key):
            what = f"材料编号“{material.key[:20]}”不合规则"
            yield path, ItemRule.CODE, what, "用字母和数字，最多 10 个，如 M3"
        if material.key in seen:
            what = f"材料编号“{material.key[:20]}”出现两次"
            yield path, ItemRule.REPEATED, what, "请换一个编号；编号在各版之间不变"
        seen.add(material.key)
        if material.copies < 0:
            yield ("materials", number, "copies"), ItemRule.FORM, "份数是负数", "请填 0 或以上"


def _content(medium: Medium, number: int) -> Iterator[Raw]:
    """A file or a link, not both; and of a type that fits."""
    if medium.link:
        if medium.sha256:
            what = "既有文件又有链接"
            yield ("media", number, "link"), ItemRule.FILE, what, "请只留一个"
        if not LINK.fullmatch(medium.link):
            what = f"“{medium.link[:60]}”不是 https:// 开头的网址"
            yield ("media", number, "link"), ItemRule.FILE, what, "请写全网址，或交文件"
    elif not medium.sha256:
        what = f"附件“{medium.name[:40]}”没有文件，也没有链接"
        step = "请连文件一起上传（命令行用 --files 文件夹），或写上链接"
        yield ("media", number, "sha256"), ItemRule.FILE, what, step
    elif not SHA256.fullmatch(medium.sha256):
        what = f"“{medium.sha256[:70]}”不是 SHA-256"
        step = "请留空，连文件一起上传（命令行用 --files 文件夹），由系统填写"
        yield ("media", number, "sha256"), ItemRule.FILE, what, step
    types, said = FITTING.get(medium.kind, ((), ""))
    if medium.media_type and types and medium.media_type not in types:
        what = f"“{medium.media_type[:60]}”不是{said}"
        yield ("media", number, "media_type"), ItemRule.FILE, what, "请换一个文件，或改写类型"


def _media(item: ItemDefinition) -> Iterator[Raw]:
    names = [medium.name for medium in item.media]
    for number, medium in enumerate(item.media):
        if medium.kind not in MEDIUM_KINDS:
            what = f"“{medium.kind[:20]}”不是附件的类型"
            step = f"请从这些中选：{'、'.join(MEDIUM_KINDS)}"
            yield ("media", number, "kind"), ItemRule.CHOICE, what, step
        yield from _content(medium, number)
        if names.index(medium.name) != number:
            what = f"附件“{medium.name[:40]}”出现两次"
            yield ("media", number, "name"), ItemRule.REPEATED, what, "请换一个名称"
    for number, material in enumerate(item.materials):
        for field in ("blank_form", "sample"):
            name = getattr(material, field)
            if name and name not in names:
                what = f"附件中没有“{name[:40]}”"
                step = "请在“附件”中登记这份文件，或留空"
                yield ("materials", number, field), ItemRule.FILE, what, step
