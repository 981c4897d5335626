"""Items as JSON with the columns of the national exchange standard (`up_task_*`). Pure."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from yinuo.cases.errors.items import BadDefinition, ItemRule
from yinuo.cases.items import codes
from yinuo.cases.items.codec import to_data
from yinuo.cases.items.definition import AT_ONCE, ItemDefinition
from yinuo.cases.items.gathering import (
    NOTHING,
    CheckedItems,
    Known,
    Line,
    Log,
    Place,
    checked,
)
from yinuo.cases.items.layout import CHILDREN, DERIVED, ITEMS, Column, Form, Sheet
from yinuo.cases.items.values import WRITTEN
from yinuo.kernel.limits import UnknownLimit, parse_limit

FORMAT = "yinuo.items/1"
SPLIT = ("anticipate", "promise")
"""Limits that the standard keeps in two columns, `…_day` and `…_type`."""
UNITS_OF_CODES = {unit: code for code, unit in codes.DAY_UNITS.items()}


# ── writing ─────────────────────────────────────────────────────────────────────────────────────


def national(item: ItemDefinition, *, unit_name: str = "", number: int = 1) -> dict[str, Any]:
    """One item by national column names; what follows from others is written too."""
    data = to_data(item)
    found = _columns_of(ITEMS, data)
    topics = data["topics"]
    persons = [one for one in topics if one in codes.PERSON_TOPICS and "自然人" in item.served]
    firms = [one for one in topics if one in codes.LEGAL_PERSON_TOPICS and "法人" in item.served]
    found |= {
        "dept_name": unit_name,
        "task_version": number,
        "task_state": "1",
        "is_fee": "1" if item.fees else "0",
        "handle_flow": "→".join(step.name for step in item.steps),
        "user_topic_type": ",".join(persons),
        "corp_topic_type": ",".join(firms),
    }
    for sheet in CHILDREN:
        held = data[sheet.field]
        if sheet.field == "declaration":
            found[sheet.national] = _columns_of(sheet, held) if held else None
        else:
            found[sheet.national] = [
                {**_columns_of(sheet, one), **_order(sheet, at)}
                for at, one in enumerate(held, start=1)
            ]
    return found


def national_file(items: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The whole of an export; each item as `national` gives it."""
    return {"format": FORMAT, "codes": codes.VERSION, "items": list(items)}


def _order(sheet: Sheet, number: int) -> dict[str, int]:
    return {"order_num": number} if sheet.field == "materials" else {}


def _columns_of(sheet: Sheet, data: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column in sheet.columns:
        value = data[column.field]
        if column.national in SPLIT:
            found |= _split(column, value)
        else:
            found[column.national] = _stated(column, value)
    return found


def _split(column: Column, value: str) -> dict[str, Any]:
    number, unit = (0, "1") if value == AT_ONCE else _coded_limit(value)
    return {f"{column.national}_day": number, f"{column.national}_type": unit}


def _coded_limit(value: str) -> tuple[int | str, str]:
    """Number and code of the unit; what cannot be read stays as it is."""
    try:
        number, kind = parse_limit(value)
    except UnknownLimit:
        return value, ""
    return number, UNITS_OF_CODES[WRITTEN[kind]]


def _stated(column: Column, value: Any) -> Any:  # noqa: ANN401  # whatever a field holds
    if column.form is Form.TRUTH:
        return "1" if value else "0"
    by_word: dict[str, str] = {word: code for code, word in (column.coded or {}).items()}
    if isinstance(value, list):
        return ",".join(by_word.get(str(word), str(word)) for word in value)
    return by_word.get(value, value) if isinstance(value, str) else value


# ── reading ─────────────────────────────────────────────────────────────────────────────────────


def check_json(data: bytes, *, file: str, known: Known = NOTHING) -> CheckedItems:
    """Every item of a JSON file and everything that is wrong with it, path by path.

    The file is what `national_file` writes, or a plain list of items, or one item. Columns that
    nobody knows are reported. Raises `BadDefinition` for what is no such file.
    """
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadDefinition(file, f"不是 JSON：{error}") from error
    items = found.get("items", [found]) if isinstance(found, dict) else found
    if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
        raise BadDefinition(file, "items 应是一组事项")
    log = Log(file)
    lines: dict[str, list[Line]] = {sheet.name: [] for sheet in (ITEMS, *CHILDREN)}
    for number, one in enumerate(items):
        path = f"items[{number}]"
        lines[ITEMS.name].append(_line(ITEMS, one, path, "", log))
        code = str(one.get(ITEMS.column("code").national, "")).strip()
        for sheet in CHILDREN:
            for at, child in _children(sheet, one, path, log):
                lines[sheet.name].append(_line(sheet, child, at, code, log))
    return checked(lines, log, known)


def _children(
    sheet: Sheet, item: Mapping[str, Any], path: str, log: Log
) -> Iterator[tuple[str, dict[str, Any]]]:
    held, at = item.get(sheet.national), f"{path}.{sheet.national}"
    if held is None:
        return
    listed = [held] if isinstance(held, dict) else held
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        log.add(ItemRule.FORM, Place("", at), "应是一组对象", "请按导出的样子写")
        return
    for number, one in enumerate(listed):
        yield f"{at}[{number}]", one


def _line(sheet: Sheet, given: Mapping[str, Any], path: str, item: str, log: Log) -> Line:
    raw: dict[str, object] = {}
    places: dict[str, Place] = {}
    known = set(DERIVED)
    for column in sheet.columns:
        name = column.national
        if name in SPLIT:
            known |= {f"{name}_day", f"{name}_type"}
            raw[column.field] = _joined(column, given)
            name = f"{name}_day"
        else:
            known.add(name)
            raw[column.field] = given.get(name, "")
        places[column.field] = Place("", f"{path}.{name}")
    if sheet is ITEMS:
        known |= {child.national for child in CHILDREN}
        if not raw["topics"]:
            raw["topics"] = _topics(given)
        if not raw["reviewed"] and raw["promised_limit"] == AT_ONCE:
            raw["reviewed"] = codes.REVIEWED_AT_ONCE  # no field of the standard: what 即办 means
    for name in given.keys() - known:
        what = f"不认识列“{str(name)[:40]}”，没有读取"
        log.add(ItemRule.COLUMN, Place("", f"{path}.{name}"), what, "请核对列名，或另行保存这一列")
    return Line(Place("", path), raw, places, item)


def _topics(given: Mapping[str, Any]) -> str:
    parts = (str(given.get(name) or "") for name in ("user_topic_type", "corp_topic_type"))
    return ",".join(part for part in parts if part)


def _joined(column: Column, given: Mapping[str, Any]) -> object:
    """The two columns of a limit as one text; 0 days promised are 即办."""
    number, unit = given.get(f"{column.national}_day"), given.get(f"{column.national}_type")
    if number is None:
        return ""
    if column.national == "promise" and str(number) == "0":
        return AT_ONCE
    return f"{number}{codes.DAY_UNITS.get(str(unit), str(unit or ''))}"
