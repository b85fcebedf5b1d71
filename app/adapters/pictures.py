"""A picture from elsewhere made small enough for paper: PNG or JPEG in, a PNG of few colours out.

What stands in the file beside its points (places, cameras, names) does not come along. It is read
in a process of its own: `draw_small_apart`. A certificate has 60 kB in all, and a PDF keeps the
points packed without loss: so the points are made fewer until they pack well.
"""

import io
import sys
import zlib
from typing import TYPE_CHECKING

from app.adapters.apart import ApartBusy, ApartEnded, bound_this_process, run_apart

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_BYTES = 2 << 20
_MOST_POINTS = 16_000_000
_MOST_PACKED = 2_400  # three of them, and the page stays below 60 kB
_STEPS = ((360, 140, 48), (360, 140, 16), (270, 105, 16), (200, 80, 16), (200, 80, 8))
_SECONDS = 5
_MEGABYTES = 512
_DRAWN, _REFUSED = b"+", b"-"


class PictureRefused(Exception):
    """The reason as a key of `core.reasons.REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def draw_small_apart(content: bytes) -> bytes:
    """`draw_small` in a process of its own, with bounds; raises PictureRefused."""
    if len(content) > MOST_BYTES:
        raise PictureRefused("picture_too_large")
    try:
        told = run_apart(__name__, content, seconds=2 * _SECONDS)
    except ApartBusy as error:
        raise PictureRefused("list_busy") from error
    except ApartEnded as error:
        raise PictureRefused("picture_too_large") from error
    if not told.startswith(_DRAWN):
        raise PictureRefused(told[1:].decode())
    return told[1:]


def serve_apart() -> None:
    """The other side: the file from the input, the small one to the output."""
    import PIL.JpegImagePlugin
    import PIL.PngImagePlugin  # noqa: F401  read before the process is bound

    content = sys.stdin.buffer.read()
    bound_this_process(seconds=_SECONDS, megabytes=_MEGABYTES)
    try:
        told = _DRAWN + draw_small(content)
    except PictureRefused as refusal:
        told = _REFUSED + refusal.reason.encode()
    except MemoryError:
        told = _REFUSED + b"picture_too_large"
    sys.stdout.buffer.write(told)


def draw_small(content: bytes) -> bytes:
    """A PNG on white, at most 360 by 140 points; raises PictureRefused."""
    from PIL.Image import Dither, Resampling

    picture = _read(content)
    for width, height, colours in _STEPS:
        small = picture.copy()
        small.thumbnail((width, height), Resampling.LANCZOS)
        drawn = small.quantize(colours, dither=Dither.NONE)
        if len(zlib.compress(drawn.convert("RGB").tobytes(), 9)) <= _MOST_PACKED:
            made = io.BytesIO()
            drawn.save(made, "PNG", optimize=True)
            return made.getvalue()
    raise PictureRefused("picture_too_fine")


def _read(content: bytes) -> "Image":
    """The points on white; the size is looked at before any of them is unpacked."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as found:
            width, height = found.size
            if width * height > _MOST_POINTS:
                raise PictureRefused("picture_too_large")
            seen = found.convert("RGBA")
    except Image.DecompressionBombError as error:
        raise PictureRefused("picture_too_large") from error
    except (PictureRefused, MemoryError):
        raise
    except Exception as error:  # a broken file raises whatever it likes
        raise PictureRefused("picture_unknown") from error
    white = Image.new("RGBA", seen.size, "white")
    white.alpha_composite(seen)
    return white.convert("RGB")
