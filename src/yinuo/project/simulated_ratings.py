"""What applicants of the demo said of their cases, and what became of the three bad words."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yinuo.cases.commands import ratings
from yinuo.project.simulated_cases import Story
from yinuo.project.simulated_windows import CLOSED, Moment, Windows, hour

SEED = 20240702
MOST = 80
LEVELS, WEIGHTS = (5, 4, 3), (62, 30, 8)
SAID = {5: ("很快，谢谢", "一次就办好了", ""), 4: ("还可以", ""), 3: ("排队时间长了些",)}
CONTACTS = ("collect", "collect", "decide", "accept")
BAD = {
    9: (2, "collect", "来取证时窗口没有人，等了四十分钟。"),
    33: (1, "decide", "说好三天，多等了两天也没有人告诉我们。"),
}
"""The which of the rated cases → level, contact and words; both are put right."""
LAST_BAD = (2, "collect", "取件通知没有写在哪个窗口，跑了两层楼。")
"""Nobody has called this one, and the day for it is over."""
BEFORE_LAST = date(2025, 1, 8)


def rated(stories: Sequence[Story], windows: Windows) -> Iterator[Moment]:
    """The ratings of some delivered cases, a working day after each."""
    days = [(story, step.at) for story in stories for step in story.steps if step.what == "deliver"]
    found = sorted(days, key=lambda one: one[1])
    some = found[:: max(len(found) // MOST, 1)][:MOST]
    for place, (story, delivered) in enumerate(some):
        rating = Said(story, windows, place)
        day = windows.after(delivered.date(), 1)
        if day <= CLOSED:
            yield Moment(hour(day, 9, place % 60), story.number, rating.give)
        if place in BAD:
            yield from rating.righting(day)
    last, at = next(one for one in reversed(found) if one[1].date() <= BEFORE_LAST)
    if all(story is not last for story, _ in some):
        yield Moment(
            hour(windows.after(at.date(), 1), 15), last.number, Said(last, windows, -1).give
        )


@dataclass
class Said:
    """One rating."""

    story: Story
    windows: Windows
    place: int
    code: str = ""

    def give(self, at: datetime) -> None:
        """Rate by the 查询码, as the applicant does."""
        chance = random.Random(SEED + self.place)  # noqa: S311  # a play, no secret
        level = chance.choices(LEVELS, WEIGHTS)[0]
        level, contact, said = BAD.get(
            self.place, (level, chance.choice(CONTACTS), chance.choice(SAID[level]))
        )
        if self.place < 0:
            level, contact, said = LAST_BAD
        self.code = ratings.rate(
            track=self.story.track,
            contact=contact,
            level=level,
            said=said,
            calendar=self.windows.calendar,
            at=at,
        )

    def righting(self, day: date) -> Iterator[Moment]:
        """Spoken with the next day, put right within the week, called back by the office."""
        after, order = self.windows.after, self.story.number
        yield Moment(hour(after(day, 1), 10), order, self._contact)
        yield Moment(hour(after(day, 5), 10), order, self._rectify)
        yield Moment(hour(after(day, 8), 10), order, self._call_back)

    def _contact(self, at: datetime) -> None:
        desk = self.windows.desk
        by = desk.window if BAD[self.place][1] == "collect" else desk.deciding
        ratings.contact(rectification=self.code, note="已电话致歉并了解经过。", by=by, at=at)

    def _rectify(self, at: datetime) -> None:
        desk = self.windows.desk
        by = desk.window if BAD[self.place][1] == "collect" else desk.deciding
        ratings.rectify(
            rectification=self.code,
            true_reason=True,
            note="调整了午间值守，延误须当日告知申请人。",
            by=by,
            at=at,
        )

    def _call_back(self, at: datetime) -> None:
        ratings.call_back(
            rectification=self.code,
            content=True,
            note="申请人认可整改结果。",
            by=self.windows.desk.first,
            at=at,
        )
