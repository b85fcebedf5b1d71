"""R16: each reader of bytes or text from outside gets spoilt examples: only refusals come out.

Each target is given a million inputs, or as many as its time allows; the figures say which. An
input is made from the target's name, the seed and its number alone, so that a finding can be made
again. One that takes seconds counts as a finding too.
"""

import argparse
import random
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.long import parser_codes, parser_files, parser_workshops
from tests.long.parser_target import Target

MOST = 1_000_000
SECONDS, SHORT_SECONDS = 120.0, 3.0
SLOW_SECONDS = 3.0
_LONGEST_SAID = 300


@dataclass(frozen=True)
class Limits:
    """How many inputs a target is given, and how long it is stayed with."""

    seconds: float
    most: int = MOST


@dataclass
class Passage:
    """What a run over one target showed; `uncaught`: where it was raised -> the first input."""

    executions: int = 0
    read: int = 0
    slowest_seconds: float = 0.0
    is_ended_by_time: bool = False
    uncaught: dict[str, str] = field(default_factory=dict)


@contextmanager
def all_targets(folder: Path) -> Iterator[list[Target]]:
    """Every reader that is fuzzed; the folder is for the databases that workshops are read into."""
    with parser_workshops.targets(folder) as of_workshops:
        yield [*parser_codes.targets(), *parser_files.targets(), *of_workshops]


def spoilt(target: Target, seed: int, number: int) -> Any:
    """One input, the same each time."""
    return target.spoil(random.Random(f"{target.name} {seed} {number}"))


def fuzz(target: Target, seed: int, limits: Limits) -> Passage:
    """Give a target one input after another."""
    passage = Passage()
    end_at = time.monotonic() + limits.seconds
    for number in range(limits.most):
        if time.monotonic() > end_at:
            passage.is_ended_by_time = True
            break
        _give(target, spoilt(target, seed, number), f"seed {seed} number {number}", passage)
    return passage


def _give(target: Target, made: Any, place: str, passage: Passage) -> None:
    began = time.thread_time()
    try:
        target.read(made)
        passage.read += 1
    except target.refusals:
        pass
    except Exception as error:
        passage.uncaught.setdefault(_where(error), f"{place}: {_said(made)}")
    took = time.thread_time() - began
    passage.executions += 1
    passage.slowest_seconds = max(passage.slowest_seconds, took)
    if took > SLOW_SECONDS:
        passage.uncaught.setdefault("too slow", f"{place}, {took:.1f} s: {_said(made)}")


def _where(error: BaseException) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno}"


def _said(made: Any) -> str:
    said = repr(made)
    return said if len(said) <= _LONGEST_SAID else f"{said[:_LONGEST_SAID]}… ({len(said)} signs)"


def run(chosen: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """R16 for the command line."""
    seconds = chosen.seconds or (SHORT_SECONDS if chosen.short else SECONDS)
    with all_targets(folder) as targets:
        passages = {}
        for each in _chosen(targets, chosen.target):
            passages[each.name] = fuzz(each, chosen.seed, Limits(seconds))
            # Said at once: an hour of the others may be interrupted.
            print(f"{each.name}: {_figures(passages[each.name])}", file=sys.stderr, flush=True)
    return {
        "seed": chosen.seed,
        "seconds_a_target": seconds,
        "executions": sum(each.executions for each in passages.values()),
        **{name: _figures(passage) for name, passage in passages.items()},
        "uncaught": sum(len(each.uncaught) for each in passages.values()),
        "which": {name: each.uncaught for name, each in passages.items() if each.uncaught},
        "is_ok": not any(each.uncaught for each in passages.values()),
    }


def _chosen(found: Sequence[Target], name: str | None) -> list[Target]:
    return [each for each in found if name in (None, each.name)]


def _figures(passage: Passage) -> str:
    ended = "time" if passage.is_ended_by_time else "number"
    return (
        f"{passage.executions} ({ended}), read {passage.read}, "
        f"slowest {passage.slowest_seconds * 1000:.0f} ms, uncaught {len(passage.uncaught)}"
    )
