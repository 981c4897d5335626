"""The pages of an archive: plain HTML with relative links, to be opened from a folder."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from yinuo.commitments.queries.detail import Detail
from yinuo.commitments.queries.listing import Row
from yinuo.commitments.registry import Promisor
from yinuo.web.archive.content import Content
from yinuo.web.archive.seal import Seal
from yinuo.web.archive.style import style_sheet
from yinuo.web.sentences import Score, board_sentence, delay, state_sentence
from yinuo.web.story import story

NO_GOAL = "未归入目标"
BY_OTHERS = "企业和群众向城市作出的承诺（不计入上面各数和按期兑现率）"


@dataclass(frozen=True)
class Item:
    """A commitment in the list, with its page."""

    row: Row
    page: str


@dataclass(frozen=True)
class Group:
    """The commitments of one goal."""

    title: str
    number: int | None
    items: tuple[Item, ...]


def groups(content: Content) -> tuple[Group, ...]:
    """The city's commitments by goal, those under none, and what others promised to the city.

    Goals without any are left out.
    """
    found: dict[str, list[Item]] = {goal.code: [] for goal in content.goals}
    rest: list[Item] = []
    by_others: list[Item] = []
    for it in content.commitments:
        by_city = it.row.promisor is Promisor.CITY
        group = found.get(it.row.heading, rest) if by_city else by_others
        group.append(Item(it.row, content.pages[it.row.code]))
    told = [Group(g.title, g.number, tuple(found[g.code])) for g in content.goals]
    told += [Group(NO_GOAL, None, tuple(rest)), Group(BY_OTHERS, None, tuple(by_others))]
    return tuple(group for group in told if group.items)


def _common(seal: Seal, content: Content, root: str) -> dict[str, Any]:
    demo = settings.YINUO_DEMO_DATE
    return {
        "city": settings.YINUO_CITY,
        "demo": bool(demo),
        "demo_date": date.fromisoformat(demo) if demo else None,
        "today": content.today,
        "seal": seal,
        "root": root,
    }


def _commitment(it: Detail, content: Content) -> dict[str, Any]:
    return {
        "it": it,
        "row": it.row,
        "sentence": state_sentence(it, content.today),
        "delay": delay(it),
        "entered_late": it.timeline[-1].late,
        "goal_title": content.goal_title(it.row.heading),
        "waiting": [change for change in it.changes if change.waiting],
        "story": story(it.timeline),
        "evidence": content.evidence.get(it.row.code),
        "parent": Item(it.parent, content.pages[it.parent.code]) if it.parent else None,
        "children": [Item(row, content.pages[row.code]) for row in it.children],
        "merged_page": content.pages.get(it.merged_into or "", ""),
    }


def write_pages(
    folder: Path, seal: Seal, content: Content, tell: Callable[[int, int], None]
) -> None:
    """Write every page and the style sheet."""
    (folder / "commitments").mkdir()
    (folder / "archive.css").write_text(style_sheet(), encoding="utf-8")
    total = content.total
    common = _common(seal, content, "")
    index = {
        "plans": content.plans,
        "sentence": board_sentence(total),
        "score": Score(on_time=total.on_time, fell_due=total.fell_due),
        "groups": groups(content),
        "reported": len(content.observations),
    }
    goals = {goal.code: goal.title for goal in content.goals}
    for name, more in (
        ("index", index),
        ("observations", {"observations": content.observations, "goals": goals}),
        ("check", {}),
        ("check-en", {}),
    ):
        _write(folder / f"{name}.html", f"archive/{name}.html", {**common, **more, "at": name})
    below = _common(seal, content, "../")
    for number, it in enumerate(content.commitments, start=1):
        page = folder / "commitments" / content.pages[it.row.code]
        _write(page, "archive/commitment.html", {**below, **_commitment(it, content)})
        tell(number, len(content.commitments))


def _write(path: Path, template: str, context: dict[str, Any]) -> None:
    path.write_text(render_to_string(template, context), encoding="utf-8")
