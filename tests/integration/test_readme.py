"""What README promises is run: its block of httpx, word for word, against a real server."""

import contextlib
import io
import re
from pathlib import Path

import httpx
import pytest

from tests.fixtures.server import ROOT, run_well, serving


def block() -> str:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"```python\n(.*?)```", readme, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_block_is_at_most_20_lines() -> None:
    assert len([line for line in block().splitlines() if line.strip()]) <= 20


@pytest.mark.sqlite_only
def test_the_block_runs_the_loop_and_prints_the_gain(
    empty_database_url: str, tmp_path: Path
) -> None:
    environment = {
        "TAFAWUT_DATABASE_URL": empty_database_url,
        "TAFAWUT_DATA_DIR": str(tmp_path / "readme"),
    }
    run_well(["migrate", "--have-backup"], environment, is_cold=True)
    run_well(["banks", "publish"], environment, is_cold=True)
    run_well(["invite", "amal", "--role", "trainer"], environment, is_cold=True)
    token = run_well(["token", "amal", "--scope", "names"], environment, is_cold=True).strip()
    printed = io.StringIO()
    with (
        serving(["serve"], environment, is_cold=True) as (ready, _),
        contextlib.redirect_stdout(printed),
    ):
        names = {"httpx": httpx, "BASE": ready["base_url"], "TRAINER": f"Bearer {token}"}
        exec(block(), names)
    assert "'paired': 6" in printed.getvalue()


def test_both_lines_stand_in_the_readme_as_they_are_run() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^python3 -m venv .*$", readme, re.MULTILINE)
    assert [line.rsplit("-m ", 1)[1] for line in lines] == ["app demo", "pytest -n auto"]
    assert all("--require-hashes" in line for line in lines)
