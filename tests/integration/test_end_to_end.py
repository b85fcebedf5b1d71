"""The Karachi room, end to end, against a real server: 27 people, two tests, one gain.

The numbers at the end were worked by hand from the table of scores in `tests.fixtures.karachi`.
"""

import asyncio
import csv
import io
import re
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.fixtures.apart import run_apart
from tests.fixtures.karachi import PEOPLE
from tests.fixtures.server import ROOT, run_well, serving

SENDS_TWICE = 4
OMITS_ONE = 18
USES_PAGES = {0, 7, 18, 24, 26}
PASSWORD = "four plain words here"
PATIENCE = 60.0  # seconds; nothing here is about speed

# Worked by hand: sum pre 108, sum post 165, n 24; sum d 57, sum d² 229;
# variance (229 - 57²/24)/23 = 4.0706522, SE 0.4118381, t(.975, 23) = 2.0686576.
EXPECTED = {
    "registered": "27",
    "pre": "26",
    "post": "25",
    "paired": "24",
    "max_points": "10.00",
    "mean_pre_points": "4.50",
    "mean_post_points": "6.88",
    "gain_points": "2.38",
    "mean_pre_percent": "45",
    "mean_post_percent": "69",
    "gain_pp": "24",
    "improved": "20",
    "same": "2",
    "declined": "2",
}
FOR_THE_TEAM = ("improved", "same", "declined")
INTERVAL_POINTS = ("1.52", "3.23")
INTERVAL_PP = ("15", "32")


@dataclass
class Person:
    """One participant: a card, and what the two tests shall say."""

    number: int
    card: dict[str, str]
    points: dict[str, int | None]
    client: httpx.AsyncClient
    token: str = ""
    ticket: str = ""
    sent: dict[str, Any] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@cache
def read_keys() -> dict[tuple[str, str], set[str]]:
    """(Case, stem) to the texts of the keys, read from the bank's file by its author's words."""
    path = ROOT / "question_banks" / "tip-som" / "bank.yaml"
    bank = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    cases = {each["ref"]: each["text"] for each in bank["stimuli"]}
    return {
        (cases.get(item.get("stimulus"), ""), item["stem"]): {
            option["text"] for option in item["options"] if option.get("key") == "true"
        }
        for item in bank["items"]
    }


def choose(items: list[dict[str, Any]], points: int, omits: bool) -> dict[str, list[str]]:
    """Right choices on the first `points` questions, "I do not know" or nothing on the rest."""
    keys = read_keys()
    chosen: dict[str, list[str]] = {}
    for position, item in enumerate(items):
        case = item["stimulus"]["en"] if item["stimulus"] else ""
        right = keys[case, item["stem"]["en"]]
        if position < points:
            chosen[item["item"]] = [
                o["option"] for o in item["options"] if o["text"]["en"] in right
            ]
        elif not (omits and position == points):
            chosen[item["item"]] = ["dk"]
    return chosen


async def ok(answer: Any) -> httpx.Response:
    response: httpx.Response = await answer
    assert response.status_code < 400, f"{response.request.url}: {response.text[:400]}"
    return response


async def join_by_api(person: Person) -> None:
    sent = {"card_token": person.card["token"], "language": "ur"}
    joined = await ok(person.client.post("/api/v1/joins", json=sent))
    person.token = joined.json()["token"]
    await ok(
        person.client.post("/api/v1/me/consent", json={"has_agreed": True}, headers=person.headers)
    )


async def take_by_api(person: Person, occasion: str) -> None:
    points = person.points[occasion]
    if points is None:
        return
    opened = await ok(person.client.post("/api/v1/sittings", headers=person.headers))
    sitting = opened.json()
    omits = person.number == OMITS_ONE and occasion == "pre"
    operations = [
        {
            "id": f"{occasion}-person-{person.number}-{item}",
            "item": item,
            "revision": 1,
            "options": options,
        }
        for item, options in choose(sitting["items"], points, omits).items()
    ]
    address = f"/api/v1/sittings/{sitting['id']}/operations"
    headers = {"Authorization": f"Bearer {sitting['token']}"}
    ids = [each["id"] for each in operations]
    for _ in range(2 if person.number == SENDS_TWICE else 1):
        saved = await ok(
            person.client.post(address, json={"operations": operations}, headers=headers)
        )
        assert saved.json() == {"acknowledged": ids, "refused": []}
        sent = await ok(
            person.client.post(address, json={"finish": True, "sent_ids": ids}, headers=headers)
        )
        receipt = sent.json()["receipt"]
        person.sent.setdefault(occasion, receipt)
        assert receipt == person.sent[occasion]


