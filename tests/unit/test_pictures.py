"""A logo from elsewhere: small, of few colours, on white, and nothing beside its points."""

import io
import os
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from app.adapters.pictures import MOST_BYTES, PictureRefused, draw_small, draw_small_apart
from tests.fixtures.logos import a_picture


def test_a_large_logo_becomes_small_on_white_and_packs_well() -> None:
    for kind in ("PNG", "JPEG"):
        with Image.open(io.BytesIO(draw_small(a_picture(kind=kind)))) as small:
            assert small.format == "PNG"
            assert small.width <= 360
            assert small.height <= 140
            assert len(zlib.compress(small.convert("RGB").tobytes(), 9)) <= 2_400
    with Image.open(io.BytesIO(draw_small(a_picture()))) as small:
        points = small.convert("RGB")
        assert points.getpixel((small.width - 1, 0)) == (255, 255, 255)  # there was nothing
        red, green, blue = points.getpixel((small.height // 2, small.height // 2))
        assert red > green + blue


def test_what_stands_beside_the_points_does_not_come_along() -> None:
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", "Synthetic Person 7")
    made = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(made, "PNG", pnginfo=told)
    assert b"Synthetic Person 7" in made.getvalue()
    assert b"Synthetic Person 7" not in draw_small(made.getvalue())


def test_a_picture_like_noise_is_made_smaller_or_refused() -> None:
    noise = io.BytesIO()
    Image.frombytes("RGB", (1200, 600), os.urandom(1200 * 600 * 3)).save(noise, "PNG")
    with pytest.raises(PictureRefused, match="picture_too_fine"):
        draw_small(noise.getvalue())


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it is so large, in a few bytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        whole = kind + content
        return struct.pack(">I", len(content)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    points = zlib.compress(b"\0" * 1_000_000, 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", points) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "picture_unknown"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture_unknown"),
        (b"GIF89a" + b"\0" * 40, "picture_unknown"),
        (a_picture()[:300], "picture_unknown"),
        (bomb(60_000, 60_000), "picture_too_large"),
        (bomb(2**31 - 1, 2**31 - 1), "picture_too_large"),
        (bomb(3_000, 3_000), "picture_unknown"),  # fewer points than it says
        (b"\x89PNG" + b"\0" * MOST_BYTES, "picture_too_large"),
    ],
)
def test_what_is_no_logo_is_refused_by_the_process_that_reads_it(
    content: bytes, reason: str
) -> None:
    with pytest.raises(PictureRefused, match=reason):
        draw_small_apart(content)


def test_the_process_that_reads_gives_what_the_function_gives() -> None:
    assert draw_small_apart(a_picture()) == draw_small(a_picture())
