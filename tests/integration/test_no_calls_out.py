"""Threat 25 under strace: the served program connects to nobody, whatever is asked of it."""

import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.fixtures.server import serving
from tests.fixtures.tracing import wait_for_trace

pytestmark = pytest.mark.sqlite_only  # a PostgreSQL server is connected to, on purpose

ASKED = (
    "/", "/about", "/help", "/privacy", "/methods", "/v", "/v/12345678901", "/sign-in", "/nowhere",
    "/j/123456", "/api/v1/openapi.json", "/health", "/static/staff.css",
)  # fmt: skip


def under(trace: Path) -> list[str]:
    calls = "trace=connect,sendto,sendmsg"
    return ["strace", "-D", "-f", "-qq", "-e", calls, "-e", "signal=none", "-o", str(trace)]


def calls_out(trace: Path) -> list[str]:
    """Connections, and datagrams with an address, to any network."""
    lines = trace.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in lines if re.search(r"(connect|sendto|sendmsg)\(.*AF_INET", line)]


def test_a_server_that_is_asked_for_pages_connects_to_nobody(
    database_url: str, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    environment = {"TAFAWUT_DATABASE_URL": database_url, "TAFAWUT_DATA_DIR": str(tmp_path / "data")}
    with (
        serving(["serve"], environment, under=under(trace)) as (ready, _process),
        httpx.Client(base_url=str(ready["base_url"]), trust_env=False, timeout=60) as client,
    ):
        for path in ASKED:
            assert client.get(path).status_code < 500, path
        wrong = {"login": "nobody", "password": "https://evil.example/picture.png"}
        assert client.post("/sign-in", data=wrong).status_code == 401
    wait_for_trace(trace)
    assert calls_out(trace) == []


def test_the_check_sees_a_program_that_connects(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    code = "import socket as s; s.socket(s.AF_INET, s.SOCK_DGRAM).connect(('127.0.0.1', 9))"
    subprocess.run([*under(trace), sys.executable, "-c", code], check=True, timeout=60)
    wait_for_trace(trace)
    assert len(calls_out(trace)) == 1
