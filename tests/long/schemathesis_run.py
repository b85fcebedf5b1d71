"""Schemathesis over a served workshop, in an interpreter of its own: README says how to make it."""

import json
import os
import re
import subprocess
from pathlib import Path

from tests.long.api_scene import Served

_FAILED = re.compile(r"❌ (ST\d+ [^:\n]+): (\d+)")
_COUNTED = re.compile(r"^\s*(\d+) generated", re.MULTILINE)
# A code with a wrong check digit fits the description and is refused all the same, as meant.
_LEFT_OUT = "positive_data_acceptance"
_ENDS_ITSELF = ("revoke_token", "revoke_own_token")
_SECONDS = 1200


def run_schemathesis(
    served: Served, role: str, folder: Path, python: str, times: int
) -> tuple[str, dict[str, str]]:
    """What it says of one role: in a line, and each kind of failure with its count."""
    settings = folder / "schemathesis.toml"
    values = "".join(
        f'"path.{name}" = {json.dumps(each)}\n' for name, each in served.values.items()
    )
    settings.write_text(f"[parameters]\n{values}", encoding="utf-8")
    shown = served.tokens[role]
    done = subprocess.run(
        [
            *(python, "-m", "schemathesis.cli", "--config-file", str(settings), "run"),
            f"{served.base_url}/api/v1/openapi.json",
            *("--max-examples", str(times), "--phases", "examples,coverage,fuzzing"),
            *("--exclude-checks", _LEFT_OUT, "--continue-on-failure", "--no-shrink"),
            *("--seed", "1", "--max-time", str(_SECONDS // 2)),
            *(part for each in _ENDS_ITSELF for part in ("--exclude-operation-id", each)),
            *(("--header", f"Authorization:{shown}") if shown else ()),
        ],
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    (folder / "schemathesis.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    failed = {
        f"schemathesis {name}": f"{count} times" for name, count in _FAILED.findall(done.stdout)
    }
    if done.returncode and not failed:
        failed["schemathesis did not run"] = (done.stdout + done.stderr)[-2000:]
    counted = _COUNTED.search(done.stdout)
    return f"{counted[1] if counted else 0} cases, {len(failed)} kinds of failure", failed
