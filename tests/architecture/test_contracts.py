"""The import contracts of pyproject.toml hold, and each of them bites.

A contract that nothing can break proves nothing: a wildcard that matches no module is kept for
ever. So each is broken on purpose, in a copy of app/, and has to say so by its name.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture.source import APP, ROOT

ORDER = "Rooms stand in one declared order"
ROOM = "Inside a room verbs stand over SQL, SQL over tables, tables over values"
PAGES = "Pages and the API do not know each other"
CYCLES = "No import cycles"
CORE = "The core is pure"
HTTP = "Only web and main know HTTP"
HTML = "Only web knows HTML, charts apart"
SQL = "Web holds no SQL and touches no table"
GROUPS = "Web takes numbers about groups from gains.service alone"
TABLES = "A room's tables are its own; other rooms' queries may join"
DOORS = "Each outside library has one door in adapters"


@dataclass(frozen=True)
class Planted:
    """One line that is appended to one module of the copy."""

    contract: str
    file: str
    line: str

    @property
    def edge(self) -> str:
        """How import-linter names the import: importer -> imported."""
        importer = self.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        return f"app.{importer} -> {self.line.removeprefix('import ')} "


PLANTED = [
    Planted(contract, file, f"import {imported}")
    for contract, file, imported in (
        (ORDER, "bank_commands.py", "app.__main__"),
        (ORDER, "operations.py", "app.bank_commands"),
        (ORDER, "main.py", "app.operations"),
        (ORDER, "web/__init__.py", "app.main"),
        (ORDER, "tables.py", "app.web"),
        (ORDER, "upkeep/__init__.py", "app.tables"),
        (ORDER, "reports/__init__.py", "app.upkeep"),
        (ORDER, "reports/__init__.py", "app.certificates"),
        (ORDER, "certificates/__init__.py", "app.reports"),
        (ORDER, "gains/__init__.py", "app.certificates"),
        (ORDER, "sittings/__init__.py", "app.gains"),
        (ORDER, "sittings/__init__.py", "app.feedback"),
        (ORDER, "feedback/__init__.py", "app.sittings"),
        (ORDER, "participants/__init__.py", "app.feedback"),
        (ORDER, "workshops/__init__.py", "app.participants"),
        (ORDER, "banks/__init__.py", "app.workshops"),
        (ORDER, "accounts/__init__.py", "app.banks"),
        (ORDER, "adapters/__init__.py", "app.accounts"),
        (ORDER, "settings.py", "app.adapters"),
        (ORDER, "settings.py", "app.core"),
        (ORDER, "core/__init__.py", "app.settings"),
        (ROOM, "sittings/queries.py", "app.sittings.service"),
        (ROOM, "workshops/tables.py", "app.workshops.queries"),
        (ROOM, "banks/schemas.py", "app.banks.tables"),
        (PAGES, "web/pages/__init__.py", "app.web.api"),
        (PAGES, "web/api/__init__.py", "app.web.pages"),
        (PAGES, "web/deps.py", "app.web.pages"),
        (CORE, "core/gains.py", "sqlmodel"),
        (CORE, "core/gains.py", "random"),
        (CORE, "core/gains.py", "time"),
        (CORE, "core/gains.py", "pathlib"),
        (CORE, "core/gains.py", "app.adapters.clock"),
        (HTTP, "sittings/__init__.py", "fastapi"),
        (HTTP, "core/__init__.py", "http"),
        (HTTP, "adapters/__init__.py", "starlette"),
        (HTTP, "upkeep/__init__.py", "uvicorn"),
        (HTTP, "web/__init__.py", "httpx"),
        (HTML, "reports/__init__.py", "jinja2"),
        (HTML, "adapters/__init__.py", "markupsafe"),
        (SQL, "web/pages/__init__.py", "sqlalchemy"),
        (SQL, "web/api/__init__.py", "sqlmodel"),
        (SQL, "web/pages/__init__.py", "app.sittings.tables"),
        (GROUPS, "web/pages/__init__.py", "app.core.gains"),
        (GROUPS, "web/api/__init__.py", "app.gains.queries"),
        (TABLES, "gains/__init__.py", "app.sittings.tables"),
        (TABLES, "upkeep/__init__.py", "app.participants.tables"),
        (TABLES, "web/pages/__init__.py", "app.accounts.tables"),
        (DOORS, "participants/__init__.py", "cryptography"),
        (DOORS, "accounts/__init__.py", "pwdlib"),
        (DOORS, "upkeep/__init__.py", "pyrage"),
        (DOORS, "web/__init__.py", "prometheus_client"),
        (DOORS, "banks/__init__.py", "yaml"),
        (DOORS, "web/__init__.py", "babel"),
        (DOORS, "web/pages/__init__.py", "segno"),
        (DOORS, "core/__init__.py", "secrets"),
        (DOORS, "adapters/db.py", "structlog"),
    )
]
# Cycles are broken apart from the rest: of a cycle import-linter names the cheapest import to
# cut, which need not be the one that closed it.
CLOSES_A_CYCLE = Planted(CYCLES, "adapters/clock.py", "import app.adapters.db")
OPENS_A_CYCLE = Planted(CYCLES, "adapters/db.py", "import app.adapters.clock")
UNDECLARED = Planted(ORDER, "attic.py", '"""A module that no layer declares."""')


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """For each contract the sections of broken contracts, with that contract's lines planted."""
    rounds: dict[str, list[Planted]] = {}
    for planted in (*PLANTED, CLOSES_A_CYCLE, OPENS_A_CYCLE, UNDECLARED):
        rounds.setdefault(planted.contract, []).append(planted)
    folders = {contract: tmp_path_factory.mktemp("planted") for contract in rounds}
    for contract, folder in folders.items():
        _plant(folder, rounds[contract])
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        said = dict(zip(folders, pool.map(_lint, folders.values()), strict=True))
    return {contract: _sections(text) for contract, (_, text) in said.items()}


