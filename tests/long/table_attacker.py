"""A1: all tables outside the team, of many random sets of workshops, recover no small group."""

import argparse
from pathlib import Path
from typing import Any

from tests.fixtures.table_attacker import FACETS, count_recovered, make_set

SETS, SHORT_SETS = 1000, 20


def run(chosen: argparse.Namespace, _folder: Path) -> dict[str, Any]:
    """The attack on what is told, and on what withholding table by table would tell."""
    sets = SHORT_SETS if chosen.short else SETS
    recovered = naive = 0
    for seed in range(chosen.seed, chosen.seed + sets):
        made = make_set(seed)
        for facet in FACETS:
            recovered += count_recovered(made, facet)
            naive += count_recovered(made, facet, is_naive=True)
    return {
        "sets": sets,
        "recovered": recovered,
        "recovered_table_by_table": naive,
        "is_ok": recovered == 0 < naive,
    }
