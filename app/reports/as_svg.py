"""One drawing of a report as a picture: it is pasted anywhere, so it says where it is from.

Nothing is loaded by it. Names are broken into lines by their number of signs, since a file of this
kind knows no lines of its own; what a drawing shows is in its description too.
"""

import textwrap
from collections.abc import Iterable, Sequence
from decimal import Decimal
from xml.etree.ElementTree import Element, SubElement, tostring

from app.core.errors import NotFound
from app.core.text import is_rtl
from app.gains.results import Direction
from app.reports.document import Arrow, Bar, Chart, ReportDocument

WIDTH, MARGIN = 960, 56
_PLOT = WIDTH - 2 * MARGIN
_LINE, _SIGNS = 20, 104
_INK, _SOFT, _GRID = "#15202b", "#4a5763", "#d3dae1"
_WAYS = {
    Direction.ROSE: "#0b57a4", Direction.FELL: "#9c1f18", Direction.UNCLEAR: _SOFT,
    Direction.MOVED: _SOFT,
}  # fmt: skip
_SHADES = ("#b4552d", "#e0a877", "#aeb7c0", "#6fa3d6", "#0b57a4")
_ON_SHADES = ("#ffffff", _INK, _INK, _INK, "#ffffff")
_FONTS = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Naskh Arabic', sans-serif"


def chart_as_svg(document: ReportDocument, code: str) -> bytes:
    """The drawing of that code; raises NotFound where the report has none."""
    chart = find_chart(document, code)
    return _Sheet(document).draw(chart)


def find_chart(document: ReportDocument, code: str) -> Chart:
    """The drawing of that code; raises NotFound."""
    known = document.get_chart(code)
    if known is None:
        raise NotFound()
    return known


def source_of(document: ReportDocument) -> str:
    """Whose numbers these are, which report they are from, and of when."""
    labels, scope = dict(document.labels), document.scope
    parts = [f"{labels.get('source', 'Source')}: \u2068{document.organisation}\u2069"]
    if scope is not None:
        parts += [" · ".join(f"\u2068{each}\u2069" for each in scope.words)]
        parts += [f"\u2068{scope.form_title}\u2069 \u2066{scope.form_version}\u2069"]
    parts += [
        f"{labels['id']} \u2066{document.id}\u2069",
        f"{labels['as_of']}: {labels['moment']}",
    ]
    notes = [each.text for each in document.method if each.code == "synthetic"]
    return ". ".join([*parts, *notes])


