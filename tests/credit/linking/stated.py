"""Models with round figures, so that a test says what it needs and trains nothing."""

from collections.abc import Mapping
from pathlib import Path

from yinuo.credit.linking.comparing import COMPARISONS, DIFFERENT
from yinuo.credit.linking.frequencies import common_columns
from yinuo.credit.linking.model import PARTS, Model, Probabilities
from yinuo.credit.linking.settings import Linkage, read_settings

SAME, STRANGERS = 0.9, 0.001
CONTENT = Path(__file__).parents[3] / "content" / "linkage"


def model(kind: str, namesakes_ppm: int = 1_000) -> Model:
    """Each comparison agrees in nine of ten descriptions of the same, and rarely of strangers."""
    return Model(
        kind=kind,
        version="test",
        trained_on="stated",
        matching_mille=700,
        namesakes=dict.fromkeys(common_columns(kind), namesakes_ppm),
        levels={
            each.id: _levels([level.id for level in each.levels]) for each in COMPARISONS[kind]
        },
    )


def _levels(names: list[str]) -> Mapping[str, Probabilities]:
    count = len(names)
    levels = {
        name: Probabilities(m=int(SAME / count * PARTS), u=int(STRANGERS / count * PARTS))
        for name in names
    }
    levels[DIFFERENT] = Probabilities(m=int((1 - SAME) * PARTS), u=int((1 - STRANGERS) * PARTS))
    return levels


def linkage(**changed: int) -> Linkage:
    """The shipped settings, some numbers changed, with the stated models."""
    given = (CONTENT / "linkage.toml").read_text(encoding="utf-8")
    for name, value in changed.items():
        before = next(line for line in given.splitlines() if line.startswith(f"{name} ="))
        given = given.replace(before, f"{name} = {value}")
    return Linkage(
        settings=read_settings(given.encode()),
        models={kind: model(kind).as_bytes() for kind in COMPARISONS},
        memory="256MB",
    )
