"""`report --period … --out FOLDER`: the same reports as the evaluator's page, as files."""

import io
import zipfile
from argparse import Namespace
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.reports.as_json import read_json
from app.upkeep.addresses import Stop
from app.upkeep.reporting import Printer, read_period, write_reports
from app.web.house import House
from app.web.pooled import report_files, terms_of, wording_of
from tests.fixtures.final_rooms import a_final_workshop, people, release
from tests.fixtures.house import bearer_of
from tests.fixtures.loop import API, rows
from tests.fixtures.reports import make_rooms
from tests.fixtures.server import run_app

BREAKDOWNS = ("together", "workshop", "sex", "agency-type", "province")
NGO = "tafawut-PK-ngo-v1-all-together-en"
ENDINGS = {"-dictionary.csv", ".csv", ".json", ".xlsx", ".pdf", ".zip"}


def write(
    house: House, out: Path, period: str = "all", language: str = "en", *,
    endings: Collection[str] = (".csv", ".json", ".zip"), **more: Any,
) -> None:  # fmt: skip
    """The command, after its words were read; most tests need no file that takes long to draw."""
    told: dict[str, Any] = {"organisation": "", "overwrite": False} | more
    chosen = Namespace(period=period, out=out, language=language, **told)
    files = {ending: make for ending, make in report_files().items() if ending in endings}
    printer = Printer(wording_of(house, language), terms_of(house), files)
    write_reports(chosen, lambda writes: house.unit(writes=writes), printer)