class _Sheet:
    """A picture that grows downwards."""

    def __init__(self, document: ReportDocument) -> None:
        self._document = document
        self._is_rtl = is_rtl(document.language)
        self._root = Element("svg", {
            "xmlns": "http://www.w3.org/2000/svg", "role": "img", "aria-labelledby": "t d",
            "xml:lang": document.language, "font-family": _FONTS, "font-size": "14",
        })  # fmt: skip
        self._y = 16.0

    def draw(self, chart: Chart) -> bytes:
        """The whole picture, as a file."""
        title = SubElement(self._root, "title", {"id": "t"})
        title.text = _plain(f"{chart.caption}. {self._document.title}")
        SubElement(self._root, "desc", {"id": "d"}).text = _plain(
            " ".join([*_in_words(chart), source_of(self._document)])
        )
        ground = SubElement(self._root, "rect", {"width": str(WIDTH), "fill": "#ffffff"})
        self._words(chart.caption, size=20, weight="700")
        self._words(self._document.title, colour=_SOFT)
        if chart.arrows:
            self._arrows(chart.arrows)
        if chart.bars:
            self._bars(chart)
        self._y += 12
        self._words(source_of(self._document), size=12, colour=_SOFT)
        height = f"{self._y + 12:.0f}"
        ground.set("height", height)
        self._root.attrib |= {
            "width": str(WIDTH), "height": height, "viewBox": f"0 0 {WIDTH} {height}",
        }  # fmt: skip
        drawn: bytes = tostring(self._root, encoding="utf-8", xml_declaration=True)
        return drawn

    def _words(
        self, words: str, *, size: int = 14, weight: str = "400", colour: str = _INK
    ) -> None:
        """Lines of text at the reader's side."""
        for line in textwrap.wrap(words, _SIGNS * 14 // size) or [""]:
            self._y += _LINE * size / 14
            self._text(line, WIDTH - MARGIN if self._is_rtl else MARGIN, size, weight, colour)

    def _text(self, words: str, x: float, size: int, weight: str, colour: str) -> None:
        SubElement(self._root, "text", {
            "x": f"{x:.0f}", "y": f"{self._y:.0f}", "font-size": str(size), "font-weight": weight,
            "fill": colour, "direction": "rtl" if self._is_rtl else "ltr",
        }).text = words  # fmt: skip

    def _number(self, words: str, x: float, anchor: str, **more: str) -> None:
        """Digits, from left to right in every language."""
        SubElement(self._root, "text", {
            "x": f"{x:.1f}", "y": f"{self._y + 5:.1f}", "text-anchor": anchor, "direction": "ltr",
            "fill": _INK, "font-weight": "700", **more,
        }).text = words  # fmt: skip

    def _arrows(self, arrows: Sequence[Arrow]) -> None:
        self._y += 24
        for share in (0, 25, 50, 75, 100):
            scale = {"fill": _SOFT, "font-weight": "400", "font-size": "12"}
            self._number(f"{share}%", _at(share), "middle", **scale)
        grid = SubElement(self._root, "g", {"stroke": _GRID})
        self._y += 8
        top = self._y + 4
        for arrow in arrows:
            self._words(arrow.name)
            self._y += 20
            self._arrow(arrow)
            self._y += 10
        for share in (0, 25, 50, 75, 100):
            x = f"{_at(share):.1f}"
            SubElement(grid, "line", {"x1": x, "x2": x, "y1": f"{top}", "y2": f"{self._y}"})

    def _arrow(self, arrow: Arrow) -> None:
        """A ring before, a tip after; a diamond where there is no clear change."""
        before, after, y = _at(arrow.before), _at(arrow.after), f"{self._y:.1f}"
        side = 1 if after >= before else -1
        colour, is_clear = _WAYS[arrow.way], arrow.way is not Direction.UNCLEAR
        end = after - 7 * side if is_clear else after
        SubElement(self._root, "line", {
            "x1": f"{before:.1f}", "x2": f"{end:.1f}", "y1": y, "y2": y, "stroke": colour,
            "stroke-width": "3.5",
        })  # fmt: skip
        SubElement(self._root, "circle", {
            "cx": f"{before:.1f}", "cy": y, "r": "6", "fill": "#ffffff", "stroke": colour,
            "stroke-width": "2.5",
        })  # fmt: skip
        tip = f"l{-13 * side}-8v16z" if is_clear else "m-8 0l8-8 8 8-8 8z"
        SubElement(self._root, "path", {"d": f"M{after:.1f} {y}{tip}", "fill": colour})
        behind, ahead = ("end", "start") if side == 1 else ("start", "end")
        light = {"fill": _SOFT, "font-weight": "400"}
        self._number(str(arrow.before), before - 12 * side, behind, **light)
        self._number(str(arrow.after), after + (7 if is_clear else 13) * side, ahead)

    def _bars(self, chart: Chart) -> None:
        self._y += 8
        for place, part in enumerate(chart.parts):
            self._y += _LINE
            x = WIDTH - MARGIN - 12 if self._is_rtl else MARGIN
            SubElement(self._root, "rect", {
                "x": str(x), "y": f"{self._y - 11:.0f}", "width": "12", "height": "12",
                "fill": _shade(place, _SHADES),
            })  # fmt: skip
            beside = x - 8 if self._is_rtl else x + 20
            self._text(part, beside, 14, "400", _SOFT)
        self._y += 8
        agree = dict(self._document.labels).get("agree", "")
        for bar in chart.bars:
            self._words(f"{bar.name}  ({agree} \u2066{bar.agreed}%\u2069)")
            self._y += 8
            self._bar(bar)
            self._y += 32

    def _bar(self, bar: Bar) -> None:
        """The lowest answer at the reader's side."""
        total, done = sum(bar.counts), 0
        for place, count in enumerate(bar.counts):
            width = _PLOT * count / total
            start = _PLOT * done / total
            x = MARGIN + (_PLOT - start - width if self._is_rtl else start)
            done += count
            if not count:
                continue
            SubElement(self._root, "rect", {
                "x": f"{x:.1f}", "y": f"{self._y:.0f}", "width": f"{width:.1f}", "height": "24",
                "fill": _shade(place, _SHADES), "stroke": "#ffffff",
            })  # fmt: skip
            if width >= 28:
                self._y += 12
                self._number(str(count), x + width / 2, "middle", fill=_shade(place, _ON_SHADES))
                self._y -= 12


def _at(share: Decimal | int) -> float:
    return MARGIN + _PLOT * float(share) / 100


def _shade(place: int, shades: Sequence[str]) -> str:
    return shades[min(place, len(shades) - 1)]


def _in_words(chart: Chart) -> Iterable[str]:
    """What each row shows, for who hears it."""
    for arrow in chart.arrows:
        yield f"{arrow.name}: {arrow.before}% → {arrow.after}%."
    for bar in chart.bars:
        counts = ", ".join(
            f"{part}: {count}" for part, count in zip(chart.parts, bar.counts, strict=True)
        )
        yield f"{bar.name}: {bar.agreed}%. {counts}."


def _plain(text: str) -> str:
    return "".join(each for each in text if not "\u2066" <= each <= "\u2069")
