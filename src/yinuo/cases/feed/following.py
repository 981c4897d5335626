"""From the events of one case to where it stands: the replay of everything that was told. Pure.

    events ──live──→ without what was corrected or taken back ──by happening time──→ one walk
                                                                      │
                              state, dates, clock events ←────────────┴──→ findings

What cannot be is left out of the clock and becomes a finding with the number of its event; no time
is moved and nothing is invented.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from yinuo.cases.feed.telling import STEP_LABELS, Step, Told
from yinuo.cases.life import Accepted, CaseStatus, Decision, EventKind

RECEIPT, ACCEPTANCE = "收件", "受理"
CORRECTION = "补正"
"""The ground of a stop where documents are asked for after acceptance, if the item has it."""
DECISIONS = {
    Step.APPROVED: Decision.APPROVED,
    Step.APPROVED_GAP: Decision.APPROVED_WITH_GAP,
    Step.DENIED: Decision.DENIED,
}
BEFORE = frozenset({CaseStatus.RECEIVED, CaseStatus.CORRECTING})
SPEAKS = frozenset({Step.CORRECTION_ASKED, Step.ACCEPTED, Step.REFUSED, Step.WITHDRAWN, *DECISIONS})
"""Steps by which the applicant is told something, so that nothing is deemed by silence."""
DONE = frozenset({CaseStatus.DECIDED, CaseStatus.DELIVERED})


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not fit, and of which event."""

    event: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """One event of the clocks, as `CaseEvent` has it."""

    key: str
    """Number of the event at the source."""
    kind: EventKind
    happened_at: datetime
    noted_at: datetime
    event: str = ""
    ground: str = ""
    refers: str = ""
    """Of a resume: key of the stop."""
    amount: int | None = None
    of: str = ""
    planned_until: date | None = None
    notice: str = ""


@dataclass(slots=True)
class Story:
    """Where a case stands after everything that was told."""

    status: CaseStatus | None = None
    """None where it was never received: there is no case yet."""
    received_at: datetime | None = None
    spoken_at: datetime | None = None
    """When the applicant was first told something: what is missing, accepted or not."""
    accepted_at: datetime | None = None
    accepted_how: str = ""
    decided_at: datetime | None = None
    decision: str = ""
    delivered_at: datetime | None = None
    ended_at: datetime | None = None
    timings: list[Timing] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def live(events: Iterable[Told]) -> tuple[list[Told], list[Finding]]:
    """The events that count, by happening time, and what is odd about corrections."""
    told = {one.event: one for one in events}
    corrected: dict[str, str] = {}
    findings = []
    for one in sorted(told.values(), key=lambda one: (one.noted_at, one.event)):
        if not one.corrects:
            continue
        before = told.get(one.corrects)
        if before is None:
            findings.append(Finding(one.event, f"更正的事件 {one.corrects} 还没有收到"))
        elif one.corrects in corrected:
            other = corrected[one.corrects]
            findings.append(Finding(one.event, f"事件 {one.corrects} 已由 {other} 更正，本条不计"))
            corrected[one.event] = other
        else:
            corrected[one.corrects] = one.event
    found = [
        replace(one, stop=_last(one.stop, corrected), noted_at=_noted(one, told))
        for one in told.values()
        if not one.void and one.event not in corrected
    ]
    return sorted(found, key=lambda one: one.place), findings


def _noted(one: Told, told: Mapping[str, Told]) -> datetime:
    """When the clock counts an event as known.

    A correction that begins no earlier than what it corrects takes its place. One that begins
    earlier would stop the clock after the fact: it counts as known when it was told.
    """
    first, seen = one, {one.event}
    while first.corrects in told and first.corrects not in seen:
        first = told[first.corrects]
        seen.add(first.event)
    if one.happened_at < first.happened_at:
        return one.noted_at
    return max(first.noted_at, one.happened_at)


def _last(event: str, corrected: Mapping[str, str]) -> str:
    """What an event was corrected to in the end."""
    seen: set[str] = set()
    while event in corrected and event not in seen:
        seen.add(event)
        event = corrected[event]
    return event


def follow(events: Iterable[Told], *, grounds: frozenset[str], at_once: bool) -> Story:
    """Walk through all events of one case.

    `grounds`: those on which the item allows a stop. `at_once`: an item answered on the spot,
    which needs no acceptance of its own.
    """
    found, findings = live(events)
    walk = _Walk(grounds, at_once)
    for one in found:
        wrong = walk.take(one)
        if wrong:
            findings.append(Finding(one.event, f"{STEP_LABELS[one.step]}：{wrong}"))
    walk.story.findings = findings
    return walk.story


