"""Everything a trainer and an evaluator are told over HTTP, as constraints on sums of points.

Answers of the API are kept; files and pages are read too, and must hold no number beside them.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from starlette.testclient import TestClient

from app.core.scoring import UNITS_PER_POINT
from app.reports.indicators import TAKEN
from app.web.house import House
from app.workshops.schemas import WorkshopRecord
from tests.fixtures.cell_attacker import People, Somebody, Told
from tests.fixtures.loop import API, rows
from tests.fixtures.reports import facts_in_api

MEANS = ("pre_percent", "post_percent", "gain_pp")
POINTS_TOLD = ("mean_pre_points", "mean_post_points", "gain_points")
NO_FIGURES = {"form_version", "year", "quarter", "item", "row"}
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_CELL = re.compile(r'<td class="number">(.*?)</td>', re.DOTALL)


@dataclass
class Organisation:
    """A set: its people, their workshops, and who is in which snapshot."""

    client: TestClient
    house: House
    people: list[Somebody]
    workshops: list[WorkshopRecord] = field(default_factory=list)
    snapshots: dict[int, People] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    browsers: dict[str, TestClient] = field(default_factory=dict)
    requests: int = 0

    def inside(self, workshop: int, *, wave: int = 1) -> People:
        """The pairs of a workshop that had come by a wave."""
        return frozenset(
            n
            for n, each in enumerate(self.people)
            if each.workshop == workshop and each.wave <= wave and each.post is not None
        )

    def state(self, workshop: int, paired: int, value: str = "") -> People:
        """The people of a group whose number is told: those of the first closing, or all."""
        for wave in (0, 1):
            known = self.named(self.inside(workshop, wave=wave), value)
            if len(known) == paired:
                return known
        raise AssertionError(f"{paired} people of {value} are told, and are nobody")

    def unflagged(self, workshop: int, figures: Mapping[str, Any]) -> People:
        """Who the room without its flagged sittings is: at the first closing, or now."""
        for wave in (0, 1):
            people = self.inside(workshop, wave=wave)
            rest = frozenset(each for each in people if not self.people[each].is_flagged)
            if (len(people) - len(rest), len(rest)) == (
                figures["flagged_pairs"], figures["without"]["paired"],
            ):  # fmt: skip
                return rest
        raise AssertionError("a room without flagged sittings is told, and is nobody")

    def named(self, people: People, value: str) -> People:
        """Those of the people with a sex or kind of agency; all for none."""
        return frozenset(
            n for n in people if value in ("", self.people[n].sex, self.people[n].agency)
        )

    def read(self, reader: str, path: str) -> Any:
        """One answer of the API."""
        self.requests += 1
        answer = self.client.get(f"{API}{path}", headers=self.headers[reader])
        assert answer.status_code == 200, f"{path}: {answer.text[:300]}"
        return answer.json() if ".csv" not in path else answer.text

    def look(self, reader: str, path: str) -> str:
        """One page."""
        self.requests += 1
        answer = self.browsers[reader].get(path)
        assert answer.status_code == 200, f"{path}: {answer.text[:300]}"
        return str(answer.text)


def read_trainer(made: Organisation, told: Told) -> None:
    """Everything the team is told of its workshops."""
    for number, workshop in enumerate(made.workshops):
        path = f"/workshops/{workshop.id}/gains"
        summary = made.read("trainer", path)
        details = made.read("trainer", f"{path}/details")
        _add_room(made, told, number, summary, details)
        page = made.look("trainer", f"/trainer/workshops/{workshop.id}/results")
        files = [made.read("trainer", f"{path}/{table}.csv") for table in ("items", "groups")]
        _check_files(files, page, (summary, details))


def read_evaluator(made: Organisation, told: Told) -> None:
    """Everything an evaluator is told: each workshop, and every table over several."""
    report = {row["workshop"]["id"]: row["gain"]
              for row in made.read("evaluator", "/reports/gains")["rows"]}  # fmt: skip
    made.read("evaluator", "/reports/gains.csv")
    for number, workshop in enumerate(made.workshops):
        path = f"/reports/workshops/{workshop.id}"
        details = made.read("evaluator", path)
        assert details["facets"] == []
        _add_room(made, told, number, report[workshop.id], details)
        page = made.look("evaluator", f"/evaluator/workshops/{workshop.id}")
        files = [made.read("evaluator", f"{path}/{table}.csv") for table in ("items", "groups")]
        _check_files(files, page, (report[workshop.id], details))
    _read_tables(made, told)


def _add_room(
    made: Organisation, told: Told, number: int, summary: Mapping[str, Any], details: Any
) -> None:
    if summary["gain_points"] is not None:
        told.add_means(made.state(number, summary["paired"]), summary, POINTS_TOLD)
    room, flagged = details["room"], details["flagged"]
    if room is not None:
        people = made.state(number, room["paired"])
        told.add_means(people, room, MEANS)
        _add_leavers(made, told, number, people, details["attrition"])
        if flagged["without"] is not None:
            told.add_means(made.unflagged(number, flagged), flagged["without"], MEANS)
    for table in details["facets"]:
        groups = {row["value"]: row["figures"] for row in table["rows"] if row["figures"]}
        known = {value: made.state(number, each["paired"], value)
                 for value, each in groups.items() if table["facet"] != "province"}  # fmt: skip
        for value, people in known.items():
            told.add_means(people, groups[value], MEANS)
        for each in table["differences"] if known else ():
            sides = known[each["first"]], known[each["second"]]
            told.add_difference(sides, each["difference_pp"]["value"], -1.0, 1.0)
            told.add_difference(sides, each["pre_difference_pp"]["value"], 1.0, 0.0)


def _add_leavers(
    made: Organisation, told: Told, number: int, stayed: People, figures: Mapping[str, Any]
) -> None:
    left = frozenset(
        n for n, each in enumerate(made.people) if each.workshop == number and each.post is None
    )
    if not left:
        return
    told.add_difference((left, stayed), figures["leavers_start_pp"]["value"], 1.0, 0.0)
    digits = figures["adjusted_gain_pp"]["value"]
    if digits is not None:
        # The slope is given to the attacker; then the adjusted gain is linear in the sums.
        slope, n, m = _slope([made.people[each] for each in stayed]), len(stayed), len(left)
        before = -1 / n + (slope - 1) * (1 / (n + m) - 1 / n)
        told.add_weighted(((stayed, before, 1 / n), (left, (slope - 1) / (n + m), 0.0)), digits)


def _slope(people: Sequence[Somebody]) -> float:
    n = len(people)
    x, y = ([each.pre for each in people], [each.post or 0 for each in people])
    across = sum(a * b for a, b in zip(x, y, strict=True)) - sum(x) * sum(y) / n
    return float(across / (sum(a * a for a in x) - sum(x) ** 2 / n))


def _read_tables(made: Organisation, told: Told) -> None:
    """Every choice of area, period and breakdown that is offered; files and page of one of them."""
    offered = made.read("evaluator", "/reports/choices")
    bundles = _bundles(made)
    areas, periods = ("", *offered["provinces"]), ("", *offered["periods"])
    choices = list(product(areas, periods, ("sex", "agency_type", "workshop")))
    looked_at = choices[made.requests % len(choices)]
    facts: dict[tuple[str, ...], Any] = {}
    for area, period, by in choices:
        query = f"?province={area}&period={period}&by={by}"
        found = made.read("evaluator", f"/reports/pooled{query}")
        facts |= {(area, period, *key): fact[0] for key, fact in facts_in_api(found).items()}
        inside = [each for each in bundles if _lies_in(each, area, period)]
        for table, breakdown in (("numbers", ""), (by, by)):
            for value, figures in _figures_of(found, table).items():
                people = _people_of(made, inside, breakdown, value)
                assert len(people) == figures["paired"], (query, value)
                told.add_means(people, figures, MEANS)
        for value, figures in _figures_of(found, "sums").items():
            people = _people_of(made, inside, "workshop", value)
            assert len(people) == figures["paired"], (query, value)
            for pre, name in ((1.0, "sum_pre"), (0.0, "sum_post")):
                exact = figures[name] / UNITS_PER_POINT
                told.add(((people, pre, 1.0 - pre),), exact - 1e-9, exact + 1e-9)
        if (area, period, by) == looked_at:
            files = [made.read("evaluator", f"/reports/pooled/report.csv{query}")]
            _check_files(files, made.look("evaluator", f"/evaluator/pooled{query}"), (found,))
    _read_indicators(made, facts)


def _read_indicators(made: Organisation, facts: Mapping[tuple[str, ...], Any]) -> None:
    """A donor's program is told no number that the pooled reports do not have."""
    for period, province in product(("quarters", "years", "all"), ("", "each")):
        query = f"?period={period}&province={province}"
        for row in made.read("program", f"/indicators/results{query}")["rows"]:
            by, name = row["breakdown"], row["indicator"]
            if by == "province" or row["value"] is None:
                continue  # everybody of a set works in one province
            time = "" if row["period"] == "all" else row["period"].replace("Q", "-")
            table = f"{by}_annex" if name.startswith("passed_") else by
            if by == "everybody":
                table = "counted" if name in TAKEN else "numbers"
            group = "" if by == "everybody" else row["group"]
            known = facts[row["province"] or "", time, table, group, name]
            assert str(row["value"]) == known, row


