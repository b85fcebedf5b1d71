"""Every refusal as an answer: one catalogue, as problem+json or as a page with the way out."""

from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from app.adapters.db import DatabaseError, is_disk_full, is_unavailable
from app.adapters.logs import log_problem
from app.adapters.randomness import new_id
from app.core import errors
from app.core.errors import CATALOGUE, Refusal

STATUS: dict[str, int] = {
    "not_found": 404,
    "sign_in_needed": 401,
    "not_allowed": 403,
    "laptop_only": 403,
    "loan_spent": 410,
    "form_expired": 403,
    "foreign_origin": 403,
    "wrong_sign_in": 401,
    "too_many_tries": 429,
    "second_code_wrong": 401,
    "second_step_needed": 403,
    "proof_needed": 403,
    "token_too_narrow": 403,
    "indicator_token_needed": 401,
    "token_in_address": 422,
    "token_used_too_often": 429,
    "one_time_link_spent": 410,
    "weak_password": 422,
    "join_code_unknown": 404,
    "code_mistyped": 422,
    "card_unknown": 404,
    "card_erased": 410,
    "kept_for_card_alone": 403,
    "erasure_unconfirmed": 422,
    "card_waiting": 403,
    "no_number_free": 429,
    "consent_missing": 403,
    "administration_not_open": 409,
    "administration_closed": 409,
    "occasion_out_of_order": 409,
    "sitting_closed": 409,
    "sitting_gone": 410,
    "operation_conflict": 409,
    "operations_missing": 409,
    "item_unknown": 422,
    "option_unknown": 422,
    "response_malformed": 422,
    "nothing_answered": 422,
    "questionnaire_ticket_spent": 409,
    "ballot_closed": 409,
    "questionnaire_closed": 409,
    "form_unknown": 409,
    "form_not_reviewed": 409,
    "form_retired": 409,
    "correction_refused": 422,
    "form_offered": 409,
    "bank_broken": 422,
    "bank_not_mended": 422,
    "bank_refused": 422,
    "workshop_not_editable": 409,
    "test_still_open": 409,
    "workshop_dates_wrong": 422,
    "value_refused": 422,
    "name_refused": 422,
    "list_refused": 422,
    "scores_refused": 422,
    "rows_refused": 422,
    "logo_refused": 422,
    "name_missing": 422,
    "not_attended": 409,
    "certificate_revoked": 409,
    "key_destroyed": 410,
    "not_yet_released": 409,
    "rescue_group_wrong": 422,
    "rescue_unfinished": 422,
    "rescue_wrong": 422,
    "rescue_foreign": 409,
    "sheet_wrong": 422,
    "sheet_refused": 409,
    "body_too_large": 413,
    "method_not_allowed": 405,
    "request_malformed": 422,
    "database_unavailable": 503,
    "disk_full": 507,
    "schema_outdated": 503,
    "unexpected": 500,
}

_BY_HTTP_STATUS: dict[int, type[Refusal]] = {
    401: errors.SignInNeeded,
    403: errors.NotAllowed,
    404: errors.NotFound,
    405: errors.MethodNotAllowed,
    413: errors.BodyTooLarge,
}


class ShowAgain(Exception):
    """Ends the transaction without writing and shows a prepared answer."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def install(app: FastAPI) -> None:
    """Make every error of the application an answer of the catalogue."""
    app.add_exception_handler(ShowAgain, _show_again)
    app.add_exception_handler(Refusal, _refuse)
    app.add_exception_handler(RequestValidationError, _refuse_malformed)
    app.add_exception_handler(HTTPException, _refuse_http)
    app.add_exception_handler(DatabaseError, _refuse_database)


def status_of(refusal: Refusal) -> int:
    """The HTTP status that belongs to a refusal."""
    return STATUS[refusal.code]


def problem(refusal: Refusal, **extra: Any) -> JSONResponse:
    """problem+json (RFC 9457): code, title, the next step, and the refusal's own facts."""
    body = {
        "type": f"/api/v1/problems/{refusal.code}",
        "status": status_of(refusal),
        "code": refusal.code,
        "title": refusal.says_with_facts(),
        "next_step": refusal.way_out,
        **{name: fact for name, fact in refusal.facts.items() if _is_plain(fact)},
        **extra,
    }
    return JSONResponse(body, body["status"], _headers(refusal), "application/problem+json")


