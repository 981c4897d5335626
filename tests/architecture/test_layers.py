"""Imports go down only, models are private, and a package is entered through its face."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import ROOT, SOURCE, Module, contract, modules, pyproject

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")

FACE = frozenset({"commands", "errors", "kinds", "queries"})
"""What other packages may import of a package that has models; errors are what commands raise."""
ALSO_OPEN = {
    # Models need their base class, commands their decorator's vocabulary.
    "ledger": frozenset(
        {
            "cosigners",
            "erased",
            "export",
            "files",
            "history",
            "key",
            "memory",
            "outbox",
            "printed",
            "published",
            "recover",
            "retrieval",
            "recorded",
            "remembered",
            "replay",
            "snapshot",
            "source",
            "thread",
            "tlog",
            "verify",
            "witnessed",
        }
    ),
    # Every command and query names who asks; sign-ins are written by another's tables.
    "parties": frozenset({"sign_ins", "viewer"}),
    # Looking at a file and comparing two, without a database.
    "content": frozenset({"calendars", "differences", "examining", "timeline"}),
    # Words and arithmetic without a database, the registry that `kinds` of others fill, and how
    # texts and entries of the ledger are told.
    "commitments": frozenset(
        {
            "alike",
            "curve",
            "default_clock",
            "differences",
            "ended",
            "figures",
            "letters",
            "life",
            "lights",
            "numbering",
            "progress",
            "registry",
            "reported",
            "searchtext",
            "shares",
            "signatures",
            "sources",
            "spoken",
            "standing",
            "story",
            "wording",
            "words",
        }
    ),
    # The plan's file: read, checked and written without touching a row.
    "goals": frozenset(
        {
            *("compare", "facets", "indicators", "leads", "plan", "port", "projects", "roster"),
            "workbook",
        }
    ),
    # What services say, the life of a case and its clocks, files of others: no row is touched.
    "cases": frozenset(
        {
            *("audit", "clocks", "construction", "deferrals", "feed", "held", "items", "life"),
            *("problems", "supervising"),
            # Views as data, areas of problems as content, and the check of stored dates.
            *("in_force.flows", "in_force.problems", "stored.columns"),
            *("shown.spoken", "shown.utilities", "shown.views"),
        }
    ),
    # What sources, purposes and rules say, grades, reports, scenarios and simulated deliveries as
    # data; the lake and the read log, which are files; what is asked of the lake as a whole.
    "credit": frozenset(
        {
            *(
                "answering",
                "catalogue",
                "consent_sheet",
                "exchange",
                "grade",
                "linking",
                "matters",
                "profile",
                "purposes",
                "reads",
            ),
            *("record_kinds", "regimes", "report", "scenarios", "simulation", "sources"),
            *("aside", "corrections", "life", "means", "permission", "profiles", "provider"),
            *("standing", "subject_marks"),
        }
    ),
    # What a policy says, whom it fits, the files of banks.
    "benefits": frozenset({"banking", "definition", "life", "matching", "screening"}),
    # The addresses, and how events leave: signing, posting, networks.
    "api": frozenset({"hooks", "urls"}),
    # What pages and commands compute with or show without touching a row.
    "supervision": frozenset(
        {
            "doubt_life",
            "draws",
            "orders",
            "papers",
            "printing",
            "race",
            "rounds",
            "snapshots",
            "todo",
        }
    ),
    "notices": frozenset(
        {
            *("adapters", "hours", "outlets", "permission", "registry", "rendering", "tokens"),
            *("topics", "visits"),
        }
    ),
}
"""Further modules, or one module of a folder, that belong to a package's face, with the reason."""

PURE = ("yinuo.kernel", "yinuo.rules", "yinuo.lake", "yinuo.ledger.tlog")


def run_linter(config: Path, source: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT_IMPORTS, "--config", config, "--no-cache"],
        cwd=ROOT,
        env={"PYTHONPATH": str(source), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def imported(module: Module) -> Iterator[str]:
    """The full names that a module imports."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def side_doors(found: list[Module]) -> list[str]:
    """Imports that enter a package with models other than through its face."""
    stored = {module.package for module in found if module.parts[:1] == ("models",)}
    doors = []
    for module in found:
        for name in imported(module):
            parts = name.split(".")
            if parts[0] != "yinuo" or len(parts) < 3 or parts[1] not in stored:
                continue
            is_open = {parts[2], ".".join(parts[2:4])} & (
                FACE | ALSO_OPEN.get(parts[1], frozenset())
            )
            if parts[1] != module.package and not is_open:
                doors.append(f"{module.name} imports {name}")
    return doors


def test_import_contracts_hold() -> None:
    done = run_linter(ROOT / "pyproject.toml", SOURCE)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_upward_import_is_found(tmp_path: Path) -> None:
    for package in ("kernel", "parties", "web"):
        (tmp_path / "yinuo" / package).mkdir(parents=True)
        (tmp_path / "yinuo" / package / "__init__.py").touch()
    (tmp_path / "yinuo" / "__init__.py").touch()
    (tmp_path / "yinuo" / "kernel" / "clock.py").write_text("import yinuo.parties\n")
    config = tmp_path / "layers.toml"
    config.write_text(
        '[tool.importlinter]\nroot_package = "yinuo"\n[[tool.importlinter.contracts]]\n'
        'name = "layers"\ntype = "layers"\ncontainers = ["yinuo"]\nexhaustive = true\n'
        'layers = ["web", "parties", "kernel"]\n'
    )
    done = run_linter(config, tmp_path)
    assert done.returncode == 1, done.stderr
    assert "yinuo.kernel.clock -> yinuo.parties" in done.stdout


def test_packages_are_entered_through_their_face() -> None:
    assert side_doors(list(modules())) == []


def test_a_side_door_is_found(tmp_path: Path) -> None:
    for name, text in {
        "yinuo/parties/models.py": "",
        "yinuo/parties/names.py": "",
        "yinuo/parties/commands.py": "from yinuo.parties.models import Unit\n",
        "yinuo/web/board.py": (
            "from yinuo.parties import commands, names\nfrom yinuo.parties.models import Unit\n"
        ),
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert side_doors(list(modules(tmp_path))) == [
        "yinuo.web.board imports yinuo.parties.names",
        "yinuo.web.board imports yinuo.parties.models.Unit",
    ]


def test_every_package_with_models_protects_them() -> None:
    protected = {
        name
        for found in pyproject()["tool"]["importlinter"]["contracts"]
        if found["type"] == "protected"
        for name in found["protected_modules"]
    }
    stored = {
        f"yinuo.{module.package}.models" for module in modules() if module.parts[:1] == ("models",)
    }
    assert stored == protected


def test_every_pure_package_is_kept_from_django() -> None:
    present = {module.name for module in modules()} & set(PURE)
    assert present <= set(contract("pure")["source_modules"])
