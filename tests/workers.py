"""A run in several processes, `pytest -n auto`: how many, and who takes which test.

Each worker has a PostgreSQL, a browser and templates of its own. The legs are planned once, by the
process that starts the workers, so that nothing is installed twice.
"""

import os
import pickle
from collections import Counter
from typing import Any

import pytest

from tests import legs
from tests.legs import COUNTS, PLAN

_MOST_WORKERS = 4  # each runs a PostgreSQL and a Chromium


def pytest_configure(config: pytest.Config) -> None:
    config.stash[COUNTS] = Counter()
    told = getattr(config, "workerinput", None)
    if told:
        config.stash[PLAN] = pickle.loads(told["legs"])
        return
    is_all = legs.wants_all() and not config.option.help and not config.option.collectonly
    try:
        config.stash[PLAN] = legs.make_plan(is_all=is_all)
    except legs.LegMissing as missing:
        raise pytest.UsageError(str(missing)) from missing


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    return min(len(os.sched_getaffinity(0)), _MOST_WORKERS)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    # Neighbours stay together, since they share a served room; who is done takes from the others.
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["legs"] = pickle.dumps(node.config.stash[PLAN])


def pytest_sessionfinish(session: pytest.Session) -> None:
    told = getattr(session.config, "workeroutput", None)
    if told is not None:
        told["legs"] = dict(session.config.stash[COUNTS])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    # Every worker collects every test.
    counts = getattr(node, "workeroutput", {}).get("legs", {})
    node.config.stash[COUNTS] |= Counter(counts)
