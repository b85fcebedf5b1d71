"""The faults that the mutation run plants: every kind, and none that nobody could see."""

import ast

import pytest

from tests.long.mutants import find_mutants


@pytest.mark.parametrize(
    ("source", "changed"),
    [
        ("a < b", ["a <= b"]),
        ("a == b != c", ["a != b != c", "a == b == c"]),
        ("a is None", ["a is not None"]),
        ("a not in b", ["a in b"]),
        ("a + b * c", ["a - b * c", "a + b // c"]),
        ("a += 1", ["a -= 1", "a += 2"]),
        ("a and b", ["a or b"]),
        ("not a", ["not not a"]),
        ("-a", ["+a"]),
        ("x = 2 if a else b", ["x = 2 if not a else b", "x = 3 if a else b"]),
        ("f(True)", ["f(False)"]),
        ("f(0.5)", ["f(1.5)"]),
        ("def f(a: 'b | c' = 1) -> 'd':\n    'Says 1.'\n    return a",
         ["def f(a: 'b | c'=2) -> 'd':\n    'Says 1.'\n    return a",
          "def f(a: 'b | c'=1) -> 'd':\n    'Says 1.'\n    return None"]),
        ("raise ValueError(f'{a + 1}')", []),
        ("@dataclass(frozen=True)\nclass A:\n    b: int | None", []),
        ("'text'", []),
    ],
)  # fmt: skip
def test_each_fault_is_planted_alone(source: str, changed: list[str]) -> None:
    assert [each.source for each in find_mutants(source)] == [
        ast.unparse(ast.parse(one)) for one in changed
    ]


def test_a_mutant_says_where_it_is_and_what_it_changed() -> None:
    (mutant,) = find_mutants("x = y\nz = x - y")
    assert (mutant.line, mutant.change) == (2, "x - y -> x + y")
