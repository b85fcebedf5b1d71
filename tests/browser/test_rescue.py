"""The phone's side of carrying answers by hand, in a real Chromium on plain http."""

import gzip
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import segno
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Error, Page, Route

from app.adapters.packing import read_script

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "app" / "web" / "static" / "rescue.js"
VECTORS = json.loads((ROOT / "tests" / "golden" / "rescue.json").read_text(encoding="utf-8"))
PLACE = "http://room.test"
# Only what the pages of the service allow: no inline style, no inline script.
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'"
PAGE = "<!doctype html><title>Rescue</title><script src=/rescue.js></script><div id=picture></div>"
QR_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
# How many signs the versions 1 to 10 hold at level M: ISO/IEC 18004, table 7.
MOST_SIGNS = (20, 38, 61, 90, 122, 154, 178, 221, 262, 311)
SHOW = """([text, pixels, degrees]) => {
    const picture = document.getElementById("picture");
    TafawutRescue.drawQr(text, picture);
    document.body.style.background = "white";
    picture.style.width = pixels + "px";
    picture.style.margin = "60px";
    picture.style.transform = "rotate(" + degrees + "deg)";
}"""

SCRATCH = """() => {
    const svg = document.querySelector("#picture > svg");
    const scratch = svg.lastChild.cloneNode();
    scratch.setAttribute("d", "M14 16h7v5h-7z");
    svg.appendChild(scratch);
}"""


def serve(route: Route) -> None:
    """The page or the script, from this file and from the product."""
    if route.request.url == f"{PLACE}/rescue.js":
        script = SCRIPT.read_text(encoding="utf-8")
        route.fulfill(content_type="text/javascript; charset=utf-8", body=script)
    else:
        headers = {"Content-Security-Policy": POLICY}
        route.fulfill(content_type="text/html; charset=utf-8", headers=headers, body=PAGE)


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Iterator[Page]:
    """A page on plain http, where a browser offers no crypto.subtle, under the service's policy."""
    with browser.new_context(viewport={"width": 480, "height": 480}) as context:
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.route("**/*", serve)
        page.goto(f"{PLACE}/")
        assert page.evaluate("window.isSecureContext") is False
        yield page
        assert complaints == []


def encode(phone: Page, vector: dict[str, Any]) -> dict[str, Any]:
    given = [vector[name] for name in ("shape", "card", "form", "revision", "answers")]
    written: dict[str, Any] = phone.evaluate("given => TafawutRescue.encode(...given)", given)
    return written


def scanned(phone: Page, text: str, *, pixels: int, degrees: int = 0) -> list[str]:
    """What a scanner reads from the screen."""
    phone.evaluate(SHOW, [text, pixels, degrees])
    with Image.open(io.BytesIO(phone.screenshot())) as picture:
        return [found.text for found in zxingcpp.read_barcodes(picture)]


def some_text(length: int) -> str:
    """Every sign that a QR code's alphanumeric mode has, in no order that repeats."""
    return "".join(QR_SIGNS[(place * place + 7 * place + length) % 45] for place in range(length))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_phone_writes_every_golden_vector(phone: Page, vector: dict[str, Any]) -> None:
    assert encode(phone, vector) == {
        "text": vector["text"],
        "groups": vector["text"].split()[1:],
        "leftOut": vector["left_out"],
    }


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_every_golden_vector_is_scanned_from_the_screen(
    phone: Page, vector: dict[str, Any]
) -> None:
    assert scanned(phone, vector["text"], pixels=320) == [vector["text"]]


