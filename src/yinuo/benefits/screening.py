"""Every firm of a release decided by one policy: who gets how much, who not, what is missing. Pure.

    profile.parquet ──rules.screen──→ answers ──amounts──→ screened.parquet

The table has three answers, and so has this: a firm of which a field is unknown is neither in nor
out, and the field has a name.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from yinuo.benefits.amounts import fen_of, fen_of_many
from yinuo.benefits.definition import PolicyDefinition
from yinuo.kernel.durable import sync_folder
from yinuo.kernel.errors import YinuoError
from yinuo.rules.decision import State
from yinuo.rules.kinds import Kind
from yinuo.rules.masks import MissingColumn
from yinuo.rules.screen import METADATA, Wanted, files, screen
from yinuo.rules.table import HitPolicy, Rulebook, Table

ENTITY, KIND = "entity", "kind"
YES, NO, OPEN = "yes", "no", "open"
SCHEMA = pa.schema(
    [
        (ENTITY, pa.string()),
        ("verdict", pa.string()),
        ("amount", pa.int64()),
        ("rule", pa.string()),
        ("lacking", pa.string()),
        ("place", pa.string()),
        ("related", pa.string()),
    ]
)
"""Of the answers: one row a firm; amounts in 分; names of fields joined by `、`; `place` and
`related` as the policy's `first_by` and `related_by` say."""
BETWEEN = "、"
FEW_VALUES = ["verdict", "rule", "lacking", "place", "related"]
"""Columns in which values recur: written as dictionaries; ids and amounts are not."""
Progress = Callable[[str, int, int], None]


class TableUnfit(YinuoError):
    """A decision table that says no amount."""

    code = "BENEFIT-E002"
    status = 422

    def __init__(self, policy: str, table: str, what: str, next_step: str) -> None:
        super().__init__(f"规则表“{table}”{what}", place=policy, next_step=next_step)


@dataclass(frozen=True, kw_only=True)
class Screened:
    """What came of it."""

    on: date
    firms: int
    eligible: int
    refused: int
    undetermined: int
    cost: int
    """Of all who are eligible, in 分."""
    lacking: Mapping[str, int]
    """Field → firms left open for want of it."""


@dataclass
class _Count:
    verdicts: Counter[str] = field(default_factory=Counter)
    lacking: Counter[str] = field(default_factory=Counter)
    cost: int = 0


def deciding_table(policy: PolicyDefinition, rulebook: Rulebook, on: date) -> Table:
    """The table that answers; others of the workbook feed it. Raises `TableUnfit`."""
    valid = rulebook.valid_on(on)
    if not valid:
        raise TableUnfit(policy.code, policy.table, f"在 {on} 没有生效", "核对表头的有效期")
    table = valid[-1]
    output = next((one for one in table.outputs if one.name == policy.amount.output), None)
    if output is None or output.kind not in {Kind.NUMBER, Kind.PERCENT}:
        what = f"没有数或百分比的输出“{policy.amount.output}”"
        raise TableUnfit(
            policy.code, table.name, what, "核对政策文件 amount.output 和规则表的输出列"
        )
    if table.policy is HitPolicy.COLLECT or output.default not in {None, Decimal(0)}:
        what = "用了“汇总”，或默认值不是 0"
        step = "改成一家企业只有一个答案；不符合的不写规则，默认值写 0 或不写"
        raise TableUnfit(policy.code, table.name, what, step)
    return table


def screen_policy(
    policy: PolicyDefinition,
    rulebook: Rulebook,
    *,
    profile: Path,
    out: Path,
    on: date,
    progress: Progress,
) -> Screened:
    """Decide every subject of the policy's kind in the profile; write the answers to `out`.

    The profile has the columns `entity` and `kind` beside those the table asks for; the answers
    are by `SCHEMA`.

    Raises `TableUnfit` and what `rules.screen` raises about the data.
    """
    table = deciding_table(policy, rulebook, on)
    raw, made = out.with_suffix(".raw"), out.with_suffix(".part")
    try:
        screen(rulebook, data=profile, out=raw, on=on, wanted=Wanted(), progress=progress)
        count = _written(profile, raw, made, policy, table)
        made.replace(out)
        sync_folder(out.parent)
    finally:
        raw.unlink(missing_ok=True)
        made.unlink(missing_ok=True)
    return Screened(
        on=on,
        firms=count.verdicts.total(),
        eligible=count.verdicts[YES],
        refused=count.verdicts[NO],
        undetermined=count.verdicts[OPEN],
        cost=count.cost,
        lacking=dict(count.lacking.most_common()),
    )