def test_every_test_and_breakdown_is_the_file_that_the_evaluator_downloads(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    make_rooms(house, amal)
    write(house, tmp_path / "out", "2026-q3", endings=ENDINGS)

    names = {path.name for path in (tmp_path / "out").iterdir()}
    tests = {name.split("-2026-Q3-")[0] for name in names if name.startswith("tafawut-")}
    assert tests  # make_rooms holds final workshops in that quarter
    assert names == {
        f"{test}-2026-Q3-{by}-en{ending}"
        for test in tests for by in BREAKDOWNS for ending in ENDINGS
    }  # fmt: skip
    said = capsys.readouterr()
    assert {Path(line).name for line in said.out.splitlines()} == names
    assert f"Files: {len(names)}." in said.err
    headers = bearer_of(house, dina)
    compared = 0
    for form_id in client.get(f"{API}/reports/choices", headers=headers).json()["forms"]:
        for by in BREAKDOWNS:
            asked = {"form": form_id, "period": "2026-3"}
            asked |= {} if by == "together" else {"by": by.replace("-", "_")}
            path = f"{API}/reports/pooled"
            scope = read_json(
                client.get(f"{path}/report.json", params=asked, headers=headers).content
            )
            assert scope.scope is not None
            name = f"tafawut-PK-{scope.scope.form}-v{scope.scope.form_version}-2026-Q3-{by}-en"
            for ending in ENDINGS if f"{name}.csv" in names else ():
                asked_for = "dictionary.csv" if "-" in ending else f"report{ending}"
                sent = client.get(f"{path}/{asked_for}", params=asked, headers=headers)
                assert (tmp_path / "out" / f"{name}{ending}").read_bytes() == sent.content
                compared += 1
    assert compared == len(names)


def test_the_same_moment_gives_the_same_bytes_and_another_language_the_same_facts(
    house: House, amal: StaffPerson, tmp_path: Path
) -> None:
    a_final_workshop(house, amal, people(24, women=12))
    a_final_workshop(house, amal, people(26, women=13))
    release(house)
    for folder, language in (("one", "en"), ("two", "en"), ("three", "ur")):
        write(house, tmp_path / folder, "2026", language)

    one, two, three = (
        {path.name: path.read_bytes() for path in (tmp_path / folder).iterdir()}
        for folder in ("one", "two", "three")
    )
    assert one == two
    for name, content in one.items():
        if name.endswith(".json"):
            there = read_json(three[name.replace("-en.", "-ur.")])
            assert (there.language, there.hash) == ("ur", read_json(content).hash)
        if name.endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                assert archive.read("report.csv") == one[name.replace(".zip", ".csv")]


def test_what_is_written_stands_in_the_audit_log_without_a_person(
    house: House, amal: StaffPerson, tmp_path: Path
) -> None:
    a_final_workshop(house, amal, people(24, women=12))
    release(house)
    write(house, tmp_path / "out")
    told = rows(house, "SELECT verb, staff_id FROM audit_events WHERE verb = 'export_pooled'")
    assert [tuple(each.values()) for each in told] == [("export_pooled", None)] * len(BREAKDOWNS)


def test_a_test_that_is_not_told_gets_no_file_and_a_sentence(
    house: House, amal: StaffPerson, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_final_workshop(house, amal, people(9))
    release(house)
    with pytest.raises(Stop, match=r"Nothing can be told yet. PK, ngo v1: too few people in final"):
        write(house, tmp_path / "out")
    assert not (tmp_path / "out").exists()

    a_final_workshop(house, amal, people(24), country="AF", province="AF-KAB")
    release(house)
    write(house, tmp_path / "out")
    assert "Not written: PK, ngo v1: too few people in final workshops." in capsys.readouterr().err
    assert not [path for path in (tmp_path / "out").iterdir() if "-PK-" in path.name]


def test_only_the_own_organisations_workshops_are_in_the_files(
    house: House, amal: StaffPerson, basma: StaffPerson, tmp_path: Path
) -> None:
    a_final_workshop(house, amal, people(24), title="Synthetic Karachi")
    a_final_workshop(house, basma, people(24), title="Synthetic Herat")
    release(house)
    with pytest.raises(
        Stop, match=r"Say whose reports. Use --organisation with one of these: .*'E"
    ):
        write(house, tmp_path / "out")
    write(house, tmp_path / "out", organisation="Elsewhere")
    told = b"".join(path.read_bytes() for path in (tmp_path / "out").glob("*.json"))
    assert b"Synthetic Herat" in told
    assert b"Synthetic Karachi" not in told


def test_a_folder_with_files_is_left_alone_until_somebody_says_so(
    house: House, amal: StaffPerson, tmp_path: Path
) -> None:
    a_final_workshop(house, amal, people(24))
    release(house)
    out = tmp_path / "out"
    out.mkdir()
    (out / "notes.txt").write_text("mine")
    with pytest.raises(Stop, match=r"is not empty. Say another folder, or --overwrite"):
        write(house, out)
    assert [path.name for path in out.iterdir()] == ["notes.txt"]
    with pytest.raises(Stop, match=r"is a file. Say a folder with --out."):
        write(house, out / "notes.txt")

    (out / f"{NGO}.csv").write_text("old")
    write(house, out, overwrite=True)
    assert (out / "notes.txt").read_text() == "mine"
    assert (out / f"{NGO}.csv").read_text() != "old"
    assert not list(out.glob("*.part"))


@pytest.mark.parametrize(
    ("typed", "is_read_as"),
    [("2026", "2026"), ("2026-Q3", "2026-Q3"), ("2026-3", "2026-Q3"), ("2026q3", "2026-Q3"),
     ("ALL", "all"), (" all ", "all"), ("۲۰۲۶-Q۳", "2026-Q3")],
)  # fmt: skip
def test_a_period_is_read_as_people_type_it(typed: str, is_read_as: str) -> None:
    assert str(read_period(typed)) == is_read_as


@pytest.mark.parametrize("typed", ["", "26", "2026-Q5", "2026-09-01", "last year", "../2026"])
def test_another_period_is_refused_with_what_can_be_typed(typed: str) -> None:
    with pytest.raises(Stop) as stopped:
        read_period(typed)
    assert str(stopped.value).endswith(
        "is no period. Say a year (--period 2026), a quarter (--period 2026-Q3) or --period all."
    )


def test_a_period_without_workshops_is_one_sentence(tmp_path: Path, sqlite_template: Path) -> None:
    place = {"TAFAWUT_DATA_DIR": str(tmp_path / "data"), "TAFAWUT_DATABASE_URL": ""}
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "tafawut.sqlite3").write_bytes(sqlite_template.read_bytes())
    done = run_app(["report", "--period", "2026", "--out", str(tmp_path / "out")], place)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == ("Say whose reports. Use --organisation with one of these: none yet.\n")
    assert not (tmp_path / "out").exists()
