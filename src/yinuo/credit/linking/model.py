"""A trained model: how often each level is met among the same and among different subjects."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yinuo.credit.linking.comparing import BLOCKS, COMPARISONS, DIFFERENT, Comparison, Level
from yinuo.credit.linking.frequencies import MILLION, common_columns
from yinuo.kernel.canonical import canonical_bytes
from yinuo.kernel.errors import Finding, YinuoError

PARTS = 10**9
"""Probabilities are whole numbers of a thousand-millionth: JSON that has one form."""
_SLACK = 10**6


class BadModel(YinuoError):
    """A model that does not fit the comparisons of this version."""

    code = "CREDIT-E023"

    def __init__(self, kind: str, findings: list[Finding]) -> None:
        self.findings = tuple(findings)
        said = "；".join(f"{each.field} {each.rule}" for each in findings[:5])
        super().__init__(
            f"关联模型 {kind} 与本版本的比较项不符：{said}",
            place=f"content/linkage/{kind}.json",
            next_step="用 yinuo.credit.linking.training 重新训练，或换回随软件附带的模型",
        )


@dataclass(frozen=True, kw_only=True)
class Probabilities:
    """Of one level, in parts of a thousand million."""

    m: int
    """Met among descriptions of the same subject."""
    u: int
    """Met among those of different ones."""


@dataclass(frozen=True, kw_only=True)
class Model:
    """Probabilities of every level of every comparison of firms, or of persons."""

    kind: str
    version: str
    trained_on: str
    """In words: what it was trained with."""
    matching_mille: int
    """Descriptions whose entity is registered, of a thousand."""
    namesakes: Mapping[str, int]
    """Column → of a million descriptions whose value one registered entity alone bears, how many
    are of another."""
    levels: Mapping[str, Mapping[str, Probabilities]]

    def as_bytes(self) -> bytes:
        """The model's JSON."""
        return canonical_bytes(
            {
                "kind": self.kind,
                "version": self.version,
                "trained_on": self.trained_on,
                "matching_mille": self.matching_mille,
                "namesakes": dict(self.namesakes),
                "levels": {
                    name: {level: {"m": each.m, "u": each.u} for level, each in levels.items()}
                    for name, levels in self.levels.items()
                },
            }
        )


def read_model(data: bytes, kind: str) -> Model:
    """A model from JSON. Raises `BadModel` with all faults."""
    try:
        given = json.loads(data)
        model = Model(
            kind=given["kind"],
            version=given["version"],
            trained_on=given["trained_on"],
            matching_mille=int(given["matching_mille"]),
            namesakes={name: int(each) for name, each in given["namesakes"].items()},
            levels={
                name: {
                    level: Probabilities(m=int(each["m"]), u=int(each["u"]))
                    for level, each in levels.items()
                }
                for name, levels in given["levels"].items()
            },
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadModel(kind, [_finding("", f"读不出来：{error!r}")]) from None
    findings = list(_faults(model, kind))
    if findings:
        raise BadModel(kind, findings)
    return model


def _faults(model: Model, kind: str) -> list[Finding]:
    findings = []
    if model.kind != kind:
        findings.append(_finding("kind", f"是 {model.kind} 的模型"))
    if not 0 < model.matching_mille < 1000:  # noqa: PLR2004  # per mille
        findings.append(_finding("matching_mille", "应在 1 与 999 之间"))
    if model.namesakes.keys() != set(common_columns(kind)):
        findings.append(_finding("namesakes", f"应为 {'、'.join(common_columns(kind))}"))
    if not all(0 < each <= MILLION for each in model.namesakes.values()):
        findings.append(_finding("namesakes", f"应在 1 与 {MILLION} 之间"))
    wanted = {each.id: each for each in COMPARISONS[kind]}
    findings += [
        _finding(name, "缺少" if name in wanted else "不认识")
        for name in sorted(wanted.keys() ^ model.levels.keys())
    ]
    for name in sorted(wanted.keys() & model.levels.keys()):
        found = model.levels[name]
        if found.keys() != set(_ids(wanted[name])):
            findings.append(_finding(name, "等级不符"))
        for which in ("m", "u"):
            parts = [getattr(each, which) for each in found.values()]
            if min(parts) <= 0 or abs(sum(parts) - PARTS) > _SLACK:
                findings.append(_finding(f"{name}.{which}", "概率应都为正，合计为 1"))
    return findings


def _ids(comparison: Comparison) -> list[str]:
    return [*(level.id for level in comparison.levels), DIFFERENT]


def _finding(field: str, rule: str) -> Finding:
    return Finding(code=BadModel.code, field=field, rule=rule, next_step="重新训练")


def splink_settings(kind: str, model: Model | None, entities: int) -> dict[str, Any]:
    """The model as settings of Splink 5; None: untrained.

    `entities` sets the prior: of so many a description fits one.
    """
    settings: dict[str, Any] = {
        "link_type": "link_only",
        "unique_id_column_name": "unique_id",
        "linker_uid": kind,
        "comparisons": [
            {
                "output_column_name": each.id,
                "comparison_levels": _levels(each, model.levels[each.id] if model else {}),
            }
            for each in COMPARISONS[kind]
        ],
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": " AND ".join(f"l.{name} = r.{name}" for name in columns)}
            for columns in BLOCKS[kind]
        ],
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": True,
    }
    if model:
        settings["probability_two_random_records_match"] = model.matching_mille / 1000 / entities
    return settings


def _levels(comparison: Comparison, known: Mapping[str, Probabilities]) -> list[dict[str, Any]]:
    missing = " AND ".join(f"({name}_l IS NULL OR {name}_r IS NULL)" for name in comparison.needs)
    return [
        {
            "sql_condition": missing,
            "label_for_charts": "null",
            "is_null_level": True,
        },
        *(_level(level.id, level.sql, known, level) for level in comparison.levels),
        _level(DIFFERENT, "ELSE", known, None),
    ]


def _level(
    name: str, sql: str, known: Mapping[str, Probabilities], level: Level | None
) -> dict[str, Any]:
    made: dict[str, Any] = {"sql_condition": sql, "label_for_charts": name}
    if name in known:
        made["m_probability"] = known[name].m / PARTS
        made["u_probability"] = known[name].u / PARTS
    if level and level.common:
        made["tf_adjustment_column"] = level.common
        made["tf_adjustment_weight"] = 1.0
        # Splink takes the frequency of a value by equality alone unless told not to look for it.
        made["disable_tf_exact_match_detection"] = " >= " in sql
    return made
