"""Which sentences a participant can meet: what a draft catalogue has to hold, and no more.

Derived, never listed: the participants' templates with what they include and import, the sentences
that the code of their pages and of the rooms behind these marks with N_, and the refusals it names.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import nodes

from app.core import errors
from app.core.reasons import REASONS
from app.web.view import environment, is_participants
from tests.architecture.source import APP, parse

TEMPLATES = APP / "web" / "templates"
# The pages' own code, what serves every page, and the rooms whose verbs these pages call. What a
# trainer alone does in these rooms is let in too: a few sentences more, none forgotten.
PAGES = [APP / "web" / "pages" / f"{name}.py" for name in ("join", "mine", "my", "take")]
SERVING = ("deps", "desk", "form_document", "hardening", "problems", "units")
AROUND = [APP / "web" / f"{name}.py" for name in SERVING]
ROOMS = [APP / name for name in ("participants", "sittings", "feedback")]
CORE = [APP / "core" / f"{name}.py" for name in ("codes", "merging", "text")]
STAFF_ALONE = {
    APP / "feedback" / "ballot_countries.py",
    APP / "sittings" / "entering.py",
    APP / "sittings" / "rescuing.py",
    APP / "participants" / "on_paper.py",
    APP / "participants" / "paper_test.py",
    APP / "participants" / "printed.py",
    APP / "participants" / "rosters.py",
}


@cache
def participant_words() -> frozenset[str]:
    """The English sentences of every participant page."""
    said: set[str] = set()
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = path.relative_to(TEMPLATES).as_posix()
        if is_participants(name):
            said |= set(_words_of_template(name))
    for path in _code():
        said |= set(_words_of_code(parse(path)))
    return frozenset(said)


def _code() -> list[Path]:
    rooms = [path for room in ROOMS for path in sorted(room.glob("*.py"))]
    places = APP / "web" / "places.py"
    return [each for each in (*PAGES, *AROUND, *CORE, *rooms, places) if each not in STAFF_ALONE]


@cache
def _words_of_template(name: str) -> frozenset[str]:
    """The sentences of a template, of its base, its parts and the macros it imports."""
    tree = _tree(name)
    said = set(_words_in(tree))
    for node in tree.find_all((nodes.Extends, nodes.Include)):
        if isinstance(node.template, nodes.Const):
            said |= _words_of_template(node.template.value)
    for node in tree.find_all(nodes.FromImport):
        if isinstance(node.template, nodes.Const):
            for each in node.names:
                macro = each if isinstance(each, str) else each[0]
                said |= _words_of_macro(node.template.value, macro)
    return frozenset(said)


@cache
def _words_of_macro(template: str, name: str) -> frozenset[str]:
    """The sentences of a macro and of the macros it calls."""
    macros = {each.name: each for each in _tree(template).find_all(nodes.Macro)}
    said = set(_words_in(macros[name]))
    called = {each.name for each in macros[name].find_all(nodes.Name)} & (set(macros) - {name})
    return frozenset(said.union(*(_words_of_macro(template, each) for each in called)))


@cache
def _tree(name: str) -> nodes.Template:
    return environment.parse((TEMPLATES / name).read_text(encoding="utf-8"))


def _words_in(tree: nodes.Node) -> Iterator[str]:
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in {"_", "N_"}:
            first = call.args[0]
            if isinstance(first, nodes.Const):
                yield first.value


def _words_of_code(tree: ast.Module) -> Iterator[str]:
    """What the code marks with N_, and both sentences of each refusal and reason it names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_":
            yield from (each.value for each in node.args if isinstance(each, ast.Constant))
        if isinstance(node, ast.Name | ast.Attribute):
            name = node.id if isinstance(node, ast.Name) else node.attr
            kind = getattr(errors, name, None)
            if isinstance(kind, type) and kind in errors.CATALOGUE.values():
                yield from (kind.says, kind.way_out)
        if isinstance(node, ast.Constant) and node.value in REASONS:
            yield REASONS[node.value]
