"""The command line of the long tests: a table, or one JSON line; exit 1 when a check failed."""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.legs import BUILD
from tests.long import (
    api_fuzz,
    attacker,
    backup,
    cell_attacker,
    disk_full,
    fault_proxy,
    joins,
    kill_loop,
    mutations,
    opened_sheets,
    parser_fuzz,
    postgres_restart,
    random_numbers,
    seeded_bugs,
    stateful,
    sync_order,
    table_attacker,
    wal,
)

_Run = Callable[[argparse.Namespace, Path], Mapping[str, object]]
TESTS: dict[str, _Run] = {
    "api_fuzz": api_fuzz.run,
    "attacker": attacker.run,
    "backup": backup.run,
    "cell_attacker": cell_attacker.run,
    "disk_full": disk_full.run,
    "fault_proxy": fault_proxy.run,
    "joins": joins.run,
    "kill_loop": kill_loop.run,
    "mutations": mutations.run,
    "opened_sheets": opened_sheets.run,
    "parser_fuzz": parser_fuzz.run,
    "postgres_restart": postgres_restart.run,
    "random_numbers": random_numbers.run,
    "seeded_bugs": seeded_bugs.run,
    "stateful": stateful.run,
    "sync_order": sync_order.run,
    "table_attacker": table_attacker.run,
    "wal": wal.run,
}


def main() -> int:
    """Run one long test, or all one after another, each in a folder of its own under build/."""
    chosen = _parser().parse_args()
    results = [_run(name, chosen) for name in ([chosen.test] if chosen.test else TESTS)]
    return 0 if all(results) else 1


def _run(name: str, chosen: argparse.Namespace) -> bool:
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="long-", dir=BUILD) as folder:
        figures = {"test": name, **TESTS[name](chosen, Path(folder))}
    if chosen.json:
        print(json.dumps(figures), flush=True)
    else:
        for each, value in figures.items():
            print(f"{each:<24} {value}")
        print(flush=True)
    return bool(figures["is_ok"])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.long", description=__doc__)
    parser.add_argument("test", choices=TESTS, nargs="?", help="all, when none is named")
    parser.add_argument("--short", action="store_true", help="the size the suite runs")
    parser.add_argument("--json", action="store_true", help="one JSON line for each")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL, not SQLite")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sets", type=int, help="how many random sets cell_attacker makes")
    parser.add_argument("--seconds", type=float, help="how long parser_fuzz stays with a target")
    parser.add_argument("--target", help="the only target of parser_fuzz")
    parser.add_argument("--python", help="api_fuzz: where requirements-bench.lock is installed")
    return parser


if __name__ == "__main__":
    sys.exit(main())