def _written(
    profile: Path, raw: Path, made: Path, policy: PolicyDefinition, table: Table
) -> _Count:
    """The answers, which stand in the order of the profile, with what the profile says beside."""
    count = _Count()
    wanted = (ENTITY, KIND, policy.amount.times, policy.first_by, policy.related_by)
    beside = _Beside(files(profile), [name for name in dict.fromkeys(wanted) if name])
    with (
        pq.ParquetFile(raw) as file,
        pq.ParquetWriter(made, SCHEMA, compression="zstd", use_dictionary=FEW_VALUES) as writer,
    ):
        names = _names(file, table)
        for number in range(file.num_row_groups):
            answers = file.read_row_group(number)
            known = beside.take(len(answers))
            own = pc.equal(known.column(KIND), policy.subject)
            if not pc.all(own).as_py():
                answers, known = answers.filter(own), known.filter(own)
            answered = _answers(answers, known, policy, table, names)
            _tally(answered, count)
            writer.write_table(answered)
    return count


class _Beside:
    """Columns of the profile, some rows after others."""

    def __init__(self, paths: Sequence[Path], columns: Sequence[str]) -> None:
        self._groups = _row_groups(paths, columns)
        self._waiting: list[pa.Table] = []

    def take(self, rows: int) -> pa.Table:
        """The next so many rows."""
        while sum(map(len, self._waiting)) < rows:
            self._waiting.append(next(self._groups))
        whole = pa.concat_tables(self._waiting)
        self._waiting = [whole.slice(rows)]
        return whole.slice(0, rows)


def _row_groups(paths: Sequence[Path], columns: Sequence[str]) -> Iterator[pa.Table]:
    for path in paths:
        with pq.ParquetFile(path, memory_map=True) as file:
            absent = [name for name in columns if name not in file.schema_arrow.names]
            if absent:
                raise MissingColumn(absent, file.schema_arrow.names)
            for number in range(file.num_row_groups):
                yield file.read_row_group(number, columns=list(columns))


@dataclass(frozen=True)
class _Names:
    """What the bits of the answers mean."""

    rules: Sequence[str]
    inputs: Sequence[str]


def _names(file: pq.ParquetFile, table: Table) -> _Names:
    said: Any = json.loads(file.schema_arrow.metadata[METADATA])
    mine = next(one for one in said["tables"] if one["table"] == table.name)
    return _Names(mine["rules"], mine["inputs"])


def _answers(
    found: pa.Table, known: pa.Table, policy: PolicyDefinition, table: Table, names: _Names
) -> pa.Table:
    state = found.column(f"{table.name}.状态").combine_chunks()
    states = state.cast(pa.string())
    hit = pc.equal(states, str(State.HIT))
    times = known.column(policy.amount.times) if policy.amount.times else None
    amount = _amounts(found.column(f"{table.name}.{policy.amount.output}"), times, policy, table)
    without = pc.and_(hit, pc.is_null(amount))
    lacking = _words(_bits(found, f"{table.name}.缺少"), names.inputs)
    if policy.amount.times:
        lacking = pc.if_else(without, policy.amount.times, lacking)
    is_open = pc.or_(without, pc.or_(_is(states, State.UNDETERMINED), _is(states, State.CONFLICT)))
    yes = pc.and_(hit, pc.greater(pc.fill_null(amount, 0), 0))
    verdict = pc.if_else(yes, YES, pc.if_else(is_open, OPEN, NO))
    none = pa.scalar(None, pa.string())
    return pa.table(
        {
            ENTITY: known.column(ENTITY).cast(pa.string()),
            "verdict": verdict,
            "amount": pc.if_else(yes, amount, pa.scalar(None, pa.int64())),
            "rule": pc.if_else(yes, _first_rule(found, table, names), none),
            "lacking": pc.if_else(is_open, lacking, none),
            "place": _said(known, policy.first_by),
            "related": _said(known, policy.related_by),
        },
        schema=SCHEMA,
    )


