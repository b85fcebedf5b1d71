"""The admin's page of the audit log: who saw names, downloaded, reopened; in words, and a file."""

from typing import Any

from fastapi import Response

from app.accounts import log
from app.accounts import service as accounts
from app.accounts.schemas import LogWanted
from app.core.errors import ValueRefused
from app.web.deps import AuditedWork, OpenWork, PageAdmin
from app.web.event_words import DEEDS, FACTS, GROUPS, KINDS
from app.web.files import CSV_TYPE, name_file
from app.web.log import AskedLog, LogAsked, export_lines, read_lines
from app.web.proof import FreshProof
from app.web.routers import staff_pages
from app.web.view import ReaderView

router = staff_pages("/admin")


@router.get("/log")
def show_log(view: ReaderView, work: OpenWork, admin: PageAdmin, asked: AskedLog) -> Response:
    """The latest lines first, fifty a page."""
    try:
        page = _page(work, admin, asked, asked.wanted())
    except ValueRefused as refusal:
        page = _page(work, admin, asked, LogWanted())
        view.show_again("admin/log.html", refusal, **page)
    return view.show("admin/log.html", error=None, **page)


@router.get("/log.csv", dependencies=[FreshProof])
def download_log(
    view: ReaderView, work: AuditedWork, admin: PageAdmin, asked: AskedLog
) -> Response:
    """The same lines as a file, which names staff; the download is logged."""
    words = {verb: view.voice.say(said) for verb, said in DEEDS.items()}
    content = log.log_as_csv(export_lines(work, admin, asked.wanted()), words)
    return Response(content, media_type=CSV_TYPE, headers=name_file("tafawut-log.csv"))


def _page(work: OpenWork, admin: PageAdmin, asked: LogAsked, wanted: LogWanted) -> dict[str, Any]:
    found = read_lines(work, admin, wanted)
    return {
        "lines": found.lines,
        "older": asked.query(before=found.older) if found.older else "",
        "asked": asked,
        "query": asked.query(),
        "people": accounts.find_staff(work, admin.organisation_id),
        "groups": GROUPS,
        "deeds": DEEDS,
        "kinds": KINDS,
        "fact_words": FACTS,
    }
