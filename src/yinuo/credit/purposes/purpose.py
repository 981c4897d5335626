"""A look at credit records has a purpose, and sees what that purpose covers: no more. Pure.

Source: 个人信息保护法 第六条 (a clear purpose, the least it needs), 第十三条 (consent or another
legal ground); 发改财金〔2025〕565号 (what is shown depends on the purpose).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from yinuo.credit.checked_rows import Row, rows, sound
from yinuo.credit.record_kinds import BY_NAME
from yinuo.kernel.errors import Finding, YinuoError
from yinuo.lake.records.description import Disclosure

FILE = "purposes.csv"
COLUMNS = (
    "代号",
    "名称",
    "依据",
    "谁可用",
    "主体",
    "记录种类",
    "可见范围",
    "完整显示",
    "须经同意",
    "有效天数",
    "说明",
)
EVERY = "全部"
SUBJECTS = ("firm", "trader", "person")
SUBJECT_WORDS = {"企业": "firm", "个体工商户": "trader", "个人": "person"}
PERSON = "person"


class Capacity(StrEnum):
    """In what capacity somebody looks; a person may have several."""

    ANYONE = "任何人"
    SUBJECT = "本人"
    """The firm or person that the records are about."""
    KEEPER = "数据源单位"
    """An officer of the unit that answers for the source."""
    CENTRE = "信用中心"
    OFFICER = "填报人"
    SUPERVISOR = "督查人"
    AUDITOR = "审计人"
    PROTECTOR = "个人信息保护负责人"
    WINDOW = "政务窗口"
    BANK = "银行"
    HOSPITAL = "医院"
    VILLAGE = "村委会"
    SCENIC = "景区"


class Shown(StrEnum):
    """How much of a value is shown."""

    FULL = "full"
    MASKED = "masked"
    """With the mask of the field, where it has one."""
    HIDDEN = "hidden"


OPENED = {
    "公开": frozenset({Disclosure.PUBLIC}),
    "按用途": frozenset({Disclosure.PUBLIC, Disclosure.PURPOSE}),
    "本人": frozenset({Disclosure.PUBLIC, Disclosure.PURPOSE, Disclosure.SUBJECT}),
}
"""What a purpose may see; NOBODY is never opened."""
OWN = frozenset({Capacity.SUBJECT, Capacity.KEEPER, Capacity.CENTRE})
"""Who may see what is for the subject alone: the subject, and those who keep the source."""
_KINDS = {each.label: each.name for each in BY_NAME.values()}


class UnknownPurpose(YinuoError):
    """No purpose has this name."""

    code = "CREDIT-E100"
    status = 404

    def __init__(self, name: str, known: Mapping[str, "Purpose"]) -> None:
        super().__init__(
            f"没有“{name[:40]}”这种查询用途",
            place="用途",
            next_step="可用的：" + "、".join(f"{p.id}（{p.label}）" for p in known.values()),
        )


class PurposeRefused(YinuoError):
    """This person may not look for this purpose."""

    code = "CREDIT-E101"
    status = 403


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """Why somebody may look, and at what."""

    id: str
    label: str
    basis: str
    """The law or document that allows it."""
    users: frozenset[Capacity]
    subjects: frozenset[str]
    """firm, trader, person: whose records."""
    kinds: frozenset[str]
    """Kinds of record; empty: every kind."""
    opens: frozenset[Disclosure]
    full: bool
    """Whether masks fall."""
    consent: bool
    """Whether the subject has to have agreed to it."""
    days: int
    """How long an answer given for it may be used; 0: only at that moment."""
    note: str = ""

    @property
    def persons(self) -> bool:
        """Whether it covers natural persons."""
        return PERSON in self.subjects

    def good_until(self, on: date) -> date:
        """The last day on which an answer of that day may be used."""
        return on + timedelta(days=self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looker:
    """What is known of the person who looks, towards one entity."""

    capacities: frozenset[Capacity] = frozenset({Capacity.ANYONE})
    consented: bool = False
    """Whether the subject's consent to this purpose is in force now."""


