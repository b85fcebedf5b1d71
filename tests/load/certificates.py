"""How fast a room's certificates are drawn, beside a bare Typst loop, and in how much memory.

`python -m tests.load.certificates [--json]`: 500 certificates as one ZIP from a served service, by
its API: read, unsealed, signed, drawn, packed. The bare loop is one compiler that draws the same
500 pages from ready facts; it runs half before and half after, on the same computer.
`typst_ratio`: certificates a second, divided by the bare loop's. `peak_mb`: the most memory of a
process that does the same without a web server around it; `growth_mb`: how much of that came after
the first hundred. `served_mb`: the most memory of the server.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import typst

from app.accounts.schemas import Role, StaffPerson
from app.certificates import papers
from app.certificates import service as certificates
from app.certificates.as_pdf import certificate_facts
from app.main import build_house
from app.web.certificate_files import document_of
from app.web.house import House
from tests.fixtures.house import (
    Room,
    a_staff_member,
    a_workshop,
    bearer_of,
    make_settings,
    publish_real_banks,
)
from tests.fixtures.load_room import environment_of, fresh_database
from tests.fixtures.prints import FONTS, TEMPLATES
from tests.fixtures.server import serving
from tests.legs import ROOT
from tests.long.random_numbers import issue_to_all

CERTIFICATES = 500
_NAMES = ("فرح علی", "غلام مصطفیٰ جتوئی", "گل مکئی", "ڪامل سنڌي", "")
LIMITS = {"typst_ratio": 0.8, "peak_mb": 150}


def run(count: int = CERTIFICATES) -> dict[str, Any]:
    """The figures of one run."""
    with tempfile.TemporaryDirectory() as name, fresh_database(Path(name)) as url:
        house = build_house(make_settings(Path(name), url))
        publish_real_banks(house)
        amal = a_staff_member(house, "amal", Role.TRAINER)
        room = a_workshop(house, amal, people=count)
        issue_to_all(house, room)
        _write_names(house, room, amal)
        headers, facts = bearer_of(house, amal), _facts_of(house, room, amal)
        house.engine.dispose()
        with serving(["serve"], environment_of(url, house.settings.data_dir)) as (ready, server):
            first = _draw_bare(facts[: count // 2])
            path = f"/api/v1/workshops/{room.workshop.id}/certificates.zip"
            address = f"{ready['base_url']}{path}"
            seconds = _download(address, headers, count)
            second = _draw_bare(facts[count // 2 :])
            served = _peak_mb(server.pid)
        early, peak = _draw_alone(url, house.settings.data_dir, room.workshop.id)
    return {
        "typst_ratio": round((first + second) / seconds, 2),
        "peak_mb": round(peak),
        "ms_each": round(1000 * seconds / count, 1),
        "growth_mb": round(peak - early, 1),
        "served_mb": round(served),
        "bare_ms_each": round(1000 * (first + second) / count, 1),
    }


def _write_names(house: House, room: Room, by: StaffPerson) -> None:
    """Names in both scripts, corrected into the certificates that were just issued."""
    with house.unit(writes=True) as work:
        for place, line in enumerate(certificates.find_holders(work, room.workshop)):
            assert line.certificate is not None
            certificates.supersede_certificate(
                work, line.certificate, local=_NAMES[place % len(_NAMES)],
                latin=f"Synthetic Person {place}", reason="A bench", by=by,
            )  # fmt: skip


def _facts_of(house: House, room: Room, by: StaffPerson) -> list[str]:
    """What the bare loop is given: nothing is left to do but to draw."""
    with house.unit(writes=True) as work:
        found = papers.print_certificates(work, room.workshop, by=by)
    documents = [document_of(house, paper) for paper in found]
    return [json.dumps(certificate_facts(each), ensure_ascii=False) for each in documents]


def _draw_bare(facts: Sequence[str]) -> float:
    """Seconds of one compiler for these pages, after one to warm up."""
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS]
    )
    compiler = typst.Compiler(root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True)
    began = 0.0
    for told in [facts[0], *facts]:
        made = compiler.compile(
            input=TEMPLATES / "certificate.typ", format="pdf", sys_inputs={"facts": told},
            pdf_standards=["a-2a", "ua-1"], timestamp=0,
        )  # fmt: skip
        assert made
        began = began or time.perf_counter()
    return time.perf_counter() - began


def _download(address: str, headers: dict[str, str], count: int) -> float:
    """Seconds until all of them have come."""
    with httpx.Client(timeout=600, headers=headers) as client:
        began, seen = time.perf_counter(), 0
        with client.stream("GET", address) as answer:
            assert answer.status_code == 200
            for chunk in answer.iter_raw():
                seen += chunk.count(b"PK\x03\x04")
        assert seen == count
        return time.perf_counter() - began


def _draw_alone(url: str, data_dir: Path, workshop_id: str) -> tuple[float, float]:
    """A process of its own: its memory after the first hundred, and its most."""
    task = [url, str(data_dir), workshop_id]
    done = subprocess.run(
        [sys.executable, "-m", "tests.load.certificate_drawing", *task],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    early, peak = json.loads(done.stdout)
    return float(early), float(peak)


def _peak_mb(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return int(found[1]) / 1024


def main() -> int:
    """Print a table, or one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--count", type=int, default=CERTIFICATES)
    chosen = parser.parse_args()
    figures = run(chosen.count)
    if chosen.json:
        print(json.dumps(figures))
        return 0
    for name, value in figures.items():
        print(f"{name:14} {value:>8} {LIMITS.get(name, ''):>8}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
