"""The same policies in OpenFisca-core, zen-engine and SpiffWorkflow, each used as its manual says.

All are optional (extra `bench`); `rates` says of each that is not installed that it was left out.
A condition is (attribute, cell, SQL), as in screen.py.
"""

import importlib
import importlib.util
import json
import time
from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import pyarrow as pa

Policies = Sequence[Sequence[tuple[str, str, str]]]
FIRMS_OF_SINGLE_ENGINES = 100
DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def bounds(cell: str) -> tuple[float, float]:
    """The half-open interval that a cell on a number allows."""
    if cell.startswith("≥"):
        return float(cell[2:]), np.inf
    if cell.startswith("<"):
        return -np.inf, float(cell[2:])
    low, high = cell[1:-1].split("..")
    return float(low), float(high)


def codes_of(cell: str) -> list[str]:
    """The codes that a cell on a text allows."""
    return cell.split("、")


def by_openfisca(policies: Policies, numbers: Mapping[str, Any], codes: Mapping[str, Any]) -> Any:  # noqa: ANN401  # a function for `seconds`
    """A variable a policy, worked out for all firms as vectors; codes are integers in arrays."""
    entities, periods = _module("entities"), _module("periods")
    variables, systems = _module("variables"), _module("taxbenefitsystems")
    simulations = _module("simulations")
    firm = entities.build_entity(key="firm", plural="firms", label="", is_person=True)
    system = systems.TaxBenefitSystem([firm])
    always = periods.DateUnit.ETERNITY

    def variable(name: str, kind: type, formula: Callable[..., Any] | None = None) -> None:
        body: dict[str, Any] = {"value_type": kind, "entity": firm, "definition_period": always}
        if formula:
            body["formula"] = formula
        system.add_variable(type(name, (variables.Variable,), body))

    for name in numbers:
        variable(name, float)
    for name in codes:
        variable(name, int)
    for number, conditions in enumerate(policies):
        variable(f"p{number}", bool, _formula(conditions, codes))
    count = len(next(iter(numbers.values())))

    def work() -> None:
        simulation = simulations.SimulationBuilder().build_default_simulation(system, count=count)
        for name, values in {**numbers, **codes}.items():
            simulation.set_input(name, "2026-01", values)
        for number in range(len(policies)):
            simulation.calculate(f"p{number}", "2026-01")

    return work


def _formula(
    conditions: Sequence[tuple[str, str, str]], codes: Mapping[str, Any]
) -> Callable[..., Any]:
    plan = [
        (name, [int(code[1:]) for code in codes_of(cell)] if name in codes else bounds(cell))
        for name, cell, _ in conditions
    ]

    def formula(firm: Any, period: Any) -> Any:  # noqa: ANN401  # OpenFisca's
        held = np.ones(firm.count, np.bool_)
        for name, allowed in plan:
            values = firm(name, period)
            if isinstance(allowed, list):
                held &= np.isin(values, allowed)
            else:
                held &= (values >= allowed[0]) & (values < allowed[1])
        return held

    return formula


def _module(name: str) -> Any:  # noqa: ANN401  # untyped and optional
    return importlib.import_module(f"openfisca_core.{name}")


def zen_engines(policies: Policies) -> list[Callable[[dict[str, Any]], bool]]:
    """One table a policy."""
    engine: Any = importlib.import_module("zen").ZenEngine()
    return [_zen(engine, conditions) for conditions in policies]


def _zen(
    engine: Any,  # noqa: ANN401  # untyped
    conditions: Sequence[tuple[str, str, str]],
) -> Callable[[dict[str, Any]], bool]:  # untyped
    names = [name for name, _, _ in conditions]
    rule = {"_id": "1", "yes": "true"}
    for name, cell, _ in conditions:
        rule[name] = (
            ", ".join(json.dumps(code) for code in codes_of(cell))
            if name.startswith("c")
            else cell.replace("≥", ">=")
        )
    other = {"_id": "2", "yes": "false", **dict.fromkeys(names, "")}
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": name, "name": name, "field": name} for name in names],
        "outputs": [{"id": "yes", "name": "yes", "field": "yes"}],
        "rules": [rule, other],
    }
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {"id": "table", "name": "table", "type": "decisionTableNode", "content": content},
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "2", "sourceId": "table", "targetId": "out", "type": "edge"},
    ]
    decision = engine.create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    return lambda given: bool(decision.evaluate(given)["result"]["yes"])


