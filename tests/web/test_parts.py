"""Every part of the addresses has a table of its own: who gets what on each of them."""

import ast
from pathlib import Path

from yinuo.web.urls import PARTS

TABLES = sorted(Path(__file__).parent.glob("*matrix.py"))


def test_no_part_is_without_a_table() -> None:
    covered: set[str] = set()
    for table in TABLES:
        for node in ast.walk(ast.parse(table.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "yinuo.web.routes":
                covered |= {alias.name for alias in node.names}
    assert {part.__name__.rpartition(".")[2] for part in PARTS} <= covered
