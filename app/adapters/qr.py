"""QR codes as SVG, for page and print, without a size of their own."""

import io

import segno

_QUIET = 4  # modules left white on each side, as ISO/IEC 18004 asks


def qr_svg(text: str, *, is_one_of_many: bool = False) -> str:
    """A QR code of level M with its quiet zone, black, as an SVG element.

    It is one path: squares drawn on their own show hairlines between them. To weigh all eight
    masks takes ten times as long as to draw; a card sheet takes one mask for all its codes, which
    readers know by the code itself.
    """
    mask = 4 if is_one_of_many else None
    code = segno.make(text, error="m", micro=False, mask=mask, boost_error=False)
    size = len(code.matrix) + 2 * _QUIET
    runs = "".join(
        f"M{start} {row}h{length}v1h-{length}z"
        for row, modules in enumerate(code.matrix, _QUIET)
        for start, length in _dark_runs(modules)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" direction="ltr">'
        f'<path d="{runs}"/></svg>'
    )


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


def _dark_runs(modules: bytearray) -> list[tuple[int, int]]:
    """Start and length of each run of dark modules in a row."""
    runs = []
    column = _QUIET
    for part in bytes(modules).replace(b"\1\0", b"\1|\0").replace(b"\0\1", b"\0|\1").split(b"|"):
        if part[0]:
            runs.append((column, len(part)))
        column += len(part)
    return runs
