"""Routers of pages: what every page of one kind asks for stands here once."""

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
    """Staff pages whose forms bring a list of people: larger, and read before anything is held."""
    return APIRouter(
        prefix=prefix,
        include_in_schema=False,
        max_body_size=MOST_BODY,
        dependencies=[Depends(check_origin), Depends(take_page_list), Depends(keep_sign_in)],
    )


def score_pages(prefix: str) -> APIRouter:
    """Evaluators' pages whose forms bring a table of scores."""
    return APIRouter(
        prefix=prefix,
        include_in_schema=False,
        max_body_size=MOST_BODY,
        dependencies=[Depends(check_origin), Depends(take_page_scores), Depends(keep_sign_in)],
    )


def bank_pages(prefix: str) -> APIRouter:
    """The admin's pages whose forms bring a bank."""
    return APIRouter(
        prefix=prefix,
        include_in_schema=False,
        max_body_size=MOST_BANK_BODY,
        dependencies=[Depends(check_origin), Depends(take_page_bank), Depends(keep_sign_in)],
    )


def picture_pages(prefix: str) -> APIRouter:
    """The admin's pages whose forms bring a picture."""
    return APIRouter(
        prefix=prefix,
        include_in_schema=False,
        max_body_size=MOST_BODY,
        dependencies=[Depends(check_origin), Depends(take_page_picture), Depends(keep_sign_in)],
    )
