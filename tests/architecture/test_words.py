"""One word, one meaning: the names defined in app/ avoid the words that app/ARCHITECTURE.md bans.

Names that are only used (a library's `sessionmaker`, FastAPI's `tags=`) are not definitions and
are never looked at. Strings are not names either.
"""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.source import APP, modules, name_of, parse

# banned word -> what is meant
INSTEAD = {
    "attempt": "sitting",
    "data": "what it is: rows, answers, facts, a document",
    "delta": "gain, or timedelta",
    "exam": "form",
    "grade": "score, proportion",
    "helper": "the noun that it is about",
    "hidden": "suppressed",
    "improvement": "gain",
    "link": "pair; a web link is named with what it opens: join_link, one_time_link",
    "manager": "the noun that it is about",
    "mark": "score, proportion; the threshold is pass_mark",
    "phase": "occasion",
    "quiz": "form",
    "segment": "facet",
    "session": "administration, SignIn, or db for the database's",
    "stage": "occasion",
    "student": "participant",
    "tag": "facet, or what it says",
    "user": "participant, trainer, evaluator, admin, staff",
    "util": "the noun that it is about",
}

# Reviewed: word sequences that may hold a banned word, each with its reason.
ALLOWED = {
    ("pass", "mark"): "the usual name of the threshold",
    ("student", "t"): "Student's t distribution",
    ("data", "dir"): "TAFAWUT_DATA_DIR is what people type",
    ("drop", "data"): "migrate --drop-data is what people type",
    ("lea", "data"): "the audience that works with law-enforcement data",
    ("enforcement", "data"): "the same, spelled out",
    ("user", "agent"): "HTTP's header",
    ("e", "tag"): "HTTP's header",
}

# Before "link" these say that a pre and a post, or a person and answers, are meant.
NOT_A_WEB_LINK = {"has", "is", "pair", "participant", "person", "post", "pre"}


def test_names_defined_in_app_avoid_banned_words() -> None:
    found = [
        f"{name_of(path)}:{line}: {name!r}: say {INSTEAD[word]} instead of {word!r}"
        for path in modules("app")
        for line, name in names_defined(parse(path))
        for word in banned_words(name)
    ]
    assert not found, "\n".join(found)


def test_module_and_folder_names_avoid_banned_words() -> None:
    found = [
        f"{name_of(path)}: {word!r}"
        for module in modules("app")
        for path in (module, *module.relative_to(APP).parents)
        for word in banned_words(path.stem)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("user_id", ["user"]),
        ("QuizStudents", ["quiz", "student"]),
        ("HTTPSession", ["session"]),
        ("grades", ["grade"]),
        ("utils", ["util"]),
        ("link", ["link"]),
        ("pair_link", ["link"]),
        ("sign_in_link", []),
        ("OneTimeLinks", []),
        ("pass_mark", []),
        ("student_t_quantile", []),
        ("student_total", ["student"]),
        ("metadata", []),
        ("timedelta", []),
        ("example", []),
        ("usage", []),
    ],
)
def test_the_word_rule_reads_names_as_people_do(name: str, words: list[str]) -> None:
    assert banned_words(name) == words


def test_the_word_rule_sees_every_way_to_define_a_name() -> None:
    tree = ast.parse(
        "import numpy as a1\n"
        "class A2:\n    a3: int = 0\n    a4 = 1\n"
        "async def a5(a6, /, a7, *a8, a9, **a10):\n    self.a11 = [a12 for a12 in a6]\n"
        "for a13, (a14, *a15) in x:\n    pass\n"
        "with x as a16:\n    pass\n"
        "try:\n    pass\nexcept E as a17:\n    pass\n"
        "if (a18 := x):\n    pass\n"
        "match x:\n    case {'k': a19, **a20}:\n        pass\n    case [a21, *a22]:\n        pass\n"
        "lambda a23: used\n"
    )
    assert {name for _, name in names_defined(tree)} - {"A2"} == {
        f"a{number}" for number in range(1, 24) if number != 2
    }


def names_defined(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every name that the module gives to something, with its line."""
    for node in ast.walk(tree):
        for name in _names_given_by(node):
            yield getattr(node, "lineno", 0), name


def _names_given_by(node: ast.AST) -> list[str]:
    given: object = None
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.ExceptHandler():
            given = node.name
        case ast.MatchAs() | ast.MatchStar():
            given = node.name
        case ast.MatchMapping():
            given = node.rest
        case ast.arg():
            given = node.arg
        case ast.alias():
            given = node.asname
        case ast.Name(ctx=ast.Store()):
            given = node.id
        case ast.Attribute(ctx=ast.Store()):
            given = node.attr
    return [given] if isinstance(given, str) else []


def banned_words(name: str) -> list[str]:
    """The banned words in a name, in the singular."""
    words = [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]
    allowed = {
        start + offset
        for sequence in ALLOWED
        for start in range(len(words))
        if tuple(words[start : start + len(sequence)]) == sequence
        for offset in range(len(sequence))
    }
    return [
        banned
        for place, word in enumerate(words)
        if (banned := _banned(word))
        and place not in allowed
        and not (banned == "link" and place and words[place - 1] not in NOT_A_WEB_LINK)
    ]


def _banned(word: str) -> str | None:
    singulars = (word, word.removesuffix("s"), word.removesuffix("es"), word.removesuffix("zes"))
    return next((singular for singular in singulars if singular in INSTEAD), None)