def spiff_engines(policies: Policies) -> list[Callable[[dict[str, Any]], bool]]:
    """One table a policy, read from DMN XML."""
    etree = importlib.import_module("lxml.etree")
    parser = importlib.import_module("SpiffWorkflow.dmn.parser.DMNParser").DMNParser
    engine = importlib.import_module("SpiffWorkflow.dmn.engine.DMNEngine").DMNEngine
    script = importlib.import_module("SpiffWorkflow.bpmn.script_engine").PythonScriptEngine()
    workflow = SimpleNamespace(script_engine=script)
    found = []
    for conditions in policies:
        read = parser(None, etree.fromstring(_xml(conditions).encode()), {"dmn": DMN})
        read.parse()
        found.append(_spiff(engine(read.decision.decisionTables[0]), workflow))
    return found


def _spiff(engine: Any, workflow: SimpleNamespace) -> Callable[[dict[str, Any]], bool]:  # noqa: ANN401  # untyped
    return lambda given: bool(engine.decide(SimpleNamespace(workflow=workflow, data=given)))


def _xml(conditions: Sequence[tuple[str, str, str]]) -> str:
    inputs = "".join(
        f'<input id="i{n}"><inputExpression id="e{n}" typeRef="Any"><text>{name}</text>'
        "</inputExpression></input>"
        for n, (name, _, _) in enumerate(conditions)
    )
    cells = "".join(
        f'<inputEntry id="c{n}"><text>{escape(_python(name, cell))}</text></inputEntry>'
        for n, (name, cell, _) in enumerate(conditions)
    )
    return (
        f'<definitions xmlns="{DMN}" id="d" name="d"><decision id="t" name="t"><decisionTable '
        f'id="x">{inputs}<output id="o" name="yes" typeRef="boolean"/><rule id="r">{cells}'
        '<outputEntry id="a"><text>True</text></outputEntry></rule></decisionTable></decision>'
        "</definitions>"
    )


def _python(name: str, cell: str) -> str:
    if name.startswith("c"):
        return f"? in {codes_of(cell)!r}"
    low, high = bounds(cell)
    if high == np.inf:
        return f"? >= {low}"
    return f"? < {high}" if low == -np.inf else f"{low} <= ? < {high}"


SINGLE = {"zen": ("zen-engine", zen_engines), "SpiffWorkflow": ("SpiffWorkflow", spiff_engines)}


def rates(policies: Policies, batch: pa.RecordBatch) -> list[str]:
    """A line for each peer: decisions a second on one processor, or that it is not installed."""
    filled = {
        name: batch.column(name).fill_null(0 if name.startswith("n") else "")
        for name in batch.schema.names
        if name != "id"
    }
    lines = [_openfisca_rate(policies, filled)]
    rows = pa.table(filled).slice(0, FIRMS_OF_SINGLE_ENGINES).to_pylist()
    wanted = None
    for module, (name, build) in SINGLE.items():
        if importlib.util.find_spec(module) is None:
            lines.append(_left_out(name))
            continue
        engines = build(policies)
        start = time.process_time()
        answers = [engine(row) for row in rows for engine in engines]
        spent = time.process_time() - start
        assert wanted in (None, answers)  # noqa: S101  # same work or no comparison
        wanted = answers
        lines.append(_line(f"{name}, one table a policy, {len(rows)} firms", len(answers), spent))
    return lines


def _openfisca_rate(policies: Policies, filled: Mapping[str, Any]) -> str:
    if importlib.util.find_spec("openfisca_core") is None:
        return _left_out("OpenFisca-core")
    numbers = {n: v.to_numpy(zero_copy_only=False) for n, v in filled.items() if n[0] == "n"}
    codes = {
        n: np.array([int(code[1:]) if code else -1 for code in v.to_pylist()])
        for n, v in filled.items()
        if n[0] == "c"
    }
    work = by_openfisca(policies, numbers, codes)
    work()
    start = time.process_time()
    work()
    firms = len(next(iter(numbers.values())))
    done = firms * len(policies)
    return _line("OpenFisca-core, vectors, no third answer", done, time.process_time() - start)


def _line(name: str, decisions: int, spent: float) -> str:
    return f"{name:52} {spent:6.2f} s of processor, {decisions / spent / 1e6:8.3f} M/s a CPU second"


def _left_out(name: str) -> str:
    return f"{name} is not installed (extra `bench`); left out"