@pytest.mark.parametrize("version", range(1, 11))
def test_the_shortest_and_the_longest_text_of_a_version_are_scanned(
    phone: Page, version: int
) -> None:
    longest = MOST_SIGNS[version - 1]
    shortest = MOST_SIGNS[version - 2] + 1 if version > 1 else 1
    for length in sorted({shortest, (shortest + longest) // 2, longest - 1, longest}):
        text = some_text(length)
        assert phone.evaluate("text => TafawutRescue.qrMatrix(text).length", text) == (
            17 + 4 * version
        )
        assert scanned(phone, text, pixels=320) == [text]


@pytest.mark.parametrize("length", MOST_SIGNS)
def test_every_cell_is_as_another_encoder_sets_it(phone: Page, length: int) -> None:
    # A scanner would mend a wrong check codeword and say nothing. Which of the eight masks is
    # best is left to each encoder.
    text = some_text(length)
    theirs = [
        [list(row) for row in segno.make(text, error="m", micro=False, mask=mask).matrix]
        for mask in range(8)
    ]
    assert phone.evaluate("text => TafawutRescue.qrMatrix(text)", text) in theirs


def test_a_scratched_picture_is_scanned(phone: Page) -> None:
    (vector,) = (vector for vector in VECTORS if vector["name"] == "25 items")
    assert scanned(phone, vector["text"], pixels=320) == [vector["text"]]
    phone.evaluate(SCRATCH)
    with Image.open(io.BytesIO(phone.screenshot())) as picture:
        assert [found.text for found in zxingcpp.read_barcodes(picture)] == [vector["text"]]


@pytest.mark.parametrize(("pixels", "degrees"), [(320, 15), (320, -40), (120, 0), (160, 15)])
@pytest.mark.parametrize("items", ["10 items", "20 items", "25 items"])
def test_a_tilted_or_small_picture_is_scanned(
    phone: Page, items: str, pixels: int, degrees: int
) -> None:
    (vector,) = (vector for vector in VECTORS if vector["name"] == items)
    assert scanned(phone, vector["text"], pixels=pixels, degrees=degrees) == [vector["text"]]


@pytest.mark.parametrize(("items", "size"), [("10 items", 25), ("20 items", 29), ("25 items", 29)])
def test_an_ordinary_test_fits_a_small_picture(phone: Page, items: str, size: int) -> None:
    (vector,) = (vector for vector in VECTORS if vector["name"] == items)
    text = vector["text"]
    assert phone.evaluate("text => TafawutRescue.qrMatrix(text).length", text) == size


def test_a_second_picture_takes_the_place_of_the_first(phone: Page) -> None:
    assert scanned(phone, "FIRST", pixels=200) == ["FIRST"]
    assert scanned(phone, "SECOND", pixels=200) == ["SECOND"]
    assert phone.locator("#picture > svg").count() == 1
    assert phone.locator("#picture [style]").count() == 0


@pytest.mark.parametrize(
    "call",
    [
        "TafawutRescue.qrMatrix('small')",
        "TafawutRescue.qrMatrix('A'.repeat(312))",
        "TafawutRescue.encode([['single_choice', 4]], '123', '', 1, [null])",
        "TafawutRescue.encode([['single_choice', 4]], '1234', '', -1, [null])",
        "TafawutRescue.encode([['single_choice', 4]], '1234', '', 1.5, [null])",
        "TafawutRescue.encode([['single_choice', 4]], '1234', '', 1, [])",
        "TafawutRescue.encode([['single_choice', 13]], '1234', '', 1, [null])",
        "TafawutRescue.encode([['short_text', 1]], '1234', '', 1, [null])",
        "TafawutRescue.encode(Array(80).fill(['multi_select', 12]), '1234', '', 1,"
        " Array(80).fill(['l']))",
    ],
)
def test_what_cannot_be_shown_is_refused(phone: Page, call: str) -> None:
    with pytest.raises(Error, match="RangeError"):
        phone.evaluate(call)


def test_half_a_pair_of_surrogates_is_left_out(phone: Page) -> None:
    # JSON cannot carry it, so it is in no golden vector.
    found = phone.evaluate(
        "TafawutRescue.encode([['short_text', 0]], '1234', '', 1, ['\\ud800']).leftOut"
    )
    assert found == [1]


def test_the_script_is_small_and_speaks_to_old_browsers() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    assert len(gzip.compress(read_script(SCRIPT).encode(), 9)) <= 4096
    code = re.sub(r"//.*", "", text)
    later = re.findall(r"=>|`|\.\.\.|\*\*|\b(?:let|const|class|async|await|Promise)\b", code)
    assert later == []