def _figures_of(found: Mapping[str, Any], table: str) -> dict[str, dict[str, Any]]:
    """The rows of a report's table that are told, by their value; counts and sums as numbers."""
    tables = {each["code"]: each for section in found["sections"] for each in section["tables"]}
    told: dict[str, dict[str, Any]] = {}
    for row in tables[table]["rows"] if table in tables else ():
        facts = {fact["measure"]: fact["value"] for fact in row["facts"]}
        if facts["paired"] is not None:
            counts = {name: int(facts[name]) for name in facts if name[:4] in ("pair", "sum_")}
            told[row["code"]] = facts | counts
    return told


def _bundles(made: Organisation) -> list[dict[str, Any]]:
    """Who is in which bundle, and what of it is told: no reader knows as much."""
    bundles = rows(
        made.house,
        "SELECT * FROM released_bundles WHERE organisation_id = :id",
        id=made.workshops[0].organisation_id,
    )
    for each in bundles:
        members = rows(made.house, "SELECT snapshot_id FROM released_members WHERE bundle_id = :id",
                       id=each["id"])  # fmt: skip
        cells = rows(made.house, "SELECT value FROM released_cells WHERE bundle_id = :id",
                     id=each["id"])  # fmt: skip
        each["people"] = frozenset[int]().union(
            *(made.snapshots[member["snapshot_id"]] for member in members)
        )
        each["told"] = {cell["value"] for cell in cells}
    return bundles


