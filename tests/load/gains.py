"""What a country costs: a million pairs in forty thousand workshops, in reports and rebuilds.

`python -m tests.load.gains [--json] [--pairs N] [--workshops M] [--answers N]
[--database sqlite|postgres|both] [--baseline [PYTHON]]`. Rows are made by SQL (`gain_rows`), sums,
snapshots and released tables by the app. Answers (20 questions, twice) are written for the first
`--answers` pairs: at 5 kB a pair on the disk they are most of the rows. Ratios are of one run on
one machine; the worst of three reports counts (everybody, by sex, by participants' province).

engine_ms       processor time of a report outside the database driver (`gain_figures`)
scan_ratio      a report ÷ a bare scan of all score rows
growth_ratio    a report ÷ the same with 240,000 of a million pairs in the same workshops
rebuild_ratio   `rollups rebuild` of empty cells ÷ bare GROUP BYs of the same rows (`gain_bare`)
peak_mb         of one process that rebuilds, freezes, releases and reports
baseline_ratio  pandas and pingouin ÷ a report; PYTHON has requirements-bench.lock installed
"""

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from app.gains import rollups
from app.main import build_house
from app.web.house import House
from tests.fixtures.house import make_settings, publish_real_banks
from tests.fixtures.load_room import fresh_database
from tests.load.gain_bare import aggregate
from tests.load.gain_rows import Country, Size, fill

ROOT = Path(__file__).parent.parent.parent
FEWER_PAIRS = 0.24
LIMITS = {
    "engine_ms": "≤ 50",
    "rebuild_ratio": "≤ 3",
    "scan_ratio": "≤ 2",
    "growth_ratio": "≤ 2",
    "peak_mb": "≤ 300",
    "baseline_ratio": "≥ 20",
}


@dataclass(frozen=True)
class Plan:
    """What to measure; `python` computes the baseline, or nobody does."""

    size: Size
    python: str | None


def measure(plan: Plan, *, is_postgres: bool) -> dict[str, Any]:
    """All figures on one database, and what they are made of under `seconds`."""
    large, bare, baseline = _measure_one(plan.size, plan.python, is_postgres=is_postgres)
    pairs = round(plan.size.pairs * FEWER_PAIRS)
    fewer = Size(pairs, plan.size.workshops, 0)
    small, _, _ = _measure_one(fewer, None, is_postgres=is_postgres)
    reports, earlier = large["report_seconds"], small["report_seconds"]
    slowest = max(reports.values())
    return {
        "engine_ms": round(1000 * max(large["engine_seconds"].values()), 1),
        "rebuild_ratio": round(large["rebuild_seconds"] / bare, 2),
        "scan_ratio": round(slowest / large["scan_seconds"], 2),
        "growth_ratio": round(max(reports[each] / earlier[each] for each in reports), 2),
        "peak_mb": round(large["peak_mb"]),
        "baseline_ratio": round(baseline["seconds"] / slowest, 1) if baseline else None,
        "made_of": {
            "bare_seconds": round(bare, 1), "large": large, "small": small, "baseline": baseline,
        },
    }  # fmt: skip


def _measure_one(
    size: Size, python: str | None, *, is_postgres: bool
) -> tuple[dict[str, Any], float, dict[str, Any] | None]:
    """The app's figures, the bare aggregate's seconds, and the baseline's figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with fresh_database(folder, is_postgres=is_postgres) as url:
            house = build_house(make_settings(folder, url))
            publish_real_banks(house)
            country = fill(house, size)
            house.engine.dispose()
            figures = _in_a_process(url, folder, country)
            bare = _aggregate(house, country, figures) if size.answers else 0.0
            baseline = _run_baseline(house.engine, folder, python) if python else None
            house.engine.dispose()
    return figures, bare, baseline


def _in_a_process(url: str, folder: Path, country: Country) -> dict[str, Any]:
    task = {
        "url": url, "folder": str(folder),
        "organisation_id": country.organisation_id, "form_id": country.form_id,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "tests.load.gain_figures"],
        cwd=ROOT, input=json.dumps(task), stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _aggregate(house: House, country: Country, figures: dict[str, Any]) -> float:
    with house.unit(writes=False) as work:
        shape = rollups.shape_of(work, country.form_id)
        tables = ("group_rollups", "response_rollups")
        kept = [
            work.db.connection().execute(text(f"SELECT count(*) FROM {each}")).scalar_one()
            for each in tables
        ]
    seconds, groups, choices = aggregate(house.engine, shape)
    if [groups, choices] != kept:
        raise SystemExit(f"the app has {kept} cells, the bare aggregate {[groups, choices]}")
    figures["cells"] = kept
    return seconds


def _run_baseline(engine: Engine, folder: Path, python: str) -> dict[str, Any] | None:
    """None where pandas and pingouin are not installed."""
    pairs = folder / "pairs.csv"
    query = (
        "SELECT p.province, max(CASE WHEN a.occasion = 'pre' THEN s.units END), "
        "max(CASE WHEN a.occasion = 'post' THEN s.units END) FROM sittings s "
        "JOIN administrations a ON a.id = s.administration_id "
        "JOIN participants p ON p.id = s.participant_id GROUP BY p.id, p.province"
    )
    with pairs.open("w", newline="") as file, engine.connect() as connection:
        rows = csv.writer(file)
        rows.writerow(("province", "pre", "post"))
        found = connection.execution_options(stream_results=True).execute(text(query))
        rows.writerows(tuple(each) for each in found)
    program = str(ROOT / "tests" / "load" / "pandas_gains.py")
    done = subprocess.run(
        [python, program, str(pairs)], capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        print(done.stderr.strip().splitlines()[-1], file=sys.stderr)
        return None
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def main() -> int:
    """Print a table, or one JSON line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--pairs", type=int, default=1_000_000)
    parser.add_argument("--workshops", type=int, default=40_000)
    parser.add_argument("--answers", type=int, default=600_000)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--baseline", nargs="?", const=sys.executable, metavar="PYTHON")
    chosen = parser.parse_args()
    size = Size(chosen.pairs, chosen.workshops, min(chosen.answers, chosen.pairs))
    names = ("sqlite", "postgres") if chosen.database == "both" else (chosen.database,)
    found = {
        name: measure(Plan(size, chosen.baseline), is_postgres=name == "postgres") for name in names
    }
    if chosen.json:
        print(json.dumps(found))
        return 0
    print(
        f"{size.pairs:,} pairs in {size.workshops:,} workshops; answers of {size.answers:,} pairs, "
        f"{2 * 20 * size.answers:,} rows"
    )
    for name, figures in found.items():
        for key, limit in LIMITS.items():
            value = "not run" if figures[key] is None else figures[key]
            print(f"{name:10} {key:16} {value:>10} {limit:>8}")
        print(f"{name:10} {json.dumps(figures['made_of'])}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
