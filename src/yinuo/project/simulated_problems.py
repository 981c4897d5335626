"""Problems of the demo's ports, one coming again, two with a task force: all made up.

From content/problems/simulated.csv.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from yinuo.cases.commands import (
    problem_clock,
    problem_groups,
    problem_titles,
    problem_words,
    problems,
)
from yinuo.cases.commands.problem_taken_down import take_down
from yinuo.cases.commands.problems import NewProblem, Raised, raise_problem
from yinuo.cases.in_force.problems import areas
from yinuo.commitments.life import Visibility
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.content import content_dir
from yinuo.kernel.instants import SHANGHAI, civil_date
from yinuo.parties.queries import public_viewer_named
from yinuo.parties.viewer import Viewer
from yinuo.project.simulated_desk import WINDOW
from yinuo.project.simulated_staff import Staff

FILE = ("problems", "simulated.csv")
BETWEEN = "|"
OWNER = "大连市政府口岸办"
OFFICE = ("yingshang1", "yingshang2")
"""Supervisors of the office that keeps the problems."""
CLERK = "chuangkou"
"""Who answers the telephone."""


@dataclass(frozen=True)
class Step:
    """One line of the file."""

    key: str
    at: datetime
    name: str
    words: str


def steps(path: Path) -> Iterator[Step]:
    """The lines, in their order."""
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            at = datetime.fromisoformat(line["at"]).replace(tzinfo=SHANGHAI)
            yield Step(line["key"], at, line["step"], line["words"])


@dataclass(frozen=True, kw_only=True)
class Ports:
    """Who plays: the unit that owns what goes wrong at the port, the office, a telephone."""

    unit: str
    owner: Viewer
    first: Viewer
    second: Viewer
    clerk: Viewer
    window: str
    """Unit of the clerk."""
    calendar: Calendar
    raised: dict[str, Raised] = field(default_factory=dict)

    def play(self) -> None:
        """All steps in the order of their days; each day what time brings about comes first."""
        acts: Mapping[str, Callable[[Step], object]] = {
            "raised": self._raise,
            "told_by_phone": self._take_down,
            "owned": self._own,
            "answered": self._answer,
            "confirmed": self._confirm,
            "not_solved": self._not_solved,
            "reopened": self._reopen,
            "titled": self._title,
            "grouped": self._group,
            "forced": self._force,
        }
        for step in sorted(steps(content_dir().joinpath(*FILE)), key=lambda each: each.at):
            problem_clock.tell_unowned(at=step.at)
            problem_clock.go_up(calendar=self.calendar, at=step.at)
            problem_clock.lapse(at=step.at)
            acts[step.name](step)

    def _raise(self, step: Step) -> None:
        self.raised[step.key] = raise_problem(
            new=_told(step),
            areas=areas(civil_date(step.at)),
            calendar=self.calendar,
            at=step.at,
            simulated=True,
        )

    def _take_down(self, step: Step) -> None:
        self.raised[step.key] = take_down(
            new=_told(step),
            channel="phone",
            unit=self.window,
            told_at=step.at,
            areas=areas(civil_date(step.at)),
            calendar=self.calendar,
            by=self.clerk,
            at=step.at,
            simulated=True,
        )

    def _own(self, step: Step) -> None:
        problems.own(
            problem=self.raised[step.key].code,
            unit=self.unit,
            areas=areas(civil_date(step.at)),
            by=self.owner,
            at=step.at,
        )

    def _answer(self, step: Step) -> None:
        problems.answer(
            problem=self.raised[step.key].code,
            note=step.words,
            calendar=self.calendar,
            by=self.owner,
            at=step.at,
        )

    def _confirm(self, step: Step) -> None:
        problem_words.confirm(track=self.raised[step.key].track, note=step.words, at=step.at)

    def _not_solved(self, step: Step) -> None:
        track = self.raised[step.key].track
        problem_words.not_solved(track=track, reason=step.words, calendar=self.calendar, at=step.at)

    def _reopen(self, step: Step) -> None:
        track = self.raised[step.key].track
        problem_words.reopen(track=track, reason=step.words, calendar=self.calendar, at=step.at)

    def _title(self, step: Step) -> None:
        code = self.raised[step.key].code
        problem_titles.write(problem=code, title=step.words, by=self.first, at=step.at)
        problem_titles.publish(
            problem=code, visibility=Visibility.PUBLIC, by=self.second, at=step.at
        )

    def _group(self, step: Step) -> None:
        other, title = step.words.split(BETWEEN)
        both = [self.raised[key].code for key in (other, step.key)]
        problem_groups.confirm_group(problems=both, title=title, by=self.first, at=step.at)

    def _force(self, step: Step) -> None:
        title, other = step.words.split(BETWEEN)
        problem_groups.form_task_force(
            problems=[self.raised[key].code for key in (step.key, other)],
            title=title,
            lead=self.unit,
            units=[self.window],
            by=self.first,
            at=step.at,
        )


def _told(step: Step) -> NewProblem:
    area, about, kind, name, title, said = step.words.split(BETWEEN)
    return NewProblem(
        area=area,
        about=about,
        kind=kind,
        name=name,
        title=title,
        said=said,
        contact="0411-00000000",
    )


def clear(staff: Staff, calendar: Calendar) -> None:
    """Play them with the demo's people; after the windows have opened."""
    first, second, clerk = (_viewer(username) for username in (*OFFICE, CLERK))
    ports = Ports(
        unit=staff.codes[OWNER],
        owner=staff.officers[OWNER],
        first=first,
        second=second,
        clerk=clerk,
        window=WINDOW,
        calendar=calendar,
    )
    ports.play()


def _viewer(username: str) -> Viewer:
    viewer = public_viewer_named(username)
    assert viewer is not None  # noqa: S101  # the demo opened the account
    return viewer