def answer(request: Request, refusal: Refusal, reference: str | None = None) -> Response:
    """The refusal as this client reads it: problem+json under /api, else a page."""
    if request.url.path.startswith("/api/"):
        return problem(refusal, **({"reference": reference} if reference else {}))
    if isinstance(refusal, errors.SignInNeeded) and not request.url.path.startswith("/my"):
        return RedirectResponse(f"/sign-in?next={_back(request)}", 303)
    if refusal.code == "second_step_needed":
        return RedirectResponse("/staff/sign-in", 303)
    if refusal.code == "proof_needed":
        is_own = request.url.path.startswith("/staff/sign-in/")
        back = _back(request, "/staff/sign-in" if is_own else "/staff")
        return RedirectResponse(f"/staff/again?next={back}", 303)
    show: Any = request.app.state.show_error
    response: Response = show(request, refusal, status_of(refusal), reference)
    response.headers.update(_headers(refusal))
    return response


def _back(request: Request, after_form: str = "/staff") -> str:
    """Where the reader wanted to go, its choice included, as the value of another address."""
    if request.method != "GET":
        return after_form
    asked = request.url.query
    return quote(request.url.path + (f"?{asked}" if asked else ""))


def answer_unexpected(request: Request, error: Exception) -> Response:
    """The last resort: a reference for the log, nothing of the error itself for the reader."""
    reference = new_id()[:8]
    log_problem("unexpected", error=error, reference=reference)
    return answer(request, errors.Unexpected(reference=reference), reference)


def answer_failure(request: Request, error: Exception) -> Response:
    """The last resort for what no route has caught: the save lane knows no handlers."""
    if isinstance(error, DatabaseError):
        return _answer_database(request, error)
    return answer_unexpected(request, error)


def _headers(refusal: Refusal) -> dict[str, str]:
    if refusal.code in _OWN_HEADERS:
        return _OWN_HEADERS[refusal.code]
    return {"Retry-After": "30"} if status_of(refusal) in (429, 503, 507) else {}


_OWN_HEADERS: dict[str, dict[str, str]] = {
    "sign_in_needed": {"WWW-Authenticate": "Bearer"},
    # Spreadsheets ask for a password when they read this.
    "indicator_token_needed": {"WWW-Authenticate": 'Basic realm="indicators", Bearer'},
    "token_used_too_often": {"Retry-After": "600"},
}


def _is_plain(fact: object) -> bool:
    if isinstance(fact, list | tuple):
        return all(isinstance(each, str | int) for each in fact)
    return isinstance(fact, str | int | bool)


async def _show_again(_request: Request, error: Exception) -> Response:
    if not isinstance(error, ShowAgain):
        raise error
    return error.response


async def _refuse(request: Request, error: Exception) -> Response:
    if not isinstance(error, Refusal):
        raise error
    return answer(request, error)


async def _refuse_malformed(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    places = [".".join(str(part) for part in each["loc"]) for each in error.errors()]
    messages = [str(each["msg"]) for each in error.errors()]
    return answer(request, errors.RequestMalformed(fields=places, messages=messages))


async def _refuse_http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    kind = _BY_HTTP_STATUS.get(error.status_code, errors.RequestMalformed)
    response = answer(request, kind())
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    if error.status_code == 405 and (methods := request.app.state.methods_at(request.url.path)):
        response.headers["Allow"] = ", ".join(methods)
    return response


async def _refuse_database(request: Request, error: Exception) -> Response:
    return _answer_database(request, error)


def _answer_database(request: Request, error: Exception) -> Response:
    if is_disk_full(error):
        request.app.state.house.disk.tell_full()
        return answer(request, errors.DiskFull())
    if is_unavailable(error):
        log_problem("database_unavailable", kind=type(error).__name__)
        return answer(request, errors.DatabaseUnavailable())
    return answer_unexpected(request, error)


assert set(STATUS) == set(CATALOGUE), "every refusal needs its HTTP status"  # noqa: S101
