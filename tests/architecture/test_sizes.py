"""Sizes: the bad parts of every house are the tails."""

import ast

from tests.architecture.source import functions, modules, name_of, parse

FUNCTION_LINES = 50
MODULE_LINES = 400
HANDLER_LINES = 15
HANDLER_DECORATORS = {
    "api_route", "delete", "get", "head", "options", "patch", "post", "put", "route", "websocket",
}  # fmt: skip


def test_no_function_is_longer_than_50_lines() -> None:
    found = [
        f"{name_of(path)}:{node.lineno}: {node.name} has {length} lines"
        for path in modules("app", "tests")
        for node in functions(parse(path))
        if (length := _lines(node)) > FUNCTION_LINES
    ]
    assert not found, "\n".join(found)


def test_no_module_is_longer_than_400_lines() -> None:
    found = [
        f"{name_of(path)} has {length} lines"
        for path in modules("app", "tests")
        if (length := len(path.read_text(encoding="utf-8").splitlines())) > MODULE_LINES
    ]
    assert not found, "\n".join(found)


def test_no_handler_is_longer_than_15_lines() -> None:
    found = [
        f"{name_of(path)}:{node.lineno}: {node.name} has {length} lines of body"
        for path in modules("app/web/pages", "app/web/api")
        for node in functions(parse(path))
        if _is_handler(node) and (length := _body_lines(node)) > HANDLER_LINES
    ]
    assert not found, "\n".join(found)


def test_the_size_rules_count_as_a_reader_does() -> None:
    node = ast.parse(
        "@router.get('/')\n"
        "def show(\n    a: int,\n    b: int,\n) -> int:\n"
        '    """Two\n\n    lines."""\n'
        "    c = a\n    return c + b\n"
    ).body[0]
    assert isinstance(node, ast.FunctionDef)
    assert _is_handler(node)
    assert _lines(node) == 9
    assert _body_lines(node) == 2


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return (body[-1].end_lineno or body[-1].lineno) - body[0].lineno + 1 if body else 0


def _is_handler(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr in HANDLER_DECORATORS
        for decorator in node.decorator_list
    )
