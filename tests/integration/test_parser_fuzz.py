"""R16 in short: what comes from outside is read or refused, however it was spoilt on its way."""

from collections.abc import Iterator

import pytest

from tests.long.parser_fuzz import Limits, all_targets, fuzz, spoilt
from tests.long.parser_target import Target, of_texts

pytestmark = pytest.mark.sqlite_only

SHORT = Limits(seconds=0.35, most=120)


@pytest.fixture(scope="module")
def targets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Target]]:
    """Every reader; the workshops' databases are made once."""
    with all_targets(tmp_path_factory.mktemp("parsers")) as found:
        yield found


def test_every_example_is_read_before_it_is_spoilt(targets: list[Target]) -> None:
    assert len({each.name for each in targets}) == len(targets) >= 20
    for target in targets:
        for example in target.examples:
            target.read(example)


def test_only_refusals_come_out_of_spoilt_examples(targets: list[Target]) -> None:
    passages = {each.name: fuzz(each, 1, SHORT) for each in targets}
    assert {name: each.uncaught for name, each in passages.items() if each.uncaught} == {}
    assert all(each.executions for each in passages.values())
    assert sum(each.executions for each in passages.values()) > 500


def test_what_is_not_refused_is_found_and_can_be_made_again() -> None:
    def read(text: str) -> None:
        if "c" not in text:
            raise KeyError(text)
        if "b" not in text:
            raise ValueError(text)

    target = of_texts("letters", read, ValueError, examples=["abcdef"])
    passage = fuzz(target, 7, Limits(seconds=20, most=400))
    ((where, said),) = passage.uncaught.items()
    assert where.startswith("KeyError at integration/test_parser_fuzz.py")
    assert passage.executions == 400
    assert 0 < passage.read < 400
    number = int(said.split("number ")[1].split(":")[0])
    assert said.endswith(repr(spoilt(target, 7, number)))
    assert "c" not in spoilt(target, 7, number)
