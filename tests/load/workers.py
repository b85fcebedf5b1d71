"""What a second worker adds on PostgreSQL: saves a second by one and by two, in interleaved rounds.

`python -m tests.load.workers [--json] [--rounds N]`. PostgreSQL waits for the disk before it says
that something is kept. Workers, PostgreSQL and the load share the machine: on fewer than four cores
the ratio says more about the machine than about the service, and the processor time of a save tells
whether a second worker would stand in the first one's way.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.fixtures.apart import run_apart
from tests.fixtures.load_room import fresh_database
from tests.load.clients import load
from tests.load.saves import CONNECTIONS, REQUESTS_EACH, Server, served, single_saves
from tests.load.sittings import OpenedSitting, open_sittings

CORES_FOR_A_FAIR_RATIO = 4  # two workers, PostgreSQL, the load
LIMITS = {"ratio_two_to_one": "≥ 1.6", "errors": "0"}
_SAVES = "/api/v1/sittings/{}/operations"


@dataclass
class Workers:
    """What the rounds with so many workers showed."""

    count: int
    rates: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    errors: int = 0
    first_error: bytes = b""

    def send(self, server: Server, sittings: list[OpenedSitting], round_: int) -> None:
        """One round: every connection sends its requests, one after another."""
        before = server.cpu_seconds()
        answers = run_apart(load(server.port, single_saves(_SAVES, sittings, round_)))
        used = server.cpu_seconds() - before
        self.rates.append(answers.per_second)
        self.cpu_ms.append(1000 * used / (CONNECTIONS * REQUESTS_EACH))
        self.errors += answers.errors
        self.first_error = self.first_error or answers.first_error


def run(rounds: int) -> tuple[dict[str, float | int | str], bytes]:
    """The figures, and the first answer that was none."""
    one, two = Workers(1), Workers(2)
    load_before = os.getloadavg()[0]
    with (
        tempfile.TemporaryDirectory() as folder,
        fresh_database(Path(folder), is_postgres=True, is_durable=True) as url,
    ):
        environment, sittings = open_sittings(url, Path(folder), CONNECTIONS)
        with (
            served("own_app", environment) as alone,
            served("own_app", environment, workers=2) as both,
        ):
            started, own = time.monotonic(), time.process_time()
            for round_ in range(rounds):
                one.send(alone, sittings, 2 * round_)
                two.send(both, sittings, 2 * round_ + 1)
            client = (time.process_time() - own) / (time.monotonic() - started)
    figures = _figures(one, two)
    more = {"client_cpu_share": round(client, 2), "load_before": round(load_before, 1)}
    return figures | more, one.first_error or two.first_error


def _figures(one: Workers, two: Workers) -> dict[str, float | int | str]:
    return {
        "ratio_two_to_one": round(median(two.rates) / median(one.rates), 2),
        "saves_per_second_one": round(median(one.rates)),
        "saves_per_second_two": round(median(two.rates)),
        "cpu_ms_per_save_one": round(median(one.cpu_ms), 2),
        "cpu_ms_per_save_two": round(median(two.cpu_ms), 2),
        # Possible with a core for each worker, and PostgreSQL and the load elsewhere.
        "ratio_by_cpu_time": round(2 * median(one.cpu_ms) / median(two.cpu_ms), 2),
        "errors": one.errors + two.errors,
        "cores": os.cpu_count() or 1,
    }


def main() -> int:
    """Print a table, or one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    figures, first_error = run(min(chosen.rounds, 20))
    if chosen.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:30} {value:>10} {LIMITS.get(name, ''):>8}")
    if int(figures["cores"]) < CORES_FOR_A_FAIR_RATIO:
        print(
            f"{figures['cores']} cores for two workers, PostgreSQL and the load: "
            "the machine bounds the ratio.",
            file=sys.stderr,
        )
    if first_error:
        print(first_error.decode(errors="replace"), file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
