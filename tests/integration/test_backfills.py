"""What a migration fills in from older rows is what the program would have written."""

from dataclasses import replace
from typing import Any

from app.accounts import service as accounts
from app.accounts.schemas import StaffPerson
from app.adapters.migrating import move_schema
from app.reports.document import ReportDocument
from app.reports.keeping import keep_documents
from app.reports.pooled import NO_PROGRAMME
from app.web.house import House
from tests.fixtures.documents import a_document
from tests.fixtures.everything import read_tables


def test_0026_reads_from_kept_reports_what_they_are_about(
    house: House, amal: StaffPerson, basma: StaffPerson
) -> None:
    """A programme of this name stands in two organisations; each report finds its own."""
    url = house.settings.database
    with house.unit(writes=True) as work:
        own, foreign = (
            accounts.create_programme(
                work, organisation_id=each.organisation_id, name="Donor one"
            ).id
            for each in (amal, basma)
        )
        told = {
            "own": _keep(work, amal, own, country="PK", programme="Donor one"),
            "foreign": _keep(work, basma, foreign, country="IR", programme="Donor one"),
            "without one": _keep(work, amal, NO_PROGRAMME, country="BD", programme=""),
            "several": _keep(work, amal, None, country="PK", programme=None),
            "no name any more": _keep(work, amal, own, country="PK", programme="Donor zero"),
            "about nothing": _keep(work, amal, None),
        }
    before = _about(house)
    move_schema(url, to="0025", drops_rows=True)
    move_schema(url, to="head", drops_rows=False)

    after = _about(house)
    assert after.pop(told["no name any more"]) == ("PK", None)
    assert before.pop(told["no name any more"]) == ("PK", own)
    assert after == before
    assert {name: after.get(kept_id) for name, kept_id in told.items()} == {
        "own": ("PK", own),
        "foreign": ("IR", foreign),
        "without one": ("BD", "none"),
        "several": ("PK", None),
        "no name any more": None,
        "about nothing": (None, None),
    }


def _keep(work: Any, by: StaffPerson, programme_id: str | None, **about: str | None) -> str:
    documents = [_about_this(a_document(language), about) for language in ("ur", "en")]
    return keep_documents(work, documents, by=by, programme_id=programme_id)


def _about_this(document: ReportDocument, about: dict[str, Any]) -> ReportDocument:
    assert document.scope is not None
    return replace(document, scope=replace(document.scope, **about) if about else None)


def _about(house: House) -> dict[str, tuple[str | None, str | None]]:
    found = {row[0]: row[-2:] for row in read_tables(house.engine)["kept_reports"]}
    house.engine.dispose()  # the schema is about to change under it
    return found
