"""A picture from elsewhere made small enough for paper: PNG or JPEG in, a PNG of few colours out.

What stands in the file beside its points (places, cameras, names) does not come along. It is read
in a process of its own: `draw_small_apart`. A certificate has 60 kB in all, and a PDF keeps the
points packed without loss: so the points are made fewer until they pack well.
"""

import base64
import io
import zlib
from typing import TYPE_CHECKING

from app.adapters.apart import ApartReader, ReadingRefused

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_BYTES = 2 << 20
_MOST_POINTS = 16_000_000
_MOST_PACKED = 2_400  # three of them, and the page stays below 60 kB
_STEPS = ((360, 140, 48), (360, 140, 16), (270, 105, 16), (200, 80, 16), (200, 80, 8))


class PictureRefused(ReadingRefused):
    """A picture that is not taken."""


_READER = ApartReader(
    __name__, seconds=5, megabytes=512, busy="list_busy", heavy="picture_too_large",
    refusal=PictureRefused,
)  # fmt: skip


def draw_small_apart(content: bytes) -> bytes:
    """`draw_small` in a process of its own, with bounds; raises PictureRefused."""
    if len(content) > MOST_BYTES:
        raise PictureRefused("picture_too_large")
    return base64.b64decode(_READER.ask(content))


def serve_apart() -> None:
    """The other side of `draw_small_apart`."""
    _READER.serve(_load_reader, lambda content: base64.b64encode(draw_small(content)).decode())


def _load_reader(_content: bytes) -> None:
    import PIL.JpegImagePlugin
    import PIL.PngImagePlugin  # noqa: F401


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
