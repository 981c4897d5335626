"""Where a decision table keeps in DMN what DMN has no place of its own for.

    <decision>
      <extensionElements>
        <yinuo:table name="奖补" sheet="奖补" validFrom="2026-01-01" basis="…">
          <yinuo:source name="成立日期" kind="日期"/>
    <input>  <extensionElements>  <yinuo:column name="比例" kind="百分比"/>

Other tools keep these elements and do not look at them.
"""

from yinuo.rules.dmn.model import Aggregation, Extension, HitPolicy
from yinuo.rules.kinds import Kind
from yinuo.rules.table import Aggregator
from yinuo.rules.table import HitPolicy as TablePolicy

NAMESPACE = "urn:yinuo:decision-table:1"
TABLE, COLUMN, SOURCE = "table", "column", "source"
EXAMPLE, GIVEN, EXPECTED = "example", "given", "expected"
NUMBER_NOTE = "编号"
"""The column of annotations that holds a rule's number; its remark is its description."""

POLICIES = {
    TablePolicy.UNIQUE: HitPolicy.UNIQUE,
    TablePolicy.ANY: HitPolicy.ANY,
    TablePolicy.PRIORITY: HitPolicy.PRIORITY,
    TablePolicy.FIRST: HitPolicy.FIRST,
    TablePolicy.COLLECT: HitPolicy.COLLECT,
}
AGGREGATIONS = {
    Aggregator.SUM: Aggregation.SUM,
    Aggregator.LEAST: Aggregation.MIN,
    Aggregator.MOST: Aggregation.MAX,
    Aggregator.COUNT: Aggregation.COUNT,
}
TYPES = {
    Kind.NUMBER: "number",
    Kind.PERCENT: "number",
    Kind.DAYS: "number",
    Kind.MONTHS: "number",
    Kind.DATE: "date",
    Kind.TEXT: "string",
    Kind.TRUTH: "boolean",
}
KINDS = {
    "number": Kind.NUMBER,
    "string": Kind.TEXT,
    "boolean": Kind.TRUTH,
    "date": Kind.DATE,
    "days and time duration": Kind.DAYS,
    "years and months duration": Kind.MONTHS,
}


def extension(name: str, attributes: dict[str, str], *children: Extension) -> Extension:
    """An element of ours, with the attributes that say something."""
    said = tuple((key, value) for key, value in attributes.items() if value)
    return Extension(namespace=NAMESPACE, name=name, attributes=said, children=children)


def own(extensions: tuple[Extension, ...], name: str) -> Extension | None:
    """The element of ours by that name."""
    for each in extensions:
        if each.namespace == NAMESPACE and each.name == name:
            return each
    return None
