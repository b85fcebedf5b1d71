"""The security list: every item of ASVS 5.0 that applies stands in the guide, with real tests."""

import re
from functools import cache

import pytest

from tests.architecture.source import APP
from tests.legs import ROOT

GUIDE = APP / "guides" / "asvs.md"
# The items of level 2 that apply, and those of level 3 (*) that were taken on.
ITEMS = (
    "1.1.1", "1.2.1", "1.2.2", "1.2.4", "1.2.5", "1.2.10*", "1.3.1", "1.3.5", "1.3.6", "1.3.7",
    "1.5.1", "1.5.2", "2.1.3", "2.2.1", "2.2.2", "2.2.3", "2.3.1", "2.3.2", "2.3.3", "2.3.4",
    "2.4.1", "3.2.1", "3.2.2", "3.3.1", "3.3.2", "3.3.3", "3.3.4", "3.4.1", "3.4.3", "3.4.4",
    "3.4.5", "3.4.6", "3.5.1", "3.5.3", "3.7.2", "4.1.1", "4.1.3", "5.1.1", "5.2.1", "5.2.2",
    "5.2.3", "5.3.2", "5.3.3*", "5.4.1", "5.4.2", "6.1.1", "6.2.1", "6.2.4", "6.2.9", "6.2.12",
    "6.3.1", "6.3.2", "6.3.3", "6.3.8*", "6.4.1", "6.5.2", "6.5.3", "6.5.4", "6.5.5", "7.2.1",
    "7.2.2", "7.2.3", "7.2.4", "7.3.1", "7.3.2", "7.4.1", "7.4.2", "8.1.1", "8.1.2", "8.2.1",
    "8.2.2", "8.2.3", "8.3.1", "8.4.1", "9.1.1", "9.1.2", "11.2.1", "11.4.2", "11.5.1", "12.1.1",
    "12.2.1", "13.2.4", "13.3.1", "13.4.2", "13.4.5", "14.1.1", "14.1.2", "14.2.1", "14.2.7*",
    "14.3.1", "14.3.2", "14.3.3", "15.1.2", "15.1.3", "15.2.1", "15.2.2", "15.3.1", "15.3.3",
    "15.3.4", "15.4.2*", "16.2.5", "16.3.1", "16.3.2", "16.3.3", "16.4.1", "16.5.1", "16.5.2",
    "16.5.3", "16.5.4*",
)  # fmt: skip
_NAMED = re.compile(r"`(test_\w+\.py)::(test_\w+)`")


@cache
def rows() -> dict[str, str]:
    """What the guide says of each item."""
    lines = GUIDE.read_text(encoding="utf-8").splitlines()
    cells = [line.strip("|").split("|", 2) for line in lines if re.match(r"\| \d", line)]
    return {item.strip(): held.strip() for item, _asks, held in cells}


@cache
def known_tests() -> frozenset[tuple[str, str]]:
    """Every test of the repository with its file's name."""
    return frozenset(
        (path.name, name)
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^(?:async )?def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    )


def test_the_guide_holds_exactly_the_items_of_the_list() -> None:
    assert sorted(rows()) == sorted(ITEMS)


@pytest.mark.parametrize("item", ITEMS)
def test_an_item_names_tests_that_exist_or_its_deviation(item: str) -> None:
    held = rows()[item]
    named = _NAMED.findall(held)
    assert named or held.startswith("Deviation: "), "neither a test nor a deviation"
    assert [each for each in named if each not in known_tests()] == []
    assert held.count("::") == len(named), "a test is not named as `file.py::test`"
