"""API: the audit log of the admin's organisation."""

from fastapi import APIRouter

from app.web.api.problems import PROBLEMS
from app.web.api.wire_accounts import ToldLog
from app.web.deps import ApiAdmin, OpenWork
from app.web.log import AskedLog, read_lines

router = APIRouter(responses=PROBLEMS, tags=["staff"])


@router.get("/audit-log", operation_id="read_audit_log")
def read_audit_log(work: OpenWork, admin: ApiAdmin, asked: AskedLog) -> ToldLog:
    """Who did what, the latest first; `older` is the `before` of the next page."""
    return ToldLog.of(read_lines(work, admin, asked.wanted()))
