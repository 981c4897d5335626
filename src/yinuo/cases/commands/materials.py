"""The documents of a case: what the applicant does about each, and the files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

from yinuo.cases.clocks import last_day_of
from yinuo.cases.commands.rows import Faults
from yinuo.cases.items.definition import ItemDefinition, Material
from yinuo.cases.life import MaterialState
from yinuo.cases.models import Case, CaseMaterial
from yinuo.content.calendars import working_calendar
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.instants import civil_date
from yinuo.kernel.media.attached import look_at
from yinuo.kernel.media.formats import size_words
from yinuo.ledger.commands.recording import By, put_text, record, record_new
from yinuo.ledger.erased import erased

GIVE, DEFER, DECLARE, HELD, NONE = "give", "defer", "declare", "held", "none"
WISHES = {DEFER: "容缺后补", DECLARE: "告知承诺", HELD: "由政府共享取得"}
KINDS = (GIVE, *WISHES, NONE)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What the applicant does about one document."""

    kind: str
    """`give`, `defer` (容缺后补), `declare` (告知承诺), `held` (the city has it) or `none`."""
    name: str = ""
    """Of the file, as it came."""
    file: BinaryIO | None = None
    """Of `give`; None for paper handed over at the window."""
    until: date | None = None
    """Of `defer`: by when it comes."""


@dataclass(frozen=True, kw_only=True)
class KeptFile:
    """A file of a case that lies in the store and whose row is still to be written."""

    name: str
    label: str
    """Of its format."""
    media_type: str
    size: int
    sha256: str


def field_of(key: str) -> str:
    """The field at which a fault of that document stands."""
    return f"material-{key}"


def latest_deferral(material: Material, at: datetime) -> date | None:
    """The last day until which a document may wait, asked for now; None where it may not."""
    if not (material.deferrable and material.deferral):
        return None
    return last_day_of(material.deferral, at, working_calendar())


def choice_faults(
    item: ItemDefinition,
    choices: Mapping[str, Choice],
    *,
    at: datetime,
    whole: bool,
    files: bool,
    only: Iterable[str] | None = None,
) -> Faults:
    """What is wrong with what was chosen, by field of the document.

    `whole`: required documents may not be left out. `files`: giving means uploading. `only`: the
    keys that were asked for.
    """
    asked = set(only) if only is not None else {one.key for one in item.materials}
    faults = [
        (field_of(key), "没有要求这份材料" if item.material(key) else "这个事项没有这份材料")
        for key in choices
        if key not in asked
    ]
    for material in item.materials:
        choice = choices.get(material.key, Choice(kind=NONE))
        what = _fault(item, material, choice, at, whole=whole, files=files)
        if material.key in asked and what:
            faults.append((field_of(material.key), f"“{material.name}”{what}"))
    return faults


def _fault(
    item: ItemDefinition,
    material: Material,
    choice: Choice,
    at: datetime,
    *,
    whole: bool,
    files: bool,
) -> str:
    """What is wrong with one choice; empty for nothing."""
    if choice.kind not in KINDS:
        return "的提交方式不明"
    if choice.kind == NONE:
        return "是必要材料，请选择怎样提交" if whole and material.required else ""
    if choice.kind == GIVE:
        return "请选择文件" if files and choice.file is None else ""
    if choice.kind == DEFER:
        return _deferral_fault(material, choice.until, at)
    return _replacing_fault(item, material, choice.kind)


def _replacing_fault(item: ItemDefinition, material: Material, kind: str) -> str:
    if kind == DECLARE and not (material.declarable and item.declaration):
        return "不能用告知承诺替代"
    if kind == HELD and not material.held_by:
        return "不能由数据共享取得，请上传"
    return ""


def _deferral_fault(material: Material, until: date | None, at: datetime) -> str:
    latest = latest_deferral(material, at)
    if latest is None:
        return "不在容缺受理清单内，不能后补"
    if until is None or not civil_date(at) < until <= latest:
        return f"的补交日期应在明天至 {latest} 之间"
    return ""


def keep_files(
    choices: Mapping[str, Choice], *, store: FileStore
) -> tuple[dict[str, KeptFile], Faults]:
    """Put the chosen files onto the disk, outside any transaction; none if one is refused."""
    given = {
        key: (one.name, one.file)
        for key, one in choices.items()
        if one.kind == GIVE and one.file is not None
    }
    looked, faults = {}, []
    for key, each in given.items():
        found, wrong = look_at([each])
        faults += [(field_of(key), fault) for fault in wrong]
        looked[key] = found
    if faults:
        return {}, faults
    kept = {
        key: KeptFile(
            name=each.name,
            label=each.format.label,
            media_type=each.format.media_type,
            size=each.size,
            sha256=store.put(each.file),
        )
        for key, found in looked.items()
        for each in found
    }
    return kept, _erased_before(kept)


def _erased_before(kept: Mapping[str, KeptFile]) -> Faults:
    """Files that the law had erased here: they do not come back through another door."""
    if not kept:
        return []
    same = CaseMaterial.objects.filter(sha256__in={each.sha256 for each in kept.values()})
    texts = dict(same.values_list("file_text", "sha256"))
    gone = {texts[reference] for reference in erased(texts)}
    return [
        (field_of(key), f"“{each.name}”的内容已依法删除，不能再次提交")
        for key, each in kept.items()
        if each.sha256 in gone
    ]


def put_materials(
    case: Case,
    item: ItemDefinition,
    choices: Mapping[str, Choice],
    kept: Mapping[str, KeptFile],
    *,
    by: By,
    at: datetime,
) -> None:
    """Write one row for each document of the item."""
    rows = []
    for material in item.materials:
        row = CaseMaterial(
            code=f"{case.code}/{material.key}",
            case=case,
            key=material.key,
            name=material.name,
        )
        choice = choices.get(material.key, Choice(kind=NONE))
        set_choice(row, choice, kept.get(material.key), at=at)
        if choice.kind == NONE and not material.required:
            row.state = MaterialState.NOT_NEEDED
        rows.append(row)
    record_new(rows, verb="case_material.put", by=by, at=at)


def give_material(
    row: CaseMaterial, choice: Choice, kept: KeptFile | None, *, by: By, at: datetime
) -> None:
    """Write down what now came of one document; the case is locked."""
    set_choice(row, choice, kept, at=at)
    record(row, verb="case_material.given", by=by, at=at)


def set_choice(row: CaseMaterial, choice: Choice, kept: KeptFile | None, *, at: datetime) -> None:
    """Set on a row what was chosen; what was asked for instead of giving waits for the window."""
    row.wish, row.wish_until = "", None
    if choice.kind == GIVE:
        row.state, row.given_at = MaterialState.GIVEN, at
        if kept is not None:
            _set_file(row, kept)
    elif choice.kind in WISHES:
        row.state, row.wish = MaterialState.MISSING, choice.kind
        row.wish_until = choice.until if choice.kind == DEFER else None
    else:
        row.state = MaterialState.MISSING


def _set_file(row: CaseMaterial, kept: KeptFile) -> None:
    about = f"文件 {row.code}：{kept.label}，{size_words(kept.size)}，SHA-256 {kept.sha256}"
    row.name_text, row.file_text = put_text(kept.name), put_text(about)
    row.media_type, row.size, row.sha256 = kept.media_type, kept.size, kept.sha256
