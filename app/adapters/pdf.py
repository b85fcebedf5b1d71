"""PDF and pictures by Typst: a template of ours, facts as JSON, the same bytes for the same facts.

What people typed reaches a template as JSON and is never read as markup. Nothing can be read but
the templates and the fonts: the root is the templates' own folder, and no package is asked for.
"""

import json
import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typst import Compiler

_TEMPLATES = Path(__file__).parent / "typst"
_FONTS = Path(__file__).parent.parent / "fonts"
_NO_GLYPH = "could not be displayed"
_LARGE = 500_000  # characters of facts: some 150 cards
_ROUNDS_KEPT = 11

_of_thread = threading.local()


def render(template: str, facts: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """Return the PDF, tagged, with its fonts inside, by PDF/A-2a and PDF/UA-1.

    A sign that none of our fonts has is printed as an empty box; such a file is tagged as well but
    is no PDF/A. `made_at` is the date inside the file.
    """
    from typst import TypstError

    try:
        return _compile(template, facts, made_at, standards=["a-2a", "ua-1"])
    except TypstError as error:
        if _NO_GLYPH not in str(error):
            raise
        return _compile(template, facts, made_at, standards=[])


def render_picture(template: str, facts: Mapping[str, Any], *, dots_per_inch: float) -> bytes:
    """Return the only page of the same template as PNG; ValueError where there are several."""
    made = _compiler().compile(
        input=_TEMPLATES / f"{template}.typ",
        format="png",
        ppi=dots_per_inch,
        sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)},
    )
    if not isinstance(made, bytes):
        raise ValueError("a picture is of one page")
    return made


def _compile(
    template: str, facts: Mapping[str, Any], made_at: datetime, *, standards: list[Any]
) -> bytes:
    told = json.dumps(facts, ensure_ascii=False)
    made = _compiler().compile(
        input=_TEMPLATES / f"{template}.typ",
        format="pdf",
        sys_inputs={"facts": told},
        pdf_standards=standards,
        timestamp=int(made_at.timestamp()),
    )
    if len(told) > _LARGE:
        _forget()
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


def _forget() -> None:
    """Make Typst drop what it keeps for ten more compilations.

    It is meant for somebody who types: eleven sheets of 900 cards held 800 MB, so they hold 210.
    """
    for _ in range(_ROUNDS_KEPT):
        _compiler().compile(input=b"", format="pdf", sys_inputs={})


def _compiler() -> "Compiler":
    """The compiler of this thread: one must not be used by two."""
    if not hasattr(_of_thread, "compiler"):
        import typst

        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[_FONTS]
        )
        _of_thread.compiler = typst.Compiler(
            root=_TEMPLATES, font_paths=fonts, ignore_system_fonts=True
        )
    compiler: Compiler = _of_thread.compiler
    return compiler