async def join_by_pages(person: Person) -> None:
    address, _, token = person.card["url"].partition("#")
    path = httpx.URL(address).path
    await ok(person.client.get(path))
    join = path.rsplit("/", 1)[0]
    await ok(
        person.client.post(
            join, data={"language": "ur", "number": person.card["number"], "token": token}
        )
    )
    await ok(person.client.get("/my/consent"))
    await ok(person.client.post("/my/consent", data={"answer": "yes"}))


async def take_by_pages(person: Person, occasion: str, items: list[dict[str, Any]]) -> None:
    points = person.points[occasion]
    if points is None:
        return
    await ok(person.client.post("/my/start"))
    page = await ok(person.client.get("/my/test"))
    assert re.search(rf'name="?occasion"? value="?{occasion}"?>', page.text)
    fields: dict[str, Any] = {"occasion": occasion}
    omits = person.number == OMITS_ONE and occasion == "pre"
    for item, options in choose(items, points, omits).items():
        fields[f"item-{item}"] = options
    done = await ok(person.client.post("/my/test", data=fields))
    assert done.headers["location"] == "/my"


async def take(person: Person, occasion: str, items: list[dict[str, Any]]) -> None:
    if person.number in USES_PAGES:
        await take_by_pages(person, occasion, items)
    else:
        await take_by_api(person, occasion)


async def hand_in(person: Person) -> None:
    """The ticket comes by the own token; the sheet goes without it."""
    if person.number in USES_PAGES:
        page = await ok(person.client.get("/my/questionnaire"))
        ticket = re.search(r'name="ticket" value="([^"]+)"', page.text)[1]  # type: ignore[index]
        fields = {"ticket": ticket, "item-1": "e", "item-2": "d", "item-3": "c", "item-4": "d"}
        await ok(person.client.post("/questionnaire", data=fields))
        return
    told = await ok(person.client.post("/api/v1/me/questionnaire-ticket", headers=person.headers))
    answers = [{"item": str(number), "option": "d"} for number in range(1, 5)]
    sheet = {"ticket": told.json()["ticket"], "answers": answers}
    await ok(person.client.post("/api/v1/questionnaires", json=sheet))
    again = await person.client.post("/api/v1/questionnaires", json=sheet)
    assert again.json()["code"] == "questionnaire_ticket_spent"


async def confirm(person: Person) -> None:
    name = {"local": f"نمونہ شریک {person.number}", "latin": f"Synthetic Person {person.number}"}
    if person.number in USES_PAGES:
        await ok(person.client.post("/my/name", data=name))
    else:
        await ok(person.client.post("/api/v1/me/name", json=name, headers=person.headers))


@dataclass
class Desk:
    """One staff member with a bearer token and a signed-in browser."""

    api: httpx.AsyncClient
    browser: httpx.AsyncClient

    @classmethod
    async def open(
        cls, stack: AsyncExitStack, base_url: str, token: str, one_time_url: str
    ) -> "Desk":
        browser = await stack.enter_async_context(
            httpx.AsyncClient(base_url=base_url, timeout=PATIENCE)
        )
        await ok(browser.get(one_time_url))
        await ok(browser.post(one_time_url, data={"password": PASSWORD}))
        headers = {"Authorization": f"Bearer {token}"}
        api = httpx.AsyncClient(base_url=f"{base_url}/api/v1", headers=headers, timeout=PATIENCE)
        return cls(await stack.enter_async_context(api), browser)


