"""Rows are written in `commands` and migrations, nowhere else.

The rule: a call named like an ORM write is one, unless its receiver is visibly something else
(see `origins`). Whoever updates a dict of unseen origin annotates it as a dict. The ledger's own
means of writing (`record` and its like) are for commands as well.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.origins import Function, Origin, Origins
from tests.architecture.tree import Module, contract, modules

SOMETIMES = frozenset({"create", "delete", "save", "update"})
ALWAYS = frozenset({"bulk_create", "bulk_update", "get_or_create", "update_or_create"})
"""Names that nothing but the ORM uses."""
SQL = frozenset({"execute", "executemany", "executescript", "raw"})
LEDGER = "yinuo.ledger.commands.recording"
MEANS = frozenset(
    {
        *("command", "prepare_new", "put_text"),
        *("record", "record_changed", "record_new", "record_prepared"),
    }
)
"""What commands are made of; to everybody else they would be a way around commands."""
PURE = tuple(contract("pure")["source_modules"])
"""Packages and modules that know no Django: import-linter holds it, so they have no rows."""
READS = re.compile(
    r"\s*(?:SELECT|EXPLAIN|PRAGMA|SET|SHOW|VALUES|WITH|BEGIN|ROLLBACK)\b", re.IGNORECASE
)
CHANGES = re.compile(r"\b(?:INSERT|UPDATE|DELETE|TRUNCATE|REPLACE)\b", re.IGNORECASE)


def may_write(module: Module) -> bool:
    """Commands and migrations; a management command (`management.commands`) is neither."""
    if module.parts[:1] in {("commands",), ("migrations",)}:
        return True
    return any(module.name == name or module.name.startswith(f"{name}.") for name in PURE)


def _sql_text(value: ast.AST, origins: Origins) -> str | None:
    """The statement as far as it is written out; None where it cannot be seen."""
    match value:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=[ast.Constant(value=str() as start), *_]):
            return start
        case ast.Name():
            scope: Origins | None = origins
            while scope is not None and value.id not in scope.bound:
                scope = scope.outer
            bound = scope.bound[value.id] if scope else []
            found = [_sql_text(b, origins) for b in bound if isinstance(b, ast.AST)]
            return "\n".join(t for t in found if t) if found and all(found) else None
        case ast.IfExp(body=body, orelse=other):
            texts = (_sql_text(body, origins), _sql_text(other, origins))
            return None if None in texts else "\n".join(t for t in texts if t)
    return None


def _is_write(call: ast.Call, origins: Origins) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    verb = call.func.attr
    plain = verb.removeprefix("a") if verb[1:] in SOMETIMES | ALWAYS else verb
    if plain in ALWAYS:
        return True
    receiver = origins.of_value(call.func.value)
    if plain in SOMETIMES:
        return receiver is Origin.UNKNOWN
    if verb in SQL and receiver is not Origin.FOREIGN:
        text = _sql_text(call.args[0], origins) if call.args else None
        return text is None or not READS.match(text) or CHANGES.search(text) is not None
    return False


def _calls(node: ast.AST, origins: Origins) -> Iterator[tuple[ast.Call, Origins]]:
    """Every call with the names that are in force where it stands."""
    for child in ast.iter_child_nodes(node):
        opens = isinstance(child, Function | ast.ClassDef)
        inner = Origins(child, origins) if opens else origins
        if isinstance(child, ast.Call):
            yield child, origins
        yield from _calls(child, inner)


def _means(module: Module) -> Iterator[str]:
    """The ledger's means of writing, as far as a module gets hold of them."""
    aliases = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if node.module == LEDGER and alias.name in MEANS:
                    yield f"{module.name}:{node.lineno} {alias.name}"
                if f"{node.module}.{alias.name}" == LEDGER:
                    aliases.add(alias.asname or alias.name)
    for node in ast.walk(module.tree):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if attr in MEANS:
                if name in aliases:
                    yield f"{module.name}:{node.lineno} {name}.{attr}"


def writes(module: Module) -> list[str]:
    """Where a module writes rows."""
    calls = [
        f"{module.name}:{call.lineno} {ast.unparse(call.func)}"
        for call, origins in _calls(module.tree, Origins(module.tree))
        if _is_write(call, origins)
    ]
    return [*calls, *_means(module)]


def test_rows_are_written_in_commands_only() -> None:
    found = list(modules())
    assert [line for module in found if not may_write(module) for line in writes(module)] == []


def test_the_tree_does_write_somewhere() -> None:
    """The test above would also pass if it saw no write at all."""
    ledger = [module for module in modules() if module.package == "ledger"]
    assert any(writes(module) for module in ledger if may_write(module))


