"""What lists and pages of projects call things, in the language of the page."""

from collections.abc import Mapping
from functools import lru_cache

from django.conf import settings
from django.utils.translation import get_language

from yinuo.commitments.spoken import spoken
from yinuo.goals.projects.industries import Industries, read_industries
from yinuo.goals.projects.stages import STAGE_LABELS, STATE_LABELS, Stage, State
from yinuo.goals.register.table import WITHDRAWN
from yinuo.kernel.content import content_file

STATE_NAMES = (*(state.value for state in State if state is not State.UNKNOWN), "unknown")
"""The states as filters name them, in their order; then what has none."""
OTHER_STATES = {WITHDRAWN: "已撤销"}


def state_names() -> tuple[str, ...]:
    """Every value of the filter by state."""
    return (*STATE_NAMES, WITHDRAWN)


def state_label(state: str) -> str:
    """Where a project stands, in words."""
    word = OTHER_STATES.get(state) or STATE_LABELS[State(state)]
    return spoken("project state", word)


def stage_label(stage: str) -> str:
    """A stage, in words."""
    return spoken("project stage", STAGE_LABELS[Stage(stage)])


@lru_cache(maxsize=1)
def industries() -> Industries:
    """The classification of industries that is in use. Raises `IndustriesUnfit`."""
    path = content_file("industries", "gbt4754.csv", own=settings.YINUO_CONTENT)
    return read_industries(path.read_text(encoding="utf-8-sig"), file=path.name)


def industry_labels() -> Mapping[str, str]:
    """Section or division → its name with the code before it: `38 电气机械和器材制造业`."""
    return _labels(get_language())


@lru_cache(maxsize=4)
def _labels(_language: str | None) -> Mapping[str, str]:
    known = industries()
    sections = {code: f"{code} {name}" for code, name in known.sections.items()}
    divisions = {code: f"{code} {name}" for code, (_, name) in known.divisions.items()}
    return sections | divisions
