"""How linkage is done: thresholds, fields and words, all of it data in content/linkage."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yinuo.kernel.errors import Finding, YinuoError

FILE = "linkage.toml"
ROLES = ("region", "address", "representative", "document", "phone", "account")
"""What linkage compares besides names and codes as written."""
WORDS = ("regions", "forms", "trades")
_THOUSAND = 1_000


class BadLinkage(YinuoError):
    """A file of linkage settings with faults: all of them."""

    code = "CREDIT-E022"

    def __init__(self, place: str, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        said = "；".join(f"{each.field} {each.rule}" for each in self.findings)
        super().__init__(
            f"关联设置有 {len(self.findings)} 处错误：{said}",
            place=place,
            next_step="照随软件附带的 content/linkage/linkage.toml 改正",
        )


@dataclass(frozen=True, kw_only=True)
class LinkageSettings:
    """Read by `read_settings`."""

    version: str
    link_mille: int
    """From this score on a model links by itself."""
    propose_mille: int
    """From this score on a person is asked."""
    margin_mille: int
    """A second entity so near to the best leaves it to a person."""
    pairs_per_description: int
    """Candidate pairs that one blocking rule may give for each description sent, on average."""
    roles: Mapping[str, tuple[str, ...]]
    """Our column → fields of sources, the first that a source has."""
    words: Mapping[str, tuple[str, ...]]
    """Regions, forms and trades: what a firm's name has around its core."""


def read_settings(data: bytes, *, place: str = FILE) -> LinkageSettings:
    """Settings from TOML. Raises `BadLinkage` with all faults."""
    try:
        given = tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadLinkage(place, [_finding("", "", f"不是 TOML：{error}")]) from None
    findings = _faults(given)
    if findings:
        raise BadLinkage(place, findings)
    return LinkageSettings(
        version=given["version"],
        **{name: given[name] for name in _LIMITS},
        roles={role: tuple(given["roles"].get(role, ())) for role in ROLES},
        words={kind: tuple(sorted(given["names"][kind], key=_longest)) for kind in WORDS},
    )


_LIMITS = {
    "link_mille": _THOUSAND,
    "propose_mille": _THOUSAND,
    "margin_mille": _THOUSAND,
    "pairs_per_description": 100_000,
}
"""Numbers and the greatest that each may be."""
_KNOWN = {"version", "roles", "names", *_LIMITS}


def _faults(given: Mapping[str, Any]) -> list[Finding]:
    findings = [_finding(name, "", "不认识") for name in sorted(given.keys() - _KNOWN)]
    if not isinstance(given.get("version"), str) or not given["version"]:
        findings.append(_finding("version", str(given.get("version", "")), "应为文字"))
    for name, most in _LIMITS.items():
        value = given.get(name)
        if type(value) is not int or not 0 <= value <= most:
            findings.append(_finding(name, str(value), f"应为 0 至 {most} 的整数"))
    if not findings and given["propose_mille"] > given["link_mille"]:
        findings.append(_finding("propose_mille", "", "不能高于 link_mille"))
    for table, names in (("roles", ROLES), ("names", WORDS)):
        found = given.get(table)
        if not isinstance(found, dict):
            findings.append(_finding(table, "", "缺少这一节"))
            continue
        findings += [
            _finding(f"{table}.{name}", "", "不认识") for name in sorted(found.keys() - set(names))
        ]
        findings += [
            _finding(f"{table}.{name}", "", "应为一列文字")
            for name in names
            if not _texts(found.get(name, [] if table == "roles" else None))
        ]
    return findings


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and each for each in value)


def _finding(field: str, value: str, rule: str) -> Finding:
    return Finding(
        code=BadLinkage.code, file=FILE, field=field, value=value, rule=rule, next_step="改正这一项"
    )


def _longest(word: str) -> tuple[int, str]:
    return (-len(word), word)


@dataclass(frozen=True, kw_only=True)
class Linkage:
    """A folder of settings and models, and what the machine may spend."""

    settings: LinkageSettings
    models: Mapping[str, bytes]
    """firm and person → a trained Splink model as JSON."""
    memory: str = "2GB"
    temporary: Path | None = None
    """Where to spill; None: a new folder of the system's."""


def read_linkage(folder: Path, *, memory: str = "2GB", temporary: Path | None = None) -> Linkage:
    """Settings and models of a folder such as content/linkage. Raises `BadLinkage`."""
    return Linkage(
        settings=read_settings((folder / FILE).read_bytes(), place=str(folder / FILE)),
        models={path.stem: path.read_bytes() for path in sorted(folder.glob("*.json"))},
        memory=memory,
        temporary=temporary,
    )
