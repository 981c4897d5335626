"""What happened to a case, told from its entries: to officers, and to the applicant."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext

from yinuo.cases.clocks import TELL_BASIS
from yinuo.cases.items.definition import LEGAL, PROMISED
from yinuo.cases.shown.views import TimelineRow
from yinuo.commitments.spoken import spoken
from yinuo.commitments.wording import short_wording
from yinuo.ledger.history import Event, thread_events
from yinuo.ledger.recorded import State
from yinuo.parties.queries import names, public_roles, public_unit_names
from yinuo.parties.viewer import Viewer

LABELS: Mapping[str, str] = {
    "case.applied": "网上申请",
    "case.taken_in": "窗口收件",
    "case.fed": "窗口系统报来",
    "case.gaps_noted": "登记容缺受理",
    "case.declaration_noted": "登记告知承诺受理",
    "case.accepted": "受理",
    "case.deemed_accepted": "逾期未告知，视为受理",
    "case.refused": "不予受理",
    "case.withdrawn": "撤件",
    "case.decided": "办结",
    "case.delivered": "送达",
    "case.reopened": "重新办理",
    "case.revoked": "撤销决定",
    "case.version_improved": "改用新版办事指南",
    "case.calendar_changed": "工作日安排公布或变更，期限重新计算",
    "case_event.stop": "暂停计时",
    "case_event.resume": "恢复计时",
    "case_event.extension": "延期",
    "case_event.removal": "撤销一条计时记录",
    "case_extension.asked": "申请延期",
    "case_extension.granted": "批准延期",
    "case_extension.refused": "不予批准延期",
    "case_material.given": "提交材料",
    "case_material.spared": "不再需要材料",
    "correction.asked": "一次告知补正",
    "correction.answered": "补正材料已提交",
    "correction.closed": "补正事项了结",
    "deferral.made": "承诺容缺后补",
    "deferral.handed_in": "补交材料",
    "deferral.confirmed": "补交的材料已核对",
    "deferral.turned_down": "补交的材料被退回",
    "deferral.defaulted": "认定容缺承诺未兑现",
    "deferral.mended": "登记容缺承诺已补救",
    "deferral.released": "容缺材料不必再补",
    "declaration.signed": "作出告知承诺",
    "declaration.withdrawn": "撤回告知承诺，走普通程序",
    "declaration.drawn": "告知承诺抽中核查",
    "declaration.not_drawn": "告知承诺未抽中核查",
    "declaration.met": "告知承诺核查属实",
    "declaration.rectify": "告知承诺不实，限期整改",
    "declaration.broken": "认定告知承诺不实",
    "declaration.mended": "登记告知承诺已改正",
    "declaration.let_go": "告知承诺不再核查",
    "consent.given": "同意使用政府已有的材料",
    "consent.withdrawn": "撤回同意",
    "credit_letter.published": "信用承诺书公开类型已定",
}
UNSAID = frozenset(
    {
        *("case.correction_asked", "case.corrected", "case.stopped", "case.resumed"),
        *("case.extended", "case.extension_asked", "case.clock_corrected", "case.clock_started"),
        *("case_event.start", "case_material.put"),
        *("case_material.deferred", "case_material.declared", "case_material.handed_in"),
        *("case_material.held", "case_material.released", "case_material.asked"),
        *("credit_letter.made", "credit_letter.found", "credit_letter.remarked"),
    }
)
"""Entries that only repeat on the case what another one says."""
WITHIN = frozenset({"case_extension.asked", "case_extension.refused", "correction.closed"})
"""What stays among officers."""
WHY = ("decision_text", "reason_text", "said_text", "answer_text", "note_text")
LATE = timedelta(days=1)
APPLICANT, LAW = "申请人", "依法自动"


def story_of(code: str, *, viewer: Viewer) -> tuple[TimelineRow, ...]:
    """Newest first, with the duty of who did it, and the name for signed-in viewers."""
    events = _told(code)
    said = short_wording(ref for event in events for ref in _given(event))
    people = names(actors=[event.actor for event in events], viewer=viewer)
    units, roles = public_unit_names(), public_roles()
    return tuple(
        TimelineRow(
            entry_id=event.entry_id,
            at=event.at,
            recorded_at=event.recorded_at,
            late=event.recorded_at - event.at > LATE,
            who=_who(event, people),
            duty=_duty(event, units, roles),
            what=what_of(event),
            why=_why(event, said),
            leaf_index=event.leaf_index,
        )
        for event in reversed(events)
    )


@dataclass(frozen=True)
class PlainStep:
    """One step without persons."""

    at: datetime
    what: str
    why: str


def plain_story(code: str) -> tuple[PlainStep, ...]:
    """The same for the applicant, newest first: nobody's name, nothing that stays inside."""
    events = [event for event in _told(code) if event.verb in LABELS and event.verb not in WITHIN]
    said = short_wording(ref for event in events for ref in _given(event))
    return tuple(
        PlainStep(event.at, what_of(event), _why(event, said)) for event in reversed(events)
    )


def _told(code: str) -> Sequence[Event]:
    events = [event for event in thread_events(f"case:{code}") if event.verb not in UNSAID]
    return sorted(events, key=lambda event: (event.at, event.entry_id))


def what_of(event: Event) -> str:
    """What an entry did, in words of the language of the page."""
    after = event.after
    label = spoken("case step", LABELS[event.verb]) if event.verb in LABELS else event.verb
    if event.subject.startswith("case_material:"):
        return gettext("%(step)s“%(name)s”") % {"step": label, "name": after["name"]}
    return label + _more(event.verb, after)


def _more(verb: str, after: State) -> str:
    """What the entry adds to the name of the step."""
    match verb:
        case "case.deemed_accepted":
            return _in_brackets(TELL_BASIS)
        case "case_event.stop":
            return gettext("：%(ground)s") % {"ground": after["ground"]} + _notice(after)
        case "case_event.resume":
            return _notice(after)
        case "case_event.extension" | "case_extension.asked":
            return f" {_more_time(after)}{_notice(after)}"
        case "correction.asked" if after["asked_late"]:
            return _in_brackets(gettext("超过五个工作日")) + _notice(after)
    return ""


def _more_time(state: State) -> str:
    of = {
        "": gettext("%(n)s 日（法定和承诺时限）"),
        LEGAL: gettext("%(n)s 日（法定时限）"),
        PROMISED: gettext("%(n)s 日（承诺时限）"),
    }
    return of[str(state["of"] or "")] % {"n": state["amount"]}


def _in_brackets(words: object) -> str:
    return gettext("（%(words)s）") % {"words": words}


def _notice(state: State) -> str:
    return _in_brackets(state["notice"]) if state.get("notice") else ""


def _given(event: Event) -> Iterable[str]:
    """The texts given with this very entry."""
    before, after = event.before, event.after
    return [str(after[name]) for name in WHY if after.get(name) not in ("", None, before.get(name))]


def _why(event: Event, said: Mapping[str, str]) -> str:
    return "；".join(said[ref] for ref in _given(event) if ref in said)


def _who(event: Event, people: Mapping[str, str]) -> str:
    if event.actor.startswith("applicant:"):
        return APPLICANT
    # A name that was erased comes in brackets of its own.
    return people.get(event.actor, "").strip("（）()")


def _duty(event: Event, units: Mapping[str, str], roles: Mapping[str, str]) -> str:
    role, _, unit = event.capacity.partition(":")
    if role == "applicant":
        return ""
    if not role:
        return LAW
    return " ".join(filter(None, (units.get(unit, unit), roles.get(role, ""))))
