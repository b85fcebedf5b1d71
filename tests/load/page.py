"""How soon a phone on a bad network can answer the first question of a 25-question Urdu test.

`python -m tests.load.page [--json]`: 400 kbit/s, 400 ms, a processor six times slower, a real
Chromium. Loopback only; three visits, the middle one counts.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import yaml
from playwright.sync_api import Browser, sync_playwright

from app.banks.service import publish_banks
from app.web.house import House
from tests.fixtures.phone_room import PhoneRoom, a_phone_room
from tests.legs import CHROMIUM_FLAGS, ROOT, find_chromium

QUESTIONS = 25
KBIT, LATENCY_MS, SLOWER = 400, 400, 6
LOADS = 3
LIMIT_MS = 2000

# Called before the page's own script: notes when the script says that it is ready for taps.
_WATCH = """
new MutationObserver(function (_, watching) {
  if (document.documentElement && document.documentElement.hasAttribute('data-ready')) {
    window.readyAt = performance.now(); watching.disconnect();
  }
}).observe(document, {attributes: true, subtree: true});
"""


@dataclass(frozen=True)
class Load:
    """One visit of the test, from the tap on the link.

    `requests` are those answered before the first question could be: the script asks for what the
    server has in the same moment, and waits for nothing. The letters of Nastaliq are not counted.
    """

    bytes: int
    requests: int
    interactive_ms: float


@contextmanager
def long_banks(folder: Path) -> Iterator[Path]:
    """The question banks with one more form: 25 questions for a multidisciplinary room."""
    banks = folder / "banks"
    shutil.copytree(ROOT / "question_banks", banks)
    forms = banks / "tip-som" / "forms"
    known = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(forms.iterdir())]
    (whole,) = (each for each in known if each["form"] == "multidisciplinary")
    others = [item for each in known for item in each["items"] if item not in whole["items"]]
    whole["items"] += list(dict.fromkeys(others))[: QUESTIONS - len(whole["items"])]
    whole["form"], whole["blueprint"] = "a-long-one", {}
    for path in forms.iterdir():
        path.unlink()
    text = yaml.safe_dump(whole, allow_unicode=True, sort_keys=False)
    (forms / "a-long-one.yaml").write_text(text, encoding="utf-8")
    yield banks


def _publish(house: House, banks: Path) -> None:
    with house.unit(writes=True) as work:
        publish_banks(work, banks)


def _offset(sent: dict[str, Any]) -> float:
    return float(sent["wallTime"] - sent["timestamp"])


def visit(browser: Browser, room: PhoneRoom, card: int) -> Load:
    """Join on a good network, then open the test on the bad one with an empty cache."""
    with browser.new_context(viewport={"width": 360, "height": 640}) as context:
        page = context.new_page()
        page.goto(room.base_url + room.card_path(card))
        page.locator("main button[value=ur]").first.click()
        page.locator("button[value=yes]").click()
        page.wait_for_selector("[data-ready]")
        address = page.url
        page.goto(f"{room.base_url}/privacy")
        talk = context.new_cdp_session(page)
        talk.send("Network.enable")
        talk.send("Network.clearBrowserCache")
        talk.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": LATENCY_MS,
                "downloadThroughput": KBIT * 1000 / 8,
                "uploadThroughput": KBIT * 1000 / 8,
            },
        )
        talk.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        received: list[int] = []
        clocks: list[float] = []  # the wall's clock less the browser's own, in seconds
        talk.on("Network.requestWillBeSent", lambda sent: clocks.append(_offset(sent)))
        answers: list[tuple[str, float]] = []  # what was brought, and when
        talk.on(
            "Network.responseReceived",
            lambda told: answers.append((told["type"], told["timestamp"])),
        )
        talk.on(
            "Network.loadingFinished", lambda ended: received.append(ended["encodedDataLength"])
        )
        page.add_init_script(_WATCH)
        page.goto(address, wait_until="commit")
        page.wait_for_selector("[data-ready]")
        ready_ms, opened_ms = page.evaluate("[window.readyAt, performance.timeOrigin]")
        ready_at = (opened_ms + ready_ms) / 1000 - clocks[0]
        waited_for = [kind for kind, at in answers if at < ready_at and kind != "Font"]
        return Load(int(received[0]), len(waited_for), ready_ms)


def run() -> dict[str, float | int]:
    """The middle of three visits."""
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit("No Chromium is here: apt-get install chromium-headless-shell")
    with (
        tempfile.TemporaryDirectory() as name,
        long_banks(Path(name)) as banks,
        a_phone_room(Path(name), LOADS, publish=lambda house: _publish(house, banks)) as room,
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path=str(chromium), args=list(CHROMIUM_FLAGS))
        loads = [visit(browser, room, card) for card in range(LOADS)]
        browser.close()
    return {
        "bytes": loads[0].bytes,
        "requests": max(each.requests for each in loads),
        "interactive_ms": round(median(each.interactive_ms for each in loads)),
    }


def main() -> int:
    """Print a table, or one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    figures = run()
    if parser.parse_args().json:
        print(json.dumps(figures))
        return 0
    print(
        f"{QUESTIONS} questions in Urdu and English, {KBIT} kbit/s, {LATENCY_MS} ms, CPU ÷ {SLOWER}"
    )
    for name, limit in (("bytes", "≤ 18432"), ("requests", "1"), ("interactive_ms", "≤ 2000")):
        print(f"{name:16} {figures[name]:>8} {limit:>10}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
