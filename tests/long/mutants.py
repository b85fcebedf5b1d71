"""Small faults planted into a module's syntax tree, one at a time.

Only what a test could notice: no docstrings, annotations, messages of errors, texts, or names.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_CALCULATED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Pow: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A module with one fault: where it is, what it says now, and the whole source."""

    line: int
    change: str
    source: str


def find_mutants(source: str) -> Iterator[Mutant]:
    """Every fault that can be planted into this source, in its order."""
    count = sum(1 for _ in _places(ast.parse(source)))
    for number in range(count):
        tree = ast.parse(source)
        node, plant = next(place for index, place in enumerate(_places(tree)) if index == number)
        before = ast.unparse(node)
        plant()
        after = ast.unparse(node)
        line = getattr(node, "lineno", 0)
        yield Mutant(line, f"{before[:60]} -> {after[:60]}", ast.unparse(tree))


def _places(tree: ast.AST) -> Iterator[tuple[ast.AST, "_Plant"]]:
    for node in _walk(tree):
        yield from _faults(node)


class _Plant:
    """Sets one attribute of a node when it is called."""

    def __init__(self, node: ast.AST, field: str, value: object, place: int | None = None) -> None:
        self._node, self._field, self._value, self._place = node, field, value, place

    def __call__(self) -> None:
        if self._place is None:
            setattr(self._node, self._field, self._value)
        else:
            getattr(self._node, self._field)[self._place] = self._value


def _faults(node: ast.AST) -> Iterator[tuple[ast.AST, _Plant]]:
    match node:
        case ast.Compare():
            yield from _turned_comparisons(node)
        case ast.BinOp() | ast.AugAssign() | ast.BoolOp() | ast.UnaryOp():
            yield from _turned_operators(node)
        case ast.If() | ast.IfExp():
            yield node, _Plant(node, "test", ast.UnaryOp(ast.Not(), node.test))
        case ast.Return(value=ast.expr()):
            yield node, _Plant(node, "value", ast.Constant(None))
        case ast.Constant(value=bool()):
            yield node, _Plant(node, "value", not node.value)
        case ast.Constant(value=int() | float() as number):
            yield node, _Plant(node, "value", number + 1)


def _turned_comparisons(node: ast.Compare) -> Iterator[tuple[ast.AST, _Plant]]:
    for place, operator in enumerate(node.ops):
        if other := _COMPARED.get(type(operator)):
            yield node, _Plant(node, "ops", other(), place)


def _turned_operators(
    node: ast.BinOp | ast.AugAssign | ast.BoolOp | ast.UnaryOp,
) -> Iterator[tuple[ast.AST, _Plant]]:
    match node.op:
        case ast.And():
            yield node, _Plant(node, "op", ast.Or())
        case ast.Or():
            yield node, _Plant(node, "op", ast.And())
        case ast.USub():
            yield node, _Plant(node, "op", ast.UAdd())
        case ast.Not() if isinstance(node, ast.UnaryOp):
            yield node, _Plant(node, "operand", ast.UnaryOp(ast.Not(), node.operand))
        case ast.operator() as operator if other := _CALCULATED.get(type(operator)):
            yield node, _Plant(node, "op", other())


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those whose fault nobody could see, or only a type checker."""
    yield node
    for field, child in ast.iter_fields(node):
        if field in {"annotation", "returns", "decorator_list"} or isinstance(node, ast.Raise):
            continue
        for each in child if isinstance(child, list) else [child]:
            if isinstance(each, ast.AST):
                yield from _walk(each)
