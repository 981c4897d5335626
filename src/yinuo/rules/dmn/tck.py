"""Running models of the DMN Technology Compatibility Kit: its cases, its comparison, its results.

    FOLDER/compliance-level-2/0004-simpletable-U/0004-simpletable-U.dmn
                                                 0004-simpletable-U-test-01.xml

Numbers are equal within 1e-8; where an error is expected, null is the answer.
"""

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from yinuo.kernel.errors import YinuoError
from yinuo.kernel.findings import Log
from yinuo.rules.dmn.decide import Answer, Engine
from yinuo.rules.dmn.model import DecisionService, Models
from yinuo.rules.dmn.read import read
from yinuo.rules.dmn.source import Element, load, parse
from yinuo.rules.feel.equality import same
from yinuo.rules.feel.temporal import read_date, read_date_time, read_duration, read_time
from yinuo.rules.feel.values import NoValue, Value

TOLERANCE = Decimal("1e-8")
LEVEL = "compliance-level-"
TEST_CASES = "testCases"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_TRUE = ("true", "1")
SUCCESS, ERROR = "SUCCESS", "ERROR"

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Expected:
    """What must come out for one node."""

    name: str
    value: Value
    is_error: bool

    @property
    def is_null(self) -> bool:
        """Whether nothing is expected."""
        return self.is_error or self.value is None


@dataclass(frozen=True, slots=True)
class Case:
    """One test case."""

    id: str
    invocable: str
    """The service or knowledge model to call; empty where the nodes themselves are asked for."""
    given: tuple[tuple[str, str, Value], ...]
    """Namespace, name and value of each input."""
    expected: tuple[Expected, ...]

    @property
    def expects_null(self) -> bool:
        """Whether nothing but null is expected."""
        return all(each.is_null for each in self.expected)


