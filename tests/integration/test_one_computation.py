"""The numbers on page, API, CSV and command line are one computation, digit for digit."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element

from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.web.house import House
from app.workshops.schemas import Audience
from tests.fixtures.house import Room, a_workshop, bearer_of, sign_in
from tests.fixtures.loop import API, run_workshop
from tests.fixtures.page_client import Page, PageClient, another_browser, words_of
from tests.fixtures.server import run_well

Pairs = Sequence[tuple[int | None, int | None]]
Digits = dict[str, str | None]
"""Figure -> the digits as they are printed; None where there is a dash."""

POINTS = ("mean_pre_points", "mean_post_points", "gain_points", "gain_points_low",
          "gain_points_high")  # fmt: skip
PERCENT = ("mean_pre_percent", "mean_post_percent", "gain_pp", "gain_pp_low", "gain_pp_high")
CHANGED = ("improved", "same", "declined")  # counts for the team alone
COUNTS = ("pre", "post", "paired", *CHANGED)
FIGURES = (*POINTS, *PERCENT, *COUNTS)

ROOMS: dict[str, Pairs] = {
    "a gain with thirds in it": [*((n % 5, 3 + (n * n) % 7) for n in range(12)), (4, None)],
    "a loss": [(9 - n % 3, 5 - n % 4) for n in range(11)],
    "halves that round": [(2, 4 + n % 2) for n in range(16)],
    "everybody gains the same": [(n % 6, n % 6 + 2) for n in range(10)],
    "a small room, for its team alone": [(2, 5), (3, 5), (4, 6), (5, 9), (6, 6), (None, 1)],
}


def plain(text: str) -> str | None:
    """A printed number without its sign for more, its percent and the typographic minus."""
    digits = text.replace("−", "-").replace("+", "").replace("%", "").strip()
    return None if digits == "–" else digits


def cells_of(row: Element) -> list[str]:
    return [words_of(each) for each in row.iter("td")]


def on_page(page: Page) -> Digits:
    """What the trainer's page of results prints."""
    found: Digits = {}
    rows = {}
    for row in page.find("tr"):
        name = row.find("th")
        if name is not None and name.get("scope") == "row":
            rows[words_of(name)] = cells_of(row)
    for which, name in (("mean_pre", "Before"), ("mean_post", "After")):
        found[f"{which}_percent"], found[f"{which}_points"] = map(plain, rows[name])
    found["gain_pp"], found["gain_points"] = map(plain, rows["Gain"])
    for unit, cell in zip(("gain_pp", "gain_points"), rows["95% interval"], strict=True):
        low, _, high = cell.partition(" … ")
        found[f"{unit}_low"], found[f"{unit}_high"] = plain(low), plain(high or "–")
    for name, label in (("pre", "pre-test"), ("post", "post-test")):
        found[name] = plain(rows[f"Took the {label}"][0])
    found["paired"] = plain(rows["Took both"][0])
    changed = re.search(r"Higher: (\d+)\. Same: (\d+)\. Lower: (\d+)\.", page.main)
    assert changed is not None
    return found | dict(zip(("improved", "same", "declined"), changed.groups(), strict=True))


def in_api(told: Mapping[str, object]) -> Digits:
    return {name: None if told[name] is None else str(told[name]) for name in FIGURES}


def in_csv(content: bytes, workshop_id: str) -> Digits:
    lines = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    line = next(each for each in lines if each["workshop_id"] == workshop_id)
    renamed = {name: re.sub(r"_(low|high)$", r"_ci95_\1", name) for name in FIGURES}
    return {name: line[column] or None for name, column in renamed.items()}


def in_command(pairs: Pairs, folder: Path) -> Digits:
    """What `python -m app analyse` prints of the same scores."""
    file = folder / "scores.csv"
    rows = [
        f"p{place},{'' if pre is None else pre},{'' if post is None else post}"
        for place, (pre, post) in enumerate(pairs)
    ]
    file.write_text("\n".join(["participant,pre,post", *rows]) + "\n", encoding="utf-8")
    text = run_well(["analyse", str(file), "--max-score", "10"], {})
    number, ends = r"(-?[\d.]+)", r"(?:(-?[\d.]+) to (-?[\d.]+)|–)"
    found: Digits = {}
    for names, label in ((POINTS, "points"), (PERCENT, "percent of 10")):
        line = re.search(rf"^{label} +{number} +{number} +{number} +{ends}$", text, re.MULTILINE)
        assert line is not None, text
        found |= dict(zip(names, line.groups(), strict=True))
    changed = re.search(r"improved (\d+), same (\d+), declined (\d+)", text)
    who = re.search(r"(\d+) with both tests \((\d+) only before, (\d+) only after\)", text)
    assert changed is not None
    assert who is not None
    both, before, after = map(int, who.groups())
    found |= {"pre": str(both + before), "post": str(both + after), "paired": str(both)}
    return found | dict(zip(("improved", "same", "declined"), changed.groups(), strict=True))


def as_team(client: TestClient, house: House, amal: StaffPerson, room: Room) -> tuple[Page, Digits]:
    browser = PageClient(another_browser(client), house)
    sign_in(browser.client, house, amal)
    path = f"{API}/workshops/{room.workshop.id}/gains"
    told = client.get(path, headers=bearer_of(house, amal)).json()
    return browser.get(f"/trainer/workshops/{room.workshop.id}/results"), in_api(told)


def test_page_api_csv_and_command_line_print_the_same_digits(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson, tmp_path: Path
) -> None:
    for name, pairs in ROOMS.items():
        room = a_workshop(house, amal, len(pairs), audience=Audience.NGO)
        run_workshop(house, room, amal, pairs)
        page, team = as_team(client, house, amal, room)
        assert set(team) == set(FIGURES)
        assert on_page(page) == in_command(pairs, tmp_path) == team, name
        outside = bearer_of(house, dina)
        report = client.get(f"{API}/reports/gains", headers=outside).json()
        (row,) = (each for each in report["rows"] if each["workshop"]["id"] == room.workshop.id)
        content = client.get(f"{API}/reports/gains.csv", headers=outside).content
        wanted = team if int(team["paired"] or 0) >= 10 else dict.fromkeys(FIGURES)
        wanted = wanted | dict.fromkeys(CHANGED)
        assert in_api(row["gain"]) == in_csv(content, room.workshop.id) == wanted, name