def refusal(purpose: Purpose, looker: Looker, subject: str) -> str:
    """Why nothing at all may be seen of a firm, trader or person; empty where something may."""
    if not purpose.users & (looker.capacities | {Capacity.ANYONE}):
        users = "、".join(sorted(purpose.users))
        return f"“{purpose.label}”只供{users}使用"
    # Whoever is not known to be a firm may be a person.
    if (subject if subject in SUBJECTS else PERSON) not in purpose.subjects:
        return f"“{purpose.label}”不含这类主体的信息"
    if purpose.consent and not looker.consented:
        return f"“{purpose.label}”须经本人同意，没有有效的同意"
    return ""


def permit(purpose: Purpose, looker: Looker, subject: str) -> None:
    """Raises `PurposeRefused` with the reason where nothing may be seen."""
    if why := refusal(purpose, looker, subject):
        raise PurposeRefused(
            why,
            place=purpose.label,
            next_step="换一种用途，或先取得本人同意；依据：" + purpose.basis,
        )


def covers(
    purpose: Purpose, looker: Looker, kind: str, disclosure: Disclosure, subject: str
) -> Shown:
    """How a field of that disclosure, in a record of that kind about such a subject, is shown."""
    if refusal(purpose, looker, subject) or disclosure not in purpose.opens:
        return Shown.HIDDEN
    if purpose.kinds and kind not in purpose.kinds:
        return Shown.HIDDEN
    return Shown.FULL if purpose.full else Shown.MASKED


def load_purposes(data: bytes, *, file: str = FILE) -> Mapping[str, Purpose]:
    """The purposes of a city by id, in their order. Raises `BadTable` with every fault found."""
    findings: list[Finding] = []
    found: dict[str, Purpose] = {}
    for row in rows(data, file=file, columns=COLUMNS, into=findings):
        purpose = _purpose(row)
        _check(purpose, row)
        if purpose.id in found:
            row.fault("CREDIT-E095", "代号", "代号重复", "每种用途一个代号")
        found[purpose.id] = purpose
    sound(findings)
    return MappingProxyType(found)


def _purpose(row: Row) -> Purpose:
    users = row.some_of("谁可用", list(Capacity), least=1)
    subjects = row.some_of("主体", SUBJECT_WORDS, least=1)
    wanted = row.some_of("记录种类", [EVERY, *_KINDS], least=1)
    if EVERY in wanted and len(wanted) > 1:
        row.fault("CREDIT-E096", "记录种类", f"“{EVERY}”之外又列了种类", "只写其一")
    return Purpose(
        id=row.filled("代号"),
        label=row.filled("名称"),
        basis=row.filled("依据"),
        users=frozenset(map(Capacity, users)),
        subjects=frozenset(SUBJECT_WORDS[each] for each in subjects),
        kinds=frozenset(_KINDS[each] for each in wanted - {EVERY}),
        opens=OPENED.get(row.one_of("可见范围", OPENED), frozenset()),
        full=row.truth("完整显示"),
        consent=row.truth("须经同意"),
        days=row.whole("有效天数"),
        note=row.text("说明"),
    )


def _check(purpose: Purpose, row: Row) -> None:
    if Capacity.ANYONE in purpose.users and purpose.persons:
        step = "去掉“个人”，或写明谁可用"
        row.fault("CREDIT-E096", "主体", "个人的信息不能供任何人查询", step)
    if Disclosure.SUBJECT in purpose.opens and not purpose.users <= OWN:
        step = f"“本人”范围只给{'、'.join(sorted(OWN))}"
        row.fault("CREDIT-E096", "可见范围", "只有本人可见的内容给了别人", step)


def purpose_named(purposes: Mapping[str, Purpose], name: str) -> Purpose:
    """The purpose of that id. Raises `UnknownPurpose`."""
    if name not in purposes:
        raise UnknownPurpose(name, purposes)
    return purposes[name]
