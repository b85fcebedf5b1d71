"""The command line of the long tests: a table, or one JSON line; exit 1 when a check failed."""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.legs import BUILD
from tests.long import attacker, fault_proxy, kill_loop, mutations, sync_order

_Run = Callable[[argparse.Namespace, Path], Mapping[str, object]]
TESTS: dict[str, _Run] = {
    "attacker": attacker.run,
    "fault_proxy": fault_proxy.run,
    "kill_loop": kill_loop.run,
    "mutations": mutations.run,
    "sync_order": sync_order.run,
}


def main() -> int:
    """Run one long test in a folder of its own under build/."""
    chosen = _parser().parse_args()
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="long-", dir=BUILD) as folder:
        figures = TESTS[chosen.test](chosen, Path(folder))
    if chosen.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:<24} {value}")
    return 0 if figures["is_ok"] else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.long", description=__doc__)
    parser.add_argument("test", choices=TESTS)
    parser.add_argument("--short", action="store_true", help="the size the suite runs")
    parser.add_argument("--json", action="store_true", help="one JSON line")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL, not SQLite")
    parser.add_argument("--seed", type=int, default=1)
    return parser


if __name__ == "__main__":
    sys.exit(main())
