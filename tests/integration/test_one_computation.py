"""The numbers on page, API, CSV and command line are one computation, digit for digit."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any
from xml.etree.ElementTree import Element

from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.gains.service import release_due
from app.web.house import House
from app.workshops.schemas import Audience
from tests.fixtures.final_rooms import a_final_workshop, a_pair
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


# --- several workshops ---------------------------------------------------------------------------

POOLED = ("workshops", "paired", "pre_percent", "post_percent", "gain_pp", "average_low",
          "average_high", "pooled_gain_pp", "pooled_low", "pooled_high", "prediction_low",
          "prediction_high", "between_pp")  # fmt: skip
GROUPED = ("workshops", "paired", "gain_pp", "pooled_gain_pp", "pooled_low", "pooled_high")
ITEM = ("paired", "right_before", "right_after", "change")
EFFECT = ("forms", "workshops", "effect", "low", "high", "prediction_low", "prediction_high")
EVERYBODY = ""

CHOICES = (
    {"by": "sex"},
    {"by": "agency_type", "province": "PK-SD"},
    {"by": "province", "period": "2026"},
    {"by": "workshop", "period": "2026-3"},
    {"period": "2026-2"},
    {"by": "sex", "period": "2025"},
)


def limited(figure: Mapping[str, str | None]) -> str | None:
    """A figure of the API with the sign of its limit."""
    sign = {"at_most": "<=", "at_least": ">=", None: ""}[figure["extreme"]]
    return None if figure["value"] is None else f"{sign}{figure['value']}"


def pooled_in_api(row: Mapping[str, Any]) -> Digits:
    found: Digits = dict.fromkeys(POOLED)
    figures, pooled = row["figures"], row["pooled"]
    if figures is not None:
        found |= {"paired": str(figures["paired"]), "workshops": str(row["workshops"])}
        found |= {
            name: limited(figures[name]) for name in ("pre_percent", "post_percent", "gain_pp")
        }
    if pooled is not None:
        found |= {
            name: limited(pooled[name.replace("pooled_low", "gain_pp_low")
                          .replace("pooled_high", "gain_pp_high").removeprefix("pooled_")])
            for name in POOLED[5:]
        }  # fmt: skip
    return found


def pooled_in_csv(line: Mapping[str, str]) -> Digits:
    columns = {
        "average_low": "average_gain_pp_ci95_low", "average_high": "average_gain_pp_ci95_high",
        "pooled_low": "pooled_gain_pp_ci95_low", "pooled_high": "pooled_gain_pp_ci95_high",
        "prediction_low": "prediction_pp_low", "prediction_high": "prediction_pp_high",
    }  # fmt: skip
    return {name: line[columns.get(name, name)] or None for name in POOLED}


def number(text: str) -> str | None:
    """The digits of a cell, without "(why)" behind a dash; a limit with its sign."""
    return plain(text.partition(" (")[0].replace("≤ ", "<=").replace("≥ ", ">="))


def ends(text: str) -> tuple[str | None, str | None]:
    low, _, high = text.partition(" … ")
    return number(low), number(high or "–")


def parts(cell: str) -> tuple[str | None, str | None, str | None]:
    """A number and the interval below it."""
    first, _, interval = cell.partition(" ")
    known = number(first)
    return (known, *(ends(interval) if known is not None and "…" in interval else (None, None)))


def table_of(page: Page, caption: str) -> dict[str, list[str]]:
    for table in page.find("table"):
        if words_of(next(table.iter("caption"))) == caption:
            return {
                words_of(next(row.iter("th"))): cells_of(row)
                for row in table.iter("tr")
                if row.find("td") is not None
            }
    return {}


def pooled_on_page(page: Page) -> Digits:
    rows = {name: cells[0] for name, cells in table_of(page, "The gain in numbers").items()}
    if not rows:
        return dict.fromkeys(POOLED)
    average = parts(rows["Gain, the average participant"])
    return {
        "workshops": number(rows["Workshops"]),
        "paired": number(rows["Took both"]),
        "pre_percent": number(rows["Before"]),
        "post_percent": number(rows["After"]),
        **dict(zip(("gain_pp", "average_low", "average_high"), average, strict=True)),
        **dict(zip(("pooled_gain_pp", "pooled_low", "pooled_high"),
                   parts(rows["Gain, average of the workshops"]), strict=True)),
        **dict(zip(("prediction_low", "prediction_high"),
                   ends(rows["What a new workshop may gain"]), strict=True)),
        "between_pp": number(rows["How far workshops differ"]),
    }  # fmt: skip


def groups_on_page(page: Page, caption: str) -> dict[str, Digits]:
    found = {}
    for name, cells in table_of(page, caption).items():
        pooled = parts(cells[4]) if len(cells) > 4 else (None, None, None)
        told = (number(cells[0]), number(cells[1]), parts(cells[3])[0], *pooled)
        found[name] = dict(zip(GROUPED, told, strict=True))
    return found


def lines_of(client: TestClient, headers: Mapping[str, str], path: str) -> list[dict[str, str]]:
    content = client.get(f"{API}/reports/pooled/{path}", headers=dict(headers)).content
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def make_rooms(house: House, amal: StaffPerson) -> None:
    """Thirteen final workshops on one form and two on another, over two provinces and years."""
    chance = Random(5)
    for place in range(15):
        people = [
            a_pair(
                chance.randint(0, 6),
                chance.randint(3, 10),
                chance.choice(("woman", "man", "man")),
                chance.choice(("police", "ngo", "prosecution")),
            )
            for _ in range(chance.choice((8, 14, 20, 25)))
        ]
        a_final_workshop(
            house, amal, people, title=f"Synthetic {place}", province=("PK-SD", "PK-PB")[place % 2],
            ends_on=date(2026 - place % 2, (5, 8)[place // 2 % 2], 2 + place),
            audience=Audience.LEA_DATA if place > 12 else Audience.NGO,
        )  # fmt: skip
    with house.unit(writes=True) as work:
        release_due(work, threshold=10)


CAPTIONS = {"sex": "Women and men", "agency_type": "Agencies", "workshop": "Workshops",
            "province": "Provinces where people work"}  # fmt: skip


def test_tables_over_several_workshops_have_the_same_digits_on_page_in_api_and_in_files(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    make_rooms(house, amal)
    browser = PageClient(another_browser(client), house)
    sign_in(browser.client, house, dina)
    headers = bearer_of(house, dina)
    said: set[str] = set()
    for choice in CHOICES:
        query = "?" + "&".join(f"{name}={value}" for name, value in choice.items())
        told = client.get(f"{API}/reports/pooled{query}", headers=headers).json()
        page = browser.get(f"/evaluator/pooled{query}")
        whole, *groups = lines_of(client, headers, f"groups.csv{query}")
        wanted = pooled_in_api(told["table"]["whole"])
        assert pooled_on_page(page) == pooled_in_csv(whole) == wanted, choice
        said |= {name for name, digits in wanted.items() if digits is not None}
        rows_told = [pooled_in_api(row) for row in told["table"]["rows"]]
        assert [pooled_in_csv(line) for line in groups] == rows_told, choice
        shown = list(groups_on_page(page, CAPTIONS[choice["by"]]).values()) if rows_told else []
        assert shown == [{name: row[name] for name in GROUPED} for row in rows_told], choice
        items = lines_of(client, headers, f"items.csv{query}")
        by_item = [
            {name: str(row[name]) if name == "paired" else limited(row[name]) for name in ITEM}
            for row in told["items"]
        ]
        renamed = {"right_before": "right_before_percent", "right_after": "right_after_percent",
                   "change": "change_pp"}  # fmt: skip
        assert by_item == [
            {name: line[renamed.get(name, name)] or None for name in ITEM} for line in items
        ]
        assert by_item == [
            dict(zip(ITEM, map(number, cells), strict=True))
            for cells in table_of(page, "By question").values()
        ]
        (line,) = lines_of(client, headers, f"effect.csv{query}")
        effect = told["effect"]
        counts = {"forms": str(len(effect["form_ids"])), "workshops": str(effect["workshops"])}
        sizes = counts | {name: limited(effect[name]) for name in EFFECT[2:]}
        columns = {"low": "effect_ci95_low", "high": "effect_ci95_high",
                   "prediction_low": "effect_prediction_low",
                   "prediction_high": "effect_prediction_high"}  # fmt: skip
        assert {name: line[columns.get(name, name)] or None for name in EFFECT} == sizes
        shown_sizes = {name: cells[0] for name, cells in table_of(page, "Different tests").items()}
        assert (
            number(shown_sizes["Tests"]),
            number(shown_sizes["Workshops"]),
            *parts(shown_sizes["Effect size, average of the workshops"]),
            *ends(shown_sizes["What a new workshop may gain"]),
        ) == tuple(sizes.values())
    assert said == set(POOLED)
