"""Routers of pages: what every page of one kind asks for stands here once."""

from collections.abc import Callable

from fastapi import APIRouter, Depends

from app.web.bank_uploads import MOST_BODY as MOST_BANK_BODY
from app.web.bank_uploads import take_page_bank
from app.web.deps import check_csrf, check_origin, keep_sign_in
from app.web.uploads import MOST_BODY, take_page_list, take_page_picture, take_page_scores


def public_pages(prefix: str = "") -> APIRouter:
    """Pages for anybody and for participants: a form must come from our own origin."""
    return APIRouter(prefix=prefix, include_in_schema=False, dependencies=[Depends(check_origin)])


def staff_pages(prefix: str = "") -> APIRouter:
    """Pages of signed-in staff: own origin, the form's token, and a sign-in that is kept alive."""
    return APIRouter(
        prefix=prefix,
        include_in_schema=False,
        dependencies=[Depends(check_origin), Depends(check_csrf), Depends(keep_sign_in)],
    )


def list_pages(prefix: str) -> APIRouter:
    """Staff pages whose forms bring a list of people."""
    return _bringing(prefix, take_page_list, MOST_BODY)


def score_pages(prefix: str) -> APIRouter:
    """Evaluators' pages whose forms bring a table of scores."""
    return _bringing(prefix, take_page_scores, MOST_BODY)


def bank_pages(prefix: str) -> APIRouter:
    """The admin's pages whose forms bring a bank."""
    return _bringing(prefix, take_page_bank, MOST_BANK_BODY)


def picture_pages(prefix: str) -> APIRouter:
    """The admin's pages whose forms bring a picture."""
    return _bringing(prefix, take_page_picture, MOST_BODY)


def _bringing(prefix: str, take: Callable[..., object], most: int) -> APIRouter:
    """Staff pages with a file, taken before anything is held; `take` checks the form's token."""
    return APIRouter(
        prefix=prefix,
        include_in_schema=False,
        max_body_size=most,
        dependencies=[Depends(check_origin), Depends(take), Depends(keep_sign_in)],
    )