@dataclass(frozen=True, slots=True)
class Result:
    """How one case came out."""

    folder: str
    """The model's folder, from its level on."""
    test: str
    """The file of cases, without its ending."""
    case: str
    expects_null: bool
    passed: bool
    refused: bool = False
    """Whether the model or the case could not be read at all."""
    message: str = ""

    @property
    def level(self) -> str:
        """The compliance level: 2, 3, or nothing outside such folders."""
        return self.folder.partition("/")[0].removeprefix(LEVEL) if LEVEL in self.folder else ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many cases came out how."""

    cases: int
    passed: int
    refused: int
    null_cases: int
    null_passed: int

    @property
    def failed(self) -> int:
        """Those that were run and came out wrong."""
        return self.cases - self.passed - self.refused


def tally(results: Iterable[Result]) -> Tally:
    """The results, counted."""
    listed = list(results)
    nulls = [each for each in listed if each.expects_null]
    return Tally(
        cases=len(listed),
        passed=sum(each.passed for each in listed),
        refused=sum(each.refused for each in listed),
        null_cases=len(nulls),
        null_passed=sum(each.passed for each in nulls),
    )


# ── running ──────────────────────────────────────────────────────────────────────────────────────


def run_folder(
    folder: Path, progress: Progress | None = None, engine_of: Callable[[Models], Engine] = Engine
) -> list[Result]:
    """Run every file of test cases in a folder and below; none found gives an empty list."""
    files = sorted(path for path in folder.rglob("*.xml") if path.is_file())
    found: list[Result] = []
    for number, path in enumerate(files):
        if progress is not None:
            progress("测试", number, len(files))
        found += run_file(path, folder, engine_of)
    return found


def run_file(path: Path, top: Path, engine_of: Callable[[Models], Engine] = Engine) -> list[Result]:
    """Run the cases of one file; a file of something else has none."""
    log = Log(path.name)
    data = load(path, log)
    document = parse(data, log) if data is not None else None
    folder = _folder(path, top)
    if document is None:
        message = log.errors[0].rule
        return [
            Result(
                folder,
                path.stem,
                "",
                expects_null=False,
                passed=False,
                refused=True,
                message=message,
            )
        ]
    if document.root.name != TEST_CASES:
        return []
    model_name = document.root.first("modelName")
    model = path.parent / (
        model_name.text.strip() if model_name is not None else f"{path.stem}.dmn"
    )
    cases = document.root.all("testCase")
    checked = read(path.parent / model.name)
    if checked.models is None:
        message = "；".join(f"{each.code} {each.rule}" for each in checked.errors[:3])
        return [_refused(folder, path, each, message) for each in cases]
    engine = engine_of(checked.models)
    return [_run(engine, folder, path, each) for each in cases]


def _folder(path: Path, top: Path) -> str:
    """The folder of a file from its level on, or from the folder that is run."""
    parts = path.parent.resolve().parts
    levels = [place for place, part in enumerate(parts) if part.startswith(LEVEL)]
    if levels:
        return "/".join(parts[levels[-1] :])
    return path.parent.relative_to(top).as_posix()


def _refused(folder: str, path: Path, element: Element, message: str) -> Result:
    expects_null = False
    try:
        expects_null = read_case(element).expects_null
    except CaseUnreadable as error:
        message = f"{message}；{error}"
    return Result(
        folder,
        path.stem,
        element.get("id"),
        expects_null=expects_null,
        passed=False,
        refused=True,
        message=message,
    )


def _run(engine: Engine, folder: str, path: Path, element: Element) -> Result:
    try:
        case = read_case(element)
    except CaseUnreadable as error:
        return _refused(folder, path, element, str(error))
    try:
        problems = [
            problem
            for each in case.expected
            if (problem := _problem(engine, case, each)) is not None
        ]
    except YinuoError as error:
        return _refused(folder, path, element, error.what)
    return Result(
        folder,
        path.stem,
        case.id,
        expects_null=case.expects_null,
        passed=not problems,
        message="；".join(problems),
    )


def _problem(engine: Engine, case: Case, wanted: Expected) -> str | None:
    """What is wrong with the answer for one node; None if nothing is."""
    answer = engine.decide(case.invocable or wanted.name, _given(engine, case))
    value = _picked(engine, case, wanted, answer)
    if (wanted.is_error and value is None) or is_near(value, wanted.value):
        return None
    remarks = "，".join(str(each) for each in answer.remarks[:3])
    reason = f"（{remarks}）" if remarks else ""
    return f"{wanted.name}：应得 {written(wanted.value)}，实得 {written(value)}{reason}"


def _picked(engine: Engine, case: Case, wanted: Expected, answer: Answer) -> Value:
    """What a result speaks of: the whole answer, or one output of the service that was called."""
    found = engine.index.named(engine.main, case.invocable) if case.invocable else None
    if found is None or not isinstance(found.node, DecisionService):
        return answer.value
    nodes = [engine.index.node(each) for each in found.node.outputs]
    names = [each.node.name for each in nodes if each is not None]
    is_one_of_many = wanted.name in names and len(names) > 1
    if is_one_of_many and isinstance(answer.value, dict):
        return answer.value.get(wanted.name)
    return answer.value


def _given(engine: Engine, case: Case) -> dict[str, Value]:
    """Inputs by name; those of another model under the name of its import too."""
    found: dict[str, Value] = {name: value for _, name, value in case.given}
    for namespace, name, value in case.given:
        for imported in engine.main.imports:
            if namespace and imported.namespace == namespace and imported.name:
                held = found.get(imported.name)
                inner = dict(held) if isinstance(held, dict) else {}
                found[imported.name] = {**inner, name: value}
    return found


def is_near(found: Value, wanted: Value) -> bool:
    """Whether values are equal, numbers within the tolerance of the kit.

    >>> is_near(Decimal("0.333333333"), Decimal("0.33333333333333"))
    True
    """
    if isinstance(found, Decimal) and isinstance(wanted, Decimal):
        return abs(found - wanted) <= TOLERANCE
    if isinstance(found, list) and isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(is_near, found, wanted))
    if isinstance(found, dict) and isinstance(wanted, dict):
        return found.keys() == wanted.keys() and all(is_near(found[k], wanted[k]) for k in found)
    return same(found, wanted)


def written(value: Value) -> str:
    """A value for a message, cut where it is long."""
    if value is None:
        return "null"
    text = f"{value:f}" if isinstance(value, Decimal) else repr(value)
    return text if len(text) <= 200 else text[:200] + "…"  # noqa: PLR2004  # enough to see


# ── reading cases ────────────────────────────────────────────────────────────────────────────────


class CaseUnreadable(Exception):
    """A test case with a value of a type that is not known."""


def read_case(element: Element) -> Case:
    """One test case. Raises `CaseUnreadable`."""
    is_call = element.get("type", "decision") != "decision"
    return Case(
        id=element.get("id"),
        invocable=element.get("invocableName") if is_call else "",
        given=tuple(
            (each.get("namespace"), " ".join(each.get("name").split()), _value(each))
            for each in element.all("inputNode")
        ),
        expected=tuple(
            Expected(
                name=" ".join(each.get("name").split()),
                value=_value(expected) if (expected := each.first("expected")) else None,
                is_error=each.get("errorResult") in _TRUE,
            )
            for each in element.all("resultNode")
        ),
    )


def _value(element: Element) -> Value:
    """The value an element holds: a simple one, a list, or components by name."""
    components = element.all("component")
    if components:
        return {
            " ".join(each.get("name").split()): None if _is_nil(each) else _value(each)
            for each in components
        }
    listed = element.first("list")
    if listed is not None:
        return None if _is_nil(listed) else [_value(item) for item in listed.all("item")]
    simple = element.first("value")
    if simple is None or _is_nil(simple):
        return None
    return _simple(simple)


def _is_nil(element: Element) -> bool:
    return element.get(f"{_XSI}nil") in _TRUE


def _simple(element: Element) -> Value:
    kind = element.get(f"{_XSI}type").rpartition(":")[2]
    text = element.text
    read_as = _SIMPLE.get(kind)
    if read_as is None:
        raise CaseUnreadable(f"值的类型 xsd:{kind} 不认识")
    try:
        return read_as(text if kind in ("", "string") else text.strip())
    except (NoValue, InvalidOperation) as error:
        raise CaseUnreadable(f"“{text[:40]}”不是 {kind}") from error


_NUMBERS = ("decimal", "double", "float", "integer", "int", "long", "short", "byte")
_SIMPLE: dict[str, Callable[[str], Value]] = {
    "": str,
    "string": str,
    "boolean": lambda text: text in _TRUE,
    "date": read_date,
    "time": read_time,
    "dateTime": read_date_time,
    "duration": read_duration,
    "dayTimeDuration": read_duration,
    "yearMonthDuration": read_duration,
    **dict.fromkeys(_NUMBERS, Decimal),
}


# ── results ──────────────────────────────────────────────────────────────────────────────────────


def results_csv(results: Iterable[Result]) -> str:
    """The results as `tck_results.csv` publishes them."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for each in results:
        word = SUCCESS if each.passed else ERROR
        message = " ".join(each.message.split())
        writer.writerow([each.folder, each.test, each.case, word, "" if each.passed else message])
    return buffer.getvalue()


def results_properties(*, version: str, comment: str, on: date) -> str:
    """The facts about this engine as `tck_results.properties` publishes them."""
    facts = {
        "vendor.name": "The Yinuo authors",
        "vendor.url": "",
        "product.name": "Yinuo",
        "product.url": "",
        "product.version": version,
        "product.comment": comment,
        "last.update": on.isoformat(),
        "instructions.url": "",
    }
    return "".join(f"{name}={value}\n" for name, value in facts.items())
