"""Smaller bytes for bad networks: style and script without comments, documents compressed."""

from pathlib import Path

import brotli
import rcssmin
from calmjs.parse import es5
from calmjs.parse.unparsers.es5 import minify_print
from zopfli import gzip


def read_style(path: Path) -> str:
    """A style sheet without comments and spare blanks."""
    return str(rcssmin.cssmin(path.read_text(encoding="utf-8")))


def read_script(path: Path) -> str:
    """A script without comments and spare blanks, its local names shortened.

    Raises ECMASyntaxError for anything newer than ES5: old phones would refuse the whole script.
    """
    tree = es5(path.read_text(encoding="utf-8"))
    return str(minify_print(tree, obfuscate=True))


def gzipped(content: bytes) -> bytes:
    """As small as gzip's format allows; a tenth of a second, so only for what is made once."""
    return bytes(gzip.compress(content))


def brotlied(content: bytes) -> bytes:
    """As small as brotli can; some 30 ms, so only for what is made once."""
    return bytes(brotli.compress(content, quality=11))
