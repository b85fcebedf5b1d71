"""What an analyst would run instead: paired t and d_z of everybody and by province.

`python pandas_gains.py PAIRS.csv` in an interpreter with `requirements-bench.lock`; the file has
the columns province, pre and post. Prints seconds (imports left out) and the process's peak.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import pandas  # type: ignore[import-not-found]
import pingouin  # type: ignore[import-not-found]


def compare(pairs: Any) -> list[float]:
    """t and d_z of one group."""
    test = pingouin.ttest(pairs["post"], pairs["pre"], paired=True)
    gains = pairs["post"] - pairs["pre"]
    return [float(test["T"].iloc[0]), float(gains.mean() / gains.std())]


def main() -> None:
    """Read, compute, print."""
    started = time.perf_counter()
    pairs = pandas.read_csv(sys.argv[1])
    found = {"": compare(pairs)}
    for province, own in pairs.groupby("province"):
        found[str(province)] = compare(own)
    seconds = time.perf_counter() - started
    status = Path("/proc/self/status").read_text().splitlines()
    peak = next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:"))
    print(json.dumps({"seconds": seconds, "peak_mb": peak, "groups": len(found)}))


if __name__ == "__main__":
    main()
