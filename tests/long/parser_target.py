"""What a reader of foreign bytes or texts is to the fuzzer: examples, spoiling, refusals."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.fixtures.spoiling import spoil_text


@dataclass(frozen=True)
class Target:
    """A reader of what comes from outside, called as the service calls it.

    What the service does in a process of its own is done here, so that thousands of inputs cost
    little. `examples` are read without a refusal; `spoil` makes one input from a source of chance;
    `refusals` are the documented ways to say no.
    """

    name: str
    examples: Sequence[Any]
    spoil: Callable[[random.Random], Any]
    read: Callable[[Any], object]
    refusals: tuple[type[BaseException], ...]


def of_texts(
    name: str,
    read: Callable[[str], object],
    *refusals: type[BaseException],
    examples: Sequence[str],
    words: Sequence[str] = (),
) -> Target:
    """A target that reads texts; `words` mean something to it."""

    def spoil(chance: random.Random) -> str:
        return spoil_text(chance.choice(examples), chance, words=words)

    return Target(name, examples, spoil, read, refusals)


def of_files(
    name: str,
    read: Callable[[bytes], object],
    *refusals: type[BaseException],
    examples: Sequence[bytes],
    spoil: Callable[[bytes, random.Random], bytes],
) -> Target:
    """A target that reads files, spoilt in one way."""

    def spoil_one(chance: random.Random) -> bytes:
        return spoil(chance.choice(examples), chance)

    return Target(name, examples, spoil_one, read, refusals)
