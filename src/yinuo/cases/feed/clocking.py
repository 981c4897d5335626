"""What the clock takes of what was told: an event that it refuses becomes a finding."""

from yinuo.cases.clocks import Limits, case_clocks
from yinuo.cases.feed.following import Finding, Story, Timing
from yinuo.cases.life import EventKind
from yinuo.kernel.clock import Event, Extension, Resume, Start, Stop
from yinuo.kernel.clock_errors import ClockError


def checked(story: Story, limits: Limits) -> None:
    """Leave out of a story what its clocks refuse, one event after another, each as a finding.

    A stop that was noted only after a later stretch had been counted and closed is such a one: the
    source has to correct the resume first. With a stop goes its resume.
    """
    while True:
        try:
            case_clocks(limits, [event_of(one) for one in story.timings])
        except ClockError as error:
            refused = next((one for one in story.timings if one.key == error.place), None)
            if refused is None or refused.kind is EventKind.START:
                raise
            story.findings.append(Finding(refused.key, f"{error.what}，不计入"))
            gone = {refused.key}
            story.timings = [t for t in story.timings if t.key not in gone and t.refers not in gone]
        else:
            return


def event_of(one: Timing) -> Event:
    """As the clock knows it."""
    key, at, noted = one.key, one.happened_at, one.noted_at
    if one.kind is EventKind.START:
        return Start(key=key, at=at, event=one.event, recorded_at=noted)
    if one.kind is EventKind.STOP:
        return Stop(key=key, at=at, ground=one.ground, recorded_at=noted)
    if one.kind is EventKind.RESUME:
        return Resume(key=key, stop=one.refers, at=at, recorded_at=noted)
    return Extension(
        key=key,
        at=at,
        number=one.amount or 0,
        approver=TOLD,
        reason=TOLD,
        of=one.of,
        recorded_at=noted,
    )


TOLD = "窗口系统告知"
"""Approver and reason of an extension: who granted it stands in the source's own files."""


def without_start(story: Story, event: str) -> None:
    """Leave out the start of that name, where the clock was started by law before."""
    story.timings = [
        t for t in story.timings if not (t.kind is EventKind.START and t.event == event)
    ]
