"""One decision with its reason on a table of 20 rules, beside an `if` chain and zen-engine.

Run: python bench/decide.py --calls 100000 --runs 5
zen-engine is used if it is installed (extra `bench`).
"""

import argparse
import importlib
import importlib.util
import json
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

from yinuo.rules.explain import explain
from yinuo.rules.kinds import Kind
from yinuo.rules.reading import Column, read_cell
from yinuo.rules.single import compiled
from yinuo.rules.table import HitPolicy, Input, Output, Rule, Table

GOAL_MICROSECONDS = 4.0
GOAL_AGAINST_ZEN = 50
ROWS: tuple[tuple[int, int, str, bool], ...] = tuple(
    (1000 - 50 * n, 10 + n % 5 * 10, "甲" if n % 2 else "乙", n % 3 != 0) for n in range(20)
)
"""Revenue at least, staff at least, level, must be in good standing."""
KINDS = {
    "revenue": Kind.NUMBER,
    "staff": Kind.NUMBER,
    "level": Kind.TEXT,
    "good": Kind.TRUTH,
}


def table() -> Table:
    """Twenty rules of four conditions; the first that holds counts."""
    rules = tuple(
        Rule(
            name=str(number),
            cells=tuple(
                read_cell(text, Column(kind))
                for text, kind in zip(
                    (f"≥ {revenue}", f"≥ {staff}", level, "是" if good else "-"),
                    KINDS.values(),
                    strict=True,
                )
            ),
            answer=(f"档{number}",),
        )
        for number, (revenue, staff, level, good) in enumerate(ROWS, start=1)
    )
    return Table(
        name="奖补",
        policy=HitPolicy.FIRST,
        inputs=tuple(Input(name=name, kind=kind) for name, kind in KINDS.items()),
        outputs=(Output(name="档", kind=Kind.TEXT, default="无"),),
        rules=rules,
    )


def if_chain() -> Callable[[dict[str, Any]], str]:
    """What a programmer would write: no reason, no third answer."""
    lines = ["def decide(g):", "    r, s, l, o = g['revenue'], g['staff'], g['level'], g['good']"]
    for number, (revenue, staff, level, good) in enumerate(ROWS, start=1):
        standing = " and o" if good else ""
        answer = f"return '档{number}'"
        lines.append(
            f"    if r >= {revenue} and s >= {staff} and l == '{level}'{standing}: {answer}"
        )
    lines.append("    return '无'")
    names: dict[str, Any] = {}
    exec("\n".join(lines), names)  # noqa: S102  # our own text
    chain: Callable[[dict[str, Any]], str] = names["decide"]
    return chain


def zen() -> Callable[[dict[str, Any]], Any] | None:
    """The same table in zen-engine, if it is there."""
    if importlib.util.find_spec("zen") is None:
        return None
    engine: Any = importlib.import_module("zen")
    rules = [
        {
            "_id": str(number),
            "revenue": f">= {revenue}",
            "staff": f">= {staff}",
            "level": f'"{level}"',
            "good": "true" if good else "",
            "tier": f'"档{number}"',
        }
        for number, (revenue, staff, level, good) in enumerate(ROWS, start=1)
    ]
    rules.append({"_id": "0", "revenue": "", "staff": "", "level": "", "good": "", "tier": '"无"'})
    node = {
        "id": "table",
        "name": "table",
        "type": "decisionTableNode",
        "content": {
            "hitPolicy": "first",
            "inputs": [{"id": name, "name": name, "field": name} for name in KINDS],
            "outputs": [{"id": "tier", "name": "tier", "field": "tier"}],
            "rules": rules,
        },
    }
    graph = {
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode"},
            node,
            {"id": "out", "name": "out", "type": "outputNode"},
        ],
        "edges": [
            {"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"},
            {"id": "2", "sourceId": "table", "targetId": "out", "type": "edge"},
        ],
    }
    decision = engine.ZenEngine().create_decision(json.dumps(graph))
    return lambda given: decision.evaluate(given)["result"]["tier"]


def microseconds(work: Callable[[dict[str, Any]], object], cases: list[dict[str, Any]]) -> float:
    """CPU time of one call."""
    begun = time.process_time()
    for case in cases:
        work(case)
    return (time.process_time() - begun) / len(cases) * 1e6


def main() -> None:
    """Print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    draw = random.Random(20240208)
    cases = [
        {
            "revenue": draw.randrange(1200),
            "staff": draw.randrange(70),
            "level": draw.choice("甲乙"),
            "good": draw.random() < 0.7,  # noqa: PLR2004  # most are
        }
        for _ in range(options.calls)
    ]
    ours, chain, peer = compiled(table()), if_chain(), zen()
    few = cases[: max(options.calls // 50, 1)]
    for case in few:
        assert ours(case).answers[0][0] == chain(case)  # noqa: S101  # same work or no comparison
        assert peer is None or peer(case) == chain(case)  # noqa: S101  # as above
    mine, floor, told, theirs = [], [], [], []
    for _ in range(options.runs):
        mine.append(microseconds(ours, cases))
        floor.append(microseconds(chain, cases))
        told.append(microseconds(lambda case: explain(ours(case)), few))
        if peer is not None:
            theirs.append(microseconds(peer, few))
    took = statistics.median(mine)
    base = statistics.median(floor)
    print(f"{options.calls:,} cases, 20 rules of 4 conditions; CPU of one, medians")
    print(f"if chain, no reason          {base:8.2f} µs")
    print(f"yinuo, masks of all reasons  {took:8.2f} µs  (ratio to the chain {took / base:.1f})")
    print(f"yinuo, reasons in sentences  {statistics.median(told):8.1f} µs")
    if theirs:
        other = statistics.median(theirs)
        print(f"zen-engine, answer alone     {other:8.1f} µs  ({other / took:.0f} × ours)")
        reached = "reached" if other / took >= GOAL_AGAINST_ZEN else "MISSED"
        print(f"goal: {GOAL_AGAINST_ZEN} × faster than zen-engine: {reached}")
    else:
        print("zen-engine is not installed (extra `bench`); left out")
    print(f"goal: ≤ {GOAL_MICROSECONDS} µs: {'reached' if took <= GOAL_MICROSECONDS else 'MISSED'}")


if __name__ == "__main__":
    main()
