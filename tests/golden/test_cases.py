"""Every case with a known answer: published, by R or another library, or by brute force."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from tests.golden.compute import FAMILIES, compute

FOLDERS = ("cases", "own_cases")
CASES = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for folder in FOLDERS
    for path in sorted((Path(__file__).parent / folder).glob("*.json"))
}


@pytest.mark.parametrize("name", CASES)
def test_the_answer_is_the_known_one(name: str) -> None:
    case = CASES[name]
    found = compute(case["family"], case["data"])
    wrong = list(differences("", case["expected"], found, case["tolerance"]))
    assert not wrong, f"{case['title']}: {wrong[:5]}"


def test_every_family_has_a_case() -> None:
    assert {case["family"] for case in CASES.values()} == set(FAMILIES)


def test_every_case_names_its_source() -> None:
    assert all(case["source"] and case["how_computed"] for case in CASES.values())


@pytest.mark.parametrize(
    ("expected", "found", "is_same"),
    [
        (None, None, True),
        (None, 0, False),
        (0, None, False),
        (1.0, math.nan, False),
        (1.0, 1.0 + 1e-9, True),
        (1.0, 1.0 + 1e-7, False),
        (True, 1, True),
        (True, False, False),
        ([1, 2], [1], False),
        ({"p_t": 1e-9}, {"p_t": 1.01e-9}, False),
        ({"p_t": 1e-9}, {"p_t": 1.00001e-9}, True),
        ({"a": 1}, {}, False),
        ({"a": 1}, {"a": 1, "b": 2}, True),
        ({"se_lavaan": 1}, {}, True),
    ],
)
def test_the_comparison_sees_what_differs(expected: object, found: object, is_same: bool) -> None:
    tolerance = {"rel": 1e-8, "abs": 1e-8}
    assert (not list(differences("", expected, found, tolerance))) is is_same


def differences(where: str, expected: Any, found: Any, tolerance: dict[str, float]) -> Any:
    """What differs, as (place, expected, found); null is undefined, tiny p differ relatively."""
    if where.endswith("_lavaan"):
        return
    if isinstance(expected, dict):
        for name, each in expected.items():
            has = isinstance(found, dict) and (name in found or name.endswith("_lavaan"))
            other = found.get(name) if has else "missing"
            yield from differences(f"{where}.{name}", each, other, tolerance)
    elif isinstance(expected, list):
        if not isinstance(found, list | tuple) or len(expected) != len(found):
            yield where, expected, found
            return
        for place, pair in enumerate(zip(expected, found, strict=True)):
            yield from differences(f"{where}[{place}]", *pair, tolerance)
    elif not _is_same(where, expected, found, tolerance):
        yield where, expected, found


def _is_same(where: str, expected: Any, found: Any, tolerance: dict[str, float]) -> bool:
    if expected is None or isinstance(expected, bool | str):
        return bool(expected == found)
    if isinstance(found, bool) or not isinstance(found, int | float) or math.isnan(found):
        return False
    room = max(tolerance["abs"], tolerance["rel"] * abs(expected))
    if where.rpartition(".")[2].startswith("p_") and 0 < abs(expected) < 1e-6:
        room = max(1e-4 * abs(expected), 1e-290)
    return bool(abs(expected - found) <= room)
