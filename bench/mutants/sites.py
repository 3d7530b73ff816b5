"""Where code can be made wrong in one place, and the code with that one place wrong.

By `ast`: comparisons (the nearest other one: `<` becomes `<=`), whole numbers (one more), truth values,
`+ - * //`, `and or`, `not`, a minus sign, `min max`. Never annotations, docstrings, slots or assertions: no
decision rests on them.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import NamedTuple

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
REACHED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult,
}  # fmt: skip
SWAPPED = {"min": "max", "max": "min"}


class Site(NamedTuple):
    """One mutant: the `number`th of its file."""

    file: str
    number: int
    line: int
    function: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: `{self.before}` → `{self.after}`"


class _Mutator(ast.NodeTransformer):
    """Walks once; counts every place, and makes the `wanted` one wrong."""

    def __init__(self, file: str, wanted: int = -1) -> None:
        self.sites: list[Site] = []
        self._file, self._wanted = file, wanted
        self._function: list[str] = []

    def _place(self, node: ast.expr, wrong: Callable[[], ast.expr]) -> ast.expr:
        """`wrong` changes a node that was read anew, for the first one is still needed as it is."""
        number = len(self.sites)
        other = ast.fix_missing_locations(ast.copy_location(wrong(), node))
        self.sites.append(
            Site(self._file, number, node.lineno, ".".join(self._function), *map(ast.unparse, (node, other)))
        )
        return other if number == self._wanted else node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self._function.append(node.name)
        node.args.defaults = [self.visit(each) for each in node.args.defaults]
        node.body = [self.visit(each) for each in node.body if not _docstring(each)] or node.body
        self._function.pop()
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        self._function.append(node.name)
        node.body = [self.visit(each) for each in node.body]
        self._function.pop()
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        return node if isinstance(node.test, ast.Name) else self.generic_visit(node)  # TYPE_CHECKING

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        for index, op in enumerate(node.ops):
            ops = [*node.ops[:index], COMPARED[type(op)](), *node.ops[index + 1 :]]
            changed = self._place(node, lambda ops=ops: ast.Compare(node.left, ops, node.comparators))
            if changed is not node:
                return changed
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        value = node.value
        if isinstance(value, bool):
            return self._place(node, lambda: ast.Constant(not value))
        return self._place(node, lambda: ast.Constant(value + 1)) if isinstance(value, int) else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        other = REACHED.get(type(node.op))
        if other is None:
            return node
        return self._place(node, lambda: ast.BinOp(node.left, other(), node.right))

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        return self._place(node, lambda: ast.BoolOp(other, node.values))

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        return self._place(node, lambda: node.operand)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if not (isinstance(node.func, ast.Name) and node.func.id in SWAPPED):
            return node
        other = ast.Name(SWAPPED[node.func.id], ast.Load())
        return self._place(node, lambda: ast.Call(other, node.args, node.keywords))


def _docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def sites(file: str, source: str) -> list[Site]:
    """Every mutant of a file, in the order of its lines."""
    walk = _Mutator(file)
    walk.visit(ast.parse(source))
    return walk.sites


def mutant(file: str, source: str, number: int) -> ast.Module:
    """The file with its `number`th place wrong."""
    walk = _Mutator(file, number)
    tree: ast.Module = walk.visit(ast.parse(source))
    return ast.fix_missing_locations(tree)