def _planted(tmp_path: Path, name: str, text: str) -> Module:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return next(iter(modules(tmp_path)))


HEAD = """\
import copy, hashlib
from collections import Counter
from django.db import connection
from openpyxl import Workbook
from yinuo.goals.models import Goal
from yinuo.commitments import commands, queries
"""


@pytest.mark.parametrize(
    "line",
    [
        "Goal.objects.create(code='G1')",
        "Goal(code='G1').save()",
        "Goal.objects.filter(code='G1').update(code='G2')",
        "Goal.objects.all().delete()",
        "goal = Goal.objects.get(); goal.save()",
        "goal = Goal.objects.get(); goal.children.create()",
        "goal = copy.copy(Goal.objects.get()); goal.save()",
        "[Goal()][0].save()",
        "next(iter(Goal.objects.all())).delete()",
        "for goal in queries.rows(): goal.save()",
        "[goal.delete() for goal in Goal.objects.all()]",
        "anything.update(x=1)",
        "Goal.objects.bulk_create([])",
        "dict().get_or_create()",
        "Goal.objects.acreate()",
        "connection.cursor().execute('UPDATE goals_goal SET code = 1')",
        "connection.cursor().execute('BEGIN; UPDATE goals_goal SET code = 1; COMMIT')",
        "connection.cursor().execute('WITH x AS (SELECT 1) DELETE FROM goals_goal')",
        "statement = make(); connection.cursor().execute(statement)",
        "connection.cursor().execute(f'INSERT INTO {table} VALUES (1)')",
        "Goal.objects.raw('DROP TABLE goals_goal')",
    ],
)
def test_a_planted_write_is_found(tmp_path: Path, line: str) -> None:
    body = f"{HEAD}def view(request, anything, make, table):\n    {line}\n"
    found = writes(_planted(tmp_path, "yinuo/web/views.py", body))
    assert len(found) == 1, found


@pytest.mark.parametrize(
    "text",
    [
        "from yinuo.ledger.commands.recording import By, record\n",
        "from yinuo.ledger.commands import recording as ledger\nledger.record_new([])\n",
    ],
)
def test_the_means_of_writing_are_for_commands(tmp_path: Path, text: str) -> None:
    assert len(writes(_planted(tmp_path, "yinuo/web/views.py", text))) == 1


@pytest.mark.parametrize(
    "line",
    [
        "counts = {}; counts.update(a=1)",
        "counts = {k: 1 for k in 'ab'}; counts.update(a=1)",
        "counts = dict(a=1); counts.update(b=1)",
        "counts: dict[str, int] = make(); counts.update(a=1)",
        "counts = Counter(); counts.update('aab')",
        "digest = hashlib.sha256(); digest.update(b'')",
        "hashlib.sha256().update(b'')",
        "book = Workbook(); book.save('plan.xlsx')",
        "rest.update(a=1)",
        "hashed.update(b'')",
        "optional.update(a=1)",
        "commands.create(by=1)",
        "counts = made(); counts.update(a=1)",
        "Tally().update(1)",
        "connection.cursor().execute('SELECT 1')",
        "connection.cursor().execute('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')",
        "sql = 'SELECT 1'; connection.cursor().execute(sql)",
        "Goal.objects.filter(code='G1').count()",
    ],
)
def test_what_is_no_write_is_left_alone(tmp_path: Path, line: str) -> None:
    body = (
        f"{HEAD}class Tally:\n"
        "    def __init__(self): self.seen: dict[str, int] = {}; self.hash = hashlib.sha256()\n"
        "    def update(self, x): self.seen.update(a=x); self.hash.update(b'')\n"
        "def made() -> dict[str, int]: return {}\n"
        "def view(make, hashed: 'hashlib._Hash', optional: dict[str, int] | None = None, **rest):\n"
        f"    {line}\n"
    )
    assert writes(_planted(tmp_path, "yinuo/web/views.py", body)) == []


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("yinuo/goals/commands.py", True),
        ("yinuo/goals/commands/plan.py", True),
        ("yinuo/goals/migrations/0001_initial.py", True),
        ("yinuo/goals/management/commands/load.py", False),
        ("yinuo/goals/models.py", False),
        ("yinuo/goals/queries.py", False),
        ("yinuo/web/commands_page.py", False),
    ],
)
def test_where_writes_may_stand(tmp_path: Path, name: str, *, allowed: bool) -> None:
    assert may_write(_planted(tmp_path, name, "")) is allowed
