"""Locks hold names, versions and hashes: no host, no path, nothing unhashed."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from tests.architecture.tree import ROOT, pyproject

LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
PACKAGE_LOCK = ROOT / "package-lock.json"

PINNED = re.compile(r"[a-z0-9]+(?:[-._][a-z0-9]+)*==[0-9][\w.!+]*(?: ; [\w .'\"=<>!()-]+)?")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
PLACE = re.compile(r"://|^file:|^\.{0,2}/|^~|^[A-Za-z]:[\\/]|\.(?:whl|tgz|tar\.gz)\b")
"""An address, a local path, or the file behind one."""


def lock_faults(text: str) -> list[str]:
    """What a requirements lock must not hold."""
    faults = []
    joined = text.replace("\\\n", " ")
    for line in joined.splitlines():
        if not line.strip():
            continue
        if line.startswith("#"):
            faults += [f"address in a comment: {line}"] if PLACE.search(line) else []
            continue
        requirement, *hashes = re.split(r"\s+(?=--)", line.strip())
        if not PINNED.fullmatch(requirement.strip()):
            faults.append(f"not name==version: {requirement}")
        if not hashes or not all(HASH.fullmatch(found.strip()) for found in hashes):
            faults.append(f"not hashed: {requirement}")
    return faults


def _places(value: object, path: str) -> list[str]:
    if isinstance(value, dict):
        return [f for key, item in value.items() for f in _places(item, f"{path}.{key}")]
    if isinstance(value, list):
        return [f for index, item in enumerate(value) for f in _places(item, f"{path}[{index}]")]
    return [f"{path}: {value}"] if isinstance(value, str) and PLACE.search(value) else []


def npm_faults(text: str) -> list[str]:
    """What a package-lock.json must not hold."""
    lock = json.loads(text)
    faults = _places(lock, "$")
    for name, package in lock["packages"].items():
        if name == "":
            continue
        if package.get("link"):
            faults.append(f"local link: {name}")
        if not re.fullmatch(r"sha512-[A-Za-z0-9+/=]{88}", package.get("integrity", "")):
            faults.append(f"no integrity: {name}")
    return faults


def pins(lock: Path) -> dict[str, set[str]]:
    """Package → versions; a package has several where they differ by Python version."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"(?m)^([a-z0-9._-]+)==(\S+)", lock.read_text("utf-8")):
        found.setdefault(name, set()).add(version)
    return found


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_requirements_name_no_place_and_are_hashed(lock: Path) -> None:
    assert pins(lock)
    assert lock_faults(lock.read_text("utf-8")) == []


def test_package_lock_names_no_place_and_has_integrity() -> None:
    text = PACKAGE_LOCK.read_text("utf-8")
    assert len(json.loads(text)["packages"]) > 1
    assert npm_faults(text) == []


def test_package_lock_follows_package_json() -> None:
    wanted = json.loads((ROOT / "package.json").read_text("utf-8"))["dependencies"]
    assert json.loads(PACKAGE_LOCK.read_text("utf-8"))["packages"][""]["dependencies"] == wanted


def test_locks_satisfy_pyproject() -> None:
    project = pyproject()["project"]
    extras = project["optional-dependencies"]
    run, spark, test = (pins(lock) for lock in LOCKS[1:])
    for lock, wanted in (
        (spark, extras["spark"]),
        (run, [*project["dependencies"], *extras["postgres"]]),
        (test, [*project["dependencies"], *extras["postgres"], *extras["test"]]),
    ):
        for text in wanted:
            requirement = Requirement(text)
            versions = lock[requirement.name.lower()]
            assert all(requirement.specifier.contains(version) for version in versions), text


def test_what_runs_is_what_was_tested() -> None:
    names = ["node.lock", "run.lock", "spark.lock", "test.lock"]
    assert [lock.name for lock in LOCKS] == names
    run, spark, test = (pins(lock) for lock in LOCKS[1:])
    assert run == {name: test[name] for name in run}
    assert all(spark[name] == test[name] for name in spark.keys() & test.keys())


def test_no_uv_or_index_settings_name_a_host() -> None:
    for name in (".npmrc", "pyproject.toml", "package.json"):
        assert "://" not in (ROOT / name).read_text("utf-8"), name
    assert "uv" not in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]


GOOD = "click==8.5.1 ; python_version < '3.13' \\\n    --hash=sha256:" + "a" * 64 + "\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (GOOD, None),
        ("click==8.5.1\n", "not hashed"),
        (GOOD.replace("sha256", "md5"), "not hashed"),
        (GOOD.replace("==", ">="), "not name==version"),
        ("--index-url https://mirror.example/simple\n" + GOOD, "not name==version"),
        ("--find-links /srv/wheels\n" + GOOD, "not name==version"),
        ("click @ file:///srv/click.whl --hash=sha256:" + "a" * 64 + "\n", "not name==version"),
        ("-e ./somewhere\n", "not name==version"),
        ("# uv pip compile --index-url https://mirror.example\n" + GOOD, "address in a comment"),
    ],
)
def test_planted_faults_in_requirements_are_found(text: str, fault: str | None) -> None:
    assert [found.partition(":")[0] for found in lock_faults(text)][:1] == (
        [fault] if fault else []
    )


@pytest.mark.parametrize(
    ("package", "fault"),
    [
        ({"integrity": "sha512-" + "A" * 86 + "=="}, None),
        ({"version": "1.0.0"}, "no integrity: a"),
        ({"integrity": "sha512-" + "A" * 86 + "==", "link": True}, "local link: a"),
        (
            {"integrity": "sha512-" + "A" * 86 + "==", "resolved": "https://mirror.example/a.tgz"},
            "$.packages.a.resolved: https://mirror.example/a.tgz",
        ),
        (
            {"integrity": "sha512-" + "A" * 86 + "==", "resolved": "file:../a"},
            "$.packages.a.resolved: file:../a",
        ),
    ],
)
def test_planted_faults_in_package_lock_are_found(
    package: dict[str, Any], fault: str | None
) -> None:
    text = json.dumps({"packages": {"": {}, "a": package}})
    assert npm_faults(text) == ([fault] if fault else [])
