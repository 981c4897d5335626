"""Commands are loaded when they are called, and none is forgotten."""

import ast
from pathlib import Path

import click
import pytest

from yinuo.project import cli as package
from yinuo.project.main import NOUNS, cli

TREE = {
    path.stem: ast.parse(path.read_text(encoding="utf-8"))
    for (folder,) in [package.__path__]
    for path in Path(folder).glob("*.py")
}


@pytest.fixture
def context() -> click.Context:
    return click.Context(cli)


def test_every_noun_is_the_command_that_its_module_holds(context: click.Context) -> None:
    found = {noun: cli.get_command(context, noun) for noun in NOUNS}
    assert {noun: command.name for noun, command in found.items() if command} == {
        n: n for n in NOUNS
    }


def test_every_command_is_a_noun_or_belongs_to_one() -> None:
    imported = {
        name.rpartition(".")[2]
        for tree in TREE.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for name in [node.module or ""]
        if name.startswith(package.__name__)
    }
    assert set(TREE) - {"__init__"} - imported - set(NOUNS) == set()


def test_a_name_that_is_no_command_is_none(context: click.Context) -> None:
    assert cli.get_command(context, "promises") is None
    assert "ledger" in cli.list_commands(context)