def _lies_in(bundle: Mapping[str, Any], area: str, period: str) -> bool:
    year, _, quarter = period.partition("-")
    return (
        area in ("", bundle["province"])
        and year in ("", str(bundle["year"]))
        and quarter in ("", str(bundle["quarter"]))
    )


def _people_of(
    made: Organisation, bundles: Sequence[Mapping[str, Any]], by: str, value: str
) -> People:
    found: set[int] = set()
    for each in bundles:
        if by == "workshop" and not each["breakdown"] and each["workshop_id"] == value:
            found |= each["people"]
        elif each["breakdown"] == by and value in each["told"]:
            found |= made.named(each["people"], value)
    return frozenset(found)


def _check_files(files: Sequence[str], page: str, told: Sequence[Any]) -> None:
    """Files and pages hold no number in their cells that the API did not tell."""
    known = {f"{float(each):g}" for each in _NUMBER.findall(repr(told))}
    shown = [re.sub(r"<[^>]+>", " ", cell) for cell in _CELL.findall(page)]
    kept = [
        cell
        for file in files
        for line in csv.DictReader(io.StringIO(file))
        for name, cell in line.items()
        if name not in NO_FIGURES and re.fullmatch(r"(<=|>=)?-?\d+(\.\d+)?", cell or "")
    ]
    new = {f"{float(each):g}" for cell in (*shown, *kept) for each in _NUMBER.findall(cell)} - known
    assert not new, f"told nowhere else: {sorted(new)}"
