"""One certificate's way: issued, corrected, revoked, reinstated; page, API and square agree."""

import re
from dataclasses import dataclass

from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.certificates.proof import find_in_file
from app.web.house import House
from tests.fixtures.certificate_office import LATIN, LOCAL, Office, an_office
from tests.fixtures.loop import API
from tests.fixtures.page_client import PageClient, another_browser

CORRECTED = "Farah Aly"
HEADINGS = {
    "Genuine certificate": "genuine",
    "Genuine, edition 2": "genuine",
    "Revoked certificate": "revoked",
    "Replaced by edition 2": "replaced",
}


@dataclass(frozen=True)
class Answer:
    """What one way of checking says of a paper: its edition, days, and which names fit."""

    status: str
    edition: int
    days: tuple[int, int]
    fits: tuple[bool, ...]


class Verifier:
    """Somebody with one paper, who checks it in three ways."""

    def __init__(self, client: TestClient, house: House, file: bytes) -> None:
        self._client = client
        self._browser = PageClient(another_browser(client), house)
        self._square = find_in_file(file)
        found = re.fullmatch(r"(?:\w+://[^/]+)(/v/(\w{11})\?edition=(\d+))#\w+", self._square)
        assert found
        self.path, self.number, self.edition = found[1], found[2], int(found[3])

    def by_page(self, *names: str) -> Answer:
        """The page that the square opens."""
        page = self._browser.get(self.path)
        days = re.search(r"Days attended\s*(\d+) of (\d+)", page.main)
        assert days
        fits = []
        for name in names:
            sent = self._browser.send(page, self.path, status=200, name=name)
            said = self._browser.read(sent, 200).main
            assert ("The name fits" in said) != ("The name does not fit" in said)
            fits.append("The name fits" in said)
        told = (int(days[1]), int(days[2]))
        return Answer(HEADINGS[page.heading], self.edition, told, tuple(fits))

    def by_api(self, *names: str) -> Answer:
        """The API with the edition on the paper."""
        path, query = f"{API}/certificates/{self.number}", {"edition": self.edition}
        told = self._client.get(path, params=query).json()
        record = told["certificate"]
        matches = [
            self._client.post(f"{path}/name-check", params=query, json={"name": name}).json()
            for name in names
        ]
        fits = tuple(each["name_match"] == "match" for each in matches)
        days = (record["days_attended"], record["days_held"])
        return Answer(told["status"], self.edition, days, fits)

    def by_square(self, *names: str) -> Answer:
        """The square alone, which knows nothing of what came later."""
        path = f"{API}/certificates/square-check"
        told = self._client.post(path, json={"text": self._square}).json()
        assert told["number"] == self.number
        matches = [
            self._client.post(path, json={"text": self._square, "name": name}).json()
            for name in names
        ]
        fits = tuple(each["name_match"] == "match" for each in matches)
        days = (told["days_attended"], told["days_held"])
        return Answer(told["state"], told["edition"], days, fits)

    def check(self, status: str, names: dict[str, bool], *, on_paper: dict[str, bool]) -> None:
        """Page and API say the same; the square is signed and says what is on its own paper."""
        page, api, square = (look(*names) for look in (self.by_page, self.by_api, self.by_square))
        assert page == api
        assert (page.status, page.fits) == (status, tuple(names.values()))
        assert square == Answer("signed", self.edition, page.days, tuple(on_paper.values()))


def a_verifier(client: TestClient, house: House, office: Office, number: str) -> Verifier:
    """Somebody who holds a paper as it is printed now."""
    return Verifier(client, house, office.get(f"/certificates/{number}.pdf").content)


def test_page_api_and_square_agree_from_issue_to_revocation(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    office = an_office(client, house, amal)
    number = office.a_number()
    first = a_verifier(client, house, office, number)
    old = {LATIN: True, LOCAL: True, CORRECTED: False}
    first.check("genuine", old, on_paper=old)

    office.post(f"/certificates/{number}/supersede", local=LOCAL, latin=CORRECTED, reason="A slip")
    second = a_verifier(client, house, office, number)
    new = {LATIN: False, LOCAL: True, CORRECTED: True}
    assert (second.number, second.edition) == (first.number, 2)
    second.check("genuine", new, on_paper=new)
    first.check("replaced", new, on_paper=old)

    office.post(f"/certificates/{number}/revoke", reason="Not there")
    second.check("revoked", new, on_paper=new)
    first.check("revoked", new, on_paper=old)

    office.post(f"/certificates/{number}/reinstate", reason="A mistake")
    second.check("genuine", new, on_paper=new)
    first.check("replaced", new, on_paper=old)