def test_app_keeps_every_contract() -> None:
    code, text = _lint(ROOT)
    assert code == 0, text


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: f"{planted.edge.strip()}")
def test_a_planted_import_breaks_its_contract(
    planted: Planted, reports: dict[str, dict[str, str]]
) -> None:
    broken = reports[planted.contract]
    assert planted.contract in broken
    assert planted.edge in broken[planted.contract]


def test_a_planted_cycle_breaks_its_contract(reports: dict[str, dict[str, str]]) -> None:
    assert "app.adapters" in reports[CYCLES][CYCLES]


def test_a_module_that_no_layer_declares_breaks_the_order(
    reports: dict[str, dict[str, str]],
) -> None:
    assert "app.attic" in reports[ORDER][ORDER]


def test_every_contract_is_broken_by_something_planted() -> None:
    planted = {CYCLES} | {row.contract for row in PLANTED}
    assert planted == set(_contract_names())


def _plant(folder: Path, rows: Iterable[Planted]) -> None:
    ignored = shutil.ignore_patterns("__pycache__", "static", "fonts", "locales")
    shutil.copytree(APP, folder / "app", ignore=ignored)
    shutil.copyfile(ROOT / "pyproject.toml", folder / "pyproject.toml")
    for row in rows:
        with (folder / "app" / row.file).open("a", encoding="utf-8") as module:
            module.write(f"\n{row.line}\n")


def _lint(folder: Path) -> tuple[int, str]:
    program = Path(sys.executable).with_name("lint-imports")
    said = subprocess.run(
        [str(program), "--no-logo", "--no-cache", "--config", str(ROOT / "pyproject.toml")],
        cwd=folder,
        env={**os.environ, "COLUMNS": "400", "NO_COLOR": "1"},  # long names on one line
        capture_output=True,
        text=True,
        check=False,
    )
    return said.returncode, said.stdout + said.stderr


def _sections(report: str) -> dict[str, str]:
    """The text below each broken contract's underlined name."""
    _, _, text = report.partition("Broken contracts")
    headings = re.compile(rf"^({'|'.join(map(re.escape, _contract_names()))})\n-+$", re.MULTILINE)
    _, *parts = headings.split(text)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def _contract_names() -> list[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]]
