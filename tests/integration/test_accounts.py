"""Staff sign-in: passwords, cookies, expiry, forged requests, too many tries, roles."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from httpx2 import Response
from starlette.testclient import TestClient

from app.accounts import service as accounts
from app.accounts.schemas import Role, StaffPerson
from app.main import create_app
from app.settings import Mode
from app.web.house import House
from tests.fixtures.house import (
    BASE_URL,
    FakeClock,
    a_client,
    a_staff_member,
    a_workshop,
    bearer_of,
    make_settings,
    sign_in,
)
from tests.fixtures.loop import API, a_program, change, everything_stored, rows
from tests.fixtures.page_client import PageClient, another_browser

PASSWORD = "vier einfache Wörter هنا"
ELSEWHERE = (
    "https://evil.example", "http://evil.example/", "//evil.example", "///evil.example",
    "////evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example",
    "/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example", "\t//evil.example",
    " //evil.example", "/ /evil.example", "https:evil.example", "https:/evil.example",
    "javascript:alert(1)", "data:text/html,x", "evil.example", "@evil.example",
    "/\x00/evil.example", "/\u2028/evil.example", "/\\/evil.example", "/./\\evil.example",
    "/%09/evil.example", "/%2f%2fevil.example", "/..//evil.example", "//evil.example/%2e%2e",
    "?next=//evil.example", "#//evil.example", "http:\\\\evil.example",
    "/a\r\nSet-Cookie: staff=x",
)  # fmt: skip
STAFF_PAGES = {
    "/trainer": {Role.TRAINER},
    "/trainer/workshops/new": {Role.TRAINER},
    "/evaluator": {Role.EVALUATOR, Role.ADMIN},
    "/evaluator/ballots": {Role.EVALUATOR, Role.ADMIN},
    "/evaluator/report.csv": {Role.EVALUATOR, Role.ADMIN},
    "/admin": {Role.ADMIN},
    "/admin/ballots": {Role.ADMIN},
    "/admin/logos": {Role.ADMIN},
    "/viewer": {Role.ADMIN, Role.EVALUATOR, Role.VIEWER},
}


def with_password(house: House, staff: StaffPerson) -> StaffPerson:
    with house.unit(writes=True) as work:
        accounts.set_password(work, staff, PASSWORD)
    return staff


def send_password(client: TestClient, password: str = PASSWORD, **fields: str) -> Response:
    return client.post("/sign-in", data={"login": "amal", "password": password} | fields)


def test_a_password_is_kept_as_argon2id_and_nowhere_as_it_is(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    with_password(house, amal)
    (row,) = rows(house, "SELECT password_hash FROM staff WHERE login = 'amal'")
    assert row["password_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert send_password(client).status_code == 303
    assert PASSWORD.encode() not in everything_stored(house)


def test_the_cookie_of_a_sign_in_cannot_be_read_by_scripts_nor_sent_by_others(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    with_password(house, amal)
    cookie = send_password(client).headers["set-cookie"]
    assert cookie.startswith("staff=")
    assert cookie.partition("; ")[2] == "HttpOnly; Max-Age=43200; Path=/; SameSite=lax"
    assert client.cookies["staff"].encode() not in everything_stored(house)


def test_on_https_every_cookie_is_secure_and_bound_to_the_host(
    tmp_path: Path, database_url: str, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    with_password(house, amal)
    settings = make_settings(tmp_path, database_url, mode=Mode.HTTPS)
    application = create_app(settings, clock)
    with a_client(application) as client:
        room = a_workshop(house, amal, people=1)
        answer = send_password(client)
        joined = client.post(f"/j/{room.workshop.join_code}", data={"token": room.cards[0].token})
    cookies = answer.headers.get_list("set-cookie") + joined.headers.get_list("set-cookie")
    names = [cookie.partition("=")[0] for cookie in cookies]
    assert names == ["__Host-staff", "__Secure-phone", "__Host-language", "__Host-draft"]
    for cookie in cookies:
        assert "; Secure" in cookie
        assert "; HttpOnly" in cookie
        assert "; SameSite=lax" in cookie
        assert "omain" not in cookie
    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


def test_a_sign_in_ends_after_half_an_hour_unused_and_after_twelve_hours_at_the_latest(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    sign_in(client, house, amal)
    clock.advance(timedelta(minutes=31))
    assert client.get("/trainer").headers["location"] == "/sign-in?next=/trainer"
    sign_in(client, house, amal)
    for _ in range(24):
        clock.advance(timedelta(minutes=29, seconds=59))
        assert client.get("/trainer").status_code == 200
    clock.advance(timedelta(seconds=30))
    assert client.get("/trainer").status_code == 303


def test_signing_out_ends_the_sign_in_on_the_server(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    browser = PageClient(another_browser(client), house)
    sign_in(browser.client, house, amal)
    token = browser.client.cookies["staff"]
    left = browser.send(browser.get("/trainer"), "/sign-out")
    assert left.headers["location"] == "/"
    assert 'staff="";' in left.headers["set-cookie"]
    copied = another_browser(client)
    copied.cookies.set("staff", token)
    assert copied.get("/trainer").status_code == 303


def test_a_form_without_its_token_or_from_elsewhere_is_refused(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    browser = PageClient(another_browser(client), house)
    sign_in(browser.client, house, amal)
    path = f"/trainer/workshops/{room.workshop.id}"
    fields = browser.get(path).fields(f"{path}/cancel")
    assert len(fields["csrf"]) == 32
    for csrf in ("", "0" * 32):
        refused = browser.client.post(f"{path}/cancel", data={"csrf": csrf})
        page = browser.read(refused, 403)
        assert page.heading == "This page was open too long to be sent."
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": BASE_URL, "Sec-Fetch-Site": "cross-site"},
    ):
        refused = browser.client.post(f"{path}/cancel", data=fields, headers=headers)
        assert browser.read(refused, 403).heading == "This request came from another website."
    assert rows(house, "SELECT state FROM workshops") == [{"state": "active"}]
    own = {"Origin": BASE_URL, "Sec-Fetch-Site": "same-origin"}
    assert browser.client.post(f"{path}/cancel", data=fields, headers=own).status_code == 303


def test_participants_forms_refuse_other_websites_too(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    a_program(client, room.cards[0])
    for path in ("/join", f"/j/{room.workshop.join_code}", "/my/consent", "/my/test", "/my/leave",
                 "/my/name", "/my/profile", "/questionnaire", "/language", "/sign-in"):  # fmt: skip
        refused = client.post(path, data={}, headers={"Origin": "https://evil.example"})
        assert refused.status_code == 403, path


def test_the_pages_let_a_browser_say_its_own_origin_with_a_form(client: TestClient) -> None:
    # Under "no-referrer" browsers send "Origin: null", and every form would be refused.
    assert client.get("/").headers["referrer-policy"] == "same-origin"


def test_ten_wrong_passwords_close_the_door_for_a_while_for_the_right_one_too(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    with_password(house, amal)
    wrong = {send_password(client, "wrong").status_code for _ in range(9)}
    wrong.add(send_password(client, "wrong", login=" AMAL ").status_code)
    assert wrong == {401}
    for password in ("wrong", PASSWORD):
        answer = send_password(client, password)
        assert answer.status_code == 429
        assert answer.headers["retry-after"] == "30"
    clock.advance(timedelta(minutes=16))
    assert send_password(client).status_code == 303


def test_an_unknown_name_and_a_wrong_password_look_the_same(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    with_password(house, amal)
    wrong, unknown = send_password(client, "wrong"), send_password(client, "wrong", login="nobody")
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert wrong.text.replace('value="amal"', "") == unknown.text.replace('value="nobody"', "")
    assert send_password(client, "wrong", login="a\x00b").status_code == 422


def test_no_address_that_is_handed_in_leads_off_this_service(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    with_password(house, amal)
    assert len(ELSEWHERE) >= 30
    for wanted in ELSEWHERE:
        moved = client.post("/language", data={"language": "en", "back": wanted})
        assert_is_own(moved.headers["location"], wanted)
        page = PageClient(client, house).read(client.get("/sign-in", params={"next": wanted}), 200)
        assert_is_own(str(page.fields("/sign-in")["next"]), wanted)
    for wanted in ("//evil.example", "/\\evil.example", "https://evil.example"):
        assert_is_own(send_password(client, next=wanted).headers["location"], wanted)
    assert client.get("//evil.example/trainer").headers.get("location", "/") == "/"


def assert_is_own(location: str, wanted: str) -> None:
    """Judged as browsers do: backslashes are slashes, tabs and line ends are nothing."""
    as_browser = location.replace("\\", "/").translate({9: None, 10: None, 13: None})
    assert urlsplit(urljoin(BASE_URL + "/language", as_browser)).netloc == "127.0.0.1:8000", wanted
    assert "\n" not in location


def test_the_way_back_after_signing_in_opens_also_after_a_form(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    with_password(house, amal)
    room = a_workshop(house, amal, people=1)
    browser = PageClient(another_browser(client), house)
    sign_in(browser.client, house, amal)
    path = f"/trainer/workshops/{room.workshop.id}"
    page = browser.get(path)
    clock.advance(timedelta(hours=1))
    sent = browser.send(page, f"{path}/administrations/pre/open", accepts_unreviewed="1")
    form = browser.get(sent.headers["location"])
    back = browser.send(form, "/sign-in", login="amal", password=PASSWORD)
    assert browser.client.get(back.headers["location"], follow_redirects=True).status_code == 200


def test_a_language_nobody_offers_changes_nothing(client: TestClient, house: House) -> None:
    for language in ("xx", "اردو", "a\r\nb", "\x00", ""):
        answer = client.post("/language", data={"language": language, "back": "/"})
        assert answer.status_code in (303, 422), language
    assert 'lang="en"' in client.get("/").text


def test_a_revoked_token_and_a_disabled_person_open_nothing(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    with_password(house, amal)
    headers, other = bearer_of(house, amal), bearer_of(house, amal)
    assert client.get(f"{API}/workshops", headers=headers).status_code == 200
    assert client.delete(f"{API}/tokens/own", headers=headers).status_code == 204
    refused = client.get(f"{API}/workshops", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (401, "sign_in_needed")
    sign_in(client, house, amal)
    assert client.get("/trainer").status_code == 200
    change(house, "UPDATE staff SET is_disabled = :yes WHERE login = 'amal'", yes=True)
    assert client.get(f"{API}/workshops", headers=other).status_code == 401
    assert client.get("/trainer").status_code == 303
    assert send_password(client).status_code == 401


def test_a_participants_token_is_no_staff_token_and_the_other_way_round(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=1)
    person = a_program(client, room.cards[0])
    assert person.get("/workshops").status_code == 401
    assert client.get(f"{API}/me", headers=bearer_of(house, amal)).status_code == 401


def test_each_role_opens_its_own_pages_and_no_other(client: TestClient, house: House) -> None:
    for role in Role:
        browser = PageClient(another_browser(client), house)
        sign_in(browser.client, house, a_staff_member(house, f"{role}-1", role))
        for path, roles in STAFF_PAGES.items():
            expected = 200 if role in roles else 403
            assert browser.client.get(path).status_code == expected, f"{role} {path}"
        home = browser.client.get("/staff").headers["location"]
        assert browser.client.get(home).status_code == 200


def test_a_foreign_workshop_looks_like_a_missing_one_byte_for_byte(
    client: TestClient, house: House, amal: StaffPerson, basma: StaffPerson
) -> None:
    foreign, missing = a_workshop(house, amal, people=1).workshop.id, "0" * 32
    sign_in(client, house, basma)
    headers = bearer_of(house, basma)
    pages = ("", "/edit", "/progress", "/cards", "/attendance", "/results", "/certificates")
    calls = ("", "/administrations", "/progress", "/cards", "/gains", "/certificates",
             "/questionnaire")  # fmt: skip
    for path in [f"/trainer/workshops/{{}}{page}" for page in pages] + [
        f"{API}/workshops/{{}}{call}" for call in calls
    ]:
        answers = [client.get(path.format(each), headers=headers) for each in (foreign, missing)]
        assert [each.status_code for each in answers] == [404, 404], path
        assert answers[0].text.replace(foreign, missing) == answers[1].text, path
        told = [{k: v for k, v in each.headers.items() if k != "date"} for each in answers]
        assert told[0] == told[1]


def test_a_one_time_link_is_opened_by_get_and_spent_by_post_once(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    with house.unit(writes=True) as work:
        token = accounts.make_one_time_link(work, amal)
    browser = PageClient(another_browser(client), house)
    path = f"/one-time/{token}"
    for _ in range(2):
        page = browser.get(path)
    weak = browser.read(browser.send(page, path, status=422, password="short"), 422)
    done = browser.send(weak, path, password=PASSWORD)
    assert done.headers["location"] == "/staff"
    assert browser.client.get("/trainer").status_code == 200
    assert browser.get(path, status=410).heading == "This link was used before, or it is too old."
    assert token.encode() not in everything_stored(house)
    with house.unit(writes=True) as work:
        late = accounts.make_one_time_link(work, amal)
    browser.get(f"/one-time/{late}")
    clock.advance(timedelta(hours=25))
    browser.get(f"/one-time/{late}", status=410)


def test_a_new_password_ends_every_open_sign_in(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    sign_in(client, house, amal)
    with_password(house, amal)
    assert client.get("/trainer").status_code == 303
