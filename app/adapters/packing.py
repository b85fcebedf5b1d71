"""Smaller bytes for bad networks: style and script without comments, documents compressed."""

from pathlib import Path
from typing import Any

import brotli
import rcssmin
from calmjs.parse import asttypes, es5
from calmjs.parse.unparsers.es5 import minify_print
from calmjs.parse.walkers import Walker
from zopfli import gzip

_WALK = Walker()


def read_style(path: Path) -> str:
    """A style sheet without comments and spare blanks."""
    return str(rcssmin.cssmin(path.read_text(encoding="utf-8")))


def read_script(path: Path) -> str:
    """A script without comments and spare blanks, its local names shortened, constants in place.

    Constants are names in capitals, declared with a number in a `var` of their own. Raises
    ECMASyntaxError for anything newer than ES5: old phones would refuse the whole script.
    """
    tree = es5(path.read_text(encoding="utf-8"))
    _put_constants_in_place(tree)
    return str(minify_print(tree, obfuscate=True, drop_semi=True))


def _put_constants_in_place(tree: Any) -> None:
    numbers: dict[str, str] = {}
    for function in _WALK.filter(tree, lambda node: isinstance(node, asttypes.FuncBase)):
        constants = [each for each in function.elements if _is_constants(each)]
        function.elements = [each for each in function.elements if each not in constants]
        for declared in (each for statement in constants for each in statement):
            numbers[declared.identifier.value] = declared.initializer.value
    for name in _WALK.filter(tree, _is_variable):
        name.value = numbers.get(name.value, name.value)


def _is_variable(node: Any) -> bool:
    """A name that stands for a value; not one after a dot, nor one in an object."""
    is_property = isinstance(node, asttypes.PropIdentifier)
    return isinstance(node, asttypes.Identifier) and not is_property


def _is_constants(statement: Any) -> bool:
    return isinstance(statement, asttypes.VarStatement) and all(
        each.identifier.value.isupper() and isinstance(each.initializer, asttypes.Number)
        for each in statement
    )


def gzipped(content: bytes) -> bytes:
    """As small as gzip's format allows; a tenth of a second, so only for what is made once."""
    return bytes(gzip.compress(content))


def brotlied(content: bytes) -> bytes:
    """As small as brotli can; some 30 ms, so only for what is made once."""
    return bytes(brotli.compress(content, quality=11))
