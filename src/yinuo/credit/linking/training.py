"""Train a model anew, from the records that bear a code: what they are worth without it.

Whoever bears a code and stands in a register is a description whose entity is known. So a model
needs no labels made by hand and follows the data of the city. It is trained rarely, looked at, and
kept in content/linkage.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb

from yinuo.credit.linking.comparing import FIRM, PERSON, SUBJECTS
from yinuo.credit.linking.exporting import Records, described
from yinuo.credit.linking.frequencies import namesakes
from yinuo.credit.linking.model import PARTS, Model, Probabilities
from yinuo.credit.linking.room import hold, keyed, room
from yinuo.credit.linking.scoring import linker, prepared
from yinuo.credit.linking.settings import LinkageSettings
from yinuo.lake.engine import Engine

_PAIRS = 5_000_000
"""Random pairs from which it is learnt how alike strangers are."""
_SEED = 1
_LEAST = 1e-7
"""Of a level never met among strangers."""
_LEAST_SAME = 1e-3
"""Of a level never met among the same subject: rare, not impossible."""
STATED: Mapping[str, Mapping[str, tuple[float, float]]] = MappingProxyType(
    {
        # Records with a right code cannot teach how a wrong one is written. One character in
        # eighteen is wrong, mostly anywhere: nine of them are the inner code.
        "written": {
            "inner": (0.55, 1e-6),
            "near": (0.35, 1e-6),
            "different": (0.10, 1 - 2e-6),
        },
        # The register has no accounts. Of ten customers one has changed since.
        "account": {"same": (0.9, 1e-6), "different": (0.1, 1 - 1e-6)},
        "phone": {"same": (0.7, 1e-5), "different": (0.3, 1 - 1e-5)},
    }
)
"""Comparison → level → (m, u) that are stated and not learnt."""


def train(
    *,
    engine: Engine,
    live: Sequence[Records],
    settings: LinkageSettings,
    version: str,
    trained_on: str,
    into: Mapping[str, str],
    matching_mille: int = 700,
    memory: str = "2GB",
) -> dict[str, Model]:
    """Models of firms and persons by Splink; `trained_on` says in words what the records were.

    A sixteenth of the records with a code are taken as descriptions. `matching_mille` of a
    thousand descriptions are expected to have a registered entity. `into` says which keys stand
    for others, so that an old code is not taken for another firm. A kind of which the sources
    hold nothing to compare has no model.
    """
    models = {}
    with room(memory=memory, temporary=None) as (database, folder):
        hold(database, "stands", ("key", "stands"), list(into.items()))
        for kind in (FIRM, PERSON):
            sides = _firms(live) if kind == FIRM else _persons(live)
            if not all(sides):
                continue
            for name, some, only in zip(("entity", "description"), sides, ("", "0"), strict=True):
                sql = " UNION ".join(
                    _keyed(engine, each, settings, kind, begins=only) for each in some
                )
                engine.write(sql, folder / f"{kind}-{name}")
                keyed(database, name, folder / f"{kind}-{name}")
            prepared(database, kind, SUBJECTS[kind], settings)
            models[kind] = Model(
                kind=kind,
                version=version,
                trained_on=trained_on,
                matching_mille=matching_mille,
                namesakes=namesakes(database, kind),
                levels=_trained(database, kind),
            )
    return models


def _firms(live: Sequence[Records]) -> tuple[list[Records], list[Records]]:
    registers = [each for each in live if each.source.kind == "registration"]
    return registers, [each for each in live if each.source.kind not in ("registration", "history")]


def _persons(live: Sequence[Records]) -> tuple[list[Records], list[Records]]:
    """No register of persons is here: some sources stand for it, the others are compared."""
    some = [each for each in live if each.source.subject not in SUBJECTS[FIRM]]
    return some[::2], some[1::2]


def _keyed(
    engine: Engine, live: Records, settings: LinkageSettings, kind: str, *, begins: str
) -> str:
    mark = "p:" if kind == PERSON else "o:"
    return (
        f"SELECT key, {described(engine, live, settings, 'CAST(NULL AS STRING)')} "  # noqa: S608  # our own names
        f"FROM {live.table} WHERE substr(key, 1, 2) = '{mark}' AND name IS NOT NULL "
        f"AND substr(record, 1, {len(begins)}) = '{begins}'"
    )


def _trained(
    database: duckdb.DuckDBPyConnection, kind: str
) -> dict[str, Mapping[str, Probabilities]]:
    trained = linker(database, kind, None)
    trained.training.estimate_u_using_random_sampling(max_pairs=_PAIRS, seed=_SEED)
    database.execute(f"""
        CREATE OR REPLACE TEMP TABLE labels AS
        SELECT '{kind}_entity' AS source_dataset_l, e.unique_id AS unique_id_l,
            '{kind}_given' AS source_dataset_r, g.unique_id AS unique_id_r
        FROM {kind}_entity e JOIN {kind}_given g
            ON split_part(e.unique_id, '#', 1) = split_part(g.unique_id, '#', 1)
    """)  # noqa: S608  # our own names
    trained.training.estimate_m_from_pairwise_labels("labels")  # type: ignore[no-untyped-call]  # Splink's
    saved: Mapping[str, Any] = trained.misc.save_model_to_json(out_path=None)
    return {
        each["output_column_name"]: _levels(each["output_column_name"], each["comparison_levels"])
        for each in saved["comparisons"]
    }


def _levels(comparison: str, found: Sequence[Mapping[str, Any]]) -> dict[str, Probabilities]:
    """Probabilities by level; a comparison never made among the same subject says nothing."""
    real = [each for each in found if not each.get("is_null_level")]
    names = [each["label_for_charts"] for each in real]
    strangers: list[float] = [each.get("u_probability") or _LEAST for each in real]
    met = any(each.get("m_probability") for each in real)
    same: list[float] = [each.get("m_probability") or _LEAST_SAME for each in real]
    same = same if met else strangers
    stated = STATED.get(comparison)
    if stated:
        same = [stated[name][0] for name in names]
        strangers = [stated[name][1] for name in names]
    return {
        name: Probabilities(m=m, u=u)
        for name, m, u in zip(names, _parts(same), _parts(strangers), strict=True)
    }


def _parts(probabilities: Sequence[float]) -> list[int]:
    """Shares of a thousand million, at least one each."""
    whole = sum(max(each, _LEAST) for each in probabilities)
    return [max(1, round(max(each, _LEAST) / whole * PARTS)) for each in probabilities]


def write_model(folder: Path, model: Model) -> Path:
    """Keep a model where `read_linkage` finds it."""
    path = folder / f"{model.kind}.json"
    path.write_bytes(model.as_bytes())
    return path
