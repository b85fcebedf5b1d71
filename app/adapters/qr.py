"""QR codes as SVG, for page and print, without a size of their own."""

import io
from collections.abc import Sequence
from typing import Any

import segno

_QUIET = 4  # modules left white on each side, as ISO/IEC 18004 asks


def qr_svg(text: str | Sequence[str], *, is_one_of_many: bool = False) -> str:
    """A QR code of level M with its quiet zone, black, as an SVG element.

    Parts of a text are packed each on its own: capitals and digits take two thirds of the room.

    It is one path: squares drawn on their own show hairlines between them. To weigh all eight
    masks takes ten times as long as to draw; a card sheet takes one mask for all its codes, which
    readers know by the code itself.
    """
    return draw_qr(text, is_one_of_many=is_one_of_many)[0]


def draw_qr(text: str | Sequence[str], *, is_one_of_many: bool = False) -> tuple[str, int]:
    """The same, and how many modules the code is across without its quiet zone."""
    code = _make(text, mask=4 if is_one_of_many else None)
    size = len(code.matrix) + 2 * _QUIET
    runs = "".join(
        f"M{start} {row}h{length}v1h-{length}z"
        for row, modules in enumerate(code.matrix, _QUIET)
        for start, length in _dark_runs(modules)
    )
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" direction="ltr">'
        f'<path d="{runs}"/></svg>'
    )
    return drawn, len(code.matrix)


def qr_terminal(text: str) -> str:
    """A QR code of level M in half blocks, for a dark or a light terminal's own colours."""
    lines = io.StringIO()
    code = segno.make(text, error="m", micro=False, boost_error=False)
    code.terminal(lines, border=_QUIET, compact=True)
    return lines.getvalue()


def wifi_text(ssid: str, password: str) -> str:
    """What a phone's camera reads as a network to join: WPA, or open without a password."""
    kind = f"T:WPA;P:{_escaped(password)};" if password else "T:nopass;"
    return f"WIFI:S:{_escaped(ssid)};{kind};"


def _escaped(text: str) -> str:
    return "".join(f"\\{sign}" if sign in '\\;,:"' else sign for sign in text)


def _make(text: str | Sequence[str], *, mask: int | None) -> segno.QRCode:
    # The library takes a list of parts, though its types do not say so.
    content: Any = text if isinstance(text, str) else list(text)
    return segno.make(content, error="m", micro=False, mask=mask, boost_error=False)


def _dark_runs(modules: bytearray) -> list[tuple[int, int]]:
    """Start and length of each run of dark modules in a row."""
    runs = []
    column = _QUIET
    for part in bytes(modules).replace(b"\1\0", b"\1|\0").replace(b"\0\1", b"\0|\1").split(b"|"):
        if part[0]:
            runs.append((column, len(part)))
        column += len(part)
    return runs
