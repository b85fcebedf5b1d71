"""R26 under strace: drawing a hundred hostile names opens our templates and fonts, nothing else."""

import re
import subprocess
import sys
from pathlib import Path

from tests.fixtures.prints import FONTS, TEMPLATES
from tests.legs import ROOT

_DRAW = """
from app.certificates.as_pdf import certificate_as_pdf
from tests.fixtures.certificates import a_document, hostile_names
certificate_as_pdf(a_document())  # libraries, fonts and catalogues are read
documents = [a_document(local=name, latin=name) for name in hostile_names()]
open("/dev/null").close()
for document in documents:
    certificate_as_pdf(document)
open("/dev/null").close()
"""


def test_a_hundred_hostile_names_open_nothing_outside_templates_and_fonts(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    calls = "open,openat,openat2,connect,execve,socket"
    command = ["strace", "-f", "-qq", "-e", f"trace={calls}", "-e", "signal=none", "-o", str(trace)]
    subprocess.run([*command, sys.executable, "-c", _DRAW], cwd=ROOT, check=True, timeout=120)
    _, between, _ = trace.read_text(encoding="utf-8", errors="replace").split('"/dev/null"')
    opened = {
        found[1]
        for line in between.splitlines()[1:-1]
        if (found := re.search(r'open\w*\([^"]*"([^"]*)"', line))
    }
    allowed = (str(TEMPLATES), str(FONTS))
    assert [path for path in opened if not path.startswith(allowed)] == []
    assert not re.search(r"\b(?:connect|socket|execve)\(", between)
