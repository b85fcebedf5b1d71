"""The bugs that `tests.long seeded_bugs` plants still fit the code, and name real tests."""

import ast

import pytest

from tests.long.seeded_bugs import ROOT, Change, Seed, SeedStale, planted, read_seeds

SEEDS = read_seeds()


def test_there_are_eighteen() -> None:
    assert len(SEEDS) == 18
    assert len({seed.test for seed in SEEDS}) == 18


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_each_replaces_what_stands_in_the_code_once(seed: Seed) -> None:
    for file, text in planted(seed, ROOT).items():
        assert text != (ROOT / file).read_text(encoding="utf-8")
        if file.endswith(".py"):
            ast.parse(text)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_each_names_a_test_that_exists(seed: Seed) -> None:
    file, _, name = seed.test.partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert seed.needs in {"", "chromium", "strace"}
    assert (seed.needs == "chromium") == file.startswith("tests/browser/")


def test_what_is_not_there_is_said() -> None:
    stale = Seed("stale", "", "", (Change("README.md", "not to be found", ""),))
    with pytest.raises(SeedStale, match=r"stale: README\.md has it 0 times"):
        planted(stale, ROOT)
