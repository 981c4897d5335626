"""The facts of one case, as JSON gives them, read into the types a model declares; and back."""

import difflib
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation, Overflow

from yinuo.kernel.errors import Finding
from yinuo.rules.dmn.index import Index, basic_type
from yinuo.rules.dmn.model import Decision, ItemDefinition, Models
from yinuo.rules.facts import FactsRefused
from yinuo.rules.feel.temporal import read_date, read_date_time, read_duration, read_time
from yinuo.rules.feel.values import ARITHMETIC, Function, NoValue, Range, Value
from yinuo.rules.feel.writing import number_text, temporal_text, text_of

_TEMPORAL: dict[str, tuple[Callable[[str], Value], str]] = {
    "date": (read_date, "2026-03-01"),
    "time": (read_time, "09:30:00"),
    "date and time": (read_date_time, "2026-03-01T09:30:00"),
    "days and time duration": (read_duration, "P30D"),
    "years and months duration": (read_duration, "P1Y6M"),
}
_HOW = {"number": "请写成 12.5", "string": "请写在引号里", "boolean": "请写成 true 或 false"}


class _Misread(Exception):
    """A fact of another type; says what and what to do."""

    def __init__(self, what: str, next_step: str) -> None:
        super().__init__(what)
        self.what = what
        self.next_step = next_step


def read_given(given: Mapping[str, object], models: Models) -> dict[str, Value]:
    """The facts by name. Raises `FactsRefused` with everything that is of no use.

    >>> read_given({}, Models(models=()))
    {}
    """
    index = Index(models)
    types = _declared(models)
    imports = {each.name for model in models.models for each in model.imports if each.name}
    found: dict[str, Value] = {}
    findings: list[Finding] = []
    for name, value in given.items():
        if name not in types and name not in imports:
            near = difflib.get_close_matches(name, types, 1, 0.4)
            hint = f"是不是“{near[0]}”？" if near else ""
            step = f"{hint}可用的名称：{'、'.join(types)}"
            findings.append(_finding(name, value, "模型没有这个输入", step))
            continue
        namespace, type_name = types.get(name, ("", ""))
        try:
            found[name] = _read(value, type_name, namespace, index)
        except _Misread as misread:
            findings.append(_finding(name, value, misread.what, misread.next_step))
    if findings:
        raise FactsRefused(findings)
    return found


def _declared(models: Models) -> dict[str, tuple[str, str]]:
    """Namespace and type of everything that can be given, by name."""
    found: dict[str, tuple[str, str]] = {}
    index = Index(models)
    for model in models.models:
        for each in model.inputs:
            found.setdefault(each.name, (model.namespace, each.type_name))
        for function in model.knowledge:
            for parameter in function.logic.parameters if function.logic is not None else ():
                found.setdefault(parameter.name, (model.namespace, parameter.type_name))
        for decision in model.decisions:
            if decision.expression is None:
                found.setdefault(decision.name, (model.namespace, decision.type_name))
        for service in model.services:
            for each_input in map(index.node, service.decisions):
                if each_input is not None and isinstance(each_input.node, Decision):
                    node = each_input.node
                    found.setdefault(node.name, (each_input.model.namespace, node.type_name))
    return found


def _finding(name: str, value: object, what: str, next_step: str) -> Finding:
    return Finding(
        code=FactsRefused.code, field=name, value=str(value)[:60], rule=what, next_step=next_step
    )


def _read(value: object, type_name: str, namespace: str, index: Index) -> Value:
    if value is None:
        return None
    if basic := basic_type(type_name) if type_name else "Any":
        return _basic(value, basic)
    found = index.type(namespace, type_name)
    if found is None:
        return _basic(value, "Any")
    return _item(value, found.item, found.model.namespace, index)


def _item(value: object, item: ItemDefinition, namespace: str, index: Index) -> Value:
    if item.is_collection and isinstance(value, list):
        return [_one(each, item, namespace, index) for each in value]
    return _one(value, item, namespace, index)


def _one(value: object, item: ItemDefinition, namespace: str, index: Index) -> Value:
    if value is None:
        return None
    if not item.components:
        return _read(value, item.base, namespace, index)
    if not isinstance(value, dict):
        names = "、".join(each.name for each in item.components)
        raise _Misread(f"“{str(value)[:40]}”不是“{item.name}”", f"请写成 {{ }}，里面有 {names}")
    components = {each.name: each for each in item.components}
    return {
        str(name): _item(each, components[name], namespace, index)
        if name in components
        else _basic(each, "Any")
        for name, each in value.items()
    }


def _basic(value: object, name: str) -> Value:
    if name in _TEMPORAL:
        read, example = _TEMPORAL[name]
        try:
            return read(value) if isinstance(value, str) else _strange(value, name)
        except NoValue as reason:
            raise _Misread(f"“{str(value)[:40]}”：{reason}", f'请写成 "{example}"') from reason
    if name == "number" and isinstance(value, str):
        try:
            return _number(Decimal(value))
        except InvalidOperation as error:
            raise _Misread(f"“{value[:40]}”不是 number", _HOW[name]) from error
    found = _plain(value)
    fits = {"number": Decimal, "string": str, "boolean": bool}.get(name)
    if fits is not None and found is not None and type(found) is not fits:
        # One item may stand for a list of it, so lists pass here and are judged with the type.
        return found if isinstance(found, list) else _strange(value, name)
    return found


def _strange(value: object, name: str) -> Value:
    step = _HOW.get(name) or f'请写成 "{_TEMPORAL[name][1]}"'
    raise _Misread(f"“{str(value)[:40]}”不是 {name}", step)


def _number(number: Decimal) -> Decimal:
    try:
        if number.is_finite():
            return ARITHMETIC.plus(number)
    except Overflow:
        pass  # said below, with all that are no numbers of FEEL
    raise _Misread(f"“{str(number)[:40]}”不是 number", _HOW["number"])


def _plain(value: object) -> Value:
    match value:
        case None | bool() | str():
            return value
        case int() | Decimal():
            return _number(Decimal(value))
        case float():
            return _number(Decimal(repr(value)))
        case list():
            return [_plain(each) for each in value]
        case dict():
            return {str(name): _plain(each) for name, each in value.items()}
    raise _Misread(f"“{str(value)[:40]}”不是 JSON 的值", "请写数、文本、true、false、列表或 { }")


def plain(value: Value) -> object:
    """A value as JSON has it: exact numbers, days and durations as text.

    >>> plain({"金额": Decimal("12.50"), "可以": True})
    {'金额': '12.5', '可以': True}
    """
    match value:
        case None | bool() | str():
            return value
        case Decimal():
            return number_text(ARITHMETIC.normalize(value))
        case list():
            return [plain(each) for each in value]
        case dict():
            return {name: plain(each) for name, each in value.items()}
        case Range() | Function():
            return text_of(value)
    return temporal_text(value)
