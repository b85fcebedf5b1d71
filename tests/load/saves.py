"""How many answers a second are saved for ever, against peers, in one interleaved run.

`python -m tests.load.saves [--json] [--rounds N] [--phones N]`. Loopback only; bounded; it ends
only what it started. All figures are ratios, because machines differ and share.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.fixtures.apart import run_apart
from tests.fixtures.load_room import fresh_database
from tests.load.apps import PEER_DATABASE
from tests.load.clients import Answers, load, request_bytes
from tests.load.sittings import OpenedSitting, open_sittings

ROOT = Path(__file__).parent.parent.parent
CONNECTIONS = 300
REQUESTS_EACH = 6
ITEMS = 20


@dataclass(frozen=True)
class Server:
    """One server process under load."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """User and system time the process and its workers have used."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return sum(_cpu_seconds(pid) for pid in (self.pid, *map(int, children)))


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(factory: str, environment: dict[str, str], *, workers: int = 1) -> Iterator[Server]:
    """uvicorn with so many workers on a free port, until the block ends."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(4096)
        port = listening.getsockname()[1]
        command = [
            sys.executable, "-m", "uvicorn", "--factory", f"tests.load.apps:{factory}",
            "--fd", str(listening.fileno()), "--log-level", "warning", "--no-access-log",
            "--no-server-header", "--timeout-keep-alive", "120", "--workers", str(workers),
        ]  # fmt: skip
        with subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environment, pass_fds=[listening.fileno()]
        ) as process:
            try:
                _wait_for(port)
                yield Server(port, process.pid)
            finally:
                process.terminate()
                process.wait(timeout=15)


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            probe.settimeout(2)
            try:
                probe.connect(("127.0.0.1", port))
                probe.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                if probe.recv(20):
                    return
            except OSError:
                pass
        time.sleep(0.1)
    raise SystemExit("the server did not start")


def single_saves(path: str, sittings: list[OpenedSitting], round_: int) -> list[list[bytes]]:
    """For each connection its requests of one operation each."""
    return [
        [
            request_bytes(path.format(sitting.id), sitting.token, _body([(round_, number)]))
            for number in range(REQUESTS_EACH)
        ]
        for sitting in sittings[:CONNECTIONS]
    ]


def whole_tests(path: str, sittings: list[OpenedSitting]) -> list[list[bytes]]:
    """For each connection one request with all answers and the sending."""
    body = _body([(0, number) for number in range(ITEMS)], finish=True)
    return [[request_bytes(path.format(each.id), each.token, body)] for each in sittings]


def _body(taps: list[tuple[int, int]], *, finish: bool = False) -> bytes:
    operations = [
        {
            "id": f"load-{round_:04}-{number:04}", "item": str(1 + number % ITEMS),
            "revision": 1 + round_ * ITEMS + number, "device": "load", "options": ["dk"],
        }
        for round_, number in taps
    ]  # fmt: skip
    return json.dumps({"operations": operations, "finish": finish}).encode()


class Bench:
    """One run; what it measures is kept as lists over the rounds."""

    def __init__(self, rounds: int, phones: int) -> None:
        self.rounds, self.phones = rounds, phones
        self.rates: dict[str, list[float]] = {}
        self.errors = 0
        self.first_error = b""

    def note(self, name: str, answers: Answers) -> None:
        """Remember a rate and whatever went wrong."""
        self.rates.setdefault(name, []).append(answers.per_second)
        self.errors += answers.errors
        self.first_error = self.first_error or answers.first_error

    def run(self) -> dict[str, float | int]:
        """Everything, one after another on the same machine, interleaved by round."""
        with tempfile.TemporaryDirectory() as folder:
            return self._run(Path(folder))

    def _run(self, folder: Path) -> dict[str, float | int]:
        with fresh_database(folder) as url:
            environment, sittings = open_sittings(url, folder, self.phones + CONNECTIONS)
            peers = {"TAFAWUT_DATABASE_URL": url, "TAFAWUT_DATA_DIR": str(folder / "data")}
            with (
                served("own_app", environment) as own,
                served("commit_per_request", {PEER_DATABASE: str(folder / "bare.db")}) as bare,
                served("session_per_request", {PEER_DATABASE: str(folder / "orm.db")}) as orm,
            ):
                del peers
                for round_ in range(self.rounds):
                    self._one_round(round_, own, bare, orm, sittings[-CONNECTIONS:])
                return self._figures() | self._burst(own, sittings[: self.phones])

    def _one_round(
        self, round_: int, own: Server, bare: Server, orm: Server, sittings: list[OpenedSitting]
    ) -> None:
        for name, server, path in (
            ("saves", own, "/api/v1/sittings/{}/operations"),
            ("empty", own, "/api/v1/empty/{}"),
            ("bare", bare, "/save/{}"),
            ("orm", orm, "/save/{}"),
        ):
            requests = single_saves(path, sittings, round_)
            if name == "orm":
                requests = [each[:1] for each in requests]
            self.note(name, run_apart(load(server.port, requests)))

    def _burst(self, own: Server, sittings: list[OpenedSitting]) -> dict[str, float | int]:
        empty = run_apart(load(own.port, whole_tests("/api/v1/empty/{}", sittings)))
        before = own.cpu_seconds()
        burst = run_apart(load(own.port, whole_tests("/api/v1/sittings/{}/operations", sittings)))
        cpu = own.cpu_seconds() - before
        self.errors += burst.errors + empty.errors
        self.first_error = self.first_error or burst.first_error
        return {
            "burst_ratio": round(burst.wall_seconds / empty.wall_seconds, 2),
            "burst_p99_over_p50": round(burst.percentile(0.99) / burst.percentile(0.5), 2),
            "cpu_ms_per_20_answers": round(1000 * cpu / len(sittings), 2),
            "burst_wall_seconds": round(burst.wall_seconds, 2),
            "errors": self.errors,
        }

    def _figures(self) -> dict[str, float | int]:
        middle = {name: median(rates) for name, rates in self.rates.items()}
        return {
            "saves_per_second": round(middle["saves"]),
            "ratio_to_empty_route": round(middle["saves"] / middle["empty"], 2),
            "ratio_to_commit_per_request": round(middle["saves"] / middle["bare"], 2),
            "ratio_to_orm": round(middle["saves"] / middle["orm"], 2),
        }


LIMITS = {
    "ratio_to_empty_route": "≥ 0.7",
    "ratio_to_commit_per_request": "≥ 1.0",
    "ratio_to_orm": "≥ 8",
    "burst_ratio": "≤ 2.5",
    "burst_p99_over_p50": "≤ 1.5",
    "cpu_ms_per_20_answers": "≤ 1",
    "errors": "0",
}


def main() -> int:
    """Print a table, or one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--phones", type=int, default=3000)
    chosen = parser.parse_args()
    bench = Bench(min(chosen.rounds, 20), min(chosen.phones, 3000))
    figures = bench.run()
    if chosen.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:30} {value:>10} {LIMITS.get(name, ''):>8}")
    if bench.first_error:
        print(bench.first_error.decode(errors="replace"), file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
