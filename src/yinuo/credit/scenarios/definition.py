"""A scenario (信用应用场景) as its file defines it, and which units may ask as what."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yinuo.credit.checked_rows import rows, sound
from yinuo.kernel.errors import Finding, YinuoError

ASKERS = "askers.csv"
ASKERS_COLUMNS = ("单位", "身份", "说明")
FIELDS = ("name", "question", "purpose", "basis", "table", "yes", "no", "open")
SUBJECTS = ("firm", "trader", "person")
LONGEST = 200


class BadScenario(YinuoError):
    """A file that defines no scenario; `findings` holds everything that is wrong with it."""

    code = "CREDIT-E170"
    status = 500

    def __init__(self, place: str, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        first = findings[0]
        super().__init__(
            f"场景文件有 {len(findings)} 处要改，第一处：{first.field} {first.rule}",
            place=place,
            next_step=first.next_step,
        )


class UnknownScenario(YinuoError):
    """No scenario has this name."""

    code = "CREDIT-E171"
    status = 404

    def __init__(self, name: str, known: Mapping[str, "Scenario"]) -> None:
        step = "可用的：" + "、".join(f"{one.id}（{one.name}）" for one in known.values())
        super().__init__(f"没有“{name[:40]}”这个场景", place="场景", next_step=step)


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One question that may be asked."""

    id: str
    name: str
    question: str
    purpose: str
    """Id of the purpose that covers it."""
    basis: str
    table: str
    """Name of the workbook in content/tables, without `.xlsx`."""
    subjects: frozenset[str]
    yes: str
    """What follows from each answer, in words for who asks."""
    no: str
    open: str
    pays_later: bool
    """Whether a bill may be paid later on a yes."""

    def outcome(self, answer: str) -> str:
        """What follows from `yes`, `no` or `undetermined`."""
        return {"yes": self.yes, "no": self.no}.get(answer, self.open)


def read_scenario(data: bytes, *, id: str) -> Scenario:  # noqa: A002  # the name of its file
    """The scenario that a TOML file defines. Raises `BadScenario` with every finding."""
    findings: list[Finding] = []

    def wrong(field: str, value: object, rule: str, step: str) -> None:
        findings.append(
            Finding(
                code=BadScenario.code,
                file=id,
                field=field,
                value=str(value)[:80],
                rule=rule,
                next_step=step,
            )
        )

    try:
        given: dict[str, Any] = tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        wrong("文件", "", f"不是 UTF-8 的 TOML：{error}", "对照示例文件改正这一处")
        raise BadScenario(id, tuple(findings)) from error
    said: dict[str, str] = {}
    for name in FIELDS:
        value = given.pop(name, "")
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
            wrong(name, value, f"须是 1 到 {LONGEST} 字的文字", f'写成 {name} = "…"')
        said[name] = str(value).strip()
    subjects = given.pop("subjects", [])
    if not isinstance(subjects, list) or not subjects or set(subjects) - set(SUBJECTS):
        wrong("subjects", subjects, f"须是 {'、'.join(SUBJECTS)} 中的几个", '写成 ["person"]')
        subjects = []
    pays_later = given.pop("pays_later", False)
    if not isinstance(pays_later, bool):
        wrong("pays_later", pays_later, "须是 true 或 false", "写成 pays_later = true，或删去")
    for name, value in given.items():
        wrong(name, value, "不认识这一项", "对照示例文件核对名称")
    if findings:
        raise BadScenario(id, tuple(findings))
    return Scenario(id=id, subjects=frozenset(subjects), pays_later=pays_later, **said)


def read_askers(data: bytes, *, file: str = ASKERS) -> Mapping[str, frozenset[str]]:
    """Unit → as what it may ask. Raises `BadTable` with every fault found."""
    findings: list[Finding] = []
    found: dict[str, frozenset[str]] = {}
    for row in rows(data, file=file, columns=ASKERS_COLUMNS, into=findings):
        unit = row.filled("单位")
        found[unit] = found.get(unit, frozenset()) | {row.filled("身份")}
    sound(findings)
    return found