class _Walk:
    """One case on its way. Each step answers what is wrong with it; empty if it fits."""

    def __init__(self, grounds: frozenset[str], at_once: bool) -> None:  # noqa: FBT001  # private
        self.grounds, self.at_once = grounds, at_once
        self.story = Story()
        self.open: dict[str, Timing] = {}
        """Stops that were not resumed, by key."""

    def take(self, one: Told) -> str:
        story = self.story
        if story.status is None and one.step not in (Step.RECEIVED, Step.ACCEPTED):
            return "还没有收件"
        wrong = self._decided(one) if one.step in DECISIONS else _STEPS[one.step](self, one)
        if one.step in SPEAKS and story.spoken_at is None:
            story.spoken_at = one.happened_at
        return wrong

    def _timing(self, one: Told, kind: EventKind, **more: str) -> Timing:
        timing = Timing(
            key=one.event,
            kind=kind,
            happened_at=one.happened_at,
            noted_at=one.noted_at,
            notice=one.notice,
            amount=one.amount if kind is EventKind.EXTENSION else None,
            planned_until=one.planned_until if kind is EventKind.STOP else None,
            **more,
        )
        self.story.timings.append(timing)
        return timing

    def received(self, one: Told) -> str:
        if self.story.status is not None:
            return "重复收件，以最早的为准"
        self.story.status, self.story.received_at = CaseStatus.RECEIVED, one.happened_at
        self._timing(one, EventKind.START, event=RECEIPT)
        return ""

    def accepted(self, one: Told) -> str:
        story, wrong = self.story, ""
        if story.status is None:
            wrong = "没有收件事件，收件时间按受理时间计"
            story.received_at = one.happened_at
        elif story.status not in BEFORE:
            return "已经受理过或已经结束"
        story.status, story.accepted_at = CaseStatus.ACCEPTED, one.happened_at
        story.accepted_how = Accepted.PLAIN
        self._timing(one, EventKind.START, event=ACCEPTANCE)
        return wrong

    def refused(self, one: Told) -> str:
        if self.story.status not in BEFORE:
            return "已经受理过或已经结束"
        self.story.status, self.story.ended_at = CaseStatus.REFUSED, one.happened_at
        return ""

    def withdrawn(self, one: Told) -> str:
        if self.story.status not in BEFORE | {CaseStatus.ACCEPTED}:
            return "已经结束"
        self.story.status, self.story.ended_at = CaseStatus.WITHDRAWN, one.happened_at
        return ""

    def correction_asked(self, one: Told) -> str:
        if self.story.status is CaseStatus.ACCEPTED:
            return self._stop(one, CORRECTION)
        if self.story.status is not CaseStatus.RECEIVED:
            return "已在补正中或已经结束"
        self.story.status = CaseStatus.CORRECTING
        return ""

    def corrected(self, one: Told) -> str:
        if self.story.status is CaseStatus.CORRECTING:
            self.story.status = CaseStatus.RECEIVED
            return ""
        return self._resume(one, CORRECTION)

    def begun(self, one: Told) -> str:
        del one
        return ""

    def stopped(self, one: Told) -> str:
        if self.story.status is not CaseStatus.ACCEPTED:
            return "未受理或已办结，不能暂停计时"
        if not one.ground:
            return "没有写明事由，时间照算"
        return self._stop(one, one.ground)

    def _stop(self, one: Told, ground: str) -> str:
        if ground not in self.grounds:
            return f"“{ground}”不是这个事项可以暂停计时的事由，时间照算"
        self.open[one.event] = self._timing(one, EventKind.STOP, ground=ground)
        return ""

    def resumed(self, one: Told) -> str:
        return self._resume(one, one.ground)

    def _resume(self, one: Told, ground: str) -> str:
        which = [key for key, stop in self.open.items() if not ground or stop.ground == ground]
        if one.stop:
            which = [key for key in which if key == one.stop]
        if not which:
            return "没有可以恢复的暂停"
        if len(which) > 1:
            return "有几个暂停未恢复，没有写明恢复哪一个"
        stop = self.open.pop(which[0])
        # A stretch is known once both its ends are.
        known = replace(one, noted_at=max(one.noted_at, stop.noted_at))
        self._timing(known, EventKind.RESUME, refers=stop.key)
        return ""

    def extended(self, one: Told) -> str:
        if self.story.status is not CaseStatus.ACCEPTED:
            return "未受理或已办结，不能延期"
        if one.amount is None:
            return "没有写明延长多少，不计"
        self._timing(one, EventKind.EXTENSION, of=one.of)
        return ""

    def _decided(self, one: Told) -> str:
        story, wrong = self.story, ""
        if story.status in BEFORE and not self.at_once:
            wrong = "没有受理就办结，不能计时"
        elif story.status not in BEFORE | {CaseStatus.ACCEPTED}:
            return "已经结束"
        elif self.open:
            wrong = "办结时仍有暂停没有恢复"
        story.status, story.decided_at = CaseStatus.DECIDED, one.happened_at
        story.decision = DECISIONS[one.step]
        return wrong

    def delivered(self, one: Told) -> str:
        if self.story.status is not CaseStatus.DECIDED:
            return "没有办结，不能送达"
        self.story.status, self.story.delivered_at = CaseStatus.DELIVERED, one.happened_at
        return ""

    def revoked(self, one: Told) -> str:
        if self.story.status not in DONE:
            return "没有办结，不能撤销"
        self.story.status, self.story.ended_at = CaseStatus.REVOKED, one.happened_at
        return ""


_STEPS: Mapping[Step, Callable[[_Walk, Told], str]] = {
    Step.RECEIVED: _Walk.received,
    Step.ACCEPTED: _Walk.accepted,
    Step.REFUSED: _Walk.refused,
    Step.WITHDRAWN: _Walk.withdrawn,
    Step.CORRECTION_ASKED: _Walk.correction_asked,
    Step.CORRECTED: _Walk.corrected,
    Step.BEGUN: _Walk.begun,
    Step.STOPPED: _Walk.stopped,
    Step.RESUMED: _Walk.resumed,
    Step.EXTENDED: _Walk.extended,
    Step.DELIVERED: _Walk.delivered,
    Step.REVOKED: _Walk.revoked,
}
