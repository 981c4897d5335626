"""补正: telling once all that is missing, and the applicant's answer (行政许可法 第三十二条)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from yinuo.cases.access.cases import act_at_window, as_applicant, sees
from yinuo.cases.clocks import tell_by
from yinuo.cases.commands.materials import (
    NONE,
    Choice,
    KeptFile,
    choice_faults,
    give_material,
    keep_files,
)
from yinuo.cases.commands.rows import (
    LONGEST_NOTICE,
    Faults,
    advance,
    locked_case,
    recompute,
    said_faults,
    tracked_case,
    word_faults,
)
from yinuo.cases.errors.cases import UnknownCase, WrongCaseState
from yinuo.cases.life import STATUS_LABELS, CaseStatus, MaterialState
from yinuo.cases.models import Case, Correction
from yinuo.cases.stored.cases import definition_of
from yinuo.commitments.errors import Invalid
from yinuo.content.calendars import working_calendar
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.notices.commands.tell import Telling, tell
from yinuo.parties.viewer import Viewer

ANSWER_WITHIN = 15
"""Working days given to the applicant where nobody names a day; no law does."""


@command("case.ask_correction")
def ask(
    *,
    case: str,
    keys: Sequence[str],
    said: str,
    notice: str = "",
    answer_due: date | None = None,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> str:
    """Tell the applicant everything that is missing or wrong, once; returns the code.

    Later than five working days after receipt it is marked `asked_late`, not refused. Told again,
    it may name only what was named before. Without `answer_due` it is looked at again after
    `ANSWER_WITHIN`; nothing ends by itself then. Raises `UnknownCase`, `NotAllowed`,
    `WrongCaseState`, `Invalid` (fields `keys`, `said`, `notice`, `answer_due`), `StaleVersion`.
    """
    row = locked_case(case, by, version)
    acting = act_at_window(row, by)
    before = list(row.corrections.order_by("number"))
    faults = _asking_faults(row, keys, before)
    faults += said_faults("said", "需要补正的全部内容", said)
    faults += word_faults("notice", "文书编号", notice, longest=LONGEST_NOTICE)
    today = civil_date(at)
    if answer_due is not None and answer_due <= today:
        faults.append(("answer_due", "补正期限应在今天之后"))
    if faults:
        raise Invalid(row.code, faults)
    advance(row, "case.correction_asked", "要求补正")
    new = Correction(
        code=f"{row.code}/B{len(before) + 1}",
        case=row,
        number=len(before) + 1,
        asked_at=at,
        asked_late=row.tell_due is not None and today > row.tell_due,
        keys=list(dict.fromkeys(keys)),
        said_text=put_text(said.strip()),
        notice=notice.strip(),
        answer_due=answer_due or working_calendar().add_working_days(today, ANSWER_WITHIN),
    )
    record(new, verb="correction.asked", by=acting, at=at)
    row.tell_due = None
    recompute(row)
    record(row, verb="case.correction_asked", by=acting, at=at)
    return new.code


def _asking_faults(row: Case, keys: Sequence[str], before: Sequence[Correction]) -> Faults:
    """Everything is told at once: what was not named the first time cannot be asked for later."""
    item = definition_of(row.item_version)
    if not keys:
        return [("keys", "请勾选缺少或不符合要求的材料")]
    unknown = [key for key in keys if item.material(key) is None]
    if unknown:
        return [("keys", f"这个事项没有材料 {'、'.join(unknown)}")]
    told = {key for each in before for key in each.keys}
    names = [one.name for one in item.materials if one.key in set(keys) - told]
    if before and names:
        return [("keys", f"应当一次告知：首次没有告知“{'、'.join(names)}”，不能再要求补正")]
    return []


def answer(
    *,
    case: str,
    choices: Mapping[str, Choice],
    store: FileStore,
    at: datetime,
    by: Viewer | None = None,
    track: str | None = None,
    version: int | None = None,
) -> None:
    """Hand in what was asked for: by the applicant with the 查询码, or by the window.

    Raises `UnknownCase`, `UnknownTrack`, `NotAllowed`, `WrongCaseState`, `StaleVersion`, and
    `Invalid` with fields `material-<key>`.
    """
    row = Case.objects.select_related("item_version").filter(code=case).first()
    if row is None or (track is None and (by is None or not sees(by, row))):
        raise UnknownCase(case)
    waiting = row.corrections.filter(answered_at=None).first()
    if waiting is None:
        raise WrongCaseState(row.code, STATUS_LABELS[CaseStatus(row.status)], "提交补正材料")
    faults = choice_faults(
        definition_of(row.item_version),
        choices,
        at=at,
        whole=track is not None,
        files=track is not None,
        only=waiting.keys,
    )
    kept: Mapping[str, KeptFile] = {}
    if not faults:
        kept, faults = keep_files(choices, store=store)
    if faults:
        raise Invalid(row.code, faults)
    _answer(case=case, choices=choices, kept=kept, at=at, by=by, track=track, version=version)


@command("case.answer_correction")
def _answer(
    *,
    case: str,
    choices: Mapping[str, Choice],
    kept: Mapping[str, KeptFile],
    at: datetime,
    by: Viewer | None,
    track: str | None,
    version: int | None,
) -> None:
    row, acting = as_party(case, by=by, track=track, version=version)
    advance(row, "case.corrected", "提交补正材料")
    waiting = row.corrections.select_for_update().get(answered_at=None)
    materials = row.materials.filter(key__in=waiting.keys).order_by("key")
    for material in materials:
        choice = choices.get(material.key, Choice(kind=NONE))
        if choice.kind != NONE or material.state != MaterialState.GIVEN:
            give_material(material, choice, kept.get(material.key), by=acting, at=at)
    waiting.answered_at = at
    record(waiting, verb="correction.answered", by=acting, at=at)
    row.tell_due = tell_by(at, working_calendar())
    recompute(row)
    record(row, verb="case.corrected", by=acting, at=at)
    tell(
        tellings=[
            Telling(
                to_unit=row.window_id or row.unit_id,
                role="officer",
                topic="case.corrected",
                title=f"办件 {row.code} 的补正材料已提交，{row.tell_due} 前决定是否受理",
                page="case",
                args=(row.code,),
                about=row.subject,
                due=row.tell_due,
            )
        ],
        at=at,
    )


def as_party(
    case: str, *, by: Viewer | None, track: str | None, version: int | None = None
) -> tuple[Case, By]:
    """The case, locked, and who acts: the applicant by 查询码, or the window for the applicant.

    Raises `UnknownCase`, `UnknownTrack`, `NotAllowed`.
    """
    if track is not None:
        return tracked_case(case, track, version), as_applicant(case)
    if by is None:
        raise UnknownCase(case)
    row = locked_case(case, by, version)
    return row, act_at_window(row, by)