def _said(found: pa.Table, name: str) -> pa.Array:
    """A field as text; null where the policy names none."""
    if not name:
        return pa.nulls(len(found), pa.string())
    return found.column(name).combine_chunks().cast(pa.string())


def _is(states: pa.Array, state: State) -> pa.Array:
    return pc.equal(states, str(state))


def _bits(found: pa.Table, name: str) -> NDArray[np.uint64]:
    column = found.column(name).combine_chunks().to_numpy(zero_copy_only=False)
    bits: NDArray[np.uint64] = column.astype(np.int64).view(np.uint64)
    return bits


def _words(bits: NDArray[np.uint64], names: Sequence[str]) -> pa.Array:
    """The names of the bits that are set; few combinations occur, each is written once."""
    seen, places = np.unique(bits, return_inverse=True)
    texts = [
        BETWEEN.join(name for at, name in enumerate(names) if int(each) >> at & 1) for each in seen
    ]
    return pa.array(texts, pa.string()).take(pa.array(places))


def _first_rule(found: pa.Table, table: Table, names: _Names) -> pa.Array:
    """The rule that counts: the lowest bit, for rules stand in the order in which they prevail."""
    words = [name for name in found.column_names if name.startswith(f"{table.name}.规则")]
    first = np.full(len(found), -1, np.int64)
    for number, name in enumerate(words):
        bits = _bits(found, name)
        lowest = (bits & (~bits + np.uint64(1))).astype(np.float64)
        place = np.log2(lowest, out=np.full(len(bits), -1.0), where=lowest > 0).astype(np.int64)
        here = (first < 0) & (bits != 0)
        first[here] = place[here] + number * 64
    rules = pa.array([*names.rules, ""], pa.string())
    return rules.take(pa.array(np.where(first < 0, len(names.rules), first)))


def _amounts(
    answers: pa.ChunkedArray, times: pa.ChunkedArray | None, policy: PolicyDefinition, table: Table
) -> pa.Array:
    """分 for each row; null without an answer or without the field it is multiplied by."""
    kind = next(one.kind for one in table.outputs if one.name == policy.amount.output)
    coded = pc.dictionary_encode(answers.combine_chunks())
    values = [Decimal(str(value.as_py())) for value in coded.dictionary]
    if times is None:
        fixed = pa.array([fen_of(value, kind, policy.amount, None) for value in values], pa.int64())
        return fixed.take(coded.indices)
    base = times.combine_chunks()
    found = np.zeros(len(base), np.int64)
    known = np.asarray(pc.and_(base.is_valid(), coded.indices.is_valid()))
    hundredths = _hundredths(base)
    places = pc.fill_null(coded.indices, 0).to_numpy(zero_copy_only=False)
    for place, value in enumerate(values):
        here = known & (places == place)
        found[here] = fen_of_many(value, kind, policy.amount, hundredths[here])
    return pa.array(found, mask=~known)


def _hundredths(column: pa.Array) -> NDArray[np.int64]:
    """A column of numbers, whole or with two places, as whole hundredths; 0 where unknown."""
    exact = pc.fill_null(column, 0).cast(pa.decimal128(24, 2))
    whole = pc.multiply(exact, pa.scalar(Decimal(100), pa.decimal128(3, 0)))
    numbers: NDArray[np.int64] = whole.cast(pa.int64()).to_numpy(zero_copy_only=False)
    return numbers


def _tally(answered: pa.Table, count: _Count) -> None:
    for each in pc.value_counts(answered.column("verdict")).to_pylist():
        count.verdicts[each["values"]] += each["counts"]
    for each in pc.value_counts(answered.column("lacking")).to_pylist():
        for name in (each["values"] or "").split(BETWEEN):
            if name:
                count.lacking[name] += each["counts"]
    count.cost += pc.sum(answered.column("amount")).as_py() or 0
