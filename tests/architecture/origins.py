"""Where a value comes from, as far as its module shows.

Answers one question for the test on writes: is the receiver of `x.update(…)` *visibly* something
other than a row or a queryset? A value is

    FOREIGN     made by a package that knows no Django (hashlib, openpyxl, yinuo.kernel), or by a
                command, which is the very thing to call; what it returns is foreign too
    CONTAINER   a dict, list or set itself; what it holds may be anything
    UNKNOWN     everything else, rows and querysets among it
"""

import ast
import builtins
import sys
from collections.abc import Iterable
from enum import Enum


class Origin(Enum):
    """What is visible about a value."""

    FOREIGN = "foreign"
    CONTAINER = "container"
    UNKNOWN = "unknown"


Function = ast.FunctionDef | ast.AsyncFunctionDef
LITERALS = (ast.Dict, ast.List, ast.Set, ast.Tuple, ast.DictComp, ast.ListComp, ast.SetComp)
CONTAINERS = frozenset({"bytearray", "dict", "frozenset", "list", "set", "tuple"})
HANDS_BACK = frozenset({"contextlib", "copy", "functools", "itertools", "operator", "typing"})
"""Parts of the standard library that return what they were given."""
WITHOUT_DJANGO = frozenset(
    {"PIL", "argon2", "click", "cryptography", "docx", "numpy", "openpyxl", "rich", "segno"}
)
"""Dependencies that hold no rows; any other package is unknown."""
PURE = ("yinuo.kernel", "yinuo.rules", "yinuo.lake", "yinuo.ledger.tlog")


def _of_import(name: str) -> Origin:
    parts = name.split(".")
    if parts[0] == "yinuo":
        is_pure = any(name == pure or name.startswith(f"{pure}.") for pure in PURE)
        return Origin.FOREIGN if is_pure or "commands" in parts[2:3] else Origin.UNKNOWN
    is_plain = parts[0] in WITHOUT_DJANGO or parts[0] in sys.stdlib_module_names - HANDS_BACK
    return Origin.FOREIGN if is_plain else Origin.UNKNOWN


def _common(found: Iterable[Origin]) -> Origin:
    """The one origin that all agree on."""
    kinds = set(found)
    return kinds.pop() if len(kinds) == 1 else Origin.UNKNOWN


