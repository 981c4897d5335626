"""Every query says who asks; the only open doors are called `public_…`."""

import ast
from pathlib import Path

from tests.architecture.tree import Module, modules


def is_query_module(module: Module) -> bool:
    return "queries" in module.parts[:1]


def _asks_who(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """A keyword-only `viewer` without a default: with one, nobody would be asked."""
    pairs = zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
    return any(argument.arg == "viewer" and default is None for argument, default in pairs)


def open_doors(module: Module) -> list[str]:
    """Public functions of a query module that anyone could call."""
    functions = [
        node
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return [
        f"{module.name}.{function.name}"
        for function in functions
        if not function.name.startswith(("_", "public_")) and not _asks_who(function)
    ]


def test_every_query_has_a_viewer() -> None:
    found = [module for module in modules() if is_query_module(module)]
    assert {"ledger", "parties", "commitments"} <= {module.package for module in found}
    assert [door for module in found for door in open_doors(module)] == []


def test_a_query_without_viewer_is_found(tmp_path: Path) -> None:
    for name, text in {
        "yinuo/goals/queries/board.py": (
            "def shown(*, viewer): ...\n"
            "def public_counts(): ...\n"
            "def _inner(): ...\n"
            "def counts(*, year): ...\n"
            "def positional(viewer): ...\n"
            "async def optional(*, viewer=None): ...\n"
        ),
        "yinuo/goals/tree.py": "def free(): ...\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    found = [module for module in modules(tmp_path) if is_query_module(module)]
    assert [door for module in found for door in open_doors(module)] == [
        "yinuo.goals.queries.board.counts",
        "yinuo.goals.queries.board.positional",
        "yinuo.goals.queries.board.optional",
    ]