WORKSHOP = {
    "title": "Data collection on TIP and SOM",
    "province": "PK-SD",
    "place": "Karachi",
    "starts_on": "2020-02-11",
    "ends_on": "2020-02-12",
    "audience": "lea_data",
    "women_count": 4,
    "men_count": 23,
    "pass_mark_points": 7,
}


async def play_the_day(
    stack: AsyncExitStack, trainer: Desk, base_url: str
) -> tuple[str, list[Person]]:
    made = await ok(trainer.api.post("/workshops", json=WORKSHOP))
    workshop = made.json()
    address = f"/workshops/{workshop['id']}"
    cards = (await ok(trainer.api.post(f"{address}/cards", json={"count": 27}))).json()
    people = [
        Person(
            number=number,
            card=cards[number],
            points={"pre": pre, "post": post},
            client=await stack.enter_async_context(
                httpx.AsyncClient(base_url=base_url, timeout=PATIENCE)
            ),
        )
        for number, (pre, post) in enumerate(PEOPLE)
    ]
    form = (await ok(trainer.api.get(f"/forms/{workshop['form_id']}"))).json()
    early = people[:-1]
    refused = await trainer.api.post(f"{address}/administrations/pre/open", json={})
    assert refused.json()["code"] == "form_not_reviewed"
    accepted = {"accepts_unreviewed": True}
    await ok(trainer.api.post(f"{address}/administrations/pre/open", json=accepted))
    await asyncio.gather(*(join(each) for each in early))
    await asyncio.gather(*(take(each, "pre", form["items"]) for each in early))
    now = {"within_seconds": 0}
    await ok(trainer.api.post(f"{address}/administrations/pre/close", json=now))
    await ok(trainer.api.post(f"{address}/administrations/post/open", json=accepted))
    await join(people[-1])
    stayed = [each for each in people if each.points["post"] is not None]
    await asyncio.gather(*(take(each, "post", form["items"]) for each in stayed))
    await asyncio.gather(*(hand_in(each) for each in stayed))
    await ok(trainer.api.post(f"{address}/administrations/post/close", json=now))
    await ok(trainer.api.post(f"{address}/questionnaire/close"))
    for day in ("2020-02-11", "2020-02-12"):
        await ok(trainer.api.post(f"{address}/attendance/all", json={"day": day}))
    await asyncio.gather(*(confirm(each) for each in people))
    return str(workshop["id"]), people


async def join(person: Person) -> None:
    await (join_by_pages if person.number in USES_PAGES else join_by_api)(person)


async def check_numbers(trainer: Desk, evaluator: Desk, workshop_id: str) -> None:
    own = (await ok(trainer.api.get(f"/workshops/{workshop_id}/gains"))).json()
    report = (await ok(evaluator.api.get("/reports/gains"))).json()
    [row] = [each for each in report["rows"] if each["workshop"]["id"] == workshop_id]
    text = (await ok(evaluator.browser.get("/evaluator/report.csv"))).content.decode("utf-8-sig")
    [line] = [
        each for each in csv.DictReader(io.StringIO(text)) if each["workshop_id"] == workshop_id
    ]
    by_api = (await ok(evaluator.api.get("/reports/gains.csv"))).content.decode("utf-8-sig")
    assert by_api == text
    for name, printed in EXPECTED.items():
        assert str(own[name]) == printed, name
        if name in FOR_THE_TEAM:
            assert (row["gain"][name], line[name]) == (None, ""), name
            continue
        assert str(row["gain"][name]) == printed, name
        assert line[name] == printed, name
    for source in (own, row["gain"]):
        assert (source["gain_points_low"], source["gain_points_high"]) == INTERVAL_POINTS
        assert (source["gain_pp_low"], source["gain_pp_high"]) == INTERVAL_PP
    assert (line["gain_points_ci95_low"], line["gain_points_ci95_high"]) == INTERVAL_POINTS
    assert (line["gain_pp_ci95_low"], line["gain_pp_ci95_high"]) == INTERVAL_PP
    assert line["law_review"] == "not yet reviewed by a lawyer"
    assert line["provisional"] == "provisional"
    results = await ok(trainer.browser.get(f"/trainer/workshops/{workshop_id}/results"))
    points = ("4.50", "6.88", "+2.38", "+1.52", "+3.23", "45%", "69%")
    check_page(results.text, (*points, *ON_EVERY_PAGE))
    check_page((await ok(evaluator.browser.get("/evaluator"))).text, ON_EVERY_PAGE)


