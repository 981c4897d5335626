"""What a developer who applies for a stage online has to bring: each document once."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from yinuo.cases.construction.flow import limit_words
from yinuo.cases.in_force.items import item_version_in_force
from yinuo.cases.models import BuildingProject
from yinuo.cases.stored.buildings import flow_of, tracked_building
from yinuo.cases.stored.cases import definition_of
from yinuo.cases.stored.stages import items_to_open, reused
from yinuo.commitments.wording import short_wording
from yinuo.kernel.instants import civil_date


@dataclass(frozen=True, kw_only=True)
class StageDocument:
    """One document, for every item of the stage that wants it."""

    name: str
    required: bool
    """Whether any of the items needs it."""
    wanted: tuple[tuple[str, str], ...]
    """Code of the item and key of the document in it."""
    item_names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class StageApplication:
    """A stage that may be applied for now."""

    title: str
    stage: str
    stage_name: str
    limit: str
    developer: str
    items: tuple[tuple[str, str], ...]
    """Code and name."""
    documents: tuple[StageDocument, ...]
    reused: tuple[str, ...]
    """Documents that are not asked for again, with the result that stands in for each."""
    simulated: bool


def public_stage_application(*, track: str, stage: str, at: datetime) -> StageApplication:
    """What the stage wants of the developer who holds the 查询码.

    Raises `UnknownBuildingTrack`, `UnknownFlow`, `UnknownItem`, `StageRunning`, `PreviousOpen`.
    """
    row = tracked_building(track)
    flow = flow_of(row)
    found = flow.stage(stage)
    items = items_to_open(row, flow, found)
    documents, spared = _documents(row, items, at)
    return StageApplication(
        title=row.title,
        stage=stage,
        stage_name=found.name,
        limit=limit_words(found.limit),
        developer=_developer(row),
        items=tuple((code, flow.items[code].name) for code in items),
        documents=documents,
        reused=spared,
        simulated=row.simulated,
    )


def _documents(
    row: BuildingProject, items: tuple[str, ...], at: datetime
) -> tuple[tuple[StageDocument, ...], tuple[str, ...]]:
    """Documents of the same name are one: it is handed in once and goes to every item."""
    day = civil_date(at)
    wanted: dict[str, list[tuple[str, str]]] = defaultdict(list)
    names: dict[str, list[str]] = defaultdict(list)
    needed: set[str] = set()
    spared = []
    for code in items:
        definition = definition_of(item_version_in_force(code, day))
        held = reused(row, code, day)
        for material in definition.materials:
            if material.key in held:
                spared.append(f"{material.name}（用{held[material.key].number}）")
                continue
            wanted[material.name].append((code, material.key))
            names[material.name].append(definition.name)
            needed |= {material.name} if material.required else set()
    documents = tuple(
        StageDocument(
            name=name,
            required=name in needed,
            wanted=tuple(places),
            item_names=tuple(names[name]),
        )
        for name, places in wanted.items()
    )
    return documents, tuple(spared)


def _developer(row: BuildingProject) -> str:
    if row.developer is None:
        return ""
    return short_wording([row.developer.name_text]).get(row.developer.name_text, "")
