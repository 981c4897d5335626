"""Rows of the tables with their reasons, in data and in words that a steward understands."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from yinuo.credit.resolving import tables
from yinuo.credit.resolving.components import Components, Edge, Why, ways
from yinuo.credit.resolving.histories import Claim
from yinuo.credit.resolving.judgements import Judgement
from yinuo.credit.resolving.placeholders import Placeholder
from yinuo.credit.resolving.records import Placed
from yinuo.kernel.canonical import Canonical

Row = Mapping[str, Any]
CHANGED, UNDATED = " 代码变更", "代码变更，日期未载明"
NUMBERED = "登记信息同时载有该注册号和统一社会信用代码"


def moved(components: Components) -> Iterator[Row]:
    """Every key that moves, with each step of its way."""
    for key, way in ways(components).items():
        judged = any(edge.why is Why.JUDGED for edge in way)
        yield {
            "key": key,
            "into": components.into[key],
            "why": (Why.JUDGED if judged else Why.HISTORY).value,
            "evidence": tables.evidence(
                steps=[_step(edge) for edge in way], words="；".join(map(_said, way))
            ),
        }


def moved_straight(changes: pa.Table) -> pa.Table:
    """The same of straight changes (see `straight`), all rows at once.

    Keys, records and ids of sources hold nothing that JSON would have to escape.
    """
    left, right, on = changes["left"], changes["right"], pc.cast(changes["on"], pa.string())
    words = pc.if_else(
        pc.starts_with(left, "r:"), NUMBERED, pc.fill_null(_joined(on, CHANGED), UNDATED)
    )
    step = _joined(
        '{"steps":[{"left":"', left, '",', pc.fill_null(_joined('"on":"', on, '",'), ""),
        '"record":"', changes["record"], '","right":"', right, '","source":"', changes["source"],
        '","why":"history"}],"words":"', words, '"}',
    )  # fmt: skip
    why = pa.array([Why.HISTORY.value] * len(changes), pa.string())
    return pa.table([left, right, why, step], schema=tables.SCHEMAS[tables.MOVED])


def _joined(*parts: pa.ChunkedArray | str) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(*parts, "")


def _step(edge: Edge) -> dict[str, Canonical]:
    step: dict[str, Canonical] = {
        "left": edge.left,
        "right": edge.right,
        "why": edge.why.value,
        **edge.said,
    }
    if edge.number:
        step["judgement"] = edge.number
    if edge.on:
        step["on"] = edge.on.isoformat()
    return step


def _said(edge: Edge) -> str:
    if edge.why is Why.JUDGED:
        return f"第 {edge.number} 号人工判断认定为同一主体"
    if edge.left.startswith("r:"):
        return NUMBERED
    return f"{edge.on.isoformat()}{CHANGED}" if edge.on else UNDATED


def withheld(components: Components, claims: Iterable[Claim]) -> Iterator[Row]:
    """Joins that were due and were not made."""
    for edge in components.refused:
        yield {
            "left": edge.left,
            "right": edge.right,
            "why": "judged",
            "evidence": tables.evidence(
                steps=[_step(edge)], words=f"{_said(edge)}，但人工判断两端不是同一主体，未合并"
            ),
        }
    for claim in claims:
        for key in claim.claimed_by:
            yield {
                "left": claim.number,
                "right": key,
                "why": "ambiguous",
                "evidence": tables.evidence(
                    claimed_by=list(claim.claimed_by),
                    words=f"{len(claim.claimed_by)} 个代码的登记都载有这个注册号，未合并",
                ),
            }


def by_people(placed: Placed) -> Iterator[Row]:
    """Records that people put to an entity with a code."""
    for record, (key, word) in sorted(placed.homes.items()):
        yield _assigned(record, key, "judged", _by(word, "人工判断属于该主体"))


def nameless(
    groups: Mapping[str, frozenset[str]], placed: Placed, crowd: Mapping[str, Placeholder]
) -> Iterator[Row]:
    """Records of entities without a code, and why they stand there."""
    for key, records in sorted(groups.items()):
        for record in sorted(records):
            if record in placed.group_words:
                said = "judged", _by(placed.group_words[record], "人工判断为同一主体，均无代码")
            elif record in placed.alone:
                said = "judged", _by(placed.alone[record], "人工判断不属于所载代码的主体")
            elif record in crowd:
                said = "none", _crowded(crowd[record])
            elif len(records) > 1:
                said = (
                    "linked",
                    tables.evidence(words="名称、区划和地址或法定代表人写法完全相同，均无代码"),
                )
            else:
                said = "none", tables.evidence(words="曾与其他记录为同一主体，现已分开")
            yield _assigned(record, key, *said)


def _crowded(found: Placeholder) -> str:
    return tables.evidence(
        names=found.names,
        words=f"所载证件号码下有 {found.names} 个姓名，是占位号码，不据以归并",
    )


def _by(word: Judgement, words: str) -> str:
    return tables.evidence(
        case=word.case,
        judgement=word.number,
        words=f"第 {word.number} 号{words}：{word.reason}",
    )


def _assigned(record: str, key: str, how: str, why: str) -> Row:
    return {"record": record, "key": key, "how": how, "score_mille": None, "evidence": why}
