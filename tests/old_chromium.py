"""The real Chromium 64, 72 and 80 of npm's chrome-aws-lambda: what phones of 2018 to 2020 run.

They are fetched once by `npm pack` into build/old-chromium, checked against the hashes below, and
unpacked there. Nothing of a package is run but the browser itself.
"""

import base64
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

import brotli

_FOLDER = Path(__file__).resolve().parent.parent / "build" / "old-chromium"
_FETCH_SECONDS = 300


class FetchFailed(Exception):
    """npm could not bring a package, or brought another one."""


@dataclass(frozen=True)
class Package:
    """One version of chrome-aws-lambda, its sha512, and where the browser lies in it."""

    version: str
    member: str
    sha512: str


PACKAGES = {
    64: Package(
        "0.13.0",
        "package/bin/chromium-64.0.3264.0.br",
        "R7n/d7dGv2uUghAhXlaj2LO67l/FdZnGsvBEdGiDWnVKyoqkFy70APWW2wgNhll99h/8V0bA3Y/Oh+DGj1KHOA==",
    ),
    72: Package(
        "1.11.1",
        "package/bin/chromium-72.0.3617.0.br",
        "qLAtxBlQHl1lx8A6ujsjEzSB/rT+3fIeko8pQmmNBquEmO5Clb1zg42SFcxFGoulbMVWFZmWftwcPedeSvOXEg==",
    ),
    80: Package(
        "2.1.1",
        "package/bin/chromium.br",
        "Wer2QuygxsCov5bM2+8CLa6qYpNsc5AxYTlgTne00aFoxFP491LGJRxOQtGnYtsJP6UG4pB0SfrwTyPnLys1Lw==",
    ),
}


@dataclass(frozen=True)
class OldChromiums:
    """The unpacked browsers by their major version."""

    paths: dict[int, Path]

    def __str__(self) -> str:
        return ", ".join(map(str, self.paths))


def find_old_chromiums() -> OldChromiums | None:
    """All three, if they are unpacked."""
    paths = {major: _FOLDER / f"chromium-{major}" for major in PACKAGES}
    return OldChromiums(paths) if all(path.is_file() for path in paths.values()) else None


def fetch_old_chromiums() -> None:
    """Bring and unpack what is missing; raises FetchFailed."""
    _FOLDER.mkdir(parents=True, exist_ok=True)
    for major, package in PACKAGES.items():
        target = _FOLDER / f"chromium-{major}"
        if not target.is_file():
            with tempfile.TemporaryDirectory(dir=_FOLDER) as folder:
                _unpack(_fetch(package, Path(folder)), package, Path(folder) / "browser", target)


def _fetch(package: Package, folder: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise FetchFailed("there is no npm here")
    try:
        said = subprocess.run(
            [npm, "pack", f"chrome-aws-lambda@{package.version}", "--ignore-scripts"],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_FETCH_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as expired:
        raise FetchFailed(f"npm took longer than {_FETCH_SECONDS} s") from expired
    found = list(folder.glob("*.tgz"))
    if said.returncode or len(found) != 1:
        raise FetchFailed(f"npm pack failed: {said.stdout.strip()[-200:]}")
    return found[0]


def _unpack(archive: Path, package: Package, aside: Path, target: Path) -> None:
    content = archive.read_bytes()
    if base64.b64encode(hashlib.sha512(content).digest()).decode() != package.sha512:
        raise FetchFailed(f"chrome-aws-lambda {package.version} is not what it was")
    with tarfile.open(archive) as files:
        packed = files.extractfile(package.member)
        assert packed
        aside.write_bytes(brotli.decompress(packed.read()))
    aside.chmod(0o755)
    aside.replace(target)