ON_EVERY_PAGE = (" 45", " 69", "+24", "+15", "+32")


def check_page(html: str, expected: tuple[str, ...]) -> None:
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u2212", "-")
    for printed in expected:
        assert printed in words, f"{printed} is not on the page"


async def check_certificates(trainer: Desk, workshop_id: str, people: list[Person]) -> None:
    issued = await ok(trainer.api.post(f"/workshops/{workshop_id}/certificates"))
    assert issued.json() == {"issued": 27, "left": 0}
    again = await ok(trainer.api.post(f"/workshops/{workshop_id}/certificates"))
    assert again.json() == {"issued": 0, "left": 0}
    holders = (await ok(trainer.api.get(f"/workshops/{workshop_id}/certificates"))).json()
    by_card = {each["card_number"]: each["certificate"]["number"] for each in holders}
    assert len(set(by_card.values())) == 27
    async with httpx.AsyncClient(
        base_url=str(trainer.browser.base_url), timeout=PATIENCE
    ) as anyone:
        for person in people:
            number = by_card[person.card["number"]]
            page = await ok(anyone.get(f"/v/{number}"))
            assert "Karachi" in page.text
            assert "Synthetic Person" not in page.text
            name = {"name": f"synthetic person {person.number}"}
            told = await ok(anyone.post(f"/api/v1/certificates/{number}/name-check", json=name))
            assert (told.json()["status"], told.json()["name_match"]) == ("genuine", "match")


async def check_questionnaire_and_own_result(
    trainer: Desk, workshop_id: str, people: list[Person]
) -> None:
    told = (await ok(trainer.api.get(f"/workshops/{workshop_id}/questionnaire"))).json()
    assert (told["sheets"], told["is_shown"]) == (25, True)
    assert told["questions"][0]["counts"]["d"] == 21
    assert told["questions"][0]["counts"]["e"] == 4
    result = await ok(people[1].client.get("/api/v1/me/result", headers=people[1].headers))
    assert result.json() == {
        "pre_points": "5",
        "post_points": "8",
        "max_points": "10",
        "is_provisional": True,
    }


async def whole_day(base_url: str, tokens: dict[str, str], urls: dict[str, str]) -> None:
    async with AsyncExitStack() as stack:
        trainer = await Desk.open(stack, base_url, tokens["amal"], urls["amal"])
        evaluator = await Desk.open(stack, base_url, tokens["dina"], urls["dina"])
        workshop_id, people = await play_the_day(stack, trainer, base_url)
        await check_numbers(trainer, evaluator, workshop_id)
        await check_questionnaire_and_own_result(trainer, workshop_id, people)
        await check_certificates(trainer, workshop_id, people)


def test_the_karachi_room_ends_with_the_gain_worked_by_hand(
    empty_database_url: str, tmp_path: Path
) -> None:
    environment = {
        "TAFAWUT_DATABASE_URL": empty_database_url,
        "TAFAWUT_DATA_DIR": str(tmp_path / "room"),
    }
    run_well(["migrate", "--have-backup"], environment)
    run_well(["banks", "publish"], environment)
    with serving(["serve"], environment) as (ready, _):
        base_url = str(ready["base_url"])
        assert "/one-time/" in str(ready["first_run_url"])
        environment["TAFAWUT_BASE_URL"] = base_url
        urls, tokens = {}, {}
        for login, role in (("amal", "trainer"), ("dina", "evaluator")):
            urls[login] = run_well(["invite", login, "--role", role], environment).strip()
            tokens[login] = run_well(["token", login, "--scope", "names"], environment).strip()
        run_apart(whole_day(base_url, tokens, urls))