class Origins:
    """The names bound in one module, class or function, and in what encloses it."""

    def __init__(self, node: ast.AST, outer: "Origins | None" = None) -> None:
        self.outer = outer
        self.node = node
        self.bound: dict[str, list[ast.AST | Origin]] = {}
        self._asking: set[str] = set()
        if isinstance(node, Function):
            self._bind_arguments(node.args)
        for child in ast.iter_child_nodes(node):
            self._collect(child)
        if isinstance(node, ast.ClassDef):
            for attribute in ast.walk(node):
                self._bind_attribute(attribute)

    def _bind(self, name: str, value: ast.AST | Origin) -> None:
        self.bound.setdefault(name, []).append(value)

    def _bind_arguments(self, arguments: ast.arguments) -> None:
        every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        for argument in every:
            is_self = argument.arg in {"self", "cls"} and argument.annotation is None
            if not is_self:
                self._bind(argument.arg, self.annotated(argument.annotation))
        for rest in (arguments.vararg, arguments.kwarg):
            if rest is not None:
                self._bind(rest.arg, Origin.CONTAINER)

    def _collect(self, node: ast.AST) -> None:  # noqa: C901  # one case per kind of binding
        match node:
            case ast.Import():
                for alias in node.names:
                    name = alias.asname or alias.name.partition(".")[0]
                    self._bind(name, _of_import(alias.name))
            case ast.ImportFrom():
                for alias in node.names:
                    self._bind(
                        alias.asname or alias.name, _of_import(f"{node.module}.{alias.name}")
                    )
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self._bind(node.name, node)
                return
            case ast.AnnAssign():
                self._bind_target(node.target, self.annotated(node.annotation))
            case ast.Assign():
                for target in node.targets:
                    self._bind_target(target, node.value)
            case ast.NamedExpr():
                self._bind_target(node.target, node.value)
            case ast.withitem() if node.optional_vars is not None:
                self._bind_target(node.optional_vars, node.context_expr)
            case ast.For() | ast.AsyncFor() | ast.comprehension():
                self._bind_target(node.target, Origin.UNKNOWN)
        for child in ast.iter_child_nodes(node):
            self._collect(child)

    def _bind_attribute(self, node: ast.AST) -> None:
        """`self.x = …` in any method, `x: … = …` in the body of the class."""
        match node:
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)]):
                self._bind(f"self.{name}", node.value)
            case ast.AnnAssign(target=ast.Attribute(value=ast.Name(id="self"), attr=name)):
                self._bind(f"self.{name}", self.annotated(node.annotation))
            case ast.AnnAssign(target=ast.Name(id=name)):
                self._bind(f"self.{name}", self.annotated(node.annotation))

    def _bind_target(self, target: ast.expr, value: ast.AST | Origin) -> None:
        match target:
            case ast.Name():
                self._bind(target.id, value)
            case ast.Tuple() | ast.List():
                for element in target.elts:
                    self._bind_target(element, Origin.UNKNOWN)

    def annotated(self, annotation: ast.expr | None) -> Origin:
        """What an annotation promises."""
        match annotation:
            case ast.Constant(value=str() as text):
                return self.annotated(ast.parse(text, mode="eval").body)
            case ast.Subscript():
                return self.annotated(annotation.value)
            case ast.BinOp(left=left, right=right):
                sides = [s for s in (left, right) if not isinstance(s, ast.Constant)]
                return _common(self.annotated(side) for side in sides)
            case ast.Name(id=name) if name in CONTAINERS and not self.is_bound(name):
                return Origin.CONTAINER
            case ast.Name() | ast.Attribute():
                return self.of_value(annotation)
        return Origin.UNKNOWN

    def is_bound(self, name: str) -> bool:
        """Whether the module gives this name a meaning of its own."""
        return name in self.bound or (self.outer is not None and self.outer.is_bound(name))

    def of_name(self, name: str) -> Origin:
        """Where everything ever bound to a name comes from."""
        if name not in self.bound:
            return self.outer.of_name(name) if self.outer is not None else _of_builtin(name)
        if name in self._asking:
            return Origin.UNKNOWN
        self._asking.add(name)
        found = _common([self._of_binding(value) for value in self.bound[name]])
        self._asking.discard(name)
        return found

    def _of_binding(self, value: ast.AST | Origin) -> Origin:
        match value:
            case Origin():
                return value
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                return self.annotated(value.returns)
            case ast.ClassDef():
                return _common([Origin.FOREIGN, *map(self.of_value, value.bases)])
        return self.of_value(value)

    def of_value(self, value: ast.AST) -> Origin:  # noqa: PLR0911  # one case per kind of value
        """Where the value of an expression comes from."""
        match value:
            case ast.Constant() | ast.JoinedStr():
                return Origin.FOREIGN
            case ast.Name():
                return self.of_name(value.id)
            case ast.Attribute(value=ast.Name(id="self")):
                return self.of_name(f"self.{value.attr}")
            case ast.Attribute():
                inner = self.of_value(value.value)
                return Origin.FOREIGN if inner is Origin.FOREIGN else Origin.UNKNOWN
            case ast.Call(func=ast.Name(id=name)) if name in CONTAINERS and not self.is_bound(name):
                return Origin.CONTAINER
            case ast.Call():
                called = self.of_value(value.func)
                is_own = isinstance(value.func, ast.Name) and called is Origin.CONTAINER
                return called if called is Origin.FOREIGN or is_own else Origin.UNKNOWN
            case ast.BinOp(left=left, right=right):
                return _common([self.of_value(left), self.of_value(right)])
            case ast.IfExp(body=body, orelse=other):
                return _common([self.of_value(body), self.of_value(other)])
        return Origin.CONTAINER if isinstance(value, LITERALS) else Origin.UNKNOWN


def _of_builtin(name: str) -> Origin:
    """Builtins hand back what they were given (`next`, `getattr`), but for types and files."""
    if name == "open":
        return Origin.FOREIGN
    made = getattr(builtins, name, None)
    is_leaf = made in {int, str, bytes, float, bool, object} or (
        isinstance(made, type) and issubclass(made, BaseException)
    )
    return Origin.FOREIGN if is_leaf else Origin.UNKNOWN
